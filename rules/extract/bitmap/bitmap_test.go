package bitmap

import (
	"math/rand/v2"
	"testing"
)

// markupSets are as many sets as there may be, of several products each.
func markupSets() []Set {
	return []Set{Of("<"), Of("&%\\"), Of("@"), Where(func(b byte) bool { return b >= 0x80 }), Where(func(b byte) bool { return b-'0' < 10 }),
		Of("\n\r"), Of("tdluoTDLUO"), Of(" -._/()")}
}

func testTable(t testing.TB) *Table {
	t.Helper()
	table, err := NewTable(markupSets()...)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// fillers are the ways to fill blocks on this machine.
var fillers = map[string]func([]Block, []byte, *Table){"chosen": fill, "plain": fillPlain}

// markers are the ways to mark on this machine.
var markers = map[string]func([]uint64, []byte, *Table){"chosen": mark, "plain": markPlain}

// TestFill compares each bit with its set, for texts of every length around those of blocks.
func TestFill(t *testing.T) {
	table := testTable(t)
	random := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, 5*BlockSize)
	for i := range text {
		text[i] = byte(i)
		if i >= 256 {
			text[i] = byte(random.Uint32())
		}
	}
	for length := range len(text) + 1 {
		blocks := table.Fill(nil, text[:length])
		words := table.Mark(nil, text[:length])
		if len(words) != len(blocks) {
			t.Fatalf("%d words and %d blocks for %d bytes", len(words), len(blocks), length)
		}
		for i, word := range words {
			if word != blocks[i][0] {
				t.Fatalf("word %d of %d bytes: %b, want %b", i, length, word, blocks[i][0])
			}
		}
		if want := (length + BlockSize - 1) / BlockSize; len(blocks) != want {
			t.Fatalf("%d blocks for %d bytes, want %d", len(blocks), length, want)
		}
		for i := range len(blocks) * BlockSize {
			for k, set := range markupSets() {
				want := i < length && set[text[i]]
				if got := blocks[i/BlockSize][k]>>(i%BlockSize)&1 != 0; got != want {
					t.Fatalf("byte %d of %d, set %d: %v, want %v", i, length, k, got, want)
				}
			}
		}
	}
}

// TestMarkers compares every marker with the first set.
func TestMarkers(t *testing.T) {
	table := testTable(t)
	text := make([]byte, 8*BlockSize)
	for i := range text {
		text[i] = byte(i * 7)
	}
	for name, marker := range markers {
		t.Run(name, func(t *testing.T) {
			words := make([]uint64, 8)
			marker(words, text, table)
			for i, b := range text {
				if got := words[i/BlockSize]>>(i%BlockSize)&1 != 0; got != markupSets()[0][b] {
					t.Fatalf("byte %#x: %v", b, got)
				}
			}
		})
	}
}

// TestFillers compares every filler with the sets.
func TestFillers(t *testing.T) {
	table := testTable(t)
	text := make([]byte, 8*BlockSize)
	for i := range text {
		text[i] = byte(i * 7)
	}
	for name, filler := range fillers {
		t.Run(name, func(t *testing.T) {
			blocks := make([]Block, 8)
			filler(blocks, text, table)
			for i, b := range text {
				for k, set := range markupSets() {
					if got := blocks[i/BlockSize][k]>>(i%BlockSize)&1 != 0; got != set[b] {
						t.Fatalf("byte %#x, set %d: %v", b, k, got)
					}
				}
			}
		})
	}
}

func TestNewTableRefuses(t *testing.T) {
	var scattered Set // nine high nibbles, each with other low ones
	for i := range 9 {
		scattered[i<<4|i] = true
	}
	for name, sets := range map[string][]Set{"too many": make([]Set, Sets+1), "scattered": {scattered}} {
		if _, err := NewTable(sets...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFillAllocatesNothing(t *testing.T) {
	table := testTable(t)
	text := make([]byte, 1000)
	blocks := table.Fill(nil, text)
	words := table.Mark(nil, text)
	if n := testing.AllocsPerRun(10, func() { blocks, words = table.Fill(blocks[:0], text), table.Mark(words[:0], text) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFill(b *testing.B) {
	table := testTable(b)
	text := make([]byte, 16<<10)
	blocks := table.Fill(nil, text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		blocks = table.Fill(blocks[:0], text)
	}
}

func BenchmarkMark(b *testing.B) {
	table := testTable(b)
	text := make([]byte, 16<<10)
	words := table.Mark(nil, text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		words = table.Mark(words[:0], text)
	}
}
