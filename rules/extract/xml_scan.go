package extract

import (
	"bytes"
	"io"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"stanch/rules"
)

const (
	xmlWindow   = 64 << 10 // bytes of a part that are looked at together
	maxXMLTag   = 1 << 20  // a single tag with its attributes; longer ones are nobody's
	maxXMLDepth = 256      // elements within elements
	maxEntity   = 12       // bytes of the longest character reference, such as &#x10FFFF;

	maxXMLDeclaration = 1024 // bytes of a part within which its XML declaration ends
)

// xmlKind is what a scanner stands at.
type xmlKind uint8

const (
	xmlEnd     xmlKind = iota // the part has ended, well or with an error
	xmlOpen                   // a start tag; an empty element's tag is followed by its xmlClose
	xmlClose                  // an end tag
	xmlText                   // a piece of character data, still escaped
	xmlLiteral                // a CDATA section's or a comment's content: nothing in it is escaped
)

// An xmlScanner walks over the tokens of one XML part, without recursion and in a fixed window. It expands no entity, refuses
// a document type, and checks only what keeps it safe: depth, tag length and that every element was closed.
type xmlScanner struct {
	source   io.Reader
	buf      []byte
	pos, end int  // buf[pos:end] has not been scanned
	ended    bool // source has no more
	depth    int
	reason   rules.Reason // why the scan ended early
	empty    bool         // the last start tag's element is empty: its end comes next

	kind    xmlKind
	start   int    // where the token starts in buf; valid until the next call
	name    []byte // the tag's name without its prefix
	attrs   []byte // the start tag's attributes, as they stand
	attrsAt int    // where they start in buf; valid until the next call
	text    []byte // the text's bytes, as they stand

	copy *xmlCopy // what takes over the bytes scanned, when the part is rewritten; else nil
}

// reset starts on a part. The scanner keeps its window.
func (s *xmlScanner) reset(source io.Reader) {
	*s = xmlScanner{source: source, buf: s.buf, copy: s.copy}
	if s.buf == nil {
		s.buf = make([]byte, xmlWindow)
	}
	s.fill()
	s.decode()
}

// fill brings more bytes into the window and reports whether there were any. What lies before s.pos is given up, unless a
// rewriter still holds it.
func (s *xmlScanner) fill() bool {
	if s.ended {
		return false
	}
	first := s.pos
	if s.copy != nil {
		first = s.copy.release(s.buf, s.pos)
	}
	if first > 0 {
		copy(s.buf, s.buf[first:s.end])
		s.pos -= first
		s.end -= first
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxXMLTag {
			s.fail(rules.Corrupt)
			return false
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for tries := 0; tries < 100; tries++ {
		n, err := s.source.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.ended = true
			if err != io.EOF {
				s.fail(reasonOf(err))
			}
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.fail(rules.Corrupt)
	return false
}

// fail ends the scan.
func (s *xmlScanner) fail(reason rules.Reason) {
	if s.reason == rules.NoReason {
		s.reason = reason
	}
	s.ended = true
}

// decode looks at the part's first bytes for another encoding than UTF-8, and puts a decoder in front of what follows.
func (s *xmlScanner) decode() {
	for s.end < maxXMLDeclaration && s.fill() {
	}
	head := s.buf[:min(s.end, maxXMLDeclaration)]
	name := ""
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		s.pos = 3
		return
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("<\x00")):
		name = "utf-16le"
	case bytes.HasPrefix(head, []byte("\xFE\xFF")), bytes.HasPrefix(head, []byte("\x00<")):
		name = "utf-16be"
	case bytes.HasPrefix(head, []byte("<?xml")) && bytes.IndexByte(head, '>') < 0:
		s.fail(rules.Corrupt) // its encoding stands too far away, or nowhere
		s.pos, s.end = 0, 0
		return
	default:
		name = declaredEncoding(head)
	}
	if name == "" {
		return
	}
	s.transcode(name)
}

// declaredEncoding is the encoding in a whole XML declaration; "" stands for UTF-8.
func declaredEncoding(head []byte) string {
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	attributes := xmlAttributes{rest: head[len("<?xml"):bytes.IndexByte(head, '>')]}
	for attributes.next() {
		if string(attributes.name) == "encoding" {
			name := string(bytes.ToLower(attributes.value))
			if name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii" {
				return ""
			}
			return name
		}
	}
	return ""
}

// transcode starts over with a decoder in front.
func (s *xmlScanner) transcode(name string) {
	head := append([]byte(nil), s.buf[s.pos:s.end]...)
	source := io.MultiReader(bytes.NewReader(head), s.source)
	if s.ended {
		source = bytes.NewReader(head)
	}
	switch name {
	case "utf-16", "utf-16le":
		s.source = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(source)
	case "utf-16be":
		s.source = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(source)
	default:
		encoding, err := htmlindex.Get(name)
		if err != nil {
			s.fail(rules.UnknownCharset)
			s.pos, s.end = 0, 0
			return
		}
		s.source = encoding.NewDecoder().Reader(source)
	}
	s.pos, s.end, s.ended = 0, 0, false
	if s.copy != nil {
		s.copy.transcode()
	}
	s.fill()
}

// next moves to the next token and returns its kind. At xmlEnd, s.reason says whether the part was whole.
func (s *xmlScanner) next() xmlKind {
	if s.empty {
		s.empty = false
		s.depth--
		s.start, s.kind = s.pos, xmlClose
		return s.kind
	}
	for {
		if s.pos == s.end && !s.fill() {
			return s.finish()
		}
		s.start = s.pos
		if s.buf[s.pos] != '<' {
			if s.scanText() {
				s.kind = xmlText
				return s.kind
			}
			continue
		}
		if s.end-s.pos < 2 && !s.fill() {
			s.fail(rules.Corrupt)
			return s.finish()
		}
		if kind, ok := s.scanTag(); ok {
			s.kind = kind
			return kind
		}
		if s.reason != rules.NoReason {
			return s.finish()
		}
	}
}

// finish ends the scan; elements that are still open mean that the part was cut off.
func (s *xmlScanner) finish() xmlKind {
	if s.depth > 0 {
		s.fail(rules.Corrupt)
	}
	s.ended, s.pos, s.start, s.kind = true, s.end, s.end, xmlEnd
	return s.kind
}

// scanText takes character data up to the next tag, or as much of it as the window holds without cutting a reference.
func (s *xmlScanner) scanText() bool {
	from := s.pos
	for {
		if i := bytes.IndexByte(s.buf[from:s.end], '<'); i >= 0 {
			s.text = s.buf[s.pos : from+i]
			s.start, s.pos = s.pos, from+i
			return true
		}
		if s.end-s.pos >= xmlWindow/2 {
			break
		}
		scanned := s.end - s.pos
		if !s.fill() {
			break
		}
		from = s.pos + scanned
	}
	stop := s.end
	if !s.ended {
		tail := s.buf[max(s.pos, s.end-maxEntity):s.end]
		if i := bytes.LastIndexByte(tail, '&'); i >= 0 && bytes.IndexByte(tail[i:], ';') < 0 && stop-len(tail)+i > s.pos {
			stop -= len(tail) - i
		}
	}
	s.start, s.text, s.pos = s.pos, s.buf[s.pos:stop], stop
	return len(s.text) > 0
}

// scanTag takes what starts with '<'. It reports false for what is skipped, and with s.reason set for what cannot be.
func (s *xmlScanner) scanTag() (xmlKind, bool) {
	switch s.buf[s.pos+1] {
	case '/':
		stop, ok := s.tagEnd()
		if !ok {
			return xmlEnd, false
		}
		s.name = localName(s.buf[s.pos+2 : stop])
		s.start, s.pos = s.pos, stop+1
		if s.depth--; s.depth < 0 {
			s.fail(rules.Corrupt)
			return xmlEnd, false
		}
		return xmlClose, true
	case '?':
		s.skipPast("?>")
		if s.copy != nil {
			s.copy.declaration(s.pos)
		}
		return xmlEnd, false
	case '!':
		return s.scanDeclaration()
	}
	stop, ok := s.tagEnd()
	if !ok {
		return xmlEnd, false
	}
	tag := s.buf[s.pos+1 : stop]
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		s.empty = true
		tag = tag[:n-1]
	}
	n := 0
	for n < len(tag) && tag[n] > ' ' {
		n++
	}
	s.name, s.attrs, s.attrsAt = localName(tag[:n]), tag[n:], s.pos+1+n
	s.start, s.pos = s.pos, stop+1
	if s.depth++; s.depth > maxXMLDepth {
		s.fail(rules.TooDeep)
		return xmlEnd, false
	}
	return xmlOpen, true
}

// tagEnd finds the '>' of the tag at s.pos; one inside quotes does not count.
func (s *xmlScanner) tagEnd() (int, bool) {
	if stop := plainTagEnd(s.buf[s.pos+1 : s.end]); stop >= 0 {
		return s.pos + 1 + stop, true
	}
	i := 1
	quote := byte(0)
	for {
		for ; s.pos+i < s.end; i++ {
			c := s.buf[s.pos+i]
			switch {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '>':
				return s.pos + i, true
			case c == '"' || c == '\'':
				quote = c
			case c == '<':
				s.fail(rules.Corrupt)
				return 0, false
			}
		}
		if !s.fill() {
			s.fail(rules.Corrupt)
			return 0, false
		}
	}
}

// plainTagEnd finds the first '>' in what follows a '<' where that is certainly the tag's end: no '<' and no single quote in
// front of it, and double quotes in pairs. Else it returns -1. Nearly all tags are so, and each look is one of vectors.
func plainTagEnd(tag []byte) int {
	stop := bytes.IndexByte(tag, '>')
	if stop < 0 || bytes.IndexByte(tag[:stop], '<') >= 0 {
		return -1
	}
	if bytes.IndexByte(tag[:stop], '\'') >= 0 || bytes.Count(tag[:stop], []byte{'"'})%2 != 0 {
		return -1
	}
	return stop
}

// scanDeclaration takes a comment or a CDATA section and refuses everything else that starts with "<!".
func (s *xmlScanner) scanDeclaration() (xmlKind, bool) {
	const comment, cdata = "<!--", "<![CDATA["
	for s.end-s.pos < len(cdata) && s.fill() {
	}
	head := s.buf[s.pos:s.end]
	switch {
	case bytes.HasPrefix(head, []byte(comment)):
		return s.scanLiteral(len(comment), "-->")
	case bytes.HasPrefix(head, []byte(cdata)):
		return s.scanLiteral(len(cdata), "]]>")
	}
	s.fail(rules.Corrupt)
	return xmlEnd, false
}

// scanLiteral takes what stands between an opening of the given length and its end. Longer ones than a tag may be are refused.
func (s *xmlScanner) scanLiteral(opening int, closing string) (xmlKind, bool) {
	from := opening
	for {
		if s.pos+from <= s.end {
			if i := bytes.Index(s.buf[s.pos+from:s.end], []byte(closing)); i >= 0 {
				s.text = s.buf[s.pos+opening : s.pos+from+i]
				s.start, s.pos = s.pos, s.pos+from+i+len(closing)
				return xmlLiteral, true
			}
			from = max(opening, s.end-s.pos-len(closing)+1)
		}
		if !s.fill() {
			s.fail(rules.Corrupt)
			return xmlEnd, false
		}
	}
}

// skipPast leaves out everything up to and with the closing.
func (s *xmlScanner) skipPast(closing string) {
	for {
		if i := bytes.Index(s.buf[s.pos:s.end], []byte(closing)); i >= 0 {
			s.pos += i + len(closing)
			return
		}
		if s.end-s.pos >= len(closing) {
			s.pos = s.end - len(closing) + 1
		}
		if !s.fill() {
			s.fail(rules.Corrupt)
			return
		}
	}
}

// localName is a tag's name without prefix and trailing space.
func localName(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return trimSpaceRight(name)
}

// trimSpaceRight is text without its trailing space.
func trimSpaceRight(text []byte) []byte {
	n := len(text)
	for n > 0 && isSpace(text[n-1]) {
		n--
	}
	return text[:n]
}

// attr is the value of an attribute of the start tag, still escaped; nil when there is none.
func (s *xmlScanner) attr(name string) []byte {
	attributes := xmlAttributes{rest: s.attrs}
	for attributes.next() {
		if string(attributes.name) == name {
			return attributes.value
		}
	}
	return nil
}

// xmlAttributes walks over the attributes of a start tag.
type xmlAttributes struct {
	rest  []byte
	name  []byte // without its prefix
	value []byte // still escaped
}

// next moves to the next attribute and reports whether there is one.
func (a *xmlAttributes) next() bool {
	rest := a.rest
	i := 0
	for i < len(rest) && rest[i] <= ' ' {
		i++
	}
	from, colon := i, -1
	for i < len(rest) && rest[i] != '=' {
		if rest[i] == ':' && colon < 0 {
			colon = i
		}
		i++
	}
	if i == len(rest) {
		return false
	}
	name := trimSpaceRight(rest[max(from, colon+1):i])
	i++
	for i < len(rest) && rest[i] <= ' ' {
		i++
	}
	if i == len(rest) || rest[i] != '"' && rest[i] != '\'' {
		return false
	}
	length := bytes.IndexByte(rest[i+1:], rest[i])
	if length < 0 {
		return false
	}
	a.name, a.value, a.rest = name, rest[i+1:i+1+length], rest[i+length+2:]
	return true
}
