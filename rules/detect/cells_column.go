package detect

import (
	"stanch/rules"
	"stanch/rules/match"
)

// CellHits says which hits a cell is at a floor of Medium, where they are at most two and each is all of it. 0 says nothing.
type CellHits uint32

// hitsKnown is set in all CellHits that say something.
const hitsKnown CellHits = 1

// Where the parts of CellHits stand, in bits: behind hitsKnown the first hit, behind that the second. A hit is its detector, as index plus
// one, above its grade, above its confidence; 0 is none.
const (
	hitsBegin     = 1
	confidenceEnd = 2
	gradeEnd      = confidenceEnd + 3
	hitWidth      = gradeEnd + 9
	oneHit        = 1<<hitWidth - 1
)

// A CellHit is one of CellHits.
type CellHit struct {
	Detector   int // index into Set.Detectors
	Confidence rules.Confidence
	Grade      Grade
}

// Known reports whether h says something.
func (h CellHits) Known() bool { return h != 0 }

// Next returns the first hit, and the others; ok is false when there is none.
func (h CellHits) Next() (hit CellHit, rest CellHits, ok bool) {
	one := h >> hitsBegin & oneHit
	if one == 0 {
		return hit, 0, false
	}
	hit = CellHit{int(one>>gradeEnd) - 1, rules.Confidence(one & (1<<confidenceEnd - 1)), Grade(one >> confidenceEnd & (1<<(gradeEnd-confidenceEnd) - 1))}
	return hit, h >> (hitsBegin + hitWidth) << hitsBegin, true
}

// Append appends to hits those that h tells of, of the cell text[start:end].
func (h CellHits) Append(hits []Hit, start, end int) []Hit {
	for hit, rest, ok := h.Next(); ok; hit, rest, ok = rest.Next() {
		hits = addHit(hits, hit.Detector, start, end, hit.Confidence, hit.Grade)
	}
	return hits
}

// packHits returns the CellHits of a cell text[start:end] that is those hits.
func packHits(hits []Hit, start, end int) CellHits {
	packed := hitsKnown
	for i := range hits {
		hit := &hits[i]
		if i == 2 || hit.Start != start || hit.End != end {
			return 0
		}
		packed |= packHit(hit.Detector, hit.Confidence, hit.Grade) << (hitsBegin + i*hitWidth)
	}
	return packed
}

// packHit returns one hit as it stands in CellHits.
func packHit(detector int, confidence rules.Confidence, grade Grade) CellHits {
	return CellHits(detector+1)<<gradeEnd | CellHits(grade)<<confidenceEnd | CellHits(confidence)
}

// A CellReading is what ReadColumn is given of a cell, and what it says of it.
type CellReading struct {
	Start, End int      // in the text; not empty
	Form       Form     // see Forms.Read
	Hits       CellHits // what JudgeCell and then Forms.Judge make of it, in this order; of no meaning when Form is Unknown
	Index      int      // the caller's own
}

// ReadColumn reads cells below one label, which no letter, digit or underscore touches: what their forms are, and what hits. In a column
// that is Wordy at a floor below Medium it does not say what hits. It may change the order of the cells.
func (s *Set) ReadColumn(label Label, floor rules.Confidence, text []byte, cells []CellReading) {
	c := columnReader{set: s, forms: s.Forms(label), label: label, wordy: s.Wordy(label, floor)}
	judged := !c.wordy || floor >= rules.Medium
	if c.wordy && judged {
		c.accept = s.onlyAccept(label)
		cells = cells[:c.recall(text, cells)]
	}
	c.readForms(text, cells)
	for i := range cells {
		cell := &cells[i]
		if cell.Hits = 0; judged && cell.Form != Unknown {
			c.judge(text, cell)
		}
	}
}

// A columnReader reads cells below one label.
type columnReader struct {
	set    *Set
	forms  *Forms
	label  Label
	wordy  bool
	accept *columnRef // the only one that may make a hit of Medium in a Wordy column; nil when there are several
	few    [4]Hit     // scratch
	four   match.Four // scratch
}

// onlyAccept returns the only one that may make a hit of Medium of a cell below a label; nil when there are several.
func (s *Set) onlyAccept(label Label) (only *columnRef) {
	columns := s.phrases.meanings[label].columns
	for i := range columns {
		if inColumn[columns[i].most] < rules.Medium {
			continue
		}
		if only != nil {
			return nil
		}
		only = &columns[i]
	}
	return only
}

// recall tells of cells what is remembered of them, and puts the others first. It returns how many these are.
func (c *columnReader) recall(text []byte, cells []CellReading) (unknown int) {
	for i := range cells {
		cell := &cells[i]
		if value := text[cell.Start:cell.End]; isWord(value) && c.set.recall(c.label, value, cell) {
			continue
		}
		cells[unknown], cells[i] = cells[i], cells[unknown]
		unknown++
	}
	return unknown
}

// readForms reads the forms of cells, several at once.
func (c *columnReader) readForms(text []byte, cells []CellReading) {
	if c.forms.whole == nil {
		for i := range cells {
			cells[i].Form = Unknown
		}
		return
	}
	var starts, ends, outcomes [4]int
	for ; len(cells) >= len(starts); cells = cells[len(starts):] {
		four := (*[len(starts)]CellReading)(cells)
		for i := range four {
			starts[i], ends[i] = four[i].Start, four[i].End
		}
		c.four.Read(c.forms.whole, text, &starts, &ends, &outcomes)
		for i := range four {
			cell := &four[i]
			if cell.Form = Unknown; outcomes[i] >= 0 {
				cell.Form = c.forms.formOf(text[cell.Start:cell.End], outcomes[i])
			}
		}
	}
	for i := range cells {
		cells[i].Form = c.forms.Read(text[cells[i].Start:cells[i].End])
	}
}

// judge says what hits a cell is whose form is known.
func (c *columnReader) judge(text []byte, cell *CellReading) {
	if cell.Hits = c.judgeSimply(text, cell); cell.Hits == 0 {
		hits := c.few[:0]
		if c.wordy {
			hits = c.set.JudgeCell(hits, text, &Field{Label: c.label, Start: cell.Start, End: cell.End, Floor: rules.Medium})
		}
		hits = c.forms.Judge(hits, text, cell.Start, cell.End, cell.Form)
		cell.Hits = packHits(hits, cell.Start, cell.End)
	}
	if value := text[cell.Start:cell.End]; c.wordy && cell.Hits.Known() && isWord(value) {
		c.set.remember(c.label, value, cell)
	}
}

// judgeSimply says the same where words and form may make one hit each, as they mostly do; it returns 0 for other cells.
func (c *columnReader) judgeSimply(text []byte, cell *CellReading) CellHits {
	hits, next := hitsKnown, hitsBegin
	value := text[cell.Start:cell.End]
	if c.wordy {
		if c.accept == nil || len(value) > maxCell || value[0] <= ' ' || value[len(value)-1] <= ' ' {
			return 0
		}
		grade := c.accept.accept(value)
		if confidence := inColumn[min(grade, Distinctive)]; confidence >= rules.Medium {
			hits |= packHit(c.accept.detector, confidence, grade) << next
			next += hitWidth
		}
	}
	if cell.Form < Something {
		return hits
	}
	p := c.forms.plans[cell.Form&^signed-Something].Load()
	if len(p.whole) != 1 || len(p.behindFirst) > 0 {
		return 0
	}
	o := &p.whole[0]
	from, to, grade := o.compiled.readAlone(text[:cell.End], cell.Start, cell.Start, cell.End, o.grade)
	switch confidence := o.confidence(grade); {
	case confidence < rules.Medium:
		return hits
	case from != cell.Start || to != cell.End:
		return 0
	default:
		return hits | packHit(o.detector, confidence, grade)<<next
	}
}
