package proxy

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

const (
	// maxEcho is how much of a request body is kept to recognise its values in the answer, in bytes.
	maxEcho = 64 << 10
	// maxEchoValues bounds the values that one exchange compares with.
	maxEchoValues = 256
	// minEchoValue is the shortest value worth comparing: no identifier is shorter.
	minEchoValue = 5
)

// An echo keeps the start of a form's or JSON request body while it goes by. The transport writes it, the answer's goroutine reads it.
type echo struct {
	mu   sync.Mutex
	kind string // "form", "json", or "" when nothing is kept
	kept []byte
}

func newEcho(r *http.Request) *echo {
	e := &echo{}
	media, _, _ := strings.Cut(strings.ToLower(r.Header.Get("Content-Type")), ";")
	switch media = strings.TrimSpace(media); {
	case r.Header.Get("Content-Encoding") != "":
	case media == "application/x-www-form-urlencoded":
		e.kind = "form"
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		e.kind = "json"
	}
	return e
}

func (e *echo) add(p []byte) {
	if e.kind == "" || len(p) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept = append(e.kept, p[:min(len(p), maxEcho-len(e.kept))]...)
}

// echoed returns the values that came in with the request: they are no finding in its own answer.
func (x *exchange) echoed() [][]byte {
	var values [][]byte
	if query := x.request.URL.RawQuery; query != "" {
		values = addForm(values, query)
	}
	if x.echo == nil {
		return values
	}
	x.echo.mu.Lock()
	defer x.echo.mu.Unlock()
	switch x.echo.kind {
	case "form":
		values = addForm(values, string(x.echo.kept))
	case "json":
		values = addJSON(values, x.echo.kept)
	}
	return values
}

func addForm(values [][]byte, form string) [][]byte {
	form = form[:min(len(form), maxEcho)]
	for pair := range strings.SplitSeq(form, "&") {
		_, value, _ := strings.Cut(pair, "=")
		if text, err := url.QueryUnescape(value); err == nil {
			values = addValue(values, []byte(text))
		}
	}
	return values
}

// addJSON adds the strings and numbers of a document that may be cut off anywhere.
func addJSON(values [][]byte, document []byte) [][]byte {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	for len(values) < maxEchoValues {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		switch value := token.(type) {
		case string:
			values = addValue(values, []byte(value))
		case json.Number:
			values = addValue(values, []byte(value))
		}
	}
	return values
}

func addValue(values [][]byte, value []byte) [][]byte {
	if len(value) < minEchoValue || len(values) >= maxEchoValues {
		return values
	}
	return append(values, value)
}
