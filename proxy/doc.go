// Package proxy is the reverse proxy in front of an application: it takes a request, cleans it, asks the application, and lets the answer
// leave only as far as inspection has cleared it.
//
//	p, err := proxy.New(proxy.Options{Upstream: upstream, Rules: current, Observer: observer})
//	err = p.Serve(ctx, listener) // HTTP/1.1 and HTTP/2; returns when ctx is cancelled and the last answer has ended
//
// A request goes through the edge (edge.go, request.go), goproxy (carrier.go), and the inspecting http.RoundTripper (roundtrip.go), whose
// response body (stream.go) does the inspection while it is copied to the client.
//
// It reads no configuration, keeps no metrics and knows no detector: those are given to it.
package proxy
