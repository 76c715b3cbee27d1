package extract

import (
	"bufio"
	"bytes"
	"io"
	"strconv"

	"stanch/rules"
)

// readMBox reads the messages of a mailbox file: RFC 4155. Each starts with a line "From " behind an empty line.
func readMBox(s *source) (rules.Format, outcome) {
	from := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, s.size), maxMailLine)
	lines := &mboxReader{from: from, empty: true}
	t := tally{read: true}
	for number := 1; !lines.last && s.meter.ok(); number++ {
		if !s.meter.entry() {
			break
		}
		inner := *s
		inner.place = joinPlace(s.place, "message "+strconv.Itoa(number))
		m := &mailReader{source: &inner, out: inner.text()}
		m.tally.read = true
		lines.next()
		m.part(bufio.NewReaderSize(lines, maxMailLine), 0)
		io.Copy(io.Discard, lines)
		m.out.flush()
		t.add(m.tally.outcome())
	}
	t.fail(s.meter.reason)
	return rules.MBox, t.outcome()
}

// An mboxReader reads up to the start of the next message.
type mboxReader struct {
	from    *bufio.Reader
	pending []byte
	empty   bool // the line before was empty
	ended   bool // at the start of the next message, or at the end
	last    bool // at the end
	middle  bool // within a line that is longer than the buffer
	first   bool // nothing of the message has been read
}

func (b *mboxReader) next() { b.ended, b.first = false, true }

// Read implements io.Reader.
func (b *mboxReader) Read(p []byte) (int, error) {
	if len(b.pending) == 0 {
		if b.ended {
			return 0, io.EOF
		}
		if start, _ := b.from.Peek(5); b.empty && !b.first && string(start) == "From " {
			b.ended = true
			return 0, io.EOF
		}
		line, err := b.from.ReadSlice('\n')
		b.empty = !b.middle && len(bytes.TrimRight(line, "\r\n")) == 0
		b.middle = err == bufio.ErrBufferFull
		b.first = false
		if len(line) == 0 {
			b.ended, b.last = true, true
			return 0, io.EOF
		}
		b.pending = line
	}
	n := copy(p, b.pending)
	b.pending = b.pending[n:]
	return n, nil
}
