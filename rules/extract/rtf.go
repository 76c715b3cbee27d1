package extract

import (
	"bufio"
	"encoding/hex"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// Limits of one RTF file: groups within groups, and bytes of one embedded object.
const (
	maxRTFGroups = 512
	maxRTFObject = 32 << 20
	maxRTFWord   = 32 // letters of a control word, and digits of its number: Rich Text Format 1.9.1, "Conventions"
)

// An rtfGroup is what braces save and restore.
type rtfGroup struct {
	skip    bool // the group's text is for the program, not for people
	object  bool // hexadecimal data of an embedded object
	unicode int  // bytes of fallback behind \u
	charset encoding.Encoding
}

// An rtfReader reads the text of an RTF file: body, headers, notes, comments, fields, properties; and embedded objects.
type rtfReader struct {
	*source
	from     *bufio.Reader
	out      *textWriter
	tally    tally
	group    rtfGroup
	stack    []rtfGroup
	fonts    map[int]encoding.Encoding
	font     int // the font that the font table defines now
	inFonts  bool
	charset  encoding.Encoding // of the document
	pending  []byte            // bytes in the group's charset that are not decoded yet
	high     rune              // the first half of a surrogate pair
	fallback int               // bytes still to be skipped behind \u
	first    bool              // the group has just begun
	object   []byte
}

// readRTF reads an RTF file.
func readRTF(s *source) (rules.Format, outcome) {
	r := &rtfReader{source: s, from: bufio.NewReaderSize(io.NewSectionReader(s.file, 0, s.size), flatBuffer), out: s.text(),
		fonts: map[int]encoding.Encoding{}, charset: charmap.Windows1252}
	r.group = rtfGroup{unicode: 1, charset: r.charset}
	r.tally.read = true
	r.read()
	r.flushText()
	r.endObject()
	r.out.flush()
	if len(r.stack) > 0 {
		r.tally.fail(rules.Corrupt)
	}
	r.tally.fail(s.meter.reason)
	return rules.RTF, r.tally.outcome()
}

func (r *rtfReader) read() {
	for n := 0; ; n++ {
		b, err := r.from.ReadByte()
		if err != nil || n&0xFFF == 0 && !r.meter.ok() {
			return
		}
		switch b {
		case '{':
			r.flushText()
			if len(r.stack) == maxRTFGroups {
				r.tally.fail(rules.TooDeep)
				return
			}
			r.stack = append(r.stack, r.group)
			r.first = true
			continue
		case '}':
			r.flushText()
			r.close()
		case '\\':
			r.control()
			continue
		case '\r', '\n':
		default:
			r.char(b)
		}
		r.first = false
	}
}

// close ends a group.
func (r *rtfReader) close() {
	if len(r.stack) == 0 {
		return // what follows the document is read as text
	}
	before := r.group
	r.group = r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	if before.object && !r.group.object {
		r.endObject()
	}
	if before.skip && !r.group.skip {
		r.inFonts = false
	}
	r.fallback = 0
}

// char takes one byte of text.
func (r *rtfReader) char(b byte) {
	switch {
	case r.fallback > 0:
		r.fallback--
	case r.group.object:
		if len(r.object) < maxRTFObject && (b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'f') {
			r.object = append(r.object, b)
		}
	case r.group.skip:
	default:
		if len(r.pending) >= flatBuffer {
			r.flushText()
		}
		r.pending = append(r.pending, b)
	}
}

// flushText decodes what was gathered.
func (r *rtfReader) flushText() {
	if len(r.pending) == 0 {
		return
	}
	ascii := true
	for _, b := range r.pending {
		ascii = ascii && b < utf8.RuneSelf
	}
	if ascii {
		r.out.write(r.pending)
	} else {
		r.out.write(decoded(r.group.charset, r.pending))
	}
	r.pending = r.pending[:0]
}

// control reads a control word or symbol behind a backslash.
func (r *rtfReader) control() {
	b, err := r.from.ReadByte()
	if err != nil {
		return
	}
	switch {
	case b == '\'':
		var digits, value [2]byte
		value = [2]byte{}
		if _, err := io.ReadFull(r.from, digits[:]); err == nil {
			if _, err := hex.Decode(value[:1], digits[:]); err == nil {
				if r.group.object {
					break
				}
				r.char(value[0])
			}
		}
	case b == '*':
		if r.first { // a destination that readers may skip; those with text for people are named in destination
			r.group.skip = true
		}
		return
	case b == '~':
		r.char(' ')
	case b == '_':
		r.char('-')
	case b == '-':
	case b == '\r' || b == '\n':
		r.flushText()
		r.out.line()
	case b|0x20 >= 'a' && b|0x20 <= 'z':
		r.word(b)
	case b == '\\' || b == '{' || b == '}':
		r.char(b)
	}
	r.first = false
}

// word reads a control word, its number and the space that ends it.
func (r *rtfReader) word(first byte) {
	word := []byte{first}
	var digits []byte
	for {
		b, err := r.from.ReadByte()
		if err != nil {
			break
		}
		if b|0x20 >= 'a' && b|0x20 <= 'z' && len(digits) == 0 && len(word) < maxRTFWord {
			word = append(word, b)
			continue
		}
		if (b >= '0' && b <= '9' || b == '-' && len(digits) == 0) && len(digits) < maxRTFWord {
			digits = append(digits, b)
			continue
		}
		if b != ' ' {
			r.from.UnreadByte()
		}
		break
	}
	number, err := strconv.Atoi(string(digits))
	r.apply(string(word), number, err == nil)
}

// apply does what a control word says, as far as it concerns text.
func (r *rtfReader) apply(word string, number int, given bool) {
	if r.first || r.group.skip {
		if r.destination(word) {
			return
		}
	}
	switch word {
	case "u":
		r.unicodeChar(number)
	case "uc":
		r.group.unicode = min(max(number, 0), maxRTFWord)
	case "bin":
		if number > 0 {
			r.from.Discard(number)
		}
	case "par", "line", "page", "sect", "row", "cell", "nestcell", "nestrow":
		r.flushText()
		if !r.group.skip && !r.group.object {
			r.out.line()
		}
	case "tab":
		r.char('\t')
	case "emdash", "endash":
		r.char('-')
	case "ansicpg":
		r.setCharset(codePage(number))
	case "mac":
		r.setCharset(charmap.Macintosh)
	case "pc":
		r.setCharset(charmap.CodePage437)
	case "pca":
		r.setCharset(charmap.CodePage850)
	case "f":
		r.setFont(number)
	case "fcharset":
		if r.inFonts {
			r.fonts[r.font&0xFFFF] = fontCharset(number, r.charset)
		}
	case "plain", "deff":
		r.flushText()
		r.group.charset = r.charset
	}
}

func (r *rtfReader) setCharset(e encoding.Encoding) {
	r.flushText()
	r.charset, r.group.charset = e, e
}

func (r *rtfReader) setFont(number int) {
	if r.inFonts {
		r.font = number
		return
	}
	r.flushText()
	r.group.charset = r.charset
	if e := r.fonts[number&0xFFFF]; e != nil {
		r.group.charset = e
	}
}

// unicodeChar takes \u, of which surrogate pairs need two. The fallback behind it is skipped.
func (r *rtfReader) unicodeChar(number int) {
	r.flushText()
	unit := rune(uint16(number))
	switch {
	case r.group.skip || r.group.object:
	case utf16.IsSurrogate(unit) && r.high == 0:
		r.high = unit
	case r.high != 0:
		if pair := utf16.DecodeRune(r.high, unit); pair != utf8.RuneError {
			r.out.writeRune(pair)
		} else {
			r.out.writeRune(unit)
		}
		r.high = 0
	default:
		r.out.writeRune(unit)
	}
	r.fallback = r.group.unicode
}

// destination reports whether a word at the start of a group says what the group is, and sets how it is read.
func (r *rtfReader) destination(word string) bool {
	switch word {
	case "fonttbl":
		r.group.skip, r.inFonts = true, true
	case "colortbl", "stylesheet", "listtable", "listoverridetable", "rsidtbl", "pict", "themedata", "colorschememapping",
		"latentstyles", "datastore", "xmlnstbl", "generator", "blipuid", "panose", "falt", "filetbl", "revtbl", "mmathPr":
		r.group.skip = true
	case "objdata":
		r.group.skip, r.group.object = true, true
	case "fldinst", "annotation", "atnid", "atnauthor", "docvar", "userprops", "staticval", "propname", "info", "title", "author",
		"footnote", "header", "footer", "headerl", "headerr", "headerf", "footerl", "footerr", "footerf", "shptxt", "shpinst", "sp",
		"sn", "sv", "txe", "htmltag", "bkmkstart", "ffname", "ffdeftext", "formfield", "nonesttables", "ud", "upr", "object", "shppict":
		r.flushText()
		r.group.skip = false
		r.out.space()
	default:
		return false
	}
	return true
}

// endObject reads the object whose data have been gathered: an OLE 1 object (MS-OLEDS 2.2.5) around the native data.
func (r *rtfReader) endObject() {
	if len(r.object) == 0 {
		return
	}
	data := make([]byte, len(r.object)/2)
	n, _ := hex.Decode(data, r.object[:len(data)*2])
	r.object = r.object[:0]
	r.out.flush()
	r.tally.add(r.oleObject(data[:n]))
}

// fontCharset is the encoding of a font's charset number: Rich Text Format 1.9.1, "Font Table".
func fontCharset(number int, document encoding.Encoding) encoding.Encoding {
	pages := map[int]int{77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256,
		186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850}
	if page, ok := pages[number]; ok {
		return codePage(page)
	}
	return document
}
