package extract

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Widths of glyphs are in thousandths of the font size, as in the file.
const (
	pdfDefaultWidth   = 1000 // of a CID font without DW: ISO 32000-1, 9.7.4.3
	pdfUnknownWidth   = 500
	pdfCourierWidth   = 600
	maxPDFWidths      = 1 << 16
	maxPDFFontEntries = 1 << 16
)

// helveticaWidths are the widths of the characters from space to tilde, from Adobe's font metrics of Helvetica. Fonts that
// bring no widths are set in it, or in a font not far from it.
var helveticaWidths = [95]int16{278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584}

// A pdfFont turns the codes of strings into characters and widths.
type pdfFont struct {
	composite  bool
	toUnicode  *pdfCMap
	simple     [256]string       // characters of a simple font's codes, "" for unknown ones
	multi      encoding.Encoding // of a composite font whose codes are characters of a known encoding
	widths     map[int]float64
	def        float64
	unreadable bool // the codes say nothing about characters
}

// font reads a font.
func (f *pdfFile) font(v pdfValue) *pdfFont {
	p := &pdfFont{widths: map[int]float64{}, def: -1}
	if o := f.resolveObject(v.dict["ToUnicode"]); o.data != 0 {
		if from, err := f.open(&o); err == nil {
			p.toUnicode = readPDFCMap(from)
		}
	}
	if f.get(v, "Subtype").name() == "Type0" {
		f.compositeFont(p, v)
	} else {
		f.simpleFont(p, v)
	}
	return p
}

// simpleFont reads the encoding of a font of one-byte codes: ISO 32000-1, 9.6.6.
func (f *pdfFile) simpleFont(p *pdfFont, v pdfValue) {
	table := charmap.Windows1252
	enc := f.get(v, "Encoding")
	name := enc.name()
	if enc.kind == pdfDict {
		name = f.get(enc, "BaseEncoding").name()
	}
	if name == "MacRomanEncoding" || name == "MacExpertEncoding" {
		table = charmap.Macintosh
	}
	for code := ' '; code < 256; code++ {
		p.simple[code] = string(table.DecodeByte(byte(code)))
	}
	code := 0
	for _, d := range f.get(enc, "Differences").array {
		switch d = f.resolve(d); d.kind {
		case pdfNumber:
			code = int(d.integer())
		case pdfName:
			if code >= 0 && code < len(p.simple) {
				p.simple[code] = glyphText(string(d.text))
			}
			code++
		}
	}
	first := int(f.get(v, "FirstChar").integer())
	for i, w := range f.get(v, "Widths").array {
		if i < len(p.simple) {
			p.widths[first+i] = f.resolve(w).number
		}
	}
	if matrix := f.get(v, "FontMatrix").array; f.get(v, "Subtype").name() == "Type3" && len(matrix) == 6 {
		for code := range p.widths { // widths in glyph space
			p.widths[code] *= f.resolve(matrix[0]).number * 1000
		}
	}
	if strings.Contains(f.get(v, "BaseFont").name(), "Courier") {
		p.def = pdfCourierWidth
	}
}

// compositeFont reads a Type0 font: ISO 32000-1, 9.7.
func (f *pdfFile) compositeFont(p *pdfFont, v pdfValue) {
	p.composite, p.def = true, pdfDefaultWidth
	p.multi = predefinedCMap(f.get(v, "Encoding").name())
	p.unreadable = p.toUnicode == nil && p.multi == nil
	descendants := f.get(v, "DescendantFonts").array
	if len(descendants) == 0 {
		return
	}
	d := f.resolve(descendants[0])
	if w := f.get(d, "DW"); w.kind == pdfNumber {
		p.def = w.number
	}
	list := f.get(d, "W").array
	for i := 0; i+1 < len(list) && len(p.widths) < maxPDFWidths; {
		first := int(f.resolve(list[i]).integer())
		second := f.resolve(list[i+1])
		if second.kind == pdfArray {
			for j, w := range second.array {
				p.widths[first+j] = f.resolve(w).number
			}
			i += 2
			continue
		}
		if i+2 >= len(list) {
			break
		}
		w := f.resolve(list[i+2]).number
		for code := first; code <= int(second.integer()) && len(p.widths) < maxPDFWidths; code++ {
			p.widths[code] = w
		}
		i += 3
	}
}

// predefinedCMap is the encoding of those predefined CMaps whose codes are characters: ISO 32000-1, table 118.
func predefinedCMap(name string) encoding.Encoding {
	name = strings.TrimSuffix(strings.TrimSuffix(name, "-H"), "-V")
	switch {
	case strings.HasSuffix(name, "UCS2"), strings.HasSuffix(name, "UTF16"):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case strings.Contains(name, "RKSJ"):
		return japanese.ShiftJIS
	case name == "EUC":
		return japanese.EUCJP
	case strings.HasPrefix(name, "GB"):
		return simplifiedchinese.GB18030
	case strings.HasPrefix(name, "KSC"):
		return korean.EUCKR
	case strings.HasPrefix(name, "B5"), strings.HasPrefix(name, "ETen"), strings.HasPrefix(name, "HK"):
		return traditionalchinese.Big5
	}
	return nil
}

// each calls see for every code of a string, with its characters and width.
func (p *pdfFont) each(text []byte, see func(chars string, width float64, space bool)) {
	for len(text) > 0 {
		code, n := int(text[0]), 1
		if p.composite && len(text) > 1 {
			code, n = int(text[0])<<8|int(text[1]), 2
		}
		if p.toUnicode != nil && len(p.toUnicode.lengths) > 0 {
			if length := p.toUnicode.length(text); length > 0 {
				n, code = length, 0
				for _, b := range text[:n] {
					code = code<<8 | int(b)
				}
			}
		}
		see(p.chars(code, text[:n]), p.width(code), n == 1 && code == ' ')
		text = text[n:]
	}
}

func (p *pdfFont) chars(code int, raw []byte) string {
	if p.toUnicode != nil {
		if s, ok := p.toUnicode.lookup(code); ok {
			return s
		}
	}
	switch {
	case p.composite && p.multi != nil:
		return string(decoded(p.multi, raw))
	case p.composite:
		return "\uFFFD"
	case p.simple[code&0xFF] == "":
		return "\uFFFD"
	}
	return p.simple[code&0xFF]
}

func (p *pdfFont) width(code int) float64 {
	if w, ok := p.widths[code]; ok {
		return w
	}
	switch {
	case p.def >= 0:
		return p.def
	case code >= ' ' && code < ' '+len(helveticaWidths):
		return float64(helveticaWidths[code-' '])
	}
	return pdfUnknownWidth
}

// pdfText decodes a text string: UTF-16 or UTF-8 with a mark, else PDFDocEncoding, which is Latin-1 for what matters.
func pdfText(raw []byte) string {
	switch {
	case len(raw) >= 2 && raw[0] == 0xFE && raw[1] == 0xFF:
		return utf16Text(raw[2:], 1, 0)
	case len(raw) >= 2 && raw[0] == 0xFF && raw[1] == 0xFE:
		return utf16Text(raw[2:], 0, 1)
	case len(raw) >= 3 && string(raw[:3]) == "\xEF\xBB\xBF":
		return strings.ToValidUTF8(string(raw[3:]), "\uFFFD")
	case utf8.Valid(raw):
		return string(raw)
	}
	return legacyText(raw)
}

// utf16Text decodes UTF-16 whose low byte is at low and whose high byte is at high.
func utf16Text(raw []byte, low, high int) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i+high])<<8 | uint16(raw[2*i+low])
	}
	return string(utf16.Decode(units))
}
