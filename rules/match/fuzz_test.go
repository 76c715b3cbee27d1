package match

import (
	"fmt"
	"slices"
	"testing"
)

// FuzzNeverFalseNo compares the engine with the reference, whole and split, for the patterns of the table and one more.
func FuzzNeverFalseNo(f *testing.F) {
	seeds := 0
	for i, c := range cases {
		f.Add(uint8(i), uint8(i), c.patterns[0].Expression, c.patterns[0].Bare, []byte(c.text))
		seeds++
	}
	if seeds == 0 {
		f.Fatal("no seeds")
	}
	f.Fuzz(func(t *testing.T, choice, padding uint8, expression string, bare bool, text []byte) {
		detached := Chains(padding) & (Numbers | Groups)
		const longestText, longestExpression = 80, 40 // for the reference, which is slow
		text = text[:min(len(text), longestText)]
		patterns := cases[int(choice)%len(cases)].patterns
		if _, err := Compile([]Pattern{{Expression: expression}}); err == nil && len(expression) <= longestExpression {
			patterns = append(patterns[:len(patterns):len(patterns)], Pattern{expression, bare, detached})
		}
		want := newReference(t, patterns).find(text)
		for _, engine := range variants(t, patterns) {
			everySplit(t, engine, text, want)
			checkPadded(t, engine, text, int(padding), want)
		}
	})
}

// FuzzClassifiers compares the vector classifiers with the plain one, and what they keep with the outlines.
func FuzzClassifiers(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.text), []byte(c.patterns[0].Expression))
	}
	const longest = 1 << 9 // bytes of literals; what the tables cost grows with the square of their number
	f.Fuzz(func(t *testing.T, text, tables []byte) {
		compareClassifiers(t, text, tables[:min(len(tables), longest)])
		compareKeepers(t, text[:min(len(text), 3*blockSize)], tables[:min(len(tables), longest/4)])
	})
}

// compareClassifiers fills tables with literals and sets from some bytes, and wants equal planes from all classifiers.
func compareClassifiers(t *testing.T, text, tables []byte) {
	var literals []literal
	var special, pivots, before, between byteSet
	for i := 0; i+literalLength <= len(tables); i += literalLength {
		var one literal
		for offset := range one {
			one[offset].add(tables[i+offset])
		}
		literals = append(literals, one)
		special.add(tables[i])
		pivots.add(tables[i+1])
		before.add(tables[i+2])
		between.add(tables[i+3])
	}
	nibbles := newNibbleTables(literals, special, pivots, before, between)
	blocks := min(len(text)/blockSize+1, planeLength)
	padded := make([]byte, blocks*blockSize+literalLength-1)
	copy(padded, text)
	w := &ways{
		sparse: newShapeMasks(before), dense: newShapeMasks(pivots), stretch: shapeMasks{digit: ^uint64(0)}, unfiltered: newShapeMasks(special.without(wordBytes)),
		before: newLetterMasks(before), between: newLetterMasks(between),
		anywhere: -uint64(len(tables) & 1), short: -uint64(len(tables) >> 1 & 1),
	}
	searched := min(blocks, segmentBlocks)
	want, wantStarts := new(planes), new(offsetList)
	plainClassifier.fill(want, 0, padded, blocks, nibbles)
	plainClassifier.find(want, searched, uint64(len(text)&1), w)
	count := plainClassifier.list(wantStarts, &want.starts, searched)
	for _, with := range classifiers() {
		got, gotStarts := new(planes), new(offsetList)
		with.fill(got, 0, padded, blocks, nibbles)
		with.find(got, searched, uint64(len(text)&1), w)
		clear(got.starts[searched:]) // a classifier may fill more
		if *got != *want {
			t.Errorf("%s differs from plain on %q with %q", with.name, text, tables)
		}
		if n := with.list(gotStarts, &got.starts, searched); !slices.Equal(gotStarts[:n], wantStarts[:count]) {
			t.Errorf("%s lists other starts than plain on %q with %q", with.name, text, tables)
		}
	}
}

func TestClassifiers(t *testing.T) {
	every := make([]byte, 0, 1<<10)
	for i := range 1 << 10 {
		every = append(every, byte(i), byte(i*7), byte(i>>2))
	}
	for length := 1; length < 3*blockSize; length += 13 {
		compareClassifiers(t, every[:length], []byte("AKIeyJ--B@:+"))
	}
	compareClassifiers(t, every, every[:30])
	var numbers []byte
	for i := range 1 << 12 {
		numbers = fmt.Appendf(numbers, "%s%d%s", "ab, -(x"[:i%8], i*i*i, " .-/,"[i%5:][:i%2])
	}
	for _, tables := range []string{"a-12 -.,", "  .-01ab-", "(+9.zZ-_1", "1a 2b-3c."} {
		compareClassifiers(t, numbers, []byte(tables))
		compareClassifiers(t, numbers[1:], []byte(tables+"x"))
	}
}
