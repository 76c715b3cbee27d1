package match

// filterSets collect what the patterns that are found by digits and shapes begin with.
type filterSets struct {
	digitFirst      byteSet // first bytes of patterns with a digit near their start
	unfilteredFirst byteSet // and of those without
	reach           int     // the most bytes before that digit
}

func (f *filterSets) addDigit(first byteSet, reach int) {
	f.digitFirst.union(&first)
	f.reach = max(f.reach, reach)
}

func (f *filterSets) addUnfiltered(first byteSet) { f.unfilteredFirst.union(&first) }

// A filter picks the starts that an automaton is run from, by the planes of a segment.
type filter struct {
	tables *nibbleTables
	shapes []uint16

	near       shapeMasks // classes that may begin a match with a digit near its start
	unfiltered shapeMasks // classes that may begin another
	smears     []int      // shifts that together spread a digit over the bytes before it
	anywhere   bool       // bare patterns: matches may begin inside of words
	tail       int        // bytes before the end of the text for which the filter cannot see enough
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

func (f *filterSets) filter(p *program, shaped []int32, literals [][literalLength]byteSet, pivots byteSet) filter {
	special := f.digitFirst.without(wordBytes)
	others := f.unfilteredFirst.without(wordBytes)
	special.union(&others)
	built := filter{
		tables:     newNibbleTables(literals, special, pivots),
		shapes:     newShapes(p, shaped),
		near:       newShapeMasks(f.digitFirst),
		unfiltered: newShapeMasks(f.unfilteredFirst),
		anywhere:   p.any,
		tail:       max(shapeReach+1, f.reach+1, literalLength),
	}
	for covered := 0; covered < f.reach; {
		shift := min(covered+1, f.reach-covered)
		built.smears = append(built.smears, shift)
		covered += shift
	}
	return built
}

// A window is the planes of one block with what the filter needs of its neighbors.
type window struct {
	low, high         uint64 // of the block
	nextLow, nextHigh uint64 // of the block behind it
	special, literal  uint64
}

// starts returns where in a block an automaton is to be run if the shapes agree, and where it is to be run whatever the shape.
// inWord has its lowest bit set when the byte before the block is a word byte.
func (f *filter) starts(w *window, inWord uint64) (shaped, literal uint64) {
	word := w.low | w.high
	begins := ^(word & (word<<1 | inWord))
	if f.anywhere {
		begins = ^uint64(0)
	}
	literal = w.literal & begins
	if digits, next := w.low&w.high, w.nextLow&w.nextHigh; digits|next != 0 {
		for _, shift := range f.smears {
			digits |= digits>>shift | next<<(64-shift)
			next |= next >> shift
		}
		shaped = digits & f.near.of(w.low, w.high, w.special)
	}
	shaped |= f.unfiltered.of(w.low, w.high, w.special)
	return shaped & begins, literal
}

// mayBegin reports whether the shape of the text from bit k of block i on is one that a pattern can begin with.
func (f *filter) mayBegin(p *planes, i, k int) bool {
	low := p.low[i]>>k | p.low[i+1]<<(64-k)
	high := p.high[i]>>k | p.high[i+1]<<(64-k)
	row := uint64(0)
	for range shapeSteps {
		entry := f.shapes[row*shapeRow+low&0xf|high&0xf<<shapeStride]
		if entry <= shapePass {
			return entry == shapePass
		}
		row = uint64(entry - shapeFirst)
		low >>= shapeStride
		high >>= shapeStride
	}
	return true
}
