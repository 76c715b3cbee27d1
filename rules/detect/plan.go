package detect

import "stanch/rules/match"

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

func (s *Set) newPlan(patterns []uint16) *plan {
	p := &plan{direct: true}
	for _, index := range patterns {
		if int(index) >= len(s.owners) {
			continue
		}
		for _, o := range s.owners[index] {
			if o.grade == Distinctive {
				p.certain = append(p.certain, o)
				p.certainSet.add(o.detector)
				continue
			}
			p.needy = append(p.needy, o)
			p.needySet.add(o.detector)
			p.direct = p.direct && o.grade == Loose && s.detectors[o.detector].direct
		}
	}
	return p
}
