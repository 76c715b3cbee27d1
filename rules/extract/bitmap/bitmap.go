// Package bitmap tells which bytes of a text are in given sets of bytes, 64 bytes and eight sets at a time. Readers walk over the bits
// that matter to them instead of over bytes.
//
//	table, err := bitmap.NewTable(bitmap.Of("<"), bitmap.Of("@"))
//	blocks = table.Fill(blocks[:0], text)
//	first := bits.TrailingZeros64(blocks[0][0]) // of '<'
//
// It knows no format, and no patterns: package match has a classifier of its own, which also knows literals.
package bitmap

import (
	"fmt"
	"slices"
)

// Sets is how many sets of bytes a Table tells apart.
const Sets = 8

// BlockSize is how many bytes of text one Block stands for.
const BlockSize = 64

// A Block has a word for each set: the bit of a byte, the first one lowest, is set when the byte is in the set.
type Block [Sets]uint64

// A Set is a set of bytes. The zero Set is empty.
type Set [256]bool

// Of returns the set of the bytes of a string.
func Of(bytes string) (s Set) {
	for i := range len(bytes) {
		s[bytes[i]] = true
	}
	return s
}

// Where returns the set of the bytes for which a condition holds.
func Where(holds func(b byte) bool) (s Set) {
	for b := range s {
		s[b] = holds(byte(b))
	}
	return s
}

// half is how many sets share one pair of lookup tables.
const half = Sets / 2

// A Table is what Fill looks for. It is read only. The assembly depends on the order and size of the first two fields.
type Table struct {
	nibbles [2]nibbles     // of the first half of the sets, and of the second
	wide    [Sets][32]byte // the products of each set, repeated
	sets    [Sets]Set
}

// nibbles are products of sets of nibbles, one a bit: a byte is in the products low[byte&15] & high[byte>>4].
type nibbles struct{ low, high [16]byte }

// NewTable prepares sets, at most Sets of them. The vectors look up products of nibbles (each of some low nibbles with each of some
// high ones), and each half of the sets may need eight different products at most; the error says which half needs more.
func NewTable(sets ...Set) (*Table, error) {
	if len(sets) > Sets {
		return nil, fmt.Errorf("bitmap: %d sets, at most %d are allowed", len(sets), Sets)
	}
	t := &Table{}
	var found [2][]product
	for i, set := range sets {
		t.sets[i] = set
		var mask byte
		for _, p := range products(&set) {
			known := &found[i/half]
			bit := slices.Index(*known, p)
			if bit < 0 {
				bit = len(*known)
				*known = append(*known, p)
			}
			if bit >= 8 {
				return nil, fmt.Errorf("bitmap: set %d: the sets of one half need more than 8 products of nibbles", i)
			}
			mask |= 1 << bit
			t.nibbles[i/half].add(p, 1<<bit)
		}
		for k := range t.wide[i] {
			t.wide[i][k] = mask
		}
	}
	return t, nil
}

// A product holds the bytes whose low nibble and high nibble have their bits set.
type product struct{ low, high uint16 }

// products divides a set into products: the high nibbles that go with the same low ones make one.
func products(set *Set) (all []product) {
	for high := range 16 {
		var low uint16
		for i := range 16 {
			if set[high<<4|i] {
				low |= 1 << i
			}
		}
		if low == 0 {
			continue
		}
		i := slices.IndexFunc(all, func(p product) bool { return p.low == low })
		if i < 0 {
			i = len(all)
			all = append(all, product{low: low})
		}
		all[i].high |= 1 << high
	}
	return all
}

func (n *nibbles) add(p product, bit byte) {
	for i := range 16 {
		if p.low>>i&1 != 0 {
			n.low[i] |= bit
		}
		if p.high>>i&1 != 0 {
			n.high[i] |= bit
		}
	}
}

// Fill appends to blocks those of text. Behind the end of text, the last one has no bits.
func (t *Table) Fill(blocks []Block, text []byte) []Block {
	blocks, filled, tail := grow(blocks, text)
	whole := len(text) / BlockSize
	if whole > 0 {
		fill(filled[:whole], text, t)
	}
	if tail > 0 {
		var last [BlockSize]byte
		copy(last[:], text[whole*BlockSize:])
		fill(filled[whole:], last[:], t)
		for i := range filled[whole] {
			filled[whole][i] &= 1<<tail - 1
		}
	}
	return blocks
}

// Mark appends to words the first set's word of each block of text. Behind the end of text, the last one has no bits.
func (t *Table) Mark(words []uint64, text []byte) []uint64 {
	words, marked, tail := grow(words, text)
	whole := len(text) / BlockSize
	if whole > 0 {
		mark(marked[:whole], text, t)
	}
	if tail > 0 {
		var last [BlockSize]byte
		copy(last[:], text[whole*BlockSize:])
		mark(marked[whole:], last[:], t)
		marked[whole] &= 1<<tail - 1
	}
	return words
}

// grow makes room for what is to be told of text, and returns all and what was added, and how many bytes of text its last block has when that is
// not whole.
func grow[T any](all []T, text []byte) (grown, added []T, tail int) {
	start, tail := len(all), len(text)%BlockSize
	needed := len(text) / BlockSize
	if tail > 0 {
		needed++
	}
	grown = slices.Grow(all, needed)[:start+needed]
	return grown, grown[start:], tail
}

// fillPlain needs no vectors.
func fillPlain(blocks []Block, text []byte, t *Table) {
	for i := range blocks {
		block := Block{}
		for at, b := range text[i*BlockSize : (i+1)*BlockSize] {
			for k := range block {
				if t.sets[k][b] {
					block[k] |= 1 << at
				}
			}
		}
		blocks[i] = block
	}
}

// markPlain needs no vectors.
func markPlain(words []uint64, text []byte, t *Table) {
	for i := range words {
		word := uint64(0)
		for at, b := range text[i*BlockSize : (i+1)*BlockSize] {
			if t.sets[0][b] {
				word |= 1 << at
			}
		}
		words[i] = word
	}
}
