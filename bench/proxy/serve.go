package main

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"

	corazawaf "github.com/corazawaf/coraza/v3"
	corazahttp "github.com/corazawaf/coraza/v3/http"
)

// servePeer is a peer that is a Go library, until the process is ended.
func servePeer(name, listen, upstream string) error {
	target, err := url.Parse("http://" + upstream)
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	transport.MaxIdleConnsPerHost = 64
	var handler http.Handler = &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.SetXForwarded()
	}}
	switch name {
	case reverseProxy:
	case coraza:
		waf, err := corazawaf.NewWAF(corazawaf.NewWAFConfig().WithDirectives(directives("")))
		if err != nil {
			return err
		}
		handler = corazahttp.WrapHandler(waf, handler)
	default:
		return fmt.Errorf("-serve is %q; allowed are %q, %q", name, reverseProxy, coraza)
	}
	return http.ListenAndServe(listen, handler)
}
