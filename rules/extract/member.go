package extract

import (
	"bytes"
	"io"
	"sync"

	"stanch/rules"
)

// maxMember bounds one archive member that needs random access, in bytes.
const maxMember = 256 << 20

// flatBuffer is how much of a flat member is presented to its Reader at a time.
const flatBuffer = 32 << 10

var flatBuffers = sync.Pool{New: func() any { b := make([]byte, 0, flatBuffer+MaxToken); return &b }}

// member reads one member of an archive, or an attachment, whatever it is.
func (s *source) member(name string, content io.Reader) outcome {
	if !s.meter.ok() {
		return unscannable(s.meter.reason)
	}
	head := make([]byte, SniffLength)
	n, err := io.ReadFull(content, head)
	head = head[:n]
	if n == 0 {
		if err == io.EOF {
			return outcome{}
		}
		return unscannable(s.errReason(err))
	}
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		content = &failingReader{err}
	}
	inner := s.inner(name, head)
	inner.head = head
	content = io.MultiReader(bytes.NewReader(head), content)
	reader := readerOf(inner.format)
	if reader == nil {
		return inner.flat(content)
	}
	if inner.tooDeep() {
		return unscannable(rules.TooDeep)
	}
	return inner.spooled(content, reader)
}

// inner is a member with the given first bytes.
func (s *source) inner(name string, head []byte) *source {
	inner := &source{body: s.body, name: baseName(name), place: joinPlace(s.place, name), depth: s.depth + 1}
	inner.format = Sniff(head, "", inner.name)
	if inner.format == rules.XML && (bytes.Contains(head, []byte("urn:schemas-microsoft-com:office:spreadsheet")) || bytes.Contains(head, []byte("<office:document "))) {
		inner.format = rules.FODS
	}
	return inner
}

// tooDeep reports whether a member is a container within more containers than may be opened.
func (s *source) tooDeep() bool {
	return s.depth > s.options.Limits.Depth && isContainer(s.format)
}

// failingReader passes on an error that came with the first bytes of a member.
type failingReader struct{ err error }

func (r *failingReader) Read([]byte) (int, error) { return 0, r.err }

// isContainer reports whether a format can hold whole files, so that it counts towards the depth.
func isContainer(format rules.Format) bool {
	switch format {
	case rules.ZIP, rules.TAR, rules.GZIP, rules.BZIP2, rules.XZ, rules.ZSTD, rules.EMail, rules.MBox, rules.Multipart, rules.Encoded:
		return true
	}
	return false
}

// flat streams a member through the Reader of its format.
func (s *source) flat(content io.Reader) outcome {
	options := s.nested()
	options.Head = s.head
	reader := NewReader(s.format, options)
	if reader == nil {
		return s.unread(content)
	}
	pooled := flatBuffers.Get().(*[]byte)
	defer flatBuffers.Put(pooled)
	var batch Batch
	emit := s.relay()
	buffer, offset := (*pooled)[:0], int64(0)
	for {
		n, err := content.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		final := err != nil
		done := reader.Read(&batch, buffer, offset, final)
		offset += int64(done)
		buffer = buffer[:copy(buffer, buffer[done:])]
		if len(buffer) == cap(buffer) { // a Reader that holds back more than it may
			return partial(rules.Internal)
		}
		if final {
			batch.Text = append(batch.Text, '\n')
			emit(&batch)
			if err != io.EOF {
				return partial(s.errReason(err))
			}
			return outcome{}
		}
		emitWholeLines(&batch, emit)
	}
}

// unread goes through a member that nothing reads. Sound and pictures hold no text; in all else strings are looked for.
func (s *source) unread(content io.Reader) outcome {
	if s.format == rules.Media {
		_, err := io.Copy(io.Discard, content) // pays for it, and checks it
		if err != nil {
			return unscannable(s.errReason(err))
		}
		return outcome{}
	}
	w := s.text()
	scanStrings(w, content)
	w.flush()
	return unscannable(rules.UnknownFormat)
}

// emitWholeLines emits a batch up to its last line end that lies in no cell, once there is enough of it.
func emitWholeLines(batch *Batch, emit func(*Batch)) {
	if len(batch.Text) < batchText {
		return
	}
	cut := bytes.LastIndexByte(batch.Text, '\n') + 1
	if cut == 0 {
		if len(batch.Text) < batchMost {
			return
		}
		cut = len(batch.Text)
	}
	cells := len(batch.Cells)
	for cells > 0 && batch.Cells[cells-1].End > cut {
		cells--
		cut = min(cut, batch.Cells[cells].Start)
	}
	if cut == 0 {
		cut, cells = len(batch.Text), len(batch.Cells)
	}
	front := *batch
	front.Text, front.Cells = batch.Text[:cut], batch.Cells[:cells]
	emit(&front)
	batch.Text = batch.Text[:copy(batch.Text, batch.Text[cut:])]
	batch.Cells = batch.Cells[:copy(batch.Cells, batch.Cells[cells:])]
	for i := range batch.Cells {
		batch.Cells[i].Start -= cut
		batch.Cells[i].End -= cut
	}
	batch.Map = batch.Map[:0]
}

// spooled reads a member that needs random access: from memory as long as the body has some left, else from a file.
func (s *source) spooled(content io.Reader, reader readFunc) outcome {
	spool := s.options.Limits.spool(int(s.memory))
	defer spool.Free()
	_, err := io.CopyBuffer(struct{ io.Writer }{&spool}, io.LimitReader(content, maxMember+1), make([]byte, flatBuffer))
	if err == nil && spool.Size() > maxMember {
		err = errTooLarge
	}
	s.file, s.size = &stoppable{s.meter, &spool}, min(spool.Size(), maxMember)
	used := min(s.size, s.memory) // members of this one get the rest
	s.memory -= used
	_, o := s.read(reader)
	s.memory += used
	if err != nil {
		return outcome{max(o.status, rules.Partial), s.errReason(err)}
	}
	return o
}
