package detect

import (
	"errors"
	"fmt"
	"hash/maphash"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"stanch/rules/match"
)

// A Set is a compiled catalogue. It is safe for concurrent use.
type Set struct {
	sources    []Detector
	detectors  []compiled
	engine     *match.Engine
	wholes     *match.WholeSet
	owners     [][]owner              // by pattern, in the order of the engine's
	plans      []atomic.Pointer[plan] // by the engine's sets of patterns
	phrases    *phrases
	prose      *prose
	cells      cellForms
	remembered wordMemory
	seed       maphash.Seed
	secrets    hashSecrets

	every, distinctive, embedded, examining detectorSet
}

// compiled is a detector with what Judge needs to know of it at once.
type compiled struct {
	*Detector
	valid                         func(value []byte) bool
	examine                       func(text []byte, start, end int) Reading
	distinctive, embedded, direct bool // embedded: it may be a part of a longer token; direct: LooseNeedsLabel
	literal                       bool
}

// compile takes over a detector.
func (s *Set) compile(d *Detector) {
	i := len(s.detectors)
	c := compiled{Detector: d, valid: d.Valid, examine: d.Examine, distinctive: d.Distinctive, embedded: d.Distinctive || d.Embedded,
		direct: d.LooseNeedsLabel, literal: d.Literal}
	s.detectors = append(s.detectors, c)
	s.every.add(i)
	if c.distinctive {
		s.distinctive.add(i)
	}
	if c.embedded {
		s.embedded.add(i)
	}
	if c.examine != nil {
		s.examining.add(i)
	}
}

// An owner is a detector that a pattern belongs to, with the grade that the form gives.
type owner struct {
	detector int
	grade    Grade
}

// idForm is what an id looks like: a family or country, then a name; or a name alone for what is found everywhere.
var idForm = regexp.MustCompile(`^([a-z]{2}|secret|special)\.[a-z][a-z0-9_]*$|^[a-z][a-z0-9_]*$|^canary\.[a-z0-9_.-]+$`)

// canaryFamily are the detectors of records that an operator planted. Their values are told to nobody, so that they have no examples.
const canaryFamily = "canary."

// Compile prepares detectors; the error names each detector that is wrong and how. It keeps the slice: the caller must not
// change it any more.
func Compile(detectors []Detector) (*Set, error) {
	s := &Set{sources: detectors, phrases: newPhrases(countPhrases(detectors)), prose: newProse(detectors), seed: maphash.MakeSeed()}
	s.secrets = newHashSecrets(s.seed)
	var problems []error
	if len(detectors) > maxDetectors {
		problems = append(problems, fmt.Errorf("detect: %d detectors; at most %d are allowed", len(detectors), maxDetectors))
		return nil, errors.Join(problems...)
	}
	var patterns []match.Pattern
	index := map[string]int{}
	seen := map[string]bool{}
	for i := range detectors {
		d := &detectors[i]
		for _, problem := range d.problems() {
			problems = append(problems, fmt.Errorf("detect: detector %d (%s): %s", i, d.ID, problem))
		}
		if seen[d.ID] {
			problems = append(problems, fmt.Errorf("detect: detector %d (%s): the id stands twice", i, d.ID))
		}
		seen[d.ID] = true
		s.compile(d)
		for _, form := range d.forms() {
			p, known := index[form.expression]
			if !known {
				p = len(patterns)
				index[form.expression] = p
				patterns = append(patterns, match.Pattern{Expression: form.expression, Detached: match.Numbers | match.Groups})
				s.owners = append(s.owners, nil)
				if _, err := match.Compile(patterns[p:]); err != nil {
					problems = append(problems, fmt.Errorf("detect: detector %d (%s): pattern %s: %w", i, d.ID, form.expression, err))
				}
			}
			s.owners[p] = append(s.owners[p], owner{i, form.grade})
			patterns[p].Detached &= s.chains(i, form)
		}
		if err := s.learn(i, d); err != nil {
			problems = append(problems, fmt.Errorf("detect: detector %d (%s): %w", i, d.ID, err))
		}
	}
	s.learnVocabulary()
	s.inherit(detectors)
	s.phrases.settle()
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	var err error
	if s.engine, err = match.Compile(patterns); err != nil {
		return nil, fmt.Errorf("detect: the patterns of all detectors together: %w", err)
	}
	s.plans = make([]atomic.Pointer[plan], s.engine.Sets())
	if s.wholes, err = match.CompileWhole(patterns); err != nil {
		return nil, fmt.Errorf("detect: the patterns of all detectors together: %w", err)
	}
	s.cells = cellForms{byLabel: make([]atomic.Pointer[Forms], len(s.phrases.meanings)), named: map[cellColumn]*Forms{}}
	return s, nil
}

// chains returns what no value begins within that Judge takes from a form of a detector.
func (s *Set) chains(detector int, f form) (within match.Chains) {
	d := &s.detectors[detector]
	if f.grade != Distinctive || !d.embedded {
		within |= match.Numbers
	}
	if d.Unchained && strings.Contains(strings.ReplaceAll(f.expression, "(?:", "("), ":") {
		within |= match.Groups
	}
	return within
}

// Detectors returns the detectors of the set in the order that Hit.Detector indexes. It is shared: read only.
func (s *Set) Detectors() []Detector { return s.sources }

// Engine is the matching engine over all patterns of the set.
func (s *Set) Engine() *match.Engine { return s.engine }

// A form is one pattern of a detector, with its grade.
type form struct {
	expression string
	grade      Grade
}

// forms lists the patterns of a detector with their grades.
func (d *Detector) forms() []form {
	plain := Plain
	switch {
	case d.Distinctive:
		plain = Distinctive
	case d.Valid != nil && !d.Ranges:
		plain = Checked
	}
	var all []form
	for _, e := range d.Patterns {
		all = append(all, form{e, plain})
	}
	for _, e := range d.Typical {
		all = append(all, form{e, Distinctive})
	}
	for _, e := range d.Loose {
		all = append(all, form{e, Loose})
	}
	return all
}

// problems says what is wrong with a detector, beside its patterns.
func (d *Detector) problems() (wrong []string) {
	forms := len(d.Patterns) + len(d.Typical) + len(d.Loose)
	planted := strings.HasPrefix(d.ID, canaryFamily)
	for problem, is := range map[string]bool{
		"the id is not of the form country.name, family.name or name, in lower case": !idForm.MatchString(d.ID),
		"it has no title": d.Title == "",
		"it names no source, the publication of the issuing body":           d.Source == "",
		"it has neither patterns nor columns, so that nothing can be found": forms+len(d.Columns) == 0,
		"it has no example":                                             !planted && len(d.Examples) == 0,
		"it has no example that must not be found":                      !planted && len(d.CounterExamples) == 0,
		"it is not distinctive and has no context words":                !d.Distinctive && len(d.Context) == 0 && len(d.Columns) == 0,
		"the country is not a code of two lower-case letters":           d.Country != "" && len(d.Country) != 2,
		"Valid and Examine are both set; Examine would hide Valid":      d.Valid != nil && d.Examine != nil,
		"a column has no headers or no Accept":                          slices.ContainsFunc(d.Columns, func(c Column) bool { return len(c.Headers) == 0 || c.Accept == nil }),
		"an id with a country stands in front of another country's dot": d.Country != "" && len(d.ID) > 2 && d.ID[2] == '.' && d.ID[:2] != d.Country && d.Country != "gb",
	} {
		if is {
			wrong = append(wrong, problem)
		}
	}
	slices.Sort(wrong)
	return wrong
}

// countPhrases counts the phrases of all detectors and of the vocabulary.
func countPhrases(detectors []Detector) int {
	n := len(qualifiers) + len(unrelated)
	for _, d := range detectors {
		n += len(d.Context) + len(d.Headers)
		for _, c := range d.Columns {
			n += len(c.Headers)
		}
	}
	return n
}

// learn adds the phrases of a detector.
func (s *Set) learn(i int, d *Detector) error {
	for _, phrase := range d.Context {
		m := s.phrases.add(phrase)
		if m == nil {
			return fmt.Errorf("the context %q has no word, or there are too many phrases", phrase)
		}
		m.context.add(i)
		m.headers.add(i)
	}
	for _, phrase := range d.Headers {
		m := s.phrases.add(phrase)
		if m == nil {
			return fmt.Errorf("the header %q has no word, or there are too many phrases", phrase)
		}
		m.headers.add(i)
	}
	for _, column := range d.Columns {
		for _, phrase := range column.Headers {
			m := s.phrases.add(phrase)
			if m == nil {
				return fmt.Errorf("the header %q has no word, or there are too many phrases", phrase)
			}
			m.headers.add(i)
			most := Distinctive
			if column.Loose {
				most = Loose
			}
			m.columns = append(m.columns, columnRef{i, column.Accept, most, column.Whole})
		}
	}
	return nil
}

// learnVocabulary adds the words that belong to no detector.
func (s *Set) learnVocabulary() {
	for _, word := range qualifiers {
		if m := s.phrases.addQualifier(word); m != nil {
			m.qualifier = true
		}
	}
	for _, phrase := range unrelated {
		if m := s.phrases.add(phrase); m != nil && m.headers.empty() {
			m.unrelated = true
		}
	}
}

// inherit lets a phrase that only adds words like "number" to a shorter one mean what that one means, too. Without it "passport
// number", known to one country's detector, would hide all those that know "passport".
func (s *Set) inherit(detectors []Detector) {
	for i := range detectors {
		for _, phrase := range slices.Concat(detectors[i].Context, detectors[i].Headers) {
			words := wordsOf(phrase)
			whole := s.walk(words)
			for n := 1; n < len(words) && whole != 0; n++ {
				if shorter := s.walk(words[:n]); shorter != 0 && s.qualify(words[n:]) {
					s.phrases.meanings[whole].context.addAll(&s.phrases.meanings[shorter].context)
					s.phrases.meanings[whole].headers.addAll(&s.phrases.meanings[shorter].headers)
				}
			}
		}
	}
}

// wordsOf returns the words of a phrase.
func wordsOf(phrase string) (words []word) {
	text := []byte(phrase)
	for at := 0; ; {
		w, ok := nextWord(text, at, len(text))
		if !ok {
			return words
		}
		words = append(words, w)
		at = w.end
	}
}
