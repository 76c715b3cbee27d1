package extract

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"golang.org/x/text/encoding"

	"stanch/rules"
)

// The layout of a dBASE table: dBASE III to V and FoxPro have fields of 32 bytes, level 7 has fields of 48.
const (
	dbfHeader      = 32
	dbfField       = 32
	dbfHeader7     = 68
	dbfField7      = 48
	dbfFieldsEnd   = 0x0D
	dbfMostFields  = 2048
	dbfMostRecord  = 1 << 16
	dbfDaysToUnix  = 2440588 // Julian day of 1970-01-01
	dbfTimeOfField = 8
)

// A dbfColumn is one field of a table.
type dbfColumn struct {
	kind   byte
	length int
}

// dbfCodePage is the code page of a language driver, the byte at offset 29.
func dbfCodePage(driver byte) int {
	switch driver {
	case 0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B:
		return 437
	case 0x02, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37:
		return 850
	case 0x13, 0x7B:
		return 932
	case 0x4D, 0x7A:
		return 936
	case 0x4E, 0x79:
		return 949
	case 0x4F, 0x78:
		return 950
	case 0x26, 0x65:
		return 866
	case 0x64, 0x1F, 0x22, 0x23, 0x40:
		return 852
	case 0xC8:
		return 1250
	case 0xC9:
		return 1251
	case 0xCA:
		return 1254
	case 0xCB:
		return 1253
	case 0xCC:
		return 1257
	}
	return 1252
}

// readDBF reads a dBASE table, with the records that are only marked as deleted.
func readDBF(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	r := &reading{options: options, emit: emit}
	s := newSheet(r, "")
	readDBFTable(s, bufio.NewReaderSize(io.NewSectionReader(file, 0, size), xmlWindow))
	s.finish()
	status, reason := r.result()
	return rules.DBF, status, reason
}

// readDBFTable reads header and records.
func readDBFTable(s *sheet, source *bufio.Reader) {
	head, err := source.Peek(dbfHeader)
	if err != nil {
		s.fail(rules.Corrupt)
		return
	}
	const level7 = 4
	first, width := dbfHeader, dbfField
	if head[0]&7 == level7 {
		first, width = dbfHeader7, dbfField7
	}
	records := int64(binary.LittleEndian.Uint32(head[4:]))
	start, length := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	charset := codePage(dbfCodePage(head[29]))
	if start < first || length < 1 {
		s.fail(rules.Corrupt)
		return
	}
	top := make([]byte, start)
	if _, err := io.ReadFull(source, top); err != nil {
		s.fail(rules.Corrupt)
		return
	}
	columns := dbfColumns(s, top[first:], width, charset)
	record := make([]byte, length)
	for number := int64(0); number < records && !s.full; number++ {
		n, err := io.ReadFull(source, record)
		if n > 0 && record[0] == 0x1A { // end of file
			break
		}
		dbfRecord(s, int(number)+2, record[:n], columns, charset)
		if err != nil {
			if err != io.EOF {
				s.fail(rules.Corrupt)
			}
			break
		}
	}
}

// dbfColumns reads the fields' names, which are the table's header row.
func dbfColumns(s *sheet, fields []byte, width int, charset encoding.Encoding) []dbfColumn {
	var columns []dbfColumn
	s.beginRow(1)
	for ; len(fields) >= width && fields[0] != dbfFieldsEnd && len(columns) < dbfMostFields; fields = fields[width:] {
		nameLength := 11
		if width == dbfField7 {
			nameLength = 32
		}
		name := fields[:nameLength]
		column := dbfColumn{kind: fields[nameLength], length: int(fields[16])}
		if width == dbfField7 {
			column.length = int(fields[33])
		} else if column.kind == 'C' {
			column.length += int(fields[17]) << 8 // Clipper and FoxPro: long texts
		}
		columns = append(columns, column)
		if end := bytes.IndexByte(name, 0); end >= 0 {
			name = name[:end]
		}
		start := s.open()
		s.batch.Text = appendCodePage(s.batch.Text, name, charset)
		s.close(start, len(columns), true)
	}
	cells := s.batch.Cells[min(s.firstCell, len(s.batch.Cells)):]
	s.found = max(1, len(cells))
	for i := range cells {
		s.nameColumn(cells[i].Column.Number, s.batch.Text[cells[i].Start:cells[i].End])
	}
	s.endRow()
	return columns
}

// dbfRecord reads one record.
func dbfRecord(s *sheet, row int, record []byte, columns []dbfColumn, charset encoding.Encoding) {
	if len(record) < 1 {
		return
	}
	record = record[1:]
	s.beginRow(row)
	for i, column := range columns {
		field := record[:min(column.length, len(record))]
		record = record[len(field):]
		start := s.open()
		s.batch.Text = appendDBF(s.batch.Text, column.kind, field, charset)
		s.close(start, i+1, column.kind == 'C')
	}
	s.endRow()
}

// appendDBF appends a field's value as people would read it.
func appendDBF(dst []byte, kind byte, field []byte, charset encoding.Encoding) []byte {
	le := binary.LittleEndian
	switch {
	case kind == 'D' && len(bytes.TrimSpace(field)) == 8:
		dst = append(append(dst, field[:4]...), '-')
		dst = append(append(dst, field[4:6]...), '-')
		return append(dst, field[6:8]...)
	case kind == 'I' && len(field) == 4:
		return strconv.AppendInt(dst, int64(int32(le.Uint32(field))), 10)
	case kind == 'B' && len(field) == 8:
		return appendGeneral(dst, math.Float64frombits(le.Uint64(field)))
	case kind == 'Y' && len(field) == 8:
		return appendGeneral(dst, float64(int64(le.Uint64(field)))/10000)
	case kind == 'T' && len(field) == dbfTimeOfField:
		day := int(int32(le.Uint32(field))) - dbfDaysToUnix
		if serial := day + serialUnix; serial > 0 && serial < maxSerial {
			return appendDay(dst, day)
		}
		return dst
	}
	return appendCodePage(dst, bytes.Trim(field, " \x00"), charset)
}
