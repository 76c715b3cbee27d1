package extract

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"

	"stanch/rules"
)

// mostPictures is how many pictures behind each other are passed by, in the search for what stands behind the last: cameras put a preview,
// a map of depths or a burst there.
const mostPictures = 64

// behindPicture is the place of what stands behind the end of a picture.
const behindPicture = "behind the picture"

// readPicture reads what stands behind the end of a picture, where a viewer does not look, as a body of its own. What is in the picture is not
// read. Data that only the camera's maker understands is searched for strings, and is no reason to refuse the picture.
func readPicture(s *source) (rules.Format, outcome) {
	at := int64(0)
	for range mostPictures {
		end := pictureEnd(s.file, at, s.size)
		if end <= at {
			break
		}
		at = pastZeros(s.file, end, s.size)
	}
	if at == 0 || at >= s.size {
		return s.format, outcome{}
	}
	head := make([]byte, min(SniffLength, s.size-at))
	s.file.ReadAt(head, at)
	rest := &meteredReader{s.meter, io.NewSectionReader(s.file, at, s.size-at)}
	switch format := Sniff(head, "", ""); format {
	case rules.Image, rules.Media, rules.Font:
		return s.format, outcome{}
	case rules.Binary, rules.Unrecognized:
		w := s.text()
		scanStrings(w, rest)
		w.flush()
		return s.format, outcome{}
	}
	return s.format, s.member(behindPicture, rest)
}

// leastFilling is how many zeros are more than what a format may begin with.
const leastFilling = 4

// pastZeros returns the offset of the first byte from an offset on that is not zero, when files are filled up with zeros there.
func pastZeros(file io.ReaderAt, from, size int64) int64 {
	in := bufio.NewReaderSize(io.NewSectionReader(file, from, size-from), flatBuffer)
	at := from
	for ; at < size; at++ {
		if b, err := in.ReadByte(); err != nil || b != 0 {
			break
		}
	}
	if at < size && at-from < leastFilling {
		return from
	}
	return at
}

// pictureEnd returns the offset behind the picture that begins at an offset, or behind what of it is as it should be; -1 when none begins
// there whose end is known, or it is cut off.
func pictureEnd(file io.ReaderAt, at, size int64) int64 {
	var head [12]byte
	n, _ := file.ReadAt(head[:], at)
	switch text := head[:n]; {
	case bytes.HasPrefix(text, []byte("\x89PNG\r\n\x1A\n")):
		return pngEnd(file, at+8, size)
	case bytes.HasPrefix(text, []byte("GIF8")):
		return gifEnd(file, at, size)
	case bytes.HasPrefix(text, []byte("\xFF\xD8\xFF")):
		return jpegEnd(file, at+2, size)
	case n == len(head) && bytes.HasPrefix(text, []byte("RIFF")) && string(text[8:]) == "WEBP":
		length := int64(binary.LittleEndian.Uint32(text[4:]))
		return within(at+8+length+length&1, size)
	}
	return -1
}

// within is an end, or -1 when it lies behind the file's.
func within(end, size int64) int64 {
	if end > size {
		return -1
	}
	return end
}

// pngEnd goes over chunks: their length, a type of four letters, their data and a checksum (PNG, Third Edition, section 5.3).
func pngEnd(file io.ReaderAt, at, size int64) int64 {
	const around = 12
	for at+around <= size {
		var head [8]byte
		if _, err := file.ReadAt(head[:], at); err != nil {
			return -1
		}
		for _, b := range head[4:] {
			if !isLetter(b) {
				return at
			}
		}
		at += around + int64(binary.BigEndian.Uint32(head[:4]))
		if string(head[4:]) == "IEND" {
			return within(at, size)
		}
	}
	return -1
}

// jpegEnd goes over segments: a marker, and behind most a length. What an encoder wrote lies behind the start of a scan, up to the next marker
// (ITU-T T.81, annex B).
func jpegEnd(file io.ReaderAt, at, size int64) int64 {
	const fill, standalone, firstRestart, lastRestart, end, scan = 0xFF, 0x01, 0xD0, 0xD7, 0xD9, 0xDA
	from := io.NewSectionReader(file, at, size-at)
	in := bufio.NewReaderSize(from, flatBuffer)
	position := func() int64 {
		now, _ := from.Seek(0, io.SeekCurrent) // of a section: it cannot fail
		return at + now - int64(in.Buffered())
	}
	coded := false // in what an encoder wrote
	for {
		start := position()
		if b, err := in.ReadByte(); err != nil {
			return -1
		} else if b != fill {
			if !coded {
				return start
			}
			if _, err := in.ReadSlice(fill); err != nil && err != bufio.ErrBufferFull {
				return -1
			} else if err == nil {
				in.UnreadByte() // it was read just now
			}
			continue
		}
		marker, err := in.ReadByte()
		for err == nil && marker == fill {
			marker, err = in.ReadByte()
		}
		switch {
		case err != nil:
			return -1
		case marker == end:
			return position()
		case marker == 0 || marker == standalone || marker >= firstRestart && marker <= lastRestart:
			continue
		}
		var length [2]byte
		if _, err := io.ReadFull(in, length[:]); err != nil {
			return -1
		}
		n := int(binary.BigEndian.Uint16(length[:]))
		if _, err := in.Discard(max(n-len(length), 0)); err != nil {
			return -1
		}
		coded = coded || marker == scan
	}
}

// gifEnd goes over blocks, whose data comes in pieces of up to 255 bytes (GIF89a, sections 15 to 27).
func gifEnd(file io.ReaderAt, at, size int64) int64 {
	const screen, image, extension, trailer, colors = 13, ',', '!', ';', 0x80
	from := io.NewSectionReader(file, at, size-at)
	in := bufio.NewReaderSize(from, flatBuffer)
	colorTable := func(packed byte) error {
		if packed&colors == 0 {
			return nil
		}
		_, err := in.Discard(3 << (packed&7 + 1))
		return err
	}
	head := make([]byte, screen)
	if _, err := io.ReadFull(in, head); err != nil || colorTable(head[10]) != nil {
		return -1
	}
	for {
		kind, err := in.ReadByte()
		if err != nil {
			return -1
		}
		switch kind {
		case trailer:
			now, _ := from.Seek(0, io.SeekCurrent) // of a section: it cannot fail
			return at + now - int64(in.Buffered())
		case extension:
			_, err = in.Discard(1)
		case image:
			descriptor := head[:9]
			if _, err = io.ReadFull(in, descriptor); err == nil && colorTable(descriptor[8]) == nil {
				_, err = in.Discard(1)
			}
		default:
			now, _ := from.Seek(0, io.SeekCurrent)
			return at + now - int64(in.Buffered()) - 1
		}
		for piece := byte(1); err == nil && piece > 0; {
			if piece, err = in.ReadByte(); err == nil {
				_, err = in.Discard(int(piece))
			}
		}
		if err != nil {
			return -1
		}
	}
}
