package extract

import (
	"compress/bzip2"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"

	"stanch/rules"
)

// The compression methods that can be read: APPNOTE.TXT 4.4.5.
const (
	zipStore     = 0
	zipDeflate   = 8
	zipDeflate64 = 9
	zipBZIP2     = 12
	zipZSTD      = 93
	zipZSTDOld   = 20
	zipAES       = 99
)

var flateReaders = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// Names returns the names of the members, in the order of the directory.
func (z *zipFile) Names() []string {
	names := make([]string, len(z.entries))
	for i := range z.entries {
		names[i] = z.entries[i].name
	}
	return names
}

// Open opens the first member of the given name. What reading it runs into counts for the archive's outcome.
func (z *zipFile) Open(name string) (io.ReadCloser, error) {
	index, ok := z.byName[name]
	if !ok {
		return nil, fmt.Errorf("no member %q", name)
	}
	return z.open(index)
}

// open opens a member. Its bytes are paid for as they are read; at the end its length and checksum are checked.
func (z *zipFile) open(index int) (io.ReadCloser, error) {
	r, err := z.openUnchecked(&z.entries[index])
	if err != nil {
		z.note(err)
		return nil, err
	}
	return r, nil
}

func (z *zipFile) openUnchecked(e *zipEntry) (*zipReader, error) {
	if !z.meter.ok() {
		return nil, z.meter.err()
	}
	if e.flags&(zipFlagEncrypted|zipFlagMasked) != 0 || e.method == zipAES {
		return nil, errEncrypted
	}
	if e.data == 0 {
		return nil, errCorrupt
	}
	packed := io.NewSectionReader(z.file, e.data, e.packed)
	r := &zipReader{zip: z, entry: e, crc: crc32.NewIEEE()}
	switch e.method {
	case zipStore:
		r.content = packed
	case zipDeflate:
		inflater := flateReaders.Get().(io.ReadCloser)
		inflater.(flate.Resetter).Reset(packed, nil)
		r.content = inflater
		r.release = func() { flateReaders.Put(inflater) }
	case zipDeflate64:
		r.content = newInflate64(packed)
	case zipBZIP2:
		r.content = bzip2.NewReader(packed)
	case zipZSTD, zipZSTDOld:
		decoder, err := newZSTD(packed)
		if err != nil {
			return nil, errCorrupt
		}
		r.content, r.release = decoder, decoder.Close
	default:
		return nil, errCoding
	}
	return r, nil
}

// zstdWindow is the largest window of a zstd frame that is read: RFC 9659 section 3.
const zstdWindow = 8 << 20

func newZSTD(from io.Reader) (*zstd.Decoder, error) {
	return zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
}

// note keeps what opening or reading a member ran into.
func (z *zipFile) note(err error) {
	if z.meter.reason == rules.NoReason {
		z.tally.fail(reasonOf(err))
	}
}

// A zipReader reads one member.
type zipReader struct {
	zip     *zipFile
	entry   *zipEntry
	content io.Reader
	release func() // gives back what content is made of; nil when there is nothing to give back
	crc     hash.Hash32
	read    int64
	err     error
}

// Read implements io.Reader. Its errors are sticky.
func (r *zipReader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.content.Read(p)
	r.read += int64(n)
	r.crc.Write(p[:n])
	switch {
	case !r.zip.meter.expand(n):
		err = r.zip.meter.err()
	case err == io.EOF:
		err = r.check()
	case err != nil:
		err = errCorrupt
	case r.entry.unpacked >= 0 && r.read > r.entry.unpacked:
		r.zip.damaged = true // more than announced: read on, but say so
	}
	if err != nil {
		r.err = err
		if err != io.EOF {
			r.zip.note(err)
		}
	}
	return n, err
}

// check compares what was read with what was announced. An unlisted member may announce nothing.
func (r *zipReader) check() error {
	if r.entry.unpacked < 0 {
		return io.EOF
	}
	if r.read != r.entry.unpacked || r.crc.Sum32() != r.entry.crc {
		return errCorrupt
	}
	return io.EOF
}

// Close implements io.Closer.
func (r *zipReader) Close() error {
	if r.release != nil {
		r.release()
	}
	r.release, r.content, r.err = nil, nil, io.ErrClosedPipe
	return nil
}

// outcomeWith makes one outcome of what a reader of the members said and of what the archive itself knows.
func (z *zipFile) outcomeWith(o outcome) outcome {
	t := z.tally
	t.read = t.read || o.status != rules.Unscannable
	t.fail(o.reason)
	t.fail(z.state())
	return t.outcome()
}
