package inspect

import (
	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// Cells of a table that stand side by side are read one by one, by what their column may hold, without a search: see detect.Forms. What
// cannot be told so, and all text around, is searched. Which is which depends on the text alone, not on how it came.

// longestGap is how much may stand between two cells that are side by side: quotes, a delimiter, a line end.
const longestGap = 4

// separators are the bytes that do.
var separators = func() (table [256]bool) {
	for _, b := range ",;\t|\"\r\n" {
		table[b] = true
	}
	return table
}()

// A cellReading is how far the cells of a batch have been read so.
type cellReading struct {
	formed int // the first of batch.Cells whose form was not read
	next   int // the first of batch.Cells that was neither judged by its form nor left to the search
	behind int // where the last cell whose form was read ends in batch.Text
	from   int // where the text begins that is searched: behind the last cell that was judged by its form
}

// drop says that the first n bytes of the text are gone, and with them some cells.
func (r *cellReading) drop(n, cells int) {
	r.formed, r.next = max(r.formed-cells, 0), max(r.next-cells, 0)
	r.behind, r.from = max(r.behind-n, 0), max(r.from-n, 0)
}

// readForms reads the forms of the cells that came: those with a neighbour on either side.
func (in *Inspector) readForms(final bool) {
	set, text, cells, r := in.engine.options.Detectors, in.batch.Text, in.batch.Cells, &in.reading
	for ; r.formed < len(cells); r.formed++ {
		cell := &cells[r.formed]
		cell.Form = int32(detect.Unknown)
		if cell.End >= len(text) && !final {
			break
		}
		if r.besideCell(cell, text) && !cell.Column.Running && in.leastAsked >= rules.Medium {
			cell.Form = int32(set.Forms(labelOf(in.meaning(cell.Column))).Read(text[cell.Start:cell.End]))
		}
		r.behind = cell.End
	}
}

// besideCell reports whether nothing but separators stands between a cell and the one before it, and one behind it.
func (r *cellReading) besideCell(cell *extract.Cell, text []byte) bool {
	gap := cell.Start - r.behind
	if gap <= 0 || gap > longestGap || cell.Start == cell.End || cell.End < len(text) && !separators[text[cell.End]] {
		return false
	}
	for _, b := range text[r.behind:cell.Start] {
		if !separators[b] {
			return false
		}
	}
	return true
}

// nextFormed returns the next cell that is judged by its form, nil when there is none; how far the text before is searched; and whether
// nothing behind that belongs to it. Cells with an encoded run in them are left to the search.
func (in *Inspector) nextFormed(run extract.Encoded, found, final bool) (cell *extract.Cell, limit int, closed bool) {
	r := &in.reading
	for ; r.next < r.formed; r.next++ {
		cell = &in.batch.Cells[r.next]
		if cell.Form != int32(detect.Unknown) && (!found || run.Start >= cell.End || run.Start < cell.Start) {
			if !final && cell.End > in.search.At() {
				return nil, cell.Start, false
			}
			return cell, cell.Start, true
		}
	}
	if r.formed < len(in.batch.Cells) {
		return nil, in.batch.Cells[r.formed].Start, false
	}
	return nil, len(in.batch.Text), final
}

// judgeForms judges the cells that follow the last one which was judged by its form, as long as their forms say what they are. All that
// stands before is judged.
func (in *Inspector) judgeForms(final bool) {
	r, cells, searched := &in.reading, in.batch.Cells, in.search.At()
	for r.next > 0 && r.next < r.formed && cells[r.next-1].End == r.from && in.stage != stopped {
		cell := &cells[r.next]
		if cell.Form == int32(detect.Unknown) || cell.End > searched && !final {
			return
		}
		in.judgeForm(cell)
	}
}

// judgeForm judges a cell whose form is known. All that stands before it is judged.
func (in *Inspector) judgeForm(cell *extract.Cell) {
	r := &in.reading
	if in.cell < r.next {
		in.visit(cell.Start)
	}
	if in.cell == r.next && in.stage != stopped {
		in.cell++
		cell.Column.Seen++
	}
	r.next++
	r.from, in.scanned = cell.End, cell.End
	meaning := in.meaning(cell.Column)
	if meaning&wordy != 0 {
		in.visitCell(cell)
	}
	if form := detect.Form(cell.Form); form >= detect.Something {
		forms := in.engine.options.Detectors.Forms(labelOf(meaning))
		in.hits = forms.Judge(in.hits[:0], in.batch.Text, cell.Start, cell.End, form)
		in.acceptInColumn(cell)
	}
}

// sideBySide reports whether nothing needs to be searched between a cell that nextFormed returned and the one before it.
func (in *Inspector) sideBySide(cell *extract.Cell) bool {
	if cell.Start-in.reading.from > longestGap || len(in.waiting) > 0 {
		return false
	}
	for _, b := range in.batch.Text[in.reading.from:cell.Start] {
		if !separators[b] {
			return false
		}
	}
	in.scanned = cell.Start
	return true
}

// searchTo finds the candidates in the text that was not searched, up to limit. Closed says that nothing behind belongs to it.
func (in *Inspector) searchTo(limit int, closed bool) {
	r := &in.reading
	first := len(in.waiting)
	in.waiting, in.scanned = in.engine.options.Detectors.Engine().Scan(in.waiting, in.batch.Text[r.from:limit], in.scanned-r.from, closed)
	in.scanned += r.from
	for i := first; i < len(in.waiting); i++ {
		in.waiting[i].Start += r.from
		in.waiting[i].End += r.from
	}
}
