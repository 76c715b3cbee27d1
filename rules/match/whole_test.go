package match

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// wholePatterns overlap each other, themselves, and words.
var wholePatterns = []Pattern{{Expression: `\d{3} \d{3} \d{3,4}`}, {Expression: `\d{6}`}, {Expression: `\d{4,70}`}, {Expression: `[a-z0-9][a-z0-9.]{0,63}@[a-z0-9][a-z0-9.]{0,189}\.[a-z]{2,4}`},
	{Expression: `[A-Z]{2}\d{2}(?: ?\d{2}){1,3}`}, {Expression: `key_[a-z]{3,80}`, Bare: true}, {Expression: `\bab\B\w{2}`}, {Expression: `\d{2}-\d{2}(?:-\d{2})?`}, {Expression: `\+(?:[ \-]?\d){4,9}`},
	{Expression: `[é-ü]{2,3}`}, {Expression: `.{3}!`}}

// compareWhole holds that what a Whole says of a text is what Scan finds, and returns whether it said something.
func compareWhole(t testing.TB, e *Engine, w *Whole, text []byte) bool {
	t.Helper()
	outcome, known := w.Read(text)
	if again, same := w.Read(text); again != outcome || same != known {
		t.Fatalf("%q: %d %v, then %d %v", text, outcome, known, again, same)
	}
	compareFour(t, w, text)
	if !known {
		return false
	}
	type told struct {
		start, end int
		patterns   []uint16
	}
	found, behind := w.Outcome(outcome)
	var want, got []told
	for start, patterns := range [][]uint16{found, behind} {
		if len(patterns) > 0 {
			want = append(want, told{start, len(text), patterns})
		}
	}
	candidates, _ := e.Scan(nil, text, 0, true)
	for _, c := range candidates {
		got = append(got, told{c.Start, c.End, e.Patterns(c.Set)})
	}
	if !slices.EqualFunc(got, want, func(a, b told) bool {
		return a.start == b.start && a.end == b.end && slices.Equal(a.patterns, b.patterns)
	}) {
		t.Fatalf("%q: %v are told, but Scan finds %v", text, want, got)
	}
	return true
}

// compareFour holds that a Four says of each text what Read says, whatever stands beside it, and that the steps are the same without assembly.
func compareFour(t testing.TB, w *Whole, value []byte) {
	t.Helper()
	n := len(value)
	text := slices.Concat(value, []byte("7 7"), value[:n/2], bytes.Repeat([]byte{'7'}, n%(MaxWhole+7)))
	for _, starts := range [][4]int{{0, 0, 0, 0}, {0, n / 2, n, n + 3}, {n + 3 + n/2, n, 0, n / 3}, {len(text), len(text) - min(n, 2), 0, n}} {
		ends := [4]int{starts[0] + min(n, len(text)-starts[0]), min(starts[1]+n, len(text)), starts[2] + n/4, starts[3] + min(n/5, len(text)-starts[3])}
		var four Four
		var outcomes [4]int
		four.Read(w, text, &starts, &ends, &outcomes)
		for i, start := range starts {
			if outcome, known := w.Read(text[start:ends[i]]); known != (outcomes[i] >= 0) || known && outcome != outcomes[i] {
				t.Fatalf("%q of %q: %d, but by itself %d %v", text[start:ends[i]], text, outcomes[i], outcome, known)
			}
		}
	}
	if n == 0 || n > MaxWhole {
		return
	}
	var quick, plain Four
	starts, cells := [4]int{0, 1, 2, 3}, w.table.Load().cells
	followFour(&quick.states, text, &starts, n, cells, &w.classes, w.first())
	followFourPlain(&plain.states, text, &starts, n, cells, &w.classes, w.first())
	if quick != plain {
		t.Fatalf("%q: the states differ without assembly", text)
	}
}

func compiledWhole(t testing.TB, patterns []Pattern) (*Engine, *Whole) {
	t.Helper()
	e, err := Compile(patterns)
	if err != nil {
		t.Fatal(err)
	}
	set, err := CompileWhole(patterns)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]uint16, len(patterns))
	for i := range all {
		all[i] = uint16(i)
	}
	return e, set.Whole(all, nil)
}

func TestWholeIsWhatScanFinds(t *testing.T) {
	e, w := compiledWhole(t, wholePatterns)
	for text, known := range map[string]bool{
		"": true, "943 476 5919": false, "943 476 591": true, "943 476 59190": false, "123456": true, "12345": true, "x123456": true, "1 123456": false, "no.one@example.org": true,
		"no.one@example.co.uk": true, "a@b.org,": false, "key_abc": true, "xkey_abc": true, "+123456": true, "+12-34": true, "(123456)": false, "12-34-56": true, "12-34-5": false, "ééé": true, "éé é": false, "aé!!": true,
		"abcd": true, "AB12 34 56": true, "AB12 34 5678": false, strings.Repeat("7", MaxWhole): true, strings.Repeat("7", MaxWhole+1): false, "Prefer not to say": true,
	} {
		if got := compareWhole(t, e, w, []byte(text)); got != known {
			t.Errorf("%q: known is %v", text, got)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	said := 0
	for range 20000 {
		var text []byte
		for range random.IntN(8) {
			text = append(text, []string{"1", "23", "456 ", "-", "é", "ab", "key_abc", "@b", ".org", "!", "AB", " ", "x"}[random.IntN(13)]...)
		}
		if compareWhole(t, e, w, text) {
			said++
		}
	}
	if said < 5000 {
		t.Errorf("only %d texts are known", said)
	}
}

// TestWholeOfSomePatterns holds that others are looked for behind letters, and only there.
func TestWholeOfSomePatterns(t *testing.T) {
	set, err := CompileWhole(wholePatterns)
	if err != nil {
		t.Fatal(err)
	}
	w := set.Whole([]uint16{1}, []uint16{1})
	for text, known := range map[string]bool{"123456": true, "12345": true, "123 456 789": true, "id 123 456 789": false, "é: 12345": false, "id 7: 12345": true, "id 123456": false, "+44 123456": true, "(+44 0) 123456": true, "+x 123456": false, "+0123 456 012345": false, "+44    .....     123456": false} {
		if _, got := w.Read([]byte(text)); got != known {
			t.Errorf("%q: known is %v", text, got)
		}
	}
	outcome, _ := w.Read([]byte("123456"))
	if found, behindFirst := w.Outcome(outcome); !slices.Equal(found, []uint16{1}) || behindFirst != nil {
		t.Errorf("found %v and %v", found, behindFirst)
	}
}

// TestWholeWithoutRoom holds that a Whole is right when it may make no further states, and that it stays small.
func TestWholeWithoutRoom(t *testing.T) {
	e, w := compiledWhole(t, wholePatterns)
	w.limit = 24 * w.row
	known := 0
	for i := range 3000 {
		if compareWhole(t, e, w, fmt.Appendf(nil, "%03d %d.%c@%d", i%1000, i*7919, 'a'+i%26, i)) || compareWhole(t, e, w, []byte("123456")) {
			known++
		}
	}
	if known == 0 || len(w.states) > 24 {
		t.Errorf("%d known texts, %d states", known, len(w.states))
	}
}

func TestWholeRejectsWhatCompileRejects(t *testing.T) {
	for _, expression := range []string{`a+`, `^a`, `(`, ``} {
		if _, err := CompileWhole([]Pattern{{Expression: expression}}); err == nil {
			t.Errorf("%q is accepted", expression)
		}
	}
}

func FuzzWhole(f *testing.F) {
	seeds := []string{"943 476 5919", "no.one@example.org", "12-34-56", "key_abc é! 12", "AB12 34 56", "\xff\xc3"}
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	e, w := compiledWhole(f, wholePatterns)
	f.Fuzz(func(t *testing.T, text []byte) { compareWhole(t, e, w, text[:min(len(text), 2*MaxWhole)]) })
}

func BenchmarkWhole(b *testing.B) {
	_, w := compiledWhole(b, wholePatterns)
	for _, column := range []string{"943 476 5919,401 023 2137,447 430 2516,987 654 4321", "oliver.wilson55@example.org,ivy.hall9@example.org,amelia.okafor@example.org,mia.li@example.org"} {
		var starts, ends, outcomes [4]int
		at := 0
		for i, value := range strings.Split(column, ",") {
			starts[i], ends[i] = at, at+len(value)
			at += len(value) + 1
		}
		text := []byte(column + strings.Repeat(",", MaxWhole))
		b.Run("one by one/"+column, func(b *testing.B) {
			b.SetBytes(int64(len(column)))
			for b.Loop() {
				for i, start := range starts {
					w.Read(text[start:ends[i]])
				}
			}
		})
		b.Run("four/"+column, func(b *testing.B) {
			var four Four
			b.SetBytes(int64(len(column)))
			for b.Loop() {
				four.Read(w, text, &starts, &ends, &outcomes)
			}
		})
	}
}
