package extract

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"

	"stanch/rules"
)

// realFiles returns the files of the folder of real cases that match a pattern, beside some bodies of our own.
func realFiles(t *testing.T, pattern string, own ...string) map[string][]byte {
	files := make(map[string][]byte)
	for i, body := range own {
		files[string(rune('a'+i))] = []byte(body)
	}
	names, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "testdata", pattern))
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = body
	}
	if len(files) == 0 {
		t.Fatal("no files")
	}
	return files
}

// values returns the text of all cells.
func values(format rules.Format, body []byte) []string {
	var batch Batch
	NewReader(format, Options{}).Read(&batch, body, 0, true)
	var all []string
	for _, cell := range batch.Cells {
		all = append(all, string(batch.Text[cell.Start:cell.End]))
	}
	return all
}

// TestJSONOracle compares the values of JSON with those of encoding/json, where that accepts it.
func TestJSONOracle(t *testing.T) {
	for name, body := range realFiles(t, "*/json/*", `{"a":["b",1,true,null,{"c":""}],"d":"\u00e9\n"}`) {
		if !json.Valid(body) || !utf8.Valid(body) {
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		var want []string
		var keys []bool // of the open objects and arrays: whether a key comes next; arrays have no entry that changes
		var objects []bool
		for {
			token, err := decoder.Token()
			if err != nil {
				break
			}
			depth := len(objects)
			isKey := depth > 0 && objects[depth-1] && keys[depth-1]
			if depth > 0 && objects[depth-1] {
				keys[depth-1] = !keys[depth-1]
			}
			switch token := token.(type) {
			case json.Delim:
				if token == '{' || token == '[' {
					objects, keys = append(objects, token == '{'), append(keys, token == '{')
				} else {
					objects, keys = objects[:depth-1], keys[:depth-1]
					if depth > 1 && objects[depth-2] {
						keys[depth-2] = true
					}
				}
			case string:
				if !isKey && token != "" && depth > 0 {
					want = append(want, token)
				}
			case json.Number:
				if depth > 0 {
					want = append(want, token.String())
				}
			case bool:
				if depth > 0 {
					want = append(want, map[bool]string{true: "true", false: "false"}[token])
				}
			}
		}
		compareValues(t, name, values(rules.JSON, body), want)
	}
}

// compareValues compares values in the form in which both sides agree: folded, without what cannot be seen.
func compareValues(t *testing.T, name string, got, want []string) {
	t.Helper()
	clean := func(values []string) []string {
		var all []string
		for _, value := range values {
			value = strings.Join(strings.Fields(canonical(value)), " ")
			single := len(value) == 1 && joinClasses[value[0]] != joinNever // in an array it is no cell
			if value != "" && !single {
				all = append(all, value)
			}
		}
		return all
	}
	got, want = clean(got), clean(want)
	if slices.Equal(got, want) {
		return
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("%s: value %d of %d and %d: %.80q, want %.80q", name, i, len(got), len(want), got[i], want[i])
			return
		}
	}
	t.Errorf("%s: %d values, want %d", name, len(got), len(want))
}

// canonical is text as the reader for running text gives it.
func canonical(text string) string {
	var batch Batch
	newTextReader(rules.Text).Read(&batch, []byte(html.UnescapeString(text)), 0, true)
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, string(batch.Text))
}

// TestCSVOracle compares the fields of tables with those of encoding/csv, where that accepts them.
func TestCSVOracle(t *testing.T) {
	for name, body := range realFiles(t, "*/csv*/*.csv", "name,id\n\"a, \"\"b\"\"\",1\n\"x\ny\",2\n") {
		reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte(byteOrderMark))))
		rows, err := reader.ReadAll()
		if err != nil || len(rows) < 2 || len(rows[0]) < 2 {
			continue
		}
		var want []string
		for i, row := range rows {
			if i > 0 {
				want = append(want, row...)
			}
		}
		got := values(rules.CSV, body)
		if len(got) > len(want) {
			// Without a header in our eyes.
			got = got[len(rows[0]):]
		}
		compareValues(t, name, got, want)
	}
}

// TestEntitiesOracle compares every named entity that is known here with the standard library's.
func TestEntitiesOracle(t *testing.T) {
	for name, r := range namedEntities() {
		if got := html.UnescapeString("&" + name + ";"); got != string(r) {
			t.Errorf("&%s; is %q, want %q", name, r, got)
		}
		if len(name) >= longestName {
			t.Errorf("%q is longer than longestName allows", name)
		}
	}
}

// TestTableOracle compares the cells of tables that hold nothing but text with those of x/net/html.
func TestTableOracle(t *testing.T) {
	compared := 0
	for name, body := range realFiles(t, "clean/html/*", "<table><tr><th>a</th><th>b</th></tr><tr><td>x</td><td> y&eacute; </td></tr></table>") {
		if !utf8.Valid(body) {
			continue // it names its charset, which this parser does not read
		}
		root, err := nethtml.Parse(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		have := make(map[string]bool)
		for _, value := range values(rules.HTML, body) {
			have[canonical(strings.Join(strings.Fields(value), " "))] = true
		}
		for node := range root.Descendants() {
			if node.Type != nethtml.ElementNode || node.Data != "td" || node.FirstChild == nil || node.FirstChild != node.LastChild || node.FirstChild.Type != nethtml.TextNode {
				continue
			}
			want := strings.Join(strings.Fields(canonical(node.FirstChild.Data)), " ")
			if want == "" || len(want) > 1000 {
				continue
			}
			compared++
			if !have[want] {
				t.Errorf("%s: no cell %.80q", name, want)
			}
		}
	}
	if compared == 0 {
		t.Fatal("compared nothing")
	}
}
