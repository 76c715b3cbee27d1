package detect

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/match/corpus"
)

// cellHeaders are columns with one and with several detectors, with words, of something else, and without a meaning.
var cellHeaders = []string{"nhs_number", "ni_number", "phone", "email", "postcode", "address", "date_of_birth", "first_name", "town", "religion", "passport", "iban", "ssn", "tax id",
	"account number", "order number", "price", "bsn", "codice fiscale", "steuer id", "ip", "password", "applicant_id", "notes", ""}

// compareCell holds that Forms make of a cell what a search and Judge make of it, and reports whether it made anything.
func compareCell(t testing.TB, s *Set, header string, value []byte) bool {
	t.Helper()
	if len(value) == 0 {
		return false
	}
	text := slices.Concat([]byte("Smith,"), value, []byte("\r\n"))
	field := Field{Label: s.Label([]byte(header)), Start: len("Smith,"), End: len("Smith,") + len(value), Floor: rules.Medium}
	lifts := []int{0}
	if field.Label == 0 {
		lifts = []int{LiftsAny, 1, 1 + len(value)%len(s.detectors)}
	}
	compareColumn(t, s, text, field)
	any := false
	for _, field.Lifts = range lifts {
		forms := s.Forms(field.Label)
		form := forms.Read(value)
		if form == Unknown {
			continue
		}
		any = true
		hits := forms.Judge(nil, text, field.Start, field.End, form)
		var want []Hit
		candidates, _ := s.Engine().Scan(nil, value, 0, true)
		for i := range candidates {
			c := candidates[i]
			c.Start, c.End = c.Start+field.Start, c.End+field.Start
			want = s.Judge(want, text, &c, &field)
		}
		if !slices.Equal(hits, want) {
			t.Fatalf("%q below %q: %+v, but a search makes it %+v", value, header, hits, want)
		}
	}
	return any
}

// compareColumn holds that ReadColumn says what Forms and JudgeCell do, asked for the first time and again, whatever cells stand beside.
func compareColumn(t testing.TB, s *Set, text []byte, field Field) {
	t.Helper()
	forms := s.Forms(field.Label)
	form := forms.Read(text[field.Start:field.End])
	want := forms.Judge(s.JudgeCell(nil, text, &field), text, field.Start, field.End, form)
	of := CellReading{Start: field.Start, End: field.End}
	for size := range 7 {
		cells := slices.Repeat([]CellReading{of}, size+1)
		cells[size/2] = CellReading{Start: 0, End: 1 + size/2, Form: Something, Hits: hitsKnown}
		cells[size] = of
		s.ReadColumn(field.Label, field.Floor, text, cells)
		for _, cell := range cells {
			value := text[cell.Start:cell.End]
			if read := forms.Read(value); cell.Form != read {
				t.Fatalf("%q is of form %d in a column, but of form %d by itself", value, cell.Form, read)
			}
			if cell.Start != of.Start || cell.End != of.End || cell.Form == Unknown {
				continue
			}
			if hits := cell.Hits.Append(nil, cell.Start, cell.End); cell.Hits.Known() && !slices.Equal(hits, want) {
				t.Fatalf("%q is %+v in a column, but %+v by itself", value, hits, want)
			}
			if packable := len(want) < 3 && !slices.ContainsFunc(want, func(h Hit) bool { return h.Start != of.Start || h.End != of.End }); cell.Hits.Known() != packable {
				t.Fatalf("%q, which is %+v: known is %v", value, want, cell.Hits.Known())
			}
		}
	}
	if field.Floor = rules.Low; s.Wordy(field.Label, field.Floor) {
		cells := []CellReading{of}
		s.ReadColumn(field.Label, field.Floor, text, cells)
		if cells[0].Form != form || cells[0].Hits.Known() {
			t.Fatalf("%+v at a floor of Low", cells[0])
		}
	}
}

func TestWordsAreRemembered(t *testing.T) {
	s := compiledCatalogue(t)
	for _, header := range []string{"surname", "religion", "first name"} {
		for _, value := range []string{"No", "Ann", "Whitfield", "No religion", "x1", "St. John-Smythe"} {
			text, label := []byte(value), s.Label([]byte(header))
			compareColumn(t, s, text, Field{Label: label, End: len(text), Floor: rules.Medium})
			var cell CellReading
			if !s.recall(label, text, &cell) || !cell.Hits.Known() {
				t.Errorf("%q below %q is not remembered", value, header)
			}
		}
	}
}

// TestFormsAreWhatASearchFinds tries the values of the tables that are measured, every example of the catalogue, and both changed a
// little, below headers that fit and others.
func TestFormsAreWhatASearchFinds(t *testing.T) {
	s := compiledCatalogue(t)
	var values []string
	headers := slices.Clone(cellHeaders)
	for _, line := range strings.Split(string(corpus.People(4<<10)), "\r\n") {
		values = append(values, strings.Split(line, ",")...)
	}
	for _, d := range s.Detectors() {
		values = append(values, d.Examples...)
		values = append(values, d.CounterExamples...)
		headers = append(headers, slices.Concat(d.Context, d.Headers)[:min(1, len(d.Context)+len(d.Headers))]...)
	}
	random := rand.New(rand.NewPCG(7, 8))
	known, asked := 0, 0
	for i, value := range values {
		values = append(values, []string{"call ", "NHS no: ", "x", "é ", "1 "}[i%5]+value)
	}
	for _, value := range values {
		for range 6 {
			if compareCell(t, s, headers[random.IntN(len(headers))], []byte(value)) {
				known++
			}
			changed := []byte(value)
			if len(changed) > 0 {
				changed[random.IntN(len(changed))] = " -0a@A.7/,"[random.IntN(10)]
			}
			compareCell(t, s, headers[random.IntN(len(headers))], changed)
			asked++
		}
	}
	if known*2 < asked {
		t.Errorf("only %d of %d cells are known", known, asked)
	}
	for i := range s.Detectors() {
		d := &s.Detectors()[i]
		for _, header := range slices.Concat(d.Context, d.Headers) {
			for _, example := range d.Examples {
				compareCell(t, s, header, []byte(example))
			}
		}
	}
}

// TestRegularTablesNeedNoSearch holds that next to all cells of a table of people are told without a search.
func TestRegularTablesNeedNoSearch(t *testing.T) {
	s := compiledCatalogue(t)
	lines := bytes.Split(bytes.TrimSpace(corpus.People(64<<10)), []byte("\r\n"))
	headers := strings.Split(string(lines[0]), ",")
	missed := map[string]int{}
	cells := 0
	for _, line := range lines[1 : len(lines)-1] {
		for i, value := range bytes.Split(line, []byte(",")) {
			cells++
			if !compareCell(t, s, headers[i], value) {
				missed[fmt.Sprint(headers[i], " ", string(value))]++
			}
		}
	}
	if cells == 0 || len(missed)*100 > cells {
		t.Errorf("of %d cells a search is needed for %d: %v", cells, len(missed), missed)
	}
}

func TestFormsMakeNoAllocations(t *testing.T) {
	s := compiledCatalogue(t)
	text := []byte("447 430 2516")
	label := s.Label([]byte("NHS number"))
	forms := s.Forms(label)
	var hits []Hit
	cells := slices.Repeat([]CellReading{{Start: 0, End: len(text)}}, 5)
	judge := func() {
		hits = forms.Judge(hits[:0], text, 0, len(text), forms.Read(text))
		s.ReadColumn(label, rules.Medium, text, cells)
	}
	judge()
	if len(hits) != 1 || hits[0].Confidence != rules.High {
		t.Fatal(hits)
	}
	if n := testing.AllocsPerRun(10, judge); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzForms(f *testing.F) {
	s := compiledCatalogue(f)
	seeds := []string{"447 430 2516", "07400 976143", "noah.walker6@example.org", "SN14 7YG", "107 York Road", "13/02/1951", "100000", "BE601116A", "GB29 NWBK 6016 1331 9268 19"}
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	for i, seed := range seeds {
		f.Add([]byte(seed), cellHeaders[i])
	}
	f.Fuzz(func(t *testing.T, value []byte, header string) {
		compareCell(t, s, header, value[:min(len(value), 96)])
	})
}
