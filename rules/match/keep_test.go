package match

import (
	"bytes"
	"slices"
	"testing"

	"stanch/rules/match/corpus"
)

// compareKeepers makes outlines of some bytes, and wants that all classifiers keep those places of a text that fit one, and the same.
func compareKeepers(t *testing.T, text, sets []byte) {
	t.Helper()
	var all []outline
	for i := 0; i+outlineLength <= len(sets); i += outlineLength {
		var one outline
		for at := range one.bytes {
			b := sets[i+at]
			one.bytes[at].addRange(b&^7, b|byte(i)&7) // so that they overlap
			one.bytes[at].add(sets[(i*outlineLength+at)%len(sets)])
		}
		one.chains = Chains(i/outlineLength) & everyChain
		all = append(all, one)
	}
	checkKeepers(t, newOutlines(all, &chainTables), all, text)
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
	list := new(offsetList)
	for _, count := range []int{places, 2*keptTogether + 1, 2 * keptTogether, keptTogether + 1, keptTogether, keptTogether - 1, 1, 0} {
		if count > places {
			continue
		}
		var want []uint16
		for _, offset := range offsets[places-count:] {
			if o.vectors.fit(text, int(offset)) {
				want = append(want, offset)
			}
		}
		copy(list[:], offsets[places-count:])
		plain := slices.Clone(keepPlain(o, text, 0, list, count))
		if count == places {
			checkKept(t, all, text, plain)
			checkKept(t, all, text, want)
		}
		for _, with := range classifiers() {
			copy(list[:], offsets[places-count:])
			if got := with.keep(o, text, 0, list, count); !slices.Equal(got, want) && !slices.Equal(got, plain) {
				t.Fatalf("%s keeps %v of the last %d places of %.99q, want %v, or without vectors %v", with.name, got, count, text, want, plain)
			}
		}
	}
}

// fit reports whether what stands from text[at:] on fits a bucket in all places.
func (v *outlineVectors) fit(text []byte, at int) bool {
	for group := range v.chains {
		fits := v.chains[group][v.before.at(text, at)]
		for place := range v.fits {
			fits &= v.fits[place][group][v.classes[text[at+place]]]
		}
		if fits != 0 {
			return true
		}
	}
	return false
}

// checkKept wants that what fits an outline is kept.
func checkKept(t *testing.T, all []outline, text []byte, kept []uint16) {
	t.Helper()
	for at := 0; at+windowLength <= len(text); at++ {
		if _, found := slices.BinarySearch(kept, uint16(at)); found {
			continue
		}
		for _, one := range all {
			if one.fits(text, at) {
				t.Fatalf("place %d of %.99q is not kept, and fits %v", at, text, one)
			}
		}
	}
}

func (o *outline) fits(text []byte, from int) bool {
	for at := range o.bytes {
		if !o.bytes[at].has(text[from+at]) {
			return false
		}
	}
	return o.mayBeginWithin(chainAt(text, from))
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
		kept += len(keepPlain(engine.filter.outlines, part, 0, list, len(part)-windowLength))
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
	j := newBucketer(vectorBuckets)
	for i := range all {
		j.add(&all[i])
	}
	joined := newOutlines(all, &chainTables)
	apart, together := 0, 0
	for _, text := range corpus.All() {
		for at := range 64<<10 - outlineLength {
			if slices.ContainsFunc(j.buckets, func(one outline) bool { return one.fits(text.Bytes, at) }) {
				apart++
			}
			if joined.vectors.fit(text.Bytes, at) {
				together++
			}
		}
	}
	t.Logf("%d places fit an outline, %d are kept", apart, together)
	if apart == 0 || together > apart+apart/4 {
		t.Errorf("%d places fit an outline, %d are kept: at most a quarter more", apart, together)
	}
}
