package proxy

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"stanch/rules"
	"stanch/rules/inspect"
)

// plainHeaders have values of a closed grammar, in which no personal data fits. They are not inspected as long as they are short.
var plainHeaders = []string{"Accept-Ranges", "Age", "Allow", "Cache-Control", "Connection", "Content-Encoding", "Content-Language", "Content-Length",
	"Content-Type", "Date", "Expires", "Last-Modified", "Strict-Transport-Security", "Vary", "X-Content-Type-Options", "X-Frame-Options"}

// maxPlainValue is the longest value of a plain header that goes uninspected.
const maxPlainValue = 64

// inspectFields inspects header or trailer fields together, and drops those with a finding when the verdict is to redact or to block.
func (x *exchange) inspectFields(fields http.Header) {
	var text bytes.Buffer
	for name, values := range fields {
		for _, value := range values {
			if !isPlain(name, value) {
				text.WriteString(name + ": " + value + "\n")
			}
		}
	}
	if text.Len() == 0 {
		return
	}
	verdict, _ := x.inspectText(text.Bytes())
	x.outcome.Verdict = stronger(x.outcome.Verdict, verdict)
	if verdict.Action < rules.Redact {
		return
	}
	for name, values := range fields {
		kept := slices.DeleteFunc(slices.Clone(values), func(value string) bool {
			if isPlain(name, value) {
				return false
			}
			_, found := x.inspectText([]byte(name + ": " + value + "\n"))
			return found
		})
		if len(kept) == 0 {
			delete(fields, name)
		} else {
			fields[name] = kept
		}
	}
}

// inspectText returns the verdict on a text, and whether anything was found in it.
func (x *exchange) inspectText(text []byte) (verdict rules.Verdict, found bool) {
	in := x.proxy.inspector(x.rules, x.outcome.Exchange, inspect.Body{ContentType: "text/plain; charset=utf-8", Length: int64(len(text)), Echo: x.echoed()})
	defer in.Free()
	in.Write(text)
	in.Close()
	verdict = in.Verdict()
	for _, count := range in.Report().Evidence.Counts {
		found = found || count.At(rules.Medium) > 0
	}
	return verdict, found
}

func isPlain(name, value string) bool {
	return len(value) <= maxPlainValue && slices.Contains(plainHeaders, name) && !strings.Contains(value, "@")
}

// trailersPassed are the trailers of gRPC, which come undeclared over HTTP/2.
var trailersPassed = []string{"Grpc-Status", "Grpc-Message"}

// passTrailers leaves in the response those trailers that were declared in its head and the ones of gRPC, once they have been inspected.
// It is called when the body has ended; goproxy sends what is left.
func (x *exchange) passTrailers(response *http.Response) {
	for name := range response.Trailer {
		if !slices.Contains(trailersPassed, name) && !slices.Contains(x.declared, name) {
			delete(response.Trailer, name)
		}
	}
	if x.inspected() {
		x.inspectFields(response.Trailer)
	}
}
