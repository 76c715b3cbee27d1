package extract

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
)

// How a list of cells says what the next ones are: a kind and flags, the number of a style, how many they are, their values.
const (
	quattroKind     = 0x1F
	quattroSeries   = 0x20 // the values are a first one and a step
	quattroMany     = 0x40
	quattroStyled   = 0x80
	quattroListHead = 8 // number of the first row, number of rows

	quattroStepCost = 4 // bytes that a cell of a series counts as against the limits: the file holds none for it
)

// The kinds of cells.
const (
	quattroEmpty    = 1
	quattroUnsigned = 2
	quattroSigned   = 3
	quattroShort    = 4 // 30 bits of a number, as Excel packs them
	quattroFloat    = 5
	quattroText     = 7 // number of a string, from 1
	quattroFormula  = 8 // value, flags, number of the formula
)

// quattroWidth is how many bytes the value of a kind has; -1 for kinds that are not known.
func quattroWidth(kind byte) int {
	switch kind {
	case quattroEmpty:
		return 0
	case quattroUnsigned, quattroSigned:
		return 2
	case quattroShort, quattroText:
		return 4
	case quattroFloat:
		return 8
	case quattroFormula:
		return 14
	}
	return -1
}

// A quattroRun is a run of cells of one kind in a list.
type quattroRun struct {
	kind   byte
	series bool
	style  int
	count  int // cells of it that are still to come
}

// readRun reads how the next run begins.
func readRun(in *bufio.Reader) (run quattroRun, err error) {
	flags, err := in.ReadByte()
	if err != nil {
		return run, err
	}
	run = quattroRun{kind: flags & quattroKind, series: flags&quattroSeries != 0, style: -1, count: 1}
	var number [2]byte
	if flags&quattroStyled != 0 {
		if _, err := io.ReadFull(in, number[:]); err != nil {
			return run, errQuattro
		}
		run.style = int(binary.LittleEndian.Uint16(number[:])) - 1
	}
	if flags&quattroMany != 0 {
		if _, err := io.ReadFull(in, number[:]); err != nil {
			return run, errQuattro
		}
		run.count = int(binary.LittleEndian.Uint16(number[:]))
	}
	width := quattroWidth(run.kind)
	if width < 0 || run.series && (flags&quattroMany == 0 || width != 2 && run.kind != quattroText) {
		return run, errQuattro
	}
	return run, nil
}

// A quattroCursor walks over the cells of one column, or over the texts that its formulas give.
type quattroCursor struct {
	*quattroReader
	column int
	result bool
	zones  []quattroZone // that have not been begun
	err    error

	in     *bufio.Reader // of the zone that is being read; nil when that is to begin
	narrow bool          // the steps of strings have two bytes in it, not four
	run    quattroRun
	after  int   // row behind the last cell
	step   int64 // of a series
	number int64 // last value of a series

	row   int // of the cell that the cursor stands at, from 0
	value [14]byte
	text  []byte // of a result
}

// before reports whether the cell that a cursor stands at comes before another's.
func (c *quattroCursor) before(d *quattroCursor) bool {
	switch {
	case c.row != d.row:
		return c.row < d.row
	case c.column != d.column:
		return c.column < d.column
	}
	return c.result && !d.result
}

// section starts to read a zone.
func (c *quattroCursor) section(z quattroZone) *bufio.Reader {
	return bufio.NewReaderSize(&meteredReader{c.source.meter, io.NewSectionReader(c.stream, z.offset, z.size)}, quattroBuffer)
}

// next moves to the next cell that has a value and reports whether there is one; c.err says what was wrong with the column.
func (c *quattroCursor) next() bool {
	for c.err == nil {
		if c.in == nil {
			if len(c.zones) == 0 {
				return false
			}
			zone := c.zones[0]
			c.zones = c.zones[1:]
			if c.result {
				if c.err = c.readResult(zone); c.err == nil {
					return true
				}
				continue
			}
			c.err = c.begin(zone)
			continue
		}
		if c.run.count == 0 {
			switch c.run, c.err = readRun(c.in); c.err {
			case nil:
				c.err = c.beginRun()
			case io.EOF:
				c.in, c.err = nil, nil
			}
			continue
		}
		c.err = c.readCell()
		if c.err == nil {
			return true
		}
	}
	return false
}

// begin starts on a list of cells.
func (c *quattroCursor) begin(zone quattroZone) error {
	c.narrow = !c.fits(zone, false)
	if c.narrow && !c.fits(zone, true) {
		return errQuattro
	}
	c.in = c.section(zone)
	var head [quattroListHead]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return errQuattro
	}
	c.after, c.run = int(binary.LittleEndian.Uint32(head[:])), quattroRun{}
	return nil
}

// fits reports whether a list holds as many cells as it says when the steps between its strings are read in one of the two
// sizes: the descriptions of the format differ.
func (c *quattroCursor) fits(zone quattroZone, narrow bool) bool {
	in := c.section(zone)
	var head [quattroListHead]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return false
	}
	rows := int64(binary.LittleEndian.Uint32(head[4:]))
	for {
		run, err := readRun(in)
		if err == io.EOF {
			return rows == 0
		}
		if err != nil {
			return false
		}
		length := run.count * quattroWidth(run.kind)
		if run.series {
			length = quattroWidth(run.kind) + stepWidth(run.kind, narrow)
		}
		if _, err := in.Discard(length); err != nil {
			return false
		}
		rows -= int64(run.count)
	}
}

// stepWidth is how many bytes the step of a series has.
func stepWidth(kind byte, narrow bool) int {
	if narrow {
		return 2
	}
	return quattroWidth(kind)
}

// beginRun skips cells without a value, and reads what a series consists of.
func (c *quattroCursor) beginRun() error {
	if c.after > maxPosition {
		return errQuattro
	}
	if c.run.kind == quattroEmpty {
		c.after += c.run.count
		c.run.count = 0
		return nil
	}
	if !c.run.series {
		return nil
	}
	width := quattroWidth(c.run.kind)
	length := width + stepWidth(c.run.kind, c.narrow)
	if _, err := io.ReadFull(c.in, c.value[:length]); err != nil {
		return errQuattro
	}
	c.number, c.step = signedNumber(c.value[:width]), signedNumber(c.value[width:length])
	c.number -= c.step
	return nil
}

// signedNumber reads two or four bytes.
func signedNumber(raw []byte) int64 {
	if len(raw) == 2 {
		return int64(int16(binary.LittleEndian.Uint16(raw)))
	}
	return int64(int32(binary.LittleEndian.Uint32(raw)))
}

// readCell moves to the next cell of the run.
func (c *quattroCursor) readCell() error {
	c.row = c.after
	c.after++
	c.run.count--
	if c.run.series {
		if !c.source.meter.expand(quattroStepCost) {
			return c.source.meter.err()
		}
		c.number += c.step
		binary.LittleEndian.PutUint32(c.value[:], uint32(c.number))
		return nil
	}
	if _, err := io.ReadFull(c.in, c.value[:quattroWidth(c.run.kind)]); err != nil {
		return errQuattro
	}
	return nil
}

// readResult reads the text that a formula gives: column, row, text.
func (c *quattroCursor) readResult(zone quattroZone) error {
	in := c.section(zone)
	var head [6]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return errQuattro
	}
	c.row = int(binary.LittleEndian.Uint32(head[2:]))
	if c.row > maxPosition {
		return errQuattro
	}
	text, err := quattroString(in, c.text[:0])
	c.text = text
	if err == io.EOF {
		err = errQuattro
	}
	return err
}

// append appends the value of the cell that the cursor stands at, and reports whether it is text.
func (c *quattroCursor) append() (text bool, err error) {
	if c.result {
		c.running(c.text)
		return true, nil
	}
	switch c.run.kind {
	case quattroUnsigned:
		c.appendNumber(float64(binary.LittleEndian.Uint16(c.value[:])), c.run.style)
	case quattroSigned:
		c.appendNumber(float64(int16(binary.LittleEndian.Uint16(c.value[:]))), c.run.style)
	case quattroShort:
		c.appendNumber(decodeRK(binary.LittleEndian.Uint32(c.value[:])), c.run.style)
	case quattroFloat, quattroFormula:
		c.appendNumber(math.Float64frombits(binary.LittleEndian.Uint64(c.value[:])), c.run.style)
	case quattroText:
		return true, c.appendString(int64(binary.LittleEndian.Uint32(c.value[:])) - 1)
	}
	return false, nil
}
