package extract

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// readOLE reads an OLE2 compound file (MS-CFB) by the streams that it has.
func readOLE(s *source) (rules.Format, outcome) {
	files, err := openCompound(s.file, s.size)
	if err != nil {
		readStrings(s)
		if s.size > 0 && s.rawWorkbook() {
			format, status, reason := readXLS(s.file, s.size, s.nested(), s.relay())
			return format, outcome{status, reason}
		}
		return s.format, unscannable(reasonOf(err))
	}
	c := &compoundFile{source: s, compound: files}
	format := c.kind()
	if c.find(0, "EncryptedPackage") != nil {
		if inner, ok := c.openEncrypted(); ok {
			return readZIP(&source{body: s.body, file: inner, size: inner.size, name: s.name, format: rules.ZIP, place: s.place, depth: s.depth})
		}
		return format, unscannable(rules.Encrypted)
	}
	var t tally
	switch format {
	case rules.XLS:
		_, status, reason := readXLS(s.file, s.size, s.nested(), s.relay())
		t.add(outcome{status, reason})
	case rules.DOC:
		t.add(c.readWord())
	case rules.PPT:
		t.add(c.readPowerPoint())
	case rules.MSG:
		t.add(c.readMessage())
	case rules.OLE:
		if o, ok := c.readNotebook(); ok {
			t.add(o)
		}
	}
	if t.reason == rules.Encrypted {
		return format, t.outcome()
	}
	c.readRest(&t, format)
	if format == rules.OLE && !t.read { // a wrapper around a file that was read is no unknown format
		t.fail(rules.UnknownFormat)
	}
	if !c.sound {
		t.fail(rules.Corrupt)
	}
	return format, t.outcome()
}

// rawWorkbook reports whether the file is a bare stream of BIFF records, as the first versions of Excel wrote: it starts with
// a BOF record (MS-XLS 2.4.21; versions 2 to 4 by the OpenOffice description of the format, section 5.8).
func (s *source) rawWorkbook() bool {
	var head [2]byte
	s.file.ReadAt(head[:], 0)
	return head[0] == 0x09 && (head[1] == 0 || head[1] == 2 || head[1] == 4 || head[1] == 8)
}

// A compoundFile is an OLE2 file with its streams listed.
type compoundFile struct {
	*source
	*compound
}

// kind tells the format by the stream that only it has.
func (c *compoundFile) kind() rules.Format {
	switch {
	case c.find(0, "Workbook") != nil || c.find(0, "Book") != nil:
		return rules.XLS
	case c.find(0, "WordDocument") != nil:
		return rules.DOC
	case c.find(0, "PowerPoint Document") != nil:
		return rules.PPT
	case c.find(0, "__properties_version1.0") != nil:
		return rules.MSG
	}
	return rules.OLE
}

// stream reads a stream from its start. It is paid for, since the sectors of hostile files may be shared.
func (c *compoundFile) stream(f *compoundStream) io.Reader {
	return &meteredReader{c.meter, c.open(f)}
}

// load reads a stream into memory, as far as the limits on memory allow; whole is false when there is more of it.
func (c *compoundFile) load(f *compoundStream) (content []byte, whole bool) {
	most := c.options.Limits.Memory / 4
	content, err := io.ReadAll(io.LimitReader(c.stream(f), most))
	return content, err == nil && int64(len(content)) == f.size
}

// readRest looks into the streams that the format's reader leaves out: files embedded in them, and strings.
func (c *compoundFile) readRest(t *tally, format rules.Format) {
	w := c.text()
	defer w.flush()
	for i := range c.entries {
		f := &c.entries[i]
		if f.size == 0 || !c.meter.ok() || c.isRead(f, format) {
			continue
		}
		w.flush()
		if content, ok := c.embedded(f); ok {
			t.addMember(content, true, f.name)
			continue
		}
		scanStrings(w, c.stream(f))
	}
}

// isRead reports whether the format's reader has read a stream, or it holds pictures.
func (c *compoundFile) isRead(f *compoundStream, format rules.Format) bool {
	switch format {
	case rules.XLS:
		return f.parent == 0 && (strings.EqualFold(f.name, "Workbook") || strings.EqualFold(f.name, "Book"))
	case rules.PPT:
		return f.parent == 0 && (f.name == "PowerPoint Document" || f.name == "Pictures")
	case rules.MSG:
		return true
	case rules.OLE:
		return f == c.notebook()
	}
	return false
}

// notebook is the stream with the cells of a notebook by Quattro Pro 7 or later; nil when the file is none.
func (c *compoundFile) notebook() *compoundStream {
	if f := c.find(0, quattroStream); f != nil {
		return f
	}
	if f := c.find(0, quattroOldStream); f != nil && c.oldNotebook(f) == lotusQuattro {
		return f
	}
	return nil
}

// oldNotebook tells the notebooks of versions 7 and 8 from documents of the same suite.
func (c *compoundFile) oldNotebook(f *compoundStream) lotusKind {
	var head [6]byte
	c.open(f).ReadAt(head[:], 0)
	return lotusMagic(head[:])
}

// readNotebook reads a notebook by Quattro Pro, if the file is one.
func (c *compoundFile) readNotebook() (outcome, bool) {
	f := c.notebook()
	if f == nil {
		return outcome{}, false
	}
	if strings.EqualFold(f.name, quattroStream) {
		return c.readQuattro(f), true
	}
	stream := c.open(f)
	return readLotus(&source{body: c.body, file: stream, size: stream.Size(), name: c.name, format: c.format, place: c.place, depth: c.depth}, lotusQuattro), true
}

// embedded reads a stream that is a whole file of another format, or an OLE package around one (MS-OLEDS 2.3.6).
func (c *compoundFile) embedded(f *compoundStream) (outcome, bool) {
	head := make([]byte, SniffLength)
	n, _ := io.ReadFull(c.stream(f), head)
	switch Sniff(head[:n], "", "") {
	case rules.ZIP, rules.PDF, rules.OLE, rules.XLSX, rules.DOCX, rules.RTF, rules.GZIP, rules.XLS, rules.DOC, rules.ODS, rules.ODT:
		return c.member(f.name, c.stream(f)), true
	}
	if !strings.HasSuffix(f.name, "Ole10Native") {
		return outcome{}, false
	}
	content, _ := c.load(f)
	name, data, ok := olePackage(content)
	if !ok {
		return outcome{}, false
	}
	w := c.text()
	w.writeString(name)
	w.line()
	w.flush()
	return c.member(name, bytes.NewReader(data)), true
}

// olePackage takes an Ole10Native stream apart: size, type, label, file name, unknown, path, size and content.
func olePackage(content []byte) (name string, data []byte, ok bool) {
	if len(content) < 6 {
		return "", nil, false
	}
	rest := content[6:]
	label, rest, found := bytes.Cut(rest, []byte{0})
	if !found {
		return "", nil, false
	}
	if _, rest, found = bytes.Cut(rest, []byte{0}); !found || len(rest) < 8 {
		return "", nil, false
	}
	length := binary.LittleEndian.Uint32(rest[4:])
	if uint64(length) > uint64(len(rest)-8) {
		return "", nil, false
	}
	rest = rest[8+length:]
	if len(rest) < 4 {
		return "", nil, false
	}
	size := binary.LittleEndian.Uint32(rest)
	rest = rest[4:]
	return legacyText(label), rest[:min(uint64(size), uint64(len(rest)))], true
}

// legacyText decodes the 8-bit text of old Windows programs.
func legacyText(raw []byte) string {
	return string(decoded(charmap.Windows1252, raw))
}

// decoded decodes text in an 8-bit or multi-byte encoding. What cannot be decoded becomes the replacement character.
func decoded(from encoding.Encoding, raw []byte) []byte {
	text, err := from.NewDecoder().Bytes(raw)
	if err != nil {
		return bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	return text
}

// writeUTF16 writes little-endian UTF-16 text. A zero ends a line, as do the control characters that end paragraphs and cells.
func writeUTF16(w *textWriter, raw []byte) {
	for i := 0; i+1 < len(raw); i += 2 {
		r := rune(binary.LittleEndian.Uint16(raw[i:]))
		if utf16.IsSurrogate(r) && i+3 < len(raw) {
			if pair := utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(raw[i+2:]))); pair != '\uFFFD' {
				r = pair
				i += 2
			}
		}
		writeOfficeRune(w, r)
	}
}

// writeOfficeRune writes one character of a Word or PowerPoint text, where control characters have meanings: MS-DOC 2.4.1.
func writeOfficeRune(w *textWriter, r rune) {
	switch {
	case r >= ' ':
		w.writeRune(r)
	case r == '\t':
		w.writeByte('\t')
	case r == 0x07 || r == 0x0B || r == 0x0C || r == '\r' || r == '\n' || r == 0:
		w.line()
	case r == 0x1E:
		w.writeByte('-')
	case r >= 0x13 && r <= 0x15: // around a field's code and result
		w.space()
	}
}

// oleObject reads an OLE 1 object, as RTF has them: version, format, class, two names, size and native data.
func (s *source) oleObject(data []byte) outcome {
	if i := bytes.Index(data, []byte(compoundMagic)); i >= 0 {
		return s.member("object.ole", bytes.NewReader(data[i:]))
	}
	rest := data
	if len(rest) < 8 {
		return outcome{}
	}
	rest = rest[8:]
	for range 3 {
		if len(rest) < 4 || uint64(binary.LittleEndian.Uint32(rest)) > uint64(len(rest)-4) {
			return s.member("object", bytes.NewReader(data))
		}
		rest = rest[4+binary.LittleEndian.Uint32(rest):]
	}
	if name, content, ok := olePackage(rest); ok && len(content) > 0 {
		return s.member(name, bytes.NewReader(content))
	}
	return s.member("object", bytes.NewReader(data))
}
