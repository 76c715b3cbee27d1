package extract

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"

	"stanch/rules"
)

// Limits of one message: parts within parts (RFC 2046 sets none; E27 asks for 4), parts in all, and the header of one part.
const (
	maxMIMEDepth   = 4
	maxMIMEParts   = 1000
	maxMailHeader  = 1 << 20
	maxMailLine    = 64 << 10
	maxMailCharset = 40 // bytes of a charset's name
)

// readMail reads a message, or the multipart body of an answer, with all its parts.
func readMail(s *source) (rules.Format, outcome) {
	m := &mailReader{source: s, out: s.text()}
	m.tally.read = true
	from := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, s.size), maxMailLine)
	if s.format == rules.Multipart {
		m.multipart(from, s.bareBoundary(), 0)
	} else {
		m.part(from, 0)
	}
	m.out.flush()
	m.tally.fail(s.meter.reason)
	return s.format, m.tally.outcome()
}

// bareBoundary is the boundary of a multipart body without a header: as declared, else as its first line shows.
func (s *source) bareBoundary() string {
	if _, parameters, err := mime.ParseMediaType(s.options.ContentType); err == nil && s.depth == 0 && parameters["boundary"] != "" {
		return parameters["boundary"]
	}
	var head [256]byte
	n, _ := s.file.ReadAt(head[:], 0)
	line, _, _ := bytes.Cut(bytes.TrimLeft(head[:n], "\r\n"), []byte("\n"))
	return strings.TrimPrefix(strings.TrimRight(string(line), "\r\n "), "--")
}

// A mailReader reads one message.
type mailReader struct {
	*source
	out   *textWriter
	tally tally
	parts int
}

// A mailHeader is what the header of a part says about its body.
type mailHeader struct {
	kind       string // media type, lower case
	boundary   string
	charset    string
	coding     string // content transfer encoding, lower case
	name       string // of an attachment
	attachment bool
}

// part reads a header and the body behind it.
func (m *mailReader) part(from *bufio.Reader, depth int) {
	if m.parts++; m.parts > maxMIMEParts {
		m.tally.fail(rules.TooLarge)
		return
	}
	header := m.header(from)
	if strings.HasPrefix(header.kind, "multipart/") && header.boundary != "" {
		if depth >= maxMIMEDepth {
			m.tally.fail(rules.TooDeep)
			m.plain(from, header)
			return
		}
		m.multipart(from, header.boundary, depth+1)
		return
	}
	body := transferDecoder(header.coding, from)
	switch {
	case header.kind == "message/rfc822" && depth < maxMIMEDepth:
		m.part(bufio.NewReaderSize(body, maxMailLine), depth+1)
	case header.kind == "text/plain" && !header.attachment:
		m.plain(body, header)
	default:
		m.attached(body, header)
	}
	io.Copy(io.Discard, from) // what the decoder left
}

// plain writes a body as running text.
func (m *mailReader) plain(body io.Reader, header mailHeader) {
	if decoder, err := htmlindex.Get(header.charset); err == nil && len(header.charset) < maxMailCharset {
		body = transform.NewReader(body, decoder.NewDecoder())
	}
	buffer := make([]byte, flatBuffer)
	for m.meter.ok() {
		n, err := body.Read(buffer)
		m.out.write(buffer[:n])
		if err != nil {
			break
		}
	}
	m.out.line()
}

// attached reads a body as the file that it is.
func (m *mailReader) attached(body io.Reader, header mailHeader) {
	name := header.name
	if name == "" {
		name = "part " + strconv.Itoa(m.parts)
		if strings.HasPrefix(header.kind, "text/") {
			name += "." + strings.TrimPrefix(header.kind, "text/")
		}
	}
	m.out.flush()
	m.tally.add(m.member(name, &meteredReader{m.meter, body}))
}

// header reads header lines up to an empty one, writes all of them, and keeps what matters. A first line of an mbox is one too.
func (m *mailReader) header(from *bufio.Reader) mailHeader {
	header := mailHeader{kind: "text/plain", coding: "7bit"}
	var field []byte
	for total := 0; total < maxMailHeader; {
		line, err := from.ReadSlice('\n')
		total += len(line)
		text := bytes.TrimRight(line, "\r\n")
		if len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
			field = append(append(field, ' '), bytes.TrimLeft(text, " \t")...)
		} else {
			m.field(&header, field)
			field = append(field[:0], text...)
		}
		if len(text) == 0 || err != nil && err != bufio.ErrBufferFull {
			break
		}
	}
	m.field(&header, field)
	return header
}

// field takes one header field: RFC 5322, with the encoded words of RFC 2047.
func (m *mailReader) field(header *mailHeader, field []byte) {
	if len(field) == 0 {
		return
	}
	words := mime.WordDecoder{CharsetReader: encodedWords}
	text := string(field)
	if decoded, err := words.DecodeHeader(text); err == nil {
		text = decoded
	}
	m.out.writeString(strings.ToValidUTF8(text, "\uFFFD"))
	m.out.line()
	name, value, found := strings.Cut(string(field), ":")
	if !found {
		return
	}
	value = strings.TrimSpace(value)
	switch strings.ToLower(name) {
	case "content-type":
		kind, parameters := mediaType(value)
		header.kind, header.boundary, header.charset = kind, parameters["boundary"], strings.ToLower(parameters["charset"])
		if header.name == "" {
			header.name = parameters["name"]
		}
	case "content-transfer-encoding":
		header.coding = strings.ToLower(value)
	case "content-disposition":
		kind, parameters := mediaType(value)
		header.attachment = kind == "attachment"
		if parameters["filename"] != "" {
			header.name = parameters["filename"]
		}
	case "content-location":
		if header.name == "" {
			header.name = value
		}
	}
}

// mediaType parses a value with parameters. One that breaks the rules is still read for its boundary: programs differ there.
func mediaType(value string) (string, map[string]string) {
	kind, parameters, err := mime.ParseMediaType(value)
	if err == nil {
		return kind, parameters
	}
	kind, rest, _ := strings.Cut(value, ";")
	parameters = map[string]string{}
	for _, p := range strings.Split(rest, ";") {
		key, v, _ := strings.Cut(p, "=")
		parameters[strings.ToLower(strings.TrimSpace(key))] = strings.Trim(strings.TrimSpace(v), `"`)
	}
	return strings.ToLower(strings.TrimSpace(kind)), parameters
}

func encodedWords(charset string, from io.Reader) (io.Reader, error) {
	e, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return transform.NewReader(from, e.NewDecoder()), nil
}

// multipart reads the parts between the lines of a boundary, and what stands before and behind them.
func (m *mailReader) multipart(from *bufio.Reader, boundary string, depth int) {
	lines := &boundaryReader{from: from, boundary: []byte("--" + strings.TrimRight(boundary, " "))}
	m.plain(lines, mailHeader{}) // the preamble
	for lines.more && m.meter.ok() && m.parts < maxMIMEParts {
		lines.nextPart()
		part := bufio.NewReaderSize(lines, maxMailLine)
		m.part(part, depth)
		io.Copy(io.Discard, lines)
	}
	if m.parts >= maxMIMEParts {
		m.tally.fail(rules.TooLarge)
	}
	m.plain(from, mailHeader{}) // the epilogue
}

// A boundaryReader reads up to the next line that is a boundary: RFC 2046, 5.1.1.
type boundaryReader struct {
	from     *bufio.Reader
	boundary []byte
	pending  []byte // of a line that has been read
	ended    bool   // at a boundary, or at the end
	more     bool   // another part follows
	middle   bool   // the line before was cut: what comes is no start of a line
}

func (b *boundaryReader) nextPart() { b.ended, b.more = false, false }

// Read implements io.Reader.
func (b *boundaryReader) Read(p []byte) (int, error) {
	if len(b.pending) == 0 {
		if b.ended {
			return 0, io.EOF
		}
		line, err := b.from.ReadSlice('\n')
		start := !b.middle
		b.middle = err == bufio.ErrBufferFull
		if start && bytes.HasPrefix(line, b.boundary) {
			rest := bytes.TrimRight(line[len(b.boundary):], " \t\r\n")
			if len(rest) == 0 || string(rest) == "--" {
				b.ended, b.more = true, len(rest) == 0 && err == nil
				return 0, io.EOF
			}
		}
		b.pending = line
		if err != nil && err != bufio.ErrBufferFull {
			b.ended = true
		}
		if len(line) == 0 {
			return 0, io.EOF
		}
	}
	n := copy(p, b.pending)
	b.pending = b.pending[n:]
	return n, nil
}

// transferDecoder undoes a content transfer encoding: RFC 2045, 6. Bytes that do not belong are skipped.
func transferDecoder(coding string, from io.Reader) io.Reader {
	switch coding {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding.WithPadding(base64.NoPadding), &base64Input{from: bufio.NewReader(from)})
	case "quoted-printable":
		return &lenientQuoted{from: quotedprintable.NewReader(from), raw: from}
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return &uuDecoder{lines: bufio.NewReader(from)}
	}
	return from
}

// base64Input leaves the digits of base64 and drops all else; padding ends nothing, for parts of a body may be padded each.
type base64Input struct{ from *bufio.Reader }

func (b *base64Input) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c, err := b.from.ReadByte()
		if err != nil {
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		}
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			p[n] = c
			n++
		case c == '-':
			p[n] = '+'
			n++
		case c == '_':
			p[n] = '/'
			n++
		}
	}
	return n, nil
}

// lenientQuoted goes on with the raw bytes where quoted-printable breaks off.
type lenientQuoted struct {
	from io.Reader
	raw  io.Reader
}

func (q *lenientQuoted) Read(p []byte) (int, error) {
	n, err := q.from.Read(p)
	if err != nil && err != io.EOF {
		q.from = q.raw
		err = nil
		if n == 0 {
			return q.raw.Read(p)
		}
	}
	return n, err
}

// uuDecoder decodes the lines between begin and end.
type uuDecoder struct {
	lines *bufio.Reader
	left  []byte
	ends  bool // what stands behind the end is not read
	ended bool
}

func (u *uuDecoder) Read(p []byte) (int, error) {
	for len(u.left) == 0 {
		if u.ended {
			return 0, io.EOF
		}
		line, err := u.lines.ReadSlice('\n')
		if len(line) == 0 && err != nil {
			return 0, io.EOF
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 || bytes.HasPrefix(line, []byte("begin ")) || string(line) == "end" {
			u.ended = u.ends && string(line) == "end"
			continue
		}
		u.left = uuLine(line)
	}
	n := copy(p, u.left)
	u.left = u.left[n:]
	return n, nil
}

func uuLine(line []byte) []byte {
	length := int(line[0]-' ') & 0x3F
	var out []byte
	digit := func(i int) byte {
		if i < len(line) {
			return (line[i] - ' ') & 0x3F
		}
		return 0
	}
	for i := 1; i < len(line) && len(out) < length; i += 4 {
		a, b, c, d := digit(i), digit(i+1), digit(i+2), digit(i+3)
		out = append(out, a<<2|b>>4, b<<4|c>>2, c<<6|d)
	}
	return out[:min(length, len(out))]
}
