package detect

import (
	"slices"

	"stanch/rules/match"
)

// A plan is what the patterns of one set can be: what Judge asks for a candidate with that set.
type plan struct {
	certain, needy       []owner     // the owners of all patterns, in their order
	certainSet, needySet detectorSet // their detectors
	direct               bool        // all of needy need a label directly before the value, or as its header
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
		p = s.newPlan(c.Patterns)
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
	p := &plan{direct: true}
	for _, o := range owners {
		if o.grade == Distinctive {
			p.certain = append(p.certain, o)
			p.certainSet.add(o.detector)
			continue
		}
		p.needy = append(p.needy, o)
		p.needySet.add(o.detector)
		p.direct = p.direct && o.grade == Loose && s.detectors[o.detector].direct
	}
	return p
}

// suits reports whether one of the detectors is named by a column, or stands out wherever it is found.
func (p *plan) suits(column *meaning, distinctive *detectorSet) bool {
	found := uint64(0)
	for i := range column.headers {
		found |= (p.certainSet[i]|p.needySet[i])&column.headers[i] | p.certainSet[i]&distinctive[i]
	}
	return found != 0
}
