// Package extract tells what format a body is in, by its content, and reads its text with the place that each part of it
// came from. Readers of flat formats work on the stream; readers of documents need the whole file.
//
// It judges nothing: which text is personal is for the detectors to say.
package extract

import (
	"io"

	"stanch/rules"
)

// A Batch is a stretch of text with the cells in it. A Reader appends to it; the Inspector consumes it from the front.
// Text that lies in no cell, or in one of a Column that is Running, is running text. All offsets are indices into Text as it stands.
type Batch struct {
	Text  []byte
	Cells []Cell // ascending by Start, never overlapping
	Map   []Mark // ascending by Text: how offsets in Text lead to offsets in the body; empty for documents
	Where string // for people: where the running text of a document lies, such as "page 2"; empty unless Options.Places
}

// A Mark says that Text[Mark.Text:] up to the next mark stems from the body at Mark.Body on, byte for byte,
// unless Folded is set: then the whole stretch stems from the body bytes [Mark.Body, next mark's Body). Batch.BodyOffset
// and Batch.BodyEnd apply that.
type Mark struct {
	Text   int
	Body   int64
	Folded bool
	Width  uint8 // bytes of the body behind each byte of text, as in UTF-16 and UTF-32; 0 means 1
}

// A Cell is a value with a place of its own: a field of a table, a value in a JSON document, an attribute.
type Cell struct {
	Start, End int     // the value within Batch.Text, without quotes and delimiters
	Column     *Column // never nil
	Row        int     // 1-based row of a table or element of an array; 0 where neither
	Record     int64   // which record (table row, JSON object, vCard) the value belongs to, from 1 upwards; 0 for none
	Parent     int64   // the record around Record; 0 for none
	RecordBody int64   // body offset at which Record starts; bytes before it belong to earlier records
	Where      string  // for people, such as "$.applicants[3].email"; empty unless Options.Places is set
	// These belong to the Inspector: what the form of the value says, what it is by its form and its words, and the key of what it is.
	// Readers leave them alone.
	Form int32
	Hits uint32
	Key  uint64
}

// A Column is what the cells below one header, or behind one JSON key, have in common. The Reader owns it and hands out the
// same pointer for the same column of one body.
type Column struct {
	Container string // sheet, table or archive member; "" for the only one
	Header    string // the header's or key's text; "" when there is none
	Number    int    // 1-based; 0 where columns have no order
	Tabular   bool   // its cells stand in rows, with nothing but separators between one cell and the next
	Running   bool   // its cells are paragraphs: running text, which is cut into cells only so that it can be redacted
	// Label belongs to the Inspector, which stores here what the header means. Readers leave it alone.
	Label int32
	// These belong to the Inspector: how many values were seen, which detector took most of them whole, how many different ones in a
	// row it took, how many that were the same as the one before, and the key of the last.
	Seen, Detector, Valid, Repeated int32
	Last                            uint64
	Listed                          int32 // where its cells are listed to be read, plus one; 0 for nowhere
}

// Options are what a Reader is told.
type Options struct {
	Places      bool   // fill Cell.Where: for scan and explain, not for serving
	ContentType string // as declared; a hint only, "" for none
	Name        string // file name, a hint only, "" for none
	Head        []byte // the first bytes, as Sniff saw them, for how text is written that nobody names; read by NewReader only
	Limits      Limits
}

// A Reader turns the bytes of a flat format into text, as they stream by.
type Reader interface {
	// Read appends to batch what it can read from body, whose first byte has the given offset in the whole body, and
	// returns how many bytes of it are done with; the caller presents the rest again with more bytes behind it. When
	// final is set there are no more bytes, and Read consumes all. It must give the same text, cells and marks whatever
	// the split of the body, and hold back at most an unfinished token, never more than MaxToken bytes.
	Read(batch *Batch, body []byte, offset int64, final bool) (done int)
	// Format is what the reader takes the body for; it may become more precise while reading (JSON to NDJSON).
	Format() rules.Format
	// RecordStart is the body offset at which the record that is being read began, or -1 when none is open. What lies
	// behind it is not released before the record ends or the window is full.
	RecordStart() int64
}

// A Transcoder is a Reader of a body that is not in UTF-8.
type Transcoder interface {
	// Encode appends ASCII text to dst in the encoding of the body: what is written in place of a value must be so encoded.
	Encode(dst, text []byte) []byte
	// Trouble is UnknownCharset when the declared charset is none that can be decoded; the body is then read as it is.
	Trouble() rules.Reason
}

// A Document reads a format that needs the whole file.
type Document interface {
	// Read reads the file and calls emit for each batch, which is valid during the call only. It returns how much was
	// read and why not all; it never panics on hostile input and keeps within limits.
	Read(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason)
}

// MaxToken is the most that a Reader holds back for an unfinished token, in bytes; in UTF-16 and UTF-32, in characters.
const MaxToken = 4096

// Limits bound what reading a document may cost. A zero field means its default.
type Limits struct {
	Memory   int64 // working set beside the spool, in bytes; default 16 MiB
	Expanded int64 // bytes that all decompression of one body may yield; default 1 GiB
	Ratio    int64 // expanded against stored bytes, once 1 MiB has been expanded; default 200
	Depth    int   // archives within archives; default 3
	Entries  int   // members of all archives; default 10,000

	// Stop is asked now and then; once it says true, reading ends with the reason Deadline. Nil means never.
	Stop func() bool
	// SpoolDir is where archive members, shared strings and rewritten parts go when they outgrow memory; "" means the
	// system's temporary folder. The files are unlinked as soon as they are made.
	SpoolDir string
	// Quota is what everything that is spooled counts towards. Nil means no bound.
	Quota *Quota
}

// spool is a Spool that keeps so many bytes in memory.
func (l *Limits) spool(memory int) Spool {
	return Spool{Memory: memory, Folder: l.SpoolDir, Quota: l.Quota}
}
