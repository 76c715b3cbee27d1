package extract

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"stanch/rules"
)

// Limits of the content of one page.
const (
	maxPDFForms    = 12      // forms within forms
	maxPDFRuns     = 1 << 15 // runs of text that are kept to be put in order
	maxPDFDrawn    = 1 << 20 // bytes of text that are kept with them
	maxPDFStates   = 256     // saved graphics states
	maxPDFOperands = 1 << 12
)

// How far apart two runs are to be one word, two words, or two lines; in units of the font size.
const (
	pdfWordGap = 0.22 // a space is 0.25 wide or more in nearly all fonts
	pdfBackGap = 1.2  // kerning goes back less than this
	pdfLineGap = 0.45
)

// A pdfMatrix is an affine map, as in the file: a b c d e f.
type pdfMatrix [6]float64

var pdfIdentity = pdfMatrix{1, 0, 0, 1, 0, 0}

// times returns the map that applies m first, then n.
func (m pdfMatrix) times(n pdfMatrix) pdfMatrix {
	return pdfMatrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// A pdfRun is a piece of text with its place on the page.
type pdfRun struct {
	start, end int     // its text within pdfContent.drawn
	x, y, endX float64 // along and across the direction of the writing
	size       float64
	order      int // the how manieth run of the page it is
}

// pdfState is the part of the graphics state that concerns text.
type pdfState struct {
	ctm                        pdfMatrix
	font                       *pdfFont
	size, charSpace, wordSpace float64
	scale, leading, rise       float64
}

// A pdfContent interprets the content streams of one page.
type pdfContent struct {
	*pdfReader
	state      pdfState
	saved      []pdfState
	text, line pdfMatrix
	resources  pdfValue
	runs       []pdfRun
	drawn      []byte // the text of the runs
	forms      int
	unreadable int // characters whose codes could not be decoded
	readable   int
}

// interpret reads one content stream.
func (c *pdfContent) interpret(from io.Reader) {
	lexer := newPDFLexer(from)
	var operands []pdfValue
	for n := 0; ; n++ {
		if n&0xFF == 0 && !c.meter.ok() {
			return
		}
		v := lexer.next(0)
		if v.kind == pdfEnd {
			if len(v.text) == 0 {
				return
			}
			continue
		}
		if v.kind != pdfWord {
			if len(operands) < maxPDFOperands {
				operands = append(operands, v)
			}
			continue
		}
		if string(v.text) == "ID" {
			skipInlineImage(lexer)
		} else {
			c.operator(string(v.text), operands)
		}
		operands = operands[:0]
	}
}

// skipInlineImage goes to the end of an inline image: white space, EI, white space.
func skipInlineImage(l *pdfLexer) {
	var last [4]byte
	for {
		b, ok := l.byte()
		if !ok {
			return
		}
		copy(last[:], last[1:])
		last[3] = b
		if last[1] == 'E' && last[2] == 'I' && pdfSpace(last[0]) && pdfSpace(b) {
			return
		}
	}
}

func number(operands []pdfValue, i int) float64 {
	if i < len(operands) && operands[i].kind == pdfNumber {
		return operands[i].number
	}
	return 0
}

func matrixOf(operands []pdfValue) pdfMatrix {
	var m pdfMatrix
	for i := range m {
		m[i] = number(operands, i)
	}
	return m
}

// operator carries out one operator: ISO 32000-1, 9.4 and annex A.
func (c *pdfContent) operator(name string, operands []pdfValue) {
	s := &c.state
	switch name {
	case "q":
		if len(c.saved) < maxPDFStates {
			c.saved = append(c.saved, *s)
		}
	case "Q":
		if n := len(c.saved); n > 0 {
			*s, c.saved = c.saved[n-1], c.saved[:n-1]
		}
	case "cm":
		s.ctm = matrixOf(operands).times(s.ctm)
	case "BT":
		c.text, c.line = pdfIdentity, pdfIdentity
	case "Td":
		c.move(number(operands, 0), number(operands, 1))
	case "TD":
		s.leading = -number(operands, 1)
		c.move(number(operands, 0), number(operands, 1))
	case "Tm":
		c.line = matrixOf(operands)
		c.text = c.line
	case "T*":
		c.move(0, -s.leading)
	case "Tj", "'", "\"":
		if name != "Tj" {
			if name == "\"" {
				s.wordSpace, s.charSpace = number(operands, 0), number(operands, 1)
			}
			c.move(0, -s.leading)
		}
		if n := len(operands); n > 0 {
			c.show(operands[n-1].text)
		}
	case "TJ":
		if len(operands) > 0 {
			c.showAll(operands[0].array)
		}
	case "Do":
		if len(operands) > 0 {
			c.external(operands[0].name())
		}
	case "BDC", "DP":
		if len(operands) > 1 {
			c.marked(operands[1])
		}
	default:
		c.textState(name, operands)
	}
}

// textState carries out the operators that set how text is shown.
func (c *pdfContent) textState(name string, operands []pdfValue) {
	s := &c.state
	switch name {
	case "Tc":
		s.charSpace = number(operands, 0)
	case "Tw":
		s.wordSpace = number(operands, 0)
	case "Tz":
		s.scale = number(operands, 0) / 100
	case "TL":
		s.leading = number(operands, 0)
	case "Ts":
		s.rise = number(operands, 0)
	case "Tf":
		if len(operands) >= 2 {
			s.font, s.size = c.namedFont(operands[0].name()), number(operands, 1)
		}
	}
}

func (c *pdfContent) move(x, y float64) {
	c.line = pdfMatrix{1, 0, 0, 1, x, y}.times(c.line)
	c.text = c.line
}

// marked keeps the replacement texts of marked content.
func (c *pdfContent) marked(v pdfValue) {
	if v.kind == pdfName {
		v = c.get(c.get(c.resources, "Properties"), v.name())
	}
	for _, key := range []string{"ActualText", "Alt", "E"} {
		if t := c.get(v, key); t.kind == pdfString {
			c.aside(pdfText(t.text))
		}
	}
}

func (c *pdfContent) showAll(list []pdfValue) {
	for _, v := range list {
		switch v.kind {
		case pdfString:
			c.show(v.text)
		case pdfNumber:
			c.advance(-v.number / 1000 * c.state.size * c.state.scale)
		}
	}
}

func (c *pdfContent) advance(x float64) { c.text.advance(x) }

// advance moves the origin along the first axis.
func (m *pdfMatrix) advance(x float64) {
	m[4] += x * m[0]
	m[5] += x * m[1]
}

// show adds the text of one string, as a run for each stretch without a gap.
func (c *pdfContent) show(text []byte) {
	s := &c.state
	if s.font == nil || len(text) == 0 {
		if s.font == nil && len(text) > 0 {
			s.font = c.fallbackFont()
		} else {
			return
		}
	}
	onPage := c.text.times(s.ctm)
	s.font.each(text, func(chars string, width float64, space bool) {
		for _, r := range chars {
			if r == '\uFFFD' {
				c.unreadable++
			} else if r > ' ' {
				c.readable++
			}
		}
		step := width/1000*s.size + s.charSpace
		if space {
			step += s.wordSpace
		}
		extent := width / 1000 * s.size * s.scale
		c.glyph(chars, &onPage, extent)
		c.advance(step * s.scale)
		onPage.advance(step * s.scale)
	})
}

// glyph adds one character at a place. Text that runs in another direction than to the right is turned first.
func (c *pdfContent) glyph(chars string, at *pdfMatrix, extent float64) {
	run := pdfRun{start: len(c.drawn), size: c.state.size}
	c.drawn = append(c.drawn, chars...)
	run.end = len(c.drawn)
	x, y := at[4], at[5]+c.state.rise*at[3]
	scale := 1.0
	switch {
	case absFloat(at[1]) > absFloat(at[0]) && at[1] > 0: // upwards
		run.x, run.y, scale = y, -x, absFloat(at[1])
	case absFloat(at[1]) > absFloat(at[0]): // downwards
		run.x, run.y, scale = -y, x, absFloat(at[1])
	default:
		run.x, run.y, scale = x, y, absFloat(at[0])
		if at[0] < 0 {
			run.x = -x
		}
	}
	run.endX = run.x + extent*scale
	run.size = max(absFloat(c.state.size)*scale, 0.01)
	c.add(run)
}

func absFloat(v float64) float64 {
	if v < 0 {
		return -v
	}
	return v
}

// add joins a character to the run before it, or starts a new one.
func (c *pdfContent) add(run pdfRun) {
	if n := len(c.runs); n > 0 {
		last := &c.runs[n-1]
		if sameLine(last, &run) {
			gap := run.x - last.endX
			if gap <= pdfWordGap*run.size && gap >= -pdfBackGap*run.size && run.x >= last.x {
				last.end = run.end
				last.endX = max(last.endX, run.endX)
				return
			}
		}
	}
	c.runs = append(c.runs, run)
	if len(c.runs) >= maxPDFRuns || len(c.drawn) >= maxPDFDrawn {
		c.flush()
	}
}

func sameLine(a, b *pdfRun) bool {
	return absFloat(a.y-b.y) <= pdfLineGap*max(a.size, b.size)
}

// flush writes the runs in the order in which they were drawn. The lines that were not drawn from left to right in one go
// follow once more as they stand on the page: a value may have been drawn in pieces.
func (c *pdfContent) flush() {
	c.writeRuns(c.runs)
	for i := range c.runs {
		c.runs[i].order = i
	}
	slices.SortStableFunc(c.runs, func(a, b pdfRun) int { return cmp.Compare(b.y, a.y) })
	for start := 0; start < len(c.runs); {
		end := start + 1
		for end < len(c.runs) && sameLine(&c.runs[end-1], &c.runs[end]) {
			end++
		}
		line := c.runs[start:end]
		slices.SortStableFunc(line, func(a, b pdfRun) int { return cmp.Compare(a.x, b.x) })
		for i := range line {
			if line[i].order != line[0].order+i {
				c.writeRuns(line)
				break
			}
		}
		start = end
	}
	c.runs, c.drawn = c.runs[:0], c.drawn[:0]
}

// writeRuns writes runs: side by side on one line, with a space between words, or on lines of their own.
func (c *pdfContent) writeRuns(runs []pdfRun) {
	w := c.out
	for i := range runs {
		if i > 0 {
			before, run := &runs[i-1], &runs[i]
			gap := run.x - before.endX
			switch {
			case !sameLine(before, run) || gap < -pdfBackGap*run.size && run.x < before.x:
				w.line()
			case gap > pdfWordGap*run.size:
				w.space()
			}
		}
		w.write(c.drawn[runs[i].start:runs[i].end])
	}
	w.line()
}

// namedFont returns a font of the resources.
func (c *pdfContent) namedFont(name string) *pdfFont {
	entry := c.get(c.resources, "Font").dict[name]
	if entry.kind == pdfRef {
		if p, ok := c.fonts[int32(entry.number)]; ok {
			return p
		}
	}
	v := c.resolve(entry)
	if v.kind != pdfDict {
		return c.fallbackFont()
	}
	p := c.font(v)
	if entry.kind == pdfRef && len(c.fonts) < maxPDFFonts {
		c.fonts[int32(entry.number)] = p
	}
	return p
}

// fallbackFont is used where a font is missing: viewers show something then.
func (c *pdfContent) fallbackFont() *pdfFont { return c.font(pdfValue{}) }

// external interprets a form; images have no text.
func (c *pdfContent) external(name string) {
	entry := c.get(c.resources, "XObject").dict[name]
	o := c.resolveObject(entry)
	if o.get("Subtype").name() != "Form" || c.seen[o.number] || c.forms >= maxPDFForms {
		return
	}
	c.seen[o.number] = true
	c.form(&o)
}

// form interprets a form with its own resources, and puts everything back behind it.
func (c *pdfContent) form(o *pdfObject) {
	from, err := c.open(o)
	if err != nil {
		c.tally.fail(c.errReason(err))
		return
	}
	state, saved, resources, text, line := c.state, c.saved, c.resources, c.text, c.line
	c.saved = nil
	c.forms++
	if m := c.get(o.value, "Matrix").array; len(m) == 6 {
		c.state.ctm = matrixOf(m).times(c.state.ctm)
	}
	if own := c.get(o.value, "Resources"); own.kind == pdfDict {
		c.resources = own
	}
	c.interpret(from)
	c.forms--
	c.state, c.saved, c.resources, c.text, c.line = state, saved, resources, text, line
}

// finish writes what is left of a page and judges whether it could be read.
func (c *pdfContent) finish() {
	c.flush()
	if c.unreadable > c.readable/10 && c.unreadable > 0 {
		c.tally.fail(rules.UnknownCharset)
	}
}

// aside writes a text that stands beside the content.
func (r *pdfReader) aside(text string) {
	if text = strings.TrimSpace(text); text != "" {
		r.asides = append(r.asides, text)
	}
}
