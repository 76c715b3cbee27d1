package extract

import (
	"bytes"
)

// A dialect is how a table of separated values is written.
type dialect struct {
	delimiter byte // 0 for one column per line
	header    int  // 0-based row that names the columns; -1 for none
	first     int  // 0-based row of the first record when there is no header
}

const (
	dialectRows   = 24 // rows of the sample that are looked at
	dialectFields = 256
	headerLength  = 80 // no header is longer, in bytes
)

var delimiters = [...]byte{',', ';', '\t', '|'}

// byteOrderMark is U+FEFF in UTF-8.
const byteOrderMark = "\xEF\xBB\xBF"

// A sampleRow holds the fields of one row of a sample, without their quotes.
type sampleRow [][]byte

// splitSample splits a sample into rows. The last row is left out unless the sample is complete or it is the only one.
func splitSample(sample []byte, delimiter byte, complete bool) []sampleRow {
	var rows []sampleRow
	for len(sample) > 0 && len(rows) < dialectRows {
		row, rest, ended := splitRow(sample, delimiter)
		if !ended && !complete && len(rows) > 0 {
			break
		}
		rows = append(rows, row)
		sample = rest
	}
	return rows
}

func splitRow(line []byte, delimiter byte) (row sampleRow, rest []byte, ended bool) {
	for {
		field, next := splitField(line, delimiter)
		if len(row) < dialectFields {
			row = append(row, field)
		}
		if next >= len(line) {
			return row, nil, false
		}
		b := line[next]
		line = line[next+1:]
		if b == delimiter && delimiter != 0 {
			continue
		}
		if b == '\r' && len(line) > 0 && line[0] == '\n' {
			line = line[1:]
		}
		return row, line, true
	}
}

// splitField returns the field that line begins with and the index of what ends it.
func splitField(line []byte, delimiter byte) ([]byte, int) {
	start := quotedStart(line, 0)
	if start > 0 {
		if end, after, ok := quotedEnd(line, start, delimiter, true); ok {
			return line[start:end], after
		}
	}
	end := plainFieldEnd(line, 0, delimiter)
	return bytes.TrimSpace(line[:end]), end
}

// detectDialect finds how a sample from the start of a body is written. Strict asks for more evidence than a declared type
// needs; ok is false when the sample does not look like a table.
func detectDialect(sample []byte, complete, strict bool) (found dialect, ok bool) {
	sample = bytes.TrimPrefix(sample, []byte(byteOrderMark))
	if b, found := separatorLine(sample); found {
		rows := splitSample(sample, b, complete)
		header := -1
		if len(rows) > 1 {
			header = headerRow(rows[1:], modalFields(rows[1:]))
		}
		if header >= 0 {
			header++
		}
		return dialect{delimiter: b, header: header, first: 1}, true
	}
	best := 0
	var bestRows []sampleRow
	for _, delimiter := range delimiters {
		if bytes.IndexByte(sample, delimiter) < 0 {
			continue
		}
		rows := splitSample(sample, delimiter, complete)
		if strict && isProse(sample, delimiter) && headerRow(rows, modalFields(rows)) < 0 {
			continue
		}
		if score := dialectScore(rows, delimiter, strict); score > best {
			best, bestRows, found.delimiter = score, rows, delimiter
		}
	}
	if best == 0 {
		rows := splitSample(sample, 0, complete)
		return dialect{header: headerRow(rows, 1)}, false
	}
	found.header = headerRow(bestRows, modalFields(bestRows))
	return found, true
}

// isProse reports whether most delimiters stand before a space, as punctuation does.
func isProse(sample []byte, delimiter byte) bool {
	return bytes.Count(sample, []byte{delimiter, ' '})*2 > bytes.Count(sample, []byte{delimiter})
}

// separatorLine reads the first line "sep=;" that spreadsheet programs write.
func separatorLine(sample []byte) (byte, bool) {
	if len(sample) < 6 || !bytes.EqualFold(sample[:4], []byte("sep=")) || sample[5] != '\r' && sample[5] != '\n' {
		return 0, false
	}
	return sample[4], true
}

// modalFields returns the most frequent number of fields above one, or 1.
func modalFields(rows []sampleRow) int {
	best, most := 1, 0
	for _, row := range rows {
		count := 0
		for _, other := range rows {
			if len(other) == len(row) {
				count++
			}
		}
		if len(row) > 1 && count > most {
			best, most = len(row), count
		}
	}
	return best
}

// dialectScore says how well a delimiter explains rows; 0 is not at all.
func dialectScore(rows []sampleRow, delimiter byte, strict bool) int {
	fields := modalFields(rows)
	if fields < 2 {
		return 0
	}
	regular, split, filled := 0, 0, 0
	for _, row := range rows {
		if len(row) == 1 && len(row[0]) == 0 {
			continue
		}
		filled++
		if len(row) == fields {
			regular++
		}
		if len(row) > 1 {
			split++
		}
	}
	if strict {
		if filled < 2 || regular*4 < filled*3 || filled == 2 && fields == 2 && delimiter != '\t' && delimiter != ';' {
			return 0
		}
	}
	if split*2 < filled {
		return 0
	}
	return regular*1000/filled + min(fields, 50)
}

// headerRow returns the index of the row that names the columns, or -1: the first regular row, when it is all words and
// the rows below are not, or when it holds words that only headers hold.
func headerRow(rows []sampleRow, fields int) int {
	for i, row := range rows {
		if len(row) != fields || len(row) == 1 && len(row[0]) == 0 {
			continue
		}
		if !namesColumns(row) {
			return -1
		}
		if holdsHeaderWord(row) || differs(row, rows[i+1:]) {
			return i
		}
		return -1
	}
	return -1
}

// namesColumns reports whether every field could be the name of a column.
func namesColumns(row sampleRow) bool {
	named := 0
	for _, field := range row {
		digits := 0
		for _, b := range field {
			if b == '@' {
				return false
			}
			if b-'0' < 10 {
				digits++
			}
		}
		if digits > 3 || digits == len(field) && digits > 0 || len(field) > headerLength {
			return false
		}
		if len(field) > 0 {
			named++
		}
	}
	columns := len(row)
	if columns > 2 && len(row[0]) == 0 && len(row[columns-1]) == 0 {
		columns -= 2 // bars around the table, as in Markdown
	}
	return named*2 > columns
}

// differs reports whether some column of the rows mostly holds digits or addresses where the header holds none.
func differs(header sampleRow, rows []sampleRow) bool {
	for i, name := range header {
		if len(name) == 0 || looksLikeValue(name) {
			continue
		}
		values, filled := 0, 0
		for _, row := range rows {
			if i < len(row) && len(row[i]) > 0 {
				filled++
				if looksLikeValue(row[i]) {
					values++
				}
			}
		}
		if values*2 > filled {
			return true
		}
	}
	return false
}

func looksLikeValue(field []byte) bool {
	for _, b := range field {
		if b-'0' < 10 || b == '@' {
			return true
		}
	}
	return false
}

// headerWords are words that head columns and hardly ever stand in them.
var headerWords = []string{"name", "email", "e-mail", "phone", "mobile", "address", "surname", "forename", "firstname", "lastname", "postcode", "zip",
	"birth", "dob", "gender", "nhs", "passport", "nationality", "ethnicity", "religion", "username", "nachname", "vorname", "nom", "prenom",
	"nombre", "apellido", "apellidos", "cognome", "nome", "naam", "id", "number", "title", "telephone"}

// leastNumbered is how long a header word is that may have a number behind it.
const leastNumbered = 4

func holdsHeaderWord(row sampleRow) bool {
	for _, field := range row {
		for word := range bytes.FieldsFuncSeq(field, notInWord) {
			if bare := bytes.TrimRight(word, "0123456789"); len(bare) >= leastNumbered {
				word = bare // Email1
			}
			for _, known := range headerWords {
				if len(word) == len(known) && bytes.EqualFold(word, []byte(known)) {
					return true
				}
			}
			if camelWord(word) {
				return true
			}
		}
	}
	return false
}

func notInWord(r rune) bool {
	return r == ' ' || r == '_' || r == '.' || r == '/' || r == '(' || r == ')' || r == ':'
}

// camelWord reports whether a word such as GivenName ends in a header word.
func camelWord(word []byte) bool {
	for _, suffix := range [...]string{"Name", "Address", "Email", "Phone", "Number", "Birth", "Code", "Id", "ID"} {
		if len(word) > len(suffix) && bytes.HasSuffix(word, []byte(suffix)) && word[len(word)-len(suffix)-1]|0x20-'a' < 26 {
			return true
		}
	}
	return false
}
