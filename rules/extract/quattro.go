package extract

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"

	"stanch/rules"
)

// A notebook of Quattro Pro 9 and later is a stream of zones in an OLE2 file: id, size, content. What the zones hold is known
// from the descriptions of libwps and SheetJS. The stream of versions 7 and 8 has the records of the versions before.
const (
	quattroStream    = "NativeContent_MAIN"
	quattroOldStream = "PerfectOffice_MAIN"

	quattroEnd        = 0x002
	quattroStyles     = 0x00A
	quattroStrings    = 0x407
	quattroSheet      = 0x601
	quattroSheetEnd   = 0x602
	quattroColumn     = 0xA01
	quattroCells      = 0xC01
	quattroResult     = 0xC02 // the text that a formula gives
	quattroLong       = 0x8000
	quattroSheetTitle = 18 // where the title stands in quattroSheet

	maxQuattroZones   = 1 << 16 // zones with cells of one sheet that are followed
	quattroBuffer     = 512     // bytes read at once of each column: a sheet has as many readers as columns
	maxQuattroResults = 1 << 20 // bytes of a zone that is read as a whole
)

// errQuattro stands for zones that do not hold what their id says.
var errQuattro = errors.New("quattro: damaged zone")

// A quattroZone is where a zone with cells of one column lies in the stream.
type quattroZone struct {
	column       int
	result       bool
	offset, size int64
}

// A quattroReader reads one notebook. Its cells stand column by column; all columns of a sheet are read side by side, so that
// rows come out as rows.
type quattroReader struct {
	*reading
	source  *source
	stream  *io.SectionReader
	strings *stringTable
	numbers numberStyle

	open   bool // inside a sheet
	title  string
	column int
	zones  []quattroZone // of the open sheet
}

// readQuattro reads the cells of a notebook, and the strings in all other zones.
func (c *compoundFile) readQuattro(f *compoundStream) outcome {
	q := &quattroReader{reading: &reading{options: c.nested(), emit: c.relay()}, source: c.source, stream: c.open(f), strings: newStringTable()}
	defer q.strings.free()
	err := q.read()
	if err != nil {
		q.fail(c.errReason(err))
		err = q.endSheet() // what is there of a sheet that is cut off
	}
	if err != nil {
		q.fail(c.errReason(err))
	}
	status, reason := q.result()
	return outcome{status, reason}
}

// read goes through the zones.
func (q *quattroReader) read() error {
	in := bufio.NewReaderSize(&meteredReader{q.source.meter, q.stream}, xmlWindow)
	offset := int64(0)
	for !q.full {
		id, size, length, err := quattroHeader(in)
		if err != nil {
			return err
		}
		offset += length
		content := &io.LimitedReader{R: in, N: size}
		if err := q.zone(id, content, quattroZone{offset: offset, size: size}); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, content); err != nil || content.N > 0 {
			return cmp.Or(err, errQuattro)
		}
		if id == quattroEnd {
			return q.endSheet()
		}
		offset += size
	}
	return nil
}

// quattroHeader reads the id and the size of the next zone, and returns how long both were.
func quattroHeader(in io.Reader) (id int, size, length int64, err error) {
	var head [6]byte
	if _, err = io.ReadFull(in, head[:4]); err != nil {
		return 0, 0, 0, err
	}
	id, size, length = int(binary.LittleEndian.Uint16(head[:])), int64(binary.LittleEndian.Uint16(head[2:])), 4
	if id&quattroLong != 0 {
		if _, err = io.ReadFull(in, head[4:]); err != nil {
			return 0, 0, 0, err
		}
		id, size, length = id&^quattroLong, int64(binary.LittleEndian.Uint32(head[2:])), 6
	}
	return id, size, length, nil
}

// zone takes one zone. Where it says where the content lies.
func (q *quattroReader) zone(id int, content *io.LimitedReader, where quattroZone) error {
	switch id {
	case quattroStyles:
		return q.readStyles(content)
	case quattroStrings:
		return q.readStrings(content)
	case quattroSheet:
		if err := q.endSheet(); err != nil {
			return err
		}
		return q.beginSheet(content)
	case quattroSheetEnd:
		return q.endSheet()
	case quattroColumn:
		var number [2]byte
		if _, err := io.ReadFull(content, number[:]); err != nil {
			return err
		}
		q.column = int(binary.LittleEndian.Uint16(number[:])) + 1
	case quattroCells, quattroResult:
		if len(q.zones) == maxQuattroZones {
			return errTooLarge
		}
		where.column, where.result = q.column, id == quattroResult
		q.zones = append(q.zones, where)
	default:
		texts := textWriter{emit: func(b *Batch) { q.running(b.Text) }, meter: q.source.meter}
		scanStrings(&texts, content)
		texts.flush()
		q.flushFull()
	}
	return nil
}

// readStyles learns which styles show numbers as dates: built-in formats 5 to 15.
func (q *quattroReader) readStyles(content *io.LimitedReader) error {
	var head [4]byte
	if _, err := io.ReadFull(content, head[:]); err != nil {
		return err
	}
	count := int64(binary.LittleEndian.Uint32(head[:]))
	if count == 0 || content.N/count < 4 {
		return nil
	}
	style := make([]byte, min(content.N/count, maxHeader))
	for range min(count, maxStyles) {
		if _, err := io.ReadFull(content, style); err != nil {
			return err
		}
		format := numberFormat{}
		if code := binary.LittleEndian.Uint16(style[2:]); code >= 5 && code <= 15 {
			format.kind = formatDate
		}
		q.numbers.formats = append(q.numbers.formats, format)
	}
	return nil
}

// readStrings adds the notebook's strings to the table.
func (q *quattroReader) readStrings(content *io.LimitedReader) error {
	const head = 12 // how many strings there are, and two numbers more
	if _, err := io.CopyN(io.Discard, content, head); err != nil {
		return err
	}
	in := bufio.NewReader(content)
	var text []byte
	for {
		var err error
		if text, err = quattroString(in, text[:0]); err == io.EOF {
			return nil
		}
		if err == nil {
			err = q.strings.add(text)
		}
		if err != nil {
			return err
		}
	}
}

// quattroString reads a string: its length, flags, text up to a zero, and perhaps the fonts of its parts. Only the end of the
// content in front of it is io.EOF.
func quattroString(in *bufio.Reader, dst []byte) ([]byte, error) {
	const styled = 2
	var head [3]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return dst, err
	}
	length := int(binary.LittleEndian.Uint16(head[:]))
	dst = append(dst, make([]byte, length+1)...)
	raw := dst[len(dst)-length-1:]
	if _, err := io.ReadFull(in, raw); err != nil {
		return dst[:0], errQuattro
	}
	if head[2]&styled != 0 {
		var size [2]byte
		if _, err := io.ReadFull(in, size[:]); err != nil {
			return dst[:0], errQuattro
		}
		if _, err := in.Discard(max(0, int(binary.LittleEndian.Uint16(size[:]))-len(size))); err != nil {
			return dst[:0], errQuattro
		}
	}
	raw = raw[:length]
	for _, c := range raw {
		if c >= 0x80 {
			return append(dst[:0], legacyText(raw)...), nil
		}
	}
	return append(dst[:0], raw...), nil
}

// beginSheet reads the title of a sheet; without one it has the name that the program shows, which is a letter.
func (q *quattroReader) beginSheet(content *io.LimitedReader) error {
	head := make([]byte, min(content.N, maxQuattroResults))
	if _, err := io.ReadFull(content, head); err != nil {
		return err
	}
	q.open, q.title, q.column, q.zones = true, "", 0, q.zones[:0]
	if len(head) > quattroSheetTitle {
		title, err := quattroString(bufio.NewReader(bytes.NewReader(head[quattroSheetTitle:])), nil)
		if err == nil {
			q.title = string(title)
		}
	}
	if q.title == "" && len(head) >= 2 {
		q.title = string(appendLetters(nil, int(binary.LittleEndian.Uint16(head))+1))
	}
	q.line([]byte(q.title), &Column{Container: q.title})
	return nil
}

// endSheet reads the cells of the sheet that is open.
func (q *quattroReader) endSheet() error {
	if !q.open {
		return nil
	}
	q.open = false
	slices.SortStableFunc(q.zones, func(a, b quattroZone) int {
		if a.result != b.result && a.column == b.column {
			if a.result {
				return -1
			}
			return 1
		}
		return a.column - b.column
	})
	var queue quattroQueue
	for rest := q.zones; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].column == rest[0].column && rest[n].result == rest[0].result {
			n++
		}
		if len(queue) == maxSheetColumns {
			return errTooLarge
		}
		column := &quattroCursor{quattroReader: q, zones: rest[:n], column: rest[0].column, result: rest[0].result}
		if column.next() {
			queue = append(queue, column)
		}
		if column.err != nil {
			return column.err
		}
		rest = rest[n:]
	}
	return q.emitSheet(queue)
}

// emitSheet takes the cells of all columns row by row.
func (q *quattroReader) emitSheet(queue quattroQueue) error {
	s := newSheet(q.reading, q.title)
	defer s.finish()
	queue.order()
	row, resultAt := -1, [2]int{-1, -1}
	for len(queue) > 0 && !q.full {
		c := queue[0]
		if c.row != row {
			row = c.row
			s.beginRow(row + 1)
		}
		at := [2]int{c.row, c.column}
		if c.result {
			resultAt = at
		}
		if c.result || at != resultAt { // a formula with a text has no number
			start := s.open()
			text, err := c.append()
			if err != nil {
				return err
			}
			s.close(start, c.column, text)
		}
		if !c.next() {
			if c.err != nil {
				return c.err
			}
			queue[0] = queue[len(queue)-1]
			queue = queue[:len(queue)-1]
		}
		queue.sink(0)
	}
	return nil
}

// A quattroQueue holds the columns of a sheet, the one with the next cell first: a binary heap.
type quattroQueue []*quattroCursor

// order makes a heap of columns in any order.
func (q quattroQueue) order() {
	for i := len(q) / 2; i >= 0; i-- {
		q.sink(i)
	}
}

// sink moves a column down behind those with earlier cells.
func (q quattroQueue) sink(i int) {
	for {
		first := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(q); child++ {
			if q[child].before(q[first]) {
				first = child
			}
		}
		if first == i {
			return
		}
		q[i], q[first] = q[first], q[i]
		i = first
	}
}

// appendNumber renders a cell's number.
func (q *quattroReader) appendNumber(value float64, style int) {
	if !math.IsNaN(value) && !math.IsInf(value, 0) {
		q.batch.Text = q.numbers.appendValue(q.batch.Text, value, style)
	}
}

// appendString appends a string of the table; a missing one is a fault of the notebook.
func (q *quattroReader) appendString(index int64) error {
	if index < 0 || index >= int64(q.strings.count) {
		q.fail(rules.Corrupt)
		return nil
	}
	text, err := q.strings.get(int(index))
	q.running(text)
	return err
}
