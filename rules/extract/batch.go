package extract

import "sort"

// BodyOffset is where in the body the byte Text[text] stems from; at the end of Text, where it would.
func (b *Batch) BodyOffset(text int) int64 {
	i := sort.Search(len(b.Map), func(i int) bool { return b.Map[i].Text > text }) - 1
	if i < 0 {
		return -1
	}
	if m := b.Map[i]; m.Folded {
		return m.Body
	} else {
		return m.Body + int64(text-m.Text)
	}
}

// BodyEnd is the end in the body of a span that ends before Text[text].
func (b *Batch) BodyEnd(text int) int64 {
	i := sort.Search(len(b.Map), func(i int) bool { return b.Map[i].Text >= text }) - 1
	if i < 0 {
		return -1
	}
	m := b.Map[i]
	if !m.Folded {
		return m.Body + int64(text-m.Text)
	}
	if i+1 < len(b.Map) {
		return b.Map[i+1].Body
	}
	return m.Body
}

// Drop forgets Text[:text] and what belongs to it alone.
func (b *Batch) Drop(text int) {
	n := copy(b.Text, b.Text[text:])
	b.Text = b.Text[:n]
	cells := b.Cells[:0]
	for _, c := range b.Cells {
		if c.End > text {
			c.Start, c.End = max(c.Start-text, 0), c.End-text
			cells = append(cells, c)
		}
	}
	b.Cells = cells
	first := sort.Search(len(b.Map), func(i int) bool { return b.Map[i].Text > text }) - 1
	if first < 0 {
		return
	}
	marks := b.Map[:copy(b.Map, b.Map[first:])]
	for i := range marks {
		if i == 0 && !marks[i].Folded {
			marks[i].Body += int64(text - marks[i].Text)
			marks[i].Text = text
		}
		marks[i].Text = max(marks[i].Text-text, 0)
	}
	b.Map = marks
}
