package detect

import "encoding/binary"

// Eight bytes of a text are looked at together, as one word with the first byte lowest. Marks are the highest bits of bytes.

// The marks of all eight bytes, of the first and of the second one, and what a byte is multiplied by to stand eight times.
const (
	everyByte  = 0x8080808080808080
	firstByte  = 0x80
	secondByte = 0x8000
	eachByte   = everyByte >> 7
	caseBit    = 'a' - 'A'
)

// marksBetween marks those of eight bytes, all of ASCII, that lie between two.
func marksBetween(ascii uint64, first, last uint64) uint64 {
	return (ascii + (0x80-first)*eachByte) &^ (ascii + (0x7f-last)*eachByte) & everyByte
}

// eight are eight bytes of a text.
type eight struct {
	lower   uint64 // letters in lower case; what is no letter is changed, too
	letters uint64 // marks ASCII letters
	small   uint64 // marks those in lower case
	others  uint64 // marks bytes that are not ASCII
}

// classify reads text[at:at+8].
func classify(text []byte, at int) eight {
	x := binary.LittleEndian.Uint64(text[at:])
	lower := x&^everyByte | caseBit*eachByte
	letters := marksBetween(lower, 'a', 'z') &^ x
	return eight{lower, letters, letters & (x << 2), x & everyByte} // bit 5 is the one for lower case
}

// humps marks upper-case letters behind lower-case ones, which begin words but as the second letter of one: "nhsNumber", "aB".
func (c *eight) humps() uint64 {
	return c.letters &^ c.small & (c.small << 8)
}

// capitals maps the ASCII letters among eight bytes to upper case.
func capitals(x uint64) uint64 {
	return x ^ marksBetween(x&^everyByte, 'a', 'z')&^x>>2
}

// significantEight reports whether all of eight bytes are ASCII digits and letters.
func significantEight(x uint64) bool {
	return x&everyByte == 0 && marksBetween(x|caseBit*eachByte, 'a', 'z')|marksBetween(x, '0', '9') == everyByte
}
