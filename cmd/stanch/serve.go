package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
)

// serve runs the proxy until it is told to end.
func serve(t terminal, flags *flag.FlagSet, args []string) int {
	path := flags.String("config", "", "rule `file`; the built-in rules when there is none")
	listen := flags.String("listen", "", "`address` of the proxy, such as :8080")
	upstream := flags.String("upstream", "", "`URL` of the application, such as http://127.0.0.1:8081")
	admin := flags.String("admin", "", "`address` of metrics and probes, such as 127.0.0.1:9901")
	if code, ok := parse(t, flags, args); !ok {
		return code
	}
	if flags.NArg() > 0 {
		t.fail(fmt.Errorf("serve takes flags only, not %q", flags.Arg(0)), "")
		return exitUsage
	}
	config, err := loadConfig(*path)
	if err == nil {
		err = config.Server.Override(*listen, *upstream, *admin)
	}
	if err != nil {
		t.failConfig(err)
		return exitUsage
	}
	s, err := newService(config, serviceOutputs{log: slog.New(slog.NewJSONHandler(t.err, nil)), audit: t.out})
	if err != nil {
		t.failConfig(err)
		return exitUsage
	}
	defer s.close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return serveUntil(ctx, t, s, *path)
}

// serveUntil listens, says so in one line, and serves until ctx ends and what is in flight has drained.
func serveUntil(ctx context.Context, t terminal, s *service, path string) int {
	data, err := net.Listen("tcp", s.config.Server.Listen)
	if err != nil {
		t.fail(err, "")
		return exitUsage
	}
	admin, err := net.Listen("tcp", s.config.Server.Admin)
	if err != nil {
		data.Close()
		t.fail(err, "")
		return exitUsage
	}
	fmt.Fprintf(t.err, "stanch: ready listen=%s upstream=%s admin=%s\n", data.Addr(), s.config.Server.Upstream, admin.Addr())
	go keepHeap(ctx)
	if path != "" {
		hangups := make(chan os.Signal, 1)
		signal.Notify(hangups, syscall.SIGHUP)
		defer signal.Stop(hangups)
		go s.watch(ctx, path, hangups)
	}
	if err := s.run(ctx, data, admin); err != nil && !errors.Is(err, context.Canceled) {
		t.fail(err, "")
		return exitNo
	}
	return exitFine
}
