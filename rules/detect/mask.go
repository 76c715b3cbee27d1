package detect

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
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

// shortKey is the longest value that is normalized in a small buffer, in bytes.
const shortKey = 64

// Key returns the keyed hash of a hit's value in the text that it was found in, without separators and case: equal for identifiers
// of one detector that are equal however written. Of a Literal one only the case goes. Keys of different Sets have nothing in common.
func (s *Set) Key(text []byte, hit *Hit) uint64 {
	value, literal := text[hit.Start:hit.End], s.detectors[hit.Detector].literal
	if len(value) <= shortKey {
		var buffer [shortKey]byte
		return s.secrets.hashShort(&buffer, normalize(buffer[:], literal, value))
	}
	var buffer [match.MaxLength]byte
	return maphash.Bytes(s.seed, buffer[:normalize(buffer[:], literal, value[:min(len(value), len(buffer))])])
}

// normalize writes what counts of value to a buffer that is at least as long, and returns how much that is.
func normalize(to []byte, literal bool, value []byte) (n int) {
	table := &significant
	if literal {
		table = &upperCase
	}
	for _, c := range value {
		c = table[c]
		to[n] = c
		if c != 0 {
			n++
		}
	}
	return n
}

// hashSecrets key hashShort. They are random, so that nobody can choose values that collide.
type hashSecrets [4]uint64

func newHashSecrets(seed maphash.Seed) (k hashSecrets) {
	for i := range k {
		k[i] = maphash.Comparable(seed, i)
	}
	return k
}

// hashShort hashes the first n bytes of a buffer: 16 at a time, each folded into the product of their halves with the state before. What
// stands behind them in the buffer is overwritten.
func (k *hashSecrets) hashShort(buffer *[shortKey]byte, n int) uint64 {
	clear(buffer[n:min((n+15)&^15, shortKey)])
	state := k[0] ^ uint64(n)
	for at := 0; at < n; at += 16 {
		low, high := binary.LittleEndian.Uint64(buffer[at:]), binary.LittleEndian.Uint64(buffer[at+8:])
		state = fold(low^k[1]^state, high^k[2]+state)
	}
	return fold(state^k[3], k[1])
}

// fold is both halves of a product, joined.
func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

// upperCase maps ASCII letters to upper case and other bytes to themselves; significant leaves out ASCII separators, too.
var upperCase, significant = func() (upper, letters [256]byte) {
	for i := range upper {
		c := byte(i)
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		upper[i] = c
		if c >= utf8.RuneSelf || isDigit(c) || asciiLetter[c] != 0 {
			letters[i] = c
		}
	}
	return
}()
