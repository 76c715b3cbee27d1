package match

import (
	"bytes"
	"slices"
)

// How starts are found. Each pattern goes one of these ways:
//
//   - closed (pivot.go): an '@' or another rare byte behind a run of one class of bytes, as in an email address.
//   - dense (digits.go): each match has some digits near its start and near each other, as most numbers of people have.
//   - stretch: it begins with a digit, and its first bytes are of few kinds, as in "7 september".
//   - literal: its first four bytes are rare together, as in AKIA, eyJ. or [A-Z]{4}. The prefilter marks those places itself.
//   - run: it begins with a long run of word bytes, as keys do.
//   - sparse: each match has a digit near its start, as a postcode has.
//   - unfiltered: nothing of that. Each word that has its first byte is a start.
//
// Which of the starts are worth a run of the automaton is then for the outlines to say (outline.go).
const (
	// literalLength is how many bytes of a literal the prefilter compares.
	literalLength = 4
	// maxLiterals bounds the literals of one pattern: the twelve months in both cases are 24.
	maxLiterals = 64
	// usefulLiteral is how often literals may occur, by byteFrequency, to be better than all words, or all near a digit that
	// begin with one.
	usefulLiteral = 5e-3
	// rareLiteral is how often literals may occur to be better than any search for digits.
	rareLiteral = 1e-5
	// fewLiterals is how many such literals a pattern may have.
	fewLiterals = 16
)

// byteFrequency estimates how often a byte occurs in the texts of web applications. It chooses between ways that are all right.
func byteFrequency(b byte) float64 {
	switch {
	case b == ' ':
		return 0.12
	case b >= 0x80:
		return 0.001
	case wordBytes.has(b|0x20) && b >= 'a':
		if bytes.IndexByte([]byte("etaoinshr"), b) >= 0 {
			return 0.05
		}
		return 0.015
	case wordBytes.has(b) && b >= 'A':
		return 0.002
	}
	return 0.005
}

// frequency estimates how often a byte of the set occurs, or one that nibbles do not tell from those.
func (s *byteSet) frequency() float64 {
	var n nibbles
	n.add(*s, 1)
	return n.frequency(1)
}

// A literal is what the first bytes of a match may be.
type literal [literalLength]byteSet

func (l *literal) frequency() float64 {
	product := 1.0
	for i := range l {
		product *= l[i].frequency()
	}
	return product
}

// padded returns a literal with every byte allowed from an offset on.
func (l literal) padded(from int) literal {
	for i := from; i < literalLength; i++ {
		l[i] = everyByte
	}
	return l
}

func (l *literal) union(other *literal) {
	for i := range l {
		l[i].union(&other[i])
	}
}

// digitBytes are the ASCII digits.
var digitBytes = byteSet{0x03ff_0000_0000_0000}

func (s byteSet) without(other byteSet) byteSet {
	for i := range s {
		s[i] &^= other[i]
	}
	return s
}

// firstBytes returns the bytes that matches from the nodes may begin with.
func (p *program) firstBytes(nodes []int32) (first byteSet) {
	for _, i := range p.unconditional(nodes) {
		if n := &p.nodes[i]; n.kind == nodeBytes {
			first.union(&n.set)
		}
	}
	return first
}

// everyByte are all bytes.
var everyByte = byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

// literals returns what the first bytes of the matches from the nodes may be, and how often that occurs; or false when there is
// too much. Behind a match that is shorter anything may stand.
func (p *program) literals(nodes []int32) (all []literal, frequency float64, ok bool) {
	ok = p.extend(nodes, 0, literal{}, &all)
	for i := range all {
		frequency += all[i].frequency()
	}
	return all, frequency, ok
}

// extend appends to all the literals that begin with the first bytes of so and go on with the nodes.
func (p *program) extend(nodes []int32, offset int, so literal, all *[]literal) bool {
	if offset == literalLength {
		if !slices.Contains(*all, so) {
			*all = append(*all, so)
		}
		return len(*all) <= maxLiterals
	}
	behind := map[byteSet][]int32{}
	var order []byteSet
	for _, i := range p.unconditional(nodes) {
		n := &p.nodes[i]
		if n.kind == nodeMatch {
			if offset > 0 && !p.extend(nil, literalLength, so.padded(offset), all) { // an empty match is none
				return false
			}
			continue
		}
		if behind[n.set] == nil {
			order = append(order, n.set)
		}
		behind[n.set] = append(behind[n.set], p.follows[n.follow]...)
	}
	for _, set := range order {
		so[offset] = set
		if !p.extend(behind[set], offset+1, so, all) {
			return false
		}
	}
	return true
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
