package extract

import (
	"io"
	"strings"

	"stanch/rules"
)

// NewDocument returns the reader of a document format, or nil when the format is flat or a stream without end (Media).
// Images, fonts and binaries are documents too: they may have an archive at their end.
func NewDocument(format rules.Format) Document {
	if readerOf(format) == nil {
		return nil
	}
	return document{format}
}

// document reads a body that was sniffed as format.
type document struct{ format rules.Format }

// Read implements Document.
func (d document) Read(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (format rules.Format, status rules.Status, reason rules.Reason) {
	b := &body{options: options, meter: newMeter(options.Limits, size), emit: emit}
	b.memory = b.meter.limits.Memory / 2
	b.options.Limits = b.meter.limits
	s := &source{body: b, file: &stoppable{b.meter, file}, size: size, name: options.Name, format: d.format}
	format = d.format
	// A reader that meets a case its author did not think of costs this one body, never the program.
	defer func() {
		if recover() != nil {
			status, reason = rules.Partial, rules.Internal
		}
	}()
	var o outcome
	format, o = s.read(readerOf(d.format))
	if b.meter.reason != rules.NoReason {
		o.reason = b.meter.reason
		o.status = max(o.status, rules.Partial)
	}
	return format, o.status, o.reason
}

// A readFunc reads the whole of a source, of which the format is known roughly, and returns what format it is precisely.
type readFunc func(s *source) (rules.Format, outcome)

// readerOf returns what reads a format that needs the whole file, nil for flat ones.
func readerOf(format rules.Format) readFunc {
	switch format {
	case rules.ZIP, rules.XLSX, rules.XLSM, rules.XLSB, rules.ODS, rules.DOCX, rules.PPTX, rules.ODT, rules.ODP:
		return readZIP
	case rules.OLE, rules.XLS, rules.DOC, rules.PPT, rules.MSG:
		return readOLE
	case rules.FODS:
		return whole(readSheetXML)
	case rules.SYLK:
		return whole(readSYLK)
	case rules.DIF:
		return whole(readDIF)
	case rules.DBF:
		return whole(readDBF)
	case rules.TAR:
		return readTAR
	case rules.GZIP, rules.BZIP2, rules.XZ, rules.ZSTD:
		return readCompressed
	case rules.SevenZip:
		return readSevenZip
	case rules.RAR:
		return readRAR
	case rules.RTF:
		return readRTF
	case rules.PDF:
		return readPDF
	case rules.EMail, rules.Multipart:
		return readMail
	case rules.Encoded:
		return readArmored
	case rules.MBox:
		return readMBox
	case rules.SQLite:
		return readSQLite
	case rules.Parquet:
		return readParquet
	case rules.Image, rules.Font, rules.Binary, rules.Unrecognized:
		return readOpaque
	}
	return nil
}

// whole makes a reader of one file that knows nothing of what is around it the reader of a source.
func whole(read func(io.ReaderAt, int64, Options, func(*Batch)) (rules.Format, rules.Status, rules.Reason)) readFunc {
	return func(s *source) (rules.Format, outcome) {
		format, status, reason := read(s.file, s.size, s.nested(), s.relay())
		return format, outcome{status, reason}
	}
}

// An outcome is how much of a source was read, and why not all.
type outcome struct {
	status rules.Status
	reason rules.Reason
}

func unscannable(reason rules.Reason) outcome { return outcome{rules.Unscannable, reason} }
func partial(reason rules.Reason) outcome     { return outcome{rules.Partial, reason} }

// A tally makes one outcome out of those of many parts.
type tally struct {
	read   bool // at least one part was read, wholly or partly
	reason rules.Reason
}

func (t *tally) add(o outcome) {
	if o.status != rules.Unscannable {
		t.read = true
	}
	t.fail(o.reason)
}

// fail notes why something was not read; the first reason stays.
func (t *tally) fail(reason rules.Reason) {
	if t.reason == rules.NoReason {
		t.reason = reason
	}
}

func (t *tally) outcome() outcome {
	switch {
	case t.reason == rules.NoReason:
		return outcome{}
	case t.read:
		return partial(t.reason)
	}
	return unscannable(t.reason)
}

// A body is what one Read is about, with everything nested in it.
type body struct {
	options Options // its Limits have no zero fields
	meter   *meter
	emit    func(*Batch)
	records int64 // the highest record number handed out
	memory  int64 // bytes left for members that need random access
}

// A source is the body, or a member of it, while it is read.
type source struct {
	*body
	file   io.ReaderAt
	size   int64
	name   string       // a hint: the last part of the member's path
	format rules.Format // as sniffed
	place  string       // "inner.zip → list.xlsx"; "" for the body itself
	depth  int          // 0 for the body itself
	head   []byte       // the first bytes of a member
}

// read runs a reader on the source.
func (s *source) read(reader readFunc) (rules.Format, outcome) {
	if s.size == 0 {
		return rules.Empty, outcome{}
	}
	return reader(s)
}

// text returns a writer for the source's text.
func (s *source) text() *textWriter {
	w := &textWriter{emit: s.emit, meter: s.meter}
	w.where = s.where("")
	return w
}

// where is the place of something within the source, "" unless places are wanted.
func (s *source) where(within string) string {
	if !s.options.Places {
		return ""
	}
	return joinPlace(s.place, within)
}

func joinPlace(outer, inner string) string {
	if outer == "" || inner == "" {
		return outer + inner
	}
	return outer + " → " + inner
}

// relay returns an emit function for a reader that knows nothing of what is around the source: it makes the record numbers,
// which start at 1 in every reader, those of the whole body, and the places complete.
func (s *source) relay() func(*Batch) {
	base := s.records
	return func(b *Batch) {
		b.Map = b.Map[:0]
		for i := range b.Cells {
			c := &b.Cells[i]
			if c.Record > 0 {
				c.Record += base
				s.records = max(s.records, c.Record)
			}
			if c.Parent > 0 {
				c.Parent += base
			}
			c.RecordBody = 0
			if s.options.Places {
				c.Where = joinPlace(s.place, c.Where)
			}
			if c.Column.Container == "" {
				c.Column.Container = s.place
			}
		}
		b.Where = s.where(b.Where)
		s.emit(b)
	}
}

// nested is the source's options as a reader of one member shall see them.
func (s *source) nested() Options {
	o := s.options
	o.Name, o.ContentType = s.name, ""
	if s.depth == 0 {
		o.ContentType = s.options.ContentType
	}
	return o
}

// errReason names the reason for which reading a member failed.
func (s *source) errReason(err error) rules.Reason {
	if s.meter.reason != rules.NoReason {
		return s.meter.reason
	}
	return reasonOf(err)
}

// What a member cannot be read for.
var (
	errEncrypted = reasonError{rules.Encrypted}
	errCorrupt   = reasonError{rules.Corrupt}
	errCoding    = reasonError{rules.UnknownCoding}
	errTooLarge  = reasonError{rules.TooLarge}
)

// baseName is the last part of a path, whatever its separators.
func baseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}
