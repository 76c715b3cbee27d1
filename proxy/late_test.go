package proxy

import (
	"io"
	"net/http"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// lateVerdict is an inspection that clears every byte at once and blocks when the body has ended.
type lateVerdict struct {
	inspection
	pending []byte
	written int64
	closed  bool
}

func (l *lateVerdict) Write(p []byte) (int, error) {
	l.pending = append(l.pending, p...)
	l.written += int64(len(p))
	return len(p), nil
}

func (l *lateVerdict) Close() error   { l.closed = true; return nil }
func (l *lateVerdict) Cleared() int64 { return l.written }
func (l *lateVerdict) Changed() bool  { return false }

func (l *lateVerdict) Release(w io.Writer) (int64, error) {
	n, err := w.Write(l.pending)
	l.pending = l.pending[:0]
	return int64(n), err
}

func (l *lateVerdict) Verdict() rules.Verdict {
	if l.closed {
		return rules.Verdict{Action: rules.Block, Rules: []string{"late"}}
	}
	return rules.Verdict{}
}

// TestEndOfDeclaredLengthIsHeldUntilTheLastVerdict: once the declared length is there, a client cannot see a cut.
func TestEndOfDeclaredLengthIsHeldUntilTheLastVerdict(t *testing.T) {
	plain := noise(300_000)
	w := newWorld(t, application(t, site{map[string]string{"x": plain}, 0}.ServeHTTP), func(_ *Options, p *Proxy) {
		if p == nil {
			return
		}
		real := p.inspector
		p.inspector = func(current Rules, x rules.Exchange, body inspect.Body) inspection {
			return &lateVerdict{inspection: real(current, x, body)}
		}
	})
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			for _, more := range []string{"&length=1", "&length=1&slow=1", ""} {
				_, body, err := get(t, client, w.base+"/?type=text/plain&body=x&coding="+coding+more, "Accept-Encoding", "gzip, br, zstd")
				if whole := len(encoded(coding, plain)); err == nil || len(body) >= whole && more != "" {
					t.Errorf("%q%s: %d bytes of %d and %v", coding, more, len(body), whole, err)
				}
				w.next()
			}
		}
	})
}
