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
	r.surveyCues()
	blocks, cues := r.copier.blocks, r.cues
	look := resizedWords(r.look, len(blocks))
	r.look = look
	seen := max(len(r.copier.body)-addressReach, 0) / bitmap.BlockSize // blocks before it have all within reach behind them
	for k := seen; k < len(blocks); k++ {
		look[k] = blocks[k][tagSet]
	}
	if seen == 0 {
		return
	}
	var valueBefore, separatorBefore uint64 // of the block before
	var behind, farBehind uint64            // '@' in the block before and in the one before that
	if r.lastAt >= 0 && r.copier.offset-r.lastAt <= addressReach {
		behind, farBehind = 1, 1
	}
	value, separator, grid := blocks[0][valueSet], blocks[0][separatorSet], blocks[0][gridSet]
	for k := range seen {
		b, after := &blocks[k], &blocks[k+1]
		tags, separatorAfter, gridAfter := b[tagSet], after[separatorSet], after[gridSet]
		if cues[k]|cues[k+1]|cues[k+2]|behind|farBehind == 0 {
			left := value<<1 | valueBefore>>63 | (separator<<1|separatorBefore>>63)&(value<<2|valueBefore>>62)
			right := grid>>1 | gridAfter<<63 | (separator>>1|separatorAfter<<63)&(grid>>2|gridAfter<<62)
			tags &= left | right
		}
		look[k] = tags
		valueBefore, separatorBefore = value, separator
		value, separator, grid = after[valueSet], separatorAfter, gridAfter
		behind, farBehind = b[atSet], behind
	}
}

// surveyCues finds the '@' and the escapes that may be part of an address.
func (r *htmlReader) surveyCues() {
	blocks := r.copier.blocks
	cues := resizedWords(r.cues, len(blocks))
	r.cues = cues
	for k := range cues {
		b := &blocks[k]
		cue := b[atSet]
		if escapes := b[foldableSet]; escapes != 0 {
			before := b[addressSet] << 1
			if k > 0 {
				before |= blocks[k-1][addressSet] >> 63
			}
			cue |= escapes & before
		}
		cues[k] = cue
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
