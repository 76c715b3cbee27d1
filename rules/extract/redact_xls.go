package extract

import (
	"encoding/binary"
	"io"
	"os"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// biffSpotKind is how a value is stored.
type biffSpotKind uint8

const (
	spotNarrow biffSpotKind = iota // characters of one byte
	spotWide                       // characters of two bytes
	spotNumber
	spotRK
)

// A biffSpot is a stretch of a stream that holds a value, or a piece of one.
type biffSpot struct {
	at     int64
	length int
	kind   biffSpotKind
}

// biffSpots are the spots of the value that is being read.
type biffSpots struct{ list []biffSpot }

// unmark forgets the spots of the value before.
func (x *xlsReader) unmark() {
	if x.spots != nil {
		x.spots.list = x.spots.list[:0]
	}
}

// patch overwrites the value that was read last, if it was changed, at equal length.
func (x *xlsReader) patch() {
	if x.spots == nil {
		return
	}
	if x.changed {
		x.redacted.overwrite(x.spots.list, x.replacement)
	}
	x.unmark()
}

// redactShared overwrites the shared strings that were redacted in a cell: every cell that shows one of them changes with it.
func (x *xlsReader) redactShared(stream *io.SectionReader) {
	if x.redacted == nil || len(x.blanked) == 0 {
		return
	}
	x.biffReader = biffReader{source: io.NewSectionReader(stream, 0, stream.Size()), data: x.data, spots: x.spots}
	for x.next() {
		if x.kind != biffSST || len(x.data) < 8 {
			continue
		}
		text := biffText{&x.biffReader, x.data[8:]}
		for index := range int64(binary.LittleEndian.Uint32(x.data[4:])) {
			x.unmark()
			var ok bool
			if x.value, ok = text.richText(x.value[:0]); !ok {
				return // reading has met it before
			}
			if x.blanked.has(int(index)) {
				x.redacted.overwrite(x.spots.list, nil)
			}
		}
	}
}

// An xlsCopy is a copy of a workbook in a temporary file without a name, which is changed in place.
type xlsCopy struct {
	file    *os.File
	sectors *compoundReader // of the stream; nil when the file is nothing else
	err     error
}

// redactXLS copies the workbook, overwrites what changes, and writes the copy.
func redactXLS(w io.Writer, file io.ReaderAt, size int64, r *reading) error {
	temporary, err := os.CreateTemp("", "stanch-*")
	if err != nil {
		return err
	}
	defer temporary.Close()
	if err := os.Remove(temporary.Name()); err != nil {
		return err
	}
	if _, err := io.Copy(temporary, io.NewSectionReader(file, 0, size)); err != nil {
		return err
	}
	x := newXLSReader(r)
	x.redacted = &xlsCopy{file: temporary}
	x.spots = &biffSpots{}
	x.read(file, size)
	switch {
	case x.redacted.err != nil:
		return x.redacted.err
	case x.decrypt != nil || x.encrypted:
		return ErrNotRedactable
	case r.reason != rules.NoReason:
		return ErrNotWhole
	}
	if _, err := temporary.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(w, temporary)
	return err
}

// fillCharacter stands where a replacement is shorter than what it replaces.
const fillCharacter = '*'

// overwrite writes a text over the spots of a value, cut or filled up to its length; numbers become zero.
func (c *xlsCopy) overwrite(spots []biffSpot, text []byte) {
	units := utf16.Encode([]rune(string(text)))
	for _, spot := range spots {
		out := make([]byte, spot.length)
		switch spot.kind {
		case spotRK:
			const wholeZero = 2
			out[0] = wholeZero
		case spotNarrow:
			for i := range out {
				out[i] = fillCharacter
				if len(units) > 0 {
					if b, ok := charmap.ISO8859_1.EncodeRune(rune(units[0])); ok {
						out[i] = b
					}
					units = units[1:]
				}
			}
		case spotWide:
			for i := 0; i+1 < len(out); i += 2 {
				unit := uint16(fillCharacter)
				if len(units) > 0 {
					unit, units = units[0], units[1:]
				}
				binary.LittleEndian.PutUint16(out[i:], unit)
			}
		}
		c.write(spot.at, out)
	}
}

// write writes bytes of the stream, which lie in pieces where sectors end.
func (c *xlsCopy) write(at int64, p []byte) {
	for len(p) > 0 && c.err == nil {
		position, n := at, int64(len(p))
		if c.sectors != nil {
			index, within := at/c.sectors.sectorSize, at%c.sectors.sectorSize
			start, ok := int64(0), index < int64(len(c.sectors.chain))
			if ok {
				start, ok = c.sectors.place(c.sectors.chain[index])
			}
			if !ok {
				c.err = ErrNotWhole
				return
			}
			position, n = start+within, min(n, c.sectors.sectorSize-within)
		}
		_, c.err = c.file.WriteAt(p[:n], position)
		at, p = at+n, p[n:]
	}
}
