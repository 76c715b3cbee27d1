package coding

import (
	"bufio"
	"errors"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"stanch/rules"
)

const (
	// inputBuffer is how many coded bytes are read at once.
	inputBuffer = 4 << 10
	// deflateWindow is how far back deflate may refer, and how much its decoder keeps before it returns anything.
	deflateWindow = 32 << 10
	// deflateUnsettled bounds what is inside a deflate decoder and in the buffer that it is filling.
	deflateUnsettled = 2 * deflateWindow
	// zstdUnsettled is the largest block of zstd (RFC 8878, section 3.1.1.2.4).
	zstdUnsettled = 128 << 10
	// zstdBlockHeader is how many bytes the decoder asks for between two blocks, when it has returned all it had.
	zstdBlockHeader = 3
)

// Decoders keeps decoders for reuse. The zero value is ready; it is safe for concurrent use.
type Decoders struct{ buffers, gzip, zlib, flate, brotli, zstd sync.Pool }

func (d *Decoders) layer(name string, below io.Reader, r *Reader) layer {
	switch name {
	case "gzip":
		r.input.marks = true
		reader, ok := d.gzip.Get().(*gzip.Reader)
		if !ok {
			reader = new(gzip.Reader)
		}
		return &gzipLayer{source: d.buffer(below), input: &r.input, reader: reader}
	case "deflate":
		r.input.marks = true
		return &deflateLayer{source: d.buffer(below), input: &r.input, decoders: d}
	case "br":
		reader, ok := d.brotli.Get().(*brotli.Reader)
		if !ok {
			reader = new(brotli.Reader)
		}
		l := &brotliLayer{reader: reader, source: sized{Reader: below}}
		reader.Reset(&l.source) // it has a buffer of its own
		return l
	default:
		return &zstdLayer{whole: whole{source: d.buffer(below)}, decoders: d}
	}
}

func (d *Decoders) buffer(source io.Reader) *bufio.Reader {
	if b, ok := d.buffers.Get().(*bufio.Reader); ok {
		b.Reset(source)
		return b
	}
	return bufio.NewReaderSize(source, inputBuffer)
}

// idle is what a pooled decoder reads from: nothing.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, io.EOF }
func (idle) ReadByte() (byte, error)  { return 0, io.EOF }

func (d *Decoders) putBuffer(b *bufio.Reader) {
	b.Reset(idle{})
	d.buffers.Put(b)
}

// ended turns the end of a coding into the end of the body: nothing but zero padding may follow.
func ended(source *bufio.Reader) error {
	for {
		c, err := source.ReadByte()
		if err != nil {
			return err
		}
		if c != 0 {
			return &Error{rules.Corrupt, "bytes follow the end of the coding"}
		}
	}
}

// A gzipLayer reads the members of a gzip body (RFC 1952) one after another.
type gzipLayer struct {
	source  *bufio.Reader
	input   *input
	reader  *gzip.Reader
	members int
	between bool // all that came has been returned
}

func (l *gzipLayer) Read(p []byte) (int, error) {
	for {
		if l.members == 0 || l.between {
			if err := l.next(); err != nil {
				return 0, err
			}
		}
		n, err := l.reader.Read(p)
		if err != io.EOF {
			return n, err
		}
		if l.between = true; n > 0 {
			return n, nil
		}
	}
}

// next starts on the next member, or says that there is none.
func (l *gzipLayer) next() error {
	if l.members > 0 {
		magic, err := l.source.Peek(2)
		if err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
			return ended(l.source)
		}
	}
	if l.members++; l.members > MaxMembers {
		return &Error{rules.Ratio, "the body has too many members"}
	}
	l.between = false
	if err := l.reader.Reset(l.source); err != nil {
		return err
	}
	l.reader.Multistream(false)
	return nil
}

func (l *gzipLayer) unsettled() int64 {
	if l.between || l.input.flushed {
		return 0
	}
	return deflateUnsettled
}

func (l *gzipLayer) free(d *Decoders) {
	d.gzip.Put(l.reader)
	d.putBuffer(l.source)
}

// A deflateLayer reads "deflate": a zlib stream (RFC 1950) as the standard says, or the bare deflate stream (RFC 1951) that some send.
type deflateLayer struct {
	source   *bufio.Reader
	input    *input
	reader   io.ReadCloser
	zlib     bool
	done     bool
	decoders *Decoders
}

func (l *deflateLayer) Read(p []byte) (int, error) {
	if l.done {
		return 0, ended(l.source)
	}
	if l.reader == nil {
		head, err := l.source.Peek(2)
		if len(head) < 2 {
			return 0, unexpected(err)
		}
		l.zlib = isZlib(head)
		if err = l.open(); err != nil {
			return 0, err
		}
	}
	n, err := l.reader.Read(p)
	if err == io.EOF {
		l.done = true
		err = nil
	}
	return n, err
}

// open takes a decoder of the right kind from its pool, or makes one.
func (l *deflateLayer) open() (err error) {
	pool := l.pool()
	if spare, ok := pool.Get().(io.ReadCloser); ok {
		if err = spare.(flate.Resetter).Reset(l.source, nil); err == nil {
			l.reader = spare
		}
		return err
	}
	if l.zlib {
		l.reader, err = zlib.NewReader(l.source)
		return err
	}
	l.reader = flate.NewReader(l.source)
	return nil
}

func (l *deflateLayer) pool() *sync.Pool {
	if l.zlib {
		return &l.decoders.zlib
	}
	return &l.decoders.flate
}

// unexpected is the error for a source that ended where it must not.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// isZlib tells by the two bytes of a zlib header: method 8, a window it allows, and a check sum.
func isZlib(head []byte) bool {
	return head[0]&0x0f == 8 && head[0]>>4 <= 7 && (int(head[0])<<8|int(head[1]))%31 == 0
}

func (l *deflateLayer) unsettled() int64 {
	if l.input.flushed {
		return 0
	}
	return deflateUnsettled
}

func (l *deflateLayer) free(d *Decoders) {
	if l.reader != nil {
		l.pool().Put(l.reader)
	}
	d.putBuffer(l.source)
}

// A brotliLayer reads Brotli (RFC 7932). Its decoder returns all it can before it asks for more.
type brotliLayer struct {
	reader *brotli.Reader
	source sized
}

// sized remembers how many bytes it returned last.
type sized struct {
	io.Reader
	last int
}

func (s *sized) Read(p []byte) (n int, err error) {
	n, err = s.Reader.Read(p)
	s.last = n
	return n, err
}

// brotliExcess is what the decoder says of bytes behind the end; and by mistake (v1.2.8) of a body whose last byte came by itself.
const brotliExcess = "brotli: excessive input"

func (l *brotliLayer) Read(p []byte) (int, error) {
	n, err := l.reader.Read(p)
	if err != nil && l.source.last == 1 && err.Error() == brotliExcess {
		var more [1]byte
		if m, end := l.source.Read(more[:]); m == 0 && end != nil {
			err = end
		}
	}
	return n, err
}

func (l *brotliLayer) unsettled() int64 { return 0 }

func (l *brotliLayer) free(d *Decoders) {
	l.reader.Reset(idle{})
	d.brotli.Put(l.reader)
}

// A zstdLayer reads Zstandard (RFC 8878), in the goroutine of its caller.
type zstdLayer struct {
	whole    whole
	decoder  *zstd.Decoder
	decoders *Decoders
}

// whole fills every request completely, and so knows what the decoder is asking for while it waits.
type whole struct {
	source  *bufio.Reader
	request int // size of the request being filled
	got     int // of which so many bytes are there
}

func (w *whole) Read(p []byte) (int, error) {
	w.request, w.got = len(p), 0
	for w.got < len(p) {
		n, err := w.source.Read(p[w.got:])
		w.got += n
		if err != nil {
			return w.got, err
		}
	}
	return w.got, nil
}

func (l *zstdLayer) Read(p []byte) (int, error) {
	if l.decoder == nil {
		spare, ok := l.decoders.zstd.Get().(*zstd.Decoder)
		if !ok {
			var err error
			spare, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(MaxWindow))
			if err != nil {
				return 0, err
			}
		}
		l.decoder = spare
		if err := spare.Reset(&l.whole); err != nil {
			return 0, err
		}
	}
	n, err := l.decoder.Read(p)
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = &Error{rules.TooLarge, "the window is larger than is allowed"}
	}
	return n, err
}

func (l *zstdLayer) unsettled() int64 {
	if l.whole.request == zstdBlockHeader && l.whole.got == 0 {
		return 0
	}
	return zstdUnsettled
}

func (l *zstdLayer) free(d *Decoders) {
	if l.decoder != nil {
		l.decoder.Reset(nil)
		d.zstd.Put(l.decoder)
	}
	d.putBuffer(l.whole.source)
}
