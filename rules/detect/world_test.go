package detect

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// matcher finds what a detector takes in a text, by its own patterns and Valid alone.
type matcher struct {
	detector Detector
	whole    []*regexp.Regexp
}

func newMatcher(t testing.TB, d Detector) matcher {
	t.Helper()
	m := matcher{detector: d}
	for _, p := range d.Patterns {
		compiled, err := regexp.Compile(`^(?:` + p + `)$`)
		if err != nil {
			t.Fatalf("%s: %v", d.ID, err)
		}
		m.whole = append(m.whole, compiled)
	}
	return m
}

// takes reports whether value as a whole matches and is valid.
func (m matcher) takes(value string) bool {
	for _, p := range m.whole {
		if p.MatchString(value) {
			return m.detector.Valid == nil || m.detector.Valid([]byte(value))
		}
	}
	return false
}

// find returns the first span of text that the detector takes, at word boundaries on both sides.
func (m matcher) find(text string) (start, end int, found bool) {
	for start := range len(text) {
		if start > 0 && isWord(text[start]) && isWord(text[start-1]) {
			continue
		}
		for end := len(text); end > start; end-- {
			if end < len(text) && isWord(text[end-1]) && isWord(text[end]) {
				continue
			}
			if m.takes(text[start:end]) {
				return start, end, true
			}
		}
	}
	return 0, 0, false
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func TestWorldDetectorsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range worldDetectors() {
		if seen[d.ID] {
			t.Errorf("%s stands twice", d.ID)
		}
		seen[d.ID] = true
		if country, _, _ := strings.Cut(d.ID, "."); country != d.Country {
			t.Errorf("%s: country is %q", d.ID, d.Country)
		}
		if d.Title == "" || d.Source == "" || len(d.Patterns) == 0 || len(d.Context) == 0 || len(d.Examples) == 0 || len(d.CounterExamples) == 0 {
			t.Errorf("%s: title, source, patterns, context, examples and counter-examples must all be there", d.ID)
		}
		for _, word := range append(d.Context, d.Headers...) {
			if word != strings.ToLower(word) || word != strings.TrimSpace(word) || word == "" {
				t.Errorf("%s: context %q is not in lower case", d.ID, word)
			}
		}
	}
	if len(seen) == 0 {
		t.Fatal("there are no detectors")
	}
}

func TestWorldExamples(t *testing.T) {
	for _, d := range worldDetectors() {
		m := newMatcher(t, d)
		for _, example := range d.Examples {
			if !m.takes(example) {
				t.Errorf("%s: example %q is not taken", d.ID, example)
			}
			if start, end, found := m.find(d.Context[0] + ": " + example + ", and more"); !found || end-start != len(example) {
				t.Errorf("%s: example %q is not found in a text", d.ID, example)
			}
		}
		for _, example := range d.CounterExamples {
			if m.takes(example) {
				t.Errorf("%s: counter-example %q is taken", d.ID, example)
			}
		}
	}
}

// sharedLines decodes each line of a file of the shared test data; it skips the test when that is absent.
func sharedLines[T any](t *testing.T, name string) []T {
	t.Helper()
	file, err := os.Open(sharedPath(name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the shared test data is absent: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []T
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one T
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, one)
	}
	if err := lines.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%s: %d lines, %v", name, len(all), err)
	}
	return all
}

// sharedPath is the place of a shared file, seen from this package.
func sharedPath(name string) string {
	return filepath.Join("..", "..", "..", "shared", filepath.FromSlash(name))
}

// sharedMapping reads which detector answers which kind of the shared cases.
func sharedMapping(t *testing.T) (stdnum map[string][]string, presidio map[string]string) {
	t.Helper()
	raw, err := os.ReadFile(sharedPath("tools/mapping.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the shared test data is absent: %v", err)
	}
	var mapping struct {
		Stdnum   map[string][]string
		Presidio map[string]string
	}
	if err == nil {
		err = json.Unmarshal(raw, &mapping)
	}
	if err != nil {
		t.Fatal(err)
	}
	return mapping.Stdnum, mapping.Presidio
}

func worldMatchers(t *testing.T) map[string]matcher {
	matchers := map[string]matcher{}
	for _, d := range worldDetectors() {
		matchers[d.ID] = newMatcher(t, d)
	}
	return matchers
}

// TestWorldOnPublishedNumbers takes single numbers, valid or not, of the kinds that the mapping names.
func TestWorldOnPublishedNumbers(t *testing.T) {
	const leastRecall, mostInvalidTaken = 0.98, 0.01
	stdnum, _ := sharedMapping(t)
	matchers := worldMatchers(t)
	var valid, found, invalid, taken int
	for _, c := range sharedLines[struct {
		ID, Format, Value string
		Valid             *bool
	}](t, "testdata/stdnum/stdnum.jsonl") {
		kind := stdnum[c.Format]
		if c.Valid == nil || len(kind) != 2 {
			continue
		}
		m, mine := matchers[kind[0]]
		if !mine {
			continue
		}
		label := kind[1] + ": "
		start, end, ok := m.find(label + c.Value + "\n")
		switch {
		case *c.Valid:
			valid++
			if ok && start == len(label) && end == len(label)+len(c.Value) {
				found++
			} else {
				t.Logf("missed: %s (%s)", c.ID, kind[0])
			}
		default:
			invalid++
			if ok {
				taken++
				t.Logf("taken though invalid: %s (%s)", c.ID, kind[0])
			}
		}
	}
	t.Logf("found %d of %d, took %d of %d invalid ones", found, valid, taken, invalid)
	if valid == 0 || invalid == 0 {
		t.Fatal("no case ran")
	}
	if recall := float64(found) / float64(valid); recall < leastRecall {
		t.Errorf("recall is %.3f, want at least %.2f", recall, leastRecall)
	}
	if rate := float64(taken) / float64(invalid); rate > mostInvalidTaken {
		t.Errorf("%.3f of the invalid ones are taken, want at most %.2f", rate, mostInvalidTaken)
	}
}

// TestWorldOnSentences takes texts with their identifiers marked, and texts without any.
func TestWorldOnSentences(t *testing.T) {
	const leastRecall = 0.97
	_, presidio := sharedMapping(t)
	matchers := worldMatchers(t)
	var wanted, found, clean int
	for _, c := range sharedLines[struct {
		ID, Entity, Text, Positions, Strength string
		Agrees                                *bool `json:"stdnum_agrees"`
		Count                                 *int
		Spans                                 [][2]int `json:"expect_bytes"`
	}](t, "testdata/pii/presidio_recognizers.jsonl") {
		m, mine := matchers[presidio[c.Entity]]
		if !mine || c.Agrees != nil && !*c.Agrees {
			continue
		}
		if c.Positions == "none" && c.Count != nil && *c.Count == 0 {
			clean++
			if _, _, ok := m.find(c.Text); ok && m.detector.Distinctive {
				t.Errorf("false alarm without context: %s (%s)", c.ID, m.detector.ID)
			}
			continue
		}
		if c.Positions != "all" || c.Strength != "checksum" && c.Strength != "pattern" {
			continue
		}
		for _, span := range c.Spans {
			wanted++
			if m.takes(c.Text[span[0]:span[1]]) {
				found++
			} else {
				t.Logf("missed: %s (%s)", c.ID, m.detector.ID)
			}
		}
	}
	t.Logf("found %d of %d; %d texts without any", found, wanted, clean)
	if wanted == 0 || clean == 0 {
		t.Fatal("no case ran")
	}
	if recall := float64(found) / float64(wanted); recall < leastRecall {
		t.Errorf("recall is %.3f, want at least %.2f", recall, leastRecall)
	}
}

// FuzzWorldValid holds that no Valid panics or changes its value, whatever the bytes.
func FuzzWorldValid(f *testing.F) {
	all := worldDetectors()
	seeds := 0
	for _, d := range all {
		for _, example := range append(d.Examples, d.CounterExamples...) {
			f.Add([]byte(example))
			seeds++
		}
	}
	if seeds == 0 {
		f.Fatal("there are no seeds")
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		before := string(value)
		for _, d := range all {
			if d.Valid != nil {
				d.Valid(value)
			}
			if string(value) != before {
				t.Fatalf("%s changed its value", d.ID)
			}
		}
	})
}

func TestWorldValidAllocatesNothing(t *testing.T) {
	for _, d := range worldDetectors() {
		if d.Valid == nil {
			continue
		}
		value := []byte(d.Examples[0])
		if allocations := testing.AllocsPerRun(10, func() { d.Valid(value) }); allocations > 0 {
			t.Errorf("%s: Valid allocates %v times", d.ID, allocations)
		}
	}
}

func BenchmarkWorldValid(b *testing.B) {
	for _, d := range worldDetectors() {
		if d.Valid == nil {
			continue
		}
		b.Run(d.ID, func(b *testing.B) {
			value := []byte(d.Examples[0])
			b.ReportAllocs()
			for b.Loop() {
				d.Valid(value)
			}
		})
	}
}
