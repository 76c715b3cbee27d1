package main

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// packed passes a leak through a compressor.
func packed(open func(io.Writer) io.WriteCloser) func([]byte) []byte {
	return func(leak []byte) []byte {
		var out bytes.Buffer
		w := open(&out)
		w.Write(leak)
		w.Close()
		return out.Bytes()
	}
}

// unpacked reads what a compressor made, as far as it goes; what is not compressed is read as it is.
func unpacked(open func(io.Reader) (io.Reader, error)) func([]byte) []byte {
	return func(body []byte) []byte {
		r, err := open(bytes.NewReader(body))
		if err != nil {
			return body
		}
		text, _ := io.ReadAll(r) // what a cut left is read too
		return append(text, body...)
	}
}

var (
	gzipped    = packed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	zlibbed    = packed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	deflated   = packed(func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 6); return z })
	brotlied   = packed(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	zstandard  = packed(func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z })
	gunzipped  = unpacked(func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) })
	unzlibbed  = unpacked(func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) })
	inflated   = unpacked(func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil })
	unbrotlied = unpacked(func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil })
	unzstd     = unpacked(func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) })
)

func twice(f func([]byte) []byte) func([]byte) []byte {
	return func(b []byte) []byte { return f(f(b)) }
}

// csvAs is the head of a CSV with some more fields.
func csvAs(fields ...string) map[string]string {
	head := map[string]string{"Content-Type": "text/csv; charset=utf-8"}
	for i := 0; i+1 < len(fields); i += 2 {
		head[fields[i]] = fields[i+1]
	}
	return head
}

func codingEvasions() []evasionCase {
	gunzipTwice := twice(gunzipped)
	return []evasionCase{
		{class: "E1", name: "gzip", header: csvAs("Content-Encoding", "gzip"), body: gzipped, undo: gunzipped, few: true},
		{class: "E1", name: "deflate", header: csvAs("Content-Encoding", "deflate"), body: zlibbed, undo: unzlibbed, few: true},
		{class: "E1", name: "br", header: csvAs("Content-Encoding", "br"), body: brotlied, undo: unbrotlied, few: true},
		{class: "E1", name: "zstd", header: csvAs("Content-Encoding", "zstd"), body: zstandard, undo: unzstd, few: true},
		{class: "E2", name: "plain text that says gzip", header: csvAs("Content-Encoding", "gzip")},
		{class: "E2", name: "plain text that says br", header: csvAs("Content-Encoding", "br")},
		{class: "E3", name: "gzip without a header", header: map[string]string{"Content-Type": "application/octet-stream"}, body: gzipped, undo: gunzipped, few: true},
		{class: "E3", name: "zstd without a header, called a picture", header: map[string]string{"Content-Type": "image/png"}, body: zstandard, undo: unzstd, few: true},
		{class: "E4", name: "gzip, gzip", header: csvAs("Content-Encoding", "gzip, gzip"), body: twice(gzipped), undo: gunzipTwice, few: true},
		{class: "E4", name: "gzip of brotli", header: csvAs("Content-Encoding", "br, gzip"), body: func(b []byte) []byte { return gzipped(brotlied(b)) },
			undo: func(b []byte) []byte { return unbrotlied(gunzipped(b)) }},
		{class: "E4", name: "three layers", header: csvAs("Content-Encoding", "gzip, gzip, gzip"), body: func(b []byte) []byte { return gzipped(gzipped(gzipped(b))) },
			undo: func(b []byte) []byte { return gunzipped(gunzipTwice(b)) }},
		{class: "E4", name: "two fields, one a layer", serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Encoding"] = []string{"gzip", "gzip"}
			w.Write(gzipped(gzipped(evasionLeak(leakPeople))))
		}, undo: gunzipTwice},
		{class: "E5", name: "compress", header: csvAs("Content-Encoding", "compress")},
		{class: "E5", name: "aes128gcm", header: csvAs("Content-Encoding", "aes128gcm")},
		{class: "E5", name: "a dictionary of the client's (dcz)", header: csvAs("Content-Encoding", "dcz"), body: zstandard, undo: unzstd},
		{class: "E6", name: "raw deflate", header: csvAs("Content-Encoding", "deflate"), body: deflated, undo: inflated, few: true},
		{class: "E7", name: "people in the second member", header: csvAs("Content-Encoding", "gzip"),
			body: func(b []byte) []byte { return append(gzipped([]byte("nothing to see\n")), gzipped(b)...) }, undo: gunzipped, few: true},
		{class: "E7", name: "a thousand empty members first", header: csvAs("Content-Encoding", "gzip"),
			body: func(b []byte) []byte { return append(bytes.Repeat(gzipped(nil), 1000), gzipped(b)...) }, undo: gunzipped},
		{class: "E7", name: "plain text behind the last member", header: csvAs("Content-Encoding", "gzip"),
			body: func(b []byte) []byte { return append(gzipped([]byte("nothing to see\n")), b...) }},
		{class: "E8", name: "256 MiB of zeros, then the people", header: csvAs("Content-Encoding", "gzip"), body: bombThen, undo: lastOfGzip},
		{class: "E70", name: "8 MiB of harmless lines, then the people", header: csvAs(),
			body: func(b []byte) []byte {
				return append(bytes.Repeat([]byte("row,of,nothing,at,all\r\n"), 8<<20/23), b...)
			}},
		{class: "E71", name: "people first, then 4 MiB of harmless lines", header: csvAs(),
			body: func(b []byte) []byte {
				return append(b, bytes.Repeat([]byte("row,of,nothing,at,all\r\n"), 4<<20/23)...)
			}},
		{class: "E71", name: "people first, then a long pause", serve: func(w http.ResponseWriter, r *http.Request) {
			leak := evasionLeak(leakPeople)
			for len(leak) > 0 {
				n := min(len(leak), 64)
				w.Write(leak[:n])
				http.NewResponseController(w).Flush()
				leak = leak[n:]
			}
			<-r.Context().Done() // never an end
		}, ask: askUntilCut},
		{class: "E9", name: "flushed every three bytes", serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			leak := evasionLeak(leakPeople)
			for len(leak) > 0 {
				n := min(len(leak), 3)
				w.Write(leak[:n])
				http.NewResponseController(w).Flush()
				leak = leak[n:]
			}
		}},
	}
}

// bombThen hides a leak behind what inflates a thousandfold.
func bombThen(leak []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	zeros := make([]byte, 1<<20)
	for range 256 {
		w.Write(zeros)
	}
	w.Write(leak)
	w.Close()
	return out.Bytes()
}

// lastOfGzip keeps the end of what a gzip holds.
func lastOfGzip(body []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body
	}
	last := make([]byte, 0, 2<<20)
	buffer := make([]byte, 1<<16)
	for {
		n, err := r.Read(buffer)
		if last = append(last, buffer[:n]...); len(last) > 1<<20 {
			last = append(last[:0], last[len(last)-1<<19:]...)
		}
		if err != nil {
			return last
		}
	}
}

// askUntilCut reads an answer that does not end by itself: it is cut, or it pauses with what it let out.
func askUntilCut(w *evasionWorld) int {
	connection := w.dial()
	defer connection.Close()
	fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: site\r\n\r\n", w.path)
	all := readUntilQuiet(connection)
	line, _, _ := strings.Cut(string(all), "\r\n")
	w.answer = strings.TrimPrefix(line, "HTTP/1.1 ")
	return countLeaked(all)
}
