package extract

import (
	"io"

	"stanch/rules"
)

// Runs of printable characters shorter than minRun are noise; longer than maxRun they are written in pieces.
const (
	minRun = 5
	maxRun = 4096
)

// readOpaque reads what has no text of its own: it looks for an archive at the end, behind pictures for whatever stands there, and in
// binaries for strings.
func readOpaque(s *source) (rules.Format, outcome) {
	if o, ok := readTailArchive(s); ok {
		return s.format, o
	}
	switch s.format {
	case rules.Image:
		return readPicture(s)
	case rules.Font:
		return s.format, outcome{}
	}
	var head [6]byte
	s.file.ReadAt(head[:], 0)
	if kind := lotusMagic(head[:]); kind != lotusNone {
		return s.format, readLotus(s, kind)
	}
	if s.rawWorkbook() {
		format, status, reason := readXLS(s.file, s.size, s.nested(), s.relay())
		return format, outcome{status, reason}
	}
	readStrings(s)
	return s.format, unscannable(rules.UnknownFormat)
}

// readStrings emits every run of printable characters of a file that cannot be read in a better way.
func readStrings(s *source) {
	w := s.text()
	scanStrings(w, io.NewSectionReader(s.file, 0, s.size))
	w.flush()
}

// scanStrings writes the ASCII and UTF-16LE runs of a stream, one a line.
func scanStrings(w *textWriter, from io.Reader) {
	var narrow, wide stringRun
	var held byte // the low byte of what may be a UTF-16 character
	buffer := make([]byte, flatBuffer)
	for {
		n, err := from.Read(buffer)
		for _, b := range buffer[:n] {
			printable := b >= 0x20 && b < 0x7f || b == '\t'
			if printable {
				narrow.add(w, b)
			} else {
				narrow.end(w)
			}
			switch {
			case held != 0 && b == 0:
				wide.add(w, held)
				held = 0
			case printable:
				if held != 0 {
					wide.end(w)
				}
				held = b
			default:
				held = 0
				wide.end(w)
			}
		}
		if err != nil || !w.meter.ok() {
			narrow.end(w)
			wide.end(w)
			return
		}
	}
}

// A stringRun is a run of printable characters that has not ended.
type stringRun struct {
	bytes []byte
	long  bool // the start of the run has been written already
}

func (r *stringRun) add(w *textWriter, b byte) {
	if len(r.bytes) == maxRun {
		w.write(r.bytes)
		r.bytes, r.long = r.bytes[:0], true
	}
	r.bytes = append(r.bytes, b)
}

func (r *stringRun) end(w *textWriter) {
	if len(r.bytes) >= minRun || r.long {
		w.write(r.bytes)
		w.line()
	}
	r.bytes, r.long = r.bytes[:0], false
}
