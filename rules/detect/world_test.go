package detect

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"slices"
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
	for _, p := range slices.Concat(d.Patterns, d.Typical, d.Loose) {
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
		if start > 0 && isWordByte(text[start]) && isWordByte(text[start-1]) {
			continue
		}
		for end := len(text); end > start; end-- {
			if end < len(text) && isWordByte(text[end-1]) && isWordByte(text[end]) {
				continue
			}
			if m.takes(text[start:end]) {
				return start, end, true
			}
		}
	}
	return 0, 0, false
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
		if d.Title == "" || d.Source == "" || len(d.Patterns)+len(d.Typical)+len(d.Loose) == 0 || len(d.Context) == 0 || len(d.Examples) == 0 || len(d.CounterExamples) == 0 {
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
	mapping := readMapping(t).Stdnum
	for _, further := range [][2]string{
		{"au.abn", "au.abn"}, {"au.acn", "au.acn"}, {"be.eid", "be.id_card"}, {"bg.pnf", "bg.lnch"}, {"br.cnpj", "br.cnpj"}, {"cy.vat", "cy.tic"},
		{"de.stnr", "de.tax_number"}, {"es.cif", "es.nif"}, {"gr.vat", "gr.afm"}, {"id.npwp", "id.npwp"}, {"in_.gstin", "in.gstin"}, {"it.iva", "it.vat"},
		{"ke.pin", "ke.kra_pin"}, {"nl.identiteitskaartnummer", "nl.document"}, {"sg.uen", "sg.uen"}, {"tr.vkn", "tr.vkn"},
		{"sv.nit", "sv.nit"}, {"ve.rif", "ve.rif"}, {"ca.bc_phn", "ca.bc_phn"}, {"in_.vid", "in.vid"},
	} {
		mapping[further[0]] = []string{further[1], further[1]}
	}
	cases := readCorpus(t, "stdnum/stdnum.jsonl")
	matchers := worldMatchers(t)
	valid := map[string]bool{} // by format and value: some are labelled both ways, by options of the source
	for _, c := range cases {
		if c.Valid != nil && *c.Valid {
			valid[c.Format+c.Value] = true
		}
	}
	var count tally
	for _, c := range cases {
		pair := mapping[c.Format]
		if c.Valid == nil || pair == nil || !*c.Valid && valid[c.Format+c.Value] {
			continue
		}
		m, mine := matchers[pair[0]]
		if !mine {
			continue
		}
		label, _ := foldForTest(pair[1] + ": ")
		value, _ := foldForTest(c.Value)
		start, end, found := m.find(string(label) + string(value) + "\n")
		if *c.Valid {
			count.wanted(m.detector.ID, c.ID, found && start == len(label) && end == len(label)+len(value))
		} else {
			count.unwanted(m.detector.ID, c.ID, found)
		}
	}
	count.report(t)
	if count.want == 0 || count.negatives == 0 {
		t.Fatal("no case ran")
	}
	if count.recall() < leastRecall || count.falseAlarms() > mostInvalidTaken {
		t.Errorf("recall and invalid taken are wanted at %.2f and %.2f", leastRecall, mostInvalidTaken)
	}
}

// TestWorldOnSentences takes texts with their identifiers marked, and texts without any.
func TestWorldOnSentences(t *testing.T) {
	const leastRecall = 0.97
	mapping := readMapping(t).Presidio
	matchers := worldMatchers(t)
	var count tally
	for _, c := range readCorpus(t, "pii/presidio_recognizers.jsonl") {
		m, mine := matchers[mapping[c.Entity]]
		if !mine || c.Agrees != nil && !*c.Agrees {
			continue
		}
		text, _ := foldForTest(c.Text)
		if c.Positions == "none" && c.Count != nil && *c.Count == 0 {
			_, _, found := m.find(string(text))
			count.unwanted(m.detector.ID, c.ID, found && m.detector.Distinctive)
			continue
		}
		if c.Positions != "all" || c.Strength != "checksum" && c.Strength != "pattern" {
			continue
		}
		for _, span := range c.Bytes {
			value, _ := foldForTest(c.Text[span[0]:span[1]])
			count.wanted(m.detector.ID, c.ID, m.takes(string(value)))
		}
	}
	count.report(t)
	if count.want == 0 || count.negatives == 0 {
		t.Fatal("no case ran")
	}
	if count.recall() < leastRecall || count.bad > 0 {
		t.Errorf("recall is wanted at %.2f, without a false alarm where no context is needed", leastRecall)
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

// TestWorldHeaders holds that every word that stands for a detector heads its column, in the spellings of tables, keys and forms.
func TestWorldHeaders(t *testing.T) {
	set := compiledCatalogue(t)
	for i, d := range set.Detectors() {
		if d.Country == "" || d.Country == "gb" || d.Country == "us" {
			continue
		}
		for _, phrase := range slices.Concat(d.Context, d.Headers) {
			for _, header := range []string{phrase, strings.ToUpper(phrase), strings.ReplaceAll(phrase, " ", "_"), phrase + ":"} {
				label := set.Label([]byte(header))
				if label == 0 || !set.phrases.meanings[label].headers.has(i) {
					t.Errorf("%s: the header %q is not known", d.ID, header)
				}
			}
		}
	}
}

// TestLongerPhrasesHideNothing holds that a phrase of one detector with a word like "number" behind it is known to all detectors
// that know it without.
func TestLongerPhrasesHideNothing(t *testing.T) {
	set, err := Compile([]Detector{
		{ID: "xa.passport", Title: "A", Country: "xa", Patterns: []string{`\d{7}`}, Context: []string{"passport number", "passport"},
			Source: "test", Examples: []string{"1234567"}, CounterExamples: []string{"123"}},
		{ID: "xb.passport", Title: "B", Country: "xb", Patterns: []string{`\d{7}`}, Context: []string{"passport"},
			Source: "test", Examples: []string{"1234567"}, CounterExamples: []string{"123"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{"passport", "passport number", "Passport No."} {
		label := set.Label([]byte(header))
		for i, d := range set.Detectors() {
			if !set.phrases.meanings[label].headers.has(i) {
				t.Errorf("the header %q does not name %s", header, d.ID)
			}
		}
	}
}

// TestWorldCheckDigitsRefuse holds that a detector which does not say Ranges refuses most numbers of its form: a column of anything
// else must not look like a column of identifiers. Half of the numbers are serials with zeros before them.
func TestWorldCheckDigitsRefuse(t *testing.T) {
	const tries, mostTaken, serialDigits = 400, 0.3, 5
	random := rand.New(rand.NewPCG(1, 2))
	ran := 0
	for _, d := range worldDetectors() {
		if d.Valid == nil || d.Ranges {
			continue
		}
		ran++
		taken := [2]int{}
		for i := range tries {
			value := []byte(d.Examples[0])
			left := bytes.Count(bytes.Map(digitsOnly, value), nil) - 1
			for j, c := range value {
				if !isDigit(c) {
					continue
				}
				value[j] = byte('0' + random.IntN(10))
				if i%2 == 1 && left > serialDigits {
					value[j] = '0'
				}
				left--
			}
			if d.Valid(value) {
				taken[i%2]++
			}
		}
		for kind, n := range taken {
			if float64(n) > mostTaken*tries/2 {
				t.Errorf("%s takes %d of %d made-up numbers of kind %d: does it check no more than ranges?", d.ID, n, tries/2, kind)
			}
		}
	}
	if ran == 0 {
		t.Fatal("no detector ran")
	}
}

func digitsOnly(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}
