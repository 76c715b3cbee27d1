package detect

import (
	"cmp"
	"slices"

	"stanch/rules/match"
)

// A plan is what the patterns of one set can be: what Judge asks for a candidate with that set.
type plan struct {
	owners               []owner // of all patterns: those for which the form can be enough, then those that need context to be more than low
	certain              int     // how many the former are
	certainSet, needySet detectorSet
	plain                detectorSet // those of needySet whose form alone gives a low hit
	embedded             bool        // one of the former may be a part of a longer token
	direct               bool        // all that need context need a label directly before the value, or as its header
}

// planOf returns the plan for the patterns of a candidate. Plans are made when they are first needed; which of two equal ones
// stays when two goroutines make them at once does not matter.
func (s *Set) planOf(c *match.Candidate) *plan {
	if int(c.Set) >= len(s.plans) {
		return &plan{}
	}
	slot := &s.plans[c.Set]
	p := slot.Load()
	if p == nil {
		p = s.newPlan(s.engine.Patterns(c.Set))
		slot.Store(p)
	}
	return p
}

// newPlan joins the owners of patterns. Of several owners with one detector only that with the highest grade is asked: they see the
// same span, so that the others can neither accept more nor be more confident.
func (s *Set) newPlan(patterns []uint16) *plan {
	var owners []owner
	for _, index := range patterns {
		if int(index) >= len(s.owners) {
			continue
		}
		for _, o := range s.owners[index] {
			if i := slices.IndexFunc(owners, func(other owner) bool { return other.detector == o.detector }); i >= 0 {
				owners[i].grade = max(owners[i].grade, o.grade)
			} else {
				owners = append(owners, o)
			}
		}
	}
	slices.SortStableFunc(owners, func(a, b owner) int {
		return cmp.Compare(b.grade/Distinctive, a.grade/Distinctive)
	})
	p := &plan{owners: owners, direct: true}
	for _, o := range owners {
		if o.grade == Distinctive {
			p.certain++
			p.certainSet.add(o.detector)
			p.embedded = p.embedded || s.detectors[o.detector].embedded
			continue
		}
		p.needySet.add(o.detector)
		if o.grade > Loose {
			p.plain.add(o.detector)
		}
		p.direct = p.direct && o.grade == Loose && s.detectors[o.detector].direct
	}
	return p
}

// only reports whether there is one detector that it can be, for which the form can be enough.
func (p *plan) only() bool { return len(p.owners) == 1 && p.certain == 1 }

// suits reports whether one of the detectors is named by a column, or stands out wherever it is found.
func (p *plan) suits(column *meaning, distinctive *detectorSet) bool {
	found := uint64(0)
	for i := range column.headers {
		found |= (p.certainSet[i]|p.needySet[i])&column.headers[i] | p.certainSet[i]&distinctive[i]
	}
	return found != 0
}
