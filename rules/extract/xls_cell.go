package extract

import (
	"encoding/binary"
	"math"
)

// cell reads a record that holds one cell or several, and reports whether it was one.
func (x *xlsReader) cell(data []byte) bool {
	at, rest, ok := x.cellHead(data)
	switch x.kind {
	case biffLabelSST:
		if ok && len(rest) >= 4 {
			x.showShared(at, int(binary.LittleEndian.Uint32(rest)))
		}
	case biffRK, biffRK | 0x0200:
		if ok && len(rest) >= 4 {
			x.mark(rest[:4], spotRK)
			x.showNumber(at, decodeRK(binary.LittleEndian.Uint32(rest)))
		}
	case biffMulRK:
		x.manyNumbers(data)
	case biffNumber, biffNumber | 0x0200:
		if ok && len(rest) >= 8 {
			x.mark(rest[:8], spotNumber)
			x.showNumber(at, math.Float64frombits(binary.LittleEndian.Uint64(rest)))
		}
	case biffInteger:
		if ok && len(rest) >= 2 {
			x.mark(rest[:2], spotNumber)
			x.showNumber(at, float64(binary.LittleEndian.Uint16(rest)))
		}
	case biffLabel, biffLabel | 0x0200, biffRString:
		if ok {
			x.label(at, rest)
		}
	case biffBoolErr, biffBoolErr | 0x0200:
		if ok && len(rest) >= 2 && rest[1] == 0 {
			x.show(at, []byte(boolText([]byte{'0' + rest[0]&1})), false)
		}
	case biffFormula, biffFormula | 0x0200, biffFormula | 0x0400:
		if ok && len(rest) >= 8 {
			x.formula(at, rest)
		}
	case biffString, biffString | 0x0200:
		x.formulaText(data)
	default:
		return false
	}
	return true
}

// cellHead reads the row, column and style in front of a cell's value.
func (x *xlsReader) cellHead(data []byte) (at biffCell, rest []byte, ok bool) {
	if x.oldCell() {
		if len(data) < 7 {
			return at, nil, false
		}
		return biffCell{int(binary.LittleEndian.Uint16(data)) + 1, int(binary.LittleEndian.Uint16(data[2:])) + 1, int(data[4] & 0x3F)}, data[7:], true
	}
	if len(data) < 6 {
		return at, nil, false
	}
	return biffCell{int(binary.LittleEndian.Uint16(data)) + 1, int(binary.LittleEndian.Uint16(data[2:])) + 1, int(binary.LittleEndian.Uint16(data[4:]))},
		data[6:], true
}

// oldCell reports whether a cell is written as in Excel 2: the tables of charts still are in later versions, by other kinds.
func (x *xlsReader) oldCell() bool {
	return x.kind <= biffBoolErr || x.version == biff2 && x.kind&0xFF00 == 0
}

// at starts the row of a cell, unless it is open, and returns where the cell's text starts.
func (x *xlsReader) at(cell biffCell) int {
	if cell.row != x.sheet.row {
		x.sheet.beginRow(cell.row)
	}
	return x.sheet.open()
}

// show adds a value.
func (x *xlsReader) show(at biffCell, value []byte, text bool) {
	start := x.at(at)
	x.batch.Text = append(x.batch.Text, value...)
	x.sheet.close(start, at.column, text)
	x.patch()
}

// showNumber adds a number as its style shows it.
func (x *xlsReader) showNumber(at biffCell, value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		x.unmark()
		return
	}
	start := x.at(at)
	x.batch.Text = x.numbers.appendValue(x.batch.Text, value, at.style)
	x.sheet.close(start, at.column, false)
	x.patch()
}

// showShared adds a shared string; a long one once only.
func (x *xlsReader) showShared(at biffCell, index int) {
	if index < 0 || index >= x.strings.count {
		return
	}
	text, err := x.strings.get(index)
	if err != nil {
		x.fail(reasonOf(err))
		return
	}
	if fresh := x.used.add(index); fresh || len(text) < longString {
		x.show(at, text, true)
		if x.changed {
			x.blanked.add(index)
		}
	}
}

// manyNumbers reads a row of numbers.
func (x *xlsReader) manyNumbers(data []byte) {
	const head, each = 4, 6
	if len(data) < head+each+2 {
		return
	}
	at := biffCell{row: int(binary.LittleEndian.Uint16(data)) + 1, column: int(binary.LittleEndian.Uint16(data[2:])) + 1}
	for cells := data[head : len(data)-2]; len(cells) >= each; cells = cells[each:] {
		at.style = int(binary.LittleEndian.Uint16(cells))
		x.mark(cells[2:6], spotRK)
		x.showNumber(at, decodeRK(binary.LittleEndian.Uint32(cells[2:])))
		at.column++
	}
}

// label reads a text that stands in the cell itself.
func (x *xlsReader) label(at biffCell, rest []byte) {
	x.value = x.value[:0]
	switch {
	case x.oldCell() && len(rest) >= 1:
		x.bytes(rest[1:min(len(rest), 1+int(rest[0]))])
	case x.version == biff8 && len(rest) >= 3:
		text := biffText{&x.biffReader, rest[3:]}
		x.value, _ = text.characters(x.value, int(binary.LittleEndian.Uint16(rest)), rest[2])
	case x.version < biff8 && len(rest) >= 2:
		x.bytes(rest[2:min(len(rest), 2+int(binary.LittleEndian.Uint16(rest)))])
	}
	x.show(at, x.value, true)
}

// bytes appends text of the older versions to the value.
func (x *xlsReader) bytes(raw []byte) {
	x.mark(raw, spotNarrow)
	x.value = appendCodePage(x.value, raw, x.charset)
}

// formula reads a formula's result, or waits for the text that is in the next record, and the literals of the formula.
func (x *xlsReader) formula(at biffCell, rest []byte) {
	const isText, isBool, special = 0, 1, 0xFFFF
	result := rest[:8]
	x.pending = biffCell{}
	switch {
	case binary.LittleEndian.Uint16(result[6:]) != special:
		x.mark(result, spotNumber)
		x.showNumber(at, math.Float64frombits(binary.LittleEndian.Uint64(result)))
	case result[0] == isText:
		x.pending = at
	case result[0] == isBool:
		x.show(at, []byte(boolText([]byte{'0' + result[2]&1})), false)
	}
	x.literals(at, rest[8:])
}

// literals adds the texts inside a formula to its row.
func (x *xlsReader) literals(at biffCell, tokens []byte) {
	const literal = 0x17 // PtgStr, MS-XLS 2.5.198.89
	for i := 0; i+2 < len(tokens); i++ {
		count := int(tokens[i+1])
		if tokens[i] != literal || count < minScan {
			continue
		}
		var text []byte
		if x.version == biff8 {
			width := 1 + int(tokens[i+2]&wideText)
			if tokens[i+2] > wideText || i+3+count*width > len(tokens) {
				continue
			}
			x.unmark()
			text = x.unicode(nil, tokens[i+2:], count)
			i += 2 + count*width
		} else {
			if i+2+count > len(tokens) {
				continue
			}
			x.unmark()
			x.mark(tokens[i+2:i+2+count], spotNarrow)
			text = appendCodePage(nil, tokens[i+2:i+2+count], x.charset)
			i += 1 + count
		}
		start := x.at(at)
		x.batch.Text = append(x.batch.Text, text...)
		x.closeCell(start, x.sheet.formulaColumn(), at.row, x.sheet.recordNow)
		x.patch()
	}
}

// formulaText reads the text that a formula led to.
func (x *xlsReader) formulaText(data []byte) {
	x.value = x.value[:0]
	switch {
	case x.version == biff8 && len(data) >= 3:
		text := biffText{&x.biffReader, data[3:]}
		x.value, _ = text.characters(x.value, int(binary.LittleEndian.Uint16(data)), data[2])
	case x.version == biff2 && len(data) >= 1:
		x.bytes(data[1:min(len(data), 1+int(data[0]))])
	case x.version < biff8 && len(data) >= 2:
		x.bytes(data[2:min(len(data), 2+int(binary.LittleEndian.Uint16(data)))])
	}
	at := x.pending
	if at.row == 0 {
		at = biffCell{row: max(x.sheet.row, 1), column: 1}
	}
	x.pending = biffCell{}
	x.show(at, x.value, true)
}
