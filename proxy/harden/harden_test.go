package harden

import (
	"maps"
	"net/http"
	"slices"
	"testing"
)

func sent() http.Header {
	return http.Header{"Content-Type": {"text/html"}, "Content-Length": {"10"}, "Content-Encoding": {"gzip"}, "Etag": {`"x"`}, "Last-Modified": {"then"},
		"Digest": {"x"}, "Content-Md5": {"x"}, "Accept-Ranges": {"bytes"}, "Cache-Control": {"public, max-age=60"}, "Expires": {"later"},
		"Pragma": {"cache"}, "Vary": {"Accept-Encoding"}, "Set-Cookie": {"a=b"}}
}

func TestPersonalIsKeptByNobody(t *testing.T) {
	h := sent()
	Personal(h)
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Robots-Tag": "noindex, noarchive", "X-Content-Type-Options": "nosniff",
		"Expires": "", "Pragma": "", "Etag": `"x"`, "Content-Length": "10", "Vary": "Accept-Encoding"} {
		if got := h.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestChangedClaimsNothingOfTheOriginal(t *testing.T) {
	h := sent()
	Changed(h)
	left := slices.Sorted(maps.Keys(h))
	want := []string{"Accept-Ranges", "Cache-Control", "Content-Type", "Expires", "Pragma", "Set-Cookie", "Vary"}
	if !slices.Equal(left, want) || h.Get("Accept-Ranges") != "none" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("left are %v", h)
	}
	h = http.Header{}
	Changed(h)
	if h["Accept-Ranges"] != nil {
		t.Error("ranges are spoken of that nobody offered")
	}
}
