package extract

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/ulikunitz/xz/lzma"

	"stanch/rules"
)

// The layout of 7z archives: 7zFormat.txt of the LZMA SDK.
const (
	sevenZipHead        = 32 // bytes of the signature header
	sevenZipEncoded     = 0x17
	sevenZipLZMA        = "\x03\x01\x01" // coder id, followed by the length of its properties
	sevenZipAES         = "\x06\xf1\x07\x01"
	maxSevenZipHeader   = 8 << 20
	lzmaProperties      = 5
	maxSevenZipExpanded = 4 << 20 // bytes of one header
)

// readSevenZip names the members and tells whether the archive is encrypted. The members are not read.
func readSevenZip(s *source) (rules.Format, outcome) {
	var head [sevenZipHead]byte
	s.file.ReadAt(head[:], 0)
	offset, size := binary.LittleEndian.Uint64(head[12:]), binary.LittleEndian.Uint64(head[20:])
	if offset > uint64(s.size) || size > maxSevenZipHeader || sevenZipHead+offset+size > uint64(s.size) {
		readStrings(s)
		return rules.SevenZip, unscannable(rules.Corrupt)
	}
	if size == 0 {
		return rules.SevenZip, outcome{}
	}
	header := make([]byte, size)
	s.file.ReadAt(header, int64(sevenZipHead+offset))
	if header[0] == sevenZipEncoded {
		if bytes.Contains(header, []byte(sevenZipAES)) {
			return rules.SevenZip, unscannable(rules.Encrypted)
		}
		header = s.sevenZipHeader(header)
	}
	w := s.text()
	scanStrings(w, bytes.NewReader(header)) // the names, in UTF-16
	w.flush()
	if bytes.Contains(header, []byte(sevenZipAES)) {
		return rules.SevenZip, unscannable(rules.Encrypted)
	}
	return rules.SevenZip, unscannable(rules.UnknownFormat)
}

// sevenZipHeader expands a header that is packed with LZMA, as most are: the packed stream's position and length, then one
// folder with one coder. What is not of that shape stays as it is.
func (s *source) sevenZipHeader(header []byte) []byte {
	f := sevenZipFields{rest: header[1:]}
	if f.number() != 0x06 { // PackInfo: position, count, then the sizes
		return header
	}
	position := f.number()
	if f.number() != 1 || f.number() != 0x09 {
		return header
	}
	packed := f.number()
	at := bytes.Index(f.rest, []byte(sevenZipLZMA))
	if at < 0 || len(f.rest) < at+len(sevenZipLZMA)+1+lzmaProperties || position > uint64(s.size) || packed > uint64(s.size) {
		return header
	}
	properties := f.rest[at+len(sevenZipLZMA)+1:][:lzmaProperties]
	if binary.LittleEndian.Uint32(properties[1:]) > maxDictionary {
		return header
	}
	unpacked := sevenZipFields{rest: f.rest[at+len(sevenZipLZMA)+1+lzmaProperties:]}
	if unpacked.number() != 0x0C { // CodersUnPackSize
		return header
	}
	length := unpacked.number()
	alone := binary.LittleEndian.AppendUint64(bytes.Clone(properties), length)
	from := io.MultiReader(bytes.NewReader(alone), io.NewSectionReader(s.file, sevenZipHead+int64(position), int64(packed)))
	decoder, err := lzma.ReaderConfig{DictCap: maxDictionary}.NewReader(from)
	if err != nil {
		return header
	}
	expanded, _ := io.ReadAll(io.LimitReader(&meteredReader{s.meter, decoder}, maxSevenZipExpanded))
	return expanded
}

// sevenZipFields reads the numbers of a header: the first byte's leading ones say how many bytes follow.
type sevenZipFields struct{ rest []byte }

func (f *sevenZipFields) number() uint64 {
	if len(f.rest) == 0 {
		return 0
	}
	first := f.rest[0]
	f.rest = f.rest[1:]
	value := uint64(0)
	for i, mask := 0, byte(0x80); i < 8; i, mask = i+1, mask>>1 {
		if first&mask == 0 {
			return value | uint64(first&(mask-1))<<(8*i)
		}
		if len(f.rest) == 0 {
			return 0
		}
		value |= uint64(f.rest[0]) << (8 * i)
		f.rest = f.rest[1:]
	}
	return value
}
