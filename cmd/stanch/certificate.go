package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"stanch/configs"
	"stanch/proxy"
)

// The pace at which certificate files are read: as that of the configuration, for the same reasons.
const (
	certificateInterval = 2 * time.Second
	// certificateSettle is how long the files must stand still, so that a certificate is not taken with the key of another.
	certificateSettle = 200 * time.Millisecond
)

// certificates are the TLS configuration of the listener, read anew when its files change. Connections keep the one they began with.
type certificates struct {
	files   configs.Listener
	current atomic.Pointer[tls.Config]
	asked   chan struct{}
	seen    [sha256.Size]byte // of the files that were taken or refused last
}

// openCertificates reads the files. The error says which one is wrong, and nothing of what is in it.
func openCertificates(files configs.Listener) (*certificates, error) {
	c := &certificates{files: files, asked: make(chan struct{}, 1)}
	c.seen = c.hash()
	config, err := c.load(time.Now())
	if err != nil {
		return nil, err
	}
	c.current.Store(config)
	return c, nil
}

// load makes a configuration of the files as they are. A certificate that is not valid now is refused: no client would take it.
func (c *certificates) load(now time.Time) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(c.files.Certificate, c.files.Key)
	if err != nil {
		return nil, fmt.Errorf("listener.certificate and listener.key: %w", err)
	}
	if now.After(pair.Leaf.NotAfter) || now.Before(pair.Leaf.NotBefore) {
		return nil, fmt.Errorf("listener.certificate: it is valid from %s to %s only", pair.Leaf.NotBefore.Format(time.RFC3339), pair.Leaf.NotAfter.Format(time.RFC3339))
	}
	var authorities *x509.CertPool
	if c.files.ClientCA != "" {
		if authorities, err = readAuthorities(c.files.ClientCA); err != nil {
			return nil, fmt.Errorf("listener.client_ca: %w", err)
		}
	}
	return proxy.ServerTLS(pair, authorities, c.files.MinVersion), nil
}

// readAuthorities reads a PEM file of certificates.
func readAuthorities(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New(path + " holds no certificate in PEM")
	}
	return pool, nil
}

// expiry is when the certificate in force ends.
func (c *certificates) expiry() time.Time { return c.current.Load().Certificates[0].Leaf.NotAfter }

// hash is that of what the files hold. A file that cannot be read counts as empty.
func (c *certificates) hash() [sha256.Size]byte {
	var all bytes.Buffer
	for _, path := range []string{c.files.Certificate, c.files.Key, c.files.ClientCA} {
		text, _ := os.ReadFile(path)
		sum := sha256.Sum256(text)
		all.Write(sum[:])
	}
	return sha256.Sum256(all.Bytes())
}

// trigger has the files read now, even if they are those that were refused last. It never blocks.
func (c *certificates) trigger() {
	select {
	case c.asked <- struct{}{}:
	default:
	}
}

// watch takes over files that change, until ctx ends; loaded is told of each attempt. What is wrong is told of once, and replaces nothing.
func (c *certificates) watch(ctx context.Context, loaded func(error)) {
	ticker := time.NewTicker(certificateInterval)
	defer ticker.Stop()
	refused := false
	for {
		asked := false
		select {
		case <-ctx.Done():
			return
		case <-c.asked:
			asked = true
		case <-ticker.C:
		}
		found := c.hash()
		if found == c.seen && !(asked && refused) {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(certificateSettle):
		}
		if c.hash() != found {
			c.trigger()
			continue
		}
		config, err := c.load(time.Now())
		if c.seen, refused = found, err != nil; !refused {
			c.current.Store(config)
		}
		loaded(err)
	}
}
