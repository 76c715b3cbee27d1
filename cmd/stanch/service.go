package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"stanch/configs"
	"stanch/metrics"
	"stanch/metrics/audit"
	"stanch/proxy"
	"stanch/rules"
	"stanch/rules/budget"
	"stanch/rules/inspect"
)

// adminTimeout bounds a request to the admin port, and its drain.
const adminTimeout = 10 * time.Second

// filesOfAConnection are those that serving a client may take: its connection, and one to the application or a spool.
const filesOfAConnection = 2

// serviceOutputs are where a service writes.
type serviceOutputs struct {
	log   *slog.Logger
	audit io.Writer // for events that go to "stdout"
}

// A service is a proxy with its rules, its metrics and its audit trail. The rules can be replaced while it runs.
type service struct {
	config    *configs.Config // as it was at the start; a reload replaces rules only
	log       *slog.Logger
	rules     atomic.Pointer[proxy.Rules]
	detectors compiled // for apply alone
	budgets   *budget.Memory
	registry  *prometheus.Registry
	metrics   *metrics.Metrics
	audit     *audit.Log    // nil when there are no events
	keys      *certificates // nil without TLS
	proxy     *proxy.Proxy
	draining  atomic.Bool
}

func newService(config *configs.Config, outputs serviceOutputs) (*service, error) {
	s := &service{config: config, log: outputs.log, budgets: budget.NewMemory(budget.Limits{}), registry: prometheus.NewRegistry()}
	if err := s.openAudit(outputs.audit); err != nil {
		return nil, err
	}
	var err error
	options := metrics.Options{Version: buildVersion(), Revision: buildCommit(), InFlight: func() int64 { return s.proxy.InFlight() }}
	if s.audit != nil {
		options.Audit = s.audit
	}
	if s.metrics, err = metrics.New(s.registry, options); err != nil {
		return nil, err
	}
	s.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err := s.apply(config); err != nil {
		return nil, err
	}
	if config.Listener.Certificate != "" {
		if s.keys, err = openCertificates(config.Listener); err != nil {
			return nil, err
		}
		s.metrics.SetCertificateExpiry(s.keys.expiry())
	}
	proxyOptions, err := s.proxyOptions()
	if err != nil {
		return nil, err
	}
	s.proxy, err = proxy.New(proxyOptions)
	return s, err
}

// apply makes a configuration's rules those of every exchange that begins from now on.
func (s *service) apply(config *configs.Config) error {
	if err := s.detectors.compile(config); err != nil {
		return err
	}
	engine, err := s.detectors.engine(config, false)
	if err != nil {
		return err
	}
	policy := engine.Policy()
	next := &proxy.Rules{Engine: engine}
	budgets := *policy // with its budgets alone: only they are asked for, at each answer
	budgets.Rules = slices.DeleteFunc(slices.Clone(policy.Rules), func(r rules.Rule) bool { return r.When.Budget == nil })
	if len(budgets.Rules) > 0 {
		next.Budget = func(exchange rules.Exchange) inspect.Allowance {
			route := ""
			if r := policy.RouteOf(exchange.Route); r != nil {
				route = r.Name
			}
			if a := budget.Start(s.budgets, budgets.For(exchange).Budgets(), exchange, route); a != nil {
				return a
			}
			return nil
		}
	}
	s.rules.Store(next)
	var detectors []string
	for _, d := range engine.Detectors() {
		detectors = append(detectors, d.ID)
	}
	s.metrics.SetPolicy(policy, detectors, config.Hash)
	if s.audit != nil {
		s.audit.SetPolicy(config.Hash)
	}
	return nil
}

// proxyOptions says in the proxy's words what the configuration says.
func (s *service) proxyOptions() (proxy.Options, error) {
	server, identity := &s.config.Server, &s.config.Identity
	options := proxy.Options{
		Upstream:       server.Upstream,
		Rules:          func() proxy.Rules { return *s.rules.Load() },
		Observer:       s.observers(),
		Log:            s.log,
		TrustedProxies: server.TrustedProxies,
		BlockStatus:    server.BlockStatus,
		Window:         s.config.Inspect.Window,
		Memory:         s.config.Inspect.Memory,
		Heap:           heapBound(),
		MaxDecoded:     s.config.Inspect.MaxDecoded,
		Concurrency:    server.Concurrency,
		Connections:    server.Connections,
		Hosts:          server.Hosts,
		PlainUpstream:  server.PlainUpstream,
		HeadTimeout:    server.HeadTimeout,
		UpstreamIdle:   server.UpstreamIdle,
		ClientIdle:     server.ClientIdle,
		Drain:          server.Drain,
	}
	if options.Connections == 0 {
		options.Connections = mostOpenFiles() / filesOfAConnection
	}
	if s.config.Audit.Required {
		options.Recording = s.audit.Recording
	}
	for _, source := range identity.From {
		options.Identity = append(options.Identity, source.String())
	}
	for _, source := range identity.SignedIn {
		options.SignedIn = append(options.SignedIn, source.String())
	}
	if s.keys != nil {
		options.TLS = s.keys.current.Load
	}
	if server.UpstreamCA != "" {
		var err error
		if options.UpstreamCAs, err = readAuthorities(server.UpstreamCA); err != nil {
			return options, fmt.Errorf("server.upstream_ca: %w", err)
		}
	}
	if identity.KeyFile != "" {
		key, err := os.ReadFile(identity.KeyFile)
		if err != nil {
			return options, fmt.Errorf("identity.key_file: %w", err)
		}
		options.Key = key
	}
	return options, nil
}

// observers are told of every finished exchange.
func (s *service) observers() metrics.Fanout {
	if s.audit == nil {
		return metrics.Fanout{s.metrics}
	}
	return metrics.Fanout{s.metrics, s.audit}
}

// openAudit begins or goes on with the audit trail, where one is wanted.
func (s *service) openAudit(standard io.Writer) error {
	options := audit.Options{Version: buildVersion(), Required: s.config.Audit.Required, Alarm: func(err error) { s.log.Error("audit", "error", err.Error()) }}
	var err error
	switch name := s.config.Audit.File; name {
	case "":
	case "stdout":
		s.audit = audit.New(standard, options)
	case "stderr":
		s.audit = audit.New(os.Stderr, options)
	default:
		s.audit, err = audit.Open(name, options)
	}
	if err != nil {
		return fmt.Errorf("audit.file: %w", err)
	}
	return nil
}

// watch reloads the rules when the file changes or a hang-up asks for it. Rules that are wrong replace nothing.
func (s *service) watch(ctx context.Context, path string, hangups <-chan os.Signal) {
	refuse := func(err error) {
		s.metrics.Reloaded(err)
		s.log.Error("the rules in force stay: the new configuration is wrong", "error", err.Error())
	}
	take := func(config *configs.Config) {
		if err := s.apply(config); err != nil {
			refuse(err)
			return
		}
		s.metrics.Reloaded(nil)
		s.log.Info("new rules are in force", "hash", config.Hash)
	}
	watcher := configs.NewWatcher(path, s.config, take, refuse)
	if s.keys != nil {
		go s.keys.watch(ctx, s.certificateLoaded)
	}
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangups:
				watcher.Trigger()
				if s.keys != nil {
					s.keys.trigger()
				}
			}
		}
	}()
	watcher.Run(ctx)
}

// certificateLoaded is told of every attempt to take over certificates that changed.
func (s *service) certificateLoaded(err error) {
	s.metrics.CertificateReloaded(s.keys.expiry(), err)
	if err != nil {
		s.log.Error("the certificate in force stays: the new one is wrong", "error", err.Error())
		return
	}
	s.log.Info("a new certificate is in force", "expires", s.keys.expiry())
}

// run serves both ports until ctx ends; the data port drains first, so that metrics and probes answer meanwhile.
func (s *service) run(ctx context.Context, data, admin net.Listener) error {
	server := &http.Server{Handler: s.adminHandler(), ReadHeaderTimeout: adminTimeout, WriteTimeout: adminTimeout, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(admin) }()
	stop := context.AfterFunc(ctx, func() { s.draining.Store(true) })
	defer stop()
	err := s.proxy.Serve(ctx, data)
	closing, cancel := context.WithTimeout(context.Background(), adminTimeout)
	defer cancel()
	server.Shutdown(closing)
	if adminErr := <-ended; err == nil && !errors.Is(adminErr, http.ErrServerClosed) {
		err = adminErr
	}
	return err
}

// close ends the audit trail.
func (s *service) close() {
	if s.audit != nil {
		s.audit.Close()
	}
}
