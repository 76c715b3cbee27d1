package extract

import (
	"errors"
	"io"
	"strconv"

	"stanch/rules"
)

// parts is how the reader of a package format (a workbook, a text document) sees its container. The container meters what
// is read against the limits: a reader that runs into one gets a reasonError from Read, and passes it on with fail.
type parts interface {
	// Names lists the members, in the container's order. The reader of a package does not change the slice.
	Names() []string
	// Open starts to read a member. Names are matched exactly.
	Open(name string) (io.ReadCloser, error)
}

// A reasonError is why a member could not be read to its end.
type reasonError struct{ reason rules.Reason }

func (e reasonError) Error() string { return "cannot be read to its end: " + e.reason.String() }

// reasonOf is the reason in an error; whatever names none is corrupt.
func reasonOf(err error) rules.Reason {
	var named reasonError
	if errors.As(err, &named) {
		return named.reason
	}
	return rules.Corrupt
}

// fullBatch is how much text a reading gathers before it emits: enough that the calls do not count, little enough that the
// batch stays in the second-level cache.
const fullBatch = 32 << 10

// A reading is one pass over a document: where its text goes, and what went wrong so far. Readers of parts share it, so that
// records run on over the whole body. It is for one goroutine.
type reading struct {
	options Options // limits are filled in
	emit    func(*Batch)

	// rewrite is asked about every cell when the document is redacted: nil while it is only read. What it answered about the
	// last cell is in replacement and changed.
	rewrite     Rewrite
	replacement []byte
	changed     bool

	record int64 // the last record that was given out
	batch  Batch
	reason rules.Reason // the first thing that went wrong
	seen   bool         // some text was read
	text   int64        // bytes emitted so far
	full   bool         // a limit is reached: nothing more is taken, and readers end
}

// fail notes that a part could not be read completely. The first reason stands.
func (r *reading) fail(reason rules.Reason) {
	if r.reason == rules.NoReason {
		r.reason = reason
	}
}

// result ends the reading.
func (r *reading) result() (rules.Status, rules.Reason) {
	r.flush()
	switch {
	case r.reason == rules.NoReason:
		return rules.Complete, rules.NoReason
	case r.seen:
		return rules.Partial, r.reason
	}
	return rules.Unscannable, r.reason
}

// nextRecord gives out the number of a new record.
func (r *reading) nextRecord() int64 {
	r.record++
	return r.record
}

// flush emits what is gathered. Readers call it between records only, so that no record is split over two batches unless it
// is larger than one.
func (r *reading) flush() {
	if len(r.batch.Text) == 0 {
		return
	}
	r.seen = true
	r.text += int64(len(r.batch.Text))
	if !r.full {
		r.emit(&r.batch)
	}
	limits := &r.options.Limits
	if limits.Expanded > 0 && r.text > limits.Expanded {
		r.full = true
		r.fail(rules.TooLarge)
	}
	if limits.Stop != nil && limits.Stop() {
		r.full = true
		r.fail(rules.Deadline)
	}
	r.batch.Text, r.batch.Cells = r.batch.Text[:0], r.batch.Cells[:0]
}

// flushFull emits when enough has been gathered.
func (r *reading) flushFull() {
	if len(r.batch.Text) >= fullBatch {
		r.flush()
	}
}

// running adds running text that belongs to no cell.
func (r *reading) running(text []byte) { r.batch.Text = append(r.batch.Text, text...) }

// breakLine ends a line, unless one has just been ended.
func (r *reading) breakLine() {
	if n := len(r.batch.Text); n > 0 && r.batch.Text[n-1] != '\n' {
		r.batch.Text = append(r.batch.Text, '\n')
	}
}

// closeCell makes the text from start on a cell of a column, and names its place where that was asked for.
func (r *reading) closeCell(start int, column *Column, row int, record int64) {
	cell := r.batch.addCell()
	cell.Start, cell.End, cell.Column, cell.Row, cell.Record = start, len(r.batch.Text), column, row, record
	cell.Parent, cell.RecordBody, cell.Where = 0, 0, ""
	if r.options.Places {
		cell.Where = r.where(column, row)
	}
	if r.rewrite != nil {
		r.replacement, r.changed = r.rewrite(r.batch.Text[start:], cell)
	}
}

// where names a cell for people: "Sheet1!B7", or the container alone where there is neither row nor column.
func (r *reading) where(column *Column, row int) string {
	w := append(make([]byte, 0, len(column.Container)+12), column.Container...)
	if row == 0 {
		return string(w)
	}
	if len(w) > 0 {
		w = append(w, '!')
	}
	return string(strconv.AppendInt(appendLetters(w, column.Number), int64(row), 10))
}

// appendLetters writes a column's number the way spreadsheets do: 1 is A, 27 is AA. Zero writes nothing.
func appendLetters(dst []byte, number int) []byte {
	var letters [8]byte
	i := len(letters)
	for ; number > 0 && i > 0; number = (number - 1) / 26 {
		i--
		letters[i] = 'A' + byte((number-1)%26)
	}
	return append(dst, letters[i:]...)
}
