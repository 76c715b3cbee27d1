package detect

import (
	"slices"

	"stanch/rules"
)

// maxHeaderWords is how many words of a header are looked at, and maxHeader how many bytes: what is longer is no header.
const maxHeaderWords, maxHeader = 16, 256

// Label says what a column header or JSON key means, in any spelling ("NHS No", "nhsNumber", "nhs_no"); 0 when it names nothing
// known. The longest part of the header counts that has only words like "home" or "number" around it, then the header without such
// words, then the longest phrase in it that has
// more than one word.
func (s *Set) Label(header []byte) Label {
	if len(header) > maxHeader {
		return 0
	}
	var words [maxHeaderWords]word
	n := 0
	for at := 0; n < len(words); n++ {
		w, ok := nextWord(header, at, len(header))
		if !ok {
			break
		}
		words[n], at = w, w.end
	}
	if m := s.qualified(words[:n]); m != 0 {
		return m
	}
	kept := 0
	for _, w := range words[:n] {
		if !s.qualifies(w) {
			words[kept] = w
			kept++
		}
	}
	if m := s.walk(words[:kept]); m != 0 && s.phrases.meanings[m].means() {
		return Label(m)
	}
	return s.contained(header)
}

// qualified returns the label of the longest sequence of words, the first of the longest ones, that means something and has nothing
// but qualifiers around it; 0 when there is none.
func (s *Set) qualified(words []word) (label Label) {
	plain := len(words) // all words before it are qualifiers
	for i, w := range words {
		if !s.qualifies(w) {
			plain = i
			break
		}
	}
	longest := 0
	for from := 0; from <= plain && from < len(words); from++ {
		m := int32(0)
		for to := from; to < len(words); to++ {
			if m = s.phrases.follow(m, words[to]); m == 0 {
				break
			}
			if length := to + 1 - from; length > longest && s.phrases.meanings[m].means() && s.qualify(words[to+1:]) {
				label, longest = Label(m), length
			}
		}
	}
	return label
}

// qualify reports whether words only tell one identifier from another of its kind.
func (s *Set) qualify(words []word) bool {
	for _, w := range words {
		if !s.qualifies(w) {
			return false
		}
	}
	return true
}

func (s *Set) qualifies(w word) bool {
	m := s.phrases.follow(0, w)
	return m != 0 && s.phrases.meanings[m].qualifier
}

// walk returns the meaning of a whole sequence of words, or 0.
func (s *Set) walk(words []word) int32 {
	m := int32(0)
	for _, w := range words {
		if m = s.phrases.follow(m, w); m == 0 {
			return 0
		}
	}
	return m
}

// contained returns the label of the longest phrase within a header. A single word is not enough ("name" in "file name" is none),
// but for a last one that names something that is no identifier: "x-ratelimit-reset", "uploadDate".
func (s *Set) contained(header []byte) Label {
	best, bestLetters := Label(0), 0
	for at := 0; ; {
		w, ok := nextWord(header, at, len(header))
		if !ok {
			return best
		}
		at = w.end
		m := s.phrases.follow(0, w)
		for count := 1; m != 0; count++ {
			c := &s.phrases.meanings[m]
			if c.unrelated && best == 0 && lastWord(header, w.end) {
				best = Label(m)
			}
			if c.means() && count > 1 && len(c.columns) == 0 && c.letters >= bestLetters {
				best, bestLetters = Label(m), c.letters
			}
			if w, ok = nextWord(header, w.end, len(header)); !ok {
				break
			}
			m = s.phrases.follow(m, w)
		}
	}
}

// lastWord reports whether no word stands behind an offset.
func lastWord(header []byte, at int) bool {
	_, more := nextWord(header, at, len(header))
	return !more
}

// Wordy reports whether values under label are told by their form alone (names, addresses, religion, phone numbers without a
// country) with a confidence of floor or above: JudgeCell is asked for each of them.
func (s *Set) Wordy(label Label, floor rules.Confidence) bool {
	if label <= 0 || int(label) >= len(s.phrases.meanings) {
		return false
	}
	return slices.ContainsFunc(s.phrases.meanings[label].columns, func(c columnRef) bool { return inColumn[c.most] >= floor })
}

// NamesWhole reports whether each value under label is somebody's name in full, or a thing's.
func (s *Set) NamesWhole(label Label) bool {
	return slices.ContainsFunc(s.phrases.meanings[label].columns, func(c columnRef) bool { return c.whole })
}

// JudgeCell appends to hits what a cell is by its label and the form of its value alone. A cell may get the same hit from Judge.
func (s *Set) JudgeCell(hits []Hit, text []byte, field *Field) []Hit {
	if field.Label <= 0 || int(field.Label) >= len(s.phrases.meanings) || field.Start < 0 || field.End > len(text) || field.Start >= field.End {
		return hits
	}
	start, end := trimSpace(text, field.Start, field.End)
	if start == end || end-start > maxCell {
		return hits
	}
	first := len(hits)
	for _, c := range s.phrases.meanings[field.Label].columns {
		if inColumn[c.most] < field.Floor {
			continue
		}
		grade := c.accept(text[start:end])
		confidence := inColumn[min(grade, Distinctive)]
		if confidence == 0 || confidence < field.Floor {
			continue
		}
		if i := slices.IndexFunc(hits[first:], func(h Hit) bool { return h.Detector == c.detector }); i < 0 {
			hits = addHit(hits, c.detector, start, end, confidence, grade)
		} else if h := &hits[first+i]; confidence > h.Confidence {
			h.Confidence, h.Grade = confidence, grade
		}
	}
	if field.Floor >= rules.Medium {
		hits = keepBest(hits, first)
	}
	return hits
}

// maxCell is the longest value, in bytes, that a column of words may hold.
const maxCell = 256

func trimSpace(text []byte, start, end int) (int, int) {
	for start < end && text[start] <= ' ' {
		start++
	}
	for start < end && text[end-1] <= ' ' {
		end--
	}
	return start, end
}
