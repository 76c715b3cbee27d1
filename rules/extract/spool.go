package extract

import (
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"stanch/rules"
)

const (
	spoolPage  = 16 << 10 // bytes that are kept or fetched together
	spoolSlots = 32       // pages of the file that are kept in memory once the spool has outgrown it
)

// spoolPages are pages that no spool holds.
var spoolPages = sync.Pool{New: func() any { return new([spoolPage]byte) }}

// newPage takes a page, whose content is anything.
func newPage() []byte { return spoolPages.Get().(*[spoolPage]byte)[:] }

// A Quota bounds what the Spools that share it hold together, in memory and in files. It is safe for concurrent use.
type Quota struct{ left atomic.Int64 }

// NewQuota returns a Quota of so many bytes.
func NewQuota(bytes int64) *Quota {
	q := &Quota{}
	q.left.Store(bytes)
	return q
}

// take takes n bytes, or none when there are fewer; it gives -n back.
func (q *Quota) take(n int64) bool {
	if q == nil || q.left.Add(-n) >= 0 || n < 0 {
		return true
	}
	q.left.Add(n)
	return false
}

// A Spool takes bytes at its end and gives any of them back. The first of them stay in memory, the others go to a temporary
// file that has no name, so that nobody else can open it and it goes with its last handle. The zero value is ready; Free gives
// back what it holds. It is for one goroutine, and must not be copied while it holds something, unless the copy replaces it.
type Spool struct {
	Memory int    // bytes kept in memory; rounded down to whole pages, at least one
	Folder string // where the file goes; "" means the system's temporary folder
	Quota  *Quota // what is held counts towards it, by pages; nil for none

	pages [][]byte // the pages in memory
	tail  []byte   // the page being filled, when it is not in pages
	size  int64
	held  int64 // bytes taken from the Quota
	file  *os.File
	slots [spoolSlots]spoolSlot
}

// A spoolSlot holds a page of the file.
type spoolSlot struct {
	page int64 // plus one; 0 is an empty slot
	data []byte
}

// Size is how many bytes were written.
func (s *Spool) Size() int64 { return s.size }

// Write takes the bytes over. It fails when the temporary file does, and when the Quota is used up.
func (s *Spool) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		offset := int(s.size % spoolPage)
		if offset == 0 {
			if err := s.startPage(); err != nil {
				return written - len(p), err
			}
		}
		n := copy(s.tail[offset:], p)
		s.size += int64(n)
		p = p[n:]
	}
	return written, nil
}

// room returns the place for n bytes where they lie together on the page that is being filled; else nil. The caller fills it.
func (s *Spool) room(n int) []byte {
	offset := int(s.size % spoolPage)
	if offset == 0 || n > spoolPage-offset {
		return nil
	}
	s.size += int64(n)
	return s.tail[offset : offset+n]
}

// startPage makes room for the next page and stores the full one, if it is not kept.
func (s *Spool) startPage() error {
	page := s.size / spoolPage
	if !s.Quota.take(spoolPage) {
		return errTooLarge
	}
	s.held += spoolPage
	if page == 0 || page < int64(s.Memory/spoolPage) {
		s.tail = newPage()
		s.pages = append(s.pages, s.tail)
		return nil
	}
	if int64(len(s.pages)) == page {
		s.tail = newPage()
		return nil
	}
	if s.file == nil {
		file, err := os.CreateTemp(s.Folder, "stanch-spool-*")
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
func (s *Spool) view(offset, length int64, scratch []byte) ([]byte, error) {
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
func (s *Spool) page(number int64) ([]byte, error) {
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
		slot.data = newPage()
	}
	slot.page = 0
	if _, err := s.file.ReadAt(slot.data, number*spoolPage); err != nil {
		return nil, reasonError{rules.Internal}
	}
	slot.page = number + 1
	return slot.data, nil
}

// Free gives memory, file and quota back. The Spool is empty afterwards and can be used again.
func (s *Spool) Free() {
	if s.file != nil {
		s.file.Close()
	}
	if n := len(s.pages); s.tail != nil && (n == 0 || &s.pages[n-1][0] != &s.tail[0]) {
		s.pages = append(s.pages, s.tail)
	}
	for i := range s.slots {
		if s.slots[i].data != nil {
			s.pages = append(s.pages, s.slots[i].data)
		}
	}
	for _, page := range s.pages {
		spoolPages.Put((*[spoolPage]byte)(page))
	}
	s.Quota.take(-s.held)
	*s = Spool{Memory: s.Memory, Folder: s.Folder, Quota: s.Quota}
}

// ReadAt implements io.ReaderAt.
func (s *Spool) ReadAt(p []byte, offset int64) (int, error) {
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
