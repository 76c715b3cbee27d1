package extract

// An odsEdit gathers what the replacement of one cell of an OpenDocument spreadsheet is made of. Positions are those of the part.
type odsEdit struct {
	from             int64
	name             []byte // of the element, with its prefix
	attributes       []byte // those that say nothing about the value
	noteFrom, noteTo int64  // the annotation, 0 for none
	text             []byte // the new value
	changed          bool   // the value is replaced
	notes            bool   // annotation, links and formula must go
}

// begin starts on the cell whose start tag the scanner stands at.
func (e *odsEdit) begin(x *xmlScanner) {
	e.from = x.at(x.start)
	x.hold(x.start)
	e.name = append(append(e.name[:0], x.tagPrefix(x.start)...), x.name...)
	e.attributes = e.attributes[:0]
	e.noteFrom, e.noteTo, e.text, e.changed, e.notes = 0, 0, e.text[:0], false, false
	attributes := xmlAttributes{rest: x.attrs}
	for before := x.attrs; attributes.next(); before = attributes.rest {
		switch string(attributes.name) {
		case "value-type", "value", "date-value", "time-value", "boolean-value", "string-value", "currency", "formula":
		default:
			e.attributes = append(e.attributes, before[:len(before)-len(attributes.rest)]...)
		}
	}
}

// end writes the cell anew where that is needed. The value is what it showed.
func (e *odsEdit) end(x *xmlScanner, value []byte) {
	defer x.letGo()
	if !e.changed && !e.notes {
		return
	}
	text := value
	if e.changed {
		text = e.text
	}
	out := append(append([]byte("<"), e.name...), e.attributes...)
	out = append(out, ` office:value-type="string">`...)
	if !e.notes && e.noteTo > e.noteFrom {
		base := x.copy.base
		out = append(out, x.buf[e.noteFrom-base:e.noteTo-base]...)
	}
	out = append(appendEscaped(append(out, "<text:p>"...), text), "</text:p></"...)
	out = append(append(out, e.name...), '>')
	x.copy.replace(x.buf, e.from, x.at(x.pos), out)
}
