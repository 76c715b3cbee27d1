package match

import (
	"errors"
	"fmt"
	"sync"
)

// Engine finds the candidates of all its patterns in one pass. It is safe for concurrent use.
type Engine struct {
	sets      *sets
	main      *automaton
	scratches sync.Pool // of *scratch
}

// Compile prepares patterns. The error names the pattern by its index and says what is wrong with it; it joins one error for
// each pattern that is wrong.
func Compile(patterns []Pattern) (*Engine, error) {
	if len(patterns) > MaxPatterns {
		return nil, fmt.Errorf("match: %d patterns, at most %d are allowed", len(patterns), MaxPatterns)
	}
	all := &program{bare: newBitset(len(patterns))}
	var problems []error
	for i, pattern := range patterns {
		re, err := parse(pattern.Expression)
		if err == nil {
			err = all.add(re, uint16(i), pattern.Bare)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("match: pattern %d: %w", i, err))
		}
	}
	if problems != nil {
		return nil, errors.Join(problems...)
	}
	e := &Engine{sets: newSets(len(patterns))}
	e.main = newAutomaton(all, e.sets)
	e.scratches.New = func() any { return newScratch(len(patterns)) }
	return e, nil
}

// A scratch is what one Scan needs besides the text.
type scratch struct {
	ends   []end
	recent []recent
	left   bitset // patterns of an end that are still to be reported
	done   bitset // patterns that ended later from the same start
}

// A recent is a match that may hide later ones.
type recent struct {
	start, end int
	set        uint32
}

func newScratch(patterns int) *scratch {
	return &scratch{left: newBitset(patterns), done: newBitset(patterns)}
}

// Scan appends to found the candidates that start in text[from:settled], ascending by Start, and returns them with settled:
// the first offset at which a match could begin that needs bytes behind text. When final is set settled is len(text).
// text[:from] was scanned before and is only looked at for what stands before a match; the caller keeps at least
// Lookbehind bytes of it where there are so many.
func (e *Engine) Scan(found []Candidate, text []byte, from int, final bool) (candidates []Candidate, settled int) {
	s := e.scratches.Get().(*scratch)
	defer e.scratches.Put(s)
	s.recent = s.recent[:0]
	for start := max(0, from-Lookbehind+1); start < len(text); start++ {
		if !e.main.program.any && start > 0 && wordBytes.has(text[start]) && wordBytes.has(text[start-1]) {
			continue
		}
		var open bool
		s.ends, open = e.main.run(s.ends[:0], text, start, final)
		if open && start >= from {
			return found, start
		}
		found = e.report(found, s, start, from)
	}
	return found, len(text)
}

// report appends candidates for the ends from one start, the longest first, without what the same pattern ended later from
// this start, or as late from a recent one.
func (e *Engine) report(found []Candidate, s *scratch, start, from int) []Candidate {
	if len(s.ends) == 0 {
		return found
	}
	s.forget(start)
	before := len(s.recent)
	s.done.clear()
	for i := len(s.ends) - 1; i >= 0; i-- {
		at, set := s.ends[i].at, s.ends[i].set
		bits := e.sets.members[set].bits
		copy(s.left, bits)
		s.left.subtract(s.done)
		if s.left.empty() {
			continue
		}
		s.done.or(bits)
		s.recent = append(s.recent, recent{start, at, set})
		for _, r := range s.recent[:before] {
			if r.end >= at {
				s.left.subtract(e.sets.members[r.set].bits)
			}
		}
		if start >= from && !s.left.empty() {
			found = e.sets.candidates(found, start, at, s.left)
		}
	}
	return found
}

// forget drops the recent matches that can hide nothing that starts at start or later.
func (s *scratch) forget(start int) {
	kept := s.recent[:0]
	for _, r := range s.recent {
		if r.end > start && r.start > start-Lookbehind {
			kept = append(kept, r)
		}
	}
	s.recent = kept
}
