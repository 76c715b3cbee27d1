package extract

import "io"

// An xmlCopy hands over the bytes of a part that is rewritten, changed and unchanged, to its writer, as the scanner passes them.
// Positions count from the start of the part.
type xmlCopy struct {
	writer     io.Writer
	base       int64 // of the first byte in the scanner's window
	copied     int64 // what lies before it has been written or replaced
	held       int64 // start of a value that may still be replaced, or -1
	transcoded bool  // the part was in another encoding, and is UTF-8 from now on
	changed    bool
	err        error
}

// newXMLCopy starts on a part.
func newXMLCopy(writer io.Writer) *xmlCopy { return &xmlCopy{writer: writer, held: -1} }

// release writes what lies before both pos and the held value, and returns where the bytes start that must stay in the window.
func (c *xmlCopy) release(buf []byte, pos int) int {
	stop := c.base + int64(pos)
	if c.held >= 0 {
		stop = min(stop, c.held)
	}
	c.through(buf, stop)
	shift := int(stop - c.base)
	c.base = stop
	return shift
}

// through writes what has not been written before a position.
func (c *xmlCopy) through(buf []byte, stop int64) {
	if c.copied < stop {
		c.write(buf[c.copied-c.base : stop-c.base])
		c.copied = stop
	}
}

// replace writes other bytes for those from one position to another, which lie in the window.
func (c *xmlCopy) replace(buf []byte, from, to int64, with []byte) {
	c.through(buf, from)
	c.write(with)
	c.copied, c.changed = to, true
}

// write hands over bytes; the first error stands.
func (c *xmlCopy) write(p []byte) {
	if c.err == nil && len(p) > 0 {
		_, c.err = c.writer.Write(p)
	}
}

// transcode says that the part's bytes are the decoded ones from now on.
func (c *xmlCopy) transcode() {
	const declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	c.base, c.copied, c.transcoded = 0, 0, true
	c.write([]byte(declaration))
}

// declaration leaves out the declaration of an encoding that is not the part's any more. Other instructions pass.
func (c *xmlCopy) declaration(pos int) {
	if c.transcoded && c.copied == 0 {
		c.copied = c.base + int64(pos)
	}
}

// at is the position of an index into the scanner's window.
func (s *xmlScanner) at(index int) int64 { return s.copy.base + int64(index) }

// hold keeps the bytes from an index on in the window until they are replaced or let go.
func (s *xmlScanner) hold(index int) { s.copy.held = s.at(index) }

// letGo ends a hold.
func (s *xmlScanner) letGo() { s.copy.held = -1 }

// tagPrefix is the namespace prefix of the tag at an index, with its colon.
func (s *xmlScanner) tagPrefix(index int) []byte {
	for i := index + 1; i < s.end; i++ {
		switch c := s.buf[i]; {
		case c == ':':
			return s.buf[index+1 : i+1]
		case c <= ' ' || c == '>' || c == '/':
			return nil
		}
	}
	return nil
}
