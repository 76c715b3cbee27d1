package detect

import "testing"

// TestHeadsSkipNoPhrase holds that no word is passed over that a phrase begins with, however it is written.
func TestHeadsSkipNoPhrase(t *testing.T) {
	s := compiledCatalogue(t)
	var skipped int
	check := func(text []byte) {
		for at := 0; at < len(text); {
			to := s.phrases.heads.skip(text, at, len(text))
			for {
				w, ok := nextWord(text, at, len(text))
				if !ok || w.start >= to {
					at = max(to, at)
					break
				}
				if s.phrases.follow(0, w) != 0 || w.end > to {
					t.Fatalf("%q: the word %q was passed over on the way to %d", text, text[w.start:w.end], to)
				}
				skipped++
				at = w.end
			}
			w, ok := nextWord(text, at, len(text))
			if !ok {
				break
			}
			at = w.end
		}
	}
	for _, d := range s.Detectors() {
		for _, phrase := range append(d.Context, d.Headers...) {
			check([]byte("zq0 " + phrase + " zzz of xy " + phrase + "s zzzNumber " + phrase + "Zzz9" + phrase + "\u0301 zqé"))
		}
	}
	for _, text := range benchmarkTexts() {
		check(text)
	}
	if skipped == 0 {
		t.Fatal("no word was passed over")
	}
}
