package proxy

import (
	"net/http"
	"strconv"
	"strings"
)

// advertised are the codings that the application may use, the ones that are decoded fastest first (go test ./proxy/coding -bench Decode). "deflate" is decoded but never asked for:
// two formats go by that name.
var advertised = []string{"zstd", "gzip", "br"}

// setCodings asks the application for no coding but those that can be decoded and that the client takes.
func (x *exchange) setCodings(h http.Header) {
	asked := h["Accept-Encoding"]
	if asked == nil {
		return
	}
	if x.proxy.options.PlainUpstream && x.rules.Engine.Policy().For(x.outcome.Exchange).MayRedact() {
		h["Accept-Encoding"] = []string{"identity"}
		return
	}
	list := strings.ToLower(strings.Join(asked, ","))
	var kept []string
	for _, coding := range advertised {
		if accepts(list, coding) {
			kept = append(kept, coding)
		}
	}
	if len(kept) == 0 {
		kept = []string{"identity"}
	}
	h["Accept-Encoding"] = []string{strings.Join(kept, ", ")}
}

// accepts reports whether a list of codings (RFC 9110, section 12.5.3) names one with a weight above zero. A "*" stands for gzip only.
func accepts(list, coding string) bool {
	for item := range strings.SplitSeq(list, ",") {
		name, parameters, _ := strings.Cut(item, ";")
		name = strings.TrimSpace(name)
		if name != coding && !(coding == "gzip" && (name == "x-gzip" || name == "*")) {
			continue
		}
		_, weight, found := strings.Cut(parameters, "q=")
		if !found {
			return true
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		return err == nil && q > 0
	}
	return false
}
