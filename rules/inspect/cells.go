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

// readForms reads the cells of tables that came: those with a neighbour on either side. Elsewhere cells are short and
// scattered, and one search for all is faster than many between them.
func (in *Inspector) readForms(final bool) {
	text, cells, r := in.batch.Text, in.batch.Cells, &in.reading
	for ; r.formed < len(cells); r.formed++ {
		cell := &cells[r.formed]
		cell.Form, cell.Hits, cell.Key = int32(detect.Unknown), 0, 0
		if cell.Column.Tabular && in.leastAsked >= rules.Medium {
			if cell.End >= len(text) && !final {
				break
			}
			if r.besideCell(cell, text) {
				in.list(r.formed, cell)
			}
		}
		r.behind = cell.End
	}
	in.readListed()
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

// cellGroup is how many cells are looked at before anything is booked: so many that the memory of people, which is larger than the
// nearest caches, is waited for once.
const cellGroup = 24

// judgeForms judges the cells that follow the last one which was judged by its form, as long as their forms say what they are. All that
// stands before is judged.
func (in *Inspector) judgeForms(final bool) {
	r := &in.reading
	if r.next == 0 || in.batch.Cells[r.next-1].End != r.from {
		return
	}
	for in.stage != stopped {
		end := in.groupEnd(final)
		if end == r.next {
			return
		}
		in.judgeGroup(end)
	}
}

// groupEnd returns the end of a group of cells whose forms say what they are.
func (in *Inspector) groupEnd(final bool) int {
	r, searched := &in.reading, in.search.At()
	end := r.next
	for limit := min(r.formed, r.next+cellGroup); end < limit; end++ {
		cell := &in.batch.Cells[end]
		if cell.Form == int32(detect.Unknown) || cell.End > searched && !final {
			break
		}
	}
	return end
}

// judgeGroup judges cells up to an index by their forms.
func (in *Inspector) judgeGroup(end int) {
	first := in.reading.next
	if in.cell < first {
		in.visit(in.batch.Cells[first].Start)
	}
	for i := first; i < end; i++ {
		if key := in.batch.Cells[i].Key; key != 0 {
			in.people.seen.foresee(key)
		}
	}
	in.bookForms(end)
}

// bookForms books what cells up to an index are, cell by cell.
func (in *Inspector) bookForms(end int) {
	r, cells := &in.reading, in.batch.Cells
	for ; r.next < end && in.stage != stopped; r.next++ {
		cell := &cells[r.next]
		if in.cell == r.next {
			in.cell++
			cell.Column.Seen++
		}
		r.from, in.scanned = cell.End, cell.End
		hits := detect.CellHits(cell.Hits)
		switch {
		case !hits.Known():
			in.judgeForm(cell)
			in.acceptInColumn(cell)
		case in.countsCell(cell):
			in.countForm(cell, hits)
		default:
			in.hits = hits.Append(in.hits[:0], cell.Start, cell.End)
			in.acceptInColumn(cell)
		}
	}
}

// countForm counts what a cell is, without making hits of it: that would cost a twentieth of a table.
func (in *Inspector) countForm(cell *extract.Cell, hits detect.CellHits) {
	first, rest, ok := hits.Next()
	if !ok {
		return
	}
	in.countInColumn(first, cell.Start, cell.End, cell, cell.Key)
	if second, _, ok := rest.Next(); ok {
		key := uint64(0)
		if second.Detector == first.Detector {
			key = cell.Key
		}
		in.countInColumn(second, cell.Start, cell.End, cell, key)
	}
}

// judgeForm judges a cell by its form and its words into in.hits.
func (in *Inspector) judgeForm(cell *extract.Cell) {
	set, meaning := in.engine.options.Detectors, in.meaning(cell.Column)
	in.hits = in.hits[:0]
	if meaning&wordy != 0 {
		field := in.fieldOf(cell)
		field.Floor = in.leastOfWords(meaning)
		in.hits = set.JudgeCell(in.hits, in.batch.Text, field)
	}
	in.hits = set.Forms(labelOf(meaning)).Judge(in.hits, in.batch.Text, cell.Start, cell.End, detect.Form(cell.Form))
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
