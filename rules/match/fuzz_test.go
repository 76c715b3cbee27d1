package match

import (
	"testing"
)

// FuzzNeverFalseNo compares the engine with the reference, whole and split, for the patterns of the table and one more.
func FuzzNeverFalseNo(f *testing.F) {
	seeds := 0
	for i, c := range cases {
		f.Add(uint8(i), c.patterns[0].Expression, c.patterns[0].Bare, []byte(c.text))
		seeds++
	}
	if seeds == 0 {
		f.Fatal("no seeds")
	}
	f.Fuzz(func(t *testing.T, choice uint8, expression string, bare bool, text []byte) {
		const longestText, longestExpression = 80, 40
		if len(text) > longestText || len(expression) > longestExpression {
			t.Skip("too long for the reference")
		}
		patterns := cases[int(choice)%len(cases)].patterns
		if _, err := Compile([]Pattern{{Expression: expression}}); err == nil {
			patterns = append(patterns[:len(patterns):len(patterns)], Pattern{expression, bare})
		}
		want := newReference(t, patterns).find(text)
		everySplit(t, compile(t, patterns).Scan, text, want)
	})
}
