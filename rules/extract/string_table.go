package extract

import (
	"encoding/binary"
	"math"

	"stanch/rules"
)

// The memory of a string table: its working set beside the caches of its two spools. Most workbooks stay below it.
const (
	tableText    = 4 << 20
	tableOffsets = 2 << 20
	offsetSize   = 4 // bytes of one offset in the spool: a table holds less than 4 GiB
)

// A stringTable holds the strings that cells share, in the order of the file, within a fixed memory.
type stringTable struct {
	text    Spool
	offsets Spool // where each string ends
	count   int
	scratch []byte
}

func newStringTable(limits *Limits) *stringTable {
	return &stringTable{text: limits.spool(tableText), offsets: limits.spool(tableOffsets)}
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
	t.text.Free()
	t.offsets.Free()
}
