package proxy

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits of the connections from clients.
const (
	requestHeadTimeout = 10 * time.Second
	idleTimeout        = 2 * time.Minute
	maxRequestHead     = 64 << 10  // bytes
	maxStreams         = 128       // HTTP/2 streams of one connection at a time
	streamBuffer       = 256 << 10 // bytes of a request's body that HTTP/2 takes before the application does
	headerTable        = 4 << 10   // bytes of headers that HTTP/2 remembers for a client
	frameSize          = 16 << 10  // bytes of the largest HTTP/2 frame
)

// Serve answers HTTP/1.1 and HTTP/2, with TLS where Options.TLS says so, on a listener until ctx is cancelled. Then it accepts no more, lets the answers in flight end within
// Options.Drain, and returns nil, or an error when some had to be cut. It takes over the output of the log package, through which net/http
// prints bytes of peers.
func (p *Proxy) Serve(ctx context.Context, listener net.Listener) error {
	return p.serve(ctx, checkedListener{listener, p.options.TLS, &p.connected, newParkingLot(listener.Addr())})
}

func (p *Proxy) serve(ctx context.Context, listener checkedListener) error {
	quietLog(p.options.Log)
	server := p.server()
	defer p.transport.CloseIdleConnections()
	watched, unwatch := context.WithCancel(context.WithoutCancel(ctx))
	defer unwatch()
	go p.watchdog.run(watched)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer listener.lot.Close()
	go server.Serve(listener.lot) // until the lot is closed
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.options.Drain)
	defer cancel()
	err := server.Shutdown(drain)
	if err != nil {
		server.Close()
	}
	if served := <-served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

func (p *Proxy) server() *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:           p,
		ReadHeaderTimeout: requestHeadTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxRequestHead,
		Protocols:         protocols,
		HTTP2: &http.HTTP2Config{MaxConcurrentStreams: maxStreams, MaxReceiveBufferPerStream: streamBuffer,
			MaxDecoderHeaderTableSize: headerTable, MaxReadFrameSize: frameSize},
		ConnContext: noteConnection,
		ConnState:   noteRest,
		// "OPTIONS *" is for the application to answer.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     log.New(peerless{p.options.Log}, "", 0),
	}
}

// quietLog leads the output of the log package to where it cannot quote a peer.
func quietLog(to *slog.Logger) {
	log.SetFlags(0)
	log.SetOutput(peerless{to})
}

// peerless notes that net/http had something to say. It drops the text, which quotes bytes of peers.
type peerless struct{ log *slog.Logger }

func (w peerless) Write(p []byte) (int, error) {
	w.log.Debug("net/http reported a problem with a connection")
	return len(p), nil
}
