package match

// filterSets collect how the starts of the main automaton's patterns are found.
type filterSets struct {
	literals               []literal
	dense, sparse, stretch byteSet // first bytes of the patterns that go each way
	run, other             byteSet
	before, between        byteSet // what stands around their digits
	short                  bool    // a match of a sparse pattern may have less than sparseLength bytes
	unfiltered             []uint16
	outlines               []outline
}

// add chooses the way for the pattern that begins with some nodes, which may do so within some chains.
func (f *filterSets) add(p *program, starts []int32, pattern uint16, chains Chains) {
	first := p.firstBytes(starts)
	f.outlines = append(f.outlines, p.outlines(starts, p.bare.has(int(pattern)), chains)...)
	if before, between, ok := p.aroundDigits(starts, denseDigits); ok {
		f.dense.union(&first)
		f.before.union(&before)
		f.between.union(&between)
		return
	}
	before, _, sparse := p.aroundDigits(starts, 1)
	within, stretch := p.stretch(starts, stretchLength)
	literals, frequency, literal := p.literals(starts)
	others := first.without(digitBytes)
	switch {
	case literal && frequency <= rareLiteral && len(literals) <= fewLiterals:
		f.literals = append(f.literals, literals...)
	case others.empty() && stretch:
		f.stretch.union(&first)
		f.between.union(&within)
	case literal && frequency <= usefulLiteral && !(sparse && !first.intersects(&digitBytes)):
		f.literals = append(f.literals, literals...)
	case p.longRun(starts):
		f.run.union(&first)
	case sparse:
		f.sparse.union(&first)
		f.before.union(&before)
		within, ok := p.stretch(starts, sparseLength)
		f.before.union(&within)
		f.short = f.short || !ok
	default:
		f.other.union(&first)
		f.unfiltered = append(f.unfiltered, pattern)
	}
}

// A filter picks the starts that an automaton is run from, by the planes of a segment.
type filter struct {
	tables   *nibbleTables
	outlines *outlines
	ways     ways
	run      shapeMasks // classes that may begin a match that begins with a long run; that is not for find
	runs     bool       // there are such patterns
	anywhere bool       // bare patterns: matches may begin inside of words
	tail     int        // bytes before the end of the text for which the filter cannot see enough
}

// ways say how find goes about. The assembly depends on the order of the fields.
type ways struct {
	sparse, dense, stretch, unfiltered shapeMasks // classes that may begin a match
	before, between                    letterMasks
	anywhere                           uint64 // all ones: matches may begin inside of words
	short                              uint64 // all ones: there is a sparse pattern with matches of less than sparseLength bytes
}

// shapeMasks select planes: each is all ones or zero.
type shapeMasks struct{ digit, upper, lower, special uint64 }

// letterMasks are shapeMasks for letters.
type letterMasks struct{ upper, lower uint64 }

func newShapeMasks(first byteSet) (m shapeMasks) {
	choose := func(class shapeClass) uint64 {
		if first.intersects(&shapeSets[class]) {
			return ^uint64(0)
		}
		return 0
	}
	return shapeMasks{choose(shapeDigit), choose(shapeUpper), choose(shapeLower), choose(shapeOther)}
}

func newLetterMasks(bytes byteSet) letterMasks {
	m := newShapeMasks(bytes)
	return letterMasks{m.upper, m.lower}
}

func (m *shapeMasks) of(low, high, special uint64) uint64 {
	return low&high&m.digit | high&^low&m.upper | low&^high&m.lower | special&^(low|high)&m.special
}

func (m *letterMasks) of(low, high, others uint64) uint64 {
	return high&^low&m.upper | low&^high&m.lower | others&^(low|high)
}

func (f *filterSets) filter(p *program, pivots byteSet) filter {
	var special byteSet
	for _, first := range []*byteSet{&f.dense, &f.sparse, &f.other} {
		special.union(first)
	}
	built := filter{
		tables:   newNibbleTables(f.literals, special.without(wordBytes), pivots, f.before.without(wordBytes), f.between.without(wordBytes)),
		outlines: newOutlines(f.outlines, &chainTables),
		ways: ways{
			sparse: newShapeMasks(f.sparse), dense: newShapeMasks(f.dense), stretch: newShapeMasks(f.stretch), unfiltered: newShapeMasks(f.other),
			before: newLetterMasks(f.before), between: newLetterMasks(f.between),
		},
		run:      newShapeMasks(f.run),
		runs:     !f.run.empty(),
		anywhere: p.any,
		tail:     max(windowLength, denseLength, runLength, literalLength),
	}
	if f.short {
		built.ways.short = ^uint64(0)
	}
	if p.any {
		built.ways.anywhere = ^uint64(0)
	}
	return built
}

// addRuns adds to the starts of blocks those of patterns that begin with a long run.
func (f *filter) addRuns(p *planes, blocks int, inWord uint64) {
	for i := range blocks {
		word := p.low[i] | p.high[i]
		possible := ^(word & (word<<1 | inWord)) | f.ways.anywhere
		inWord = word >> (blockSize - 1)
		if first := f.run.of(p.low[i], p.high[i], 0) & possible; first != 0 {
			p.starts[i] |= first & longRuns(word, p.low[i+1]|p.high[i+1])
		}
	}
}

func findPlain(p *planes, blocks int, inWord uint64, w *ways) {
	for i := range blocks {
		low, high := p.low[i], p.high[i]
		word := low | high
		special := p.special[i] | p.foreign[i]
		starts := p.literal[i] | w.unfiltered.of(low, high, special)
		possible := ^(word & (word<<1 | inWord)) | w.anywhere
		inWord = word >> (blockSize - 1)
		if low&high|p.low[i+1]&p.high[i+1]<<(blockSize-denseLength) != 0 {
			starts |= w.nearDigits(p, i, possible)
		}
		p.starts[i] = starts & possible
	}
}

// nearDigits returns those of the possible starts in block i that have digits ahead.
func (w *ways) nearDigits(p *planes, i int, possible uint64) (starts uint64) {
	low, high, lowNext, highNext := p.low[i], p.high[i], p.low[i+1], p.high[i+1]
	digits, digitsNext := low&high, lowNext&highNext
	special := p.special[i] | p.foreign[i]
	before := newPassage(w.before.of(low, high, p.before[i]|p.foreign[i]), w.before.of(lowNext, highNext, p.before[i+1]|p.foreign[i+1]))
	if first := w.sparse.of(low, high, special) & possible; first != 0 {
		starts |= first & before.reach(digits, digitsNext) & (fours(digits|before.one, digitsNext|before.oneNext) | w.short)
	}
	between, betweenNext := w.between.of(low, high, p.between[i]|p.foreign[i]), w.between.of(lowNext, highNext, p.between[i+1]|p.foreign[i+1])
	if first := w.stretch.of(low, high, special) & possible; first != 0 {
		starts |= first & stretches(digits|between, digitsNext|betweenNext)
	}
	if first := w.dense.of(low, high, special) & possible &^ starts; first != 0 {
		if numbers, numbersNext := numbers(digits, digitsNext, between, betweenNext); numbers|numbersNext != 0 {
			starts |= first & before.reach(numbers, numbersNext)
		}
	}
	return starts
}
