package extract

import "stanch/rules/extract/bitmap"

// The sets of the tables of csvTable beside foldableSet.
const (
	fieldSet = 1 // what ends a field without quotes
	quoteSet = 2 // '"'
)

// csvTable returns the sets for a delimiter; 0 is none.
func csvTable(delimiter byte) *bitmap.Table {
	ends := bitmap.Of("\n\r")
	if delimiter != 0 {
		ends[delimiter] = true
	}
	return mustTable(foldable, ends, bitmap.Of(`"`))
}

// quick reads fields of records as most are: without spaces around them or quotes in them. It returns the index of the first that is
// anything else, or not all there.
func (r *csvReader) quick(i int) int {
	body := r.copier.body
	if r.inField != atStart || r.row <= r.dialect.header || r.record == 0 || r.dialect.delimiter == '"' || r.dialect.delimiter == ' ' {
		return i
	}
	for i < len(body) {
		start, end, after := i, 0, 0
		switch b := body[i]; {
		case b == ' ' || b == '=' || b == '\t' && r.dialect.delimiter != '\t':
			return i
		case b == '"':
			start++
			end = r.copier.nextIn(quoteSet, start)
			after = end + 1
		default:
			end = r.copier.nextIn(fieldSet, i)
			after = end
			if end > i && (body[end-1] == ' ' || body[end-1] == '\t') {
				return i
			}
		}
		if after >= len(body) || after-i > cutLength {
			return i
		}
		next, rowEnd := after+1, true
		switch b := body[after]; {
		case b == '\n':
		case b == '\r':
			if next == len(body) {
				return i
			}
			if body[next] == '\n' {
				next++
			}
		case b == r.dialect.delimiter && b != 0:
			rowEnd = false
		default:
			return i
		}
		if start < end {
			r.cell(r.copier.span(start, end))
		}
		i = next
		if r.column++; rowEnd {
			r.endRow(i)
		}
	}
	return i
}
