package extract

import (
	"testing"
)

func TestCellAt(t *testing.T) {
	batch := Batch{Text: make([]byte, 100)}
	for i := range 20 {
		batch.Cells = append(batch.Cells, Cell{Start: 5 * i, End: 5*i + 3})
	}
	for text := range 100 {
		want := (text + 2) / 5
		for _, from := range []int{0, max(want-1, 0), want} {
			if got := batch.CellAt(text, from); got != want {
				t.Errorf("CellAt(%d, %d) = %d, want %d", text, from, got, want)
			}
		}
	}
}

func TestDropKeepsWhatFollows(t *testing.T) {
	for drop := range 12 {
		batch := Batch{Text: []byte("0123456789ab"), Cells: []Cell{{Start: 1, End: 3}, {Start: 4, End: 8}, {Start: 9, End: 12}},
			Map: []Mark{{Text: 0, Body: 100}, {Text: 4, Body: 110, Folded: true}, {Text: 5, Body: 120}, {Text: 8, Body: 200, Width: 2}}}
		var offsets, ends []int64
		for i := drop; i < 12; i++ {
			offsets, ends = append(offsets, batch.BodyOffset(i)), append(ends, batch.BodyEnd(i+1))
		}
		text := string(batch.Text[drop:])
		batch.Drop(drop)
		if string(batch.Text) != text {
			t.Errorf("Drop(%d) leaves %q", drop, batch.Text)
		}
		for i := range offsets {
			if batch.BodyOffset(i) != offsets[i] || batch.BodyEnd(i+1) != ends[i] {
				t.Errorf("Drop(%d): text %d is at [%d,%d), was at [%d,%d)", drop, i, batch.BodyOffset(i), batch.BodyEnd(i+1), offsets[i], ends[i])
			}
		}
		last := batch.Cells[len(batch.Cells)-1]
		if last.Start != max(9-drop, 0) || last.End != 12-drop {
			t.Errorf("Drop(%d): last cell %+v", drop, last)
		}
	}
}
