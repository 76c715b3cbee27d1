package extract

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/flate"

	"stanch/rules"
)

// zipParts are the members of a ZIP file, read by its directory.
type zipParts struct {
	reader *zip.Reader
	names  []string
}

func openZipParts(file io.ReaderAt, size int64) (*zipParts, error) {
	reader, err := zip.NewReader(file, size)
	if err != nil {
		return nil, err
	}
	reader.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	p := &zipParts{reader: reader}
	for _, f := range reader.File {
		p.names = append(p.names, f.Name)
	}
	return p, nil
}

func (p *zipParts) Names() []string { return p.names }

func (p *zipParts) Open(name string) (io.ReadCloser, error) {
	for _, f := range p.reader.File {
		if f.Name == name {
			return f.Open()
		}
	}
	return nil, fmt.Errorf("no part %q", name)
}

// A member is one file of a package that a test makes.
type member struct{ name, body string }

// zipOf makes a package of members.
func zipOf(t testing.TB, members ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, m := range members {
		f, err := w.Create(m.name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, m.body)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A readValue is one cell as a test wants to see it.
type readValue struct {
	Where, Header, Text string
	Record              int64
}

// readAll gathers the cells and the text of a reading, and checks what every batch must keep to.
type readAll struct {
	t      testing.TB
	text   strings.Builder
	values []readValue
	cells  int
}

func (a *readAll) emit(batch *Batch) {
	last := 0
	for _, c := range batch.Cells {
		if c.Start < last || c.End < c.Start || c.End > len(batch.Text) || c.Column == nil {
			a.t.Fatalf("cell [%d,%d) after %d in %d bytes of text, column %v", c.Start, c.End, last, len(batch.Text), c.Column)
		}
		last = c.End
		a.values = append(a.values, readValue{c.Where, c.Column.Header, string(batch.Text[c.Start:c.End]), c.Record})
	}
	if len(batch.Map) > 0 {
		a.t.Fatal("a document's batch has a map")
	}
	a.cells += len(batch.Cells)
	a.text.Write(batch.Text)
}

// testOptions are places and the default limits.
func testOptions() Options { return Options{Places: true, Limits: Limits{Expanded: 1 << 30}} }

// find returns the values at a place.
func (a *readAll) find(where string) []readValue {
	var found []readValue
	for _, v := range a.values {
		if v.Where == where {
			found = append(found, v)
		}
	}
	return found
}

// A sharedDocument is a real file of another project's test suite.
type sharedDocument struct {
	Path, Format, Container string
	Spreadsheet             bool
	Flags                   []string
	Rows, Cells             *int
	Emails                  int
	body                    []byte
}

// sharedDocuments are the real files whose format passes the filter. Without the folder the test is skipped; with it, a filter
// that nothing passes is a failure.
func sharedDocuments(t testing.TB, formats ...string) []sharedDocument {
	t.Helper()
	if !haveSharedDocuments() {
		t.Skip("no real documents beside the repository (../shared/testdata/documents)")
	}
	return optionalDocuments(t, formats...)
}

// sharedFolder is where the real documents are.
const sharedFolder = "../../../shared/testdata/documents"

func haveSharedDocuments() bool {
	_, err := os.Stat(filepath.Join(sharedFolder, "manifest.jsonl"))
	return err == nil
}

// optionalDocuments are the real files of some formats, none when the folder is not there.
func optionalDocuments(t testing.TB, formats ...string) []sharedDocument {
	t.Helper()
	if !haveSharedDocuments() {
		return nil
	}
	list, err := os.ReadFile(filepath.Join(sharedFolder, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var found []sharedDocument
	for line := range bytes.Lines(list) {
		var d sharedDocument
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatal(err)
		}
		for _, f := range formats {
			if d.Format == f {
				d.body, err = os.ReadFile(filepath.Join(sharedFolder, d.Path))
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, d)
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("no real document of format %v", formats)
	}
	return found
}

func hasFlag(d sharedDocument, flag string) bool {
	for _, f := range d.Flags {
		if f == flag {
			return true
		}
	}
	return false
}

func readWorkbookBytes(t testing.TB, body []byte) (*readAll, rules.Format, rules.Status, rules.Reason) {
	t.Helper()
	p, err := openZipParts(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return &readAll{t: t}, rules.ZIP, rules.Unscannable, rules.Corrupt
	}
	all := &readAll{t: t}
	format, status, reason := readXLSX(p, testOptions(), all.emit)
	return all, format, status, reason
}
