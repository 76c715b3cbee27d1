package extract

import "bytes"

// Layers are decoders that do not change the charset but take away what is wrapped around text, line by line.

// An eventDecoder takes "data: " from the lines of an event stream (the HTML standard, section 9.2.6), so that what an event
// carries reads as one text.
type eventDecoder struct{ inLine bool }

const dataField = "data: "

func (d *eventDecoder) run(body []byte) (int, int, int) {
	if !d.inLine {
		return 0, 1, 0
	}
	end := next(body, 0, '\n')
	if end < len(body) {
		d.inLine = false
		end++
	}
	return end, 1, 0
}

func (d *eventDecoder) next(body []byte, final bool) (rune, int) {
	prefix := body[:min(len(body), len(dataField))]
	whole := bytes.HasPrefix(body, []byte(dataField))
	if !whole && !final && bytes.HasPrefix([]byte(dataField), prefix) {
		return 0, 0
	}
	d.inLine = body[0] != '\n'
	switch {
	case whole:
		return none, len(dataField)
	case bytes.HasPrefix(body, []byte("data:")):
		return none, len("data:")
	}
	return rune(body[0]), 1
}

// An unfoldDecoder joins lines that were folded: a line end and the white space behind it are left out (RFC 6350, section 3.2,
// and RFC 5545, section 3.1).
type unfoldDecoder struct{}

func (d unfoldDecoder) run(body []byte) (int, int, int) {
	end := bytes.IndexAny(body, "\r\n")
	if end < 0 {
		end = len(body)
	}
	return end, 1, 0
}

func (d unfoldDecoder) next(body []byte, final bool) (rune, int) {
	size := 1
	if body[0] == '\r' {
		if len(body) == 1 && !final {
			return 0, 0
		}
		if len(body) > 1 && body[1] == '\n' {
			size = 2
		}
	}
	if len(body) == size {
		if final {
			return '\n', size
		}
		return 0, 0
	}
	if body[size] == ' ' || body[size] == '\t' {
		return none, size + 1
	}
	return '\n', size
}

// A formDecoder reads '+' as the space it stands for in URL-encoded forms.
type formDecoder struct{}

func (d formDecoder) run(body []byte) (int, int, int) { return next(body, 0, '+'), 1, 0 }

func (d formDecoder) next(body []byte, final bool) (rune, int) { return ' ', 1 }
