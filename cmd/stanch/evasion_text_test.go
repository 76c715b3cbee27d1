package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// each writes something for each person of a leak, of which there are as many as it has lines behind the header.
func each(leak []byte, write func(b *bytes.Buffer, n int, p demoPerson)) []byte {
	var b bytes.Buffer
	for n := range bytes.Count(leak, []byte("\n")) - 1 {
		write(&b, n, demoPersonNumber(n))
	}
	return b.Bytes()
}

// as gives each person a line of its own form, of the e-mail address and the NHS number.
func as(form string) func([]byte) []byte {
	return func(leak []byte) []byte {
		return each(leak, func(b *bytes.Buffer, n int, p demoPerson) { fmt.Fprintf(b, form, p.email, p.nhs) })
	}
}

// around puts something around the lines of a form.
func around(before, form, after string) func([]byte) []byte {
	return func(leak []byte) []byte { return []byte(before + string(as(form)(leak)) + after) }
}

func typed(contentType string) map[string]string {
	return map[string]string{"Content-Type": contentType}
}

// transformed passes text through a charset.
func transformed(t transform.Transformer) func([]byte) []byte {
	return func(b []byte) []byte {
		t.Reset()
		out, _, err := transform.Bytes(t, b)
		if err != nil {
			return b // what arrives may be a page of stanch's, in another charset
		}
		return out
	}
}

func textEvasions() []evasionCase {
	utf16le, utf16be := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	utf32le := utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	with := func(bom string, t transform.Transformer) func([]byte) []byte {
		return func(b []byte) []byte { return append([]byte(bom), transformed(t)(b)...) }
	}
	return []evasionCase{
		{class: "E23", name: "gRPC messages", header: typed("application/grpc"), body: grpcFrames, undo: nil},
		{class: "E23", name: "gRPC messages, each compressed", header: map[string]string{"Content-Type": "application/grpc", "Grpc-Encoding": "gzip"}, body: grpcGzipped, undo: grpcUnzipped},
		{class: "E23", name: "gRPC-web in text", header: typed("application/grpc-web-text"), body: func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(grpcFrames(b))) }, undo: unbase64},
		{class: "E24", name: "an event for each person", header: typed("text/event-stream"), body: as("event: person\ndata: {\"email\": \"%s\", \"nhs\": \"%s\"}\n\n"), few: true},
		{class: "E24", name: "an address over two data lines", header: typed("text/event-stream"), body: func(leak []byte) []byte {
			return each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				fmt.Fprintf(b, "data: {\"email\":\ndata: \"%s\"}\n\n", p.email)
			})
		}},
		{class: "E25", name: "a line of JSON for each person", header: typed("application/x-ndjson"), body: as("{\"email\": \"%s\", \"nhs\": \"%s\"}\n"), few: true},
		{class: "E26", name: "a callback", header: typed("application/javascript"), body: around("/**/callback([", `{"email":"%s","nhs":"%s"},`, "null]);"), few: true},
		{class: "E26", name: "behind )]}',", header: typed("application/json"), body: around(")]}',\n[", `{"email":"%s","nhs":"%s"},`, "null]"), few: true},
		{class: "E26", name: "behind for(;;);", header: typed("application/json"), body: around("for(;;);[", `{"email":"%s","nhs":"%s"},`, "null]"), few: true},
		{class: "E26", name: "assigned in a script of a page", header: typed("text/html"), body: around("<html><script>window.people = [", `{"email":"%s","nhs":"%s"},`, "null];</script></html>"), few: true},
		{class: "E27", name: "multipart/mixed, base64 parts", header: typed("multipart/mixed; boundary=frontier"), body: inParts("base64", "text/csv"), undo: partsDecoded},
		{class: "E27", name: "multipart/mixed, quoted-printable parts", header: typed("multipart/mixed; boundary=frontier"), body: inParts("quoted-printable", "text/csv"), undo: partsDecoded},
		{class: "E27", name: "MHTML", header: typed("multipart/related; boundary=frontier"), body: inParts("base64", "text/html"), undo: partsDecoded},
		{class: "E28", name: "CSV called a picture", header: typed("image/png"), few: true},
		{class: "E28", name: "CSV called a font", header: typed("font/woff2")},
		{class: "E28", name: "CSV called gRPC", header: typed("application/grpc"), few: true},
		{class: "E28", name: "CSV without a type", header: map[string]string{"Content-Type": ""}, few: true},
		{class: "E30", name: "UTF-16 by its mark, windows-1252 by the header", header: typed("text/plain; charset=windows-1252"), body: with("\xFF\xFE", utf16le.NewEncoder()), undo: transformed(utf16le.NewDecoder())},
		{class: "E30", name: "ASCII, UTF-16 by the header", header: typed("text/csv; charset=utf-16le")},
		{class: "E30", name: "ASCII, UTF-7 by meta", header: typed("text/html; charset=utf-8"), body: around(`<meta charset="utf-7"><ul>`, "<li>%s %s", "</ul>")},
		{class: "E31", name: "Accept-Charset does not reach the application", serve: tellOf("Accept-Charset"), ask: askWithout("Accept-Charset: utf-7\r\n")},
		{class: "E31", name: "a charset that nobody knows", header: typed("text/csv; charset=x-own")},
		{class: "E32", name: "two content types", serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = []string{"image/png", "text/csv; charset=utf-7"}
			w.Write(evasionLeak(leakPeople))
		}},
		{class: "E33", name: "UTF-7, named", header: typed("text/plain; charset=utf-7"), body: utf7Encoded, undo: utf7Decoded},
		{class: "E33", name: "UTF-7, not named", header: typed("text/plain"), body: utf7Encoded, undo: utf7Decoded},
		{class: "E33", name: "UTF-7, not named, behind a text", missed: true, header: typed("text/plain"), body: func(b []byte) []byte {
			return append(bytes.Repeat([]byte("nothing to see here\n"), 60), utf7Encoded(b)...)
		}, undo: utf7Decoded},
		{class: "E34", name: "UTF-16LE with its mark", header: typed("text/csv"), body: with("\xFF\xFE", utf16le.NewEncoder()), undo: transformed(utf16le.NewDecoder()), few: true},
		{class: "E34", name: "UTF-16BE without a mark", header: typed("text/csv"), body: transformed(utf16be.NewEncoder()), undo: transformed(utf16be.NewDecoder()), few: true},
		{class: "E34", name: "UTF-32LE without a mark", header: typed("text/csv"), body: transformed(utf32le.NewEncoder()), undo: transformed(utf32le.NewDecoder()), few: true},
		{class: "E35", name: "EBCDIC (IBM037)", header: typed("text/plain; charset=ibm037"), body: transformed(charmap.CodePage037.NewEncoder()), undo: transformed(charmap.CodePage037.NewDecoder())},
		{class: "E35", name: "EBCDIC, not named", header: typed("text/plain"), body: transformed(charmap.CodePage037.NewEncoder()), undo: transformed(charmap.CodePage037.NewDecoder())},
		{class: "E35", name: "ISO-2022-JP with wide letters", header: typed("text/plain; charset=iso-2022-jp"), body: func(b []byte) []byte { return transformed(japanese.ISO2022JP.NewEncoder())(widened(b)) },
			undo: func(b []byte) []byte { return narrowed(transformed(japanese.ISO2022JP.NewDecoder())(b)) }},
		{class: "E35", name: "HZ with wide letters", header: typed("text/plain; charset=hz-gb-2312"), body: func(b []byte) []byte { return transformed(simplifiedchinese.HZGB2312.NewEncoder())(widened(b)) },
			undo: func(b []byte) []byte { return narrowed(transformed(simplifiedchinese.HZGB2312.NewDecoder())(b)) }},
		{class: "E35", name: "GB 18030 with wide letters", header: typed("text/plain; charset=gb18030"), body: func(b []byte) []byte { return transformed(simplifiedchinese.GB18030.NewEncoder())(widened(b)) },
			undo: func(b []byte) []byte { return narrowed(transformed(simplifiedchinese.GB18030.NewDecoder())(b)) }},
		{class: "E36", name: "every letter escaped", header: typed("application/json"), body: func(leak []byte) []byte {
			return []byte("[" + string(each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				fmt.Fprintf(b, "{\"e\":\"%s\",\"n\":\"%s\"},", escaped(p.email), escaped(p.nhs))
			})) + "null]")
		}, undo: unescaped, few: true},
		{class: "E37", name: "the same key twice", header: typed("application/json"), body: around("[", `{"email":"%s","nhs":"%s","email":"x","nhs":"y"},`, "null]"), few: true},
		{class: "E37", name: "comments and single quotes", header: typed("application/json"), body: around("[", `/* a */ {'email':'%s', // b`+"\n"+`nhs:'%s',},`, "]")},
		{class: "E37", name: "numbers written large", header: typed("application/json"), body: func(leak []byte) []byte {
			return []byte("[" + string(each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				digits := strings.ReplaceAll(p.nhs, " ", "")
				fmt.Fprintf(b, "{\"nhs_number\":%s.%se9},", digits[:1], digits[1:])
			})) + "null]")
		}},
		{class: "E38", name: "an array of digits", header: typed("application/json"), body: func(leak []byte) []byte {
			return []byte("[" + string(each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				fmt.Fprintf(b, "{\"nhs_number\":[%s]},", strings.Join(strings.Split(strings.ReplaceAll(p.nhs, " ", ""), ""), ","))
			})) + "null]")
		}},
		{class: "E38", name: "an array of letters", header: typed("application/json"), body: func(leak []byte) []byte {
			return []byte("[" + string(each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
				fmt.Fprintf(b, "{\"email\":[\"%s\"]},", strings.Join(strings.Split(p.email, ""), `","`))
			})) + "null]")
		}, undo: func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`","`), nil) }},
	}
}

// grpcFrames writes each person as a message of field 1 (name), 2 (e-mail address) and 3 (NHS number).
func grpcFrames(leak []byte) []byte {
	return each(leak, func(b *bytes.Buffer, n int, p demoPerson) { grpcFrame(b, 0, protobufOf(p.name, p.email, p.nhs)) })
}

func grpcGzipped(leak []byte) []byte {
	return each(leak, func(b *bytes.Buffer, n int, p demoPerson) {
		grpcFrame(b, 1, gzipped(protobufOf(p.name, p.email, p.nhs)))
	})
}

func grpcFrame(b *bytes.Buffer, flag byte, message []byte) {
	b.WriteByte(flag)
	binary.Write(b, binary.BigEndian, uint32(len(message)))
	b.Write(message)
}

func protobufOf(fields ...string) []byte {
	var b []byte
	for i, field := range fields {
		b = append(b, byte(i+1)<<3|2, byte(len(field)))
		b = append(b, field...)
	}
	return b
}

func grpcUnzipped(body []byte) []byte {
	var all []byte
	for len(body) >= 5 {
		n := int(binary.BigEndian.Uint32(body[1:]))
		if n > len(body)-5 {
			break
		}
		all = append(all, gunzipped(body[5:5+n])...)
		body = body[5+n:]
	}
	return all
}

func unbase64(body []byte) []byte {
	text, _ := io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(body))) // as far as it goes
	return append(text, body...)
}

func inParts(coding, contentType string) func([]byte) []byte {
	return func(leak []byte) []byte {
		var b bytes.Buffer
		b.WriteString("--frontier\r\nContent-Type: text/plain\r\n\r\nnothing to see\r\n--frontier\r\nContent-Type: " + contentType + "\r\nContent-Transfer-Encoding: " + coding + "\r\n\r\n")
		if coding == "base64" {
			for encoded := base64.StdEncoding.EncodeToString(leak); encoded != ""; {
				n := min(len(encoded), 76)
				b.WriteString(encoded[:n] + "\r\n")
				encoded = encoded[n:]
			}
		} else {
			w := quotedprintable.NewWriter(&b)
			w.Write(bytes.ReplaceAll(leak, []byte("@"), []byte("@\u00ad")))
			w.Close()
		}
		b.WriteString("\r\n--frontier--\r\n")
		return b.Bytes()
	}
}

func partsDecoded(body []byte) []byte {
	all := append([]byte(nil), body...)
	r := multipart.NewReader(bytes.NewReader(body), "frontier")
	for {
		part, err := r.NextRawPart()
		if err != nil {
			return bytes.ReplaceAll(all, []byte("\u00ad"), nil)
		}
		text, _ := io.ReadAll(part) // a cut part is read as far as it goes
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			text = unbase64(text)
		} else {
			text, _ = io.ReadAll(quotedprintable.NewReader(bytes.NewReader(text)))
		}
		all = append(all, text...)
	}
}

// utf7Encoded writes digits and '@' in the long form of RFC 2152.
func utf7Encoded(leak []byte) []byte {
	return regexp.MustCompile(`[0-9@]+`).ReplaceAllFunc(leak, func(run []byte) []byte {
		wide, _ := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes(run)
		return []byte("+" + base64.RawStdEncoding.EncodeToString(wide) + "-")
	})
}

func utf7Decoded(body []byte) []byte {
	return regexp.MustCompile(`\+[A-Za-z0-9/+]+-`).ReplaceAllFunc(body, func(run []byte) []byte {
		wide, err := base64.RawStdEncoding.DecodeString(string(run[1 : len(run)-1]))
		if err != nil {
			return run
		}
		text, _ := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Bytes(wide)
		return text
	})
}

// widened writes ASCII letters and digits in their full width.
func widened(b []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r - '!' + '！'
		}
		return r
	}, b)
}

func narrowed(b []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, b)
}

func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, `\u%04X`, r)
	}
	return b.String()
}

func unescaped(body []byte) []byte {
	return regexp.MustCompile(`\\u00[0-9A-Fa-f]{2}`).ReplaceAllFunc(body, func(run []byte) []byte {
		var r rune
		fmt.Sscanf(string(run[2:]), "%X", &r)
		return []byte(string(r))
	})
}
