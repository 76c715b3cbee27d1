package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// leakLine is a leak in one line, for places that take no more.
func leakLine() string {
	var b strings.Builder
	for n := range leakPeople {
		b.WriteString(demoPersonNumber(n).email + " ")
	}
	return b.String()
}

const chunkedHead = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n"

// messageEvasions hide people in the message rather than in its body.
func messageEvasions() []evasionCase {
	raw := func(w *evasionWorld) int { return countLeaked(w.rawGet("TE: trailers\r\n")) }
	return []evasionCase{
		{class: "E10", name: "an address in each chunk's extension", ask: raw, serve: func(w http.ResponseWriter, r *http.Request) {
			var b strings.Builder
			b.WriteString(chunkedHead + "\r\n")
			for n := range leakPeople {
				b.WriteString("5;mail=\"" + demoPersonNumber(n).email + "\"\r\nline\n\r\n")
			}
			rawAnswer(b.String()+"0\r\n\r\n")(w, r)
		}},
		{class: "E11", name: "in a trailer that is not announced", ask: raw, serve: rawAnswer(chunkedHead + "\r\n3\r\nok\n\r\n0\r\nX-People: " + leakLine() + "\r\n\r\n")},
		{class: "E11", name: "in a trailer that is announced", ask: raw, serve: rawAnswer(chunkedHead + "Trailer: X-People\r\n\r\n3\r\nok\n\r\n0\r\nX-People: " + leakLine() + "\r\n\r\n")},
		{class: "E11", name: "in grpc-message", ask: raw, serve: rawAnswer(chunkedHead + "Trailer: Grpc-Message\r\n\r\n3\r\nok\n\r\n0\r\nGrpc-Message: " + leakLine() + "\r\n\r\n")},
		{class: "E12", name: "in the Link fields of a 103", ask: raw,
			serve: rawAnswer("HTTP/1.1 103 Early Hints\r\nLink: </" + leakLine() + ">\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n")},
		{class: "E12", name: "in a 102", ask: raw,
			serve: rawAnswer("HTTP/1.1 102 Processing\r\nX-People: " + leakLine() + "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n")},
		{class: "E13", name: "a protocol of its own behind a 101", serve: rawAnswer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: own\r\nConnection: Upgrade\r\n\r\n" + leakLine()),
			ask: func(w *evasionWorld) int {
				return countLeaked(w.rawAsk("GET " + w.path + " HTTP/1.1\r\nHost: site\r\nConnection: Upgrade, close\r\nUpgrade: own\r\n\r\n"))
			}},
		{class: "E13", name: "a WebSocket on a route that has none", ask: func(w *evasionWorld) int {
			return countLeaked(w.rawAsk("GET " + w.path + " HTTP/1.1\r\nHost: site\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
		}, serve: rawAnswer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x7e\x10\x00" + leakLine())},
		{class: "E13", name: "a WebSocket where it is allowed, a message for each person", ask: askSocket("whole")},
		{class: "E13", name: "the same, each message in two fragments", ask: askSocket("fragments")},
		{class: "E13", name: "the same, in compressed messages", ask: askSocket("compressed")},
		{class: "E14", name: "CONNECT to the site itself", ask: func(w *evasionWorld) int {
			return countLeaked(w.rawAsk("CONNECT site:80 HTTP/1.1\r\nHost: site:80\r\nConnection: close\r\n\r\n"))
		}},
		{class: "E15", name: "slices of 600 bytes, one request each", serve: serveRanges, ask: askInSlices},
		{class: "E15", name: "a 206 that nobody asked for", status: http.StatusPartialContent, header: csvAs("Content-Range", "bytes 0-4000/90000")},
		{class: "E16", name: "many ranges in one answer", serve: serveRanges, ask: func(w *evasionWorld) int {
			return countLeaked(w.rawGet("Range: bytes=0-599,600-1199,1200-1799,1800-2399,2400-\r\n"))
		}},
		{class: "E16", name: "multipart/byteranges that nobody asked for", status: http.StatusPartialContent, header: map[string]string{"Content-Type": "multipart/byteranges; boundary=b"},
			body: func(leak []byte) []byte {
				return []byte("--b\r\nContent-Type: text/csv\r\nContent-Range: bytes 0-99/9999\r\n\r\n" + string(leak) + "\r\n--b--\r\n")
			}},
		{class: "E17", name: "a redacted page must not carry the validators of the whole", ask: askForValidators, serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			w.Header().Set("ETag", `"whole"`)
			w.Header().Set("Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ==")
			w.Header().Set("Repr-Digest", "sha-256=:AAAA:")
			w.Write(evasionLeak(redactFrom))
		}},
		{class: "E18", name: "a 226 with a delta", status: http.StatusIMUsed, header: csvAs("IM", "vcdiff")},
		{class: "E18", name: "A-IM does not reach the application", serve: tellOf("A-Im"), ask: askWithout("A-IM: vcdiff\r\n")},
		{class: "E19", name: "in Set-Cookie", ask: raw, serve: headerLeak("Set-Cookie", "seen=%s")},
		{class: "E19", name: "in a field of its own, percent-encoded", ask: func(w *evasionWorld) int { return countLeaked(percentDecoded(w.rawGet())) },
			serve: headerLeak("X-People", "%s", percentEncoded)},
		{class: "E19", name: "in Location", ask: raw, serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/next?to="+strings.ReplaceAll(leakLine(), " ", ","))
			w.WriteHeader(http.StatusFound)
		}},
		{class: "E19", name: "in the answer to HEAD", serve: headerLeak("X-People", "%s"),
			ask: func(w *evasionWorld) int {
				return countLeaked(w.rawAsk("HEAD " + w.path + " HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n"))
			}},
		{class: "E20", name: "in the reason phrase", ask: raw, serve: rawAnswer("HTTP/1.1 200 " + leakLine() + "\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n")},
		{class: "E21", name: "Alt-Svc to another port", serve: headerText("Alt-Svc", `h2=":8081"; ma=86400`), ask: fieldThrough("Alt-Svc", ":8081")},
		{class: "E21", name: "Location with the application's own address", serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "http://"+r.Context().Value(http.LocalAddrContextKey).(net.Addr).String()+"/list")
			w.WriteHeader(http.StatusFound)
		}, ask: fieldThrough("Location", "127.0.0.1")},
		{class: "E22", name: "a client that allows push", ask: askForPush},
		{class: "E48", name: "enciphered by the application, deciphered by a script of the page", missed: true, header: map[string]string{"Content-Type": "text/plain"}, body: enciphered, undo: deciphered},
		{class: "E49", name: "a picture of the list", missed: true, header: map[string]string{"Content-Type": "image/png"}, body: picture, undo: seen},
		{class: "E72", name: "the list as JSON by ?format=", serve: serveFormats, ask: func(w *evasionWorld) int {
			return w.most([]string{"?format=json", "?format=xml", "?format=yaml", "?format=txt", "?format=html"})
		}},
		{class: "E72", name: "the list by another method", serve: serveFormats, ask: func(w *evasionWorld) int {
			most := 0
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"} {
				most = max(most, countLeaked(w.rawAsk(method+" "+w.path+" HTTP/1.1\r\nHost: site\r\nConnection: close\r\nContent-Length: 0\r\nX-HTTP-Method-Override: GET\r\n\r\n")))
			}
			return most
		}},
		{class: "E73", name: "a dump in a 500", status: http.StatusInternalServerError, header: map[string]string{"Content-Type": "text/html"},
			body: func(leak []byte) []byte {
				return []byte("<h1>Server error</h1><pre>applicants = " + string(leak) + "</pre>")
			}},
		{class: "E73", name: "a list in a 404", status: http.StatusNotFound, header: csvAs()},
		{class: "E76", name: "the client's own words, given back by the page", passes: true, ask: askForEcho, serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, "<p>Nothing was found for %s</p>", r.URL.Query().Get("q"))
		}},
	}
}

// askForEcho searches for forty addresses on a page that repeats what was searched for.
func askForEcho(w *evasionWorld) int {
	return countLeaked(w.rawAsk("GET " + w.path + "?q=" + strings.ReplaceAll(strings.TrimSpace(leakLine()), " ", "%20") + " HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n"))
}

// most asks for several queries and returns the most people that one of them gave.
func (w *evasionWorld) most(queries []string) int {
	most := 0
	for _, query := range queries {
		for protocol, client := range evasionClients() {
			most = max(most, countLeaked(w.get(client, protocol, w.process.site+w.path+query)))
			client.CloseIdleConnections()
		}
	}
	return most
}

func serveRanges(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/csv")
	http.ServeContent(w, r, "list.csv", time.Unix(1_700_000_000, 0), bytes.NewReader(evasionLeak(leakPeople)))
}

// askInSlices puts the list together from ranges that each hold few people.
func askInSlices(w *evasionWorld) int {
	var all []byte
	for from := 0; from < len(evasionLeak(leakPeople)); from += 600 {
		all = append(all, w.rawGet(fmt.Sprintf("Range: bytes=%d-%d\r\n", from, from+599))...)
	}
	return countLeaked(all)
}

// askForValidators counts all people as through when a redacted answer can be told apart from none by the whole's validators.
func askForValidators(w *evasionWorld) int {
	all := w.rawGet()
	for _, field := range []string{"\"whole\"", "Content-Md5", "Content-MD5", "Repr-Digest"} {
		if bytes.Contains(all, []byte(field)) {
			return leakPeople
		}
	}
	if !bytes.Contains(bytes.ToLower(all), []byte("no-store")) {
		return leakPeople
	}
	return countLeaked(all)
}

const reached = "the field has reached the application\n"

// tellOf tells whether a request's field reached the application.
func tellOf(field string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		if r.Header.Get(field) != "" {
			io.WriteString(w, reached)
			return
		}
		io.WriteString(w, "nothing\n")
	}
}

// askWithout counts all people as through when the field reaches the application: it could answer in a way that is not read.
func askWithout(field string) func(*evasionWorld) int {
	return func(w *evasionWorld) int {
		all := w.rawGet(field)
		w.answer += ", " + strings.SplitN(field, ":", 2)[0] + " does not reach the application"
		if bytes.Contains(all, []byte(reached)) {
			return leakPeople
		}
		return 0
	}
}

func headerText(field, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set(field, value)
		w.Write([]byte("ok\n"))
	}
}

// headerLeak serves a field for each person.
func headerLeak(field, form string, encode ...func([]byte) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		for n := range leakPeople {
			value := []byte(demoPersonNumber(n).email)
			for _, f := range encode {
				value = f(value)
			}
			w.Header().Add(field, fmt.Sprintf(form, value))
		}
		w.Write([]byte("ok\n"))
	}
}

// fieldThrough counts all people as through when a field arrives with a text in it.
func fieldThrough(field, text string) func(*evasionWorld) int {
	return func(w *evasionWorld) int {
		head, _, _ := bytes.Cut(w.rawGet(), []byte("\r\n\r\n"))
		for line := range bytes.Lines(head) {
			if name, value, _ := bytes.Cut(line, []byte(":")); strings.EqualFold(string(name), field) && bytes.Contains(value, []byte(text)) {
				w.answer += ", " + string(bytes.TrimSpace(line))
				return leakPeople
			}
		}
		return 0
	}
}

// askForPush speaks HTTP/2 frame by frame with push enabled.
func askForPush(w *evasionWorld) int {
	connection := w.dial()
	defer connection.Close()
	io.WriteString(connection, http2.ClientPreface)
	framer := http2.NewFramer(connection, connection)
	framer.WriteSettings(http2.Setting{ID: http2.SettingEnablePush, Val: 1})
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range [][2]string{{":method", "GET"}, {":scheme", "http"}, {":authority", "site"}, {":path", w.path}} {
		encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]})
	}
	framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndStream: true, EndHeaders: true})
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			w.t.Fatalf("the connection ended before the answer: %v", err)
		}
		switch frame := frame.(type) {
		case *http2.PushPromiseFrame:
			return leakPeople
		case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			w.answer = "reset"
			return 0
		case *http2.DataFrame, *http2.HeadersFrame:
			if frame.Header().Flags.Has(http2.FlagDataEndStream) {
				w.answer = "nothing was pushed"
				return 0
			}
		}
	}
}

// serveFormats writes the list in the format asked for.
func serveFormats(w http.ResponseWriter, r *http.Request) {
	form := map[string][2]string{"json": {`{"email":"%s","nhs":"%s"}` + "\n", "application/json"}, "xml": {"<p><email>%s</email><nhs>%s</nhs></p>\n", "application/xml"},
		"yaml": {"- email: %s\n  nhs: %s\n", "application/yaml"}, "txt": {"%s %s\n", "text/plain"}, "html": {"<li>%s <i>%s</i></li>\n", "text/html"}}[r.URL.Query().Get("format")]
	if form[0] == "" {
		form = [2]string{"%s;%s\n", "text/csv"}
	}
	w.Header().Set("Content-Type", form[1])
	for n := range leakPeople {
		p := demoPersonNumber(n)
		fmt.Fprintf(w, form[0], p.email, p.nhs)
	}
}

var evasionKey = []byte("0123456789abcdef")

// enciphered is base64-free: AES-CTR, as letters.
func enciphered(leak []byte) []byte { return []byte(fmt.Sprintf("%X", aesCTR(leak))) }

func deciphered(body []byte) []byte {
	raw := make([]byte, len(body)/2)
	if _, err := fmt.Sscanf(string(body), "%X", &raw); err != nil {
		return body
	}
	return aesCTR(raw)
}

func aesCTR(text []byte) []byte {
	block, err := aes.NewCipher(evasionKey)
	if err != nil {
		panic(err)
	}
	out := make([]byte, len(text))
	cipher.NewCTR(block, evasionKey).XORKeyStream(out, text)
	return out
}

// picture carries a leak in the gray of a PNG's pixels.
func picture(leak []byte) []byte {
	const width = 64
	gray := image.NewGray(image.Rect(0, 0, width, len(leak)/width+1))
	copy(gray.Pix, leak)
	var out bytes.Buffer
	if err := png.Encode(&out, gray); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func seen(body []byte) []byte {
	decoded, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		return body
	}
	return decoded.(*image.Gray).Pix
}

// askSocket reads messages on the route that allows WebSocket until the connection ends.
func askSocket(form string) func(*evasionWorld) int {
	return func(w *evasionWorld) int {
		all := w.rawAsk("GET /socket/" + form + " HTTP/1.1\r\nHost: site\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
		if form == "fragments" {
			all = bytes.ReplaceAll(all, []byte("\x80\x0A"), nil) // the head of each second fragment
		}
		return countLeaked(all)
	}
}

// serveSocket sends a message for each person, and then ends the connection.
func serveSocket(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	for n := range leakPeople {
		text := demoPersonNumber(n).email
		const behind = 10 // bytes in the second fragment
		switch strings.TrimPrefix(r.URL.Path, "/socket/") {
		case "fragments":
			b.WriteString("\x01" + string(rune(len(text)-behind)) + text[:len(text)-behind] + "\x80\x0A" + text[len(text)-behind:])
		case "compressed":
			b.WriteString("\xC1" + string(rune(len(text))) + text)
		default:
			b.WriteString("\x81" + string(rune(len(text))) + text)
		}
	}
	rawAnswer(b.String())(w, r)
}
