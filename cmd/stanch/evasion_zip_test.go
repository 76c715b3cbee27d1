package main

import (
	"archive/tar"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// ZIP methods (APPNOTE.TXT, section 4.4.5).
const (
	zipStored    = 0
	zipDeflated  = 8
	zipDeflate64 = 9
	zipZstandard = 93
	zipXZ        = 95
	zipPPMd      = 98
)

// A zipMember is one file of a ZIP, each of whose two heads may say what it likes.
type zipMember struct {
	name, local string // local is the name in the local header; "" stands for the same
	method      uint16
	flags       uint16
	content     []byte // as it stands in the file
	size        int    // as both heads say; 0 stands for the length of content
	hidden      bool   // the central directory does not name it
	at          int    // 1-based number of the member whose local header the central directory gives for this one; 0 is its own
}

// zipOf writes members and a central directory with so many entries; -1 counts them.
func zipOf(count int, members ...zipMember) []byte {
	var out, directory bytes.Buffer
	offsets, sums := make([]int, len(members)), make([]uint32, len(members))
	named := 0
	put := func(b *bytes.Buffer, values ...any) {
		for _, value := range values {
			binary.Write(b, binary.LittleEndian, value)
		}
	}
	for i, m := range members {
		offsets[i] = out.Len()
		size, local := m.size, m.local
		if size == 0 {
			size = len(m.content)
		}
		if local == "" {
			local = m.name
		}
		if m.at == 0 {
			sums[i] = crc32.ChecksumIEEE(plainOf(m))
			put(&out, uint32(0x04034b50), uint16(20), m.flags, m.method, uint32(0), sums[i], uint32(len(m.content)), uint32(size), uint16(len(local)), uint16(0), []byte(local), m.content)
		} else {
			offsets[i], sums[i] = offsets[m.at-1], sums[m.at-1]
		}
		if m.hidden {
			continue
		}
		named++
		put(&directory, uint32(0x02014b50), uint16(20), uint16(20), m.flags, m.method, uint32(0), sums[i], uint32(len(m.content)), uint32(size),
			uint16(len(m.name)), uint16(0), uint16(0), uint16(0), uint16(0), uint32(0), uint32(offsets[i]), []byte(m.name))
	}
	if count < 0 {
		count = named
	}
	start := out.Len()
	out.Write(directory.Bytes())
	put(&out, uint32(0x06054b50), uint32(0), uint16(count), uint16(count), uint32(directory.Len()), uint32(start), uint16(0))
	return out.Bytes()
}

// plainOf is what a member holds, as far as its method is one of those here.
func plainOf(m zipMember) []byte {
	switch m.method {
	case zipDeflated, zipDeflate64:
		text, _ := io.ReadAll(flate.NewReader(bytes.NewReader(m.content)))
		return text
	case zipZstandard:
		return unzstd(m.content)[:max(0, len(unzstd(m.content))-len(m.content))]
	case zipXZ:
		return unxz(m.content)[:max(0, len(unxz(m.content))-len(m.content))]
	}
	return m.content
}

var (
	xzed = packed(func(w io.Writer) io.WriteCloser { z, _ := xz.NewWriter(w); return z })
	unxz = unpacked(func(r io.Reader) (io.Reader, error) { return xz.NewReader(r) })
	// huffman makes deflate without references, which deflate64 reads alike.
	huffman = packed(func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, flate.HuffmanOnly); return z })
)

// unzipped reads each local header of a ZIP, wherever it stands, as the most curious reader does, and archives within.
func unzipped(body []byte) []byte { return unzippedTo(body, 8) }

func unzippedTo(body []byte, depth int) []byte {
	all := bytes.Clone(body)
	for rest := body; depth > 0; {
		_, found, ok := bytes.Cut(rest, []byte("PK\x03\x04"))
		if rest = found; !ok {
			break
		}
		if len(rest) < 26 {
			break
		}
		method, name, extra := binary.LittleEndian.Uint16(rest[4:]), int(binary.LittleEndian.Uint16(rest[22:])), int(binary.LittleEndian.Uint16(rest[24:]))
		if 26+name+extra > len(rest) {
			break
		}
		content := rest[26+name+extra:]
		if size := int(binary.LittleEndian.Uint32(rest[14:])); size > 0 && size <= len(content) {
			content = content[:size]
		}
		if method != zipStored {
			all = append(all, unzippedTo(plainOf(zipMember{method: method, content: content}), depth-1)...)
		}
	}
	return all
}

func zipEvasions() []evasionCase {
	asZIP := map[string]string{"Content-Type": "application/zip"}
	harmless := zipMember{name: "readme.txt", content: []byte("There is nothing in here.\n")}
	list := func(leak []byte) zipMember {
		return zipMember{name: "list.csv", method: zipDeflated, content: deflated(leak), size: len(leak)}
	}
	cases := []evasionCase{
		{class: "E29", name: "a page with a ZIP at its end", header: typed("text/html"), body: func(leak []byte) []byte {
			return append([]byte("<!doctype html><title>Welcome</title><p>Nothing to see here.</p>\n"), zipOf(-1, list(leak))...)
		}},
		{class: "E29", name: "a picture with a ZIP at its end", header: typed("image/png"), body: func(leak []byte) []byte {
			return append(picture([]byte("a picture")), zipOf(-1, list(leak))...)
		}},
		{class: "E29", name: "a PDF with a ZIP at its end", header: typed("application/pdf"), body: func(leak []byte) []byte {
			return append(pdfOf("BT (Nothing to see) Tj ET", nil), zipOf(-1, list(leak))...)
		}},
		{class: "E29", name: "a picture's head, then a CSV", header: typed("image/gif"), body: func(leak []byte) []byte { return append([]byte("GIF89a=1;\n"), leak...) }},
		{class: "E29", name: "a large picture with a CSV behind its end", header: typed("image/png"), body: func(leak []byte) []byte {
			return append(picture(noise(3<<20)), leak...)
		}},
		{class: "E50", name: "a member that the directory does not name", body: func(leak []byte) []byte {
			m := list(leak)
			m.hidden = true
			return zipOf(-1, harmless, m)
		}},
		{class: "E50", name: "another name in the local header", body: func(leak []byte) []byte {
			m := list(leak)
			m.name, m.local = "logo.png", "list.csv"
			return zipOf(-1, m)
		}},
		{class: "E50", name: "the same name twice", body: func(leak []byte) []byte {
			m := list(leak)
			m.name = harmless.name
			return zipOf(-1, m, harmless)
		}},
		{class: "E50", name: "a size that is too small", body: func(leak []byte) []byte {
			m := list(leak)
			m.size = 60
			return zipOf(-1, m)
		}},
		{class: "E50", name: "plain text before the first member", body: func(leak []byte) []byte { return append(bytes.Clone(leak), zipOf(-1, harmless)...) }},
		{class: "E51", name: "the people in the first of two", body: func(leak []byte) []byte { return append(zipOf(-1, list(leak)), zipOf(-1, harmless)...) }},
		{class: "E51", name: "the people in the second of two", body: func(leak []byte) []byte { return append(zipOf(-1, harmless), zipOf(-1, list(leak))...) }},
		{class: "E52", name: "two thousand members in one place", body: func(leak []byte) []byte {
			members := []zipMember{{name: "0", method: zipDeflated, content: deflated(append(make([]byte, 4<<20), leak...)), size: 4<<20 + len(leak)}}
			for n := range 2000 {
				m := members[0]
				m.name, m.at = fmt.Sprint(n+1), 1
				members = append(members, m)
			}
			return zipOf(-1, members...)
		}},
		{class: "E53", name: "a ZIP in a ZIP", few: true, body: nested(2)},
		{class: "E53", name: "seven ZIPs in one another", body: nested(7)},
		{class: "E53", name: "gzip of tar of ZIP", header: typed("application/gzip"), few: true, undo: func(b []byte) []byte { return unzipped(gunzipped(b)) },
			body: func(leak []byte) []byte { return gzipped(tarOf("list.zip", zipOf(-1, list(leak)))) }},
		{class: "E54", name: "Deflate64", few: true, body: func(leak []byte) []byte {
			return zipOf(-1, zipMember{name: "list.csv", method: zipDeflate64, content: huffman(leak), size: len(leak)})
		}},
		{class: "E54", name: "Zstandard", few: true, body: func(leak []byte) []byte {
			return zipOf(-1, zipMember{name: "list.csv", method: zipZstandard, content: zstdFrame(leak), size: len(leak)})
		}},
		{class: "E54", name: "XZ", body: func(leak []byte) []byte {
			return zipOf(-1, zipMember{name: "list.csv", method: zipXZ, content: xzed(leak), size: len(leak)})
		}},
		{class: "E54", name: "a method that nobody knows", undo: ciphered, body: func(leak []byte) []byte {
			return zipOf(-1, zipMember{name: "list.csv", method: zipPPMd, content: ciphered(leak), size: len(leak)})
		}},
		{class: "E55", name: "a member with a password", undo: aesCTRBehind("list.csv"), body: func(leak []byte) []byte {
			return zipOf(-1, zipMember{name: "list.csv", flags: 1, content: aesCTR(leak)})
		}},
		{class: "E55", name: "a member with a password, and the heads do not say so", undo: aesCTRBehind("list.csv"), body: func(leak []byte) []byte {
			return zipOf(-1, zipMember{name: "list.csv", content: aesCTR(leak)})
		}},
		{class: "E55", name: "a PDF with a password", header: typed("application/pdf"), undo: aesCTRBehind("stream\n"), body: func(leak []byte) []byte {
			return pdfOf(string(aesCTR(leak)), []byte("/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O (00000000000000000000000000000000) /U (11111111111111111111111111111111) >>"))
		}},
		{class: "E55", name: "a 7z with a password", header: typed("application/x-7z-compressed"), undo: aesCTRBehind("7z\xBC\xAF\x27\x1C\x00\x04"),
			body: func(leak []byte) []byte { return append([]byte("7z\xBC\xAF\x27\x1C\x00\x04"), aesCTR(leak)...) }},
		{class: "E56", name: "a directory that counts one of two", body: func(leak []byte) []byte { return zipOf(1, harmless, list(leak)) }},
		{class: "E56", name: "a directory that counts none", body: func(leak []byte) []byte { return zipOf(0, list(leak)) }},
		{class: "E56", name: "20,000 members, the people in the last", body: func(leak []byte) []byte {
			var members []zipMember
			for n := range 20_000 {
				members = append(members, zipMember{name: fmt.Sprint(n)})
			}
			return zipOf(-1, append(members, list(leak))...)
		}},
		{class: "E56", name: "Zip64 where nothing is large", body: func(leak []byte) []byte {
			body := zipOf(-1, list(leak))
			end := body[len(body)-22:]
			copy(end[8:], []byte("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"))
			return body
		}},
	}
	for i := range cases {
		if cases[i].header == nil {
			cases[i].header = asZIP
		}
		if cases[i].undo == nil {
			cases[i].undo = unzipped
		}
	}
	return cases
}

// nested puts a leak into so many ZIPs, one in the other.
func nested(depth int) func([]byte) []byte {
	return func(leak []byte) []byte {
		name := "list.csv"
		for range depth {
			leak, name = zipOf(-1, zipMember{name: name, method: zipDeflated, content: deflated(leak), size: len(leak)}), "inner.zip"
		}
		return leak
	}
}

func tarOf(name string, content []byte) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))})
	w.Write(content)
	w.Close()
	return out.Bytes()
}

// zstdFrame compresses into a single frame that tells its size.
func zstdFrame(leak []byte) []byte {
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return encoder.EncodeAll(leak, nil)
}

// ciphered turns each bit around: a method that stanch cannot know and its reader does.
func ciphered(text []byte) []byte {
	out := make([]byte, len(text))
	for i, c := range text {
		out[i] = ^c
	}
	return out
}

// aesCTRBehind deciphers what stands behind a mark.
func aesCTRBehind(mark string) func([]byte) []byte {
	return func(body []byte) []byte {
		_, content, _ := bytes.Cut(body, []byte(mark))
		return aesCTR(content)
	}
}

// noise is text without a person that does not compress.
func noise(size int) []byte { return aesCTR(make([]byte, size)) }
