package match

import "slices"

// A stepper computes what an automaton's states do, node by node. It is for one goroutine.
type stepper struct {
	program  *program
	seen     []uint32 // by node: the round that saw it
	round    uint32
	resolved []int32
	next     []int32
	held     []int32 // nodes that a simulation stands at
	matched  bitset
}

func newStepper(p *program) *stepper {
	return &stepper{program: p, seen: make([]uint32, len(p.nodes)), matched: make(bitset, len(p.bare))}
}

// begin starts a round in which no node is seen yet.
func (s *stepper) begin() {
	if s.round++; s.round == 0 {
		clear(s.seen)
		s.round = 1
	}
}

// add appends the nodes of list that the round has not seen.
func (s *stepper) add(to, list []int32) []int32 {
	for _, n := range list {
		if s.seen[n] != s.round {
			s.seen[n] = s.round
			to = append(to, n)
		}
	}
	return to
}

// resolve returns nodes with those behind each condition that holds between the last byte and the next. The slice is valid
// until the next call.
func (s *stepper) resolve(nodes []int32, word, nextWord bool) []int32 {
	s.begin()
	s.resolved = s.add(s.resolved[:0], nodes)
	for i := 0; i < len(s.resolved); i++ {
		n := &s.program.nodes[s.resolved[i]]
		if n.kind == nodeBoundary && word != nextWord || n.kind == nodeNotBoundary && word == nextWord {
			s.resolved = s.add(s.resolved, s.program.follows[n.follow])
		}
	}
	return s.resolved
}

// step returns the nodes behind a byte, ascending; begin says that it is the first. The slice is valid until the next call.
func (s *stepper) step(nodes []int32, word bool, b byte, begin bool) []int32 {
	p := s.program
	nextWord := wordBytes.has(b)
	resolved := s.resolve(nodes, word, nextWord)
	s.begin()
	s.next = s.next[:0]
	for _, i := range resolved {
		n := &p.nodes[i]
		if n.kind != nodeBytes || !n.set.has(b) {
			continue
		}
		if begin && word && nextWord && !p.bare.has(int(n.pattern)) {
			continue // would touch a word byte before it
		}
		s.next = s.add(s.next, p.follows[n.follow])
	}
	slices.Sort(s.next)
	return s.next
}

// accepted returns the patterns that end behind the last byte, before a byte of the given kind or the end of the text. Nothing
// ends before its first byte. The set is valid until the next call.
func (s *stepper) accepted(nodes []int32, word, nextWord, begin bool) bitset {
	s.matched.clear()
	if begin {
		return s.matched
	}
	p := s.program
	for _, i := range s.resolve(nodes, word, nextWord) {
		n := &p.nodes[i]
		if n.kind == nodeMatch && (!word || !nextWord || p.bare.has(int(n.pattern))) {
			s.matched.set(int(n.pattern))
		}
	}
	return s.matched
}

// closed reports whether no byte leads on from the nodes, and what they accept does not depend on the next byte.
func (s *stepper) closed(nodes []int32, word bool) bool {
	for _, i := range nodes {
		n := &s.program.nodes[i]
		if n.kind != nodeMatch || word && !s.program.bare.has(int(n.pattern)) {
			return false
		}
	}
	return true
}
