package match

import (
	"math/bits"
	"slices"
)

// A scratch is what one Scan needs besides the text.
type scratch struct {
	planes planes
	starts [segmentBlocks * blockSize]uint16 // offsets in a segment
	pivots [segmentBlocks * blockSize]uint16
	padded [2*blockSize + literalLength]byte // the end of the text, with zeros behind it
	ends   []end
	recent []recent // matches of the main automaton that may hide later ones
	behind []recent // and those of the pivot groups
	left   bitset   // patterns of an end that are still to be reported
	done   bitset   // patterns that ended later from the same start
	lefts  []end    // what is left of the ends
	ids    []uint32 // of the sets of what was found
	memory setMemory
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
	base    int // found[:base] is of the caller; found[base+i] has the set ids[i]
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
	s.recent, s.behind, s.ids = s.recent[:0], s.behind[:0], s.ids[:0]
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
	blocks := s.classify(at)
	p, f := &s.planes, &s.engine.filter
	filtered := len(s.text) - f.tail - at // offset in the segment from which on the filter does not see enough
	count, pivots := 0, 0
	for i := range blocks {
		starts := f.starts(p, i, inWord)
		inWord = (p.low[i] | p.high[i]) >> 63
		if (i+1)*blockSize > filtered {
			starts &^= ^uint64(0) << max(0, filtered-i*blockSize)
		}
		count += list(s.starts[count:], i, starts)
		pivots += list(s.pivots[pivots:], i, p.pivot[i])
	}
	behind := s.keepPivots(at, s.pivots[:pivots], filtered)
	for _, start := range f.outlines.keep(s.text[at:], s.starts[:count]) {
		for len(behind) > 0 && behind[0] <= start { // in the order of the text, so that candidates are
			s.pivot(at + int(behind[0]))
			behind = behind[1:]
		}
		s.run(at + int(start))
	}
	for _, pivot := range behind {
		s.pivot(at + int(pivot))
	}
	for start := at + max(0, filtered); start < min(len(s.text), at+blocks*blockSize); start++ {
		if f.anywhere || start == 0 || !wordBytes.has(s.text[start]) || !wordBytes.has(s.text[start-1]) {
			s.run(start)
		}
	}
	return inWord
}

// keepPivots keeps those offsets of pivots in the text from at on that something may follow, and those from filtered on.
func (s *scan) keepPivots(at int, offsets []uint16, filtered int) []uint16 {
	seen := len(offsets)
	for seen > 0 && int(offsets[seen-1]) >= filtered {
		seen--
	}
	return append(s.engine.fromPivot.keep(s.text[at:], offsets[:seen]), offsets[seen:]...)
}

// list writes the offsets in a segment of the bits of a block, and returns how many.
func list(offsets []uint16, block int, found uint64) (count int) {
	for ; found != 0; found &= found - 1 {
		offsets[count] = uint16(block*blockSize + bits.TrailingZeros64(found))
		count++
	}
	return count
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
	if at >= len(s.text) || at == 0 {
		return
	}
	e := s.engine
	groups := e.pivotOf[s.text[at]] & e.beforePivot[s.text[at-1]]
	for i := bits.TrailingZeros8(groups); i < len(e.pivots) && groups != 0; i++ {
		g := &e.pivots[i]
		if groups>>(i&7)&1 != 0 && at-g.low >= s.begin && g.rest.has(s.text[at-g.low]) && g.pivot.has(s.text[at]) {
			s.runPivot(g, at)
		}
	}
}

// runPivot looks for matches of a group whose pivot is at text[at].
func (s *scan) runPivot(g *pivotGroup, at int) {
	start := g.firstStart(s.text, s.begin, at, g.low)
	if start < 0 {
		return
	}
	var open bool
	s.ends, open = g.automaton.run(s.ends[:0], s.text, at, s.final)
	if open {
		s.hold(start)
		return
	}
	for ; start >= 0 && len(s.ends) > 0; start = g.nextStart(s.text, start, at) {
		s.behind = s.report(s.behind, start)
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
	recents = forget(recents, start)
	before := len(recents)
	if last := s.ends[len(s.ends)-1]; len(s.ends) == 1 && !reaches(recents, last.at) { // nothing hides it
		if start >= s.from {
			s.insert(start, last.at, last.set)
		}
		return append(recents, recent{start, last.at, last.set})
	}
	sets := s.engine.sets
	s.lefts = s.lefts[:0]
	done := noSet
	for i := len(s.ends) - 1; i >= 0; i-- {
		at, set := s.ends[i].at, s.ends[i].set
		left, ok := s.memory.subtract(sets, set, done)
		if left != noSet {
			recents = append(recents, recent{start, at, set})
		}
		for k := 0; k < before && left != noSet && ok; k++ {
			if recents[k].end >= at {
				left, ok = s.memory.subtract(sets, left, recents[k].set)
			}
		}
		if ok && i > 0 {
			done, ok = s.memory.join(sets, done, set)
		}
		if !ok {
			return s.reportEach(recents[:before], start)
		}
		s.lefts = append(s.lefts, end{at, left})
	}
	for _, left := range s.lefts {
		if start >= s.from && left.set != noSet {
			s.insert(start, left.at, left.set)
		}
	}
	return recents
}

// reportEach does what report does with a candidate for each pattern: there is no room for their sets.
func (s *scan) reportEach(recents []recent, start int) []recent {
	members := s.engine.sets.members
	before := len(recents)
	s.done.clear()
	for i := len(s.ends) - 1; i >= 0; i-- {
		at, set := s.ends[i].at, s.ends[i].set
		copy(s.left, members[set].bits)
		s.left.subtract(s.done)
		s.done.or(members[set].bits)
		recents = append(recents, recent{start, at, set})
		for _, r := range recents[:before] {
			if r.end >= at {
				s.left.subtract(members[r.set].bits)
			}
		}
		for pattern := range s.left.all() {
			if start >= s.from {
				s.insert(start, at, singleSet(pattern))
			}
		}
	}
	return recents
}

// insert adds a candidate in order: pivots are met behind the starts that belong to them.
func (s *scan) insert(start, end int, set uint32) {
	sets := s.engine.sets
	c := Candidate{start, end, sets.members[set].indices, set}
	i := len(s.found)
	if i == s.base || before(&s.found[i-1], &c) {
		s.found = append(s.found, c)
		s.ids = append(s.ids, set)
		return
	}
	for i > s.base && before(&c, &s.found[i-1]) {
		i--
	}
	if i > s.base && s.found[i-1].Start == start && s.found[i-1].End == end {
		id := &s.ids[i-1-s.base]
		if both, ok := s.memory.join(sets, *id, set); ok {
			*id = both
			s.found[i-1].Patterns, s.found[i-1].Set = sets.members[both].indices, both
			return
		}
	}
	s.found = slices.Insert(s.found, i, c)
	s.ids = slices.Insert(s.ids, i-s.base, set)
}

// before reports whether a comes before b: by start, and from one start the longest first.
func before(a, b *Candidate) bool {
	return a.Start < b.Start || a.Start == b.Start && a.End > b.End
}

// reaches reports whether one of the recent matches ends at an offset or later.
func reaches(recents []recent, at int) bool {
	for i := range recents {
		if recents[i].end >= at {
			return true
		}
	}
	return false
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
