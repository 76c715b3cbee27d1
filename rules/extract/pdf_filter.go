package extract

import (
	"bufio"
	"encoding/ascii85"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
)

// maxPDFFilters bounds the filters of one stream.
const maxPDFFilters = 8

// maxPDFRow bounds one row of a predictor, in bytes.
const maxPDFRow = 1 << 20

// errPDFImage is returned for streams that hold an image: nothing is missed by not decoding them.
var errPDFImage = errors.New("an image")

// decode undoes the filters of a stream: ISO 32000-1, 7.4. What it yields is paid for.
func (f *pdfFile) decode(o *pdfObject, from io.Reader) (io.Reader, error) {
	filters, parameters := f.either(o.value, "Filter", "F"), f.either(o.value, "DecodeParms", "DP")
	names := []pdfValue{filters}
	if filters.kind == pdfArray {
		names = filters.array
	}
	if len(names) > maxPDFFilters {
		return nil, errTooLarge
	}
	for i, n := range names {
		p := parameters
		if p.kind == pdfArray {
			p = pdfValue{}
			if i < len(parameters.array) {
				p = f.resolve(parameters.array[i])
			}
		}
		var err error
		if from, err = f.filter(f.resolve(n).name(), p, from); err != nil {
			return nil, err
		}
		from = &meteredReader{f.meter, from}
	}
	return from, nil
}

// either resolves an entry by its long name, or by its short one.
func (f *pdfFile) either(v pdfValue, long, short string) pdfValue {
	if r := f.get(v, long); r.kind != pdfNull {
		return r
	}
	r := f.get(v, short)
	if short == "F" && r.kind != pdfName && r.kind != pdfArray {
		return pdfValue{} // a file specification
	}
	return r
}

func (f *pdfFile) filter(name string, parameters pdfValue, from io.Reader) (io.Reader, error) {
	switch name {
	case "", "Crypt":
		return from, nil
	case "FlateDecode", "Fl":
		return f.predictor(parameters, newPDFInflater(from))
	case "LZWDecode", "LZW":
		early := true
		if v, ok := parameters.dict["EarlyChange"]; ok {
			early = f.resolve(v).integer() != 0
		}
		return f.predictor(parameters, newPDFLZW(from, early))
	case "ASCII85Decode", "A85":
		return ascii85.NewDecoder(&ascii85Input{from: bufio.NewReader(from)}), nil
	case "ASCIIHexDecode", "AHx":
		return &hexInput{from: bufio.NewReader(from)}, nil
	case "RunLengthDecode", "RL":
		return &runLengthInput{from: bufio.NewReader(from)}, nil
	case "DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode":
		return nil, errPDFImage
	}
	return nil, errCoding
}

// newPDFInflater inflates zlib data, or raw Deflate data where the header is missing. Checksums are not checked, and damage ends
// the stream: that is what viewers do.
func newPDFInflater(from io.Reader) io.Reader {
	buffered := bufio.NewReader(from)
	if head, err := buffered.Peek(2); err == nil && head[0]&0x0F == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		buffered.Discard(2)
	}
	return &untilDamage{flate.NewReader(buffered)}
}

// untilDamage ends a stream where it is damaged.
type untilDamage struct{ from io.Reader }

func (u *untilDamage) Read(p []byte) (int, error) {
	n, err := u.from.Read(p)
	var limit reasonError
	if err != nil && err != io.EOF && !errors.As(err, &limit) {
		err = io.EOF
	}
	return n, err
}

// ascii85Input drops what the decoder does not know: the marks around the data.
type ascii85Input struct {
	from    *bufio.Reader
	started bool
	ended   bool
}

func (a *ascii85Input) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && !a.ended {
		b, err := a.from.ReadByte()
		if err != nil || b == '~' {
			a.ended = true
			break
		}
		if b == '<' && !a.started { // perhaps the opening mark <~
			if next, err := a.from.Peek(1); err == nil && next[0] == '~' {
				a.from.Discard(1)
				continue
			}
		}
		if b >= '!' && b <= 'u' || b == 'z' {
			a.started = true
			p[n] = b
			n++
		}
	}
	if n == 0 && a.ended {
		return 0, io.EOF
	}
	return n, nil
}

// hexInput decodes hexadecimal digits up to '>'.
type hexInput struct{ from *bufio.Reader }

func (h *hexInput) Read(p []byte) (int, error) {
	for n := 0; n < len(p); n++ {
		high, ok := h.digit()
		if !ok {
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		}
		low, _ := h.digit()
		p[n] = byte(high<<4 | low)
	}
	return len(p), nil
}

func (h *hexInput) digit() (int, bool) {
	for {
		b, err := h.from.ReadByte()
		if err != nil {
			return 0, false
		}
		if b == '>' {
			h.from.UnreadByte()
			return 0, false
		}
		if v := hexValue(b); v >= 0 {
			return v, true
		}
	}
}

// runLengthInput undoes RunLengthDecode.
type runLengthInput struct {
	from *bufio.Reader
	left int // bytes left of the run
	same bool
	b    byte
}

func (r *runLengthInput) Read(p []byte) (int, error) {
	for n := 0; n < len(p); n++ {
		if r.left == 0 {
			length, err := r.from.ReadByte()
			if err != nil || length == 128 {
				if n == 0 {
					return 0, io.EOF
				}
				return n, nil
			}
			if r.same = length > 128; r.same {
				r.left = 257 - int(length)
				r.b, _ = r.from.ReadByte()
			} else {
				r.left = int(length) + 1
			}
		}
		if !r.same {
			b, err := r.from.ReadByte()
			if err != nil {
				return n, io.EOF
			}
			r.b = b
		}
		p[n] = r.b
		r.left--
	}
	return len(p), nil
}

// predictor undoes the predictor of Flate and LZW streams: ISO 32000-1, 7.4.4.4.
func (f *pdfFile) predictor(parameters pdfValue, from io.Reader) (io.Reader, error) {
	kind := f.get(parameters, "Predictor").integer()
	if kind < 2 {
		return from, nil
	}
	number := func(key string, def int64) int64 {
		if v := f.get(parameters, key); v.kind == pdfNumber {
			return v.integer()
		}
		return def
	}
	colors, bits, columns := number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1)
	if colors < 1 || colors > 64 || bits < 1 || bits > 32 || columns < 1 || columns > maxPDFRow {
		return nil, errCorrupt
	}
	row := (colors*bits*columns + 7) / 8
	if row > maxPDFRow {
		return nil, errTooLarge
	}
	return &predictor{from: from, png: kind >= 10, bytes: int(max(colors*bits/8, 1)), row: make([]byte, row), above: make([]byte, row), tiff: bits == 8}, nil
}

// A predictor undoes the PNG filters, or TIFF's horizontal differencing.
type predictor struct {
	from       io.Reader
	png, tiff  bool
	bytes      int // of one pixel
	row, above []byte
	left       []byte // of row, not delivered yet
}

func (p *predictor) Read(into []byte) (int, error) {
	if len(p.left) == 0 {
		if err := p.next(); err != nil {
			return 0, err
		}
	}
	n := copy(into, p.left)
	p.left = p.left[n:]
	return n, nil
}

func (p *predictor) next() error {
	p.row, p.above = p.above, p.row
	var filter [1]byte
	if p.png {
		if _, err := io.ReadFull(p.from, filter[:]); err != nil {
			return err
		}
	}
	n, err := io.ReadFull(p.from, p.row)
	if n == 0 {
		return err
	}
	clear(p.row[n:])
	if !p.png {
		filter[0] = 1
		if !p.tiff {
			filter[0] = 0
		}
	}
	p.undo(filter[0])
	p.left = p.row[:n]
	return nil
}

func (p *predictor) undo(filter byte) {
	for i := range p.row {
		var left, above, corner int
		above = int(p.above[i])
		if i >= p.bytes {
			left, corner = int(p.row[i-p.bytes]), int(p.above[i-p.bytes])
		}
		switch filter {
		case 1:
			p.row[i] += byte(left)
		case 2:
			p.row[i] += byte(above)
		case 3:
			p.row[i] += byte((left + above) / 2)
		case 4:
			p.row[i] += byte(paeth(left, above, corner))
		}
	}
}

// paeth is the predictor of that name: PNG, second edition, 9.4.
func paeth(left, above, corner int) int {
	p := left + above - corner
	toLeft, toAbove, toCorner := abs(p-left), abs(p-above), abs(p-corner)
	switch {
	case toLeft <= toAbove && toLeft <= toCorner:
		return left
	case toAbove <= toCorner:
		return above
	}
	return corner
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}

// pdfLZW decodes LZW with codes of 9 to 12 bits, the most significant bit first, which grow one code early when PDF says so.
type pdfLZW struct {
	from           *bufio.Reader
	early          int
	bits           uint32
	held           uint
	width          uint
	previous       int
	count          int
	prefix         [4096]uint16
	suffix         [4096]byte
	output, buffer []byte
	ended          bool
}

const (
	lzwClear = 256
	lzwEnd   = 257
)

func newPDFLZW(from io.Reader, early bool) io.Reader {
	z := &pdfLZW{from: bufio.NewReader(from), width: 9, previous: -1, count: lzwEnd + 1}
	if early {
		z.early = 1
	}
	for i := range 256 {
		z.suffix[i] = byte(i)
	}
	return z
}

func (z *pdfLZW) Read(p []byte) (int, error) {
	for len(z.output) == 0 {
		if z.ended {
			return 0, io.EOF
		}
		z.step()
	}
	n := copy(p, z.output)
	z.output = z.output[n:]
	return n, nil
}

func (z *pdfLZW) step() {
	for z.held < z.width {
		b, err := z.from.ReadByte()
		if err != nil {
			z.ended = true
			return
		}
		z.bits = z.bits<<8 | uint32(b)
		z.held += 8
	}
	z.held -= z.width
	code := int(z.bits >> z.held & (1<<z.width - 1))
	switch {
	case code == lzwClear:
		z.width, z.previous, z.count = 9, -1, lzwEnd+1
		return
	case code == lzwEnd || code > z.count || code == z.count && z.previous < 0:
		z.ended = true
		return
	}
	z.buffer = z.buffer[:0]
	if code == z.count { // the string that is just being defined
		z.expand(z.previous)
		z.buffer = append(z.buffer, z.buffer[0])
	} else {
		z.expand(code)
	}
	if z.previous >= 0 && z.count < len(z.prefix) {
		z.prefix[z.count], z.suffix[z.count] = uint16(z.previous), z.buffer[0]
		z.count++
		if z.count+z.early >= 1<<z.width && z.width < 12 {
			z.width++
		}
	}
	z.previous = code
	z.output = z.buffer
}

// expand writes the string of a code into buffer.
func (z *pdfLZW) expand(code int) {
	start := len(z.buffer)
	for code > lzwEnd {
		z.buffer = append(z.buffer, z.suffix[code])
		code = int(z.prefix[code])
	}
	z.buffer = append(z.buffer, byte(code))
	for i, j := start, len(z.buffer)-1; i < j; i, j = i+1, j-1 {
		z.buffer[i], z.buffer[j] = z.buffer[j], z.buffer[i]
	}
}
