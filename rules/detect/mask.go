package detect

import (
	"hash/maphash"
	"unicode/utf8"

	"stanch/rules/match"
)

const (
	// readableShare: one in so many characters of a masked value stays readable.
	readableShare = 3
	// maxReadable and maxDots bound a mask in characters, whatever the value's length.
	maxReadable, maxDots = 5, 16
	dot                  = '•'
)

// Mask renders a value with at most a third of it readable, and never its middle: "94•••••••••9". It appends to dst.
// Credentials show their beginning only.
func (s *Set) Mask(dst []byte, detector int, value []byte) []byte {
	runes := utf8.RuneCount(value)
	readable := min(runes/readableShare, maxReadable)
	front := readable - readable/2
	if detector >= 0 && detector < len(s.detectors) && s.detectors[detector].Category == Credential {
		front = readable
	}
	back := readable - front
	i := 0
	for at := 0; at < len(value); i++ {
		r, size := utf8.DecodeRune(value[at:])
		switch {
		case (i < front || i >= runes-back) && r >= ' ' && r != utf8.RuneError:
			dst = append(dst, value[at:at+size]...)
		case i < front || i >= runes-back || i < front+maxDots:
			dst = utf8.AppendRune(dst, dot)
		}
		at += size
	}
	return dst
}

// key returns the keyed hash of a value without its separators and case, so that equal identifiers are equal however written.
func (s *Set) key(d *compiled, value []byte) uint64 {
	var buffer [match.MaxLength]byte
	n := 0
	for _, c := range value {
		if n == len(buffer) {
			break
		}
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		} else if c < utf8.RuneSelf && !isDigit(c) && asciiLetter[c] == 0 && !d.Literal {
			continue
		}
		buffer[n] = c
		n++
	}
	return maphash.Bytes(s.seed, buffer[:n])
}
