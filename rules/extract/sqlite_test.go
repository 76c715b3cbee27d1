package extract

import (
	"bytes"
	"encoding/binary"
	"testing"

	"stanch/rules"
)

// sqliteFixture makes a database of three pages by hand: the schema, and a table of which one row goes on in an overflow page.
func sqliteFixture() []byte {
	const page = 512
	file := make([]byte, 3*page)
	copy(file, sqliteMagic)
	binary.BigEndian.PutUint16(file[16:], page)
	binary.BigEndian.PutUint32(file[56:], 1)
	record := func(values ...string) []byte {
		header, body := []byte{0}, []byte(nil)
		for _, v := range values {
			serial := 13 + 2*len(v)
			if serial > 0x7F {
				header = append(header, byte(serial>>7)|0x80)
			}
			header = append(header, byte(serial&0x7F))
			body = append(body, v...)
		}
		header[0] = byte(len(header))
		return append(header, body...)
	}
	leaf := func(page []byte, whole []byte, cells ...[]byte) {
		page[0] = sqliteTableLeaf
		binary.BigEndian.PutUint16(page[3:], uint16(len(cells)))
		at := len(whole)
		for i, c := range cells {
			at -= len(c)
			copy(whole[at:], c)
			binary.BigEndian.PutUint16(page[8+2*i:], uint16(at))
		}
	}
	schema := record("table", "people", "people", "2", `CREATE TABLE people("full name" text, email varchar(20), note)`)
	leaf(file[sqliteHeader:], file[:page], append([]byte{byte(len(schema)), 1}, schema...))
	long := record("Grace", "grace@example.org", string(bytes.Repeat([]byte("x"), 700)))
	const usable, most, least = page, page - 35, (page-12)*32/255 - 23
	local := least + (len(long)-least)%(usable-4)
	if local > most {
		local = least
	}
	first := record("Ada", "ada@example.org", "y")
	spilled := append([]byte{byte(len(long)>>7) | 0x80, byte(len(long) & 0x7F), 2}, long[:local]...)
	spilled = binary.BigEndian.AppendUint32(spilled, 3)
	leaf(file[page:], file[page:2*page], append([]byte{byte(len(first)), 1}, first...), spilled)
	copy(file[2*page+4:], long[local:])
	return file
}

// TestSQLite reads a database with its columns, and rows that do not fit on a page.
func TestSQLite(t *testing.T) {
	r := readBody(t, sqliteFixture(), "a.db", Limits{})
	if r.format != rules.SQLite || r.status != rules.Complete {
		t.Fatalf("%s %s %s", r.format, r.status, r.reason)
	}
	found := 0
	for _, c := range r.cells {
		value := string(r.text[c.Start:c.End])
		if value == "grace@example.org" || value == "ada@example.org" {
			found++
			if c.Column.Header != "email" || c.Column.Container != "people" || c.Record == 0 {
				t.Errorf("column %+v, record %d", c.Column, c.Record)
			}
		}
	}
	if found != 2 || !bytes.Contains(r.text, bytes.Repeat([]byte("x"), 700)) {
		t.Errorf("%d addresses: %q", found, r.text)
	}
}
