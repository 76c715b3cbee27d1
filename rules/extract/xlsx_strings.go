package extract

import (
	"bytes"
	"unicode/utf8"

	"stanch/rules"
)

// A runJoiner joins the runs of one string in SpreadsheetML, and keeps apart what says how it is pronounced.
type runJoiner struct {
	text     []byte
	phonetic []byte
	inText   bool
	aside    bool // inside rPh
}

// begin starts on a string.
func (j *runJoiner) begin() {
	*j = runJoiner{text: j.text[:0], phonetic: j.phonetic[:0]}
}

// take takes a token of the string.
func (j *runJoiner) take(x *xmlScanner, kind xmlKind) {
	switch kind {
	case xmlOpen, xmlClose:
		switch string(x.name) {
		case "t":
			j.inText = kind == xmlOpen
		case "rPh":
			j.aside = kind == xmlOpen
			if j.aside && len(j.phonetic) > 0 {
				j.phonetic = append(j.phonetic, ' ')
			}
		}
	case xmlText, xmlLiteral:
		if !j.inText {
			return
		}
		if j.aside {
			j.phonetic = appendText(j.phonetic, x)
		} else {
			j.text = appendText(j.text, x)
		}
	}
}

// appendText appends the text that the scanner stands at.
func appendText(dst []byte, x *xmlScanner) []byte {
	if x.kind == xmlText {
		return appendUnescaped(dst, x.text)
	}
	return append(dst, x.text...)
}

// decodeEscapes resolves SpreadsheetML's own escapes, _xHHHH_ for one UTF-16 unit (ECMA-376 part 1, 22.9.2.19), in place.
func decodeEscapes(text []byte) []byte {
	const escape = len("_x0000_")
	i := bytes.IndexByte(text, '_')
	if i < 0 {
		return text
	}
	out := i
	for i < len(text) {
		if text[i] == '_' && len(text)-i >= escape && text[i+1] == 'x' && text[i+6] == '_' {
			if r, ok := escapedUnit(text[i+2 : i+6]); ok {
				out += copy(text[out:], utf8.AppendRune(nil, r))
				i += escape
				continue
			}
		}
		text[out] = text[i]
		out++
		i++
	}
	return text[:out]
}

// escapedUnit reads four hexadecimal digits. Halves of a surrogate pair become the replacement character.
func escapedUnit(digits []byte) (rune, bool) {
	r := rune(0)
	for _, c := range digits {
		d := hexDigit(c)
		if d < 0 {
			return 0, false
		}
		r = r<<4 | d
	}
	return r, true
}

// readStrings fills the string table. Strings beyond it are empty when cells ask for them.
func (x *xlsxReader) readStrings(name string) {
	if name == "" {
		return
	}
	body, err := x.parts.Open(name)
	if err != nil {
		x.fail(reasonOf(err))
		return
	}
	defer body.Close()
	x.scanner.reset(body)
	var joiner runJoiner
	inside := false
	column := &Column{Container: name}
	for {
		if !inside {
			if err := x.plainStrings(); err != nil {
				x.fail(reasonOf(err))
				return
			}
		}
		kind := x.scanner.next()
		switch {
		case kind == xmlEnd:
			if x.scanner.reason != rules.NoReason {
				x.fail(x.scanner.reason)
			}
			return
		case kind == xmlOpen && string(x.scanner.name) == "si":
			inside = true
			joiner.begin()
		case kind == xmlClose && string(x.scanner.name) == "si":
			inside = false
			if err := x.strings.add(decodeEscapes(joiner.text)); err != nil {
				x.fail(reasonOf(err))
				return
			}
			if len(joiner.phonetic) > 0 {
				x.line(decodeEscapes(joiner.phonetic), column)
				if x.changed {
					x.blanked.add(x.strings.count - 1)
				}
			}
		case inside:
			joiner.take(&x.scanner, kind)
		}
	}
}

// readUnused reads the strings that no cell shows: they leave with the file all the same.
func (x *xlsxReader) readUnused(name string) {
	column := &Column{Container: name}
	for i := range x.strings.count {
		if x.used.has(i) {
			continue
		}
		text, err := x.strings.get(i)
		if err != nil {
			x.fail(reasonOf(err))
			return
		}
		x.line(text, column)
		if x.changed {
			x.blanked.add(i)
		}
	}
}
