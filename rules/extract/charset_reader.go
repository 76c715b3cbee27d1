package extract

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"stanch/rules"
)

// A charsetReader decodes a body to UTF-8 for the reader within, and leads what that finds back to the body.
type charsetReader struct {
	inner   Reader
	format  rules.Format
	named   string // the charset as declared
	decided bool
	trouble rules.Reason
	decoder charsetDecoder // nil for UTF-8 and what resembles it

	text     []byte    // decoded and not yet done with
	base     int64     // offset of text in all decoded text
	segments []segment // where text stems from
	decoded  int64     // body offset up to which the body is decoded
	inside   []Mark    // of the inner reader, while they are led back

	layer *charsetReader // what decoded the body before this one; nil for nothing
}

// A segment says where decoded text stems from, up to the next segment.
type segment struct {
	text   int64 // offset in all decoded text
	body   int64
	folded bool  // the text up to the next segment is one character
	width  uint8 // bytes of the body behind each byte of text, when it is not folded
}

func newCharsetReader(inner Reader, options Options) *charsetReader {
	return &charsetReader{inner: inner, format: inner.Format(), named: charsetOf(options.ContentType)}
}

// charsetOf is the charset that a media type names; "" for none. What most of them say is known without parsing.
func charsetOf(contentType string) string {
	if strings.IndexByte(contentType, ';') < 0 {
		return ""
	}
	const usual = "; charset=utf-8"
	if kind, ok := strings.CutSuffix(contentType, usual); ok && isPlainType(kind) {
		return "utf-8"
	}
	_, parameters, _ := mime.ParseMediaType(contentType)
	return parameters["charset"]
}

// isPlainType reports whether a media type without parameters is letters, a slash, and letters.
func isPlainType(kind string) bool {
	slash := strings.IndexByte(kind, '/')
	for i := range len(kind) {
		if i != slash && !isLetter(kind[i]) {
			return false
		}
	}
	return slash > 0 && slash < len(kind)-1
}

// newLayerReader puts a decoder before a reader.
func newLayerReader(inner Reader, decoder charsetDecoder) Reader {
	r := &charsetReader{inner: inner, format: inner.Format(), decided: true, decoder: decoder}
	inner.(layered).through(r)
	return r
}

func (r *charsetReader) Format() rules.Format { return r.inner.Format() }

// FormatAt is that of the reader of the text, 0 where it has none.
func (r *charsetReader) FormatAt() int64 {
	if late, ok := r.inner.(interface{ FormatAt() int64 }); ok {
		return late.FormatAt()
	}
	return 0
}

// Trouble implements Transcoder.
func (r *charsetReader) Trouble() rules.Reason { return r.trouble }

// Encode implements Transcoder.
func (r *charsetReader) Encode(dst, text []byte) []byte {
	switch decoder := r.decoder.(type) {
	case utf16Decoder:
		for _, b := range text {
			if decoder.bigEndian {
				dst = append(dst, 0, b)
			} else {
				dst = append(dst, b, 0)
			}
		}
	case utf32Decoder:
		for _, b := range text {
			if decoder.bigEndian {
				dst = append(dst, 0, 0, 0, b)
			} else {
				dst = append(dst, b, 0, 0, 0)
			}
		}
	case charmapDecoder:
		for _, b := range text {
			encoded, _ := decoder.chars.EncodeRune(rune(b))
			dst = append(dst, encoded)
		}
	default:
		dst = append(dst, text...)
	}
	return dst
}

func (r *charsetReader) RecordStart() int64 { return r.inner.RecordStart() }

// A layered reader takes offsets in the body from the layer that decoded it.
type layered interface{ through(layer *charsetReader) }

func (r *charsetReader) through(layer *charsetReader) { r.layer = layer }

// origin leads an offset in the decoded text back to the body as it was sent.
func (r *charsetReader) origin(text int64) int64 {
	at := r.bodyOf(text)
	if r.layer != nil {
		return r.layer.origin(at)
	}
	return at
}

func (r *charsetReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	if !r.decided {
		if !final && len(body) < SniffLength && r.waits(body) {
			return 0
		}
		r.decide(body[:min(len(body), SniffLength)])
		r.decoded = offset
	}
	if r.decoder == nil {
		return r.inner.Read(batch, body, offset, final)
	}
	r.decode(body[r.decoded-offset:], final)
	marks := batch.Map
	batch.Map = r.inside[:0]
	done := r.inner.Read(batch, r.text, r.base, final)
	r.inside, batch.Map = batch.Map, marks
	r.leadBack(batch)
	end := r.bodyOf(r.base + int64(done))
	r.forget(done)
	if final {
		return len(body)
	}
	return int(end - offset)
}

// waits reports whether the charset cannot be told from the first bytes alone.
func (r *charsetReader) waits(head []byte) bool {
	return r.isDeclared() || !opensPlainly(head)
}

// isDeclared reports whether a charset is named for the body, or may be named within it.
func (r *charsetReader) isDeclared() bool {
	named := r.named != "" && !strings.EqualFold(r.named, "utf-8") // UTF-8 is what is read without being named
	return named || r.format == rules.HTML || r.format == rules.XML
}

// plainOpening is how many bytes of ASCII at a body's start, or its first line if that is shorter, show that it is no UTF-16, UTF-32 or
// EBCDIC.
const plainOpening = 16

// opensPlainly reports whether the first bytes are ASCII without control characters: then the body is a superset of ASCII,
// whatever follows, and need not be waited for. The answer is the same for every longer head.
func opensPlainly(head []byte) bool {
	beyondEBCDIC := false // EBCDIC may begin with what ASCII can show: its space is '@' there
	for i, b := range head {
		switch {
		case i == plainOpening:
			return beyondEBCDIC
		case b == '\n' && i >= utf8.UTFMax-1:
			return true
		case (b < ' ' && b != '\t' && b != '\r' && b != '\n') || b > '~':
			return false
		}
		beyondEBCDIC = beyondEBCDIC || !ebcdicText[b]
	}
	return len(head) >= plainOpening && beyondEBCDIC
}

// decide chooses the decoder: what the bytes say first (byte order mark, zero bytes), then what is declared outside, then
// what is declared inside.
func (r *charsetReader) decide(head []byte) {
	r.decided = true
	if !r.isDeclared() && opensPlainly(head) {
		return
	}
	name := sniffEncoding(head)
	if name == "" {
		name = r.named
		if name == "" {
			name = declaredInside(head, r.format)
		}
		if !believable(name, head) {
			return
		}
	}
	decoder, known := newCharsetDecoder(name)
	if !known {
		r.trouble = rules.UnknownCharset
	}
	if decoder == nil || validBeyondASCII(head) {
		return // UTF-8, whatever it is called
	}
	r.decoder = decoder
	r.inner.(layered).through(r)
}

// believable reports whether text that holds ASCII may be in a charset that is no superset of it.
func believable(name string, head []byte) bool {
	decoder, _ := newCharsetDecoder(name)
	switch decoder := decoder.(type) {
	case utf16Decoder, utf32Decoder:
		return !mostlyASCII(head)
	case charmapDecoder:
		return !decoder.ebcdic() || !mostlyASCII(head)
	}
	return true
}

func mostlyASCII(head []byte) bool {
	printable := 0
	for _, b := range head {
		if b >= ' ' && b < 0x7F || b == '\n' || b == '\r' || b == '\t' {
			printable++
		}
	}
	return printable*10 >= len(head)*9
}

// validBeyondASCII reports whether head holds characters beyond ASCII, all of them UTF-8; the last may be torn.
func validBeyondASCII(head []byte) bool {
	beyond := false
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 {
			return beyond && !utf8.FullRune(head)
		}
		beyond = beyond || size > 1
		head = head[size:]
	}
	return beyond
}

// declaredInside reads the charset that a page or an XML document names in its first bytes.
func declaredInside(head []byte, format rules.Format) string {
	key := "charset="
	switch format {
	case rules.HTML:
	case rules.XML:
		key = "encoding="
	default:
		return ""
	}
	_, rest, found := bytes.Cut(bytes.ToLower(head), []byte(key))
	if !found {
		return ""
	}
	rest = bytes.TrimLeft(rest, ` "'`)
	end := bytes.IndexAny(rest, ` "'>/;?`)
	if end < 0 {
		return ""
	}
	if name := string(rest[:end]); name != "utf-16" && name != "utf-16le" && name != "utf-16be" {
		return name
	}
	return "" // it could not have been read
}

// decode decodes what of the body is new.
func (r *charsetReader) decode(body []byte, final bool) {
	for len(body) > 0 {
		if count, width, at := r.decoder.run(body); count > 0 {
			r.note(segment{width: uint8(width)})
			if width == 1 {
				r.text = append(r.text, body[:count]...)
			} else {
				for i := range count {
					r.text = append(r.text, body[i*width+at])
				}
			}
			r.decoded += int64(count * width)
			body = body[count*width:]
			continue
		}
		char, size := r.decoder.next(body, final)
		if size == 0 {
			return
		}
		if char != none {
			r.note(segment{folded: true})
			r.text = utf8.AppendRune(r.text, char)
		}
		r.decoded += int64(size)
		r.note(segment{width: 1})
		body = body[size:]
	}
}

// note begins a segment where the text and the decoded body end.
func (r *charsetReader) note(s segment) {
	s.text, s.body = r.base+int64(len(r.text)), r.decoded
	if n := len(r.segments); n > 0 {
		last := &r.segments[n-1]
		if last.text == s.text && last.body == s.body {
			*last = s
			return
		}
		if !last.folded && !s.folded && last.width == s.width && last.body+(s.text-last.text)*int64(s.width) == s.body {
			return
		}
	}
	r.segments = append(r.segments, s)
}

// segmentAt returns the index of the segment that covers an offset in the decoded text.
func (r *charsetReader) segmentAt(text int64) int {
	low, high := 0, len(r.segments)
	for low < high {
		if middle := (low + high) / 2; r.segments[middle].text <= text {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}

// bodyOf leads an offset in the decoded text back to the body.
func (r *charsetReader) bodyOf(text int64) int64 {
	i := r.segmentAt(text)
	if i < 0 {
		return r.decoded
	}
	s := r.segments[i]
	if s.folded {
		return s.body
	}
	return s.body + (text-s.text)*int64(s.width)
}

// leadBack replaces offsets in the decoded text by those in the body, in the marks of the inner reader.
func (r *charsetReader) leadBack(batch *Batch) {
	for i, mark := range r.inside {
		end := len(batch.Text)
		if i+1 < len(r.inside) {
			end = r.inside[i+1].Text
		}
		if i > 0 && r.inside[i-1].Folded {
			addMark(batch, Mark{Text: mark.Text, Body: r.sourceEnd(mark.Body)})
		}
		if mark.Folded || mark.Text == end {
			addMark(batch, Mark{Text: mark.Text, Body: r.bodyOf(mark.Body), Folded: mark.Folded})
			continue
		}
		r.leadStretch(batch, mark, end)
	}
}

// leadStretch leads a stretch of text that the inner reader took as it was, up to an end in batch.Text, back to the body.
func (r *charsetReader) leadStretch(batch *Batch, mark Mark, end int) {
	stop := mark.Body + int64(end-mark.Text)
	for k := max(r.segmentAt(mark.Body), 0); k < len(r.segments) && r.segments[k].text < stop; k++ {
		s := r.segments[k]
		from := max(s.text, mark.Body)
		lead := Mark{Text: mark.Text + int(from-mark.Body), Body: s.body, Folded: s.folded, Width: s.width}
		if !s.folded {
			lead.Body += (from - s.text) * int64(s.width)
		}
		addMark(batch, lead)
	}
	if n := len(batch.Map); batch.Map[n-1].Folded {
		addMark(batch, Mark{Text: end, Body: r.sourceEnd(stop)})
	}
}

// sourceEnd returns where the source of the character before an offset in the decoded text ends in the body.
func (r *charsetReader) sourceEnd(text int64) int64 {
	i := max(r.segmentAt(text-1), 0)
	s := r.segments[i]
	if s.folded {
		return r.segments[i+1].body // each folded character is followed by a segment
	}
	return s.body + (text-s.text)*int64(s.width)
}

// forget drops what the inner reader is done with.
func (r *charsetReader) forget(done int) {
	r.text = r.text[:copy(r.text, r.text[done:])]
	r.base += int64(done)
	first := max(r.segmentAt(r.base), 0)
	r.segments = r.segments[:copy(r.segments, r.segments[first:])]
}
