// Package harden changes the headers of an answer that holds personal data, or that is no longer what the application sent.
//
//	harden.Personal(response.Header) // nobody keeps it
//	harden.Changed(response.Header)  // nothing claims that it is the original
//
// It looks at headers only and decides nothing.
package harden

import "net/http"

// Personal forbids caches and search engines to keep an answer, and browsers to guess its type.
func Personal(h http.Header) {
	h["Cache-Control"] = []string{"no-store"}
	h["X-Robots-Tag"] = []string{"noindex, noarchive"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	for _, name := range []string{"Pragma", "Expires", "Surrogate-Control", "Cdn-Cache-Control"} {
		delete(h, name)
	}
}

// validators describe the exact bytes that the application sent.
var validators = []string{"Content-Length", "Content-Encoding", "Content-Md5", "Digest", "Repr-Digest", "Content-Digest", "Want-Digest",
	"Last-Modified", "Etag", "Signature", "Signature-Input"}

// Changed takes back what the head says of a body that was changed: its length, coding, digests and validators, and the offer of ranges.
// Not even a weak ETag stays: with it a client could be told that a copy it took before there was a rule is still good.
func Changed(h http.Header) {
	for _, name := range validators {
		delete(h, name)
	}
	if h["Accept-Ranges"] != nil {
		h["Accept-Ranges"] = []string{"none"}
	}
	h["Cache-Control"] = []string{"no-store"}
}
