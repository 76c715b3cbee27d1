package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"time"
)

// Limits of the connections to the application.
const (
	dialTimeout     = 5 * time.Second
	handshakeLimit  = 5 * time.Second
	continueWait    = time.Second // for "100 Continue", before the body is sent without it
	idleConnections = 256
	idleConnTimeout = time.Minute
	maxResponseHead = 256 << 10        // bytes, with all 1xx heads
	upstreamStream  = 256 << 10        // bytes of an answer over HTTP/2 that are taken before its client does
	pingAfter       = 30 * time.Second // of silence, an HTTP/2 connection is asked whether it lives
	upstreamBuffer  = 16 << 10         // bytes read at once: a head and a small page come in one piece
)

// newTransport returns the transport to the application. It takes no proxy from the environment and decodes nothing by itself.
func newTransport(o *Options) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    handshakeLimit,
		ResponseHeaderTimeout:  o.HeadTimeout,
		ExpectContinueTimeout:  continueWait,
		MaxIdleConns:           idleConnections,
		MaxIdleConnsPerHost:    idleConnections,
		IdleConnTimeout:        idleConnTimeout,
		MaxResponseHeaderBytes: maxResponseHead,
		ReadBufferSize:         upstreamBuffer,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
	}
	t.HTTP2 = &http.HTTP2Config{MaxReceiveBufferPerStream: upstreamStream, SendPingTimeout: pingAfter}
	switch o.Upstream.Scheme {
	case "https":
		t.TLSClientConfig = &tls.Config{RootCAs: o.UpstreamCAs, MinVersion: tls.VersionTLS12}
	case "h2c":
		t.Protocols = new(http.Protocols)
		t.Protocols.SetUnencryptedHTTP2(true)
	case "unix":
		socket := o.Upstream.Path
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", socket)
		}
	}
	return t
}

// failureOf sorts what went wrong between the proxy and the application, and says which status tells the client.
func failureOf(ctx context.Context, err error) (failure string, status int) {
	var timeout net.Error
	switch {
	case errors.Is(context.Cause(ctx), errUpstreamIdle), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return failureTimeout, http.StatusGatewayTimeout
	case ctx.Err() != nil:
		return failureClient, http.StatusBadGateway // nobody is there to read it
	case errors.As(err, &timeout) && timeout.Timeout():
		return failureTimeout, http.StatusGatewayTimeout
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return failureUnreachable, http.StatusBadGateway
	}
	return failureAborted, http.StatusBadGateway
}

// panicPlace is where the panic being recovered began: file and line of the nearest function of this program above the runtime's.
func panicPlace() string {
	var callers [32]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers[:])])
	panicked := false
	for {
		frame, more := frames.Next()
		if frame.Function == "runtime.gopanic" {
			panicked = true
		} else if panicked && !isRuntime(frame.Function) {
			return frame.Function + ":" + strconv.Itoa(frame.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

func isRuntime(function string) bool { return len(function) > 8 && function[:8] == "runtime." }
