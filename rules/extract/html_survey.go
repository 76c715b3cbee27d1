package extract

import (
	"math/bits"
	"slices"
	"unicode/utf8"

	"stanch/rules/extract/bitmap"
)

// The sets of htmlTable. All but tagSet, atSet and cueSet hold more bytes than they say: what they find is looked at again.
const (
	_            = iota // foldableSet
	atSet               // '@'
	cueSet              // what looksLikeValue looks for
	addressSet          // what may stand before an escape in an address: also '>'
	tagSet              // '<'
	gridSet             // the letters that tags begin with which gridTag knows
	valueSet            // what may go on behind markup, other than small letters
	separatorSet        // what may stand between two parts of a value
)

var htmlTable = mustTable(foldable,
	bitmap.Of("@"),
	bitmap.Where(func(b byte) bool { return looksLikeValue([]byte{b}) }),
	bitmap.Where(func(b byte) bool {
		return b-'0' < 10 || b == '>' || b >= '@' || b >= '(' && b <= '.' && b != '*' && b != ','
	}),
	bitmap.Of("<"),
	bitmap.Where(func(b byte) bool { return markupKinds[b] || b|0x20 == 'd' }),
	bitmap.Where(func(b byte) bool {
		return b-'0' < 10 || b >= '@' && b <= '_' && b&^3 != '\\' || b == '_' || b == ';' || b == '+' || b >= utf8.RuneSelf
	}),
	bitmap.Of(" -./()"))

// survey finds the '<' in the body that may need a closer look in running text (look): those of tags that a grid follows, those behind
// what a value may be torn apart at, and all near what may make letters on both sides of markup one address (cues).
func (r *htmlReader) survey() {
	blocks := r.copier.blocks
	n := len(blocks)
	look, cues := resizedWords(r.look, n), resizedWords(r.cues, n)
	r.look, r.cues = look, cues
	var address uint64 // of the block before
	for k := range blocks {
		b := &blocks[k]
		cues[k] = b[atSet] | b[foldableSet]&(b[addressSet]<<1|address>>63)
		address = b[addressSet]
	}
	var value, separator uint64  // of the block before
	var behind, farBehind uint64 // '@' in the block before and in the one before that
	if r.lastAt >= 0 && r.copier.offset-r.lastAt <= addressReach {
		behind, farBehind = 1, 1
	}
	seen := (len(r.copier.body) - addressReach) / bitmap.BlockSize // blocks before it have all within reach behind them
	for k := range blocks {
		b := &blocks[k]
		tags := b[tagSet]
		if tags != 0 && k < seen && cues[k]|cues[k+1]|cues[k+2]|behind|farBehind == 0 {
			after := &blocks[k+1]
			left := b[valueSet]<<1 | value>>63 | (b[separatorSet]<<1|separator>>63)&(b[valueSet]<<2|value>>62)
			right := b[gridSet]>>1 | after[gridSet]<<63 | (b[separatorSet]>>1|after[separatorSet]<<63)&(b[gridSet]>>2|after[gridSet]<<62)
			tags &= left | right
		}
		look[k] = tags
		value, separator = b[valueSet], b[separatorSet]
		behind, farBehind = b[atSet], behind
	}
}

// addressReach is how far from its '@' an address is looked for, in bytes.
const addressReach = 96

// beforeCue reports whether an '@' stands within reach behind body[open], or an escape that may be part of an address, or the end of what
// is there.
func (r *htmlReader) beforeCue(open int) bool {
	if len(r.copier.body)-open <= addressReach {
		return true
	}
	k, bit := open/bitmap.BlockSize, open%bitmap.BlockSize
	if r.cues[k]>>bit != 0 {
		return true
	}
	last := bit + addressReach - bitmap.BlockSize // the last bit of the next block that is within reach; past 63 in the one behind it
	if k++; r.cues[k]&(2<<min(last, 63)-1) != 0 {
		return true
	}
	return last > 63 && r.cues[k+1]&(2<<(last-64)-1) != 0
}

// needsLook reports whether the '<' at body[open] may need a closer look. Behind markup that is left out, what stands before it cannot be
// seen in body: every '<' needs one there.
func (r *htmlReader) needsLook(open int) bool {
	return open < r.edge+3 || r.look[open/bitmap.BlockSize]>>(open%bitmap.BlockSize)&1 != 0
}

// nextLook returns the index of the next '<' in body[i:] that needsLook, or the length of body.
func (r *htmlReader) nextLook(i int) int {
	body := r.copier.body
	for ; i < min(r.edge+3, len(body)); i++ {
		if body[i] == '<' {
			return i
		}
	}
	k := i / bitmap.BlockSize
	if k >= len(r.copier.blocks) {
		return len(body)
	}
	word := r.look[k] >> (i % bitmap.BlockSize) << (i % bitmap.BlockSize)
	for word == 0 {
		if k++; k == len(r.copier.blocks) {
			return len(body)
		}
		word = r.look[k]
	}
	return k*bitmap.BlockSize + bits.TrailingZeros64(word)
}

// resizedWords returns n words, which hold whatever they held.
func resizedWords(words []uint64, n int) []uint64 { return slices.Grow(words[:0], n)[:n] }
