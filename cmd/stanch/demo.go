package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"stanch/configs"
)

//go:embed demo.toml
var demoRules []byte

// loopback lets the system choose a free port that nobody outside can reach.
const loopback = "127.0.0.1:0"

// demo runs the sample site with stanch before it, all on loopback.
func demo(t terminal, flags *flag.FlagSet, args []string) int {
	playOnly := flags.Bool("check", false, "play the whole tour, a line per scene, and end")
	if code, ok := parse(t, flags, args); !ok {
		return code
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	stage, err := newDemoStage(io.Discard)
	if err != nil {
		t.failConfig(err)
		return exitUsage
	}
	defer stage.service.close()
	ended := make(chan error, 1)
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { ended <- stage.run(running) }()
	if *playOnly {
		code := stage.play(t)
		cancel()
		<-ended
		return code
	}
	stage.invite(t.out)
	if err := <-ended; err != nil && ctx.Err() == nil {
		t.fail(err, "")
		return exitNo
	}
	return exitFine
}

// A demoStage is the site, stanch, and the listeners of both.
type demoStage struct {
	service           *service
	app               *http.Server
	site, data, admin net.Listener
}

func newDemoStage(audit io.Writer) (*demoStage, error) {
	config, err := configs.Parse("demo.toml", demoRules)
	if err != nil {
		return nil, err
	}
	d := &demoStage{app: &http.Server{Handler: newDemoSite(), ReadHeaderTimeout: 10 * time.Second}}
	for _, l := range []*net.Listener{&d.site, &d.data, &d.admin} {
		if *l, err = net.Listen("tcp", loopback); err != nil {
			return nil, err
		}
	}
	if err := config.Server.Override("", "http://"+d.site.Addr().String(), ""); err != nil {
		return nil, err
	}
	config.Audit.File = "stdout"
	d.service, err = newService(config, serviceOutputs{log: slog.New(slog.DiscardHandler), audit: audit})
	return d, err
}

// run serves until ctx ends.
func (d *demoStage) run(ctx context.Context) error {
	go d.app.Serve(d.site)
	defer d.app.Close()
	return d.service.run(ctx, d.data, d.admin)
}

// invite prints the addresses and the tour.
func (d *demoStage) invite(w io.Writer) {
	base := "http://" + d.data.Addr().String()
	fmt.Fprintf(w, "A sample site that leaks, with stanch before it:\n\n  through stanch  %s/\n  past it         http://%s/\n  metrics         http://%s/metrics\n\nThings to try:\n",
		base, d.site.Addr(), d.admin.Addr())
	for i, s := range tour() {
		fmt.Fprintf(w, "%3d. %s\n", i+1, s.title)
		if s.try != "" {
			fmt.Fprintf(w, "     curl -si --compressed %s%s\n", base, s.try)
		}
	}
	fmt.Fprintln(w, "\nstanch demo --check plays all of it. Ctrl-C ends.")
}

// play goes through the tour and prints a line per scene.
func (d *demoStage) play(t terminal) int {
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	v := &visitor{client: &http.Client{Transport: transport, Timeout: 30 * time.Second},
		site: "http://" + d.data.Addr().String(), direct: "http://" + d.site.Addr().String(), admin: "http://" + d.admin.Addr().String()}
	code := exitFine
	for i, s := range tour() {
		said, err := s.play(v)
		if err != nil {
			code = exitNo
			fmt.Fprintf(t.out, "%2d. FAILED  %s: %v\n", i+1, s.title, err)
			continue
		}
		fmt.Fprintf(t.out, "%2d. ok      %s: %s\n", i+1, s.title, said)
	}
	return code
}
