package proxy

import (
	"bytes"
	"maps"
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
	clean := x.proxy.cleanFor(x.rules.Engine)
	var key uint64
	for name, values := range fields {
		for _, value := range values {
			if !isPlain(name, value) {
				key += clean.hash(name, value)
			}
		}
	}
	if key == 0 || clean.has(key) {
		return
	}
	var text bytes.Buffer
	for name, values := range fields {
		for _, value := range values {
			if !isPlain(name, value) {
				text.WriteString(name + ": " + value + "\n")
			}
		}
	}
	echo := x.echoed()
	in := x.inspectText(text.Bytes(), echo, x.budget())
	defer in.Free()
	verdict, evidence := in.Verdict(), in.Report().Evidence
	if len(evidence.Counts) == 0 && len(echo) == 0 && evidence.Status == rules.Complete { // an echo takes findings away
		clean.add(key)
	}
	x.outcome.Verdict = stronger(x.outcome.Verdict, verdict)
	if verdict.Action >= rules.Redact {
		x.dropFields(fields, echo)
	}
}

// dropFields removes each value in which something is found by itself.
func (x *exchange) dropFields(fields http.Header, echo [][]byte) {
	for name, values := range fields {
		kept := slices.DeleteFunc(slices.Clone(values), func(value string) bool {
			return !isPlain(name, value) && x.hasFinding(name+": "+value+"\n", echo)
		})
		if len(kept) == 0 {
			delete(fields, name)
		} else {
			fields[name] = kept
		}
	}
}

// hasFinding reports whether a text holds a finding of medium confidence or more.
func (x *exchange) hasFinding(text string, echo [][]byte) bool {
	in := x.inspectText([]byte(text), echo, nil)
	defer in.Free()
	return slices.ContainsFunc(in.Report().Evidence.Counts, func(c rules.DetectorCount) bool { return c.At(rules.Medium) > 0 })
}

// inspectText returns the finished inspection of a text. The caller frees it. A nil budget adds nobody up over time.
func (x *exchange) inspectText(text []byte, echo [][]byte, budget inspect.Allowance) inspection {
	in := x.proxy.inspector(x.rules, x.outcome.Exchange, inspect.Body{ContentType: "text/plain; charset=utf-8", Length: int64(len(text)), Echo: echo, Budget: budget})
	x.begin()
	in.Write(text)
	in.Close()
	x.done()
	return in
}

func isPlain(name, value string) bool {
	return len(value) <= maxPlainValue && slices.Contains(plainHeaders, name) && !strings.Contains(value, "@")
}

// trailersPassed are the trailers of gRPC, which come undeclared over HTTP/2.
var trailersPassed = []string{"Grpc-Status", "Grpc-Message"}

// passTrailers puts into the response, which holds those trailers that were declared in its head, what the application sent of these and of the ones of gRPC,
// once they have been inspected. It is called when the body has ended; goproxy sends them.
func (x *exchange) passTrailers(response *http.Response) {
	declared := slices.Collect(maps.Keys(response.Trailer))
	for name, values := range x.fetched.Trailer {
		if !slices.Contains(declared, name) && !slices.Contains(trailersPassed, name) {
			continue
		}
		if response.Trailer == nil {
			response.Trailer = make(http.Header)
		}
		response.Trailer[name] = values
	}
	if x.inspected() {
		x.inspectFields(response.Trailer)
	}
	for _, name := range declared {
		if response.Trailer[name] == nil {
			response.Trailer[name] = nil // goproxy tells by their number whether all were declared
		}
	}
}
