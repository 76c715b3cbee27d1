package extract

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// The signatures and fixed lengths of a ZIP's records: APPNOTE.TXT 6.3.10, section 4.3.
const (
	zipLocalSignature      = 0x04034b50
	zipDescriptorSignature = 0x08074b50
	zipCentralSignature    = 0x02014b50
	zipEndSignature        = 0x06054b50
	zip64EndSignature      = 0x06064b50
	zip64LocatorSignature  = 0x07064b50

	zipLocalLength     = 30
	zipCentralLength   = 46
	zipEndLength       = 22
	zip64EndLength     = 56
	zip64LocatorLength = 20
	zipMostComment     = 1<<16 - 1
)

// The general purpose flags that matter: APPNOTE.TXT 4.4.4.
const (
	zipFlagEncrypted  = 1 << 0
	zipFlagDescriptor = 1 << 3
	zipFlagUTF8       = 1 << 11
	zipFlagMasked     = 1 << 13
)

// zip64 is the value that says "look into the Zip64 extra field".
const zip64 = 1<<32 - 1

// errNoZIP is returned when a file has no end record, so that it has no directory.
var errNoZIP = errors.New("no end of central directory")

// A zipEntry is one member, as the central directory or, where that does not list it, its local header tells.
type zipEntry struct {
	name             string
	comment          string
	flags, method    uint16
	crc              uint32
	packed, unpacked int64
	offset           int64 // of the local header, in the file
	data             int64 // of the packed bytes; 0 when the local header is not readable
	unlisted         bool  // stands in the file but not in the directory
}

// A zipFile is an archive with its directory read and checked against its local headers.
type zipFile struct {
	file    io.ReaderAt
	size    int64
	meter   *meter
	entries []zipEntry
	byName  map[string]int
	comment []byte
	start   int64 // where the archive starts in the file; not 0 means something stands before it
	// damaged is set when the directory and the local headers do not tell the same story, so that two programs may see two
	// different archives (E50 to E53).
	damaged bool
	tally   tally // what happened to the members that were opened
}

// zipEnd is what the end records say.
type zipEnd struct {
	at             int64 // where the first end record (Zip64 or not) starts
	entries        int64
	size, position int64 // of the central directory
}

// openZIP reads the directory of an archive and walks its local headers. The error is errNoZIP when there is no directory; the
// archive then holds what the walk over local headers found.
func openZIP(file io.ReaderAt, size int64, meter *meter) (*zipFile, error) {
	z := &zipFile{file: file, size: size, meter: meter, byName: map[string]int{}}
	end, err := z.findEnd()
	if err != nil {
		z.damaged = true
		z.walkGap(0, size)
		return z, err
	}
	z.start = end.at - end.size - end.position
	if z.start != 0 {
		z.damaged = true
	}
	if z.start < 0 { // the directory does not lie where it says, or is longer than it says
		z.start = 0
	}
	z.readDirectory(end)
	z.walkLocals(end.at - end.size)
	return z, nil
}

// findEnd looks for the end record, whose comment should reach to the end of the file.
func (z *zipFile) findEnd() (zipEnd, error) {
	tail := make([]byte, min(z.size, zipEndLength+zipMostComment))
	if n, err := z.file.ReadAt(tail, z.size-int64(len(tail))); n < len(tail) && err != nil {
		return zipEnd{}, errNoZIP
	}
	signature := binary.LittleEndian.AppendUint32(nil, zipEndSignature)
	found := -1
	// The last one counts. If there is another one that is not part of a stored member, the walk over the local headers meets a gap.
	for i := bytes.LastIndex(tail, signature); i >= 0 && found < 0; i = bytes.LastIndex(tail[:i], signature) {
		if i+zipEndLength > len(tail) {
			continue
		}
		rest := tail[i+zipEndLength:]
		comment := int(binary.LittleEndian.Uint16(tail[i+20:]))
		if comment != len(rest) && len(bytes.Trim(rest[min(comment, len(rest)):], "\x00\r\n\x1a ")) > 0 {
			z.damaged = true // something behind the archive that is no padding
		}
		found = i
		z.comment = bytes.Clone(rest[:min(comment, len(rest))])
	}
	if found < 0 {
		return zipEnd{}, errNoZIP
	}
	record := tail[found:]
	end := zipEnd{
		at:       z.size - int64(len(tail)) + int64(found),
		entries:  int64(binary.LittleEndian.Uint16(record[10:])),
		size:     int64(binary.LittleEndian.Uint32(record[12:])),
		position: int64(binary.LittleEndian.Uint32(record[16:])),
	}
	if binary.LittleEndian.Uint16(record[4:]) != 0 || binary.LittleEndian.Uint16(record[6:]) != 0 ||
		binary.LittleEndian.Uint16(record[8:]) != binary.LittleEndian.Uint16(record[10:]) {
		z.damaged = true // an archive of several disks
	}
	z.findEnd64(&end)
	return end, nil
}

// findEnd64 replaces what the end record says by what the Zip64 end record says, when there is one.
func (z *zipFile) findEnd64(end *zipEnd) {
	var locator [zip64LocatorLength]byte
	if end.at < zip64LocatorLength {
		return
	}
	if _, err := z.file.ReadAt(locator[:], end.at-zip64LocatorLength); err != nil || binary.LittleEndian.Uint32(locator[:]) != zip64LocatorSignature {
		return
	}
	at := int64(binary.LittleEndian.Uint64(locator[8:]))
	var record [zip64EndLength]byte
	if at < 0 || at > end.at-zip64LocatorLength-zip64EndLength {
		z.damaged = true
		return
	}
	if _, err := z.file.ReadAt(record[:], at); err != nil || binary.LittleEndian.Uint32(record[:]) != zip64EndSignature {
		z.damaged = true
		return
	}
	length := int64(binary.LittleEndian.Uint64(record[4:]))
	if length < zip64EndLength-12 || at+12+length != end.at-zip64LocatorLength {
		z.damaged = true
	}
	from64 := zipEnd{
		at:       at,
		entries:  int64(binary.LittleEndian.Uint64(record[32:])),
		size:     int64(binary.LittleEndian.Uint64(record[40:])),
		position: int64(binary.LittleEndian.Uint64(record[48:])),
	}
	if from64.size < 0 || from64.position < 0 || from64.size > at ||
		end.entries != 1<<16-1 && end.entries != from64.entries ||
		end.size != zip64 && end.size != from64.size ||
		end.position != zip64 && end.position != from64.position {
		z.damaged = true // the two end records disagree
	}
	if from64.size >= 0 && from64.position >= 0 && from64.size <= at {
		*end = from64
	}
}

// readDirectory reads the central directory. No count of the archive is trusted: reading ends where the records end.
func (z *zipFile) readDirectory(end zipEnd) {
	from := end.at - end.size
	if from < 0 {
		z.damaged = true
		from = min(z.start+end.position, end.at)
	}
	reader := bufio.NewReaderSize(io.NewSectionReader(z.file, from, end.at-from), 16<<10)
	names := 0
	for {
		var header [zipCentralLength]byte
		n, err := io.ReadFull(reader, header[:])
		if n == 0 && err == io.EOF {
			break
		}
		if err != nil || binary.LittleEndian.Uint32(header[:]) != zipCentralSignature {
			z.damaged = true
			break
		}
		name, extra, comment := int(binary.LittleEndian.Uint16(header[28:])), int(binary.LittleEndian.Uint16(header[30:])), int(binary.LittleEndian.Uint16(header[32:]))
		variable := make([]byte, name+extra+comment)
		names += name + comment
		if _, err := io.ReadFull(reader, variable); err != nil {
			z.damaged = true
			break
		}
		if names > maxNames {
			z.meter.fail(rules.TooLarge)
		}
		if !z.meter.entry() {
			return
		}
		z.add(z.centralEntry(header[:], variable[:name], variable[name:name+extra], variable[name+extra:]))
	}
	if int64(len(z.entries)) != end.entries {
		z.damaged = true
	}
}

func (z *zipFile) centralEntry(header, name, extra, comment []byte) zipEntry {
	e := zipEntry{
		flags:    binary.LittleEndian.Uint16(header[8:]),
		method:   binary.LittleEndian.Uint16(header[10:]),
		crc:      binary.LittleEndian.Uint32(header[16:]),
		packed:   int64(binary.LittleEndian.Uint32(header[20:])),
		unpacked: int64(binary.LittleEndian.Uint32(header[24:])),
		offset:   int64(binary.LittleEndian.Uint32(header[42:])),
	}
	e.name, e.comment = zipText(name, e.flags), zipText(comment, e.flags)
	if !widen(extra, &e.unpacked, &e.packed, &e.offset) {
		z.damaged = true
	}
	e.offset += z.start
	return e
}

// add lists an entry. A name that is there twice means different things to different programs.
func (z *zipFile) add(e zipEntry) {
	if _, twice := z.byName[e.name]; twice {
		z.damaged = true
	} else {
		z.byName[e.name] = len(z.entries)
	}
	z.entries = append(z.entries, e)
}

// widen replaces those values that say so by the ones in the Zip64 extra field (APPNOTE.TXT 4.5.3), and reports whether every
// one is then known and possible.
func widen(extra []byte, values ...*int64) bool {
	var field []byte
	for len(extra) >= 4 {
		id, size := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if size > len(extra)-4 {
			break
		}
		if id == 1 && field == nil {
			field = extra[4 : 4+size]
		}
		extra = extra[4+size:]
	}
	sound := true
	for _, v := range values {
		if *v != zip64 {
			continue
		}
		if len(field) < 8 {
			sound = false
			continue
		}
		*v, field = int64(binary.LittleEndian.Uint64(field)), field[8:]
		if *v < 0 {
			*v, sound = 0, false
		}
	}
	return sound
}

// zipText decodes a name or comment: UTF-8 when it says so or is, else the IBM PC's code page (APPNOTE.TXT appendix D).
func zipText(raw []byte, flags uint16) string {
	if flags&zipFlagUTF8 != 0 || utf8.Valid(raw) {
		return string(bytes.ToValidUTF8(raw, []byte("\uFFFD")))
	}
	text, err := charmap.CodePage437.NewDecoder().Bytes(raw)
	if err != nil {
		return string(bytes.ToValidUTF8(raw, []byte("\uFFFD")))
	}
	return string(text)
}

// byOffset returns the indices of the entries in the order in which they lie in the file.
func (z *zipFile) byOffset() []int {
	order := make([]int, len(z.entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := z.entries[a].offset, z.entries[b].offset; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return order
}
