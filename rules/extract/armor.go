package extract

import (
	"bufio"
	"bytes"
	"encoding/ascii85"
	"io"
	"strings"

	"stanch/rules"
)

// leastAscii85 is how many characters of Ascii85 without its marks are looked at, at least.
const leastAscii85 = 40

// ascii85Opening and ascii85Close stand around Ascii85, mostly (PostScript Language Reference, 3.13.3).
const (
	ascii85Opening = "<~"
	ascii85Close   = '~'
)

// isArmored reports whether a file begins as text that stands for another file: uuencode, yEnc, or Ascii85, marked or not.
// Base64 is looked for in all texts.
func isArmored(head []byte) bool {
	start := bytes.TrimLeft(head, " \t\r\n")
	line, next, _ := bytes.Cut(start, []byte{'\n'})
	if _, ok := yencName(line); ok {
		return true
	}
	if _, ok := uuName(line); ok {
		return isUULine(next)
	}
	return isAscii85(bytes.TrimPrefix(start, []byte(ascii85Opening)))
}

// uuName is the name in the line before uuencoded ones: "begin", a file mode and a name (POSIX, uuencode).
func uuName(line []byte) (name string, ok bool) {
	rest, found := bytes.CutPrefix(line, []byte("begin "))
	mode, file, _ := bytes.Cut(rest, []byte{' '})
	if !found || len(mode) < 3 || len(mode) > 4 || len(bytes.Trim(mode, "01234567")) > 0 || len(file) == 0 {
		return "", false
	}
	return string(bytes.TrimSpace(file)), true
}

// isUULine reports whether text begins with a line as uuencode writes them: its length stands before it. The line may be cut.
func isUULine(text []byte) bool {
	line, _, whole := bytes.Cut(text, []byte{'\n'})
	line = bytes.TrimRight(line, "\r")
	if len(line) == 0 {
		return false
	}
	for _, b := range line {
		if b < ' ' || b > '`' {
			return false
		}
	}
	digits := (int(line[0]-' ')&0x3F + 2) / 3 * 4
	return !whole || len(line)-1 >= digits-2 && len(line)-1 <= digits+1 // some add a checksum, some leave out what ends the last group
}

// yencName is the name in the line before those of yEnc (yEnc draft 1.3, section 5).
func yencName(line []byte) (name string, ok bool) {
	if !bytes.HasPrefix(line, []byte("=ybegin ")) || !bytes.Contains(line, []byte("size=")) {
		return "", false
	}
	_, file, _ := bytes.Cut(line, []byte("name="))
	return string(bytes.TrimSpace(file)), true
}

// isAscii85 reports whether text begins with Ascii85 that stands for text.
func isAscii85(text []byte) bool {
	var plain [SniffLength]byte
	if len(text) < leastAscii85 {
		return false
	}
	if i := bytes.IndexByte(text, ascii85Close); i >= leastAscii85 {
		text = text[:i]
	}
	n, _, err := ascii85.Decode(plain[:], text[:min(len(text), leastAscii85*4)], false)
	return err == nil && n >= leastAscii85/2 && beginsAsText(plain[:n])
}

// readArmored reads the files that are written one behind the other into a text, and what stands behind them.
func readArmored(s *source) (rules.Format, outcome) {
	r := &armorReader{source: s, lines: bufio.NewReaderSize(io.NewSectionReader(s.file, 0, s.size), maxMailLine)}
	r.tally.read = true
	head, _ := r.lines.Peek(SniffLength)
	if digits := bytes.TrimPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte(ascii85Opening)); isAscii85(digits) {
		r.lines.Discard(len(head) - len(digits))
		r.file("", ascii85.NewDecoder(&ascii85Digits{from: r.lines}))
	}
	r.read()
	r.tally.fail(s.meter.reason)
	return s.format, r.tally.outcome()
}

// An armorReader reads a text line by line, and the files in it.
type armorReader struct {
	*source
	lines *bufio.Reader
	tally tally
	files int
}

func (r *armorReader) read() {
	for r.meter.ok() {
		line, err := r.lines.ReadSlice('\n')
		if name, ok := uuName(line); ok {
			r.file(name, &uuDecoder{lines: r.lines, ends: true})
		} else if name, ok := yencName(line); ok {
			r.file(name, &yencDecoder{lines: r.lines})
		} else if len(bytes.TrimSpace(line)) > 0 {
			r.file("rest", io.MultiReader(bytes.NewReader(bytes.Clone(line)), r.lines))
		}
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

// file reads one file; what stands behind it is text again.
func (r *armorReader) file(name string, content io.Reader) {
	if r.files++; r.files > maxMIMEParts {
		r.meter.fail(rules.TooLarge)
		return
	}
	if name = strings.ToValidUTF8(name, "\uFFFD"); name == "" {
		name = "decoded"
	}
	content = &meteredReader{r.meter, content}
	r.tally.add(r.member(name, content))
	io.Copy(io.Discard, content)
}

// ascii85Digits are those up to the closing mark.
type ascii85Digits struct {
	from  *bufio.Reader
	ended bool
}

func (a *ascii85Digits) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && !a.ended {
		b, err := a.from.ReadByte()
		switch {
		case err != nil:
			a.ended = true
		case b == ascii85Close:
			a.ended = true
			if next, _ := a.from.Peek(1); len(next) > 0 && next[0] == '>' {
				a.from.Discard(1)
			}
		case b >= '!' && b <= 'u' || b == 'z':
			p[n] = b
			n++
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// A yencDecoder decodes the lines up to that of the end: each byte is written 42 higher, or 64 more behind a '='.
type yencDecoder struct {
	lines   *bufio.Reader
	left    []byte
	middle  bool // of a long line
	escaped bool
	ended   bool
}

// The shifts of yEnc (draft 1.3, section 2).
const (
	yencShift   = 42
	yencEscaped = 64
)

func (y *yencDecoder) Read(p []byte) (int, error) {
	for len(y.left) == 0 {
		if y.ended {
			return 0, io.EOF
		}
		line, err := y.lines.ReadSlice('\n')
		y.ended = err != nil && err != bufio.ErrBufferFull
		start := !y.middle
		y.middle = err == bufio.ErrBufferFull
		if start && bytes.HasPrefix(line, []byte("=y")) {
			y.ended = y.ended || bytes.HasPrefix(line, []byte("=yend"))
			continue
		}
		y.left = y.decode(line)
	}
	n := copy(p, y.left)
	y.left = y.left[n:]
	return n, nil
}

// decode works in place.
func (y *yencDecoder) decode(line []byte) []byte {
	out := line[:0]
	for _, b := range line {
		switch {
		case b == '\r' || b == '\n':
		case y.escaped:
			out, y.escaped = append(out, b-yencEscaped-yencShift), false
		case b == '=':
			y.escaped = true
		default:
			out = append(out, b-yencShift)
		}
	}
	return out
}
