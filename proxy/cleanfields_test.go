package proxy

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// TestFieldsAreInspectedOnce checks which sets of fields are inspected again: all but those in which this engine found nothing.
func TestFieldsAreInspectedOnce(t *testing.T) {
	lowly := blocking()
	lowly.Rules[0].When.Confidence = rules.Low
	formats := blocking()
	formats.Rules = append(formats.Rules, rules.Rule{ID: "text", When: rules.Condition{Formats: []rules.Format{rules.CSV}}, Action: rules.Block})
	clean := http.Header{"Server": {"application"}, "Etag": {`"page-1"`}}
	for _, c := range []struct {
		name          string
		policy        *rules.Policy
		target        string
		first, second http.Header
		reload        bool
		want          int // inspections of both
	}{
		{"the same", blocking(), "/", clean, clean, false, 1},
		{"in another order", blocking(), "/", http.Header{"A": {"one", "two"}}, http.Header{"A": {"two", "one"}}, false, 1},
		{"another value", blocking(), "/", clean, http.Header{"Server": {"application"}, "Etag": {`"page-2"`}}, false, 2},
		{"values of other names", blocking(), "/", http.Header{"A": {"one"}, "B": {"two"}}, http.Header{"A": {"two"}, "B": {"one"}}, false, 2},
		{"after a reload", blocking(), "/", clean, clean, true, 2},
		{"with a finding", blocking(), "/", http.Header{"X-Owner": {"ada@example.org"}}, http.Header{"X-Owner": {"ada@example.org"}}, false, 2},
		{"with an echo", blocking(), "/?name=somebody", clean, clean, false, 2},
		{"a rule for low confidence", lowly, "/", clean, clean, false, 2},
		{"a rule for a format", formats, "/", clean, clean, false, 2},
		{"nothing to inspect", blocking(), "/", http.Header{"Vary": {"Accept"}}, http.Header{"Vary": {"Accept"}}, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			engine := newEngine(t, c.policy)
			upstream := &url.URL{Scheme: "http", Host: "site.example"}
			p, err := New(Options{Upstream: upstream, Rules: func() Rules { return Rules{Engine: engine} }})
			if err != nil {
				t.Fatal(err)
			}
			inspections := 0
			p.inspector = func(current Rules, x rules.Exchange, body inspect.Body) inspection {
				inspections++
				return current.Engine.Inspect(x, body)
			}
			for i, fields := range []http.Header{c.first, c.second} {
				if i == 1 && c.reload {
					engine = newEngine(t, c.policy)
				}
				x := p.newExchange(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, c.target, nil))
				x.inspectFields(fields.Clone())
			}
			if inspections != c.want {
				t.Errorf("%d inspections, want %d", inspections, c.want)
			}
		})
	}
}
