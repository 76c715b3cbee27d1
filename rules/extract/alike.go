package extract

import "unicode/utf8"

// lookAlike returns the Latin letter that a letter of another script is drawn like, 0 for most: the Cyrillic and Greek letters that the
// confusables of Unicode Technical Standard #39 lead to one letter of ASCII.
func lookAlike(r rune) rune {
	if r < 0x391 || r > 0x51D {
		return 0
	}
	for i, letters := range lookAlikes {
		for _, other := range letters {
			if other == r {
				return latinLetters[i]
			}
		}
	}
	return 0
}

// latinLetters are the letters that lookAlikes are drawn like.
var latinLetters = [...]rune{'a', 'c', 'd', 'e', 'h', 'i', 'j', 'o', 'p', 'q', 's', 'u', 'v', 'w', 'x', 'y',
	'A', 'B', 'C', 'E', 'H', 'I', 'J', 'K', 'M', 'N', 'O', 'P', 'S', 'T', 'X', 'Y', 'Z'}

var lookAlikes = [len(latinLetters)]string{"аα", "с", "ԁ", "е", "һ", "іι", "ј", "оοσ", "рρ", "ԛ", "ѕ", "υ", "ν", "ԝ", "х", "уγ",
	"АΑ", "ВΒ", "С", "ЕΕ", "НΗ", "ІΙ", "Ј", "КΚ", "МΜ", "Ν", "ОΟ", "РΡ", "Ѕ", "ТΤ", "ХΧ", "Υ", "Ζ"}

// alikeLead are the first bytes of lookAlikes in UTF-8.
var alikeLead = func() (leads [256]bool) {
	for _, letters := range lookAlikes {
		for _, other := range letters {
			leads[string(other)[0]] = true
		}
	}
	return leads
}()

// besideLatin are the bytes behind which a letter of another script is not where it belongs: within a word, an address or a name of a host
// that is written in Latin letters. It is read as what it is drawn like.
var besideLatin = func() (beside [256]bool) {
	for b := range beside {
		beside[b] = isLetter(byte(b))
	}
	beside['@'], beside['.'] = true, true
	return beside
}()

// An alikeRun is what the next character follows, where the body does not show it.
type alikeRun struct {
	end    int64 // body offset behind the last character that was folded or escaped; 0 for none
	latin  bool  // that was one of besideLatin
	before byte  // the last byte that the Read before was done with; 0 for none
}

// followsLatin reports whether the character at body[i] stands behind one of besideLatin, or one that was read as such.
func (c *copier) followsLatin(i int) bool {
	switch {
	case c.alike.end > 0 && c.alike.end == c.offset+int64(i):
		return c.alike.latin
	case i > 0:
		return besideLatin[c.body[i-1]]
	}
	return besideLatin[c.alike.before]
}

// maybeAlike reports whether the character that begins at body[i] may have to be read as what it is drawn like.
func (c *copier) maybeAlike(i int) bool {
	return alikeLead[c.body[i]] && c.followsLatin(i)
}

// latin returns what a character at body[i] is read as, which is r or none but for where it stands among Latin letters.
func (c *copier) latin(r rune, i int) rune {
	if r > utf8.RuneSelf && c.followsLatin(i) {
		if letter := lookAlike(r); letter != 0 {
			return letter
		}
	}
	return r
}

// passed takes note of a character at body[i], so many bytes long, that is not read as it stands.
func (c *copier) passed(r rune, i, size int) {
	latin := r == none && c.followsLatin(i) || r >= 0 && r < utf8.RuneSelf && besideLatin[r]
	c.alike.end, c.alike.latin = c.offset+int64(i+size), latin
}
