package match

import (
	"bytes"
	"slices"
	"testing"

	"stanch/rules/match/corpus"
)

// compareKeepers makes outlines of some bytes, and wants that all classifiers keep the same places of a text, and those that fit one.
func compareKeepers(t *testing.T, text, sets []byte) {
	t.Helper()
	var all []outline
	for i := 0; i+outlineLength <= len(sets); i += outlineLength {
		var one outline
		for at := range one {
			b := sets[i+at]
			one[at].addRange(b&^7, b|byte(i)&7) // so that they overlap
			one[at].add(sets[(i*outlineLength+at)%len(sets)])
		}
		all = append(all, one)
	}
	checkKeepers(t, newOutlines(all), all, text)
}

// checkKeepers does so with outlines and what they are made of, for lists of different length.
func checkKeepers(t *testing.T, o *outlines, all []outline, text []byte) {
	t.Helper()
	text = text[:min(len(text), segmentBlocks*blockSize)]
	places := max(0, len(text)-windowLength+1)
	offsets := make([]uint16, places)
	for i := range offsets {
		offsets[i] = uint16(i)
	}
	for _, count := range []int{places, 2*keptTogether + 1, 2 * keptTogether, keptTogether + 1, keptTogether, keptTogether - 1, 1, 0} {
		if count > places {
			continue
		}
		list := new(offsetList)
		copy(list[:], offsets[places-count:])
		want := slices.Clone(keepPlain(o, text, list, count))
		for _, with := range classifiers() {
			copy(list[:], offsets[places-count:])
			if got := with.keep(o, text, list, count); !slices.Equal(got, want) {
				t.Fatalf("%s keeps %v of the last %d places of %q, plain %v", with.name, got, count, text, want)
			}
		}
		if count == places {
			checkKept(t, all, text, want)
		}
	}
}

// checkKept wants that what fits an outline is kept.
func checkKept(t *testing.T, all []outline, text []byte, kept []uint16) {
	t.Helper()
	for at := 0; at+windowLength <= len(text); at++ {
		if _, found := slices.BinarySearch(kept, uint16(at)); found {
			continue
		}
		for _, one := range all {
			if one.fits(text[at:]) {
				t.Fatalf("place %d of %q is not kept, and fits %v", at, text, one)
			}
		}
	}
}

func (o *outline) fits(text []byte) bool {
	for at := range o {
		if !o[at].has(text[at]) {
			return false
		}
	}
	return true
}

// TestKeepers holds what compareKeepers wants for more classes of bytes than vectors tell apart, for all bytes and for texts of each kind.
func TestKeepers(t *testing.T) {
	every := make([]byte, 0, 1<<12)
	for i := range 1 << 12 {
		every = append(every, byte(i*i>>3+i))
	}
	for _, sets := range [][]byte{nil, []byte("0123456789ab"), []byte("2024-01-02T1012:30:45.678"), bytes.Repeat([]byte{0, 0x7f, 0x80, 0xff}, 6), every[:1<<10]} {
		compareKeepers(t, every, sets)
		compareKeepers(t, every[:windowLength], sets)
	}
	engine, all := compile(t, cataloguePatterns()), catalogueOutlines(t)
	kept := 0
	for _, text := range corpus.All() {
		part := text.Bytes[:2<<10]
		checkKeepers(t, engine.filter.outlines, all, part)
		list := new(offsetList)
		for i := range len(part) - windowLength {
			list[i] = uint16(i)
		}
		kept += len(keepPlain(engine.filter.outlines, part, list, len(part)-windowLength))
	}
	if kept == 0 {
		t.Error("no place is kept")
	}
}

// catalogueOutlines returns the outlines of cataloguePatterns.
func catalogueOutlines(t *testing.T) []outline {
	t.Helper()
	compiler := newCompiler(len(catalogue))
	for i, pattern := range cataloguePatterns() {
		re, err := parse(pattern.Expression)
		if err == nil {
			err = compiler.add(re, uint16(i), pattern)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return compiler.filter.outlines
}

// TestClassesTellTheCatalogueApart holds that few places are kept only because vectors tell fewer classes of bytes apart.
func TestClassesTellTheCatalogueApart(t *testing.T) {
	all := catalogueOutlines(t)
	buckets := bucketOutlines(all)
	joined := newOutlines(all)
	apart, together := 0, 0
	for _, text := range corpus.All() {
		for at := range 64 << 10 {
			window := text.Bytes[at:][:outlineLength]
			if slices.ContainsFunc(buckets, func(one outline) bool { return one.fits(window) }) {
				apart++
			}
			together += len(joined.keep(window, []uint16{0}))
		}
	}
	t.Logf("%d places fit an outline, %d are kept", apart, together)
	if apart == 0 || together > apart+apart/10 {
		t.Errorf("%d places fit an outline, %d are kept: at most a tenth more", apart, together)
	}
}
