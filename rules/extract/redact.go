package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"

	"stanch/rules"
)

// A Rewrite is asked about one value of a document: its text and where it stands. It returns what shall stand there instead,
// and whether that is something else at all. Text, cell and replacement are valid during the call only, but for the
// replacement, which is valid until the next call. The calls come in the order in which Document.Read emits the cells, with
// the same text, Column, Row and Record.
type Rewrite func(text []byte, cell *Cell) (replacement []byte, changed bool)

var (
	// ErrNotRedactable is returned when a document is of a format that cannot be redacted in place.
	ErrNotRedactable = errors.New("the format cannot be redacted in place")
	// ErrNotWhole is returned when a document could not be read to its end while it was redacted: what was written is of no use.
	ErrNotWhole = errors.New("the document could not be read to its end")
)

// Redactable reports whether Redact knows a format. What is embedded in a document (files, pictures) is never redacted.
func Redactable(format rules.Format) bool {
	switch format {
	case rules.XLSX, rules.XLSM, rules.ODS, rules.XLS, rules.DOCX:
		return true
	}
	return false
}

// Redact writes a document again with the values replaced that rewrite wants replaced, in every part that holds them: cells,
// results of formulas, strings that cells share, comments, caches, properties. Everything else is copied as it stands. Limits
// are those of options. When an error is returned, what was written must not be used.
func Redact(w io.Writer, file io.ReaderAt, size int64, format rules.Format, options Options, rewrite Rewrite) error {
	r := &reading{options: options, emit: func(*Batch) {}, rewrite: rewrite}
	switch format {
	case rules.XLSX, rules.XLSM, rules.ODS, rules.DOCX:
		return redactPackage(w, file, size, format, r)
	case rules.XLS:
		return redactXLS(w, file, size, r)
	}
	return ErrNotRedactable
}

// redactedMemory is how many bytes of rewritten parts are kept in memory before they go to a temporary file.
const redactedMemory = 1 << 20

// A packageRewriter takes the new versions of a package's parts and writes the package. A part that did not change is copied
// as it was compressed.
type packageRewriter struct {
	changed map[string]rewrittenPart
	spool   Spool
	deflate *flate.Writer
	name    string // of the open part
	part    rewrittenPart
	sum     hash.Hash32
	copy    *xmlCopy
}

// A rewrittenPart is where a part's new version lies in the spool, compressed.
type rewrittenPart struct {
	start, end int64
	length     int64 // uncompressed
	checksum   uint32
}

// redactedLevel is how hard rewritten parts are compressed: the result is about as large as what it replaces.
const redactedLevel = 5

func newPackageRewriter(limits *Limits) (*packageRewriter, error) {
	p := &packageRewriter{changed: make(map[string]rewrittenPart), spool: limits.spool(redactedMemory), sum: crc32.NewIEEE()}
	var err error
	p.deflate, err = flate.NewWriter(&p.spool, redactedLevel)
	return p, err
}

// Write takes bytes of the open part.
func (p *packageRewriter) Write(b []byte) (int, error) {
	p.part.length += int64(len(b))
	p.sum.Write(b)
	return p.deflate.Write(b)
}

// begin starts on a part; the scanner that reads it hands its bytes to the result.
func (p *packageRewriter) begin(name string) *xmlCopy {
	p.name, p.part = name, rewrittenPart{start: p.spool.size}
	p.sum.Reset()
	p.deflate.Reset(&p.spool)
	p.copy = newXMLCopy(p)
	return p.copy
}

// end ends the part that the scanner has read.
func (p *packageRewriter) end(s *xmlScanner) error {
	c := p.copy
	s.copy = nil
	c.through(s.buf[:s.end], c.base+int64(s.end))
	if c.err != nil {
		return c.err
	}
	if err := p.deflate.Close(); err != nil {
		return err
	}
	if c.changed {
		p.part.end, p.part.checksum = p.spool.size, p.sum.Sum32()
		p.changed[p.name] = p.part
	}
	return nil
}

// put makes text the new version of a part.
func (p *packageRewriter) put(name string, text []byte) error {
	p.begin(name)
	if _, err := p.Write(text); err != nil {
		return err
	}
	if err := p.deflate.Close(); err != nil {
		return err
	}
	p.part.end, p.part.checksum = p.spool.size, p.sum.Sum32()
	p.changed[name] = p.part
	return nil
}

// writeTo writes the package: parts in their order, those in leave left out.
func (p *packageRewriter) writeTo(w io.Writer, source *zip.Reader, leave map[string]bool) error {
	out := zip.NewWriter(w)
	if err := out.SetComment(source.Comment); err != nil {
		return err
	}
	for _, file := range source.File {
		if leave[file.Name] {
			continue
		}
		if err := p.writePart(out, file); err != nil {
			return err
		}
	}
	return out.Close()
}

// writePart writes one part.
func (p *packageRewriter) writePart(out *zip.Writer, file *zip.File) error {
	const descriptor = 0x8 // sizes behind the content
	part, changed := p.changed[file.Name]
	header := file.FileHeader
	var content io.Reader
	if changed {
		header.Method, header.CRC32 = zip.Deflate, part.checksum
		header.UncompressedSize64, header.CompressedSize64 = uint64(part.length), uint64(part.end-part.start)
		header.Flags &^= descriptor
		header.Extra = nil
		content = io.NewSectionReader(&p.spool, part.start, part.end-part.start)
	} else {
		raw, err := file.OpenRaw()
		if err != nil {
			return err
		}
		content = raw
	}
	entry, err := out.CreateRaw(&header)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, content)
	return err
}

// redactPackage redacts a document that is a ZIP package.
func redactPackage(w io.Writer, file io.ReaderAt, size int64, format rules.Format, r *reading) error {
	z, err := openZIP(file, size, newMeter(r.options.Limits, size))
	if err != nil {
		return ErrNotWhole
	}
	source, err := zip.NewReader(file, size)
	if err != nil {
		return ErrNotWhole
	}
	p, err := newPackageRewriter(&r.options.Limits)
	if err != nil {
		return err
	}
	defer p.spool.Free()
	leave := make(map[string]bool)
	switch format {
	case rules.ODS:
		o := &odsReader{reading: r, out: p}
		o.read(z)
	case rules.DOCX:
		d := &textParts{reading: r, parts: z, out: p}
		d.read()
	default:
		x := newXLSXReader(z, r)
		defer x.strings.free()
		x.out = p
		x.read()
		x.redactStrings()
		x.dropCalculation(leave)
	}
	if r.reason != rules.NoReason || z.state() != rules.NoReason {
		return ErrNotWhole
	}
	if len(p.changed) > 0 {
		if err := p.blankThumbnails(z.Names()); err != nil {
			return err
		}
	}
	return p.writeTo(w, source, leave)
}

// blankThumbnails replaces the pictures of a page that packages carry: they show what was redacted.
func (p *packageRewriter) blankThumbnails(names []string) error {
	const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
		"\x00\x00\x00\rIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82" // one transparent pixel
	for _, name := range names {
		if _, rewritten := p.changed[name]; rewritten || !strings.Contains(strings.ToLower(name), "thumbnail") || strings.HasSuffix(name, "/") {
			continue
		}
		content := ""
		if strings.HasSuffix(strings.ToLower(name), ".png") {
			content = png
		}
		if err := p.put(name, []byte(content)); err != nil {
			return err
		}
	}
	return nil
}

// cutElements returns an XML text without the empty elements in which an attribute has a value with the given ending.
func cutElements(text []byte, ending string) []byte {
	var out []byte
	for {
		i := bytes.Index(text, []byte(ending+`"`))
		if i < 0 {
			return append(out, text...)
		}
		start, stop := bytes.LastIndexByte(text[:i], '<'), bytes.Index(text[i:], []byte("/>"))
		if start < 0 || stop < 0 {
			return append(out, text...)
		}
		out = append(out, text[:start]...)
		text = text[i+stop+len("/>"):]
	}
}
