package extract

import (
	"encoding/binary"
	"io"
	"math"
	"strings"

	"stanch/rules"
)

// The records of XLSB that are read (MS-XLSB 2.3.2). Those from cellBlank to formulaError hold a cell.
const (
	xlsbRow          = 0
	xlsbCellBlank    = 1
	xlsbCellRK       = 2
	xlsbCellError    = 3
	xlsbCellBool     = 4
	xlsbCellReal     = 5
	xlsbCellText     = 6
	xlsbCellShared   = 7
	xlsbFormulaText  = 8
	xlsbFormulaReal  = 9
	xlsbFormulaBool  = 10
	xlsbFormulaError = 11
	xlsbShort        = 11 // what lies between a record of a short cell, which has no column, and that of a full one
	xlsbShortFirst   = 12
	xlsbShortLast    = 18
	xlsbString       = 19
	xlsbFormat       = 44
	xlsbStyle        = 47
	xlsbCellRich     = 62
	xlsbBook         = 131
	xlsbSheet        = 129
	xlsbBookOptions  = 153
	xlsbTab          = 156
	xlsbStrings      = 159
	xlsbStyles       = 278
	xlsbCellStyles   = 617
	xlsbCellStylesTo = 618
	xlsbCommentText  = 637
)

// wideString takes a string with its length in front (XLWideString), and returns what follows it.
func wideString(dst, data []byte) (text, rest []byte, ok bool) {
	if len(data) < 4 {
		return dst, nil, false
	}
	count := int64(binary.LittleEndian.Uint32(data))
	data = data[4:]
	if count == 0xFFFFFFFF { // a missing string
		return dst, data, true
	}
	if 2*count > int64(len(data)) {
		return dst, nil, false
	}
	return appendUTF16(dst, data[:2*count]), data[2*count:], true
}

// An xlsbReader reads a workbook in the binary form of Office Open XML. Parts in XML are read as in the other form.
type xlsbReader struct {
	xlsxReader
	records xlsbRecords
	binary  map[string]int // first record of the binary parts
	sheet   *sheet
	column  int
}

// readXLSB reads all parts of a workbook that are XML or records.
func readXLSB(p parts, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	x := &xlsbReader{binary: make(map[string]int)}
	x.xlsxReader = *newXLSXReader(p, &reading{options: options, emit: emit})
	defer x.xlsxReader.strings.free()
	x.read()
	status, reason := x.result()
	return rules.XLSB, status, reason
}

// read reads strings and styles first, the sheets in their order, then all other parts.
func (x *xlsbReader) read() {
	names := x.parts.Names()
	for _, name := range names {
		if first, ok := x.firstRecord(name); ok {
			x.binary[name] = first
		} else {
			x.kinds[name] = x.sniffPart(name)
		}
	}
	done := make(map[string]bool)
	each := func(kind int, read func(name string)) {
		for _, name := range names {
			if first, ok := x.binary[name]; ok && first == kind && !done[name] {
				done[name] = true
				read(name)
			}
		}
	}
	var tabs []xlsxTab
	each(xlsbBook, func(name string) { tabs = append(tabs, x.readBook(name)...) })
	each(xlsbStyles, x.readBinaryStyles)
	each(xlsbStrings, x.readBinaryStrings)
	for _, tab := range tabs {
		if _, ok := x.binary[tab.part]; ok && !done[tab.part] {
			done[tab.part] = true
			x.readBinarySheet(tab)
		}
	}
	each(xlsbSheet, func(name string) { x.readBinarySheet(xlsxTab{name, name}) })
	x.readUnused("shared strings")
	for _, name := range names {
		if _, ok := x.binary[name]; ok && !done[name] {
			x.readRecords(name, x.scanRecord)
		} else if !ok && x.kinds[name] != partOther {
			x.readPart(name, nil)
		}
	}
}

// firstRecord is the first record of a part that consists of records, as far as its name says.
func (x *xlsbReader) firstRecord(name string) (int, bool) {
	if !isBinaryWorkbookPart(name) {
		return 0, false
	}
	body, err := x.parts.Open(name)
	if err != nil {
		x.fail(reasonOf(err))
		return 0, false
	}
	defer body.Close()
	var head [2]byte
	n, _ := io.ReadFull(body, head[:])
	kind, length := sevenBits(head[:n], len(head))
	return kind, length > 0
}

// readRecords shows each record of a part to see.
func (x *xlsbReader) readRecords(name string, see func()) {
	body, err := x.parts.Open(name)
	if err != nil {
		x.fail(reasonOf(err))
		return
	}
	defer body.Close()
	x.records.reset(body)
	for !x.full && x.records.next() {
		see()
	}
	if x.records.reason != rules.NoReason {
		x.fail(x.records.reason)
	}
}

// readBook reads the list of sheets and the way days are counted; defined names are found by their text.
func (x *xlsbReader) readBook(name string) []xlsxTab {
	var tabs []xlsxTab
	relations := x.relations(name)
	x.readRecords(name, func() {
		data := x.records.data
		switch x.records.kind {
		case xlsbBookOptions:
			x.numbers.date1904 = len(data) > 0 && data[0]&1 != 0
		case xlsbTab:
			const head = 8
			if len(data) < head {
				return
			}
			id, rest, ok := wideString(nil, data[head:])
			title, _, titled := wideString(nil, rest)
			if ok && titled && len(tabs) < maxRelations {
				tabs = append(tabs, xlsxTab{string(title), relations[string(id)]})
				x.line(title, &Column{Container: name})
			}
		default:
			x.scanRecord()
		}
	})
	return tabs
}

// readBinaryStyles learns which styles show numbers as dates or in a pattern.
func (x *xlsbReader) readBinaryStyles(name string) {
	codes := make(map[int]numberFormat)
	inCells := false
	x.readRecords(name, func() {
		data := x.records.data
		switch x.records.kind {
		case xlsbFormat:
			if len(data) > 2 && len(codes) < maxStyles {
				code, _, _ := wideString(nil, data[2:])
				codes[int(binary.LittleEndian.Uint16(data))] = parseFormat(string(code))
			}
		case xlsbCellStyles, xlsbCellStylesTo:
			inCells = x.records.kind == xlsbCellStyles
		case xlsbStyle:
			if !inCells || len(data) < 4 || len(x.numbers.formats) >= maxStyles {
				return
			}
			id := int(binary.LittleEndian.Uint16(data[2:]))
			format, custom := codes[id]
			if !custom {
				format = builtinFormat(id)
			}
			x.numbers.formats = append(x.numbers.formats, format)
		}
	})
}

// readBinaryStrings fills the string table.
func (x *xlsbReader) readBinaryStrings(name string) {
	x.readRecords(name, func() {
		if x.records.kind != xlsbString || len(x.records.data) < 1 {
			return
		}
		text, rest, ok := wideString(x.value[:0], x.records.data[1:])
		x.value = text
		if !ok {
			x.fail(rules.Corrupt)
		}
		if err := x.xlsxReader.strings.add(text); err != nil {
			x.fail(reasonOf(err))
		}
		x.scanWide(rest) // pronunciation
	})
}

// readBinarySheet reads one sheet.
func (x *xlsbReader) readBinarySheet(tab xlsxTab) {
	x.sheet = newSheet(x.reading, tab.title)
	x.readRecords(tab.part, func() {
		kind, data := x.records.kind, x.records.data
		switch {
		case kind == xlsbRow:
			if len(data) >= 4 {
				x.sheet.beginRow(int(binary.LittleEndian.Uint32(data)&0xFFFFFF) + 1)
				x.column = 0
			}
		case kind >= xlsbCellBlank && kind <= xlsbFormulaError || kind == xlsbCellRich:
			if len(data) >= 8 {
				x.column = int(binary.LittleEndian.Uint32(data)&0xFFFFFF) + 1
				x.cell(kind, styleOf(data[4:]), data[8:])
			}
		case kind >= xlsbShortFirst && kind <= xlsbShortLast:
			if len(data) >= 4 {
				x.column++
				x.cell(kind-xlsbShort, styleOf(data), data[4:])
			}
		default:
			x.sheet.endRow()
			x.scanRecord()
		}
	})
	x.sheet.finish()
	x.sheet = nil
}

// styleOf is the style of a cell, which has three bytes.
func styleOf(data []byte) int { return int(binary.LittleEndian.Uint32(data) & 0xFFFFFF) }

// cell reads one cell's value.
func (x *xlsbReader) cell(kind, style int, data []byte) {
	const numberSize = 8
	start, text := -1, false
	switch kind {
	case xlsbCellRK:
		if len(data) >= 4 {
			start = x.sheet.open()
			x.appendNumber(decodeRK(binary.LittleEndian.Uint32(data)), style)
		}
	case xlsbCellReal, xlsbFormulaReal:
		if len(data) >= numberSize {
			if value := math.Float64frombits(binary.LittleEndian.Uint64(data)); !math.IsNaN(value) && !math.IsInf(value, 0) {
				start = x.sheet.open()
				x.appendNumber(value, style)
			}
			data = data[numberSize:]
		}
	case xlsbCellBool, xlsbFormulaBool:
		if len(data) >= 1 {
			start = x.sheet.open()
			x.batch.Text = append(x.batch.Text, boolText([]byte{'0' + data[0]&1})...)
		}
	case xlsbCellText, xlsbFormulaText:
		start = x.sheet.open()
		x.batch.Text, data, text = wideString(x.batch.Text, data)
	case xlsbCellRich:
		if len(data) >= 1 {
			start = x.sheet.open()
			x.batch.Text, data, text = wideString(x.batch.Text, data[1:])
		}
	case xlsbCellShared:
		if len(data) >= 4 {
			start, text = x.sheet.open(), true
			x.appendIndex(int(binary.LittleEndian.Uint32(data)))
		}
	}
	if start >= 0 {
		x.sheet.close(start, x.column, text)
	}
	if kind >= xlsbFormulaText && kind <= xlsbFormulaBool {
		x.literals(data)
	}
}

// appendNumber appends a number as its style shows it.
func (x *xlsbReader) appendNumber(value float64, style int) {
	x.batch.Text = x.numbers.appendValue(x.batch.Text, value, style)
}

// literals adds the texts inside a formula to its row (PtgStr, MS-XLSB 2.5.97.60).
func (x *xlsbReader) literals(tokens []byte) {
	const literal = 0x17
	for i := 0; i+3 <= len(tokens); i++ {
		count := int(binary.LittleEndian.Uint16(tokens[i+1:]))
		if tokens[i] != literal || count < minScan || i+3+2*count > len(tokens) {
			continue
		}
		start := x.sheet.open()
		x.batch.Text = appendUTF16(x.batch.Text, tokens[i+3:i+3+2*count])
		x.closeCell(start, x.sheet.formulaColumn(), x.sheet.row, x.sheet.recordNow)
		i += 2 + 2*count
	}
}

// scanRecord adds the texts of a record that is not known one by one: comments, links, headers, defined names.
func (x *xlsbReader) scanRecord() {
	if x.records.kind == xlsbCommentText && len(x.records.data) > 1 {
		text, _, ok := wideString(nil, x.records.data[1:])
		if ok {
			x.outside(text)
			return
		}
	}
	x.scanWide(x.records.data)
}

// scanWide adds the strings in a stretch of bytes, which have their length in front.
func (x *xlsbReader) scanWide(data []byte) {
	const shortest = 3
	for i := 0; i+4 <= len(data); {
		count := int64(binary.LittleEndian.Uint32(data[i:]))
		if count >= shortest && count <= int64(len(data)-i-4)/2 {
			text := appendUTF16(nil, data[i+4:int64(i)+4+2*count])
			if !strings.ContainsAny(string(text), "\x00\x01\x02\x03\x04\uFFFD") {
				x.outside(text)
				i += 4 + 2*int(count)
				continue
			}
		}
		i++
	}
}

// outside adds text that stands in no cell.
func (x *xlsbReader) outside(text []byte) {
	column := &Column{Container: "workbook"}
	if x.sheet != nil {
		column = x.sheet.formulaColumn()
	}
	x.line(text, column)
}
