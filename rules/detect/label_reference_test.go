package detect

import (
	"strings"
	"testing"
)

// labelEach is the first part of Label as it is defined: every sequence of words is looked at, the longest first.
func labelEach(s *Set, words []word) Label {
	for length := len(words); length > 0; length-- {
		for from := 0; from+length <= len(words); from++ {
			if m := s.walk(words[from : from+length]); m != 0 && s.phrases.meanings[m].means() && s.qualify(words[:from]) && s.qualify(words[from+length:]) {
				return Label(m)
			}
		}
	}
	return 0
}

func TestQualifiedLabels(t *testing.T) {
	s := compiledCatalogue(t)
	var phrases []string
	for _, d := range s.Detectors() {
		phrases = append(append(phrases, d.Context...), d.Headers...)
	}
	phrases = append(append(phrases, unrelated...), "home phone number", "patient NHS number", "number of the order of the patient", "name of the file", "value")
	for i, phrase := range phrases {
		other := phrases[(i*7+3)%len(phrases)]
		for _, header := range []string{phrase, "home " + phrase, phrase + " number", "the " + phrase + " of " + other, other + " " + phrase, phrase + " if known"} {
			words := wordsOf(strings.ToUpper(header))
			words = words[:min(len(words), maxHeaderWords)]
			if got, want := s.qualified(words), labelEach(s, words); got != want {
				t.Errorf("%q: label %d, but %d by the definition", header, got, want)
			}
		}
	}
}

func BenchmarkLabel(b *testing.B) {
	s := compiledCatalogue(b)
	headers := map[string][]byte{
		"known":    []byte("patient_nhs_number"),
		"unknown":  []byte("collector overhead"),
		"sentence": []byte("The goroutine is scheduled when the channel of the other package returns a pointer to its value"),
	}
	for name, header := range headers {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(header)))
			for b.Loop() {
				s.Label(header)
			}
		})
	}
}
