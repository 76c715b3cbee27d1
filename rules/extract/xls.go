package extract

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// maxSheets is how many sheets of one workbook get their name.
const maxSheets = 1 << 14

// An xlsReader reads a workbook of Excel 2 to 2003: one stream of records, or in an OLE2 file the stream Workbook or Book.
type xlsReader struct {
	*reading
	biffReader
	version   biffVersion
	charset   encoding.Encoding
	titles    map[int64]string // of sheets, by where their records start
	order     []string         // the same, in order
	depth     int              // streams within streams: a chart in a sheet
	strings   *stringTable
	used      bitSet
	sheet     *sheet // nil outside sheets
	outer     *sheet // the sheet around the chart that is being read; nil outside such charts
	count     int    // sheets so far
	numbers   numberStyle
	codes     map[int]numberFormat
	value     []byte
	pending   biffCell // a formula whose text result comes in the next record
	around    *Column  // text of the workbook that stands in no cell
	password  string
	encrypted bool     // and the password does not open it
	blanked   bitSet   // shared strings that were redacted in a cell
	redacted  *xlsCopy // takes the changes when the workbook is redacted; else nil
}

// A biffCell is where a value stands.
type biffCell struct{ row, column, style int }

// readXLS reads a workbook in an OLE2 file, or a bare stream of records.
func readXLS(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	return newXLSReader(&reading{options: options, emit: emit}).read(file, size)
}

// newXLSReader makes a reader that tries the default password.
func newXLSReader(r *reading) *xlsReader {
	return &xlsReader{reading: r, charset: charmap.Windows1252, titles: make(map[int64]string),
		strings: newStringTable(), codes: make(map[int]numberFormat), around: &Column{Container: "workbook"}, password: defaultPassword}
}

// read reads the streams that hold a workbook.
func (x *xlsReader) read(file io.ReaderAt, size int64) (rules.Format, rules.Status, rules.Reason) {
	defer x.strings.free()
	found := false
	if container, err := openCompound(file, size); err == nil {
		for _, name := range []string{"Workbook", "Book"} { // a file for two versions has both
			if stream := container.find(0, name); stream != nil {
				found = true
				content := container.open(stream)
				if x.redacted != nil {
					x.redacted.sectors = container.sectorsOf(stream)
				}
				x.readStream(content)
				x.redactShared(content)
			}
		}
	} else {
		found = true
		content := io.NewSectionReader(file, 0, size)
		x.readStream(content)
		x.redactShared(content)
	}
	if !found {
		x.fail(rules.UnknownFormat)
	}
	status, reason := x.result()
	if x.encrypted {
		status = rules.Unscannable
	}
	return rules.XLS, status, reason
}

// biffWindow is how many bytes of a stream are fetched at once.
const biffWindow = 64 << 10

// readStream reads one stream of records.
func (x *xlsReader) readStream(stream *io.SectionReader) {
	x.strings.free()
	x.biffReader = biffReader{source: bufio.NewReaderSize(stream, biffWindow), data: x.data, spots: x.spots}
	x.blanked = nil
	x.version, x.used, x.order, x.count, x.depth = 0, nil, nil, 0, 0
	x.numbers = numberStyle{}
	clear(x.titles)
	clear(x.codes)
	records := 0
	for !x.encrypted && !x.full && x.next() {
		records++
		x.take()
	}
	x.closeSheet()
	x.readUnusedStrings()
	switch {
	case x.err != nil:
		x.fail(reasonOf(x.err))
	case x.full:
	case x.broken || x.depth > 0 || records == 0:
		x.fail(rules.Corrupt)
	}
}

// readUnusedStrings reads the shared strings that no cell shows.
func (x *xlsReader) readUnusedStrings() {
	for i := range x.strings.count {
		if x.used.has(i) {
			continue
		}
		text, err := x.strings.get(i)
		if err != nil {
			x.fail(reasonOf(err))
			return
		}
		x.unmark()
		x.line(text, x.around)
		if x.changed {
			x.blanked.add(i)
		}
	}
}

// take reads the record that the reader stands at.
func (x *xlsReader) take() {
	data := x.data
	x.unmark()
	if x.kind&0xFF == biffBOF && x.kind&^0x0E00 == biffBOF {
		x.begin()
		return
	}
	if x.kind == biffEOF {
		x.depth--
		switch {
		case x.depth <= 0:
			x.depth = 0
			x.closeSheet()
		case x.outer != nil && x.depth == 1:
			x.sheet.finish()
			x.sheet, x.outer = x.outer, nil
		}
		return
	}
	if x.sheet != nil && x.cell(data) {
		return
	}
	switch x.kind {
	case biffFilePass:
		x.open(data)
	case biffSST:
		x.readSST()
	case biffCodePage:
		if len(data) >= 2 {
			x.charset = codePage(int(binary.LittleEndian.Uint16(data)))
		}
	case biffDateMode:
		x.numbers.date1904 = len(data) >= 2 && data[0] == 1
	case biffSheet:
		x.boundSheet(data)
	case biffFormat, biffFormat2:
		x.format(data)
	case biffXF, biffXF2, 0x0243, 0x0443:
		x.style(data)
	default:
		x.other(data)
	}
}

// chartCache names the values that a chart has of cells that may lie elsewhere.
const chartCache = " (chart)"

// begin starts a stream: the workbook's own records, a sheet, or a chart within one.
func (x *xlsReader) begin() {
	version := biff5
	switch x.kind >> 8 {
	case 0:
		version = biff2
	case 2:
		version = biff3
	case 4:
		version = biff4
	}
	if x.kind>>8 == 8 && len(x.data) >= 2 && binary.LittleEndian.Uint16(x.data) == 0x0600 {
		version = biff8
	}
	const globals, worksheet, chart = 0x0005, 0x0010, 0x0020
	kind := uint16(worksheet)
	if len(x.data) >= 4 {
		kind = binary.LittleEndian.Uint16(x.data[2:])
	}
	x.depth++
	if x.depth > 1 && x.sheet != nil && kind == worksheet || x.depth > maxXMLDepth {
		x.fail(rules.Corrupt) // the sheet before it has no end
		x.closeSheet()
		x.depth = 1
	}
	if x.version == 0 {
		x.version = version // of all streams: sheets of Excel 5 may say that they are of a later one
	}
	if kind == globals {
		return
	}
	if x.sheet != nil { // a chart in the sheet
		if x.outer == nil {
			x.sheet.endRow()
			x.outer, x.sheet = x.sheet, newSheet(x.reading, x.sheet.container+chartCache)
		}
		return
	}
	title, ok := x.titles[x.start]
	switch {
	case ok:
	case x.count < len(x.order):
		title = x.order[x.count]
	default:
		title = "Sheet" + strconv.Itoa(x.count+1)
	}
	x.count++
	if kind == chart {
		title += chartCache
	}
	x.sheet = newSheet(x.reading, title)
}

// closeSheet ends the open sheet, if there is one.
func (x *xlsReader) closeSheet() {
	if x.outer != nil {
		x.sheet.finish()
		x.sheet, x.outer = x.outer, nil
	}
	if x.sheet != nil {
		x.sheet.finish()
		x.sheet = nil
	}
}

// boundSheet learns a sheet's name.
func (x *xlsReader) boundSheet(data []byte) {
	if len(data) < 8 || len(x.order) >= maxSheets {
		return
	}
	var title []byte
	if x.version == biff8 {
		title = x.unicode(nil, data[7:], int(data[6]))
	} else {
		title = appendCodePage(nil, data[7:min(len(data), 7+int(data[6]))], x.charset)
	}
	x.titles[int64(binary.LittleEndian.Uint32(data))] = string(title)
	x.order = append(x.order, string(title))
	x.unmark() // a sheet's name stays: formulas refer to it
	x.outside(title)
}

// unicode appends a string of count characters whose flags stand in front.
func (x *xlsReader) unicode(dst, data []byte, count int) []byte {
	if len(data) == 0 {
		return dst
	}
	if data[0]&wideText != 0 {
		raw := data[1:min(len(data), 1+2*count)]
		x.mark(raw, spotWide)
		return appendUTF16(dst, raw)
	}
	raw := data[1:min(len(data), 1+count)]
	x.mark(raw, spotNarrow)
	return appendLatin(dst, raw)
}

// format learns a number format.
func (x *xlsReader) format(data []byte) {
	if len(data) < 4 || len(x.codes) >= maxStyles {
		return
	}
	var code []byte
	id := int(binary.LittleEndian.Uint16(data))
	switch {
	case x.version == biff8 && len(data) > 4:
		code = x.unicode(nil, data[4:], int(binary.LittleEndian.Uint16(data[2:])))
	case x.version >= biff4:
		code = data[3:min(len(data), 3+int(data[2]))]
	default:
		id = len(x.codes)
		code = data[1:min(len(data), 1+int(data[0]))]
	}
	x.codes[id] = parseFormat(string(code))
}

// style learns a cell style's number format.
func (x *xlsReader) style(data []byte) {
	id := -1
	switch {
	case x.version >= biff5 && len(data) >= 4:
		id = int(binary.LittleEndian.Uint16(data[2:]))
	case x.version >= biff3 && len(data) >= 2:
		id = int(data[1])
	case x.version == biff2 && len(data) >= 3:
		id = int(data[2] & 0x3F)
	}
	if len(x.numbers.formats) >= maxStyles {
		return
	}
	format, custom := x.codes[id]
	if !custom {
		format = builtinFormat(id)
	}
	x.numbers.formats = append(x.numbers.formats, format)
}

// readSST reads the shared strings, which go on through continuations.
func (x *xlsReader) readSST() {
	if len(x.data) < 8 {
		x.fail(rules.Corrupt)
		return
	}
	count := int64(binary.LittleEndian.Uint32(x.data[4:]))
	text := biffText{&x.biffReader, x.data[8:]}
	for range count {
		value, ok := text.richText(x.value[:0])
		x.value = value
		if len(value) > 0 || ok {
			if err := x.strings.add(value); err != nil {
				x.fail(reasonOf(err))
				return
			}
		}
		if !ok {
			x.fail(rules.Corrupt)
			return
		}
	}
}

// decodeRK is the number that 30 bits stand for (MS-XLS 2.5.122).
func decodeRK(raw uint32) float64 {
	var value float64
	if raw&2 != 0 {
		value = float64(int32(raw) >> 2)
	} else {
		value = math.Float64frombits(uint64(raw&^3) << 32)
	}
	if raw&1 != 0 {
		value /= 100
	}
	return value
}

// other reads the text of records that are neither cells nor about the workbook's shape.
func (x *xlsReader) other(data []byte) {
	switch x.kind {
	case biffTextBox:
		x.textBox(data)
	case biffPictures, biffDrawing, biffContinue, biffFont, biffFont | 0x0200, biffStyle, biffStyleMore, biffXFMore, biffTheme, biffTableStyle: // how it looks
	case biffHeader, biffFooter, biffPivotText:
		if x.version == biff8 && len(data) > 2 {
			x.value = x.unicode(x.value[:0], data[2:], int(binary.LittleEndian.Uint16(data)))
			x.outside(x.value)
		} else if len(data) > 1 {
			x.value = x.value[:0]
			x.bytes(data[1:min(len(data), 1+int(data[0]))])
			x.outside(x.value)
		}
	default:
		x.scan(data)
	}
}

// outside adds text that stands in no cell: a line of its own in the sheet, or in the workbook.
func (x *xlsReader) outside(text []byte) {
	column := x.around
	if x.sheet != nil {
		x.sheet.endRow()
		column = x.sheet.formulaColumn()
	}
	x.line(bytes.TrimRight(text, " \x00"), column)
	x.patch()
}

// textBox reads the text of a comment or a shape, which follows in a continuation.
func (x *xlsReader) textBox(data []byte) {
	if x.version < biff8 || len(data) < 12 {
		x.scan(data)
		return
	}
	count := int(binary.LittleEndian.Uint16(data[10:]))
	if count == 0 || !x.more() || len(x.data) == 0 {
		return
	}
	text := biffText{&x.biffReader, x.data[1:]}
	x.value, _ = text.characters(x.value[:0], count, x.data[0])
	x.outside(x.value)
}

// minScan is the shortest run of characters that counts as text in records that are not known one by one.
const minScan = 6

// scan reads the runs of printable characters in a record: names, links, literals of formulas, the author of a note.
func (x *xlsReader) scan(data []byte) {
	narrow, wide := 0, 0
	for i := 0; i <= len(data); i++ {
		printable := i < len(data) && data[i] >= ' ' && data[i] != 0x7F
		if !printable {
			if i-narrow >= minScan && wordy(data[narrow:i]) {
				x.mark(data[narrow:i], spotNarrow)
				x.outside(appendCodePage(nil, data[narrow:i], x.charset))
			}
			narrow = i + 1
		}
	}
	for i := 0; i+1 < len(data); {
		if data[i] >= ' ' && data[i] < 0x7F && data[i+1] == 0 {
			wide = i
			for i+1 < len(data) && data[i] >= ' ' && data[i] < 0x7F && data[i+1] == 0 {
				i += 2
			}
			if i-wide >= 2*minScan {
				x.mark(data[wide:i], spotWide)
				x.outside(appendUTF16(nil, data[wide:i]))
			}
			continue
		}
		i++
	}
}

// wordy reports whether most of a run is letters, digits and what stands between words: numbers in binary are not.
func wordy(run []byte) bool {
	count := 0
	for _, c := range run {
		if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == ' ' || c == '@' || c == '.' || c >= 0xC0 {
			count++
		}
	}
	return count*4 >= len(run)*3
}
