package match

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
	special [planeLength]uint64 // a pattern may begin with this byte, which is no word byte
	pivot   [planeLength]uint64 // the byte may be a pivot
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

func (n *nibbles) of(b byte) byte { return n.low[b&15] & n.high[b>>4] }

// nibbleTables are what a classifier looks for. The assembly depends on the order of the fields.
type nibbleTables struct {
	literal [literalLength]nibbles // for each offset: the buckets of literals that the byte fits
	class   nibbles                // the sets below
}

// The sets of nibbleTables.class. Those for shapes are exact: each is a product of nibbles.
const (
	classSpecial = 1 << iota
	classPivot
	classDigit
	classUpperFirst // A-O
	classUpperLast  // P-Z
	classLowerFirst // a-o
	classLowerLast  // p-z
	classUnderscore

	classLow  = classDigit | classLowerFirst | classLowerLast | classUnderscore
	classHigh = classDigit | classUpperFirst | classUpperLast
)

// literalBuckets is how many sets of literals the prefilter tells apart.
const literalBuckets = 8

func newNibbleTables(literals [][literalLength]byteSet, special, pivots byteSet) *nibbleTables {
	t := &nibbleTables{}
	for i, literal := range literals {
		for offset := range literal {
			t.literal[offset].add(literal[offset], 1<<(i%literalBuckets))
		}
	}
	t.class.add(special, classSpecial)
	t.class.add(pivots, classPivot)
	t.class.add(digitBytes, classDigit)
	for _, r := range []struct{ first, last, set byte }{
		{'A', 'O', classUpperFirst}, {'P', 'Z', classUpperLast}, {'a', 'o', classLowerFirst}, {'p', 'z', classLowerLast},
		{'_', '_', classUnderscore},
	} {
		var bytes byteSet
		bytes.addRange(r.first, r.last)
		t.class.add(bytes, r.set)
	}
	return t
}

// A classifier fills the planes for whole blocks, from index on. It reads literalLength-1 bytes behind the last block.
type classifier struct {
	name string
	fill func(p *planes, index int, text []byte, blocks int, t *nibbleTables)
}

func fastestClassifier() classifier { return classifiers()[0] }

// vectorClassifier wraps an assembly function, which is given where to begin in the planes and in the text.
func vectorClassifier(name string, fill func(dst *uint64, text *byte, blocks int, t *nibbleTables)) classifier {
	return classifier{name, func(p *planes, index int, text []byte, blocks int, t *nibbleTables) {
		if blocks > 0 {
			_, _ = p.low[index+blocks-1], text[blocks*blockSize+literalLength-2]
			fill(&p.low[index], &text[0], blocks, t)
		}
	}}
}

// plainClassifier needs no vectors.
var plainClassifier = classifier{"plain", fillPlain}

func fillPlain(p *planes, index int, text []byte, blocks int, t *nibbleTables) {
	for block := range blocks {
		var low, high, literal, special, pivot uint64
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
			if class&classPivot != 0 {
				pivot |= bit
			}
			if t.literal[0].of(b)&t.literal[1].of(behind[i+1])&t.literal[2].of(behind[i+2]) != 0 {
				literal |= bit
			}
		}
		p.low[index+block], p.high[index+block] = low, high
		p.literal[index+block], p.special[index+block], p.pivot[index+block] = literal, special, pivot
	}
}
