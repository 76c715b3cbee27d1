package match

// filterSets collect how the starts of the main automaton's patterns are found.
type filterSets struct {
	literals        []literal
	digitFirst      byteSet // first bytes of patterns with a digit near their start
	unfilteredFirst byteSet // and of those without
	reach           digitReach
	unfiltered      []uint16
	outlines        []outline
}

// add chooses the way for the pattern that begins with some nodes.
func (f *filterSets) add(p *program, starts []int32, pattern uint16) {
	literals, frequency, literal := p.literals(starts)
	reach, digit := p.digitReach(starts)
	digit = digit && reach.any <= maxDigitReach
	first := p.firstBytes(starts)
	f.outlines = append(f.outlines, p.outlines(starts, p.bare.has(int(pattern)))...)
	switch {
	case literal && frequency <= usefulLiteral && !(digit && reach.ascii <= farDigit):
		f.literals = append(f.literals, literals...)
	case digit:
		f.digitFirst.union(&first)
		f.reach.ascii = max(f.reach.ascii, reach.ascii)
		f.reach.any = max(f.reach.any, reach.any)
	default:
		f.unfilteredFirst.union(&first)
		f.unfiltered = append(f.unfiltered, pattern)
	}
}

// A filter picks the starts that an automaton is run from, by the planes of a segment.
type filter struct {
	tables   *nibbleTables
	outlines *outlines

	near       shapeMasks // classes that may begin a match with a digit near its start
	unfiltered shapeMasks // classes that may begin another
	smears     []int      // shifts that together spread a digit over the bytes before it that a match may have
	farSmears  []int      // further shifts, where not all of these bytes are ASCII
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

func (f *filterSets) filter(p *program, pivots byteSet) filter {
	special := f.digitFirst.without(wordBytes)
	others := f.unfilteredFirst.without(wordBytes)
	special.union(&others)
	built := filter{
		tables:     newNibbleTables(f.literals, special, pivots),
		outlines:   newOutlines(f.outlines),
		near:       newShapeMasks(f.digitFirst),
		unfiltered: newShapeMasks(f.unfilteredFirst),
		anywhere:   p.any,
		tail:       max(outlineLength, f.reach.any+1, literalLength),
	}
	built.smears = smears(0, f.reach.ascii)
	built.farSmears = smears(f.reach.ascii, f.reach.any)
	return built
}

// smears returns shifts that spread a bit over reach bits where it is spread over some already.
func smears(covered, reach int) (shifts []int) {
	for covered < reach {
		shift := min(covered+1, reach-covered)
		shifts = append(shifts, shift)
		covered += shift
	}
	return shifts
}

// starts returns where in block i matches may begin, if the outlines agree. inWord has its lowest bit set when the byte before the
// block is a word byte.
func (f *filter) starts(p *planes, i int, inWord uint64) (starts uint64) {
	low, high := p.low[i], p.high[i]
	special := p.special[i] | p.foreign[i]
	starts = p.literal[i] | f.unfiltered.of(low, high, special)
	if digits, next := low&high, p.low[i+1]&p.high[i+1]; digits|next != 0 {
		for _, shift := range f.smears {
			digits, next = smear(digits, next, shift)
		}
		if p.foreign[i]|p.foreign[i+1] != 0 {
			for _, shift := range f.farSmears {
				digits, next = smear(digits, next, shift)
			}
		}
		starts |= digits & f.near.of(low, high, special)
	}
	if f.anywhere {
		return starts
	}
	word := low | high
	return starts &^ (word & (word<<1 | inWord))
}

// smear spreads the bits of two words, of which next comes behind, over the places before them.
func smear(bits, next uint64, shift int) (uint64, uint64) {
	return bits | bits>>(shift&63) | next<<(-shift&63), next | next>>(shift&63)
}
