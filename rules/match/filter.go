package match

// filterSets collect how the starts of the main automaton's patterns are found.
type filterSets struct {
	literals      []literal
	dense, sparse digitSets
	stretch       digitSets
	runFirst      byteSet // first bytes of patterns that begin with a long run
	anyFirst      byteSet // and of those without any trigger
	unfiltered    []uint16
	outlines      []outline
}

// digitSets are the bytes that patterns begin with, and those that may stand before their digits.
type digitSets struct{ first, before byteSet }

func (d *digitSets) add(first, before byteSet) {
	d.first.union(&first)
	d.before.union(&before)
}

// add chooses the way for the pattern that begins with some nodes.
func (f *filterSets) add(p *program, starts []int32, pattern uint16) {
	first := p.firstBytes(starts)
	f.outlines = append(f.outlines, p.outlines(starts, p.bare.has(int(pattern)))...)
	if before, ok := p.beforeDigits(starts, denseDigits); ok {
		f.dense.add(first, before)
		return
	}
	before, sparse := p.beforeDigits(starts, 1)
	literals, frequency, ok := p.literals(starts)
	within, stretched := p.stretch(starts)
	others := first.without(digitBytes)
	switch {
	case ok && frequency <= rareLiteral && len(literals) <= fewLiterals:
		f.literals = append(f.literals, literals...)
	case others.empty() && stretched:
		f.stretch.add(first, within)
	case ok && frequency <= usefulLiteral && !(sparse && !first.intersects(&digitBytes)):
		f.literals = append(f.literals, literals...)
	case p.longRun(starts):
		f.runFirst.union(&first)
	case sparse:
		f.sparse.add(first, before)
	default:
		f.anyFirst.union(&first)
		f.unfiltered = append(f.unfiltered, pattern)
	}
}

// A filter picks the starts that an automaton is run from, by the planes of a segment.
type filter struct {
	tables        *nibbleTables
	outlines      *outlines
	dense, sparse digitWay
	stretch       digitWay
	run           shapeMasks // classes that may begin a match that begins with a long run
	unfiltered    shapeMasks // classes that may begin a match without any trigger
	anywhere      bool       // bare patterns: matches may begin inside of words
	tail          int        // bytes before the end of the text for which the filter cannot see enough
}

// A digitWay finds starts by the digits behind them.
type digitWay struct {
	first  shapeMasks // classes that may begin a match
	before shapeMasks // classes that may stand before its digits
}

func (d *digitSets) way() digitWay {
	return digitWay{newShapeMasks(d.first), newShapeMasks(d.before.without(digitBytes))}
}

// shapeMasks select planes: each is all ones or zero.
type shapeMasks struct{ digit, upper, lower, special uint64 }

func newShapeMasks(first byteSet) (m shapeMasks) {
	choose := func(class shapeClass) uint64 {
		if first.intersects(&shapeSets[class]) {
			return ^uint64(0)
		}
		return 0
	}
	return shapeMasks{choose(shapeDigit), choose(shapeUpper), choose(shapeLower), choose(shapeOther)}
}

func (m *shapeMasks) of(low, high, special uint64) uint64 {
	return low&high&m.digit | high&^low&m.upper | low&^high&m.lower | special&^(low|high)&m.special
}

func (f *filterSets) filter(p *program, pivots byteSet) filter {
	between := f.sparse.before
	between.union(&f.stretch.before)
	var special byteSet
	for _, first := range []byteSet{f.dense.first, f.sparse.first, f.anyFirst} {
		special.union(&first)
	}
	return filter{
		tables:     newNibbleTables(f.literals, special.without(wordBytes), pivots, f.dense.before.without(wordBytes), between.without(wordBytes)),
		outlines:   newOutlines(f.outlines),
		dense:      f.dense.way(),
		sparse:     f.sparse.way(),
		stretch:    f.stretch.way(),
		run:        newShapeMasks(f.runFirst),
		unfiltered: newShapeMasks(f.anyFirst),
		anywhere:   p.any,
		tail:       max(outlineLength, denseLength, runLength, literalLength),
	}
}

// starts returns where in block i matches may begin, if the outlines agree. inWord has its lowest bit set when the byte before the
// block is a word byte.
func (f *filter) starts(p *planes, i int, inWord uint64) (starts uint64) {
	low, high := p.low[i], p.high[i]
	word := low | high
	special := p.special[i] | p.foreign[i]
	starts = p.literal[i] | f.unfiltered.of(low, high, special)
	possible := ^uint64(0)
	if !f.anywhere {
		possible = ^(word & (word<<1 | inWord))
	}
	if run := f.run.of(low, high, 0) & possible; run != 0 {
		starts |= run & longRuns(word, p.low[i+1]|p.high[i+1])
	}
	if low&high|p.low[i+1]&p.high[i+1]<<(blockSize-denseLength) != 0 {
		starts |= f.nearDigits(p, i, possible)
	}
	return starts & possible
}

// nearDigits returns those of the possible starts in block i that have digits ahead.
func (f *filter) nearDigits(p *planes, i int, possible uint64) (starts uint64) {
	low, high, lowNext, highNext := p.low[i], p.high[i], p.low[i+1], p.high[i+1]
	digits, digitsNext := low&high, lowNext&highNext
	special := p.special[i] | p.foreign[i]
	if first := f.sparse.first.of(low, high, special) & possible; first != 0 {
		before := f.sparse.before.of(low, high, p.sparse[i]|p.foreign[i])
		starts |= first & beforeOne(digits, digitsNext, before, f.sparse.before.of(lowNext, highNext, p.sparse[i+1]|p.foreign[i+1]))
	}
	if first := f.stretch.first.of(low, high, special) & possible; first != 0 {
		within := f.stretch.before.of(low, high, p.sparse[i]|p.foreign[i])
		starts |= first & stretches(digits|within, digitsNext|f.stretch.before.of(lowNext, highNext, p.sparse[i+1]|p.foreign[i+1]))
	}
	if first := f.dense.first.of(low, high, special) & possible &^ starts; first != 0 {
		before := f.dense.before.of(low, high, p.dense[i]|p.foreign[i])
		starts |= first & beforeNumbers(digits, digitsNext, before, f.dense.before.of(lowNext, highNext, p.dense[i+1]|p.foreign[i+1]))
	}
	return starts
}
