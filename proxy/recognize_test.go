package proxy

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// counting is an inspection that says what it was written.
type counting struct {
	inspection
	written *int
}

func (c *counting) Write(p []byte) (int, error) {
	*c.written += len(p)
	return c.inspection.Write(p)
}

// TestPagesAreReadOnce asks for each page twice, in a coding and without. What the client gets and the observer is told is the same; the second time
// nothing is read.
func TestPagesAreReadOnce(t *testing.T) {
	pages := map[string]string{"clean": page(20_000), "empty": "", "mail": page(5_000) + "<p>" + word(1) + "@example.org</p>"}
	var written int
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		body := pages[strings.TrimPrefix(r.URL.Path, "/")]
		w.Header().Set("Content-Type", "text/html")
		if coding := r.URL.Query().Get("coding"); coding != "" {
			w.Header().Set("Content-Encoding", coding)
			body = encoded(coding, body)
		}
		io.WriteString(w, body)
	}), func(_ *Options, p *Proxy) {
		if p == nil {
			return
		}
		real := p.inspector
		p.inspector = func(current Rules, x rules.Exchange, body inspect.Body) inspection {
			return &counting{real(current, x, body), &written}
		}
	})
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	for name := range pages {
		for _, coding := range []string{"", "gzip", "br"} {
			var bodies [2]string
			var outcomes [2]rules.Outcome
			var read [2]int
			for i := range 2 {
				written = 0
				response, body, err := get(t, client, w.base+"/"+name+"?coding="+coding, "Accept-Encoding", "gzip, br")
				if err != nil || response.StatusCode != http.StatusOK {
					t.Fatalf("%s %q: %v %v", name, coding, response.Status, err)
				}
				bodies[i], outcomes[i], read[i] = body, w.next(), written
			}
			if want := encodedOrPlain(coding, pages[name]); bodies[0] != want || bodies[1] != want {
				t.Errorf("%s %q: %d and %d bytes came, want %d", name, coding, len(bodies[0]), len(bodies[1]), len(want))
			}
			a, b := outcomes[0], outcomes[1]
			if a.Format != b.Format || a.Status != b.Status || a.BytesRead != b.BytesRead || a.Released != b.Released || a.People != b.People || a.Verdict.Action != b.Verdict.Action {
				t.Errorf("%s %q: observed %+v, then %+v", name, coding, a, b)
			}
			if a.Repeated || b.Repeated != b.Inspected {
				t.Errorf("%s %q: said to be inspected before: %v, then %v", name, coding, a.Repeated, b.Repeated)
			}
			if first, again := read[0] == len(pages[name]), read[1] == 0; !first || !again {
				t.Errorf("%s %q: %d bytes were read, then %d", name, coding, read[0], read[1])
			}
		}
	}
}

func encodedOrPlain(coding, body string) string {
	if coding == "" {
		return body
	}
	return encoded(coding, body)
}
