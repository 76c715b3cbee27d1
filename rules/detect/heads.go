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
	head, n, ok := headOf(word)
	if !ok {
		return
	}
	h.set(head)
	if n >= minPlural-1 {
		h.set(head | 's'<<(8*n))
	}
}

// headOf returns the head of a word, and how many letters it has; or false when some are not Latin.
func headOf(word []byte) (head uint64, n int, ok bool) {
	for at := 0; at < len(word); {
		r, size := utf8.DecodeRune(word[at:])
		at += size
		first, second := foldRune(r)
		for _, letter := range [...]rune{first, second} {
			if letter == 0 {
				continue
			}
			if letter < 'a' || letter > 'z' {
				return 0, 0, false
			}
			head |= uint64(letter) << (8 * n)
			n++
		}
	}
	return head, n, true
}

func (h *heads) set(head uint64) {
	i := head * headMultiplier >> (64 - headBits)
	h[i>>6] |= 1 << (i & 63)
}

func (h *heads) has(head uint64) bool {
	i := head * headMultiplier >> (64 - headBits)
	return h[i>>6]>>(i&63)&1 != 0
}

// head returns the letters of the word that begins with the first of eight bytes, and how many bits they have.
func (c *eight) head() (head uint64, size int) {
	size = bits.TrailingZeros64(^c.letters&everyByte|c.humps()&^secondByte) &^ 7
	return c.lower & (1<<size - 1), size
}

// Where the lead of a word has the first letter of the next one, if it has no more than shortHead letters itself: there are too many words as short.
const (
	shortHead = 2
	shortNext = 5
)

// lead is head, with the first letter of the next word for a short one, if that stands near enough to go on a phrase.
func (c *eight) lead() uint64 {
	head, size := c.head()
	if size > 8*shortHead {
		return head
	}
	next := c.letters >> size & (1<<(8*(maxPhraseGap+1)) - 1)
	if next == 0 {
		return head
	}
	letter := c.lower >> size >> (bits.TrailingZeros64(next) &^ 7) & 0xff
	return head | letter<<(8*shortNext)
}

// addLead adds the leads of a phrase, whose first words are given; there may be no second one.
func (h *heads) addLead(first, second []byte) {
	head, n, ok := headOf(first)
	if !ok || n > shortHead {
		h.add(first)
		return
	}
	if second != nil {
		if next, _ := foldRune(firstRune(second)); next >= 'a' && next <= 'z' {
			h.set(head | uint64(next)<<(8*shortNext))
		}
		return
	}
	h.set(head)
	for next := uint64('a'); next <= 'z'; next++ {
		h.set(head | next<<(8*shortNext))
	}
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
		head, size := c.head()
		if h.has(head) {
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
