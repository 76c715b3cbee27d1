package bitmap

import (
	"slices"
	"testing"
)

// TestVectorFillers compares the assembly that this processor can run with the plain filler.
func TestVectorFillers(t *testing.T) {
	table := testTable(t)
	text := make([]byte, 8*BlockSize)
	for i := range text {
		text[i] = byte(i * 11)
	}
	want := make([]Block, 8)
	fillPlain(want, text, table)
	for _, vector := range []struct {
		name string
		can  bool
		fill func(*Block, *byte, int, *Table)
	}{{"avx512", hasAVX512, fillAVX512}, {"avx2", hasAVX2, fillAVX2}} {
		if !vector.can {
			t.Logf("%s: not on this processor", vector.name)
			continue
		}
		got := make([]Block, 8)
		vector.fill(&got[0], &text[0], 8, table)
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: block %d is %x, want %x", vector.name, i, got[i], want[i])
			}
		}
	}
}

// TestVectorMarkers compares the assembly that this processor can run with the plain marker.
func TestVectorMarkers(t *testing.T) {
	table := testTable(t)
	text := make([]byte, 8*BlockSize)
	for i := range text {
		text[i] = byte(i * 11)
	}
	want := make([]uint64, 8)
	markPlain(want, text, table)
	for _, vector := range []struct {
		name string
		can  bool
		mark func(*uint64, *byte, int, *Table)
	}{{"avx512", hasAVX512, markAVX512}, {"avx2", hasAVX2, markAVX2}} {
		if !vector.can {
			t.Logf("%s: not on this processor", vector.name)
			continue
		}
		got := make([]uint64, 8)
		vector.mark(&got[0], &text[0], 8, table)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %x, want %x", vector.name, got, want)
		}
	}
}
