package extract

import (
	"bufio"
	"encoding/binary"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// maxDictionary is the largest LZMA2 dictionary that is read, in bytes: that of the presets up to 6, the default.
const maxDictionary = 8 << 20

const (
	xzMagic        = "\xfd7zXZ\x00"
	xzHeaderLength = 12
	xzFilterLZMA2  = 0x21
)

// xzReader reads .xz files by the format's description, version 1.2.0. It takes the container apart itself, because any block
// may ask for a dictionary of 4 GiB, and leaves the LZMA2 data to the library. Checksums of the content are skipped: a file
// that was changed on purpose would have right ones.
type xzReader struct {
	raw     *bufio.Reader
	check   int // length of the check behind each block
	block   io.Reader
	counted *countingReader
	streams int
}

// A countingReader counts what is read through it. It is an io.ByteReader, so that the decoder reads no byte too many.
type countingReader struct {
	from *bufio.Reader
	n    int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *countingReader) ReadByte() (byte, error) {
	b, err := c.from.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// Read implements io.Reader.
func (x *xzReader) Read(p []byte) (int, error) {
	for {
		if x.block == nil {
			if err := x.next(); err != nil {
				return 0, err
			}
		}
		n, err := x.block.Read(p)
		if err == io.EOF {
			err = x.endBlock()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// endBlock skips the padding and the check behind a block.
func (x *xzReader) endBlock() error {
	x.block = nil
	padding := int(-x.counted.n & 3)
	if _, err := x.raw.Discard(padding + x.check); err != nil {
		return errCorrupt
	}
	return nil
}

// next moves to the next block, over the end of a stream and the start of another.
func (x *xzReader) next() error {
	for {
		if x.counted == nil {
			if err := x.startStream(); err != nil {
				return err
			}
		}
		size, err := x.raw.ReadByte()
		if err != nil {
			return errCorrupt
		}
		if size != 0 {
			return x.startBlock(int(size))
		}
		if err := x.endStream(); err != nil {
			return err
		}
	}
}

func (x *xzReader) startStream() error {
	for x.streams > 0 { // padding between streams is zeros
		b, err := x.raw.Peek(1)
		if err != nil {
			return io.EOF
		}
		if b[0] != 0 {
			break
		}
		x.raw.Discard(1)
	}
	var header [xzHeaderLength]byte
	if _, err := io.ReadFull(x.raw, header[:]); err != nil || string(header[:6]) != xzMagic || header[6] != 0 || header[7] > 15 {
		return errCorrupt
	}
	if x.streams++; x.streams > maxMembers {
		return errTooLarge
	}
	// The lengths of the checks come in steps: 0, 4, 4, 4, 8, 8, 8, 16 and so on (section 2.1.1.2).
	x.check = 0
	if id := int(header[7]); id > 0 {
		x.check = 4 << ((id - 1) / 3)
	}
	x.counted = &countingReader{from: x.raw}
	return nil
}

// startBlock reads the rest of a block header. Other filters than LZMA2 (branch converters for machine code, delta) are not
// undone.
func (x *xzReader) startBlock(size int) error {
	header := make([]byte, size*4+3)
	if _, err := io.ReadFull(x.raw, header); err != nil {
		return errCorrupt
	}
	flags, fields := header[0], header[1:len(header)-4]
	for _, present := range []bool{flags&0x40 != 0, flags&0x80 != 0} { // sizes, which are not needed
		if !present {
			continue
		}
		_, n := binary.Uvarint(fields)
		if n <= 0 {
			return errCorrupt
		}
		fields = fields[n:]
	}
	if flags&3 != 0 {
		return errCoding
	}
	if len(fields) < 3 || fields[0] != xzFilterLZMA2 || fields[1] != 1 || fields[2] > 40 {
		return errCoding
	}
	dictionary := int64(1) << 32
	if bits := fields[2]; bits < 40 {
		dictionary = int64(2|bits&1) << (bits/2 + 11)
	}
	if dictionary > maxDictionary {
		return errTooLarge
	}
	x.counted.n = 0
	block, err := lzma.Reader2Config{DictCap: int(dictionary)}.NewReader2(x.counted)
	if err != nil {
		return errCorrupt
	}
	x.block = block
	return nil
}

// endStream skips the index and the footer.
func (x *xzReader) endStream() error {
	index := &countingReader{from: x.raw, n: 1} // the zero byte that said that no block follows
	records, err := binary.ReadUvarint(index)
	for ; err == nil && records > 0; records-- {
		if _, err = binary.ReadUvarint(index); err == nil {
			_, err = binary.ReadUvarint(index)
		}
	}
	if err != nil {
		return errCorrupt
	}
	padding := int(-index.n & 3)
	if _, err := x.raw.Discard(padding + 4 + xzHeaderLength); err != nil {
		return errCorrupt
	}
	x.counted = nil
	return nil
}
