package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/match"
	"stanch/rules/match/corpus"
)

// judgeEach is Judge as it is defined, without a plan: every owner of every pattern is asked with everything around the candidate.
func judgeEach(s *Set, text []byte, candidate match.Candidate, field Field) (hits []Hit) {
	low, high := 0, len(text)
	if field.End > 0 {
		low, high = min(field.Start, candidate.Start), max(field.End, candidate.End)
	}
	column := s.column(field.Label)
	glued := gluedBefore(text[low:candidate.Start]) || gluedAfter(text[candidate.End:high])
	var near surrounding
	s.around(&near, &Nearby{}, text, low, high, candidate.Start, candidate.End)
	value := occurrence{text[:high], low, candidate.Start, candidate.End}
	for _, pattern := range s.engine.Patterns(candidate.Set) {
		for _, o := range s.owners[pattern] {
			d := s.detectors[o.detector]
			hit := Hit{Detector: o.detector, Start: candidate.Start, End: candidate.End, Grade: o.grade}
			if glued && (!d.embedded || o.grade != Distinctive) {
				continue
			}
			if d.Examine != nil {
				r := d.Examine(text[:high], hit.Start, hit.End)
				if r.Grade == Rejected || r.Start < low || r.End > high || r.Start >= r.End {
					continue
				}
				hit.Start, hit.End = r.Start, r.End
				if o.grade != Loose {
					hit.Grade = min(r.Grade, max(o.grade, Checked))
				}
			} else if d.Valid != nil && !d.Valid(text[hit.Start:hit.End]) {
				continue
			}
			if hit.Grade == Distinctive && !d.Distinctive && value.inRow() {
				hit.Grade = Checked
			}
			named := column != nil && column.headers.has(o.detector)
			switch {
			case named, near.labelled && near.label.has(o.detector),
				!near.labelled && column == nil && near.context.has(o.detector) && !(o.grade == Loose && d.LooseNeedsLabel):
				hit.Confidence = supported[hit.Grade]
			case !d.Distinctive && (column != nil || near.labelled):
				hit.Confidence = min(alone[hit.Grade], rules.Low)
			default:
				hit.Confidence = alone[hit.Grade]
			}
			if hit.Confidence == 0 {
				continue
			}
			same := slices.IndexFunc(hits, func(h Hit) bool { return h.Detector == hit.Detector })
			if same < 0 {
				hits = append(hits, hit)
			} else if cmp.Or(cmp.Compare(hit.Confidence, hits[same].Confidence), cmp.Compare(hit.Grade, hits[same].Grade)) > 0 {
				hits[same] = hit
			}
		}
	}
	whole := candidate.Start == low && candidate.End == high
	hits = slices.DeleteFunc(hits, func(h Hit) bool {
		lifted := field.Lifts == h.Detector+1 || field.Lifts == LiftsAny && (whole || s.detectors[h.Detector].Examine != nil)
		return h.Confidence < field.Floor && !lifted
	})
	if field.Floor >= rules.Medium && field.Lifts == 0 {
		hits = keepBest(hits, 0)
	}
	return hits
}

// compareJudgements judges every candidate of a text both ways, in fields with many labels.
func compareJudgements(t *testing.T, s *Set, text []byte, headers []string) (judged int) {
	candidates, _ := s.Engine().Scan(nil, text, 0, true)
	var nearby Nearby
	for _, c := range candidates {
		if int(c.Set) >= s.Engine().Sets() || c.Set == 0 {
			t.Fatalf("%q has the set %d of %d", text[c.Start:c.End], c.Set, s.Engine().Sets())
		}
		fields := []Field{{}, {Floor: rules.Medium}, {Floor: rules.High}, {Floor: rules.Medium, Nearby: &nearby}}
		for _, around := range []int{0, 1, 30} {
			start, end := max(0, c.Start-around), min(len(text), c.End+around)
			for _, floor := range []rules.Confidence{0, rules.Medium} {
				fields = append(fields, Field{Start: start, End: end, Floor: floor}, Field{Start: start, End: end, Floor: rules.Medium, Lifts: LiftsAny},
					Field{Start: start, End: end, Floor: rules.Medium, Lifts: 1 + c.Start%len(s.detectors)})
				for _, header := range headers {
					fields = append(fields, Field{Label: s.Label([]byte(header)), Start: start, End: end, Floor: floor})
				}
			}
		}
		for _, field := range fields {
			want := judgeEach(s, text, c, field)
			if got := s.Judge(nil, text, &c, &field); !slices.Equal(sorted(got), sorted(want)) {
				t.Fatalf("%q in %q as %+v: %+v, but %+v by the definition", text[c.Start:c.End], text[max(0, c.Start-60):min(len(text), c.End+40)], field, got, want)
			}
			judged++
		}
	}
	return judged
}

func sorted(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Detector, b.Detector), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return hits
}

var referenceHeaders = []string{"phone", "NHS No", "email", "date of birth", "order number", "passport", "account number", "price", "address", "national insurance number", "ip"}

func TestJudgeIsWhatItsDefinitionSays(t *testing.T) {
	s := compiledCatalogue(t)
	texts := map[string][]byte{}
	for name, text := range benchmarkTexts() {
		texts[name] = text[:min(len(text), 6<<10)]
	}
	for _, text := range corpus.All() {
		texts[text.Name] = text.Bytes[:8<<10]
	}
	var examples strings.Builder
	for i, d := range s.Detectors() {
		for _, example := range d.Examples {
			context := append(d.Context, "see")
			fmt.Fprintf(&examples, "%s: %s, %s order no. %s\n%s", context[0], example, example, example, strings.Repeat(" x", i%3))
		}
	}
	texts["examples"] = []byte(examples.String())
	texts["labels in cells"] = []byte("NHS number: 943 476 5919,phone 020 7946 0958 / 415-555-0132,order 4155550132\ntel\n07700 900123;é4155550132;№ 4012888888881881")
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if compareJudgements(t, s, text, referenceHeaders) == 0 && name != "html-clean" {
				t.Fatal("nothing was judged")
			}
		})
	}
}

func FuzzJudgeIsWhatItsDefinitionSays(f *testing.F) {
	s := compiledCatalogue(f)
	seeds := []string{"NHS No: 943 476 5919", "+44 20 7946 0958 ext 12 1-415-555-0132", "GB29 NWBK 6016 1331 9268 19 AB123456C", "a..b@b.co 10.1.2.3:80", "身份证号码 11010519491231002X",
		"\xff1234567890\xc3 phone: 1234567", "born 29.03.1982 (415) 555-0132", "4012888888881881 20100101 12/11/1980"}
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	for i, seed := range seeds {
		f.Add([]byte(seed), referenceHeaders[i])
	}
	f.Fuzz(func(t *testing.T, text []byte, header string) {
		compareJudgements(t, s, text[:min(len(text), 512)], []string{header})
	})
}
