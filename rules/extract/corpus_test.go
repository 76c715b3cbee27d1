package extract

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"stanch/rules"
)

// corpusFolder holds real files of peers' test suites. It is not part of the repository.
const corpusFolder = "../../../shared/testdata/documents"

// A corpusFile is one line of the corpus's manifest.
type corpusFile struct {
	Path        string   `json:"path"`
	Format      string   `json:"format"`
	Spreadsheet bool     `json:"spreadsheet"`
	Flags       []string `json:"flags"`
	Emails      int      `json:"emails"`
	content     []byte
}

// corpus reads the manifest and every file in it; it skips the test when the folder is absent.
func corpus(t testing.TB) []corpusFile {
	manifest, err := os.Open(filepath.Join(corpusFolder, "manifest.jsonl"))
	if err != nil {
		t.Skip("the corpus of real documents (../shared/testdata/documents) is absent")
	}
	defer manifest.Close()
	var files []corpusFile
	lines := bufio.NewScanner(manifest)
	for lines.Scan() {
		var f corpusFile
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		if f.content, err = os.ReadFile(filepath.Join(corpusFolder, f.Path)); err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		t.Fatal("the corpus is empty")
	}
	return files
}

// A result is what reading one body led to.
type result struct {
	format rules.Format
	status rules.Status
	reason rules.Reason
	text   []byte
	cells  []Cell // their Start and End lie in text
	places []string
}

// readBody reads a body the way the Inspector does: by its sniffed format, as a document or as a flat format.
func readBody(t testing.TB, content []byte, name string, limits Limits) result {
	var r result
	head := content[:min(len(content), SniffLength)]
	format := Sniff(head, "", name)
	options := Options{Name: name, Places: true, Limits: limits}
	emit := func(b *Batch) {
		last := 0
		for _, c := range b.Cells {
			if c.Start < last || c.End < c.Start || c.End > len(b.Text) || c.Column == nil {
				t.Fatalf("%s: cell %d:%d out of order in a text of %d bytes", name, c.Start, c.End, len(b.Text))
			}
			last = c.End
			c.Start += len(r.text)
			c.End += len(r.text)
			r.cells = append(r.cells, c)
		}
		r.text = append(r.text, b.Text...)
		if !slices.Contains(r.places, b.Where) {
			r.places = append(r.places, b.Where)
		}
	}
	document := NewDocument(format)
	if document == nil {
		r.format = format
		reader := NewReader(format, options)
		if reader == nil {
			return r
		}
		var batch Batch
		reader.Read(&batch, content, 0, true)
		emit(&batch)
		r.format = reader.Format()
		return r
	}
	r.format, r.status, r.reason = document.Read(bytes.NewReader(content), int64(len(content)), options, emit)
	return r
}

func TestCorpus(t *testing.T) {
	const most = time.Minute // a file is read in milliseconds; this only ends what hangs, also under the race detector on a loaded machine
	for _, f := range corpus(t) {
		start := time.Now()
		r := readBody(t, f.content, filepath.Base(f.Path), Limits{Stop: func() bool { return time.Since(start) > most }})
		t.Logf("%s: %s %s %s, %d bytes of text, %d cells, flags %v, %v", f.Path, r.format, r.status, r.reason, len(r.text), len(r.cells), f.Flags, time.Since(start))
		if r.reason == rules.Deadline || r.reason == rules.Internal {
			t.Errorf("%s: %s", f.Path, r.reason)
		}
		encrypted := slices.Contains(f.Flags, "encrypted")
		if named := r.status == rules.Unscannable && r.reason == rules.Encrypted; encrypted != named {
			t.Errorf("%s: %s %s, want encrypted named: %v", f.Path, r.status, r.reason, encrypted)
		}
		if f.Spreadsheet && len(f.Flags) == 0 && r.status != rules.Complete {
			t.Errorf("%s: %s %s, want complete", f.Path, r.status, r.reason)
		}
		if f.Emails > 0 && r.status == rules.Complete && !bytes.Contains(r.text, []byte("@")) {
			t.Errorf("%s: complete, but without its e-mail address", f.Path)
		}
	}
}
