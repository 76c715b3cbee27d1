package extract

import (
	"encoding/binary"
	"io"

	"stanch/rules"
)

// The layout of RAR archives: "RAR 5.0 archive format", rarlab.com/technote.htm, and the technote of version 4.
const (
	rar5Magic = "Rar!\x1a\x07\x01\x00"
	rar4Magic = "Rar!\x1a\x07\x00"

	rar4Main          = 0x73
	rar4File          = 0x74
	rar4MainEncrypted = 0x0080
	rar4FileEncrypted = 0x0004
	rar4HasData       = 0x8000
	rar4LargeFile     = 0x0100
	rar4Stored        = 0x30

	rar5File       = 2
	rar5Service    = 3
	rar5Encryption = 4
	rar5HasExtra   = 0x0001
	rar5HasData    = 0x0002
	rar5HasTime    = 0x0002
	rar5HasCRC     = 0x0004
	rar5Encrypted  = 1 // type of the extra record that says so
	rar5Method     = 0x0380

	maxRARHeader = 2 << 20 // the format's own limit
)

// A rarReader reads the headers of an archive, and those members that are stored without compression.
type rarReader struct {
	*source
	out   *textWriter
	tally tally
	at    int64
}

// readRAR names every member and tells whether the archive is encrypted. Compressed members are not read.
func readRAR(s *source) (rules.Format, outcome) {
	r := &rarReader{source: s, out: s.text()}
	var magic [8]byte
	s.file.ReadAt(magic[:], 0)
	switch {
	case string(magic[:]) == rar5Magic:
		r.at = int64(len(rar5Magic))
		for s.meter.ok() && s.meter.entry() && r.block5() {
		}
	case string(magic[:7]) == rar4Magic:
		r.at = int64(len(rar4Magic))
		for s.meter.ok() && s.meter.entry() && r.block4() {
		}
	default:
		r.tally.fail(rules.Corrupt)
	}
	r.out.flush()
	r.tally.fail(s.meter.reason)
	return rules.RAR, r.tally.outcome()
}

// entry writes a member's name and reads it when that is possible.
func (r *rarReader) entry(name []byte, encrypted, stored bool, data, size int64) {
	text := zipText(name, 0)
	r.out.writeString(text)
	r.out.line()
	switch {
	case encrypted:
		r.tally.fail(rules.Encrypted)
	case stored && size > 0 && size <= r.source.size-data:
		r.out.flush()
		r.tally.add(r.member(text, &meteredReader{r.meter, io.NewSectionReader(r.file, data, size)}))
	case size > 0:
		r.tally.fail(rules.UnknownFormat)
	}
}

// block4 reads one block of version 4 and reports whether another may follow.
func (r *rarReader) block4() bool {
	var head [32]byte
	n, _ := r.file.ReadAt(head[:], r.at)
	if n < 7 {
		return false
	}
	le := binary.LittleEndian
	kind, flags, length := head[2], le.Uint16(head[3:]), int64(le.Uint16(head[5:]))
	if length < 7 {
		r.tally.fail(rules.Corrupt)
		return false
	}
	data := int64(0)
	if (flags&rar4HasData != 0 || kind == rar4File) && n >= 11 {
		data = int64(le.Uint32(head[7:]))
	}
	switch {
	case kind == rar4Main && flags&rar4MainEncrypted != 0:
		r.tally.fail(rules.Encrypted)
		return false
	case kind == rar4File && n == len(head):
		at := r.at + 32
		if flags&rar4LargeFile != 0 {
			var high [8]byte
			r.file.ReadAt(high[:], at)
			data |= int64(le.Uint32(high[:])&0x7FFFFFFF) << 32
			at += 8
		}
		name := make([]byte, le.Uint16(head[26:]))
		r.file.ReadAt(name, at)
		r.entry(name, flags&rar4FileEncrypted != 0, head[25] == rar4Stored, r.at+length, data)
	}
	r.at += length
	if data > r.source.size-r.at {
		r.tally.fail(rules.Corrupt)
		return false
	}
	r.at += data
	return true
}

// block5 reads one block of version 5 and reports whether another may follow.
func (r *rarReader) block5() bool {
	var start [16]byte
	n, _ := r.file.ReadAt(start[:], r.at)
	if n < 7 {
		return false
	}
	length, used := binary.Uvarint(start[4:n])
	if used <= 0 || length == 0 || length > maxRARHeader {
		r.tally.fail(rules.Corrupt)
		return false
	}
	header := make([]byte, length)
	begin := r.at + 4 + int64(used)
	if n, _ := r.file.ReadAt(header, begin); n < len(header) {
		r.tally.fail(rules.Corrupt)
		return false
	}
	f := rarFields{rest: header}
	kind, flags := f.next(), f.next()
	extra, data := uint64(0), uint64(0)
	if flags&rar5HasExtra != 0 {
		extra = f.next()
	}
	if flags&rar5HasData != 0 {
		data = f.next()
	}
	end := begin + int64(length)
	if data > uint64(max(r.source.size-end, 0)) || extra > length {
		r.tally.fail(rules.Corrupt)
		return false
	}
	switch kind {
	case rar5Encryption:
		r.tally.fail(rules.Encrypted)
		return false
	case rar5File:
		r.file5(f, header[length-extra:], end, int64(data))
	case rar5Service:
		r.out.write(f.rest) // comments among them
		r.out.line()
	}
	r.at = end + int64(data)
	return true
}

// file5 reads the fields of a file header.
func (r *rarReader) file5(f rarFields, extra []byte, data, size int64) {
	flags := f.next()
	f.next() // unpacked size
	f.next() // attributes
	if flags&rar5HasTime != 0 {
		f.skip(4)
	}
	if flags&rar5HasCRC != 0 {
		f.skip(4)
	}
	method := f.next() & rar5Method
	f.next() // operating system
	name := f.take(f.next())
	encrypted := false
	for e := (rarFields{rest: extra}); len(e.rest) > 0; {
		record := rarFields{rest: e.take(e.next())}
		encrypted = encrypted || record.next() == rar5Encrypted
	}
	r.entry(name, encrypted, method == 0, data, size)
}

// rarFields reads the fields of a header, zero behind its end.
type rarFields struct{ rest []byte }

func (f *rarFields) next() uint64 {
	v, n := binary.Uvarint(f.rest)
	if n <= 0 {
		f.rest = nil
		return 0
	}
	f.rest = f.rest[n:]
	return v
}

func (f *rarFields) skip(n uint64) { f.take(n) }

func (f *rarFields) take(n uint64) []byte {
	n = min(n, uint64(len(f.rest)))
	taken := f.rest[:n]
	f.rest = f.rest[n:]
	return taken
}
