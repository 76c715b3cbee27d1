package detect

import (
	"strings"
	"testing"
)

// checkSkip holds that no word is passed over in text[:limit] that a phrase begins with, none that the limit cuts and none that goes
// on with a letter that is not ASCII, and that words end where they are read to end. It returns how many were passed over.
func checkSkip(t *testing.T, s *Set, text []byte, limit int) (skipped int) {
	t.Helper()
	for at := 0; ; {
		to := s.phrases.heads.skip(text, at, limit)
		if to < at || to > limit {
			t.Fatalf("%q: from %d to %d, the limit is %d", text, at, to, limit)
		}
		for {
			w, ok := nextWord(text, at, limit)
			if !ok {
				return skipped
			}
			at = w.end
			if w.start >= to {
				break
			}
			if s.phrases.follow(0, w) != 0 || w.end > to || w.end == limit {
				t.Fatalf("%q: the word %q was passed over on the way to %d", text, text[w.start:w.end], to)
			}
			skipped++
		}
	}
}

// skipTexts are spellings of every phrase of the catalogue, and words of all lengths and cases before letters of all kinds.
func skipTexts(s *Set) (texts []string) {
	for _, d := range s.Detectors() {
		for _, phrase := range append(d.Context, d.Headers...) {
			texts = append(texts, "zq0 "+phrase+" zzz of xy "+phrase+"s zzzNumber "+phrase+"Zzz9"+phrase+"\u0301 zqé "+strings.ToUpper(phrase)+" a"+phrase)
		}
	}
	for length := 1; length <= 20; length++ {
		word := strings.Repeat("zqx", length)[:length]
		for _, behind := range []string{"", " ", "9", "Z", "ZZ", "é", "\u0301", "σ", "Я", "漢", "ไ", "\xff", "s", "S", "sZ"} {
			texts = append(texts, word+behind+" NHS number", "9, "+strings.ToUpper(word)+behind+word, "nhs"+word+behind, word[:1]+strings.ToUpper(word)+behind)
		}
	}
	return texts
}

func TestHeadsSkipNoPhrase(t *testing.T) {
	s := compiledCatalogue(t)
	skipped := 0
	for _, text := range skipTexts(s) {
		skipped += checkSkip(t, s, []byte(text), len(text))
		for limit := max(0, len(text)-12); limit < len(text); limit++ {
			checkSkip(t, s, []byte(text), limit)
			checkSkip(t, s, []byte(text)[:limit:limit], limit)
		}
	}
	for _, text := range benchmarkTexts() {
		skipped += checkSkip(t, s, text, len(text))
	}
	if skipped == 0 {
		t.Fatal("no word was passed over")
	}
}

func FuzzHeadsSkip(f *testing.F) {
	s := compiledCatalogue(f)
	texts := skipTexts(s)
	for i := 0; i < len(texts); i += len(texts)/100 + 1 {
		f.Add([]byte(texts[i]), uint16(len(texts[i])))
	}
	f.Fuzz(func(t *testing.T, text []byte, limit uint16) {
		checkSkip(t, s, text, min(int(limit), len(text)))
	})
}

// TestWordEndBytewise compares wordEnd and the marks of eight bytes with what they are by the definition of a word, byte by byte.
func TestWordEndBytewise(t *testing.T) {
	s := compiledCatalogue(t)
	for _, text := range skipTexts(s) {
		for at := 0; at+headLetters <= len(text); at++ {
			c := classify([]byte(text), at)
			for i := range headLetters {
				b, mark := text[at+i], uint64(firstByte)<<(8*i)
				letter := asciiLetter[b]
				hump := letter != 0 && letter != b && i > 0 && text[at+i-1] >= 'a' && text[at+i-1] <= 'z'
				if c.letters&mark != 0 != (letter != 0) || c.others&mark != 0 != (b >= 0x80) || c.humps()&mark != 0 != hump ||
					letter != 0 && byte(c.lower>>(8*i)) != letter {
					t.Fatalf("%q at %d: byte %d", text, at, i)
				}
			}
		}
		for at := range len(text) {
			if asciiLetter[text[at]] == 0 {
				continue
			}
			want := at + 1
			for want < len(text) && asciiLetter[text[want]] != 0 && !(text[want] <= 'Z' && text[want-1] >= 'a') {
				want++
			}
			if got := wordEnd([]byte(text), at, len(text)); got != want && got != len(text) {
				t.Fatalf("%q at %d: the word ends at %d, not %d", text, at, want, got)
			}
		}
	}
}
