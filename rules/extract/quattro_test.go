package extract

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"stanch/rules"
)

// zoneOf is a zone of a notebook.
func zoneOf(id uint16, content ...[]byte) []byte {
	body := bytes.Join(content, nil)
	if len(body) > math.MaxUint16 {
		return append(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint16(nil, id|quattroLong), uint32(len(body))), body...)
	}
	return append(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, id), uint16(len(body))), body...)
}

// stringOf is a string of a notebook, with fonts or without.
func stringOf(text string, fonts int) []byte {
	raw := append(append(u16(len(text)), 0), text...)
	raw = append(raw, 0)
	if fonts > 0 {
		raw[2] = 2
		raw = append(append(raw, u16(6+42*fonts, 0, fonts)...), make([]byte, 42*fonts)...)
	}
	return raw
}

// columnOf is a column of a sheet with the lists and results that it has.
func columnOf(number int, zones ...[]byte) []byte {
	return slices.Concat(zoneOf(quattroColumn, u16(number), u32(0, 31)), bytes.Join(zones, nil), zoneOf(0xA02, make([]byte, 8)))
}

// quattroNotebook is a notebook whose columns hold every kind of cell. Strings are stepped by so many bytes.
func quattroNotebook(step int) []byte {
	stepOf := u32(1)[:step]
	styles := make([]byte, 2*36)
	styles[36+2] = 9 // the second style is a date
	return slices.Concat(
		zoneOf(1, []byte("QPW9"), make([]byte, 10)),
		zoneOf(quattroStyles, u32(2), styles),
		zoneOf(quattroStrings, u32(6, 0, 0), stringOf("Name", 0), stringOf("Ann Ashworth", 2), stringOf("Zo\xEB Barnes", 0),
			stringOf("Carla", 0), stringOf("E-mail", 0), stringOf("ann@example.org", 0)),
		zoneOf(quattroSheet, make([]byte, quattroSheetTitle), stringOf("People", 0)),
		zoneOf(0x0777, []byte("\x01\x02a comment of bob@example.org\x00")),
		columnOf(0, zoneOf(quattroCells, u32(0, 4), []byte{quattroText | quattroMany | quattroSeries}, u16(4), u32(1), stepOf)),
		columnOf(1, zoneOf(quattroCells, u32(0, 4), []byte{quattroText}, u32(5), []byte{quattroText}, u32(6), []byte{quattroEmpty | quattroMany}, u16(2))),
		columnOf(2, zoneOf(quattroCells, u32(1, 3), []byte{quattroFloat | quattroStyled}, u16(2), number64(29221),
			[]byte{quattroShort}, u32(7<<2|2), []byte{quattroSigned}, u16(-7))),
		columnOf(4,
			zoneOf(quattroCells, u32(1, 1), []byte{quattroFormula}, number64(0), u16(0), u32(1)),
			zoneOf(quattroResult, u16(4), u32(1), stringOf("made by a formula", 0)),
			zoneOf(quattroCells, u32(2, 2), []byte{quattroUnsigned | quattroMany}, u16(2), u16(65000, 1))),
		zoneOf(quattroSheetEnd, make([]byte, 8)),
		zoneOf(quattroSheet, u16(1), make([]byte, quattroSheetTitle-2)),
		columnOf(0, zoneOf(quattroCells, u32(9, 3), []byte{quattroSigned | quattroMany | quattroSeries}, u16(3, 10, -10))),
		zoneOf(quattroSheetEnd, make([]byte, 8)),
		zoneOf(quattroEnd, make([]byte, 8)))
}

func TestQuattro9(t *testing.T) {
	want := []string{"People!A1=Name", "People!B1=E-mail", "People!A2=Ann Ashworth", "People!B2=ann@example.org", "People!C2=1980-01-01",
		"People!E2=made by a formula", "People!A3=Zoë Barnes", "People!C3=7", "People!E3=65000", "People!A4=Carla", "People!C4=-7", "People!E4=1",
		"B!A10=10", "B!A11=0", "B!A12=-10"}
	for _, step := range []int{2, 4} {
		body := compoundOf(compoundPart{"", quattroStream, quattroNotebook(step)})
		r := readBody(t, body, "people.qpw", Limits{})
		if r.status != rules.Complete {
			t.Errorf("steps of %d bytes: %v because %v", step, r.status, r.reason)
		}
		var got []string
		for _, c := range r.cells {
			if c.Row > 0 {
				got = append(got, c.Where+"="+string(r.text[c.Start:c.End]))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("steps of %d bytes: cells %q, want %q", step, got, want)
		}
		if !bytes.Contains(r.text, []byte("bob@example.org")) {
			t.Errorf("steps of %d bytes: the text outside the cells is missing", step)
		}
		if last := r.cells[len(r.cells)-1]; r.cells[0].Column.Header != "" || last.Column.Header != "" {
			t.Error("a sheet has the header of another")
		}
	}
}

// TestQuattro9Damaged cuts a notebook off at every place, and breaks what its lists promise.
func TestQuattro9Damaged(t *testing.T) {
	whole := quattroNotebook(4)
	for n := range len(whole) {
		r := readBody(t, compoundOf(compoundPart{"", quattroStream, whole[:n]}), "people.qpw", Limits{})
		if n > 0 && n < len(whole)-12 && r.status == rules.Complete {
			t.Fatalf("complete although it is cut off at %d of %d", n, len(whole))
		}
	}
	for name, list := range map[string][]byte{
		"an unknown kind":    {6},
		"a series of floats": append([]byte{quattroFloat | quattroMany | quattroSeries}, make([]byte, 18)...),
		"a missing string":   append([]byte{quattroText}, u32(99)...),
		"too many cells":     {quattroEmpty, quattroEmpty},
	} {
		notebook := slices.Concat(zoneOf(quattroSheet, make([]byte, quattroSheetTitle)), columnOf(0, zoneOf(quattroCells, u32(0, 1), list)), zoneOf(quattroEnd))
		if r := readBody(t, compoundOf(compoundPart{"", quattroStream, notebook}), "a.qpw", Limits{}); r.reason != rules.Corrupt {
			t.Errorf("%s: %v because %v", name, r.status, r.reason)
		}
	}
}

// TestQuattro9Series ends with a named reason where a few bytes stand for millions of cells.
func TestQuattro9Series(t *testing.T) {
	var lists [][]byte
	for range 100 {
		lists = append(lists, columnOf(len(lists), zoneOf(quattroCells, u32(0, 0xFFFF), []byte{quattroSigned | quattroMany | quattroSeries}, u16(0xFFFF, 1, 1))))
	}
	notebook := slices.Concat(zoneOf(quattroSheet, make([]byte, quattroSheetTitle)), bytes.Join(lists, nil), zoneOf(quattroEnd))
	cells := 0
	body := compoundOf(compoundPart{"", quattroStream, notebook})
	_, status, reason := NewDocument(rules.OLE).Read(bytes.NewReader(body), int64(len(body)), Options{}, func(b *Batch) { cells += len(b.Cells) })
	if status != rules.Partial || reason != rules.Ratio || cells == 0 || cells > 1<<20 {
		t.Errorf("%v because %v after %d cells", status, reason, cells)
	}
}

// TestQuattroPro8 reads the cells of version 8, which wraps the records of version 6.
func TestQuattroPro8(t *testing.T) {
	record := func(kind int, content ...[]byte) []byte { return zoneOf(uint16(kind), content...) }
	stream := slices.Concat(record(0, u16(0x1007)), record(lotusLabel, []byte{0, 0}, u16(0, 0), []byte("'ann@example.org\x00")), record(lotusEnd))
	r := readBody(t, compoundOf(compoundPart{"", quattroOldStream, stream}), "people.wb3", Limits{})
	if r.status != rules.Complete || len(r.cells) != 1 || string(r.text[r.cells[0].Start:r.cells[0].End]) != "ann@example.org" {
		t.Errorf("%v because %v: %q", r.status, r.reason, r.text)
	}
}
