package extract

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/klauspost/compress/snappy"

	"stanch/rules"
)

// A thriftWriter writes structures in Thrift's compact protocol. Fields must come in order, fewer than 16 apart.
type thriftWriter struct {
	out  []byte
	last []int16
}

func (w *thriftWriter) field(id int16, kind byte) {
	top := len(w.last) - 1
	w.out = append(w.out, byte(id-w.last[top])<<4|kind)
	w.last[top] = id
}

func (w *thriftWriter) open()  { w.last = append(w.last, 0) }
func (w *thriftWriter) close() { w.out = append(w.out, 0); w.last = w.last[:len(w.last)-1] }

func (w *thriftWriter) number(id int16, v int64) {
	w.field(id, 6)
	w.out = binary.AppendVarint(w.out, v)
}

func (w *thriftWriter) text(id int16, v string) {
	w.field(id, 8)
	w.raw(v)
}

func (w *thriftWriter) raw(v string) {
	w.out = append(binary.AppendUvarint(w.out, uint64(len(v))), v...)
}

func (w *thriftWriter) list(id int16, kind byte, count int) {
	w.field(id, 9)
	w.out = append(w.out, byte(count)<<4|kind)
}

// parquetFixture makes a file of two columns: an optional text column, compressed, and a column of numbers with a dictionary.
func parquetFixture() []byte {
	file := []byte(parquetMagic)
	page := func(kind, encoding int64, content []byte, packed []byte) (start int64) {
		start = int64(len(file))
		w := thriftWriter{}
		w.open()
		w.number(1, kind)
		w.number(2, int64(len(content)))
		w.number(3, int64(len(packed)))
		w.field(5+int16(kind), 12) // 5 of a data page, 7 of a dictionary
		w.open()
		w.number(1, 2)
		w.number(2, encoding)
		w.close()
		w.close()
		file = append(append(file, w.out...), packed...)
		return start
	}
	levels := []byte{2, 0, 0, 0, 6, 1}
	var values []byte
	for _, v := range []string{"ada@example.org", "grace@example.org"} {
		values = append(binary.LittleEndian.AppendUint32(values, uint32(len(v))), v...)
	}
	text := append(levels, values...)
	first := page(parquetDataPage, parquetPlain, text, snappy.Encode(nil, text))
	firstEnd := int64(len(file))
	numbers := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 4111111111111111), 7)
	second := page(parquetDictionaryPage, parquetPlain, numbers, numbers)
	indices := page(parquetDataPage, parquetRLEDictionary, []byte{1, 4, 1}, []byte{1, 4, 1})
	end := int64(len(file))

	w := thriftWriter{}
	w.open()
	w.number(1, 1)
	w.list(2, 12, 3)
	element := func(kind, repetition int64, name string, children int64) {
		w.open()
		if children == 0 {
			w.number(1, kind)
		}
		w.number(3, repetition)
		w.text(4, name)
		if children > 0 {
			w.number(5, children)
		}
		w.close()
	}
	element(0, 0, "schema", 2)
	element(parquetByteArray, 1, "email", 0)
	element(parquetInt64, 0, "card", 0)
	w.number(3, 2)
	w.list(4, 12, 1)
	w.open()
	w.list(1, 12, 2)
	chunk := func(kind int64, name string, codec, size, data, dictionary int64) {
		w.open()
		w.field(3, 12)
		w.open()
		w.number(1, kind)
		w.list(3, 8, 1)
		w.raw(name)
		w.number(4, codec)
		w.number(7, size)
		w.number(9, data)
		if dictionary > 0 {
			w.number(11, dictionary)
		}
		w.close()
		w.close()
	}
	chunk(parquetByteArray, "email", 1, firstEnd-first, first, 0)
	chunk(parquetInt64, "card", 0, end-second, indices, second)
	w.close()
	w.close()
	file = append(file, w.out...)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(w.out)))
	return append(file, parquetMagic...)
}

// TestParquet reads columns with their names, and names what is encrypted or cut off.
func TestParquet(t *testing.T) {
	body := parquetFixture()
	r := readBody(t, body, "a.parquet", Limits{})
	if r.format != rules.Parquet || r.status != rules.Complete {
		t.Fatalf("%s %s %s", r.format, r.status, r.reason)
	}
	want := map[string]string{"ada@example.org": "email", "grace@example.org": "email", "4111111111111111": "card", "7": "card"}
	for _, c := range r.cells {
		value := string(r.text[c.Start:c.End])
		if want[value] != c.Column.Header {
			t.Errorf("%q stands in column %q", value, c.Column.Header)
		}
		delete(want, value)
	}
	if len(want) > 0 {
		t.Errorf("missed: %v", want)
	}
	if r := readBody(t, append(bytes.Clone(body[:len(body)-4]), parquetEncrypted...), "a.parquet", Limits{}); r.status != rules.Unscannable || r.reason != rules.Encrypted {
		t.Errorf("encrypted footer: %s %s", r.status, r.reason)
	}
	if r := readBody(t, body[:len(body)-9], "a.parquet", Limits{}); r.status != rules.Unscannable || r.reason != rules.Corrupt {
		t.Errorf("cut off: %s %s", r.status, r.reason)
	}
}

func FuzzParquet(f *testing.F) {
	fuzzDocument(f, []rules.Format{rules.Parquet}, [][]byte{parquetFixture()})
}
