package extract

import (
	"bytes"
	"unicode/utf8"
)

// A batch of running text is emitted once it has batchText bytes and a line ends; a line longer than batchMost is cut,
// at a space when there is one.
const (
	batchText = 32 << 10
	batchMost = 4 * batchText
)

// A textWriter collects the running text of one document and emits it, never cutting a line that is shorter than batchMost.
type textWriter struct {
	batch Batch
	emit  func(*Batch)
	meter *meter
	where string // place of what is written now, "" unless places are wanted
}

// at says where the text from here on lies.
func (w *textWriter) at(where string) {
	if where != w.where {
		w.flush()
		w.where = where
	}
}

func (w *textWriter) write(p []byte) {
	w.batch.Text = append(w.batch.Text, p...)
	w.long()
}

func (w *textWriter) writeString(s string) {
	w.batch.Text = append(w.batch.Text, s...)
	w.long()
}

func (w *textWriter) writeByte(b byte) {
	w.batch.Text = append(w.batch.Text, b)
	w.long()
}

func (w *textWriter) writeRune(r rune) {
	w.batch.Text = utf8.AppendRune(w.batch.Text, r)
	w.long()
}

// line ends a line, once however often it is called.
func (w *textWriter) line() {
	n := len(w.batch.Text)
	if n == 0 || w.batch.Text[n-1] == '\n' {
		return
	}
	w.batch.Text = append(w.batch.Text, '\n')
	if n >= batchText {
		w.flush()
	}
}

// space separates words, once however often it is called.
func (w *textWriter) space() {
	if n := len(w.batch.Text); n > 0 && w.batch.Text[n-1] > ' ' {
		w.batch.Text = append(w.batch.Text, ' ')
	}
}

// long cuts a line that has grown past what one batch may hold.
func (w *textWriter) long() {
	if len(w.batch.Text) < batchMost {
		return
	}
	cut := bytes.LastIndexAny(w.batch.Text[len(w.batch.Text)-batchText:], " \t\n")
	if cut < 0 {
		w.flush()
		return
	}
	w.emitFront(len(w.batch.Text) - batchText + cut + 1)
}

// emitFront emits the text before cut and keeps the rest.
func (w *textWriter) emitFront(cut int) {
	rest := bytes.Clone(w.batch.Text[cut:])
	w.batch.Text = w.batch.Text[:cut]
	w.flush()
	w.batch.Text = append(w.batch.Text, rest...)
}

// flush emits what has been written.
func (w *textWriter) flush() {
	if len(w.batch.Text) > 0 {
		w.batch.Where = w.where
		w.emit(&w.batch)
	}
	w.batch.Text = w.batch.Text[:0]
}
