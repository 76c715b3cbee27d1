package proxy

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// A blocked client learns that it was blocked and an id to ask with. Both texts have the same length for every block, so that nothing of the rule,
// the counts or the data can be read from them.
const (
	blockProblem = `{"type":"about:blank","title":"Withheld","status":%d,` +
		`"detail":"This response was withheld because it may contain personal data.","incident":"%s"}` + "\n"
	blockPage = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Withheld</title></head><body><h1>Withheld</h1>` +
		`<p>This response was withheld because it may contain personal data.</p><p>Incident %s</p></body></html>` + "\n"
)

// blocked replaces an answer of which nothing has left yet.
func (x *exchange) blocked(r *http.Request) *http.Response {
	status := x.proxy.options.BlockStatus
	contentType, text := "application/problem+json", fmt.Sprintf(blockProblem, status, x.incident())
	if prefersHTML(r.Header.Get("Accept")) {
		contentType, text = "text/html; charset=utf-8", fmt.Sprintf(blockPage, x.incident())
	}
	answer := newAnswer(r, status, contentType, text)
	answer.Header["Cross-Origin-Resource-Policy"] = []string{"same-origin"}
	answer.Header["Content-Security-Policy"] = []string{"default-src 'none'"}
	x.outcome.StatusCode = status
	return answer
}

// failed answers for an application that did not: without its address, or anything it said.
func (x *exchange) failed(r *http.Request, failure string, status int) *http.Response {
	x.fail(failure)
	x.outcome.StatusCode = status
	return newAnswer(r, status, "text/plain; charset=utf-8", http.StatusText(status)+"\n")
}

func newAnswer(r *http.Request, status int, contentType, text string) *http.Response {
	header := http.Header{
		"Content-Type":           {contentType},
		"Content-Length":         {strconv.Itoa(len(text))},
		"Cache-Control":          {"no-store"},
		"X-Content-Type-Options": {"nosniff"},
	}
	answer := &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header, Request: r,
		ContentLength: int64(len(text)), Body: io.NopCloser(strings.NewReader(text))}
	if r.Method == http.MethodHead {
		answer.Body = http.NoBody
	}
	answer.Body = &cannedBody{answer.Body}
	return answer
}

// cannedBody makes a body comparable by its pointer: goproxy compares bodies, which panics on some types.
type cannedBody struct{ io.ReadCloser }

// prefersHTML reports whether a request would rather have HTML than JSON, as browsers say when they navigate.
func prefersHTML(accept string) bool {
	html := strings.Index(accept, "text/html")
	json := strings.Index(accept, "json")
	return html >= 0 && (json < 0 || html < json)
}

// leadBack makes redirects to the application's own address, which clients cannot reach, or reach without the proxy, relative to the
// site: so neither the Host that a client sent nor the scheme before an ingress has to be believed.
func (x *exchange) leadBack(header http.Header) {
	upstream := x.proxy.options.Upstream
	for _, name := range []string{"Location", "Content-Location"} {
		if len(header[name]) != 1 {
			continue
		}
		target, err := url.Parse(header[name][0])
		if err != nil || target.Host == "" || !strings.EqualFold(target.Host, upstream.Host) || strings.EqualFold(target.Host, x.request.Host) {
			continue
		}
		target.Scheme, target.User, target.Host = "", nil, ""
		target.Path, target.RawPath = "/"+strings.TrimLeft(target.Path, "/"), "" // two slashes would begin a host
		header[name] = []string{target.String()}
	}
}
