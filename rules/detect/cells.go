package detect

import (
	"sync"
	"sync/atomic"

	"stanch/rules"
	"stanch/rules/match"
)

// cellForms are what the cells of a column may be from end to end: the patterns that could make a finding there, read by an automaton of
// their own instead of the search for all patterns everywhere.
type cellForms struct {
	whole    *match.Whole
	patterns []uint16                   // of the Set, by the patterns of whole
	plans    []atomic.Pointer[cellPlan] // by the outcomes of whole
}

// A cellPlan says what a cell can be, and what can be all of it but its first byte.
type cellPlan struct{ whole, behindFirst *plan }

// cellReaders are the cellForms of a Set, made when a column first needs them.
type cellReaders struct {
	byLabel []atomic.Pointer[cellForms]
	mu      sync.Mutex
	named   map[cellColumn]*cellForms
}

// A cellColumn is what matters of a column for its forms.
type cellColumn struct {
	means bool
	names detectorSet
}

// maxCellReaders bounds how many different columns are read so.
const maxCellReaders = 256

// unreadable stands for the forms of columns that there is no room for.
var unreadable = &cellForms{}

// JudgeWhole appends to hits what Judge makes of the candidates that a search finds in a cell, without the search. Known is false when
// that can only be told by searching: when a part of the cell might be something. It is for floors of Medium and above, and for cells that no
// letter, digit or underscore touches.
func (s *Set) JudgeWhole(hits []Hit, text []byte, field *Field) (_ []Hit, known bool) {
	if field.Floor < rules.Medium || field.Start < 0 || field.End > len(text) || field.Start >= field.End || int(field.Label) >= len(s.cells.byLabel) {
		return hits, false
	}
	forms := s.cells.byLabel[max(field.Label, 0)].Load()
	if forms == nil {
		forms = s.readCells(max(field.Label, 0))
	}
	if forms == unreadable {
		return hits, false
	}
	outcome, known := forms.whole.Read(text[field.Start:field.End])
	if !known {
		return hits, false
	}
	p := forms.plans[outcome].Load()
	if p == nil {
		p = s.planCells(forms, outcome)
	}
	if p == nothing {
		return hits, true
	}
	column := s.column(field.Label)
	switch {
	case column == nil:
		return hits, len(p.behindFirst.owners) == 0 && p.whole.pointlessAlone(field)
	case field.Lifts != 0, len(p.behindFirst.owners) > 0 && labelBefore(text, field.Start, field.Start+1):
		return hits, false
	}
	value := occurrence{text[:field.End], field.Start, field.Start, field.End}
	if len(p.whole.owners) > 0 {
		hits = s.judgeInColumn(hits, &value, p.whole, column, field.Floor)
	}
	if value.start++; len(p.behindFirst.owners) > 0 {
		hits = s.judgeInColumn(hits, &value, p.behindFirst, column, field.Floor)
	}
	return hits, true
}

// nothing is the plan for cells that cannot be anything.
var nothing = &cellPlan{}

// pointlessAlone reports whether a candidate that is all of a cell, in a column without a meaning, makes no hit; see pointless.
func (p *plan) pointlessAlone(field *Field) bool {
	switch {
	case p.certain > 0:
		return false
	case field.Lifts > 0:
		return !p.plain.has(field.Lifts - 1)
	case field.Lifts == LiftsAny:
		return p.plain.empty()
	}
	return true
}

// readCells makes the forms for a label.
func (s *Set) readCells(label Label) *cellForms {
	c := &s.cells
	c.mu.Lock()
	defer c.mu.Unlock()
	column := s.column(label)
	var key cellColumn
	if column != nil {
		key = cellColumn{true, column.headers}
	}
	forms, made := c.named[key]
	if !made {
		forms = unreadable
		if len(c.named) < maxCellReaders {
			forms = s.newCellForms(column)
		}
		c.named[key] = forms
	}
	c.byLabel[label].Store(forms)
	return forms
}

// newCellForms finds the patterns that may make a finding below a header: those of the detectors that it names, and those of detectors
// that stand out everywhere. In a column without a meaning all do.
func (s *Set) newCellForms(column *meaning) *cellForms {
	forms := &cellForms{}
	var patterns []match.Pattern
	for p, owners := range s.owners {
		for _, o := range owners {
			if column == nil || column.headers.has(o.detector) || o.grade == Distinctive && s.detectors[o.detector].distinctive {
				forms.patterns = append(forms.patterns, uint16(p))
				patterns = append(patterns, s.patterns[p])
				break
			}
		}
	}
	var err error
	if forms.whole, err = match.CompileWhole(patterns); err != nil {
		return unreadable
	}
	forms.plans = make([]atomic.Pointer[cellPlan], forms.whole.Outcomes())
	return forms
}

// planCells makes the plan for an outcome.
func (s *Set) planCells(forms *cellForms, outcome int) *cellPlan {
	whole, behindFirst := forms.whole.Outcome(outcome)
	p := &cellPlan{s.planForms(forms, whole), s.planForms(forms, behindFirst)}
	if len(p.whole.owners)+len(p.behindFirst.owners) == 0 {
		p = nothing
	}
	forms.plans[outcome].Store(p)
	return p
}

func (s *Set) planForms(forms *cellForms, indices []uint16) *plan {
	patterns := make([]uint16, len(indices))
	for i, index := range indices {
		patterns[i] = forms.patterns[index]
	}
	return s.newPlan(patterns)
}
