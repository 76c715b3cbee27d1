package inspect_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime/quotedprintable"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"stanch/rules"
	"stanch/rules/inspect"
)

// A disguise is one way of writing people down so that the bytes do not show them.
type disguise struct {
	name        string
	contentType string
	body        []byte
}

const disguised = 6 // people in each disguise

// disguises are the ways, each with the same people.
func disguises(t testing.TB) []disguise {
	list := encodedDisguises()
	list = append(list, charsetDisguises()...)
	list = append(list, letterDisguises()...)
	list = append(list, framedDisguises()...)
	list = append(list, protoDisguises()...)
	return append(list, containerDisguises(t)...)
}

func encodedDisguises() []disguise {
	csv, jsonText, text := csvOf(disguised), append(append([]byte("["), jsonOf(disguised, ",")...), ']'), textOf(disguised)
	standard := base64.StdEncoding.EncodeToString
	var wrapped strings.Builder
	for rest := standard(csv); len(rest) > 0; {
		n := min(76, len(rest))
		wrapped.WriteString(rest[:n] + "\r\n")
		rest = rest[n:]
	}
	mails := make([]string, disguised)
	for n := range mails {
		mails[n] = `"` + standard([]byte(person(n)[1])) + `"`
	}
	claims := make([]string, disguised)
	for n := range claims {
		claims[n] = "session " + base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
			base64.RawURLEncoding.EncodeToString(jsonOf(n+1, "\n")[max(0, len(jsonOf(n, "\n"))):]) + ".c2lnbmF0dXJlLW9mLTMyLWJ5dGVzLW5vdC10ZXh0"
	}
	quoted, _ := json.Marshal(string(jsonText))
	twice, _ := json.Marshal(string(quoted))
	return []disguise{
		{"base64 of a CSV as the whole body", "text/plain", []byte(standard(csv))},
		{"base64 wrapped as in MIME", "text/plain", []byte(wrapped.String())},
		{"base64 for URLs, without padding", "text/plain", []byte("data=" + base64.RawURLEncoding.EncodeToString(text) + ";")},
		{"base64 in a JSON string", "application/json", []byte(`{"ok":true,"file":"` + standard(csv) + `","n":1}`)},
		{"base64 in a JSON string, slashes escaped", "application/json", []byte(`{"file":"` + strings.ReplaceAll(standard(jsonText), "/", `\/`) + `"}`)},
		{"base64 of each address", "application/json", []byte(`{"mails":[` + strings.Join(mails, ",") + `]}`)},
		{"base64 in a CSV cell", "text/csv", []byte("id,payload\n1," + standard(text) + "\n2,none\n")},
		{"base64 in XML", "application/xml", []byte(`<?xml version="1.0"?><r><file>` + standard(csv) + `</file></r>`)},
		{"base64 in a script", "text/html", []byte(`<!doctype html><html><body><p>Hello</p><script>var d=atob("` + standard(jsonText) + `");</script></body></html>`)},
		{"data: URI in an attribute", "text/html", []byte(`<!doctype html><html><body><a href="data:text/csv;base64,` + standard(csv) + `">list</a></body></html>`)},
		{"data: URI, percent-encoded", "text/html", []byte(`<!doctype html><html><body><a href="data:text/csv,` + url.PathEscape(string(csv)) + `">list</a></body></html>`)},
		{"tokens with claims", "text/plain", []byte(strings.Join(claims, "\n"))},
		{"base64 twice", "text/plain", []byte(standard([]byte(standard(csv))))},
		{"base64 three times", "application/json", []byte(`{"x":"` + standard([]byte(standard([]byte(standard(csv))))) + `"}`)},
		{"hexadecimal", "text/plain", []byte(hex.EncodeToString(csv))},
		{"hexadecimal in JSON, upper case", "application/json", []byte(`{"x":"` + strings.ToUpper(hex.EncodeToString(jsonText)) + `"}`)},
		{"hex dump", "text/plain", []byte(hex.Dump(text))},
		{"hexadecimal pairs", "text/plain", []byte(fmt.Sprintf("% x", csv))},
		{"escaped as \\x", "application/javascript", []byte(`var d="` + escapedAs(text, `\x%02x`) + `";`)},
		{"escaped as \\u", "application/json", []byte(`{"x":"` + escapedAs(text, `\u%04x`) + `"}`)},
		{"percent, every byte", "text/plain", []byte(escapedAs(text, "%%%02X"))},
		{"percent twice", "text/plain", []byte(strings.ReplaceAll(escapedAs(text, "%%%02X"), "%", "%25"))},
		{"percent three times", "text/plain", []byte(strings.ReplaceAll(escapedAs(text, "%%%02X"), "%", "%2525"))},
		{"quoted-printable, every byte", "text/plain", []byte(escapedAs(text, "=%02X"))},
		{"quoted-printable, the addresses", "text/plain", bytes.ReplaceAll(text, []byte("@"), []byte("=40"))},
		{"base32 in JSON", "application/json", []byte(`{"x":"` + base32.StdEncoding.EncodeToString(text) + `"}`)},
		{"base32 in lower case", "text/plain", []byte(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(csv)))},
		{"Ascii85", "text/plain", ascii85Of(csv)},
		{"Ascii85 with its marks", "text/plain", append(append([]byte("<~"), ascii85Of(csv)...), "~>"...)},
		{"numeric references, every byte", "text/html", []byte("<!doctype html><html><body><p>" + escapedAs(text, "&#%d;") + "</p></body></html>")},
		{"JSON in a JSON string", "application/json", []byte(`{"body":` + string(quoted) + `}`)},
		{"JSON in a JSON string in a JSON string", "application/json", []byte(`{"body":` + string(twice) + `}`)},
		{"JSON in an attribute", "text/html", []byte(`<!doctype html><html><body><div data-rows="` + strings.ReplaceAll(string(jsonText), `"`, "&quot;") + `"></div></body></html>`)},
	}
}

func ascii85Of(text []byte) []byte {
	out := make([]byte, ascii85.MaxEncodedLen(len(text)))
	return out[:ascii85.Encode(out, text)]
}

func escapedAs(text []byte, format string) string {
	var b strings.Builder
	for _, c := range text {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func charsetDisguises() []disguise {
	text, csv, html := string(textOf(disguised)), string(csvOf(disguised)), string(htmlOf(disguised))
	seven := strings.NewReplacer("@", "+AEA-", ",", "+ACw-").Replace(text)
	var ebcdic []byte
	for _, c := range []byte(csv) {
		ebcdic = append(ebcdic, asEBCDIC(c))
	}
	return []disguise{
		{"UTF-16LE with a mark", "text/csv", wide(csv, binary.LittleEndian, 2, true)},
		{"UTF-16BE with a mark", "text/csv; charset=utf-8", wide(csv, binary.BigEndian, 2, true)},
		{"UTF-16LE without a mark", "text/plain", wide(text, binary.LittleEndian, 2, false)},
		{"UTF-16BE without a mark, called Latin-1", "text/html; charset=iso-8859-1", wide(html, binary.BigEndian, 2, false)},
		{"UTF-32LE", "text/plain", wide(text, binary.LittleEndian, 4, true)},
		{"UTF-32BE without a mark", "text/plain", wide(text, binary.BigEndian, 4, false)},
		{"UTF-7 as declared", "text/plain; charset=utf-7", []byte(seven)},
		{"UTF-7, not declared", "text/plain", []byte(seven)},
		{"called UTF-16 but ASCII", "text/plain; charset=utf-16", []byte(text)},
		{"called EBCDIC but ASCII", "text/plain; charset=ibm037", []byte(text)},
		{"EBCDIC", "text/csv; charset=ibm037", ebcdic},
		{"meta against header", "text/html; charset=utf-8", []byte(strings.Replace(html, "<body>", `<head><meta charset="utf-7"></head><body>`, 1))},
		{"UTF-16 with a page that calls itself UTF-8", "text/html; charset=utf-8", wide(strings.Replace(html, "<body>", `<meta charset="utf-8"><body>`, 1), binary.LittleEndian, 2, true)},
	}
}

// wide is text in UTF-16 or UTF-32.
func wide(text string, order binary.AppendByteOrder, width int, mark bool) []byte {
	if mark {
		text = "\uFEFF" + text
	}
	var b []byte
	if width == 2 {
		for _, unit := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, unit)
		}
		return b
	}
	for _, r := range text {
		b = order.AppendUint32(b, uint32(r))
	}
	return b
}

// asEBCDIC is a character of ASCII in code page 37.
func asEBCDIC(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return 0xF0 + c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'i':
		return 0x81 + c&^0x20 - 'A' + 0x40*(1-c>>5&1)
	case c|0x20 >= 'j' && c|0x20 <= 'r':
		return 0x91 + c&^0x20 - 'J' + 0x40*(1-c>>5&1)
	case c|0x20 >= 's' && c|0x20 <= 'z':
		return 0xA2 + c&^0x20 - 'S' + 0x40*(1-c>>5&1)
	}
	return map[byte]byte{' ': 0x40, ',': 0x6B, '.': 0x4B, '@': 0x7C, '/': 0x61, '\r': 0x0D, '\n': 0x25}[c]
}

func letterDisguises() []disguise {
	text := string(textOf(disguised))
	between := func(what string) []byte {
		return []byte(strings.NewReplacer("@", what+"@"+what, "900", "9"+what+"00", "999", "9"+what+"99").Replace(text))
	}
	fullwidth := strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r + 0xFEE0
		}
		return r
	}, text)
	digits := func(zero rune) []byte {
		return []byte(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return zero + r - '0'
			}
			return r
		}, text))
	}
	return []disguise{
		{"fullwidth", "text/plain", []byte(fullwidth)},
		{"zero-width space", "text/plain", between("\u200B")},
		{"zero-width joiner", "text/plain", between("\u200D")},
		{"soft hyphen", "text/plain", between("\u00AD")},
		{"direction marks", "text/plain", between("\u202A")},
		{"combining marks", "text/plain", between("\u0336")},
		{"Cyrillic look-alikes", "text/plain", []byte(strings.NewReplacer("example.org", "ех\u0430mpl\u0435.\u043erg", "@e", "@\u0435", "a", "\u0430", "o", "\u043e").Replace(text))},
		{"Greek look-alikes", "text/plain", []byte(strings.NewReplacer("o", "\u03bf", "i", "\u03b9").Replace(text))},
		{"Arabic-Indic digits", "text/plain", digits(0x0660)},
		{"Devanagari digits", "text/plain", digits(0x0966)},
		{"mathematical digits", "text/plain", digits(0x1D7CE)},
		{"no-break spaces", "text/plain", []byte(strings.ReplaceAll(text, " ", "\u00A0"))},
	}
}

func framedDisguises() []disguise {
	jsonText, csv := append(append([]byte("["), jsonOf(disguised, ",")...), ']'), csvOf(disguised)
	var quoted bytes.Buffer
	w := quotedprintable.NewWriter(&quoted)
	w.Write(csv)
	w.Close()
	multipart := "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/csv\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(csv) + "\r\n--c--\r\n--b--\r\n"
	mhtml := "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n" +
		"Content-Location: http://a/\r\n\r\n" + strings.ReplaceAll(string(htmlOf(disguised)), "=", "=3D") + "\r\n--b--\r\n"
	var split, records strings.Builder
	for _, line := range strings.SplitAfter(string(jsonOf(disguised, ",\n")), ",") {
		split.WriteString("data: " + strings.TrimRight(line, "\n") + "\n")
	}
	for n := range disguised {
		fmt.Fprintf(&records, "%d {\"email\":%q}\n", n, person(n)[1])
	}
	list := []disguise{
		{"quoted-printable part", "multipart/mixed; boundary=b", []byte("--b\r\nContent-Type: text/csv\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted.String() + "\r\n--b--\r\n")},
		{"multipart in multipart", "multipart/mixed; boundary=b", []byte(multipart)},
		{"multipart called text", "text/plain", []byte(multipart)},
		{"MHTML", "multipart/related", []byte(mhtml)},
		{"MHTML called text", "text/plain", []byte(mhtml)},
		{"event stream with split data", "text/event-stream", []byte("event: rows\n" + split.String() + "\n")},
		{"length-prefixed lines", "application/json", []byte(records.String())},
		{"NDJSON", "application/x-ndjson", append(jsonOf(disguised, "\n"), '\n')},
		{"JSON text sequence", "application/json-seq", []byte("\x1e" + string(jsonOf(disguised, "\n\x1e")) + "\n")},
	}
	for _, wrapper := range []struct{ name, before, after string }{
		{"prefix )]}'", ")]}'\n", ""}, {"prefix )]}',", ")]}',\n", ""}, {"prefix while(1)", "while(1);", ""}, {"prefix for(;;)", "for(;;);", ""},
		{"prefix throw", "throw 1; < don't be evil' >\n", ""}, {"a callback", "cb(", ");"}, {"a guarded callback", "/**/typeof cb === 'function' && cb(", ");"},
		{"a comment and a callback", "/**/ app.cb_1(", ")"}, {"an assignment", "var rows = ", ";"}, {"a property", "window.__DATA__=", ";\n"},
	} {
		list = append(list, disguise{wrapper.name, "application/javascript", []byte(wrapper.before + string(jsonText) + wrapper.after)})
	}
	return list
}

func containerDisguises(t testing.TB) []disguise {
	csv := csvOf(disguised)
	var zipped, compressed bytes.Buffer
	z := zip.NewWriter(&zipped)
	f, err := z.Create("people.csv")
	if err != nil {
		t.Fatal(err)
	}
	f.Write(csv)
	z.Close()
	g := gzip.NewWriter(&compressed)
	g.Write(csv)
	g.Close()
	workbook := workbookOf(t, disguised)
	gif := append([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00"), ';')
	jpeg := append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), "\xff\xd9"...)
	media := append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), make([]byte, 64)...)
	page := "<!doctype html><html><body><p>Nothing to see.</p></body></html>\n"
	standard := base64.StdEncoding.EncodeToString
	behind := func(front []byte, what []byte) []byte { return append(bytes.Clone(front), what...) }
	return []disguise{
		{"base64 of a workbook in JSON", "application/json", []byte(`{"file":"` + standard(workbook) + `"}`)},
		{"base64 of gzip", "text/plain", []byte(standard(compressed.Bytes()))},
		{"data: URI of a ZIP", "text/html", []byte(page + `<a href="data:application/zip;base64,` + standard(zipped.Bytes()) + `">x</a>`)},
		{"hexadecimal of gzip", "application/json", []byte(`{"x":"` + hex.EncodeToString(compressed.Bytes()) + `"}`)},
		{"ZIP behind a page", "text/html", behind([]byte(page), zipped.Bytes())},
		{"ZIP behind text", "text/plain", behind([]byte("Nothing to see.\n"), zipped.Bytes())},
		{"workbook behind a JPEG", "image/jpeg", behind(jpeg, workbook)},
		{"ZIP behind a GIF", "image/gif", behind(gif, zipped.Bytes())},
		{"ZIP behind a film", "video/mp4", behind(media, zipped.Bytes())},
		{"gzip behind a page", "text/html", behind([]byte(page), compressed.Bytes())},
		{"text behind a GIF", "image/gif", behind(gif, textOf(disguised))},
	}
}

// missedDisguises are those that still get through, each with its reason. The list may only shrink.
var missedDisguises = map[string]string{
	"base64 of each address": "one record holds all of them",
	"hex dump":               "the columns of a dump are read as columns",
	"hexadecimal pairs":      "no run is long enough",
	"percent three times":    "two layers are undone",
	"combining marks":        "marks are kept",
	"ZIP behind a film":      "media pass as they come",
}

// People behind a disguise are counted, or the body is called uninspected with a reason; never neither. And the pieces in which a
// body comes change nothing.
func TestDisguises(t *testing.T) {
	list := disguises(t)
	if len(list) < 50 {
		t.Fatalf("only %d disguises", len(list))
	}
	open := newEngine(t, rules.Policy{}, true)
	policies := map[string]*inspect.Engine{"block": newEngine(t, block(3), false), "mask": newEngine(t, redact(1, rules.Mask), false), "label": newEngine(t, redact(1, rules.Label), false)}
	for _, d := range list {
		t.Run(d.name, func(t *testing.T) {
			body := inspect.Body{ContentType: d.contentType}
			whole := inspectBody(t, open, body, d.body)
			caught := whole.Evidence.People == disguised || whole.Evidence.Status != rules.Complete
			if reason, missed := missedDisguises[d.name]; missed {
				if caught {
					t.Errorf("no longer missed (%s): strike it from the list", reason)
				}
				return
			}
			if !caught {
				t.Errorf("%d people of %d, %v", whole.Evidence.People, disguised, whole.Evidence.Format)
			}
			if whole.Released != string(d.body) {
				t.Error("changed without a rule")
			}
			for seed := range uint64(3) {
				if got := inspectBody(t, open, body, randomPieces(d.body, seed)...); !reflect.DeepEqual(got, whole) {
					t.Fatalf("pieces %d differ:\n%s\nwhole:\n%s", seed, describe(got), describe(whole))
				}
			}
			for name, engine := range policies {
				got := inspectBody(t, engine, body, d.body)
				if got.Verdict.Action < rules.Redact {
					t.Errorf("%s: %v", name, got.Verdict.Action)
				}
				for seed := range uint64(2) {
					if pieces := inspectBody(t, engine, body, randomPieces(d.body, seed)...); !reflect.DeepEqual(pieces, got) {
						t.Fatalf("%s: pieces %d differ:\n%s\nwhole:\n%s", name, seed, describe(pieces), describe(got))
					}
				}
				if left := inspectBody(t, open, body, []byte(got.Released)); left.Evidence.People > 2 {
					t.Errorf("%s: %d people can be read in what left", name, left.Evidence.People)
				}
			}
		})
	}
}

// A page is long enough for its format to be told before its rows come: a name stays back until its row is known to be a person,
// also when a piece ends between two cells.
func TestNamesStayBackBetweenCells(t *testing.T) {
	body := append(bytes.Repeat([]byte("<!-- padding -->\n"), 80), htmlOf(3)...)
	engine := newEngine(t, redact(1, rules.Mask), false)
	whole := inspectBody(t, engine, inspect.Body{}, body)
	for i := 1300; i < len(body); i++ {
		if got := inspectBody(t, engine, inspect.Body{}, body[:i], body[i:]); got.Released != whole.Released {
			t.Fatalf("split at %d, behind %q, leaves\n%q\nwhole:\n%q", i, body[i-30:i], got.Released[1500:], whole.Released[1500:])
		}
	}
}
