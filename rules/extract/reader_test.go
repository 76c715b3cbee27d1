package extract

import (
	"fmt"
	"slices"
	"testing"

	"stanch/rules"
)

// A flatReading is all that a reader made of a body.
type flatReading struct {
	text   []byte
	cells  []string
	starts []int64 // body offset of each byte of text
	ends   []int64 // where the source of each byte of text ends
	format rules.Format
}

// readFlat reads a body that arrives in pieces of the given sizes, over and over, and consumes the text as the Inspector
// does: all but the last bytes, as many as keep.
func readFlat(t testing.TB, reader Reader, body []byte, keep int, sizes ...int) flatReading {
	t.Helper()
	var all flatReading
	var batch Batch
	given, done, text, cells := 0, 0, 0, 0 // text, cells: those in batch that are recorded
	for turn := 0; ; turn++ {
		given = min(given+sizes[turn%len(sizes)], len(body))
		final := given == len(body)
		n := reader.Read(&batch, body[done:given], int64(done), final)
		if held := given - done - n; n < 0 || held < 0 || held > 4*MaxToken || final && held > 0 {
			t.Fatalf("Read of body[%d:%d] returned %d (final: %v)", done, given, n, final)
		}
		done += n
		for _, cell := range batch.Cells[cells:] {
			if cell.Start < text || cell.End < cell.Start || cell.End > len(batch.Text) || cell.Column == nil {
				t.Fatalf("cell %+v in text[%d:%d]", cell, text, len(batch.Text))
			}
			all.cells = append(all.cells, fmt.Sprintf("%q at %d: %s/%s/%d row %d record %d in %d from %d", batch.Text[cell.Start:cell.End],
				cell.Start-text+len(all.text), cell.Column.Container, cell.Column.Header, cell.Column.Number, cell.Row, cell.Record, cell.Parent, cell.RecordBody))
		}
		for i := text; i < len(batch.Text); i++ {
			all.starts = append(all.starts, batch.BodyOffset(i))
			all.ends = append(all.ends, batch.BodyEnd(i+1))
		}
		all.text = append(all.text, batch.Text[text:]...)
		if final {
			all.format = reader.Format()
			return all
		}
		batch.Drop(len(batch.Text) - keep)
		text, cells = len(batch.Text), len(batch.Cells)
	}
}

func (r flatReading) differs(other flatReading) string {
	switch {
	case string(r.text) != string(other.text):
		at := 0
		for at < min(len(r.text), len(other.text)) && r.text[at] == other.text[at] {
			at++
		}
		from := max(at-100, 0)
		return fmt.Sprintf("text at %d\n%.200q\nand\n%.200q", from, r.text[from:], other.text[from:])
	case !slices.Equal(r.cells, other.cells):
		return fmt.Sprintf("cells\n%s\nand\n%s", r.cells, other.cells)
	case !slices.Equal(r.starts, other.starts):
		return fmt.Sprintf("starts %v and %v", r.starts, other.starts)
	case !slices.Equal(r.ends, other.ends):
		return fmt.Sprintf("ends %v and %v", r.ends, other.ends)
	case r.format != other.format:
		return fmt.Sprintf("formats %v and %v", r.format, other.format)
	}
	return ""
}

// A readerCase is a body and what must be found in it.
type readerCase struct {
	name   string
	format rules.Format
	body   string
	text   string   // the whole text; "" is not compared
	cells  []string // header=value of each cell; nil is not compared
	where  []string // of each cell; nil is not compared

	contentType string
}

func allCases() []readerCase {
	return slices.Concat(textCases, csvCases, jsonCases, htmlCases, sqlCases, xmlCases, charsetCases, layerCases)
}

// TestReaders reads every case whole, in two pieces split at every offset, and byte by byte.
func TestReaders(t *testing.T) {
	cases := allCases()
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range cases {
		t.Run(c.format.String()+"/"+c.name, func(t *testing.T) {
			body := []byte(c.body)
			checkReading(t, c, body)
			fresh := func() Reader { return NewReader(c.format, Options{ContentType: c.contentType}) }
			whole := readFlat(t, fresh(), body, 0, len(body)+1)
			for _, keep := range []int{0, 64} {
				for split := 1; split < len(body); split += 1 + len(body)/1000*53 {
					if diff := whole.differs(readFlat(t, fresh(), body, keep, split, len(body))); diff != "" {
						t.Fatalf("split at %d: %s", split, diff)
					}
				}
				if diff := whole.differs(readFlat(t, fresh(), body, keep, 1)); diff != "" {
					t.Fatalf("byte by byte: %s", diff)
				}
			}
		})
	}
}

// TestSplitsOfPages splits pages at every offset before a reader that waits for no charset.
func TestSplitsOfPages(t *testing.T) {
	for _, c := range htmlCases {
		body := []byte(c.body)
		whole := readFlat(t, newPlainReader(rules.HTML, Options{}), body, 0, len(body)+1)
		for split := 1; split < len(body); split++ {
			if diff := whole.differs(readFlat(t, newPlainReader(rules.HTML, Options{}), body, 0, split, len(body))); diff != "" {
				t.Fatalf("%s: split at %d: %s", c.name, split, diff)
			}
		}
	}
}

func checkReading(t *testing.T, c readerCase, body []byte) {
	var batch Batch
	NewReader(c.format, Options{Places: true, ContentType: c.contentType}).Read(&batch, body, 0, true)
	if c.text != "" && string(batch.Text) != c.text {
		t.Errorf("text\n%q, want\n%q", batch.Text, c.text)
	}
	var cells, where []string
	for _, cell := range batch.Cells {
		cells = append(cells, cell.Column.Header+"="+string(batch.Text[cell.Start:cell.End]))
		where = append(where, cell.Where)
	}
	if c.cells != nil && !slices.Equal(cells, c.cells) {
		t.Errorf("cells\n%q, want\n%q", cells, c.cells)
	}
	if c.where != nil && !slices.Equal(where, c.where) {
		t.Errorf("where\n%q, want\n%q", where, c.where)
	}
}

// TestFoldedSpans checks that each folded place leads to exactly the bytes it came from.
func TestFoldedSpans(t *testing.T) {
	for _, c := range []struct {
		format             rules.Format
		body, text, source string
	}{
		{rules.Text, "a 4\u200b11 b", "411", "4\u200b11"},
		{rules.Text, "a \u200b411\u00ad b", "411", "411"},
		{rules.Text, "id 4\uff11\u0661 x", "411", "4\uff11\u0661"},
		{rules.Text, "tel 020\u00a07946", "020 7946", "020\u00a07946"},
		{rules.Text, "tel 020\u20137946\u2013", "020-7946-", "020\u20137946\u2013"},
		{rules.Text, "m=jo%40x.org;", "jo@x.org", "jo%40x.org"},
		{rules.Text, "m=jo%2540x.org;", "jo@x.org", "jo%2540x.org"},
		{rules.Text, "caf\xe9 4\xa01", "caf\u00e9 4 1", "caf\xe9 4\xa01"},
		{rules.HTML, "<p>jo&#64;x.org&nbsp;", "jo@x.org", "jo&#64;x.org"},
		{rules.HTML, "<p>&#52;&#x31;&#49 2", "411 2", "&#52;&#x31;&#49 2"},
		{rules.HTML, "<p>&#52;&shy;&#x31;<br>", "41", "&#52;&shy;&#x31;"},
		{rules.HTML, "<p>&#52;&shy;&#x31;<br>", "4", "&#52;"},
		{rules.HTML, "<p><b>4111</b> 11<!-- x -->11</p>", "4111 1111", "4111</b> 11<!-- x -->11"},
		{rules.JSON, `{"a":"x\u0034\u0031 y"}`, "41", `\u0034\u0031`},
		{rules.JSON, `{"a":"\ud835\udfd2\/"}`, "4/", `\ud835\udfd2\/`},
		{rules.CSV, "name,id\nbob,\"a\"\"b\"\n", `a"b`, `a""b`},
	} {
		var batch Batch
		NewReader(c.format, Options{}).Read(&batch, []byte(c.body), 0, true)
		start := indexOf(batch.Text, c.text)
		if start < 0 {
			t.Errorf("%q: %q is not in %q", c.body, c.text, batch.Text)
			continue
		}
		from, to := batch.BodyOffset(start), batch.BodyEnd(start+len(c.text))
		if got := c.body[from:to]; got != c.source {
			t.Errorf("%q: %q leads to %q, want %q", c.body, c.text, got, c.source)
		}
	}
}
