package extract

import (
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"

	"stanch/rules"
)

// The layout of a compound file: MS-CFB 2.2 (header), 2.3 (sector numbers), 2.6 (directory entries).
const (
	compoundMagic       = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	compoundHeader      = 512
	compoundMiniSector  = 64
	compoundEntry       = 128
	compoundMostSector  = 0xFFFFFFFA // larger numbers are marks
	compoundHeaderFATs  = 109
	compoundTypeStorage = 1
	compoundTypeStream  = 2
)

// maxCompoundEntries bounds the directory of one compound file; office documents have some dozens.
const maxCompoundEntries = 1 << 16

// A compound is an OLE2 file, as far as its tables are sound. It is written for hostile files: chains end where they would
// repeat, no table is larger than the file, and the directory is walked without recursion.
type compound struct {
	file       io.ReaderAt
	size       int64
	sectorSize int64
	miniCutoff int64
	fat, mini  []uint32
	miniStream []uint32 // the sectors that hold the short streams
	entries    []compoundStream
	sound      bool // nothing out of order was met
}

// A compoundStream is one stream or storage.
type compoundStream struct {
	name    string
	parent  int // the storage it lies in; 0 is the root
	storage bool
	start   uint32
	size    int64
}

// openCompound reads the tables of a compound file. The error tells why it cannot be used at all.
func openCompound(file io.ReaderAt, size int64) (*compound, error) {
	var header [compoundHeader]byte
	if n, _ := file.ReadAt(header[:], 0); n < compoundHeader || string(header[:8]) != compoundMagic {
		return nil, errCorrupt
	}
	shift := binary.LittleEndian.Uint16(header[30:])
	if shift != 9 && shift != 12 {
		return nil, errCorrupt
	}
	c := &compound{file: file, size: size, sectorSize: 1 << shift, sound: true}
	c.miniCutoff = min(int64(binary.LittleEndian.Uint32(header[56:])), 1<<16)
	c.readFAT(header[:])
	directory := c.chain(binary.LittleEndian.Uint32(header[48:]))
	c.mini = c.table(c.chain(binary.LittleEndian.Uint32(header[60:])))
	if int64(len(directory))*c.sectorSize > maxCompoundEntries*compoundEntry {
		return nil, reasonError{rules.TooLarge}
	}
	if !c.readDirectory(directory) {
		return nil, errCorrupt
	}
	return c, nil
}

// sectors is how many sectors the file has, the last of them perhaps cut short.
func (c *compound) sectors() int { return int((c.size + c.sectorSize - 1) / c.sectorSize) }

// sector reads one sector; what lies behind the end of the file is zero.
func (c *compound) sector(number uint32, into []byte) bool {
	n, _ := c.file.ReadAt(into[:c.sectorSize], (int64(number)+1)*c.sectorSize)
	clear(into[n:c.sectorSize])
	return n > 0
}

// readFAT finds the sectors of the allocation table, the first of them in the header, and reads them.
func (c *compound) readFAT(header []byte) {
	var numbers []uint32
	take := func(raw []byte) {
		for ; len(raw) >= 4; raw = raw[4:] {
			if n := binary.LittleEndian.Uint32(raw); n < compoundMostSector {
				numbers = append(numbers, n)
			}
		}
	}
	take(header[76 : 76+4*compoundHeaderFATs])
	buffer := make([]byte, c.sectorSize)
	next := binary.LittleEndian.Uint32(header[68:])
	for steps := c.sectors(); next < compoundMostSector && steps > 0; steps-- {
		if !c.sector(next, buffer) {
			c.sound = false
			break
		}
		take(buffer[:c.sectorSize-4])
		next = binary.LittleEndian.Uint32(buffer[c.sectorSize-4:])
	}
	// A table of more entries than there are sectors says nothing new.
	if most := c.sectors()*4/int(c.sectorSize) + 2; len(numbers) > most {
		numbers, c.sound = numbers[:most], false
	}
	c.fat = c.table(numbers)
}

// table reads sectors as a table of sector numbers.
func (c *compound) table(sectors []uint32) []uint32 {
	table := make([]uint32, 0, int64(len(sectors))*c.sectorSize/4)
	buffer := make([]byte, c.sectorSize)
	for _, number := range sectors {
		if !c.sector(number, buffer) {
			c.sound = false
			break
		}
		for i := 0; i < len(buffer); i += 4 {
			table = append(table, binary.LittleEndian.Uint32(buffer[i:]))
		}
	}
	return table
}

// chain lists the sectors of a stream. It ends where the allocation table does, and never has more sectors than the file.
func (c *compound) chain(start uint32) []uint32 { return c.follow(start, c.fat, c.sectors()) }

func (c *compound) follow(start uint32, table []uint32, most int) []uint32 {
	var chain []uint32
	for next := start; next < compoundMostSector && len(chain) < most; next = table[next] {
		if int64(next) >= int64(len(table)) {
			c.sound = false
			break
		}
		chain = append(chain, next)
	}
	return chain
}

// readDirectory lists the streams that can be reached from the root.
func (c *compound) readDirectory(sectors []uint32) bool {
	raw := make([]byte, int64(len(sectors))*c.sectorSize)
	for i, number := range sectors {
		c.sector(number, raw[int64(i)*c.sectorSize:])
	}
	count := len(raw) / compoundEntry
	if count == 0 {
		return false
	}
	entry := func(i uint32) []byte { return raw[i*compoundEntry:][:compoundEntry] }
	root := entry(0)
	c.miniStream = c.chain(binary.LittleEndian.Uint32(root[116:]))
	c.entries = []compoundStream{{name: "Root Entry", storage: true}}
	type visit struct {
		entry  uint32
		parent int
	}
	seen := make([]bool, count)
	seen[0] = true
	stack := []visit{{binary.LittleEndian.Uint32(root[76:]), 0}}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v.entry >= compoundMostSector {
			continue
		}
		if int64(v.entry) >= int64(count) || seen[v.entry] {
			c.sound = false
			continue
		}
		seen[v.entry] = true
		e := entry(v.entry)
		kind := e[66]
		stack = append(stack, visit{binary.LittleEndian.Uint32(e[72:]), v.parent}, visit{binary.LittleEndian.Uint32(e[68:]), v.parent})
		if kind != compoundTypeStorage && kind != compoundTypeStream {
			continue
		}
		s := compoundStream{name: compoundName(e), parent: v.parent, storage: kind == compoundTypeStorage, start: binary.LittleEndian.Uint32(e[116:])}
		if !s.storage {
			s.size = int64(binary.LittleEndian.Uint32(e[120:])) // the upper half is garbage in version 3, and larger never read
		} else {
			stack = append(stack, visit{binary.LittleEndian.Uint32(e[76:]), len(c.entries)})
		}
		c.entries = append(c.entries, s)
	}
	return true
}

// compoundName decodes an entry's name.
func compoundName(entry []byte) string {
	length := min(int(binary.LittleEndian.Uint16(entry[64:]))/2, 32)
	units := make([]uint16, 0, 32)
	for i := range length {
		u := binary.LittleEndian.Uint16(entry[2*i:])
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}

// find returns the stream of that name in a storage, nil when there is none. Case does not matter.
func (c *compound) find(storage int, name string) *compoundStream {
	for i := range c.entries[1:] {
		e := &c.entries[i+1]
		if e.parent == storage && !e.storage && e.size > 0 && strings.EqualFold(e.name, name) {
			return e
		}
	}
	return nil
}

// open returns a reader of a stream. Its Size may be less than the directory says, when the sectors are not there.
func (c *compound) open(s *compoundStream) *io.SectionReader {
	r := c.sectorsOf(s)
	size := s.size
	if have := int64(len(r.chain)) * r.sectorSize; have < size {
		size, c.sound = have, false
	}
	return io.NewSectionReader(r, 0, size)
}

// sectorsOf finds the sectors of a stream.
func (c *compound) sectorsOf(s *compoundStream) *compoundReader {
	r := &compoundReader{compound: c, sectorSize: c.sectorSize}
	if s.size < c.miniCutoff {
		r.mini, r.sectorSize = true, compoundMiniSector
		r.chain = c.follow(s.start, c.mini, int((s.size+compoundMiniSector-1)/compoundMiniSector))
	} else {
		r.chain = c.chain(s.start)
	}
	return r
}

// A compoundReader reads the bytes of a chain of sectors.
type compoundReader struct {
	*compound
	chain      []uint32
	sectorSize int64
	mini       bool
}

// ReadAt implements io.ReaderAt. Sectors that follow each other in the file are read together.
func (r *compoundReader) ReadAt(p []byte, offset int64) (int, error) {
	n := 0
	for n < len(p) {
		index := offset / r.sectorSize
		if index >= int64(len(r.chain)) {
			return n, io.EOF
		}
		at, ok := r.place(r.chain[index])
		if !ok {
			return n, errCorrupt
		}
		within := offset % r.sectorSize
		length := r.sectorSize - within
		for i := index + 1; length < int64(len(p)-n) && i < int64(len(r.chain)); i++ {
			if next, ok := r.place(r.chain[i]); !ok || next != at+within+length {
				break
			}
			length += r.sectorSize
		}
		part := p[n:min(int64(len(p)), int64(n)+length)]
		got, err := r.file.ReadAt(part, at+within)
		n += got
		offset += int64(got)
		if got < len(part) {
			if err == nil {
				err = io.ErrUnexpectedEOF
			}
			return n, err
		}
	}
	return n, nil
}

// place is where a sector starts in the file.
func (r *compoundReader) place(sector uint32) (int64, bool) {
	if !r.mini {
		return (int64(sector) + 1) * r.compound.sectorSize, true
	}
	per := r.compound.sectorSize / compoundMiniSector
	index := int64(sector) / per
	if index >= int64(len(r.miniStream)) {
		return 0, false
	}
	return (int64(r.miniStream[index])+1)*r.compound.sectorSize + int64(sector)%per*compoundMiniSector, true
}
