package detect

import (
	"math/bits"
	"unicode/utf8"
)

// headLetters is how many letters of a word heads look at: as many as a machine word has bytes.
const headLetters = 8

// headBits is how many bits heads choose by. With the words of the catalogue one word in thirty passes that begins no phrase.
const headBits = 16

// headMultiplier spreads letters over the highest bits of a product; it is 2^64 divided by the golden ratio, made odd.
const headMultiplier = 0x9e3779b97f4a7c15

// heads are a filter over words by their first letters, without case and accents, where these are Latin letters.
type heads [1 << headBits / 64]uint64

// add adds a word, and its plural. A word with other letters is not added: skip stops at all of these.
func (h *heads) add(word []byte) {
	head, n := uint64(0), 0
	for at := 0; at < len(word); {
		r, size := utf8.DecodeRune(word[at:])
		at += size
		first, second := foldRune(r)
		for _, letter := range [...]rune{first, second} {
			if letter == 0 {
				continue
			}
			if letter < 'a' || letter > 'z' {
				return
			}
			head |= uint64(letter) << (8 * n)
			n++
		}
	}
	h.set(head)
	if n >= minPlural-1 {
		h.set(head | 's'<<(8*n))
	}
}

func (h *heads) set(head uint64) {
	i := head * headMultiplier >> (64 - headBits)
	h[i>>6] |= 1 << (i & 63)
}

func (h *heads) has(head uint64) bool {
	i := head * headMultiplier >> (64 - headBits)
	return h[i>>6]>>(i&63)&1 != 0
}

// skip passes over words of ASCII letters in text[at:limit] that have other heads, and what stands between them. It returns where the
// first word begins that may have one of these, or an offset before it; never more than the start of a word that limit cuts.
func (h *heads) skip(text []byte, at, limit int) int {
	for at < limit && at <= len(text)-headLetters {
		c := classify(text, at)
		begins := c.letters | c.others
		if c.letters&firstByte == 0 {
			if c.others&firstByte != 0 {
				return at
			}
			at += bits.TrailingZeros64(begins) / 8
			continue
		}
		size := bits.TrailingZeros64(^c.letters&everyByte|c.humps()&^secondByte) &^ 7
		if h.has(c.lower & (1<<size - 1)) {
			return at
		}
		end := at + size/8
		if size == 64 {
			end = wordEnd(text, end-1, limit)
		}
		if end >= limit || text[end] >= utf8.RuneSelf {
			return at
		}
		if size < 64 {
			end = at + bits.TrailingZeros64(begins>>size<<size)/8
		}
		at = end
	}
	return min(at, limit)
}

// wordEnd returns where the word ends that has an ASCII letter at text[at], not its first one, or where its first letter behind it
// stands that is not ASCII; limit or more when it ends there or later.
func wordEnd(text []byte, at, limit int) int {
	for at <= len(text)-headLetters && at < limit {
		c := classify(text, at)
		if end := ^c.letters&everyByte | c.humps(); end != 0 {
			return at + bits.TrailingZeros64(end)/8
		}
		at += headLetters - 1
	}
	return limit
}
