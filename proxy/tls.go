package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
)

// modernSuites are the suites of TLS 1.2 that HTTP/2 allows (RFC 9113, appendix A forbids the others). TLS 1.3 has no others.
var modernSuites = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// ServerTLS is what Options.TLS may return: HTTP/2 and HTTP/1.1 by ALPN, with a certificate, from a least version (tls.VersionTLS12 or later) on.
// With authorities every client needs a certificate of one of them; nil asks for none.
func ServerTLS(certificate tls.Certificate, authorities *x509.CertPool, least uint16) *tls.Config {
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: max(least, tls.VersionTLS12), CipherSuites: modernSuites,
		NextProtos: []string{"h2", "http/1.1"}}
	if authorities != nil {
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, authorities
	}
	return config
}

type tlsKey struct{}

// noteTLS keeps a connection's TLS where tlsState finds it: net/http sees a connection whose bytes have been checked, and not what lies below.
func noteTLS(ctx context.Context, conn net.Conn) context.Context {
	if checked, ok := conn.(*checkedConn); ok {
		if encrypted, ok := checked.Conn.(*tls.Conn); ok {
			return context.WithValue(ctx, tlsKey{}, encrypted)
		}
	}
	return ctx
}

// tlsState is that of the connection a request came on; nil means it was not encrypted.
func tlsState(ctx context.Context) *tls.ConnectionState {
	if encrypted, ok := ctx.Value(tlsKey{}).(*tls.Conn); ok {
		state := encrypted.ConnectionState()
		return &state
	}
	return nil
}
