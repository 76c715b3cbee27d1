package detect

import (
	"unicode"
	"unicode/utf8"
)

// Words are compared by a hash of their letters, without case and accents. Digits, punctuation and spaces part words. Scripts that
// are written without spaces (Han, kana, Hangul, Thai) count every letter as a word, so that phrases are found inside a run of them.

// A word is a word of a text.
type word struct {
	start, end int
	hash       uint32
	singular   uint32 // hash without a final 's', or hash again
}

// minPlural is the length from which a final 's' may be a plural.
const minPlural = 4

// alphabet is how many letters ASCII has of each case.
const alphabet = 26

// The parameters of the 32-bit FNV-1a hash (RFC 9923).
const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

// asciiLetter maps an ASCII letter to lower case and every other byte to 0.
var asciiLetter = func() (table [256]byte) {
	for c := byte('a'); c <= 'z'; c++ {
		table[c] = c
		table[c-'a'+'A'] = c
	}
	return
}()

// nextWord returns the first word of text that begins in [at, limit). It ends at limit at the latest.
func nextWord(text []byte, at, limit int) (w word, ok bool) {
	for at < limit && asciiLetter[text[at]] == 0 {
		if text[at] >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(text[at:limit])
			if standsAlone(r) {
				h := hashRune(fnvOffset, r)
				return word{at, at + size, h, h}, true
			}
			if unicode.IsLetter(r) {
				break
			}
			at += size
			continue
		}
		at++
	}
	if at >= limit {
		return word{}, false
	}
	return readWord(text, at, limit), true
}

// readWord reads the word that begins at a letter.
func readWord(text []byte, at, limit int) word {
	w := word{start: at}
	h, before := uint32(fnvOffset), uint32(0)
	last, letters := byte(0), 0
	for at < limit {
		c := text[at]
		lower := asciiLetter[c]
		if lower == 0 {
			if c < utf8.RuneSelf {
				break
			}
			r, size := utf8.DecodeRune(text[at:limit])
			if standsAlone(r) || !unicode.IsLetter(r) && !unicode.IsMark(r) {
				break
			}
			before, last = h, 0
			h = hashRune(h, r)
			at += size
			letters++
			continue
		}
		if c != lower && letters > 1 && last >= 'a' {
			break // nhsNumber
		}
		before, last = h, c
		h = (h ^ uint32(lower)) * fnvPrime
		at++
		letters++
	}
	w.end, w.hash, w.singular = at, h, h
	if letters >= minPlural && last == 's' {
		w.singular = before
	}
	return w
}

// hashRune continues a hash over a letter that is not ASCII.
func hashRune(h uint32, r rune) uint32 {
	first, second := foldRune(r)
	if first == 0 {
		return h
	}
	h = hashFolded(h, first)
	if second != 0 {
		h = hashFolded(h, second)
	}
	return h
}

func hashFolded(h uint32, r rune) uint32 {
	for r >= utf8.RuneSelf {
		h = (h ^ uint32(r&0xff)) * fnvPrime
		r >>= 8
	}
	return (h ^ uint32(r)) * fnvPrime
}

// standsAloneAt is standsAlone for the letter that begins at an offset.
func standsAloneAt(text []byte, at int) bool {
	if text[at] < utf8.RuneSelf {
		return false
	}
	r, _ := utf8.DecodeRune(text[at:])
	return standsAlone(r)
}

// standsAlone reports whether a letter is of a script that is written without spaces between words.
func standsAlone(r rune) bool {
	switch {
	case r < 0x0e00:
		return false
	case r <= 0x0e7f: // Thai
		return r <= 0x0e4e
	case r < 0x3040:
		return false
	case r <= 0x30ff: // kana
		return r != 0x30fb
	}
	return r >= 0x3400 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff
}

// latinBase is the plain letter of each character from U+00C0 on; '.' is not a letter, '*' is a ligature.
const latinBase = "aaaaaa*ceeeeiiiidnooooo.ouuuuyt*aaaaaa*ceeeeiiiidnooooo.ouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkkllllllllllnnnnnnnnnoooooo**rrrrrrsssssssstttttt" +
	"uuuuuuuuuuuuwwyyyzzzzzzs"

// vietnameseBase is the plain letter of each character from U+1EA0 to U+1EF9.
const vietnameseBase = "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"

// foldRune returns a letter in lower case and without its accent; ligatures are two letters. Combining marks are nothing.
func foldRune(r rune) (first, second rune) {
	switch {
	case r < utf8.RuneSelf:
		return unicode.ToLower(r), 0
	case r >= 0xc0 && int(r-0xc0) < len(latinBase):
		return foldLatin(r)
	case r >= 0x1ea0 && int(r-0x1ea0) < len(vietnameseBase):
		return rune(vietnameseBase[r-0x1ea0]), 0
	case r >= 0x218 && r <= 0x219:
		return 's', 0
	case r >= 0x21a && r <= 0x21b:
		return 't', 0
	case r >= 0x1a0 && r <= 0x1a1:
		return 'o', 0
	case r >= 0x1af && r <= 0x1b0:
		return 'u', 0
	case unicode.IsMark(r):
		return 0, 0
	}
	return foldGreek(unicode.ToLower(r)), 0
}

func foldLatin(r rune) (first, second rune) {
	switch r {
	case 'æ', 'Æ':
		return 'a', 'e'
	case 'œ', 'Œ':
		return 'o', 'e'
	case 'ß':
		return 's', 's'
	case 'ĳ', 'Ĳ':
		return 'i', 'j'
	}
	return rune(latinBase[r-0xc0]), 0
}

// foldGreek drops the accents of Greek lower-case letters, and of two Cyrillic ones.
func foldGreek(r rune) rune {
	switch r {
	case 'ά':
		return 'α'
	case 'έ':
		return 'ε'
	case 'ή':
		return 'η'
	case 'ί', 'ϊ', 'ΐ':
		return 'ι'
	case 'ό':
		return 'ο'
	case 'ύ', 'ϋ', 'ΰ':
		return 'υ'
	case 'ώ':
		return 'ω'
	case 'ς':
		return 'σ'
	case 'ё':
		return 'е'
	case 'ѐ':
		return 'е'
	}
	return r
}
