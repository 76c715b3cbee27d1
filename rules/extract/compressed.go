package extract

import (
	"bufio"
	"compress/bzip2"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"

	"stanch/rules"
)

// maxMembers bounds the gzip members of one file: a flood of empty ones costs time and yields nothing (CVE-2022-30631).
const maxMembers = 10_000

// readCompressed reads a file that is one compressed stream, such as notes.csv.gz.
func readCompressed(s *source) (rules.Format, outcome) {
	raw := bufio.NewReader(io.NewSectionReader(s.file, 0, s.size))
	name := strings.TrimSuffix(s.name, ".tgz")
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	var content io.Reader
	var err error
	switch s.format {
	case rules.GZIP:
		content = &gzipReader{raw: raw, header: func(h *gzip.Header) {
			w := s.text()
			w.writeString(h.Name)
			w.line()
			w.writeString(h.Comment)
			w.line()
			w.flush()
		}}
	case rules.BZIP2:
		content = bzip2.NewReader(raw)
	case rules.XZ:
		content = &xzReader{raw: raw}
	case rules.ZSTD:
		decoder, e := newZSTD(raw)
		if err = e; e == nil {
			defer decoder.Close()
			content = decoder
		}
	}
	if err != nil {
		return s.format, unscannable(rules.Corrupt)
	}
	if !s.meter.entry() {
		return s.format, unscannable(s.meter.reason)
	}
	return s.format, s.member(name, &meteredReader{s.meter, content})
}

// gzipReader reads all members of a gzip file. Bytes behind the last member that are no padding are an error: they would reach
// the client unread.
type gzipReader struct {
	raw     *bufio.Reader
	member  *gzip.Reader
	inside  bool // a member is being read
	members int
	header  func(*gzip.Header)
}

// Read implements io.Reader.
func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		if !g.inside {
			if err := g.next(); err != nil {
				return 0, err
			}
		}
		n, err := g.member.Read(p)
		if err == io.EOF {
			g.inside, err = false, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next starts on the next member, or returns io.EOF behind the last one.
func (g *gzipReader) next() error {
	for g.members > 0 {
		b, err := g.raw.Peek(1)
		if err != nil {
			return io.EOF
		}
		if b[0] != 0 {
			break
		}
		g.raw.Discard(1)
	}
	if g.members++; g.members > maxMembers {
		return errTooLarge
	}
	var err error
	if g.member == nil {
		g.member, err = gzip.NewReader(g.raw)
	} else {
		err = g.member.Reset(g.raw)
	}
	if err != nil {
		return errCorrupt
	}
	g.member.Multistream(false)
	g.header(&g.member.Header)
	g.inside = true
	return nil
}
