package match

import (
	"math/bits"
	"slices"
)

// A scratch is what one Scan needs besides the text.
type scratch struct {
	planes   planes
	starts   offsetList
	pivots   offsetList
	late     []uint16 // the pivots at the end of the text
	tracks   [togetherStarts]track
	together [togetherStarts]uint16            // the starts of the tracks
	padded   [2*blockSize + literalLength]byte // the end of the text, with zeros behind it
	ends     []end
	recent   recents // of the main automaton
	behind   recents // of the pivot groups
	left     bitset  // patterns of an end that are still to be reported
	done     bitset  // patterns that ended later from the same start
	lefts    []end   // what is left of the ends
	memory   setMemory
}

// A recent is a match that may hide later ones.
type recent struct {
	start, end int
	set        uint32
}

// recents are such matches, ascending by end.
type recents struct {
	matches []recent
	many    int // how many make it worth while to look for those that hide nothing any more
}

// manyRecents is the least of recents.many.
const manyRecents = 16

func (r *recents) clear() { r.matches, r.many = r.matches[:0], manyRecents }

func newScratch(patterns int) *scratch {
	return &scratch{left: newBitset(patterns), done: newBitset(patterns)}
}

// A scan is one call of Scan.
type scan struct {
	*scratch
	engine  *Engine
	text    []byte
	from    int
	begin   int // where matches may begin that are reported or hide such: from, less the hideReach
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
		scratch: e.scratches.Get().(*scratch), engine: e, text: text, from: from, begin: max(0, from-hideReach+1),
		final: final, found: found, base: len(found), settled: len(text),
	}
	s.recent.clear()
	s.behind.clear()
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
	s.engine.classifier.find(p, blocks, inWord, &f.ways)
	if f.runs {
		f.addRuns(p, blocks, inWord)
	}
	inWord = (p.low[blocks-1] | p.high[blocks-1]) >> (blockSize - 1)
	if seen := max(0, filtered) / blockSize; seen < blocks {
		p.starts[seen] &^= ^uint64(0) << (max(0, filtered) - seen*blockSize)
		clear(p.starts[seen+1 : blocks])
	}
	count := s.engine.classifier.list(&s.starts, &p.starts, blocks)
	pivots := 0
	if anyBit(p.pivot[:blocks]) {
		pivots = s.engine.classifier.list(&s.pivots, &p.pivot, blocks)
	}
	behind := s.keepPivots(at, pivots, filtered)
	kept := s.engine.classifier.keep(f.outlines, s.text, at, &s.starts, count)
	for len(kept) > 0 {
		group := kept[:min(len(kept), togetherStarts)]
		kept = kept[len(group):]
		behind = s.group(at, group, behind)
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

// group runs the main automaton from some starts, which are offsets in the text from at on, and looks for matches with the pivots before
// them; it returns the other pivots.
func (s *scan) group(at int, starts, pivots []uint16) []uint16 {
	a := s.engine.main
	tracks, from := &s.tracks, s.text[at:]
	clear(s.together[copy(s.together[:], starts):])
	for i, start := range starts {
		tracks[i].states[0] = a.first(s.text, at+int(start))
	}
	s.engine.classifier.follow(tracks, &s.together, len(starts), from, a.table.Load(), &a.classes)
	for i, start := range starts {
		for len(pivots) > 0 && pivots[0] <= start { // in the order of the text, so that candidates are
			s.pivot(at + int(pivots[0]))
			pivots = pivots[1:]
		}
		s.runBehind(&tracks[i], at+int(start), s.planes.words(int(start)))
	}
	return pivots
}

// runBehind is run with a track that was followed from the start.
func (s *scan) runBehind(r *track, start int, words uint64) {
	if start >= s.settled {
		return
	}
	a := s.engine.main
	if ended := r.ended(words); r.states[togetherSteps-1] == a.dead && ended&(ended-1) == 0 { // as most
		if ended != 0 {
			s.ends = append(s.ends[:0], a.end(a.table.Load(), r, start, bits.TrailingZeros16(ended), words))
			s.report(&s.recent, start)
		}
		return
	}
	var open bool
	s.ends, open = a.ends(s.ends[:0], r, s.text, start, words, s.final)
	if open {
		s.hold(start)
	} else if len(s.ends) > 0 {
		s.report(&s.recent, start)
	}
}

func anyBit(words []uint64) bool {
	all := uint64(0)
	for _, word := range words {
		all |= word
	}
	return all != 0
}

// keepPivots keeps those of the first count pivots, offsets in the text from at on, that something may follow, and those from filtered on.
func (s *scan) keepPivots(at, count, filtered int) []uint16 {
	seen := count
	for seen > 0 && int(s.pivots[seen-1]) >= filtered {
		seen--
	}
	s.late = append(s.late[:0], s.pivots[seen:count]...)
	return append(s.engine.classifier.keep(s.engine.fromPivot, s.text, at, &s.pivots, seen), s.late...)
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
		s.report(&s.recent, start)
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
		s.report(&s.behind, start)
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
// start, or as late from a recent one.
func (s *scan) report(r *recents, start int) {
	if len(r.matches) >= r.many {
		r.forget(start)
	}
	if len(s.ends) == 1 && s.reportOne(r, start, s.ends[0]) {
		return
	}
	if !s.reportSets(r, start) {
		s.reportEach(r.matches, start)
	}
}

// reportOne does what reportSets does for the only end from a start. It does nothing, and reports false, when more than one recent match
// ends as late, or there is no room for a set.
func (s *scan) reportOne(r *recents, start int, e end) bool {
	at := len(r.matches)
	left := e
	if at > 0 && r.matches[at-1].end >= e.at {
		if at--; at > 0 && r.matches[at-1].end >= e.at {
			return false
		}
		if old := &r.matches[at]; old.start > start-hideReach {
			var fits bool
			if left.set, fits = s.memory.subtract(s.engine.sets, e.set, old.set, true); !fits {
				return false
			}
		}
	}
	r.insert(at, recent{start, e.at, e.set})
	if left.set != noSet {
		s.add(start, left)
	}
	return true
}

// reportSets does what report does by sets of patterns, and adds to the recent matches. It reports false when there is no room for a
// set; then it added no candidates.
func (s *scan) reportSets(r *recents, start int) bool {
	sets := s.engine.sets
	s.lefts = s.lefts[:0]
	hidden, fits := noSet, true // what ends as late or later
	at := len(r.matches)
	for i := len(s.ends) - 1; i >= 0; i-- {
		e := s.ends[i]
		for ; at > 0 && r.matches[at-1].end >= e.at; at-- {
			if old := &r.matches[at-1]; old.start > start-hideReach {
				hidden, fits = s.memory.join(sets, hidden, old.set, fits)
			}
		}
		left := e
		left.set, fits = s.memory.subtract(sets, e.set, hidden, fits)
		s.lefts = append(s.lefts, left)
		if i > 0 {
			hidden, fits = s.memory.join(sets, hidden, e.set, fits)
		}
		at = r.insert(at, recent{start, e.at, e.set})
	}
	if !fits {
		return false
	}
	for _, left := range s.lefts {
		if left.set != noSet {
			s.add(start, left)
		}
	}
	return true
}

// insert inserts a match in front of an index, and returns where it is then. It takes the place of the one before if that has the same
// set: that one hides nothing that it does not hide longer.
func (r *recents) insert(at int, match recent) int {
	if at > 0 && r.matches[at-1].set == match.set {
		r.matches[at-1] = match
		return at - 1
	}
	r.matches = append(r.matches, match)
	if at+1 < len(r.matches) {
		copy(r.matches[at+1:], r.matches[at:])
		r.matches[at] = match
	}
	return at
}

// forget drops what hides nothing that starts at start or later, or nothing that another does not hide longer.
func (r *recents) forget(start int) {
	kept := r.matches[len(r.matches):]
	for i := len(r.matches) - 1; i >= 0; i-- {
		m := r.matches[i]
		if m.end <= start || m.start <= start-hideReach || slices.ContainsFunc(kept, func(k recent) bool { return k.set == m.set && k.start >= m.start }) {
			continue
		}
		kept = r.matches[len(r.matches)-len(kept)-1:]
		kept[0] = m
	}
	r.matches = r.matches[:copy(r.matches, kept)]
	r.many = max(manyRecents, 2*len(kept))
}

// reportEach does what reportSets does with a candidate for each pattern, for when there is no room for their sets. The recent matches
// have the new ones.
func (s *scan) reportEach(recents []recent, start int) {
	members := s.engine.sets.members
	s.done.clear()
	for i := len(s.ends) - 1; i >= 0; i-- {
		at, set := s.ends[i].at, s.ends[i].set
		copy(s.left, members[set].bits)
		s.left.subtract(s.done)
		s.done.or(members[set].bits)
		for _, r := range recents {
			if r.end >= at && r.start < start && r.start > start-hideReach {
				s.left.subtract(members[r.set].bits)
			}
		}
		for pattern := range s.left.all() {
			s.add(start, end{at, singleSet(pattern)})
		}
	}
}

// add adds a candidate that is not before s.from.
func (s *scan) add(start int, e end) {
	if start < s.from {
		return
	}
	if n := len(s.found); n > s.base {
		if last := &s.found[n-1]; last.Start > start || last.Start == start && last.End <= e.at {
			s.insert(start, e.at, e.set)
			return
		}
	}
	s.found = append(s.found, Candidate{start, e.at, e.set})
}

// insert adds a candidate in order: pivots are met behind the starts that belong to them.
func (s *scan) insert(start, end int, set uint32) {
	c := Candidate{start, end, set}
	i := len(s.found)
	for i > s.base && before(&c, &s.found[i-1]) {
		i--
	}
	if i > s.base && s.found[i-1].Start == start && s.found[i-1].End == end {
		same := &s.found[i-1]
		if both, ok := s.memory.join(s.engine.sets, same.Set, set, true); ok {
			same.Set = both
			return
		}
	}
	s.found = slices.Insert(s.found, i, c)
}

// before reports whether a comes before b: by start, and from one start the longest first.
func before(a, b *Candidate) bool {
	return a.Start < b.Start || a.Start == b.Start && a.End > b.End
}
