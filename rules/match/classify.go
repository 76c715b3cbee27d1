package match

import (
	"slices"
	"unicode/utf8"
)

const (
	blockSize     = 64  // bytes that one word of a plane stands for
	segmentBlocks = 128 // blocks that are classified at a time
	planeLength   = segmentBlocks + 2
)

// planes are what the prefilter knows of the blocks of a segment: one bit a byte, the first byte in the lowest bit. The
// assembly depends on the order and size of the fields.
type planes struct {
	low     [planeLength]uint64 // the low bit of the byte's shapeClass
	high    [planeLength]uint64 // the high bit
	literal [planeLength]uint64 // a literal may begin here
	special [planeLength]uint64 // a pattern may begin with this byte, which is ASCII and no word byte
	foreign [planeLength]uint64 // the byte is not ASCII
	pivot   [planeLength]uint64 // the byte, which is ASCII, may be a pivot
	before  [planeLength]uint64 // the byte, if no word byte, may stand before the first digit of a match
	between [planeLength]uint64 // and between digits
	starts  [planeLength]uint64 // matches may begin here, if the outlines agree; find fills it
}

// words returns which of the bytes from an offset in the segment on are word bytes, of up to a block.
func (p *planes) words(offset int) uint64 {
	block, shift := offset/blockSize, offset%blockSize
	return (p.low[block]|p.high[block])>>shift | (p.low[block+1]|p.high[block+1])<<(blockSize-shift)
}

// nibbles are sets of bytes as vectors can look them up: a byte is in the sets in low[byte&15] & high[byte>>4]. That holds for
// some bytes that are in none; the planes say "maybe".
type nibbles struct{ low, high [16]byte }

func (n *nibbles) add(bytes byteSet, sets byte) {
	for b := range 256 {
		if bytes.has(byte(b)) {
			n.low[b&15] |= sets
			n.high[b>>4] |= sets
		}
	}
}

// frequency estimates how often a byte is in some of the sets.
func (n *nibbles) frequency(sets byte) (sum float64) {
	for b := range 256 {
		if n.of(byte(b))&sets != 0 {
			sum += byteFrequency(byte(b))
		}
	}
	return sum
}

func (n *nibbles) of(b byte) byte { return n.low[b&15] & n.high[b>>4] }

// nibbleTables are what a classifier looks for. The assembly depends on the order of the fields.
type nibbleTables struct {
	literal [2][literalLength]nibbles                // for each offset: the buckets of literals that the byte fits, eight of them at a time
	class   nibbles                                  // the sets below
	around  nibbles                                  // the sets of what stands around digits
	ascii   [2*literalLength + 2][utf8.RuneSelf]byte // what all these say of bytes of ASCII, in their order
}

// The sets of nibbleTables.class. Those for shapes are exact: each is a product of nibbles.
const (
	classSpecial = 1 << iota
	classPivot
	classOtherPivot
	classDigit
	classUpperFirst // A-O
	classUpperLast  // P-Z and _
	classLowerFirst // a-o
	classLowerLast  // p-z

	classLow  = classDigit | classLowerFirst | classLowerLast
	classHigh = classDigit | classUpperFirst | classUpperLast

	classPivots = classPivot | classOtherPivot // two sets, so that nibbles mix up fewer bytes
)

// The sets of nibbleTables.around.
const (
	aroundBefore = 1 << iota
	aroundBetween
)

// foreignBytes are those that are not ASCII.
var foreignBytes = byteSet{2: ^uint64(0), 3: ^uint64(0)}

// literalBuckets is how many sets of literals the prefilter tells apart.
const literalBuckets = 16

func newNibbleTables(literals []literal, special, pivots, before, between byteSet) *nibbleTables {
	t := &nibbleTables{}
	for bucket, merged := range bucketLiterals(literals) {
		for offset := range merged {
			t.literal[bucket>>3][offset].add(merged[offset], 1<<(bucket&7))
		}
	}
	t.class.add(special.without(foreignBytes), classSpecial)
	t.around.add(before.without(foreignBytes), aroundBefore)
	t.around.add(between.without(foreignBytes), aroundBetween)
	for b := range utf8.RuneSelf {
		if !pivots.has(byte(b)) {
			continue
		}
		var one byteSet
		one.add(byte(b))
		first, other := t.class, t.class
		first.add(one, classPivot)
		other.add(one, classOtherPivot)
		if t.class = first; other.frequency(classPivots) < first.frequency(classPivots) {
			t.class = other
		}
	}
	t.class.add(digitBytes, classDigit)
	for _, r := range []struct{ first, last, set byte }{
		{'A', 'O', classUpperFirst}, {'P', 'Z', classUpperLast}, {'_', '_', classUpperLast},
		{'a', 'o', classLowerFirst}, {'p', 'z', classLowerLast},
	} {
		var bytes byteSet
		bytes.addRange(r.first, r.last)
		t.class.add(bytes, r.set)
	}
	t.fold()
	return t
}

// fold lets bytes that are not ASCII be in the sets of literals that the byte without its highest bit is in, and the other way round, so that
// seven bits of a byte tell its sets, and writes down those of all.
func (t *nibbleTables) fold() {
	tables := make([]*nibbles, 0, len(t.ascii))
	for half := range t.literal {
		for offset := range t.literal[half] {
			n := &t.literal[half][offset]
			for high := range n.high[:8] {
				n.high[high] |= n.high[high|8]
				n.high[high|8] = n.high[high]
			}
			tables = append(tables, n)
		}
	}
	for i, n := range append(tables, &t.class, &t.around) {
		for b := range t.ascii[i] {
			t.ascii[i][b] = n.of(byte(b))
		}
	}
}

// bucketLiterals divides literals into buckets, in which they are one, so that the buckets occur as seldom as may be: it joins
// those two that together occur the least more often than apart, until there are few enough.
func bucketLiterals(literals []literal) []literal {
	buckets := slices.Clone(literals)
	cost := func(a, b int) float64 {
		joined := buckets[a]
		joined.union(&buckets[b])
		return joined.frequency() - buckets[a].frequency() - buckets[b].frequency()
	}
	join := func(to, from, last int) {
		buckets[to].union(&buckets[from])
		buckets[from] = buckets[last]
		buckets = buckets[:last]
	}
	var costs joinCosts
	for range buckets {
		costs.add(cost)
	}
	for len(buckets) > literalBuckets {
		costs.joinCheapest(join, cost)
	}
	return buckets
}

// A classifier fills the planes.
type classifier struct {
	name string
	// fill fills all planes but starts for whole blocks, from index on. It reads literalLength-1 bytes behind the last block.
	fill func(p *planes, index int, text []byte, blocks int, t *nibbleTables)
	// find fills starts for the first blocks, by the other planes of these and of the one behind them. The lowest bit of inWord
	// says whether the byte before the first block is a word byte.
	find func(p *planes, blocks int, inWord uint64, w *ways)
	// list writes the offsets in a segment of the bits of the first blocks of a plane, at least one, and returns how many.
	list func(offsets *offsetList, plane *[planeLength]uint64, blocks int) int
	// keep is of the outlines.
	keep keeper
	// follow is of the automata.
	follow follower
}

// An offsetList holds offsets in a segment. Behind those of all its bytes there is room for what list writes at a time.
type offsetList [segmentBlocks*blockSize + blockSize]uint16

// vectorClassifier wraps an assembly function for fill, which is given where to begin in the planes and in the text.
func vectorClassifier(name string, fill func(dst *uint64, text *byte, blocks int, t *nibbleTables), find func(p *planes, blocks int, inWord uint64, w *ways)) classifier {
	return classifier{name: name, find: find, list: listPlain, keep: keepPlain, follow: followPlain, fill: func(p *planes, index int, text []byte, blocks int, t *nibbleTables) {
		if blocks > 0 {
			_, _ = p.low[index+blocks-1], text[blocks*blockSize+literalLength-2]
			fill(&p.low[index], &text[0], blocks, t)
		}
	}}
}

// plainClassifier needs no vectors.
var plainClassifier = classifier{"plain", fillPlain, findPlain, listPlain, keepPlain, followPlain}

func fillPlain(p *planes, index int, text []byte, blocks int, t *nibbleTables) {
	for block := range blocks {
		var low, high, literal, special, foreign, pivot, before, between uint64
		behind := text[block*blockSize:][: blockSize+literalLength-1 : blockSize+literalLength-1]
		for i := range blockSize {
			b := behind[i]
			class := t.class.of(b)
			bit := uint64(1) << i
			if class&classLow != 0 {
				low |= bit
			}
			if class&classHigh != 0 {
				high |= bit
			}
			if class&classSpecial != 0 {
				special |= bit
			}
			if b >= utf8.RuneSelf {
				foreign |= bit
			}
			if class&classPivots != 0 {
				pivot |= bit
			}
			around := t.around.of(b)
			if around&aroundBefore != 0 {
				before |= bit
			}
			if around&aroundBetween != 0 {
				between |= bit
			}
			for half := range t.literal {
				buckets := t.literal[half][0].of(b)
				for offset := 1; offset < literalLength && buckets != 0; offset++ {
					buckets &= t.literal[half][offset].of(behind[i+offset])
				}
				if buckets != 0 {
					literal |= bit
				}
			}
		}
		p.low[index+block], p.high[index+block] = low, high
		p.literal[index+block], p.special[index+block] = literal, special
		p.foreign[index+block], p.pivot[index+block] = foreign, pivot
		p.before[index+block], p.between[index+block] = before, between
	}
}
