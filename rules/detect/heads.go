package detect

import "unicode/utf8"

// headLetters is how many letters of a word heads look at.
const headLetters = 3

const alphabet = 26

// heads are the first three letters of words, without case and accents, where these are Latin letters.
type heads [(alphabet*alphabet*alphabet + 63) / 64]uint64

// add adds the head of a word. Words that are shorter, or begin with other letters, have none: they are always read.
func (h *heads) add(word []byte) {
	head, n := 0, 0
	for at := 0; at < len(word) && n < headLetters; {
		r, size := utf8.DecodeRune(word[at:])
		at += size
		first, second := foldRune(r)
		for _, letter := range [...]rune{first, second} {
			switch {
			case letter == 0 || n == headLetters:
			case letter < 'a' || letter > 'z':
				return
			default:
				head = head*alphabet + int(letter-'a')
				n++
			}
		}
	}
	if n == headLetters {
		h[head>>6] |= 1 << (head & 63)
	}
}

// skip passes over words of ASCII letters in text[at:limit] that have other heads, and what stands between them. It returns where the
// first word begins that may have one of these, or an offset before it; never more than the start of a word that limit cuts.
func (h *heads) skip(text []byte, at, limit int) int {
	text = text[:limit]
	for at+headLetters < len(text) {
		first := asciiLetter[text[at]]
		if first == 0 {
			if text[at] >= utf8.RuneSelf {
				return at
			}
			at++
			continue
		}
		second, third := asciiLetter[text[at+1]], asciiLetter[text[at+2]]
		if second == 0 || third == 0 || text[at+2] != third && text[at+1] == second { // "noNumber" begins with "no"
			return at
		}
		head := (int(first-'a')*alphabet+int(second-'a'))*alphabet + int(third-'a')
		if h[head>>6]>>(head&63)&1 != 0 {
			return at
		}
		end := wordEnd(text, at, len(text))
		if end == len(text) || text[end] >= utf8.RuneSelf {
			return at
		}
		at = end
	}
	return at
}

// wordEnd returns where the word ends that begins at text[at] with an ASCII letter, or where its first letter stands that is not ASCII.
func wordEnd(text []byte, at, limit int) int {
	text = text[:limit]
	for second := at + 1; at < len(text); at++ {
		c := text[at]
		if c-'a' < alphabet {
			continue
		}
		if c-'A' >= alphabet || at > second && text[at-1] >= 'a' {
			break
		}
	}
	return at
}
