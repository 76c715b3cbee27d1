package extract

import (
	"bufio"
	"io"
	"slices"
	"strconv"
)

// Limits of one PDF object: values within values, and elements of one array or dictionary.
const (
	maxPDFDepth    = 64
	maxPDFElements = 1 << 17
	maxPDFString   = 1 << 20
)

// pdfKind is the type of a PDF value: ISO 32000-1, 7.3.
type pdfKind uint8

const (
	pdfNull pdfKind = iota
	pdfNumber
	pdfString
	pdfName
	pdfArray
	pdfDict
	pdfRef
	pdfWord // a keyword or operator, true and false among them
	pdfEnd  // no more values, or the end of an array or dictionary
)

// A pdfValue is one value. The zero value is null.
type pdfValue struct {
	kind   pdfKind
	number float64 // of a number; of a reference, the object's number
	text   []byte  // of a string, name or keyword
	array  []pdfValue
	dict   map[string]pdfValue
}

// integer is the value as an integer, 0 when it is none that fits.
func (v pdfValue) integer() int64 {
	if v.kind != pdfNumber || v.number > 1<<53 || v.number < -(1<<53) {
		return 0
	}
	return int64(v.number)
}

// name is the value's text when it is a name, else "".
func (v pdfValue) name() string {
	if v.kind != pdfName {
		return ""
	}
	return string(v.text)
}

// A pdfLexer reads values from a stream of PDF syntax. It never fails: what is no value is skipped.
type pdfLexer struct {
	from *bufio.Reader
	at   int64 // bytes read so far
}

func newPDFLexer(from io.Reader) *pdfLexer { return &pdfLexer{from: bufio.NewReader(from)} }

func (l *pdfLexer) reset(from io.Reader) {
	l.from.Reset(from)
	l.at = 0
}

func (l *pdfLexer) byte() (byte, bool) {
	b, err := l.from.ReadByte()
	if err != nil {
		return 0, false
	}
	l.at++
	return b, true
}

func (l *pdfLexer) back() {
	l.from.UnreadByte()
	l.at--
}

// The character classes of ISO 32000-1, 7.2.2.
func pdfSpace(b byte) bool {
	return b == ' ' || b == '\n' || b == '\r' || b == '\t' || b == '\f' || b == 0
}

func pdfDelimiter(b byte) bool {
	switch b {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// next reads the next value. References are recognised in object syntax only; in content streams there are none.
func (l *pdfLexer) next(depth int) pdfValue {
	b, ok := l.skipSpace()
	if !ok || depth > maxPDFDepth {
		return pdfValue{kind: pdfEnd}
	}
	switch b {
	case '/':
		return pdfValue{kind: pdfName, text: l.nameText()}
	case '(':
		return pdfValue{kind: pdfString, text: l.literal()}
	case '[':
		return l.arrayValue(depth)
	case ']', '}':
		return pdfValue{kind: pdfEnd, text: []byte{b}}
	case '{', ')':
		return l.next(depth + 1)
	case '<':
		if next, ok := l.byte(); ok && next == '<' {
			return l.dictValue(depth)
		} else if ok {
			l.back()
		}
		return pdfValue{kind: pdfString, text: l.hexadecimal()}
	case '>':
		if next, ok := l.byte(); ok && next != '>' {
			l.back()
		}
		return pdfValue{kind: pdfEnd, text: []byte{'>'}}
	}
	return l.word(b)
}

// skipSpace returns the first byte that is neither white space nor in a comment.
func (l *pdfLexer) skipSpace() (byte, bool) {
	for {
		b, ok := l.byte()
		if !ok {
			return 0, false
		}
		if b == '%' {
			for ok && b != '\n' && b != '\r' {
				b, ok = l.byte()
			}
			continue
		}
		if !pdfSpace(b) {
			return b, true
		}
	}
}

// word reads a number or a keyword that starts with first.
func (l *pdfLexer) word(first byte) pdfValue {
	text := append(make([]byte, 0, 16), first)
	for len(text) < maxPDFString {
		b, ok := l.byte()
		if !ok {
			break
		}
		if pdfSpace(b) || pdfDelimiter(b) {
			l.back()
			break
		}
		text = append(text, b)
	}
	if first >= '0' && first <= '9' || first == '-' || first == '+' || first == '.' {
		if n, err := strconv.ParseFloat(string(text), 64); err == nil {
			return pdfValue{kind: pdfNumber, number: n}
		}
	}
	return pdfValue{kind: pdfWord, text: text}
}

func (l *pdfLexer) nameText() []byte {
	var text []byte
	for len(text) < maxPDFString {
		b, ok := l.byte()
		if !ok {
			break
		}
		if pdfSpace(b) || pdfDelimiter(b) {
			l.back()
			break
		}
		if b == '#' {
			if code, err := l.from.Peek(2); err == nil && hexValue(code[0]) >= 0 && hexValue(code[1]) >= 0 {
				b = byte(hexValue(code[0])<<4 | hexValue(code[1]))
				l.from.Discard(2)
				l.at += 2
			}
		}
		text = append(text, b)
	}
	return text
}

func hexValue(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b|0x20 >= 'a' && b|0x20 <= 'f':
		return int(b|0x20-'a') + 10
	}
	return -1
}

// literal reads a string in parentheses: ISO 32000-1, 7.3.4.2.
func (l *pdfLexer) literal() []byte {
	var text []byte
	for open := 1; len(text) < maxPDFString; {
		b, ok := l.byte()
		if !ok {
			break
		}
		switch b {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return text
			}
		case '\\':
			if b, ok = l.escape(); !ok {
				continue
			}
		case '\r':
			if next, ok := l.byte(); ok && next != '\n' {
				l.back()
			}
			b = '\n'
		}
		text = append(text, b)
	}
	return text
}

// escape reads what follows a backslash; ok is false when that stands for nothing.
func (l *pdfLexer) escape() (b byte, ok bool) {
	b, ok = l.byte()
	switch {
	case !ok:
		return 0, false
	case b == 'n':
		return '\n', true
	case b == 'r':
		return '\r', true
	case b == 't':
		return '\t', true
	case b == 'b':
		return '\b', true
	case b == 'f':
		return '\f', true
	case b == '\n':
		return 0, false
	case b == '\r':
		if next, ok := l.byte(); ok && next != '\n' {
			l.back()
		}
		return 0, false
	case b < '0' || b > '7':
		return b, true
	}
	code := int(b - '0')
	for range 2 {
		digit, ok := l.byte()
		if !ok {
			break
		}
		if digit < '0' || digit > '7' {
			l.back()
			break
		}
		code = code<<3 | int(digit-'0')
	}
	return byte(code), true
}

func (l *pdfLexer) hexadecimal() []byte {
	var text []byte
	half := -1
	for len(text) < maxPDFString {
		b, ok := l.byte()
		if !ok || b == '>' {
			break
		}
		digit := hexValue(b)
		switch {
		case digit < 0:
		case half < 0:
			half = digit
		default:
			text = append(text, byte(half<<4|digit))
			half = -1
		}
	}
	if half >= 0 {
		text = append(text, byte(half<<4))
	}
	return text
}

func (l *pdfLexer) arrayValue(depth int) pdfValue {
	v := pdfValue{kind: pdfArray}
	for len(v.array) < maxPDFElements {
		element := l.next(depth + 1)
		if element.kind == pdfEnd {
			break
		}
		v.array = appendPDF(v.array, element)
	}
	return v
}

// appendPDF adds an element, and makes a reference of "number generation R".
func appendPDF(list []pdfValue, element pdfValue) []pdfValue {
	if n := len(list); element.kind == pdfWord && string(element.text) == "R" && n >= 2 && list[n-1].kind == pdfNumber && list[n-2].kind == pdfNumber {
		list[n-2].kind = pdfRef
		return list[:n-1]
	}
	return append(list, element)
}

func (l *pdfLexer) dictValue(depth int) pdfValue {
	v := pdfValue{kind: pdfDict, dict: map[string]pdfValue{}}
	var list []pdfValue
	for len(list) < maxPDFElements {
		element := l.next(depth + 1)
		if element.kind == pdfEnd {
			break
		}
		list = appendPDF(list, element)
	}
	for i := 0; i+1 < len(list); {
		if list[i].kind != pdfName {
			i++
			continue
		}
		key := string(list[i].text)
		if _, twice := v.dict[key]; !twice {
			v.dict[key] = list[i+1]
		} else { // both are kept: programs disagree about which one counts
			v.dict[key+" "+strconv.Itoa(i)] = list[i+1]
		}
		i += 2
	}
	return v
}

// sortedKeys lists the keys of a dictionary, so that reading it twice gives the same text.
func sortedKeys(dict map[string]pdfValue) []string {
	keys := make([]string, 0, len(dict))
	for key := range dict {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
