package inspect

// A window holds the stretch of a body that has not left yet. Offsets count from the start of the body.
type window struct {
	bytes []byte
	base  int64 // offset of bytes[0]
}

func (w *window) end() int64 { return w.base + int64(len(w.bytes)) }

func (w *window) append(p []byte) { w.bytes = append(w.bytes, p...) }

// from returns what lies at offset and behind; it is valid until the next append or drop.
func (w *window) from(offset int64) []byte { return w.bytes[offset-w.base:] }

// between returns the bytes of [start, end); it is valid until the next append or drop.
func (w *window) between(start, end int64) []byte { return w.bytes[start-w.base : end-w.base] }

// drop forgets what lies before offset.
func (w *window) drop(offset int64) {
	n := copy(w.bytes, w.from(offset))
	w.bytes = w.bytes[:n]
	w.base = offset
}

func (w *window) reset() { w.bytes, w.base = w.bytes[:0], 0 }
