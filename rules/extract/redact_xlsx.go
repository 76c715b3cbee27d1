package extract

import (
	"bytes"
	"io"
	"path"

	"stanch/rules"
)

// blankString stands for a shared string that was redacted in some cell: that cell has its own text now, and others that
// show the string show this.
const blankString = "***"

// A cellEdit gathers what the replacement of one cell is made of. Positions are those of the part.
type cellEdit struct {
	from      int64
	prefix    []byte // of the element's name
	reference []byte // the attribute r, nil for none
	style     []byte // the attribute s
	kind      []byte // the attribute t

	formulaFrom, formulaTo int64  // the element f, 0 for none
	shared                 []byte // the group of a shared formula

	text    []byte // the new value
	changed bool   // the value is replaced
	formula bool   // the formula must go

	dropped map[string]bool // groups of shared formulas that have lost their first
}

// begin starts on the cell whose start tag the scanner stands at.
func (e *cellEdit) begin(x *xmlScanner) {
	e.from = x.at(x.start)
	x.hold(x.start)
	e.prefix = append(e.prefix[:0], x.tagPrefix(x.start)...)
	e.reference = append(e.reference[:0], x.attr("r")...)
	e.style = append(e.style[:0], x.attr("s")...)
	e.kind = append(e.kind[:0], x.attr("t")...)
	e.formulaFrom, e.formulaTo, e.shared = 0, 0, e.shared[:0]
	e.text, e.changed, e.formula = e.text[:0], false, false
}

// take takes a token of the cell.
func (e *cellEdit) take(x *xmlScanner, token xmlKind) {
	if string(x.name) != "f" {
		return
	}
	switch token {
	case xmlOpen:
		e.formulaFrom = x.at(x.start)
		if string(x.attr("t")) == "shared" {
			e.shared = append(e.shared, x.attr("si")...)
		}
	case xmlClose:
		e.formulaTo = x.at(x.pos)
	}
}

// value adds the replacement of the cell's value, or of one of them.
func (e *cellEdit) value(text []byte) {
	e.text = append(e.text, text...)
	e.changed = true
}

// endEdit writes the cell anew where that is needed: with a text of its own, or without its formula.
func (s *xlsxSheet) endEdit(kind cellType) {
	e, x := s.edit, s.x
	drop := e.changed || e.formula || len(e.shared) > 0 && e.dropped[string(e.shared)]
	if drop && e.formulaTo > 0 {
		s.book.unlinks = true
		if len(e.shared) > 0 {
			e.dropped[string(e.shared)] = true
		}
	}
	switch {
	case e.changed:
		x.copy.replace(x.buf, e.from, x.at(x.pos), e.inline())
	case drop && e.formulaTo > 0:
		x.copy.replace(x.buf, e.formulaFrom, e.formulaTo, nil)
	}
	x.letGo()
}

// inline is the cell with its new value as a text of its own.
func (e *cellEdit) inline() []byte {
	out := append(append([]byte("<"), e.prefix...), 'c')
	attribute := func(name string, value []byte) {
		if len(value) > 0 {
			out = append(append(append(out, name...), value...), '"')
		}
	}
	attribute(` r="`, e.reference)
	attribute(` s="`, e.style)
	tag := func(opening, name, attributes string) {
		out = append(append(append(append(append(out, opening...), e.prefix...), name...), attributes...), '>')
	}
	out = append(out, ` t="inlineStr">`...)
	tag("<", "is", "")
	tag("<", "t", ` xml:space="preserve"`)
	out = appendEscaped(out, e.text)
	tag("</", "t", "")
	tag("</", "is", "")
	tag("</", "c", "")
	return out
}

// redactStrings writes the shared strings without those that were redacted.
func (x *xlsxReader) redactStrings() {
	if len(x.blanked) == 0 || x.table == "" {
		return
	}
	body, err := x.parts.Open(x.table)
	if err != nil {
		x.fail(reasonOf(err))
		return
	}
	defer body.Close()
	x.begin(x.table, body)
	index := 0
	from := int64(-1)
	for {
		kind := x.scanner.next()
		if kind == xmlEnd {
			break
		}
		if string(x.scanner.name) != "si" || kind != xmlOpen && kind != xmlClose {
			continue
		}
		switch {
		case kind == xmlOpen && x.blanked.has(index):
			from = x.scanner.at(x.scanner.pos)
			x.scanner.hold(x.scanner.pos)
		case kind == xmlClose:
			index++
			if from >= 0 {
				prefix := string(x.scanner.tagPrefix(x.scanner.start + 1))
				text := "<" + prefix + "t>" + blankString + "</" + prefix + "t>"
				if to := x.scanner.at(x.scanner.start); to > from { // an empty string has nothing to hide
					x.scanner.copy.replace(x.scanner.buf, from, to, []byte(text))
				}
				from = -1
				x.scanner.letGo()
			}
		}
	}
	x.end()
}

// dropCalculation leaves out the list of cells with formulas, and what refers to it, when one of them has lost its formula:
// programs make the list anew, but complain about one that is wrong.
func (x *xlsxReader) dropCalculation(leave map[string]bool) {
	if !x.unlinks {
		return
	}
	for name, kind := range x.kinds {
		if kind != partCalculation {
			continue
		}
		leave[name] = true
		dir, base := path.Split(x.workbook)
		for _, holder := range []string{"[Content_Types].xml", dir + "_rels/" + base + ".rels"} {
			if err := x.cutFrom(holder, path.Base(name)); err != nil {
				x.fail(reasonOf(err))
			}
		}
	}
}

// maxHolder bounds the parts that list other parts, in bytes.
const maxHolder = 4 << 20

// cutFrom takes the elements that name a part out of another part.
func (x *xlsxReader) cutFrom(holder, name string) error {
	if _, changed := x.out.changed[holder]; changed {
		return reasonError{rules.Internal} // a redacted list of parts: nobody needs that
	}
	body, err := x.parts.Open(holder)
	if err != nil {
		return nil // there is nothing to take it out of
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, maxHolder))
	if err != nil {
		return err
	}
	if bytes.Contains(text, []byte(name)) {
		return x.out.put(holder, cutElements(text, name))
	}
	return nil
}
