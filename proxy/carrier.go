package proxy

import (
	"log/slog"
	"net/http"

	"github.com/elazarl/goproxy"
)

// newCarrier returns the goproxy server that takes a request with an absolute URL through rt and its answer back to the client.
// This is the only file that knows goproxy. All that goproxy leaves open in the reverse role is closed around it: before it by the edge, behind
// it by rt, which never returns an error, and by the response body, which remembers how it ended.
func newCarrier(rt http.RoundTripper, log *slog.Logger) http.Handler {
	carrier := goproxy.NewProxyHttpServer()
	carrier.KeepAcceptEncoding = true
	carrier.ConnectDial = nil
	carrier.Tr = nil // nothing may leave but through rt
	carrier.Logger = carrierLog{log}
	carrier.NonproxyHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
	})
	through := goproxy.RoundTripperFunc(func(r *http.Request, _ *goproxy.ProxyCtx) (*http.Response, error) { return rt.RoundTrip(r) })
	carrier.OnRequest().DoFunc(func(r *http.Request, ctx *goproxy.ProxyCtx) (*http.Request, *http.Response) {
		ctx.RoundTripper = through
		return r, nil
	})
	return carrier
}

// carrierLog notes that goproxy had something to say. Its arguments may quote a peer or a URL, and so does not pass them on.
type carrierLog struct{ log *slog.Logger }

func (l carrierLog) Printf(string, ...any) { l.log.Debug("the carrier reported a problem") }
