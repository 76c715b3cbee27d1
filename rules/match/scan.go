package match

import "math/bits"

// A scratch is what one Scan needs besides the text.
type scratch struct {
	planes planes
	padded [2*blockSize + literalLength]byte // the end of the text, with zeros behind it
	ends   []end
	recent []recent // matches of the main automaton that may hide later ones
	behind []recent // and those of the pivot groups
	left   bitset   // patterns of an end that are still to be reported
	done   bitset   // patterns that ended later from the same start
}

// A recent is a match that may hide later ones.
type recent struct {
	start, end int
	set        uint32
}

func newScratch(patterns int) *scratch {
	return &scratch{left: newBitset(patterns), done: newBitset(patterns)}
}

// A scan is one call of Scan.
type scan struct {
	*scratch
	engine  *Engine
	text    []byte
	from    int
	begin   int // where matches may begin that are reported or hide such: from, less the Lookbehind
	final   bool
	found   []Candidate
	base    int // found[:base] is of the caller
	settled int
}

// Scan appends to found the candidates that start in text[from:settled], ascending by Start, and returns them with settled:
// the first offset at which a match could begin that needs bytes behind text. When final is set settled is len(text).
// text[:from] was scanned before and is only looked at for what stands before a match; the caller keeps at least
// Lookbehind bytes of it where there are so many.
func (e *Engine) Scan(found []Candidate, text []byte, from int, final bool) (candidates []Candidate, settled int) {
	s := scan{
		scratch: e.scratches.Get().(*scratch), engine: e, text: text, from: from, begin: max(0, from-Lookbehind+1),
		final: final, found: found, base: len(found), settled: len(text),
	}
	s.recent, s.behind = s.recent[:0], s.behind[:0]
	inWord := uint64(0)
	if s.begin > 0 && wordBytes.has(text[s.begin-1]) {
		inWord = 1
	}
	for at := s.begin; at < len(text); at += segmentBlocks * blockSize {
		inWord = s.segment(at, inWord)
	}
	if !final {
		s.holdPivots()
	}
	e.scratches.Put(s.scratch)
	for len(s.found) > s.base && s.found[len(s.found)-1].Start >= s.settled {
		s.found = s.found[:len(s.found)-1]
	}
	return s.found, s.settled
}

// classify fills the planes for up to segmentBlocks blocks from text[at:] and the one behind them, and returns how many blocks
// hold text.
func (s *scan) classify(at int) (blocks int) {
	rest := s.text[at:]
	t := s.engine.filter.tables
	whole := min(max(0, (len(rest)-literalLength+1)/blockSize), segmentBlocks+1)
	s.engine.classifier.fill(&s.planes, 0, rest, whole, t)
	if whole == segmentBlocks+1 {
		return segmentBlocks
	}
	clear(s.padded[copy(s.padded[:], rest[whole*blockSize:]):])
	s.engine.classifier.fill(&s.planes, whole, s.padded[:], 2, t)
	return min((len(rest)+blockSize-1)/blockSize, segmentBlocks)
}

// segment scans the blocks of a segment from text[at:]. It takes and returns whether the byte before is a word byte.
func (s *scan) segment(at int, inWord uint64) uint64 {
	p, f := &s.planes, &s.engine.filter
	tail := len(s.text) - f.tail
	for i := range s.classify(at) {
		starts, sure := f.starts(p, i, inWord), uint64(0)
		word := p.low[i] | p.high[i]
		offset := at + i*blockSize
		if offset+blockSize > tail {
			starts, sure = s.tailStarts(starts, word, inWord, offset, tail)
		}
		inWord = word >> 63
		for pivots := p.pivot[i]; pivots != 0; pivots &= pivots - 1 {
			s.pivot(offset + bits.TrailingZeros64(pivots))
		}
		for ; starts != 0; starts &= starts - 1 {
			k := bits.TrailingZeros64(starts)
			if sure>>k&1 == 0 && !f.mayBegin(p, i, k) {
				continue
			}
			s.run(offset + k)
		}
	}
	return inWord
}

// tailStarts adds to the starts of a block all there are from text[tail:] on, where the filter does not see enough. Those are
// sure: their shape is not asked.
func (s *scan) tailStarts(starts, word, inWord uint64, offset, tail int) (all, sure uint64) {
	begins := ^(word & (word<<1 | inWord))
	if s.engine.filter.anywhere {
		begins = ^uint64(0)
	}
	if left := len(s.text) - offset; left < blockSize {
		begins &= 1<<left - 1
	}
	beyond := ^uint64(0) << max(0, tail-offset)
	return starts&^beyond | begins&beyond, beyond
}

// run runs the main automaton from a start.
func (s *scan) run(start int) {
	if start >= s.settled {
		return
	}
	var open bool
	s.ends, open = s.engine.main.run(s.ends[:0], s.text, start, s.final)
	if open {
		s.hold(start)
	} else if len(s.ends) > 0 {
		s.recent = s.report(s.recent, start)
	}
}

// hold keeps what begins at a start for the next Scan.
func (s *scan) hold(start int) {
	if start >= s.from {
		s.settled = min(s.settled, start)
	}
}

// pivot looks for matches whose pivot is at text[at].
func (s *scan) pivot(at int) {
	if at >= len(s.text) {
		return
	}
	for i := range s.engine.pivots {
		g := &s.engine.pivots[i]
		if !g.pivot.has(s.text[at]) {
			continue
		}
		start := g.firstStart(s.text, s.begin, at, g.low)
		if start < 0 {
			continue
		}
		var open bool
		s.ends, open = g.automaton.run(s.ends[:0], s.text, at, s.final)
		if open {
			s.hold(start)
			continue
		}
		for ; start >= 0 && len(s.ends) > 0; start = g.nextStart(s.text, start, at) {
			s.behind = s.report(s.behind, start)
		}
	}
}

// holdPivots keeps what would be a match if a pivot came next.
func (s *scan) holdPivots() {
	for i := range s.engine.pivots {
		if start := s.engine.pivots[i].firstStart(s.text, s.begin, len(s.text), 1); start >= 0 {
			s.hold(start)
		}
	}
}

// report adds candidates for the ends from one start, the longest first, without what the same pattern ended later from this
// start, or as late from a recent one. It returns the recent matches with the new ones.
func (s *scan) report(recents []recent, start int) []recent {
	sets := s.engine.sets
	recents = forget(recents, start)
	before := len(recents)
	s.done.clear()
	for i := len(s.ends) - 1; i >= 0; i-- {
		at, set := s.ends[i].at, s.ends[i].set
		bits := sets.members[set].bits
		copy(s.left, bits)
		s.left.subtract(s.done)
		if s.left.empty() {
			continue
		}
		s.done.or(bits)
		recents = append(recents, recent{start, at, set})
		for _, r := range recents[:before] {
			if r.end >= at {
				s.left.subtract(sets.members[r.set].bits)
			}
		}
		if start >= s.from && !s.left.empty() {
			s.candidates(start, at)
		}
	}
	return recents
}

// candidates adds a candidate for the patterns that are left; or one a pattern, where there is no room for their set.
func (s *scan) candidates(start, at int) {
	sets := s.engine.sets
	if id, ok := sets.intern(s.left); ok {
		s.insert(Candidate{start, at, sets.members[id].indices})
		return
	}
	for i, left := range s.left {
		for ; left != 0; left &= left - 1 {
			id := singleSet(i<<6 | bits.TrailingZeros64(left))
			s.insert(Candidate{start, at, sets.members[id].indices})
		}
	}
}

// insert adds a candidate in order: pivots are met behind the starts that belong to them.
func (s *scan) insert(c Candidate) {
	i := len(s.found)
	for i > s.base && before(&c, &s.found[i-1]) {
		i--
	}
	if i > s.base && s.found[i-1].Start == c.Start && s.found[i-1].End == c.End {
		if indices, ok := s.engine.sets.join(s.found[i-1].Patterns, c.Patterns); ok {
			s.found[i-1].Patterns = indices
			return
		}
	}
	s.found = append(s.found, Candidate{})
	copy(s.found[i+1:], s.found[i:])
	s.found[i] = c
}

// before reports whether a comes before b: by start, and from one start the longest first.
func before(a, b *Candidate) bool {
	return a.Start < b.Start || a.Start == b.Start && a.End > b.End
}

// forget drops the recent matches that can hide nothing that starts at start or later.
func forget(recents []recent, start int) []recent {
	kept := recents[:0]
	for _, r := range recents {
		if r.end > start && r.start > start-Lookbehind {
			kept = append(kept, r)
		}
	}
	return kept
}
