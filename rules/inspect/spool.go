package inspect

import (
	"io"
	"os"
)

// A spool keeps a document until it is complete: in memory first, then in a file without a name. It has a sticky error.
type spool struct {
	folder string
	memory []byte
	file   *os.File
	size   int64
	err    error
}

// Write appends p. It fails only when a file cannot be had.
func (s *spool) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.file == nil && s.size+int64(len(p)) <= SpoolMemory {
		s.memory = append(s.memory, p...)
		s.size += int64(len(p))
		return len(p), nil
	}
	if s.file == nil && !s.open() {
		return 0, s.err
	}
	n, err := s.file.Write(p)
	s.size += int64(n)
	s.err = err
	return n, err
}

// open moves what is in memory to a file that nobody else can open and that goes with its last handle.
func (s *spool) open() bool {
	s.file, s.err = os.CreateTemp(s.folder, "stanch-spool-*")
	if s.err != nil {
		return false
	}
	if s.err = os.Remove(s.file.Name()); s.err != nil {
		return false
	}
	_, s.err = s.file.Write(s.memory)
	s.memory = s.memory[:0]
	return s.err == nil
}

// ReadAt reads what was written.
func (s *spool) ReadAt(p []byte, offset int64) (int, error) {
	if s.file != nil {
		return s.file.ReadAt(p, offset)
	}
	if offset < 0 || offset >= int64(len(s.memory)) {
		return 0, io.EOF
	}
	n := copy(p, s.memory[offset:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// reset closes the file and empties the spool; small memory is kept for the next document.
func (s *spool) reset() {
	if s.file != nil {
		s.file.Close()
	}
	*s = spool{folder: s.folder, memory: s.memory[:0]}
}
