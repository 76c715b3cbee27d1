package extract

import (
	"mime"
	"testing"
)

// TestCharsetOf holds that what is read without parsing is what parsing says.
func TestCharsetOf(t *testing.T) {
	for _, contentType := range []string{"", "text/html", "text/html; charset=utf-8", "text/html;charset=utf-8", "text/html; charset=UTF-8", "text/html; charset=\"utf-8\"",
		"text/html; charset=utf-16", "application/vnd.api+json; charset=utf-8", "text/html; level=1; charset=utf-8", "text; charset=utf-8", "text/; charset=utf-8", "/html; charset=utf-8",
		"; charset=utf-8", "a/b/c; charset=utf-8", "text/ht ml; charset=utf-8", "text,html; charset=utf-8", "TEXT/HTML; charset=utf-8", "text/html; charset=utf-7; charset=utf-8",
		"text/html; x=\"; charset=utf-8", "text/html; charset*=utf-8''utf-8", "text/html;", "text/\x00html; charset=utf-8"} {
		_, parameters, _ := mime.ParseMediaType(contentType)
		if got, want := charsetOf(contentType), parameters["charset"]; got != want {
			t.Errorf("%q: %q, want %q", contentType, got, want)
		}
	}
}
