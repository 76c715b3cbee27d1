package detect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"stanch/rules"
	"stanch/rules/match"
)

// sharedFolder holds the labelled cases; it is no part of the repository.
const sharedFolder = "../../../shared"

// A corpusCase is one line of the labelled cases, of any of the sets.
type corpusCase struct {
	ID, Text, Entity, Strength, Mode, Positions string
	Format, Value                               string
	Valid                                       *bool
	NER, Leniency                               json.RawMessage
	Agrees                                      *bool    `json:"stdnum_agrees"`
	Count                                       *int     `json:"count"`
	Bytes                                       [][2]int `json:"expect_bytes"`
	International                               [][2]int `json:"expect_no_region"`
	Possible                                    [][2]int `json:"expect_possible"`
	Spans                                       []struct {
		Entity string
		Start  int `json:"start_byte"`
		End    int `json:"end_byte"`
	}
}

// A corpusMapping tells which detector an entity of another project stands for.
type corpusMapping struct {
	Presidio map[string]string
	Stdnum   map[string][]string
}

func readCorpus(t testing.TB, names ...string) []corpusCase {
	var cases []corpusCase
	for _, name := range names {
		f, err := os.Open(filepath.Join(sharedFolder, "testdata", name))
		if err != nil {
			t.Skipf("the shared folder with labelled cases is absent: %v", err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var c corpusCase
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		t.Fatalf("%v hold no case", names)
	}
	return cases
}

func readMapping(t testing.TB) (m corpusMapping) {
	text, err := os.ReadFile(filepath.Join(sharedFolder, "tools", "mapping.json"))
	if err != nil {
		t.Skipf("the shared folder with labelled cases is absent: %v", err)
	}
	var all struct {
		Presidio map[string]string
		Stdnum   map[string]json.RawMessage
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	m.Presidio, m.Stdnum = all.Presidio, map[string][]string{}
	for k, v := range all.Stdnum {
		var pair []string
		if json.Unmarshal(v, &pair) == nil && len(pair) == 2 {
			m.Stdnum[k] = pair
		}
	}
	return m
}

// A span is a hit in the offsets of the text before folding.
type span struct {
	detector   string
	start, end int
	confidence rules.Confidence
}

// findAll judges a text as running text, folded as the extractors fold it.
func findAll(s *Set, text string, floor rules.Confidence) (spans []span) {
	folded, offsets := foldForTest(text)
	var nearby Nearby
	field := Field{Floor: floor, Nearby: &nearby}
	candidates, _ := s.Engine().Scan(nil, folded, 0, true)
	var hits []Hit
	for _, c := range candidates {
		hits = s.Judge(hits, folded, &c, &field)
	}
	hits = s.JudgeProse(hits, folded, 0, field)
	for _, h := range hits {
		spans = append(spans, span{s.Detectors()[h.Detector].ID, offsets[h.Start], offsets[h.End], h.Confidence})
	}
	return spans
}

// foldForTest writes wide digits and signs, dashes and spaces as ASCII, and tells where each byte stood.
func foldForTest(text string) (folded []byte, offsets []int) {
	for at, r := range text {
		switch {
		case r >= 0xff01 && r <= 0xff5e:
			r -= 0xfee0
		case r == 0x3000 || r == 0xa0 || r >= 0x2000 && r <= 0x200a || r == 0x202f:
			r = ' '
		case r >= 0x2010 && r <= 0x2015 || r == 0x2212:
			r = '-'
		}
		before := len(folded)
		folded = utf8.AppendRune(folded, r)
		for range len(folded) - before {
			offsets = append(offsets, at)
		}
	}
	return folded, append(offsets, len(text))
}

// overlaps reports whether two spans share half of the longer, or one holds the other.
func overlaps(aStart, aEnd, bStart, bEnd int) bool {
	low, high := max(aStart, bStart), min(aEnd, bEnd)
	if high <= low {
		return false
	}
	return (high-low)*2 >= max(aEnd-aStart, bEnd-bStart) || low == aStart && high == aEnd || low == bStart && high == bEnd
}

func has(spans []span, detector string, start, end int) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.detector == detector && overlaps(start, end, s.start, s.end) })
}

func hasSpan(spans []span, detector string, floor rules.Confidence) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return s.detector == detector && s.confidence >= floor })
}

// A tally counts what was to be found and what was found, by detector.
type tally struct {
	hit, want, bad, negatives int
	kinds                     map[string]*[4]int
	misses                    []string
}

func (c *tally) kind(detector string) *[4]int {
	if c.kinds == nil {
		c.kinds = map[string]*[4]int{}
	}
	if c.kinds[detector] == nil {
		c.kinds[detector] = new([4]int)
	}
	return c.kinds[detector]
}

func (c *tally) wanted(detector, id string, found bool) {
	k := c.kind(detector)
	c.want++
	k[1]++
	if found {
		c.hit++
		k[0]++
	} else {
		c.misses = append(c.misses, detector+" missed in "+id)
	}
}

func (c *tally) unwanted(detector, id string, found bool) {
	k := c.kind(detector)
	c.negatives++
	k[3]++
	if found {
		c.bad++
		k[2]++
		c.misses = append(c.misses, detector+" false alarm in "+id)
	}
}

func (c *tally) recall() float64      { return float64(c.hit) / float64(max(c.want, 1)) }
func (c *tally) falseAlarms() float64 { return float64(c.bad) / float64(max(c.negatives, 1)) }

func (c *tally) report(t *testing.T) {
	t.Helper()
	slices.Sort(c.misses)
	for _, m := range c.misses {
		t.Log(m)
	}
	t.Logf("recall %d/%d = %.3f, false alarms %d/%d = %.3f", c.hit, c.want, c.recall(), c.bad, c.negatives, c.falseAlarms())
}

func compiledCatalogue(t testing.TB) *Set {
	t.Helper()
	s, err := Compile(Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPresidioCorpus(t *testing.T) {
	m := readMapping(t)
	cases := readCorpus(t, "pii/presidio_recognizers.jsonl")
	s := compiledCatalogue(t)
	var c tally
	for _, p := range cases {
		d := m.Presidio[p.Entity]
		if d == "" || set(p.NER) || p.Agrees != nil && !*p.Agrees ||
			p.Mode != "" && p.Mode != "default" || set(p.Leniency) {
			continue
		}
		spans := findAll(s, p.Text, rules.Low)
		switch {
		case p.Positions == "none" && p.Count != nil && *p.Count == 0:
			c.unwanted(d, p.ID, hasSpan(spans, d, rules.Medium))
		case (p.Strength == "checksum" || p.Strength == "pattern") && p.Positions == "all":
			for _, e := range p.Bytes {
				c.wanted(d, p.ID, has(spans, d, e[0], e[1]))
			}
		case p.Strength == "checksum" || p.Strength == "pattern" || p.Strength == "context":
			c.wanted(d, p.ID, hasSpan(spans, d, rules.Low))
		}
	}
	c.report(t)
	if c.recall() < 0.97 || c.falseAlarms() > 0.02 {
		t.Errorf("recall and false alarms are wanted at 0.97 and 0.02")
	}
}

func TestResearchCorpus(t *testing.T) {
	m := readMapping(t)
	patterns := []string{"CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "US_SSN", "IBAN_CODE", "IP_ADDRESS", "US_DRIVER_LICENSE"}
	cases := readCorpus(t, "pii/presidio_research.jsonl")
	s := compiledCatalogue(t)
	var c, words tally
	reported, spurious := 0, 0
	for _, p := range cases {
		spans := findAll(s, p.Text, rules.Low)
		for _, e := range p.Spans {
			if d := m.Presidio[e.Entity]; slices.Contains(patterns, e.Entity) {
				c.wanted(d, p.ID, has(spans, d, e.Start, e.End))
			} else if d != "" {
				words.wanted(d, p.ID, has(spans, d, e.Start, e.End))
			}
		}
		for _, f := range spans {
			if f.confidence < rules.Medium || f.detector == "person_name" || f.detector == "postal_address" {
				continue
			}
			reported++
			if !slices.ContainsFunc(p.Spans, func(e struct {
				Entity string
				Start  int `json:"start_byte"`
				End    int `json:"end_byte"`
			}) bool {
				return overlaps(e.Start, e.End, f.start, f.end)
			}) {
				spurious++
				c.misses = append(c.misses, f.detector+" false alarm in "+p.ID)
			}
		}
	}
	c.report(t)
	for d, k := range words.kinds {
		t.Logf("%s: %d/%d", d, k[0], k[1])
	}
	precision := 1 - float64(spurious)/float64(max(reported, 1))
	t.Logf("precision %.3f", precision)
	if c.recall() < 0.90 || precision < 0.97 {
		t.Errorf("recall and precision are wanted at 0.90 and 0.97")
	}
}

func TestPhoneCorpus(t *testing.T) {
	cases := readCorpus(t, "pii/phone_in_text.jsonl")
	s := compiledCatalogue(t)
	var c tally
	for _, p := range cases {
		spans := findAll(s, p.Text, rules.Low)
		runes := []rune(p.Text)
		for _, e := range p.International {
			c.wanted("phone", p.ID, has(spans, "phone", len(string(runes[:e[0]])), len(string(runes[:e[1]]))))
		}
		if len(p.Possible) == 0 {
			c.unwanted("phone", p.ID, hasSpan(spans, "phone", rules.Medium))
		}
	}
	c.report(t)
	if c.recall() < 0.90 || c.bad > 1 {
		t.Errorf("recall is wanted at 0.90, with at most 1 false alarm")
	}
}

func TestStdnumCorpus(t *testing.T) {
	m := readMapping(t)
	cases := readCorpus(t, "stdnum/stdnum.jsonl", "stdnum/uk_ids.jsonl")
	s := compiledCatalogue(t)
	var c tally
	for _, p := range cases {
		pair := m.Stdnum[p.Format]
		if pair == nil || p.Valid == nil {
			continue
		}
		found := hasSpan(findAll(s, pair[1]+": "+p.Value+"\n", rules.Low), pair[0], rules.Medium)
		if *p.Valid {
			c.wanted(pair[0], p.ID, found)
		} else {
			c.unwanted(pair[0], p.ID, found)
		}
	}
	c.report(t)
	perfect, kinds := 0, 0
	for id, k := range c.kinds {
		if k[1] > 0 {
			kinds++
		}
		if k[1] > 0 && k[0] == k[1] && k[2] == 0 {
			perfect++
		} else {
			t.Logf("%s: found %d/%d, invalid taken %d/%d", id, k[0], k[1], k[2], k[3])
		}
	}
	t.Logf("%d of %d kinds with valid cases perfect", perfect, kinds)
	if c.recall() < 0.98 || c.falseAlarms() > 0.025 || perfect*10 < kinds*8 {
		t.Errorf("recall, invalid taken and perfect kinds are wanted at 0.98, 0.025 and four of five")
	}
}

// TestCleanCorpus reads pages of documentation, tables and logs as plain text: it is harder than what the extractors give.
func TestCleanCorpus(t *testing.T) {
	s := compiledCatalogue(t)
	counts, files := map[string]int{}, 0
	folder := filepath.Join(sharedFolder, "testdata", "clean")
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".md") || strings.HasSuffix(path, "manifest.jsonl") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		text = bytes.ToValidUTF8(text, []byte("?"))
		folded, _ := foldForTest(string(text))
		var nearby Nearby
		var candidates []match.Candidate
		var hits []Hit
		candidates, _ = s.Engine().Scan(candidates, folded, 0, true)
		for _, c := range candidates {
			hits = s.Judge(hits, folded, &c, &Field{Floor: rules.Medium, Nearby: &nearby})
		}
		for _, h := range hits {
			d := s.Detectors()[h.Detector].ID
			if d != "email" && d != "ip_address" {
				counts[d]++
				if testing.Verbose() {
					line := folded[max(0, h.Start-40):min(len(folded), h.End+20)]
					t.Logf("%s %v in %s: %q", d, h.Confidence, filepath.Base(path), line)
				}
			}
		}
		return nil
	})
	if os.IsNotExist(err) {
		t.Skipf("the shared folder with clean pages is absent: %v", err)
	}
	if err != nil || files == 0 {
		t.Fatalf("read %d files: %v", files, err)
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	t.Logf("%d findings at medium and above in %d files: %v", total, files, counts)
	if total > 30 {
		t.Errorf("at most 30 findings are wanted")
	}
}

// set reports whether a field of a case says something.
func set(field json.RawMessage) bool {
	return !slices.Contains([]string{"", "null", "false", "0", `""`}, string(field))
}
