package match

import "slices"

// How starts are found. Each pattern goes the first of these ways that it can:
//
//   - closed (pivot.go): an '@' or another rare byte behind a run of one class of bytes, as in an email address.
//   - literal: the first three bytes are of few values, as in AKIA or eyJ. The prefilter marks those places itself.
//   - digit: each match has a digit near its start. The prefilter marks the digits; which of the starts near a digit are
//     worth a run is for the shapes to say (shape.go).
//   - unfiltered: nothing of that. Its starts are filtered by their shapes alone.
const (
	// literalLength is how many bytes of a literal the prefilter compares.
	literalLength = 3
	// maxLiteralChoices bounds the product of the numbers of values of a literal's bytes: 27 is three bytes of three values,
	// as k, K and the Kelvin sign's first byte; a random place passes with a chance of 27 in 256^3.
	maxLiteralChoices = 27
	// maxDigitReach is how many bytes may stand before the first digit.
	maxDigitReach = 31
)

// digitBytes are the ASCII digits.
var digitBytes = byteSet{0x03ff_0000_0000_0000}

func (s *byteSet) count() (n int) {
	for b := range 256 {
		if s.has(byte(b)) {
			n++
		}
	}
	return n
}

func (s byteSet) without(other byteSet) byteSet {
	for i := range s {
		s[i] &^= other[i]
	}
	return s
}

// prefix returns the sets of bytes that matches from the nodes may have at their first offsets; a match may be shorter.
// complete says that none is.
func (p *program) prefix(nodes []int32) (bytes [literalLength]byteSet, complete bool) {
	complete = true
	for offset := range bytes {
		var behind []int32
		for _, i := range p.unconditional(nodes) {
			n := &p.nodes[i]
			if n.kind == nodeMatch {
				complete = complete && offset == 0 // an empty match is none
				continue
			}
			bytes[offset].union(&n.set)
			behind = append(behind, p.follows[n.follow]...)
		}
		slices.Sort(behind)
		nodes = slices.Compact(behind)
	}
	return bytes, complete
}

// unconditional returns nodes with conditions replaced by what stands behind them.
func (p *program) unconditional(nodes []int32) []int32 {
	all := slices.Clone(nodes)
	seen := map[int32]bool{}
	kept := all[:0:0]
	for i := 0; i < len(all); i++ {
		if seen[all[i]] {
			continue
		}
		seen[all[i]] = true
		switch n := &p.nodes[all[i]]; n.kind {
		case nodeBoundary, nodeNotBoundary:
			all = append(all, p.follows[n.follow]...)
		default:
			kept = append(kept, all[i])
		}
	}
	return kept
}

// literal reports whether the prefilter can compare the first bytes of the matches from the nodes.
func (p *program) literal(nodes []int32) (bytes [literalLength]byteSet, ok bool) {
	bytes, complete := p.prefix(nodes)
	choices := 1
	for i := range bytes {
		choices *= bytes[i].count()
	}
	return bytes, complete && choices <= maxLiteralChoices
}

// digitReach returns the most bytes that stand before the first digit of a match from the nodes, or false when a match may
// have none.
func (p *program) digitReach(nodes []int32) (reach int, ok bool) {
	return p.reachFrom(nodes, map[int32]int{})
}

// noDigit is the reach of a node that matches without a digit.
const noDigit = -1

func (p *program) reachFrom(nodes []int32, known map[int32]int) (reach int, ok bool) {
	for _, i := range nodes {
		if _, done := known[i]; !done {
			known[i] = p.reachOf(i, known)
		}
		if known[i] == noDigit {
			return 0, false
		}
		reach = max(reach, known[i])
	}
	return reach, true
}

func (p *program) reachOf(i int32, known map[int32]int) int {
	n := &p.nodes[i]
	taken := 0
	switch {
	case n.kind == nodeMatch:
		return noDigit
	case n.kind == nodeBytes:
		if others := n.set.without(digitBytes); others.empty() {
			return 0
		}
		taken = 1
	}
	reach, ok := p.reachFrom(p.follows[n.follow], known)
	if !ok {
		return noDigit
	}
	return taken + reach
}
