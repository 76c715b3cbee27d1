package extract

import (
	"testing"
	"unicode/utf8"
)

// TestPlainNeverFolds checks for every character that plainSize never passes over one that foldRune changes.
func TestPlainNeverFolds(t *testing.T) {
	passed := 0
	for r := rune(utf8.RuneSelf); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		size := plainSize(utf8.AppendRune(nil, r), 0)
		if size > 0 && (foldRune(r) != r || size != utf8.RuneLen(r)) {
			t.Errorf("%U is passed over with size %d, folds to %U", r, size, foldRune(r))
		}
		if size > 0 {
			passed++
		}
	}
	if passed < 40000 {
		t.Errorf("only %d characters are passed over", passed)
	}
}
