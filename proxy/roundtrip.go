package proxy

import (
	"maps"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"stanch/proxy/harden"
	"stanch/rules"
	"stanch/rules/inspect"
)

// A roundTripper asks the application and returns an answer whose body is under inspection. It never returns an error: goproxy would print it to
// the client, with the application's address.
type roundTripper struct{ proxy *Proxy }

// RoundTrip is called by the carrier, with a request made by exchange.outgoing.
func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	x := r.Context().Value(exchangeKey{}).(*exchange)
	response, err := t.proxy.transport.RoundTrip(r)
	if err != nil {
		failure, status := failureOf(x.ctx, err)
		return x.failed(r, failure, status), nil
	}
	answer := x.answer(r, response)
	if answer.StatusCode != http.StatusSwitchingProtocols && headerHas(x.request.Header, "Upgrade", "websocket") {
		answer.Header["Connection"] = []string{"close"} // the framing of what follows is not checked any more
	}
	x.outcome.StatusCode = answer.StatusCode
	return answer, nil
}

// answer is what the client gets for the application's response. A panic on the way withholds it.
func (x *exchange) answer(r *http.Request, fetched *http.Response) (answer *http.Response) {
	defer func() {
		if fault := recover(); fault != nil {
			x.fault()
			fetched.Body.Close()
			answer = x.blocked(r)
		}
	}()
	x.fetched = fetched
	own := *fetched // goproxy reads it while a feed reads the body and the transport notes trailers
	own.Trailer = maps.Clone(fetched.Trailer)
	response := &own
	if response.StatusCode == http.StatusSwitchingProtocols {
		return x.upgraded(r, response)
	}
	stripHopByHop(response.Header)
	delete(response.Header, "Alt-Svc") // would lead clients around the proxy
	x.leadBack(response.Header)
	if response.Header["Content-Type"] == nil {
		response.Header["Content-Type"] = nil // or net/http guesses one
	}
	if !x.inspected() {
		response.Body = x.newRelay(response)
		return response
	}
	x.proxy.watchdog.add(x)
	if response.Header["Accept-Ranges"] != nil {
		response.Header["Accept-Ranges"] = []string{"none"}
	}
	x.inspectFields(response.Header)
	if !hasBody(r, response) {
		response.Trailer = nil
		if response.Body != http.NoBody {
			response.Body = x.newRelay(response) // HTTP/2 may leave it open
		}
		return response
	}
	return x.inspectBody(r, response)
}

// hasBody reports whether bytes may follow the head. A body that net/http knows to be empty needs no inspection.
func hasBody(r *http.Request, response *http.Response) bool {
	return r.Method != http.MethodHead && allowsBody(response.StatusCode) && response.Body != http.NoBody
}

// allowsBody reports whether an answer of this status may have a body (RFC 9110, section 6.4.1).
func allowsBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// inspectBody reads until it can be said whether the head may leave, and how.
func (x *exchange) inspectBody(r *http.Request, response *http.Response) *http.Response {
	s := newStream(x, response)
	x.stream = s
	x.outcome.Inspected = true
	s.prime()
	verdict := s.verdict()
	if verdict.Action == rules.Block {
		return x.blocked(r)
	}
	if s.failure != "" {
		status := http.StatusBadGateway
		if s.failure == failureTimeout {
			status = http.StatusGatewayTimeout
		}
		return x.failed(r, s.failure, status)
	}
	s.decide(verdict)
	if verdict.Action >= rules.Harden {
		harden.Personal(response.Header)
	}
	if s.transformed {
		length := response.Header["Content-Length"]
		harden.Changed(response.Header)
		if s.keepsLength {
			response.Header["Content-Length"] = length
		}
	}
	response.Body = s
	return response
}

// bodyOf is what the head says of the body: hints for the inspection, all of them untrusted.
func (x *exchange) bodyOf(response *http.Response) inspect.Body {
	body := inspect.Body{
		ContentType: response.Header.Get("Content-Type"),
		Name:        path.Base(x.request.URL.Path),
		Length:      response.ContentLength,
		Echo:        x.echoed(),
		Budget:      x.budget(),
	}
	if disposition := response.Header.Get("Content-Disposition"); disposition != "" {
		if _, parameters, err := mime.ParseMediaType(disposition); err == nil && parameters["filename"] != "" {
			body.Name = parameters["filename"]
		}
	}
	return body
}

// budget is what the client read over time; nil means nobody counts.
func (x *exchange) budget() inspect.Allowance {
	if x.rules.Budget == nil {
		return nil
	}
	return x.rules.Budget(x.outcome.Exchange)
}

// streams reports whether a media type is made of messages that are worth something as soon as they come.
func streams(contentType string) bool {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	media = strings.TrimSpace(media)
	return media == "text/event-stream" || media == "application/x-ndjson" || media == "application/ndjson" ||
		media == "application/jsonl" || media == "application/json-seq" || strings.HasPrefix(media, "application/grpc")
}

// watch lets the exchange be cancelled when the application is silent for too long.
func (x *exchange) watch() {
	if x.idle == nil {
		x.idle = time.AfterFunc(x.proxy.options.UpstreamIdle, func() { x.cancel(errUpstreamIdle) })
		return
	}
	x.idle.Reset(x.proxy.options.UpstreamIdle)
}
