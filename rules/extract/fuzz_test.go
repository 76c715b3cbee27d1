package extract

import (
	"testing"

	"stanch/rules"
)

// flatFormats are the formats that a Reader reads.
var flatFormats = []rules.Format{rules.Text, rules.CSV, rules.JSON, rules.NDJSON, rules.HTML, rules.XML, rules.SQL, rules.EventStream, rules.VCard, rules.Fields}

// FuzzSplit reads whatever bytes as whatever format, whole and in pieces, and wants the same.
func FuzzSplit(f *testing.F) {
	seeds := 0
	for _, written := range writtenCases() {
		f.Add([]byte(written.body), uint8(0), "", uint16(len(written.body)/2+1), uint16(3))
		seeds++
	}
	for _, c := range allCases() {
		for i, format := range flatFormats {
			if format == c.format {
				f.Add([]byte(c.body), uint8(i), c.contentType, uint16(len(c.body)/2+1), uint16(3))
				seeds++
			}
		}
	}
	if seeds == 0 {
		f.Fatal("no seeds")
	}
	f.Fuzz(func(t *testing.T, body []byte, kind uint8, contentType string, first, second uint16) {
		body = body[:min(len(body), 1<<14)] // long bodies only repeat
		format := flatFormats[int(kind)%len(flatFormats)]
		fresh := func() Reader {
			return NewReader(format, Options{ContentType: contentType, Head: body[:min(len(body), SniffLength)]})
		}
		whole := readFlat(t, fresh(), body, 0, len(body)+1)
		if diff := whole.differs(readFlat(t, fresh(), body, int(second)%80, int(first)+1, int(second)%300+1+len(body)/256)); diff != "" {
			t.Fatalf("%v: %s", format, diff)
		}
		last := int64(0)
		for i, start := range whole.starts {
			if start < last || whole.ends[i] < start || whole.ends[i] > int64(len(body)) {
				t.Fatalf("%v: text %d stems from [%d,%d), after %d", format, i, start, whole.ends[i], last)
			}
			last = start
		}
	})
}

// FuzzSniff wants an answer for whatever bytes, and the same for the same.
func FuzzSniff(f *testing.F) {
	f.Add([]byte("name,id\na,1\n"), "text/plain", "a.csv")
	f.Add([]byte("{\"a\":1}"), "", "")
	f.Add([]byte("\xff\xfea\x00b\x00"), "", "")
	f.Fuzz(func(t *testing.T, head []byte, contentType, name string) {
		head = head[:min(len(head), SniffLength)]
		if format := Sniff(head, contentType, name); format == rules.Unrecognized || (format == rules.Empty) != (len(head) == 0) {
			t.Fatalf("Sniff = %v", format)
		}
	})
}
