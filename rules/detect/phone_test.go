package detect

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestSigns compares the counts of one pass with those of one pass each, and holds that there is no date in fewer than three runs of
// digits.
func TestSigns(t *testing.T) {
	const letters = "0123456789012./- x"
	r := rand.New(rand.NewPCG(1, 2))
	dates := 0
	for range 200_000 {
		value := make([]byte, 1+r.IntN(12))
		for i := range value {
			value[i] = letters[r.IntN(len(letters))]
		}
		s := signsOf(value)
		count := func(c byte) int { return bytes.Count(value, []byte{c}) }
		runs := len(bytes.FieldsFunc(value, func(r rune) bool { return r < '0' || r > '9' }))
		if want := (signs{count('.'), count(' '), count('/'), count('-'), runs}); s != want {
			t.Fatalf("%q: %+v, want %+v", value, s, want)
		}
		if isDate(value) {
			if dates++; runs < 3 {
				t.Fatalf("%q has %d runs of digits and is a date", value, runs)
			}
		}
	}
	if dates == 0 {
		t.Fatal("no value is a date")
	}
}

func BenchmarkExaminePhone(b *testing.B) {
	for _, text := range []string{"+44 7280 883381", "07400 976143", "(415) 555-0132", "659759"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				examinePhone([]byte(text), 0, len(text))
			}
		})
	}
}
