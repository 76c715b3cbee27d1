package extract

import (
	"io"
	"sort"
	"unicode/utf8"
)

// A pdfCMap maps codes to characters: a ToUnicode CMap, ISO 32000-1, 9.10.3.
type pdfCMap struct {
	lengths []pdfCodeSpace
	single  map[int]string
	ranges  []pdfCodeRange // ascending by first once read
}

// A pdfCodeSpace says which codes have how many bytes.
type pdfCodeSpace struct{ low, high []byte }

// A pdfCodeRange maps consecutive codes to consecutive characters.
type pdfCodeRange struct {
	first, last int
	text        []byte // UTF-16BE of the first
}

// maxCMapTokens bounds the values of one CMap.
const maxCMapTokens = 1 << 18

// maxCMapOverlap is how many ranges may start between a code and the start of its own range.
const maxCMapOverlap = 8

func readPDFCMap(from io.Reader) *pdfCMap {
	m := &pdfCMap{single: map[int]string{}}
	lexer := newPDFLexer(from)
	var operands []pdfValue
	for range maxCMapTokens {
		v := lexer.next(0)
		if v.kind == pdfEnd && len(v.text) == 0 {
			break
		}
		if v.kind != pdfWord {
			if len(operands) < maxPDFFontEntries {
				operands = append(operands, v)
			}
			continue
		}
		switch string(v.text) {
		case "endcodespacerange":
			for i := 0; i+1 < len(operands) && len(m.lengths) < 64; i += 2 {
				if low, high := operands[i].text, operands[i+1].text; len(low) == len(high) && len(low) > 0 && len(low) <= 4 {
					m.lengths = append(m.lengths, pdfCodeSpace{low, high})
				}
			}
		case "endbfchar":
			for i := 0; i+1 < len(operands) && len(m.single) < maxPDFFontEntries; i += 2 {
				m.single[codeOf(operands[i].text)] = bmpText(operands[i+1])
			}
		case "endbfrange":
			m.addRanges(operands)
		}
		operands = operands[:0]
	}
	sort.Slice(m.ranges, func(a, b int) bool { return m.ranges[a].first < m.ranges[b].first })
	return m
}

func (m *pdfCMap) addRanges(operands []pdfValue) {
	for i := 0; i+2 < len(operands) && len(m.ranges) < maxPDFFontEntries; i += 3 {
		first, last, target := codeOf(operands[i].text), codeOf(operands[i+1].text), operands[i+2]
		if target.kind == pdfArray {
			for j, t := range target.array {
				if first+j > last || len(m.single) >= maxPDFFontEntries {
					break
				}
				m.single[first+j] = bmpText(t)
			}
			continue
		}
		m.ranges = append(m.ranges, pdfCodeRange{first, last, target.text})
	}
}

func codeOf(raw []byte) int {
	code := 0
	for _, b := range raw[:min(len(raw), 4)] {
		code = code<<8 | int(b)
	}
	return code
}

func bmpText(v pdfValue) string {
	if v.kind == pdfName {
		return glyphText(string(v.text))
	}
	return utf16Text(v.text, 1, 0)
}

// lookup returns the characters of a code.
func (m *pdfCMap) lookup(code int) (string, bool) {
	if s, ok := m.single[code]; ok {
		return s, true
	}
	i := sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].first > code }) - 1
	for back := 0; i >= 0 && back < maxCMapOverlap; i, back = i-1, back+1 {
		r := m.ranges[i]
		if code <= r.last {
			text := []rune(utf16Text(r.text, 1, 0))
			if len(text) == 0 {
				return "", true
			}
			text[len(text)-1] += rune(code - r.first)
			if !utf8.ValidRune(text[len(text)-1]) {
				return "\uFFFD", true
			}
			return string(text), true
		}
	}
	return "", false
}

// length is how many bytes the code at the start of text has, 0 when no code space fits.
func (m *pdfCMap) length(text []byte) int {
	for _, s := range m.lengths {
		if len(text) < len(s.low) {
			continue
		}
		fits := true
		for i := range s.low {
			fits = fits && text[i] >= s.low[i] && text[i] <= s.high[i]
		}
		if fits {
			return len(s.low)
		}
	}
	return 0
}
