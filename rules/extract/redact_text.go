package extract

import (
	"bytes"
	"cmp"
	"slices"
)

// A piece is a stretch of text that stands in one place of a part: in one run of a paragraph, or in an attribute.
type piece struct {
	start, end int // in the text
	span           // in the part, when it is rewritten
	comment    bool
}

// A partEdit replaces a stretch of a part.
type partEdit struct {
	span
	with []byte
}

// addPiece notes that the text from start on is what the scanner stands at. The batch does not go out before its paragraph ends.
func (b *textBody) addPiece(start int) {
	if b.scanner.copy == nil {
		return
	}
	x := &b.scanner
	b.holdToken()
	comment := bytes.HasPrefix(x.buf[x.start:x.pos], []byte("<!--"))
	b.pieces = append(b.pieces, piece{start, len(b.batch.Text), span{x.at(x.start), x.at(x.pos)}, comment})
}

// addAside keeps the value of an attribute of the tag that the scanner stands at.
func (b *textBody) addAside(attribute xmlAttributes) {
	start := len(b.aside)
	b.aside = appendUnescaped(b.aside, attribute.value)
	kept := piece{start: start, end: len(b.aside)}
	if x := &b.scanner; x.copy != nil {
		b.holdToken()
		from := x.at(x.attrsAt + len(x.attrs) - len(attribute.rest) - len(`"`) - len(attribute.value))
		kept.span = span{from, from + int64(len(attribute.value))}
	}
	b.asides = append(b.asides, kept)
}

// holdToken keeps the bytes of the part from the scanner's token on until what changes in them is settled.
func (b *textBody) holdToken() {
	if b.scanner.copy.held < 0 {
		b.scanner.hold(b.scanner.start)
	}
}

func (b *textBody) asideText(i int) []byte { return b.aside[b.asides[i].start:b.asides[i].end] }

// rewriteAside takes over what the attribute that was just made a cell is rewritten to.
func (b *textBody) rewriteAside(i int) {
	if b.scanner.copy != nil && b.changed {
		b.edits = append(b.edits, partEdit{b.asides[i].span, appendEscaped(nil, b.replacement)})
	}
}

// rewriteText takes over what the text that was just made a cell is rewritten to, in each of the runs that it is made of. A
// replacement of the same length falls on the runs as it stands. Of any other, what differs goes to the first run that has a
// part in it, and the other runs lose theirs.
func (b *textBody) rewriteText(start int, text []byte) {
	if b.scanner.copy != nil && b.changed {
		with := b.replacement
		first, last := differing(text, with)
		placed := len(with) == len(text)
		for _, p := range b.pieces {
			from, to := min(p.start-start, len(text)), min(p.end-start, len(text))
			if to <= first || from >= last {
				continue
			}
			var own []byte
			if len(with) == len(text) {
				own = with[from:to]
			} else {
				own = slices.Clone(text[from:max(from, first)])
				if !placed {
					own = append(own, with[first:len(with)-(len(text)-last)]...)
					placed = true
				}
				own = append(own, text[min(to, last):to]...)
			}
			e := partEdit{span: p.span}
			if !p.comment {
				e.with = appendEscaped(nil, own)
			}
			b.edits = append(b.edits, e)
		}
	}
	b.pieces = b.pieces[:0]
}

// differing is the stretch of text that its replacement does not share, at least one byte long.
func differing(text, with []byte) (first, last int) {
	shorter := min(len(text), len(with))
	for first < shorter && text[first] == with[first] {
		first++
	}
	last = len(text)
	for left := shorter - first; left > 0 && text[last-1] == with[len(with)-(len(text)-last)-1]; left-- {
		last--
	}
	return min(first, max(last-1, 0)), last
}

// settle writes what changes in the paragraph or cell that has ended, in the order of the part.
func (b *textBody) settle() {
	b.aside, b.asides = b.aside[:0], b.asides[:0]
	if b.scanner.copy == nil {
		return
	}
	slices.SortFunc(b.edits, func(a, b partEdit) int { return cmp.Compare(a.from, b.from) })
	for _, e := range b.edits {
		b.scanner.copy.replace(b.scanner.buf, e.from, e.to, e.with)
	}
	b.edits = b.edits[:0]
	b.scanner.letGo()
}
