package inspect

import "sync"

// heldBack is how much of a window stays when a piece has been read, mostly. A window that holds more, and another piece, borrows its array: the whole
// window is needed until the head of an answer leaves, and much less of it by a stream that waits for its client.
const heldBack = 8 << 10

// A window holds the stretch of a body that has not left yet. Offsets count from the start of the body.
type window struct {
	bytes []byte
	base  int64      // offset of bytes[0]
	own   []byte     // the array kept for when a borrowed one has been given back; nil while bytes is in it
	large *sync.Pool // of *[]byte, shared by all Inspectors
	lent  *[]byte    // the borrowed array; nil while bytes is in its own
	piece int        // bytes of the longest piece
}

func (w *window) end() int64 { return w.base + int64(len(w.bytes)) }

func (w *window) append(p []byte) {
	w.piece = max(w.piece, len(p))
	if need := len(w.bytes) + len(p); need > heldBack+w.piece && need > cap(w.bytes) && w.lent == nil {
		w.borrow(need)
	}
	w.bytes = append(w.bytes, p...)
}

// borrow moves the bytes to a large array.
func (w *window) borrow(need int) {
	var ok bool
	if w.lent, ok = w.large.Get().(*[]byte); !ok {
		w.lent = new([]byte)
	}
	if cap(*w.lent) < need {
		*w.lent = make([]byte, 0, max(need, DefaultWindow+stepSize))
	}
	w.own = w.bytes[:0]
	w.bytes = append(*w.lent, w.bytes...)
}

// giveBack returns to the window's own array, which then holds the bytes that are left.
func (w *window) giveBack() {
	left := w.bytes
	w.bytes = append(w.own, left...)
	w.own = nil
	*w.lent = left[:0] // it may have grown
	w.large.Put(w.lent)
	w.lent = nil
}

// from returns what lies at offset and behind; it is valid until the next append or drop.
func (w *window) from(offset int64) []byte { return w.bytes[offset-w.base:] }

// between returns the bytes of [start, end); it is valid until the next append or drop.
func (w *window) between(start, end int64) []byte { return w.bytes[start-w.base : end-w.base] }

// drop forgets what lies before offset.
func (w *window) drop(offset int64) {
	n := copy(w.bytes, w.from(offset))
	w.bytes = w.bytes[:n]
	w.base = offset
	if w.lent != nil && n <= heldBack {
		w.giveBack()
	}
}

func (w *window) reset() {
	w.bytes, w.base, w.piece = w.bytes[:0], 0, 0
	if w.lent != nil {
		w.giveBack()
	}
}
