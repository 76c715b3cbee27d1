package extract

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"

	"stanch/rules"
)

const (
	spoolPage  = 16 << 10 // bytes that are kept or fetched together
	spoolSlots = 32       // pages of the file that are kept in memory once the spool has outgrown it
)

// A spool takes bytes at its end and gives any of them back. The first of them stay in memory, the others go to a temporary
// file without a name. The zero value with memory set is ready; free returns what it holds.
type spool struct {
	memory int // bytes kept in memory; rounded down to whole pages, at least one

	pages [][]byte // the pages in memory
	tail  []byte   // the page being filled, when it is not in pages
	size  int64
	file  *os.File
	slots [spoolSlots]spoolSlot
}

// A spoolSlot holds a page of the file.
type spoolSlot struct {
	page int64 // plus one; 0 is an empty slot
	data []byte
}

// Write takes the bytes over. It fails only when the temporary file does.
func (s *spool) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		offset := int(s.size % spoolPage)
		if offset == 0 {
			if err := s.startPage(); err != nil {
				return 0, err
			}
		}
		n := copy(s.tail[offset:], p)
		s.size += int64(n)
		p = p[n:]
	}
	return written, nil
}

// room returns the place for n bytes where they lie together on the page that is being filled; else nil. The caller fills it.
func (s *spool) room(n int) []byte {
	offset := int(s.size % spoolPage)
	if offset == 0 || n > spoolPage-offset {
		return nil
	}
	s.size += int64(n)
	return s.tail[offset : offset+n]
}

// startPage makes room for the next page and stores the full one, if it is not kept.
func (s *spool) startPage() error {
	page := s.size / spoolPage
	if page == 0 || page < int64(s.memory/spoolPage) {
		s.tail = make([]byte, spoolPage)
		s.pages = append(s.pages, s.tail)
		return nil
	}
	if int64(len(s.pages)) == page {
		s.tail = make([]byte, spoolPage)
		return nil
	}
	if s.file == nil {
		file, err := os.CreateTemp("", "stanch-*")
		if err != nil {
			return reasonError{rules.Internal}
		}
		s.file = file
		if err := os.Remove(file.Name()); err != nil {
			return reasonError{rules.Internal}
		}
	}
	if _, err := s.file.WriteAt(s.tail, (page-1)*spoolPage); err != nil {
		return reasonError{rules.Internal}
	}
	return nil
}

// errSpoolRange is returned for bytes that were never written.
var errSpoolRange = errors.New("beyond the end of the spool")

// view returns length bytes from offset on: a part of the spool where they lie together, else scratch filled with them. It is
// valid until the next call.
func (s *spool) view(offset, length int64, scratch []byte) ([]byte, error) {
	if offset < 0 || length < 0 || offset+length > s.size {
		return nil, errSpoolRange
	}
	start := offset % spoolPage
	if start+length <= spoolPage {
		page, err := s.page(offset / spoolPage)
		if err != nil {
			return nil, err
		}
		return page[start : start+length], nil
	}
	scratch = scratch[:0]
	for length > 0 {
		page, err := s.page(offset / spoolPage)
		if err != nil {
			return nil, err
		}
		start := offset % spoolPage
		n := min(length, spoolPage-start)
		scratch = append(scratch, page[start:start+n]...)
		offset += n
		length -= n
	}
	return scratch, nil
}

// page returns a page of the spool.
func (s *spool) page(number int64) ([]byte, error) {
	if number < int64(len(s.pages)) {
		return s.pages[number], nil
	}
	if number == (s.size-1)/spoolPage {
		return s.tail, nil
	}
	slot := &s.slots[number%spoolSlots]
	if slot.page == number+1 {
		return slot.data, nil
	}
	if slot.data == nil {
		slot.data = make([]byte, spoolPage)
	}
	slot.page = 0
	if _, err := s.file.ReadAt(slot.data, number*spoolPage); err != nil {
		return nil, reasonError{rules.Internal}
	}
	slot.page = number + 1
	return slot.data, nil
}

// free gives memory and file back. The spool is empty afterwards.
func (s *spool) free() {
	if s.file != nil {
		s.file.Close()
	}
	*s = spool{memory: s.memory}
}

// The memory of a string table: its working set beside the caches of its two spools. Most workbooks stay below it.
const (
	tableText    = 4 << 20
	tableOffsets = 2 << 20
	offsetSize   = 4 // bytes of one offset in the spool: a table holds less than 4 GiB
)

// A stringTable holds the strings that cells share, in the order of the file, within a fixed memory.
type stringTable struct {
	text    spool
	offsets spool // where each string ends
	count   int
	scratch []byte
}

func newStringTable() *stringTable {
	return &stringTable{text: spool{memory: tableText}, offsets: spool{memory: tableOffsets}}
}

// add takes over the next string.
func (t *stringTable) add(text []byte) error {
	if room := t.text.room(len(text)); room != nil {
		copy(room, text)
	} else if _, err := t.text.Write(text); err != nil {
		return err
	}
	if t.text.size > math.MaxUint32 {
		return reasonError{rules.TooLarge}
	}
	t.count++
	if room := t.offsets.room(offsetSize); room != nil {
		binary.LittleEndian.PutUint32(room, uint32(t.text.size))
		return nil
	}
	_, err := t.offsets.Write(binary.LittleEndian.AppendUint32(nil, uint32(t.text.size)))
	return err
}

// get returns a string, valid until the next call. An index without a string gives nil.
func (t *stringTable) get(index int) ([]byte, error) {
	if index < 0 || index >= t.count {
		return nil, nil
	}
	if text, ok := t.inMemory(index); ok {
		return text, nil
	}
	start, end, err := t.bounds(index)
	if err != nil {
		return nil, err
	}
	text, err := t.text.view(start, end-start, t.scratch)
	if err == nil && len(text) > spoolPage {
		t.scratch = text[:0]
	}
	return text, err
}

// inMemory returns a string that lies in one page in memory together with its offsets, which is what nearly all do.
func (t *stringTable) inMemory(index int) ([]byte, bool) {
	at := (index - 1) * offsetSize
	page := uint(at) / spoolPage
	if at < 0 || page >= uint(len(t.offsets.pages)) || at%spoolPage == spoolPage-offsetSize {
		return nil, false
	}
	raw := t.offsets.pages[page][at%spoolPage:]
	start, end := binary.LittleEndian.Uint32(raw), binary.LittleEndian.Uint32(raw[offsetSize:])
	page, at = uint(start/spoolPage), int(start%spoolPage)
	stop := at + int(end-start)
	if page >= uint(len(t.text.pages)) || stop > spoolPage {
		return nil, false
	}
	return t.text.pages[page][at:stop], true
}

// bounds are where a string starts, which is where the one before it ends, and where it ends.
func (t *stringTable) bounds(index int) (start, end int64, err error) {
	from, length := int64(index-1)*offsetSize, int64(2*offsetSize)
	if index == 0 {
		from, length = 0, offsetSize
	}
	var scratch [2 * offsetSize]byte
	raw, err := t.offsets.view(from, length, scratch[:])
	if err != nil {
		return 0, 0, err
	}
	if index > 0 {
		start, raw = int64(binary.LittleEndian.Uint32(raw)), raw[offsetSize:]
	}
	return start, int64(binary.LittleEndian.Uint32(raw)), nil
}

// free gives the table's memory back.
func (t *stringTable) free() {
	t.text.free()
	t.offsets.free()
}

// ReadAt makes a spool a file.
func (s *spool) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 {
		return 0, errSpoolRange
	}
	read := 0
	for read < len(p) {
		if offset >= s.size {
			return read, io.EOF
		}
		start := offset % spoolPage
		page, err := s.page(offset / spoolPage)
		if err != nil {
			return read, err
		}
		n := copy(p[read:], page[start:min(spoolPage, start+s.size-offset)])
		read += n
		offset += int64(n)
	}
	return read, nil
}
