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
	value := text[hit.Start:hit.End]
	if len(value) > shortKey {
		return s.longKey(value, hit)
	}
	if s.detectors[hit.Detector].literal {
		return s.secrets.hashCapitals(value)
	}
	if low, high, n, ok := shortest(value); ok {
		return s.secrets.hashWords(low, high, n)
	}
	var buffer [shortKey]byte
	return s.secrets.hashShort(&buffer, normalize(buffer[:], &significant, value))
}

// hashedAtOnce is how many bytes are hashed at once.
const hashedAtOnce = 16

// shortest is normalize by the table significant for values of which at most hashedAtOnce bytes are left, to two words, whose lowest bytes come
// first; ok is false for others.
func shortest(value []byte) (low, high uint64, n int, ok bool) {
	if n = len(value); n >= 4 && n <= hashedAtOnce {
		if low, high = twoWords(value); n < 8 && significantEight(low|zeros<<(8*n)) || n >= 8 && significantEight(low) && significantEight(high|zeros<<(8*n-64)) {
			return capitals(low), capitals(high), n, true
		}
	}
	const word = 64
	i, bits := 0, 0
	low, high = 0, 0
	for ; i < len(value) && bits < word; i++ {
		c := uint64(significant[value[i]])
		low |= c << (bits % word)
		if c != 0 {
			bits += 8
		}
	}
	n = bits / 8
	if i == len(value) {
		return low, 0, n, true
	}
	bits = 0
	for ; i < len(value) && bits < word; i++ {
		c := uint64(significant[value[i]])
		high |= c << (bits % word)
		if c != 0 {
			bits += 8
		}
	}
	for ; i < len(value); i++ {
		if significant[value[i]] != 0 {
			return 0, 0, 0, false
		}
	}
	return low, high, n + bits/8, true
}

// zeros is the digit 0 eight times.
const zeros = 0x3030303030303030

// twoWords returns 4 to hashedAtOnce bytes as two words, whose lowest bytes come first, with zeros behind them.
func twoWords(value []byte) (low, high uint64) {
	n := len(value)
	if n < 8 {
		return uint64(binary.LittleEndian.Uint32(value)) | uint64(binary.LittleEndian.Uint32(value[n-4:]))<<(8*(n-4)), 0
	}
	return binary.LittleEndian.Uint64(value), binary.LittleEndian.Uint64(value[n-8:]) >> (8 * (hashedAtOnce - n))
}

// longKey is Key for long values. What is short without separators has the key that it has when it is written without them.
func (s *Set) longKey(value []byte, hit *Hit) uint64 {
	var buffer [match.MaxLength]byte
	value = value[:min(len(value), len(buffer))]
	if s.detectors[hit.Detector].literal {
		return maphash.Bytes(s.seed, buffer[:normalize(buffer[:], &upperCase, value)])
	}
	n := normalize(buffer[:], &significant, value)
	if n <= shortKey {
		return s.secrets.hashShort((*[shortKey]byte)(buffer[:]), n)
	}
	return maphash.Bytes(s.seed, buffer[:n])
}

// normalize writes those bytes of value that a table maps to others than 0 to a buffer that is at least as long and holds zeros, and
// returns how many they are. Behind them stand zeros.
func normalize(to []byte, table *[256]byte, value []byte) (n int) {
	to = to[:len(value)]
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

// hashShort hashes the first n bytes of a buffer with zeros behind them: hashedAtOnce at a time, each folded into the product of their halves
// with the state before.
func (k *hashSecrets) hashShort(buffer *[shortKey]byte, n int) uint64 {
	state := k[0] ^ uint64(n)
	for at := 0; at < n; at += hashedAtOnce {
		state = k.add(state, binary.LittleEndian.Uint64(buffer[at&(shortKey-16):]), binary.LittleEndian.Uint64(buffer[at&(shortKey-16)+8:]))
	}
	return fold(state^k[3], k[1])
}

// hashWords is hashShort for at most hashedAtOnce bytes in two words.
func (k *hashSecrets) hashWords(low, high uint64, n int) uint64 {
	state := k[0] ^ uint64(n)
	if n > 0 {
		state = k.add(state, low, high)
	}
	return fold(state^k[3], k[1])
}

// hashCapitals is hashShort for a value with its ASCII letters as capitals.
func (k *hashSecrets) hashCapitals(value []byte) uint64 {
	state := k[0] ^ uint64(len(value))
	rest := value
	for ; len(rest) >= hashedAtOnce; rest = rest[hashedAtOnce:] {
		state = k.add(state, capitals(binary.LittleEndian.Uint64(rest)), capitals(binary.LittleEndian.Uint64(rest[8:])))
	}
	if len(rest) > 0 {
		var buffer [hashedAtOnce]byte
		copy(buffer[:], rest)
		state = k.add(state, capitals(binary.LittleEndian.Uint64(buffer[:])), capitals(binary.LittleEndian.Uint64(buffer[8:])))
	}
	return fold(state^k[3], k[1])
}

// add folds hashedAtOnce bytes into a state.
func (k *hashSecrets) add(state, low, high uint64) uint64 {
	return fold(low^k[1]^state, high^k[2]+state)
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
