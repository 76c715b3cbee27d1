package extract

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"

	"stanch/rules"
)

// The numbers of the Parquet format: parquet.thrift of apache/parquet-format 2.10.
const (
	parquetMagic     = "PAR1"
	parquetEncrypted = "PARE"

	parquetInt32     = 1
	parquetInt64     = 2
	parquetFloat     = 4
	parquetDouble    = 5
	parquetByteArray = 6
	parquetFixed     = 7

	parquetDataPage       = 0
	parquetDictionaryPage = 2
	parquetDataPageV2     = 3

	parquetPlain           = 0
	parquetPlainDictionary = 2
	parquetRLEDictionary   = 8

	parquetRepeated = 2
	parquetRequired = 0
)

// Limits of one file: the footer, one page packed or unpacked, and its header.
const (
	maxParquetFooter = 4 << 20
	maxParquetPage   = 8 << 20
	maxPageHeader    = 64 << 10
)

// A parquetFile reads the values of all columns. Where a column has a dictionary, its values are read once each: who counts
// what differs counts the same.
type parquetFile struct {
	*source
	*reading
	tally    tally
	elements []thriftValue
	columns  map[string]*parquetColumn
}

// A parquetColumn is what the schema says of a column.
type parquetColumn struct {
	column             *Column
	kind               int64
	length             int64 // bytes of a value of fixed length
	optional, repeated bool
}

// readParquet reads a file by its footer.
func readParquet(s *source) (rules.Format, outcome) {
	var tail [8]byte
	s.file.ReadAt(tail[:], s.size-8)
	length := int64(binary.LittleEndian.Uint32(tail[:]))
	if string(tail[4:]) == parquetEncrypted {
		return rules.Parquet, unscannable(rules.Encrypted)
	}
	if string(tail[4:]) != parquetMagic || length > s.size-12 || length > maxParquetFooter {
		readStrings(s)
		return rules.Parquet, unscannable(rules.Corrupt)
	}
	footer := make([]byte, length)
	s.file.ReadAt(footer, s.size-8-length)
	r := thriftReader{rest: footer}
	meta := r.structure(0)
	p := &parquetFile{source: s, reading: &reading{options: s.nested(), emit: s.relay()}, columns: map[string]*parquetColumn{}}
	if r.bad {
		p.tally.fail(rules.Corrupt)
	}
	p.elements = meta.field(2).list
	p.schema(nil, parquetColumn{}, 0)
	for _, entry := range meta.field(5).list {
		p.line(entry.field(2).text, &Column{Header: string(bytes.ToValidUTF8(entry.field(1).text, nil))})
	}
	for _, group := range meta.field(4).list {
		for _, chunk := range group.field(1).list {
			if s.meter.ok() {
				p.chunk(chunk)
			}
		}
	}
	p.breakLine()
	status, reason := p.result()
	p.tally.add(outcome{status, reason})
	p.tally.fail(s.meter.reason)
	return rules.Parquet, p.tally.outcome()
}

// schema reads the flattened tree of the schema: each element is followed by its children.
func (p *parquetFile) schema(path []string, around parquetColumn, depth int) {
	if len(p.elements) == 0 || depth > maxThriftDepth {
		return
	}
	e := p.elements[0]
	p.elements = p.elements[1:]
	if depth > 0 { // the root has no name in paths
		path = append(path[:len(path):len(path)], string(e.field(4).text))
		around.optional = around.optional || e.field(3).number != parquetRequired
		around.repeated = around.repeated || e.field(3).number == parquetRepeated
	}
	if !e.has(5) {
		around.kind, around.length = e.field(1).number, e.field(2).number
		header := strings.ToValidUTF8(strings.Join(path, "."), "\uFFFD")
		around.column = &Column{Header: header, Number: len(p.columns) + 1}
		p.columns[strings.Join(path, "\x00")] = &around
		return
	}
	for range min(e.field(5).number, int64(len(p.elements))) {
		p.schema(path, around, depth+1)
	}
}

// chunk reads the pages of one column in one row group.
func (p *parquetFile) chunk(chunk thriftValue) {
	meta := chunk.field(3)
	if chunk.has(8) || chunk.has(9) {
		p.tally.fail(rules.Encrypted)
		return
	}
	var path []string
	for _, part := range meta.field(3).list {
		path = append(path, string(part.text))
	}
	column := p.columns[strings.Join(path, "\x00")]
	if column == nil {
		p.tally.fail(rules.Corrupt)
		return
	}
	at := meta.field(9).number
	if dictionary := meta.field(11).number; dictionary > 0 && dictionary < at {
		at = dictionary
	}
	end := at + meta.field(7).number
	if at < 0 || end < at || end > p.source.size {
		p.tally.fail(rules.Corrupt)
		return
	}
	for at < end && p.meter.ok() {
		header := make([]byte, min(maxPageHeader, end-at))
		n, _ := p.file.ReadAt(header, at)
		r := thriftReader{rest: header[:n]}
		page := r.structure(0)
		packed := page.field(3).number
		at += int64(n - len(r.rest))
		if r.bad || packed < 0 || packed > end-at {
			p.tally.fail(rules.Corrupt)
			return
		}
		if packed > maxParquetPage || page.field(2).number > maxParquetPage {
			p.tally.fail(rules.TooLarge)
		} else {
			p.page(page, column, meta.field(4).number, at, packed)
		}
		at += packed
	}
}

// page reads the values of one page.
func (p *parquetFile) page(page thriftValue, column *parquetColumn, codec, at, packed int64) {
	content := make([]byte, packed)
	p.file.ReadAt(content, at)
	var levels int64 // bytes of levels in front of the values, never compressed
	encoding := page.field(5).field(2).number
	switch page.field(1).number {
	case parquetDictionaryPage:
		encoding = parquetPlain
	case parquetDataPage:
	case parquetDataPageV2:
		v2 := page.field(8)
		encoding, levels = v2.field(4).number, v2.field(5).number+v2.field(6).number
		if v2.has(7) && v2.field(7).number == 0 {
			codec = 0
		}
	default:
		return
	}
	if encoding == parquetPlainDictionary || encoding == parquetRLEDictionary {
		return // indices of the dictionary, whose values have been read
	}
	if levels < 0 || levels > packed {
		p.tally.fail(rules.Corrupt)
		return
	}
	values, err := p.unpack(codec, content[levels:])
	if err != nil {
		p.tally.fail(p.errReason(err))
	}
	if page.field(1).number == parquetDataPage {
		values = skipLevels(values, column)
	}
	if encoding != parquetPlain {
		p.tally.fail(rules.UnknownCoding)
		w := p.source.text()
		scanStrings(w, bytes.NewReader(values))
		w.flush()
		return
	}
	p.plain(column, values)
}

// skipLevels drops the repetition and definition levels of a data page: each has its length in front.
func skipLevels(values []byte, column *parquetColumn) []byte {
	for _, present := range []bool{column.repeated, column.optional} {
		if !present || len(values) < 4 {
			continue
		}
		values = values[4+min(uint64(binary.LittleEndian.Uint32(values)), uint64(len(values)-4)):]
	}
	return values
}

// unpack expands a page.
func (p *parquetFile) unpack(codec int64, content []byte) ([]byte, error) {
	var from io.Reader
	switch codec {
	case 0:
		return content, nil
	case 1:
		if n, err := snappy.DecodedLen(content); err != nil || n > maxParquetPage {
			return nil, errTooLarge
		}
		values, err := snappy.Decode(nil, content)
		if err != nil {
			return nil, errCorrupt
		}
		if !p.meter.expand(len(values)) {
			return nil, p.meter.err()
		}
		return values, nil
	case 2:
		inflated, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return nil, errCorrupt
		}
		from = inflated
	case 6:
		decoder, err := newZSTD(bytes.NewReader(content))
		if err != nil {
			return nil, errCorrupt
		}
		defer decoder.Close()
		from = decoder
	default:
		return nil, errCoding
	}
	values, err := io.ReadAll(io.LimitReader(&meteredReader{p.meter, from}, maxParquetPage))
	return values, err
}

// plain reads values one behind the other.
func (p *parquetFile) plain(column *parquetColumn, values []byte) {
	for len(values) > 0 {
		var text []byte
		size := 0
		switch column.kind {
		case parquetByteArray:
			if len(values) < 4 || uint64(binary.LittleEndian.Uint32(values)) > uint64(len(values)-4) {
				p.tally.fail(rules.Corrupt)
				return
			}
			size = 4 + int(binary.LittleEndian.Uint32(values))
			text = values[4:size]
		case parquetInt32:
			if size = 4; len(values) >= size {
				text = strconv.AppendInt(nil, int64(int32(binary.LittleEndian.Uint32(values))), 10)
			}
		case parquetInt64:
			if size = 8; len(values) >= size {
				text = strconv.AppendInt(nil, int64(binary.LittleEndian.Uint64(values)), 10)
			}
		case parquetFloat:
			if size = 4; len(values) >= size {
				text = appendGeneral(nil, float64(math.Float32frombits(binary.LittleEndian.Uint32(values))))
			}
		case parquetDouble:
			if size = 8; len(values) >= size {
				text = appendGeneral(nil, math.Float64frombits(binary.LittleEndian.Uint64(values)))
			}
		case parquetFixed:
			if size = int(min(column.length, int64(len(values)))); size > 0 {
				text = bytes.ToValidUTF8(values[:size], nil)
			}
		}
		if size <= 0 || size > len(values) {
			return // booleans and timestamps of twelve bytes
		}
		p.line(text, column.column)
		values = values[size:]
	}
}
