package detect

import (
	"slices"
	"sync"
	"sync/atomic"

	"stanch/rules"
	"stanch/rules/match"
)

// Forms are what the cells of a column may be from end to end: the patterns that could make a finding there, read by an automaton of
// their own instead of the search for all patterns everywhere. They are shared and safe for concurrent use.
type Forms struct {
	set    *Set
	column *meaning // nil for a column without a meaning
	whole  *match.Whole
	plans  []atomic.Pointer[cellPlan] // by the outcomes of whole
	forms  []atomic.Int32             // of the plans; notPlanned where there is none
}

// A Form is one of the Forms of a column: it says what a cell may be. Forms from Something on number what Forms.Judge is asked for.
type Form int32

const (
	Unknown   Form = iota // only a search can tell
	Nothing               // the cell makes no finding
	Something             // the first of the other Forms

	signed     Form = 1 << 16 // added to Forms in which something may begin behind the first byte
	notPlanned Form = -1
)

// A cellPlan says what a cell can be, and what can be all of it but its first byte.
type cellPlan struct {
	whole, behindFirst []cellOwner
}

// A cellOwner is an owner that a column lets make a finding at a floor of Medium.
type cellOwner struct {
	owner
	compiled *compiled
	named    bool
}

// cellForms are the Forms of a Set, made when a column first needs them.
type cellForms struct {
	byLabel []atomic.Pointer[Forms]
	mu      sync.Mutex
	named   map[cellColumn]*Forms
}

// A cellColumn is what matters of a column for its Forms.
type cellColumn struct {
	means bool
	names detectorSet
}

// maxCellForms bounds how many different columns are read so.
const maxCellForms = 256

// unreadable stands for the Forms of columns that there is no room for: all their cells are Unknown.
var unreadable = &Forms{}

// Forms returns what the cells below a label may be.
func (s *Set) Forms(label Label) *Forms {
	if label < 0 || int(label) >= len(s.cells.byLabel) {
		label = 0
	}
	if forms := s.cells.byLabel[label].Load(); forms != nil {
		return forms
	}
	return s.makeForms(label)
}

// Read returns the form of a cell that no letter, digit or underscore touches. The form does not depend on anything but the value.
func (f *Forms) Read(value []byte) Form {
	if f.whole == nil {
		return Unknown
	}
	outcome, known := f.whole.Read(value)
	if !known {
		return Unknown
	}
	return f.formOf(value, outcome)
}

// formOf returns the form of a value with a known outcome.
func (f *Forms) formOf(value []byte, outcome int) Form {
	form := Form(f.forms[outcome].Load())
	if form == notPlanned {
		form = f.plan(outcome)
	}
	if form >= signed && labelBefore(value, 0, 1) {
		return Unknown
	}
	return form
}

// Judge appends to hits what Set.Judge makes, at a floor of Medium, of all candidates that a search would find in the cell text[start:end],
// which has this form.
func (f *Forms) Judge(hits []Hit, text []byte, start, end int, form Form) []Hit {
	if form < Something {
		return hits
	}
	p := f.plans[form&^signed-Something].Load()
	hits = f.judge(hits, p.whole, text[:end], start, start)
	if len(p.behindFirst) > 0 {
		hits = f.judge(hits, p.behindFirst, text[:end], start, start+1)
	}
	return hits
}

// judge is judgeInColumn for a candidate that begins in a cell, or behind its first byte, and ends where the cell and text do: nothing is
// glued to it, and no figures stand beside it.
func (f *Forms) judge(hits []Hit, owners []cellOwner, text []byte, low, start int) []Hit {
	first := len(hits)
	for i := range owners {
		o := &owners[i]
		from, to, grade := o.compiled.readAlone(text, low, start, len(text), o.grade)
		if confidence := o.confidence(grade); confidence >= rules.Medium {
			hits = addHit(hits, o.detector, from, to, confidence, grade)
		}
	}
	return keepBest(hits, first)
}

// confidence is what a grade leads to in the column of the owner.
func (o *cellOwner) confidence(grade Grade) rules.Confidence {
	if o.named {
		return supported[grade]
	}
	return alone[grade]
}

// makeForms makes the Forms for a label.
func (s *Set) makeForms(label Label) *Forms {
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
		if len(c.named) < maxCellForms {
			forms = s.newForms(column)
		}
		c.named[key] = forms
	}
	c.byLabel[label].Store(forms)
	return forms
}

// newForms finds the patterns that may make a finding below a header: those of the detectors that it names, and those of detectors that
// stand out everywhere. In a column without a meaning all do. Behind a label in the cell itself any other may.
func (s *Set) newForms(column *meaning) *Forms {
	forms := &Forms{set: s, column: column}
	var wanted, unsigned []uint16
	for p, owners := range s.owners {
		if column == nil || slices.ContainsFunc(owners, func(o owner) bool { return s.mayHit(column, o) }) {
			wanted = append(wanted, uint16(p))
		}
		if !slices.ContainsFunc(owners, func(o owner) bool { return !s.detectors[o.detector].Unsigned }) {
			unsigned = append(unsigned, uint16(p))
		}
	}
	forms.whole = s.wholes.Whole(wanted, unsigned)
	forms.plans = make([]atomic.Pointer[cellPlan], forms.whole.Outcomes())
	forms.forms = make([]atomic.Int32, forms.whole.Outcomes())
	for i := range forms.forms {
		forms.forms[i].Store(int32(notPlanned))
	}
	return forms
}

// mayHit reports whether an owner may make a finding of Medium or above below a header.
func (s *Set) mayHit(column *meaning, o owner) bool {
	return column.headers.has(o.detector) || o.grade == Distinctive && s.detectors[o.detector].distinctive
}

// plan makes the plan for an outcome, and returns its form.
func (f *Forms) plan(outcome int) Form {
	whole, behindFirst := f.whole.Outcome(outcome)
	first, second := f.set.newPlan(whole), f.set.newPlan(behindFirst)
	p, form := &cellPlan{}, Nothing
	switch {
	case f.column == nil && (len(second.owners) > 0 || first.certain > 0 || !first.plain.empty()):
		form = Unknown // it may be something by itself, or in the light of other values of the column
	case f.column != nil:
		p.whole, p.behindFirst = f.relevant(first), f.relevant(second)
		if len(p.whole)+len(p.behindFirst) > 0 {
			form = Something + Form(outcome)
		}
		if len(p.behindFirst) > 0 {
			form |= signed
		}
	}
	f.plans[outcome].Store(p)
	f.forms[outcome].Store(int32(form))
	return form
}

// relevant returns those owners of a plan that may make a finding.
func (f *Forms) relevant(p *plan) (owners []cellOwner) {
	for _, o := range p.owners {
		if f.set.mayHit(f.column, o) {
			owners = append(owners, cellOwner{o, &f.set.detectors[o.detector], f.column.headers.has(o.detector)})
		}
	}
	return owners
}
