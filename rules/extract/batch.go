package extract

import "sort"

// BodyOffset returns the body offset that the text at an offset stems from: the start of its source where it was folded.
// It returns -1 when the batch has no Map, as those of documents.
func (b *Batch) BodyOffset(text int) int64 {
	i := b.markAt(text)
	if i < 0 {
		return -1
	}
	mark := b.Map[i]
	if mark.Folded {
		return mark.Body
	}
	return mark.Body + mark.source(text-mark.Text)
}

// source is how many bytes of the body n bytes of text stem from, where they are not folded.
func (m Mark) source(n int) int64 { return int64(n) * int64(max(m.Width, 1)) }

// BodyEnd returns where the source of Text[:text] ends in the body: the exclusive end of a span that ends at text. What was
// dropped behind the span is not part of it. It returns -1 when the batch has no Map.
func (b *Batch) BodyEnd(text int) int64 {
	if text <= 0 {
		return b.BodyOffset(text)
	}
	i := b.markAt(text - 1)
	if i < 0 {
		return -1
	}
	mark := b.Map[i]
	if mark.Folded && i+1 < len(b.Map) {
		return b.Map[i+1].Body
	}
	return mark.Body + mark.source(text-mark.Text)
}

// markAt returns the index of the mark that covers an offset of Text, or -1.
func (b *Batch) markAt(text int) int {
	n := len(b.Map)
	// The end is asked for most often.
	if n > 0 && b.Map[n-1].Text <= text {
		return n - 1
	}
	return sort.Search(n, func(i int) bool { return b.Map[i].Text > text }) - 1
}

// CellAt returns the index of the cell that covers an offset of Text, or that of the first cell behind it, looking from the
// cell with index from on; len(Cells) when there is none. Whether the cell covers the offset is for the caller to compare.
func (b *Batch) CellAt(text, from int) int {
	from = max(from, 0)
	// Callers walk forward: the answer is mostly near.
	for near := 0; near < 8; near++ {
		if from >= len(b.Cells) || b.Cells[from].End > text {
			return from
		}
		from++
	}
	return from + sort.Search(len(b.Cells)-from, func(i int) bool { return b.Cells[from+i].End > text })
}

// addCell appends a cell, every field of which is for the caller to set: the place may have held another before.
func (b *Batch) addCell() *Cell {
	n := len(b.Cells)
	if n == cap(b.Cells) {
		b.Cells = append(b.Cells, Cell{})
	} else {
		b.Cells = b.Cells[:n+1]
	}
	return &b.Cells[n]
}

// Drop consumes Text[:text], the cells that end there or before, and the marks that nothing needs any more. A cell across
// the cut keeps its rest. It works in place and allocates nothing.
func (b *Batch) Drop(text int) {
	if text <= 0 {
		return
	}
	text = min(text, len(b.Text))
	b.dropMarks(text)
	b.dropCells(text)
	b.Text = b.Text[:copy(b.Text, b.Text[text:])]
}

func (b *Batch) dropMarks(text int) {
	first := b.markAt(text)
	if first < 0 {
		return
	}
	// Marks of empty stretches at the cut belong to what was before it, but for the last.
	kept := b.Map[:copy(b.Map, b.Map[first:])]
	if mark := &kept[0]; !mark.Folded {
		mark.Body += mark.source(text - mark.Text)
		mark.Text = text
	}
	for i := range kept {
		kept[i].Text = max(kept[i].Text-text, 0)
	}
	b.Map = kept
}

func (b *Batch) dropCells(text int) {
	first := 0
	for first < len(b.Cells) && b.Cells[first].End <= text {
		first++
	}
	kept := b.Cells[:copy(b.Cells, b.Cells[first:])]
	for i := range kept {
		kept[i].Start = max(kept[i].Start-text, 0)
		kept[i].End -= text
	}
	b.Cells = kept
}

// addMark appends a mark, in place of the last one when that leads from and to the same places.
func addMark(batch *Batch, mark Mark) {
	if n := len(batch.Map); n > 0 && batch.Map[n-1].Text == mark.Text && batch.Map[n-1].Body == mark.Body {
		batch.Map[n-1] = mark
		return
	}
	batch.Map = append(batch.Map, mark)
}
