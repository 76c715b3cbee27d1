package main

import (
	"bytes"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"mime/quotedprintable"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// encodedEvasions write people in another way than plain characters.
func encodedEvasions() []evasionCase {
	page := func(form string) func([]byte) []byte {
		return around("<!doctype html><html><body><ul>", form, "</ul></body></html>")
	}
	replaced := func(f func(string) string, form string) func([]byte) []byte {
		return func(leak []byte) []byte {
			return each(leak, func(b *bytes.Buffer, n int, p demoPerson) { fmt.Fprintf(b, form, f(p.email), f(p.nhs)) })
		}
	}
	without := func(these string) func([]byte) []byte {
		return func(b []byte) []byte { return []byte(strings.NewReplacer(pairs(these)...).Replace(string(b))) }
	}
	between := func(s string) func(string) string {
		return func(text string) string { return strings.Join(strings.Split(text, ""), s) }
	}
	return []evasionCase{
		{class: "E39", name: "every character an entity", header: typed("text/html"), body: replaced(func(text string) string {
			var b strings.Builder
			for _, r := range text {
				fmt.Fprintf(&b, "&#x%x;", r)
			}
			return b.String()
		}, "<li>%s %s</li>\n"), undo: func(b []byte) []byte { return []byte(html.UnescapeString(string(b))) }, few: true},
		{class: "E39", name: "a tag within each value", header: typed("text/html"), body: replaced(func(text string) string { return text[:4] + "<b>" + text[4:] + "</b>" }, "<li>%s <p>%s</li>\n"),
			undo: withoutTags, few: true},
		{class: "E39", name: "a comment within each value", header: typed("text/html"), body: replaced(func(text string) string { return text[:4] + "<!-- - -->" + text[4:] }, "<li>%s <p>%s</li>\n"), undo: withoutTags},
		{class: "E39", name: "in comments", header: typed("text/html"), body: page("<!-- %s %s -->"), few: true},
		{class: "E39", name: "in attributes", header: typed("text/html"), body: page(`<li data-mail="%s" title='%s'>`), few: true},
		{class: "E39", name: "hidden by a style", header: typed("text/html"), body: page(`<li style="display:none">%s <i>%s</i>`), few: true},
		{class: "E40", name: "percent-encoded", header: typed("application/x-www-form-urlencoded"), body: replaced(func(text string) string { return string(percentEncoded([]byte(text))) }, "mail=%s&nhs=%s&"),
			undo: percentDecoded, few: true},
		{class: "E40", name: "percent-encoded twice", header: typed("text/plain"), body: replaced(func(text string) string { return string(percentEncoded(percentEncoded([]byte(text)))) }, "mail=%s&nhs=%s\n"),
			undo: twice(percentDecoded)},
		{class: "E41", name: "base64 in text", header: typed("text/plain"), body: func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) }, undo: unbase64},
		{class: "E41", name: "base64url in JSON", header: typed("application/json"), body: func(b []byte) []byte { return []byte(`{"file":"` + base64.URLEncoding.EncodeToString(b) + `"}`) },
			undo: func(b []byte) []byte {
				text, _ := base64.URLEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(string(b), `{"file":"`), `"}`)) // as far as it goes
				return text
			}},
		{class: "E41", name: "a data: URI in a page", header: typed("text/html"), body: func(b []byte) []byte {
			return []byte(`<html><a href="data:text/csv;base64,` + base64.StdEncoding.EncodeToString(b) + `">list</a></html>`)
		}, undo: func(b []byte) []byte {
			_, rest, _ := bytes.Cut(b, []byte("base64,"))
			rest, _, _ = bytes.Cut(rest, []byte(`"`))
			return unbase64(rest)
		}},
		{class: "E41", name: "base64 of base64", header: typed("text/plain"), body: twice(func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) }), undo: twice(unbase64)},
		{class: "E41", name: "base64 of gzip", header: typed("text/plain"), body: func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(gzipped(b))) },
			undo: func(b []byte) []byte {
				text, _ := base64.StdEncoding.DecodeString(string(b)) // as far as it goes
				return gunzipped(text)
			}},
		{class: "E41", name: "base32", header: typed("text/plain"), body: func(b []byte) []byte { return []byte(base32.StdEncoding.EncodeToString(b)) },
			undo: func(b []byte) []byte {
				text, _ := base32.StdEncoding.DecodeString(string(b)) // as far as it goes
				return text
			}},
		{class: "E41", name: "hexadecimal", header: typed("text/plain"), body: func(b []byte) []byte { return []byte(hex.EncodeToString(b)) },
			undo: func(b []byte) []byte {
				text, _ := hex.DecodeString(string(b)) // as far as it goes
				return text
			}},
		{class: "E41", name: "Ascii85", header: typed("text/plain"), body: packed(func(w io.Writer) io.WriteCloser { return ascii85.NewEncoder(w) }),
			undo: unpacked(func(r io.Reader) (io.Reader, error) { return ascii85.NewDecoder(r), nil })},
		{class: "E41", name: "base64 of each address", missed: true, header: typed("text/plain"), body: replaced(func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }, "%s %.0s\n"),
			undo: func(b []byte) []byte {
				var out bytes.Buffer
				for _, word := range bytes.Fields(b) {
					out.Write(append(unbase64(word), '\n'))
				}
				return out.Bytes()
			}},
		{class: "E42", name: "quoted-printable", header: typed("text/plain"), body: func(leak []byte) []byte {
			return []byte(regexp.MustCompile(`[@0-9.]`).ReplaceAllStringFunc(string(leak), func(c string) string { return fmt.Sprintf("=%02X", c[0]) }))
		}, undo: unpacked(func(r io.Reader) (io.Reader, error) { return quotedprintable.NewReader(r), nil })},
		{class: "E42", name: "uuencode", header: typed("text/plain"), body: uuencoded, undo: uudecoded},
		{class: "E42", name: "uuencode behind a text", missed: true, header: typed("text/plain"), body: func(b []byte) []byte { return append([]byte("The list:\n"), uuencoded(b)...) },
			undo: func(b []byte) []byte { return uudecoded(bytes.TrimPrefix(b, []byte("The list:\n"))) }},
		{class: "E42", name: "yEnc", header: typed("application/octet-stream"), body: yEncoded, undo: yDecoded},
		{class: "E43", name: "zero-width spaces", header: typed("text/plain"), body: replaced(between("\u200b"), "%s %s\n"), undo: without("\u200b"), few: true},
		{class: "E43", name: "soft hyphens", header: typed("text/plain"), body: replaced(between("\u00ad"), "%s %s\n"), undo: without("\u00ad"), few: true},
		{class: "E43", name: "marks of direction", header: typed("text/plain"), body: replaced(between("\u202d\u2066"), "%s %s\n"), undo: without("\u202d\u2066")},
		{class: "E43", name: "variation selectors", header: typed("text/plain"), body: replaced(between("\ufe0f"), "%s %s\n"), undo: without("\ufe0f")},
		{class: "E43", name: "written in tag characters", header: typed("text/plain"), body: replaced(func(text string) string {
			return strings.Map(func(r rune) rune { return r + 0xE0000 }, text)
		}, "%s \n%s\n"), undo: func(b []byte) []byte {
			return bytes.Map(func(r rune) rune {
				if r >= 0xE0000 {
					return r - 0xE0000
				}
				return r
			}, b)
		}},
		{class: "E44", name: "no-break spaces and odd dashes in numbers", header: typed("text/plain"), body: func(leak []byte) []byte {
			return each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				fmt.Fprintf(b, "NHS number %s\n", strings.Replace(strings.Replace(p.nhs, " ", "\u00a0", 1), " ", "\u2011", 1))
			})
		}},
		{class: "E45", name: "full width", header: typed("text/plain"), body: replaced(func(text string) string { return string(widened([]byte(text))) }, "%s ; %s\n"), undo: narrowed, few: true},
		{class: "E45", name: "Arabic-Indic digits", header: typed("text/plain"), body: digitsFrom('٠'), undo: digitsTo},
		{class: "E45", name: "mathematical digits", header: typed("text/plain"), body: digitsFrom('𝟎'), undo: digitsTo},
		{class: "E46", name: "Cyrillic letters that look Latin", header: typed("text/plain"), body: replaced(alike, "%s %.0s\n"), undo: unalike},
		{class: "E46", name: "a domain in Punycode", header: typed("text/plain"), body: replaced(func(text string) string { return strings.Replace(text, "example.org", "xn--exampl-gva.org", 1) }, "%s %.0s\n"),
			undo: func(b []byte) []byte {
				return bytes.ReplaceAll(b, []byte("xn--exampl-gva.org"), []byte("example.org"))
			}},
		{class: "E47", name: "a column for each character", missed: true, header: typed("text/csv"), body: func(leak []byte) []byte {
			var out bytes.Buffer
			w := csv.NewWriter(&out)
			for n := range bytes.Count(leak, []byte("\n")) - 1 {
				w.Write(strings.Split(fmt.Sprintf("%-30s", demoPersonNumber(n).email), ""))
			}
			w.Flush()
			return out.Bytes()
		}, undo: without(", ")},
		{class: "E47", name: "written backwards", header: typed("text/plain"), body: replaced(reversed, "%s %s\n"), undo: func(b []byte) []byte {
			var out bytes.Buffer
			for _, word := range bytes.Fields(b) {
				out.WriteString(reversed(string(word)) + " ")
			}
			return out.Bytes()
		}},
		{class: "E47", name: "ROT13", header: typed("text/plain"), body: replaced(rot13, "%s %.0s\n"), undo: func(b []byte) []byte { return []byte(rot13(string(b))) }},
	}
}

// pairs lists each character with nothing in its place.
func pairs(these string) []string {
	var all []string
	for _, r := range these {
		all = append(all, string(r), "")
	}
	return all
}

func withoutTags(b []byte) []byte {
	return regexp.MustCompile(`<!--.*?-->|</?b>`).ReplaceAll(b, nil)
}

func percentEncoded(b []byte) []byte {
	var out bytes.Buffer
	for _, c := range b {
		fmt.Fprintf(&out, "%%%02X", c)
	}
	return out.Bytes()
}

func percentDecoded(b []byte) []byte {
	text, err := url.PathUnescape(string(b))
	if err != nil {
		return b
	}
	return []byte(text)
}

func uuencoded(b []byte) []byte {
	var out bytes.Buffer
	out.WriteString("begin 644 list.csv\n")
	for len(b) > 0 {
		n := min(len(b), 45)
		line := append(append([]byte(nil), b[:n]...), 0, 0)
		out.WriteByte(byte(n) + ' ')
		for i := 0; i < n; i += 3 {
			word := uint(line[i])<<16 | uint(line[i+1])<<8 | uint(line[i+2])
			for shift := 18; shift >= 0; shift -= 6 {
				out.WriteByte(byte(word>>shift)&63 + ' ')
			}
		}
		out.WriteByte('\n')
		b = b[n:]
	}
	out.WriteString(" \nend\n")
	return out.Bytes()
}

func uudecoded(b []byte) []byte {
	var out []byte
	for _, line := range bytes.Split(b, []byte("\n"))[1:] {
		if len(line) == 0 || line[0] == 'e' {
			continue
		}
		n := int(line[0] - ' ')
		from := len(out)
		for i := 1; i+3 < len(line); i += 4 {
			word := uint(0)
			for _, c := range line[i : i+4] {
				word = word<<6 | uint(c-' ')&63
			}
			out = append(out, byte(word>>16), byte(word>>8), byte(word))
		}
		out = out[:min(len(out), from+n)]
	}
	return out
}

func yEncoded(b []byte) []byte {
	out := []byte(fmt.Sprintf("=ybegin line=128 size=%d name=list.csv\r\n", len(b)))
	for i, c := range b {
		switch c += 42; c {
		case 0, '\n', '\r', '=':
			out = append(out, '=', c+64)
		default:
			out = append(out, c)
		}
		if i%128 == 127 {
			out = append(out, "\r\n"...)
		}
	}
	return append(out, fmt.Sprintf("\r\n=yend size=%d\r\n", len(b))...)
}

func yDecoded(b []byte) []byte {
	var out []byte
	for _, line := range bytes.Split(b, []byte("\r\n")) {
		if bytes.HasPrefix(line, []byte("=y")) {
			continue
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '=' && i+1 < len(line) {
				i++
				out = append(out, line[i]-64-42)
				continue
			}
			out = append(out, line[i]-42)
		}
	}
	return out
}

// digitsFrom writes numbers with the ten digits that begin at zero.
func digitsFrom(zero rune) func([]byte) []byte {
	return func(leak []byte) []byte {
		return each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
			fmt.Fprintf(b, "NHS number %s\n", strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return zero + r - '0'
				}
				return r
			}, p.nhs))
		})
	}
}

func digitsTo(b []byte) []byte {
	return bytes.Map(func(r rune) rune {
		for _, zero := range []rune{'٠', '𝟎'} {
			if unicode.IsDigit(r) && r >= zero && r < zero+10 {
				return '0' + r - zero
			}
		}
		return r
	}, b)
}

var lookAlikes = []string{"a", "а", "e", "е", "o", "о", "c", "с", "p", "р", "x", "х"}

func alike(text string) string { return strings.NewReplacer(lookAlikes...).Replace(text) }

func unalike(b []byte) []byte {
	var back []string
	for i := 0; i < len(lookAlikes); i += 2 {
		back = append(back, lookAlikes[i+1], lookAlikes[i])
	}
	return []byte(strings.NewReplacer(back...).Replace(string(b)))
}

func reversed(text string) string {
	runes := []rune(text)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}

func rot13(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, text)
}
