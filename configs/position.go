package configs

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A position is a place in a file: 1-based line and column, the column in characters. The zero value is no place.
type position struct{ line, column int }

// positions tells where keys and values stand in a TOML document: the TOML library gives places to syntax errors only.
type positions struct {
	keys   map[string]position // by path
	values map[string]position // by path
	// deep is where the document nests deeper than maxNesting; the zero value when it does not. Nothing behind it was read.
	deep position
}

// pathOf joins the parts of a key. Elements of arrays are parts made by element.
func pathOf(parts ...string) string { return strings.Join(parts, "\x00") }

func element(i int) string { return "\x01" + strconv.Itoa(i) }

// indexPositions reads a document that is known to be valid TOML. On any other text it gives whatever it can, and ends.
func indexPositions(document string) positions {
	s := scanner{text: document, line: 1, column: 1, found: positions{keys: map[string]position{}, values: map[string]position{}}, tables: map[string]int{}}
	s.text = strings.TrimPrefix(s.text, "\ufeff")
	s.document()
	return s.found
}

// maxNesting bounds the parts of a key, and arrays and inline tables within each other: the TOML library would follow them until the
// stack ends.
const maxNesting = 32

type scanner struct {
	text      string
	at        int // next byte
	line      int // of at
	lineStart int
	counted   int // up to where characters of the line were counted
	column    int // of the byte at counted
	depth     int
	found     positions
	tables    map[string]int // arrays of tables: elements so far
}

func (s *scanner) document() {
	var table []string
	for s.skipBlank(); s.at < len(s.text); s.skipBlank() {
		before := s.at
		if s.text[s.at] == '[' {
			table = s.header()
		} else {
			s.pair(table)
		}
		if s.at == before { // not TOML: go on behind it
			s.at++
		}
	}
}

// tooDeep ends the scan here.
func (s *scanner) tooDeep() {
	if s.found.deep == (position{}) {
		s.found.deep = s.here()
	}
	s.at = len(s.text)
}

// here is the place of the next byte. Characters are counted on from the last call, so that a long line costs no more than short ones.
func (s *scanner) here() position {
	if s.counted < s.lineStart || s.counted > s.at {
		s.counted, s.column = s.lineStart, 1
	}
	s.column += utf8.RuneCountInString(s.text[s.counted:s.at])
	s.counted = s.at
	return position{line: s.line, column: s.column}
}

// skipBlank passes over white space, line ends and comments.
func (s *scanner) skipBlank() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '\n':
			s.at++
			s.line++
			s.lineStart = s.at
		case ' ', '\t', '\r':
			s.at++
		case '#':
			for s.at < len(s.text) && s.text[s.at] != '\n' {
				s.at++
			}
		default:
			return
		}
	}
}

func (s *scanner) skipSpace() {
	for s.at < len(s.text) && (s.text[s.at] == ' ' || s.text[s.at] == '\t') {
		s.at++
	}
}

// accept passes over c when it is next.
func (s *scanner) accept(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

// header reads [a.b] or [[a.b]] and returns the path of the table that begins.
func (s *scanner) header() []string {
	s.accept('[')
	array := s.accept('[')
	s.skipSpace()
	at := s.here()
	path := s.inArrays(s.key())
	s.skipSpace()
	s.accept(']')
	if array {
		s.accept(']')
		n := s.tables[pathOf(path...)]
		s.tables[pathOf(path...)]++
		path = append(path, element(n))
	}
	s.record(path, at)
	return path
}

// inArrays leads a path into the last element of each array of tables that it passes through.
func (s *scanner) inArrays(keys []string) []string {
	var path []string
	for i, key := range keys {
		path = append(path, key)
		if n := s.tables[pathOf(path...)]; n > 0 && i < len(keys)-1 {
			path = append(path, element(n-1))
		}
	}
	return path
}

// record notes where a key stands, and the tables that it implies.
func (s *scanner) record(path []string, at position) {
	for i := range path {
		key := pathOf(path[:i+1]...)
		if _, known := s.found.keys[key]; !known {
			s.found.keys[key] = at
		}
	}
}

// key reads a dotted key.
func (s *scanner) key() []string {
	var parts []string
	for {
		s.skipSpace()
		start := s.at
		switch {
		case s.at < len(s.text) && (s.text[s.at] == '"' || s.text[s.at] == '\''):
			s.quoted()
			parts = append(parts, unquote(s.text[start:s.at]))
		default:
			for s.at < len(s.text) && !strings.ContainsRune(" \t\r\n.=[]{},#\"'", rune(s.text[s.at])) {
				s.at++
			}
			parts = append(parts, s.text[start:s.at])
		}
		s.skipSpace()
		if !s.accept('.') {
			return parts
		}
		if len(parts) >= maxNesting {
			s.tooDeep()
			return parts
		}
	}
}

// unquote gives the text of a quoted key. TOML's escapes in keys are a subset of Go's but for \e and the two-digit \x.
func unquote(quoted string) string {
	if text, err := strconv.Unquote(quoted); err == nil && quoted[0] == '"' {
		return text
	}
	return strings.Trim(quoted, `'"`)
}

// pair reads key = value in the table at path.
func (s *scanner) pair(table []string) {
	s.skipSpace()
	at := s.here()
	path := append(append([]string(nil), table...), s.key()...)
	if !s.accept('=') {
		return
	}
	s.record(path, at)
	s.skipSpace()
	s.value(path)
}

func (s *scanner) value(path []string) {
	if s.at >= len(s.text) {
		return
	}
	if s.depth >= maxNesting {
		s.tooDeep()
		return
	}
	s.found.values[pathOf(path...)] = s.here()
	s.depth++
	defer func() { s.depth-- }()
	switch s.text[s.at] {
	case '"', '\'':
		s.quoted()
	case '[':
		s.array(path)
	case '{':
		s.inlineTable(path)
	default:
		for s.at < len(s.text) && !strings.ContainsRune(",]}#\r\n", rune(s.text[s.at])) {
			s.at++
		}
	}
}

func (s *scanner) array(path []string) {
	s.accept('[')
	for i := 0; ; i++ {
		s.skipBlank()
		if s.at >= len(s.text) || s.accept(']') {
			return
		}
		s.value(append(append([]string(nil), path...), element(i)))
		s.skipBlank()
		if !s.accept(',') {
			s.accept(']')
			return
		}
	}
}

func (s *scanner) inlineTable(path []string) {
	s.accept('{')
	for {
		s.skipBlank()
		if s.at >= len(s.text) || s.accept('}') {
			return
		}
		s.pair(path)
		s.skipBlank()
		if !s.accept(',') {
			s.accept('}')
			return
		}
	}
}

// quoted passes over a string in any of TOML's four forms.
func (s *scanner) quoted() {
	quote := s.text[s.at : s.at+1]
	escapes := quote == `"`
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s.text[s.at:], triple) {
		s.quotedLines(triple, escapes)
		return
	}
	s.at++
	for s.at < len(s.text) && s.text[s.at] != '\n' {
		switch {
		case s.text[s.at] == '\\' && escapes && s.at+1 < len(s.text):
			s.at += 2
		case s.text[s.at] == quote[0]:
			s.at++
			return
		default:
			s.at++
		}
	}
}

func (s *scanner) quotedLines(triple string, escapes bool) {
	s.at += len(triple)
	for s.at < len(s.text) {
		switch {
		case s.text[s.at] == '\\' && escapes && s.at+1 < len(s.text) && s.text[s.at+1] != '\n':
			s.at += 2
		case strings.HasPrefix(s.text[s.at:], triple):
			s.at += len(triple)
			for s.accept(triple[0]) { // up to two quotes may stand right before the closing three
			}
			return
		default:
			if s.text[s.at] == '\n' {
				s.line++
				s.lineStart = s.at + 1
			}
			s.at++
		}
	}
}
