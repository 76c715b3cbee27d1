package extract

import (
	"bufio"
	"io"
)

// Deflate64 (ZIP method 9) is Deflate (RFC 1951) with a window of 64 KiB, two more distance codes (30 and 31, with 14 extra
// bits each), and length code 285 meaning 3 plus 16 extra bits: APPNOTE.TXT 4.4.5 names it, 7-Zip and .NET write it.
const (
	inflate64Window = 64 << 10
	maxCodeLength   = 15
	literalCodes    = 286
	distanceCodes   = 32
	endOfBlock      = 256
	inflate64Ahead  = 66 << 10 // the longest match, 65,538 bytes, must fit behind the window
)

var (
	lengthBase = [29]int{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 3}
	lengthBits = [29]uint{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 16}
	// codeOrder is the order in which the lengths of the code lengths' own code stand: RFC 1951 section 3.2.7.
	codeOrder = [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

// distanceOf returns the base and the number of extra bits of a distance code.
func distanceOf(code int) (base int, bits uint) {
	if code < 2 {
		return code + 1, 0
	}
	bits = uint(code/2 - 1)
	return 1 + (2+code&1)<<bits, bits
}

// inflate64 decompresses a Deflate64 stream.
type inflate64 struct {
	from   *bufio.Reader
	bits   uint32
	held   uint   // how many bits are held in bits
	output []byte // the window, and behind it what has not been delivered
	given  int    // how much of output has been delivered
	err    error

	inBlock, last  bool
	stored         int // bytes left of a stored block
	literals, dist prefixCode
}

func newInflate64(from io.Reader) io.Reader {
	return &inflate64{from: bufio.NewReader(from), output: make([]byte, 0, inflate64Window+inflate64Ahead)}
}

// Read implements io.Reader.
func (f *inflate64) Read(p []byte) (int, error) {
	for f.given == len(f.output) && f.err == nil {
		if len(f.output) > inflate64Window {
			keep := copy(f.output, f.output[len(f.output)-inflate64Window:])
			f.output, f.given = f.output[:keep], keep
		}
		f.step()
	}
	n := copy(p, f.output[f.given:])
	f.given += n
	if n == 0 && f.err != nil {
		return 0, f.err
	}
	return n, nil
}

// step decodes some output, at most what fits behind the window.
func (f *inflate64) step() {
	switch {
	case !f.inBlock && f.last:
		f.err = io.EOF
	case !f.inBlock:
		f.startBlock()
	case f.stored > 0:
		n := min(f.stored, cap(f.output)-len(f.output), inflate64Window/2)
		start := len(f.output)
		f.output = f.output[:start+n]
		if _, err := io.ReadFull(f.from, f.output[start:]); err != nil {
			f.output = f.output[:start]
			f.err = errCorrupt
			return
		}
		f.stored -= n
		f.inBlock = f.stored > 0
	default:
		f.compressed()
	}
}

func (f *inflate64) startBlock() {
	f.last = f.take(1) == 1
	kind := f.take(2)
	f.inBlock = true
	switch kind {
	case 0:
		f.bits, f.held = 0, 0 // the rest of the byte
		length, check := f.take(16), f.take(16)
		if f.err == nil && length != ^check&0xffff {
			f.err = errCorrupt
		}
		f.stored = int(length)
		f.inBlock = f.stored > 0
	case 1:
		f.fixedCodes()
	case 2:
		f.dynamicCodes()
	default:
		f.err = errCorrupt
	}
}

func (f *inflate64) fixedCodes() {
	lengths := make([]uint8, 288)
	for i := range lengths {
		switch {
		case i < 144, i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	f.literals.build(lengths)
	lengths = lengths[:distanceCodes]
	for i := range lengths {
		lengths[i] = 5
	}
	f.dist.build(lengths)
}

func (f *inflate64) dynamicCodes() {
	literals, distances, codes := int(f.take(5))+257, int(f.take(5))+1, int(f.take(4))+4
	if literals > literalCodes {
		f.err = errCorrupt
		return
	}
	var order [19]uint8
	for i := range codes {
		order[codeOrder[i]] = uint8(f.take(3))
	}
	var code prefixCode
	if !code.build(order[:]) {
		f.err = errCorrupt
		return
	}
	lengths := make([]uint8, literals+distances)
	for i := 0; i < len(lengths) && f.err == nil; {
		symbol, repeat, value := f.symbol(&code), 1, uint8(0)
		switch {
		case symbol < 16:
			value = uint8(symbol)
		case symbol == 16:
			if i == 0 {
				f.err = errCorrupt
				return
			}
			repeat, value = 3+int(f.take(2)), lengths[i-1]
		case symbol == 17:
			repeat = 3 + int(f.take(3))
		default:
			repeat = 11 + int(f.take(7))
		}
		if i+repeat > len(lengths) {
			f.err = errCorrupt
			return
		}
		for range repeat {
			lengths[i] = value
			i++
		}
	}
	if f.err == nil && (!f.literals.build(lengths[:literals]) || !f.dist.build(lengths[literals:])) {
		f.err = errCorrupt
	}
}

// compressed decodes symbols until the block ends or the output is full.
func (f *inflate64) compressed() {
	for f.err == nil && len(f.output) < inflate64Window {
		symbol := f.symbol(&f.literals)
		switch {
		case f.err != nil:
			return
		case symbol < endOfBlock:
			f.output = append(f.output, byte(symbol))
		case symbol == endOfBlock:
			f.inBlock = false
			return
		default:
			f.match(symbol - endOfBlock - 1)
		}
	}
	if f.err == nil && f.given == len(f.output) {
		// The window is full and delivered: decode at least one symbol behind it.
		f.one()
	}
}

func (f *inflate64) one() {
	switch symbol := f.symbol(&f.literals); {
	case f.err != nil:
	case symbol < endOfBlock:
		f.output = append(f.output, byte(symbol))
	case symbol == endOfBlock:
		f.inBlock = false
	default:
		f.match(symbol - endOfBlock - 1)
	}
}

func (f *inflate64) match(code int) {
	if code >= len(lengthBase) {
		f.err = errCorrupt
		return
	}
	length := lengthBase[code] + int(f.take(lengthBits[code]))
	base, bits := distanceOf(f.symbol(&f.dist))
	distance := base + int(f.take(bits))
	if f.err != nil || distance > len(f.output) {
		f.err = errCorrupt
		return
	}
	for range length {
		f.output = append(f.output, f.output[len(f.output)-distance])
	}
}

// take reads n bits, at most 16, the least significant first.
func (f *inflate64) take(n uint) uint32 {
	for f.held < n {
		b, err := f.from.ReadByte()
		if err != nil {
			f.err = errCorrupt
			return 0
		}
		f.bits |= uint32(b) << f.held
		f.held += 8
	}
	v := f.bits & (1<<n - 1)
	f.bits >>= n
	f.held -= n
	return v
}

// symbol reads one symbol of a prefix code, bit by bit: the count of codes of each length tells when it is complete.
func (f *inflate64) symbol(code *prefixCode) int {
	value, first, index := 0, 0, 0
	for length := 1; length <= maxCodeLength; length++ {
		value |= int(f.take(1))
		if f.err != nil {
			return 0
		}
		count := int(code.counts[length])
		if value-first < count {
			return int(code.symbols[index+value-first])
		}
		index += count
		first = (first + count) << 1
		value <<= 1
	}
	f.err = errCorrupt
	return 0
}

// A prefixCode is a canonical prefix code: how many codes there are of each length, and the symbols in the order of their codes.
type prefixCode struct {
	counts  [maxCodeLength + 1]uint16
	symbols []uint16
}

// build makes the code out of the length of each symbol's code, and reports whether no two codes clash.
func (c *prefixCode) build(lengths []uint8) bool {
	c.counts = [maxCodeLength + 1]uint16{}
	for _, l := range lengths {
		c.counts[l]++
	}
	c.counts[0] = 0
	left := 1
	var offsets [maxCodeLength + 2]int
	for l := 1; l <= maxCodeLength; l++ {
		left = left<<1 - int(c.counts[l])
		if left < 0 {
			return false
		}
		offsets[l+1] = offsets[l] + int(c.counts[l])
	}
	if cap(c.symbols) < len(lengths) {
		c.symbols = make([]uint16, len(lengths))
	}
	c.symbols = c.symbols[:len(lengths)]
	for symbol, l := range lengths {
		if l > 0 {
			c.symbols[offsets[l]] = uint16(symbol)
			offsets[l]++
		}
	}
	return true
}
