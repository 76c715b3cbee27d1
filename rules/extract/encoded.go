package extract

import (
	"math/bits"
	"unicode/utf8"

	"stanch/rules"
	"stanch/rules/extract/bitmap"
)

// The bounds of what counts as encoded, in characters of the text. Words of programs and names of
// things, such as UUIDs, are shorter than leastEncoded; a line of wrapped base64 has 64 or 76 characters (RFC 7468, section 2, and RFC 2045, section 6.8).
const (
	leastEncoded = 40
	leastWrapped = 60
)

// MaxEncoded is the longest stretch that an EncodedSearch hands out at once, in digits; longer runs come in pieces.
const MaxEncoded = 24 << 10

// An Encoded is a run of base64, base32 or hexadecimal digits in a text, or a piece of one.
type Encoded struct {
	Start, End int  // in the text
	First      bool // the run begins here
	Last       bool // the run ends here
	digits     *alphabet
}

// An alphabet is a way to write bytes as digits.
type alphabet struct {
	values  *[256]int8 // of the digits; negative for other bytes
	width   uint       // bits of a digit
	padding int        // most '=' behind the last digit
}

func (a *alphabet) has(digit byte) bool { return a.values[digit] >= 0 }

// alphabets are those of RFC 4648. Those with fewer digits come first: a run of theirs is one of base64 as well.
var alphabets = [...]alphabet{
	{values: &hexDigits, width: 4},
	{values: &base32Values, width: 5, padding: 6},
	{values: &base64Values, width: 6, padding: 2},
}

// An EncodedSearch finds runs of digits that decode to text, or to a format that can be read, in text that grows at its end.
// Of a run that decodes to anything else, such as a picture or a hash, it reads a few bytes only. What it finds does not depend
// on how the text grew. The zero value is at the beginning of a text.
//
//	var search extract.EncodedSearch
//	for run, found := search.Next(text, final); found; run, found = search.Next(text, final) {
//		decoded = run.Decode(decoded[:0], text)
//	}
type EncodedSearch struct {
	at       int       // what stands before it is done with
	skipping bool      // at lies in a run that is nothing
	within   bool      // at lies in a run of which a piece was handed out
	digits   *alphabet // of that run
}

// Reset takes the search to the beginning of another text.
func (s *EncodedSearch) Reset() { *s = EncodedSearch{} }

// At is how far the text is searched. A run that has not ended begins there, if any.
func (s *EncodedSearch) At() int { return s.at }

// Drop says that the first n bytes of the text are gone.
func (s *EncodedSearch) Drop(n int) { s.at = max(s.at-n, 0) }

// Next returns the next run, or piece of one. When none is found, more text is needed; when final is set there is no more.
func (s *EncodedSearch) Next(text []byte, final bool) (run Encoded, found bool) {
	if s.within {
		return s.take(text, final)
	}
	for {
		if s.skipping && !s.skip(text) {
			return run, false
		}
		start := nextDigits(text, s.at)
		if start+leastEncoded > len(text) {
			s.at = len(text)
			if !final {
				s.at = digitsBefore(text, start)
			}
			return run, false
		}
		s.at = start
		var kinds [1]bitmap.Block
		runTable.Fill(kinds[:0], text[start:min(start+bitmap.BlockSize, len(text))])
		if start+bitmap.BlockSize <= len(text) && kinds[0][letterSet] == 0 && runsOf40(kinds[0][plainSet]) == 0 {
			s.at, s.skipping = start+middle, true // no part that begins before has a letter, or is hexadecimal
			continue
		}
		for i := range alphabets {
			if decodesWell(text[start:start+leastEncoded], &kinds[0], &alphabets[i]) {
				s.digits = &alphabets[i]
				return s.take(text, final)
			}
		}
		s.leave(text, kinds[0][plainSet])
	}
}

// leave is skip where it is known which of the first bytes of the run are plain digits.
func (s *EncodedSearch) leave(text []byte, plain uint64) {
	s.at = min(s.at+bits.TrailingZeros64(^plain), len(text))
	if s.skipping = plain == ^uint64(0) || s.at == len(text); !s.skipping {
		s.at++
	}
}

// skip leaves a run that is nothing, or goes to where its next part begins. It returns false when the text ends before.
func (s *EncodedSearch) skip(text []byte) bool {
	if s.at < len(text) && digitKinds[text[s.at]] != plainDigit {
		s.at, s.skipping = s.at+1, false // sums of 256 bits are 64 digits, as many as were looked at
	}
	var words [1]uint64
	for s.skipping && s.at < len(text) {
		plainTable.Mark(words[:0], text[s.at:min(s.at+bitmap.BlockSize, len(text))])
		s.leave(text, words[0])
	}
	return !s.skipping
}

// take hands out the run at s.at, up to its end or as much as is handed out at once.
func (s *EncodedSearch) take(text []byte, final bool) (Encoded, bool) {
	run := Encoded{Start: s.at, First: !s.within, Last: true, digits: s.digits}
	end, ended := runEnd(text, s.at, s.digits)
	switch {
	case !ended && !final:
		return run, false
	case ended && end-s.at >= MaxEncoded && end < len(text) && s.digits.has(text[end]):
		run.Last = false
	}
	run.End = end
	s.at, s.within = end, !run.Last
	return run, true
}

// runEnd returns where the run at an index ends, or its first MaxEncoded digits do, and whether that is sure.
func runEnd(text []byte, start int, alphabet *alphabet) (end int, sure bool) {
	digits, line := 0, 0
	i := start
	for ; i < len(text); i++ {
		b := text[i]
		if alphabet.has(b) {
			if digits == MaxEncoded {
				return i, true
			}
			digits++
			line++
			continue
		}
		if b != '\r' && b != '\n' || line < leastWrapped {
			break
		}
		next := i + 1
		if b == '\r' && next < len(text) && text[next] == '\n' {
			next++
		}
		if next == len(text) {
			return i, false
		}
		if !alphabet.has(text[next]) {
			break
		}
		i, line = next-1, 0
	}
	if i == len(text) {
		return i, false
	}
	for padding := 0; i < len(text) && text[i] == '=' && padding < alphabet.padding; padding++ {
		i++
		if i == len(text) && padding+1 < alphabet.padding {
			return i, false
		}
	}
	return i, true
}

// Decode appends to dst what the run stands for in the text it was found in.
func (e Encoded) Decode(dst, text []byte) []byte {
	return decodeDigits(dst, text[e.Start:e.End], e.digits)
}

func decodeDigits(dst, digits []byte, alphabet *alphabet) []byte {
	var held uint32
	var have uint
	for _, b := range digits {
		value := alphabet.values[b]
		if value < 0 {
			continue
		}
		held = held<<alphabet.width | uint32(value)
		if have += alphabet.width; have >= 8 {
			have -= 8
			dst = append(dst, byte(held>>have))
		}
	}
	return dst
}

// The sets of runTable: what a digit of a run is in each alphabet.
const (
	plainSet  = iota // letters and figures
	signSet          // the signs of base64 in either alphabet
	hexSet           // digits of hexadecimal
	base32Set        // digits of base32
	letterSet        // letters
)

var (
	plainDigits = bitmap.Where(func(b byte) bool { return digitKinds[b] == plainDigit })
	plainTable  = mustTable(plainDigits)
	runTable    = mustTable(plainDigits, bitmap.Where(func(b byte) bool { return digitKinds[b] == signDigit }),
		bitmap.Where(func(b byte) bool { return hexDigits[b] >= 0 }), bitmap.Where(func(b byte) bool { return base32Values[b] >= 0 }),
		bitmap.Where(isLetter))
)

// headBits are the first digits of a run.
const headBits = 1<<leastEncoded - 1

// decodesWell reports whether the first digits of a run, of which is known what they are in each alphabet, stand for text or for a format
// that can be read. In base64 and base32 that takes a letter: figures and signs are the highest values of a digit, so that of what they stand for
// every third byte, or fifth, is above 0xCF, and no words come out.
func decodesWell(digits []byte, kinds *bitmap.Block, alphabet *alphabet) bool {
	var into [leastEncoded]byte
	var head []byte
	switch { // not by a function in the alphabet: the buffer would be allocated for each look
	case alphabet.width == 6 && kinds[letterSet]&headBits != 0 && bits.OnesCount64(kinds[signSet]&headBits) <= mostSigns:
		head = base64Head(&into, digits)
	case alphabet.width == 5 && kinds[letterSet]&headBits != 0 && kinds[base32Set]&headBits == headBits:
		head = base32Head(&into, digits)
	case alphabet.width == 4 && kinds[hexSet]&headBits == headBits:
		head = hexHead(&into, digits)
	}
	if head == nil {
		return false
	}
	if beginsAsText(head) {
		return true
	}
	if !wellBegun[head[0]] {
		return sniffEncoding(head) != ""
	}
	switch sniffMagic(head) {
	case rules.ZIP, rules.OLE, rules.GZIP, rules.BZIP2, rules.XZ, rules.ZSTD, rules.SevenZip, rules.RAR, rules.SQLite, rules.Parquet, rules.PDF:
		return true
	}
	return sniffEncoding(head) != ""
}

// firstLook is how many bytes of what base64 stands for are decoded before they are looked at: so many that text of ASCII characters in UTF-16 or UTF-32
// has a zero among them, even when not all of its characters are ASCII; see sniffWide.
const firstLook = 12

// base64Head decodes the first digits of what may be base64. It returns nil for most of what decodes to neither text nor a format that can be read.
func base64Head(into *[leastEncoded]byte, digits []byte) []byte {
	n, begun, zeros := 0, false, false
	for i := 0; i+4 <= leastEncoded; i += 4 {
		three := uint32(base64Values[digits[i]])<<18 | uint32(base64Values[digits[i+1]])<<12 | uint32(base64Values[digits[i+2]])<<6 | uint32(base64Values[digits[i+3]])
		into[n], into[n+1], into[n+2] = byte(three>>16), byte(three>>8), byte(three)
		begun = begun || i == 0 && wellBegun[into[0]]
		if !begun && (neverWell[into[n]] || neverWell[into[n+1]] || neverWell[into[n+2]]) {
			return nil
		}
		zeros = zeros || into[n] == 0 || into[n+1] == 0 || into[n+2] == 0
		if n += 3; n == firstLook && !begun && !zeros && !beginsAsText(into[:firstLook]) {
			return nil
		}
	}
	return into[:n]
}

// mostSigns is how many of leastEncoded digits of base64 may be one of the two that are neither letters nor figures. Of ASCII a quarter are at most
// (only the last of four digits can be), and of what is compressed one in 32; names put together with hyphens and slashes have more.
const mostSigns = leastEncoded * 3 / 10

// hexHead is base64Head for hexadecimal.
func hexHead(into *[leastEncoded]byte, digits []byte) []byte {
	begun := false
	for i := 0; i+2 <= leastEncoded; i += 2 {
		b := byte(hexDigits[digits[i]]<<4 | hexDigits[digits[i+1]])
		into[i/2] = b
		begun = begun || i == 0 && wellBegun[b]
		if !begun && neverWell[b] {
			return nil
		}
	}
	return into[:leastEncoded/2]
}

// base32Head decodes the first digits of what may be base32.
func base32Head(into *[leastEncoded]byte, digits []byte) []byte {
	head := into[:0]
	for i := 0; i+8 <= leastEncoded; i += 8 {
		var five uint64
		for _, b := range digits[i : i+8] {
			five = five<<5 | uint64(base32Values[b])
		}
		head = append(head, byte(five>>32), byte(five>>24), byte(five>>16), byte(five>>8), byte(five))
	}
	return head
}

// wellBegun are the first bytes of the formats that decodesWell knows, and of text in UTF-16 and UTF-32.
var wellBegun = func() (first [256]bool) {
	for _, b := range "\x00PBR7S(%" {
		first[b] = true
	}
	for _, b := range []byte{0x1F, 0xD0, 0xFD, 0xFE, 0xFF} {
		first[b] = true
	}
	return first
}()

// neverWell are bytes that stand in no text, whatever its encoding.
var neverWell = func() (never [256]bool) {
	never = binaryBytes
	never[0] = false // of UTF-16
	return never
}()

// beginsAsText reports whether all of head is printable; its last character may be torn.
func beginsAsText(head []byte) bool {
	for i := 0; i < len(head); {
		b := head[i]
		switch {
		case b >= ' ' && b < 0x7F || b == '\n' || b == '\r' || b == '\t':
			i++
		case b < utf8.RuneSelf:
			return false
		default:
			r, size := utf8.DecodeRune(head[i:])
			if r == utf8.RuneError && size == 1 {
				return !utf8.FullRune(head[i:])
			}
			i += size
		}
	}
	return true
}

// How many blocks nextDigits classifies at a time, behind the first few and at most: what stands behind a run is classified again when the search
// goes on there.
const (
	fewBlocks  = 8
	manyBlocks = 16
)

// digitTable knows the digits of base64, among which are those of hexadecimal.
var digitTable = mustTable(bitmap.Where(func(b byte) bool { return digitKinds[b] != noDigit }))

// A run of leastEncoded digits within a block covers its middle.
const (
	middle     = bitmap.BlockSize - leastEncoded
	middleSize = leastEncoded - middle
)

// nextDigits returns where the next leastEncoded digits begin at or behind i, or an index less than that before the end.
func nextDigits(text []byte, i int) int {
	var scratch [manyBlocks]uint64
	ending := 0              // digits that the text before a block ends with
	step := bitmap.BlockSize // behind digits that are nothing others often begin
	for at := i; at < len(text); at, step = at+step, min(step*fewBlocks, manyBlocks*bitmap.BlockSize) {
		for k, digits := range digitTable.Mark(scratch[:0], text[at:min(at+step, len(text))]) {
			if ending+bits.TrailingZeros64(^digits) >= leastEncoded {
				return at + k*bitmap.BlockSize - ending
			}
			if digits>>middle&(1<<middleSize-1) == 1<<middleSize-1 {
				if run := runsOf40(digits); run != 0 {
					return at + k*bitmap.BlockSize + bits.TrailingZeros64(run)
				}
			}
			ending = bits.LeadingZeros64(^digits)
		}
	}
	return max(i, len(text)-leastEncoded+1)
}

// runsOf40 returns the bits of word behind which, them included, leastEncoded are set.
func runsOf40(word uint64) uint64 {
	word &= word >> 1
	word &= word >> 2
	word &= word >> 4  // runs of 8
	eight := word      // and twice
	word &= word >> 8  // runs of 16
	word &= word >> 16 // runs of 32
	return word & (eight >> (leastEncoded - 8))
}

// digitsBefore returns where the digits that the text ends with begin, at or behind from.
func digitsBefore(text []byte, from int) int {
	i := len(text)
	for i > from && digitKinds[text[i-1]] != noDigit {
		i--
	}
	return i
}

// What a byte is in base64, the standard's alphabet or that for URLs (RFC 4648, sections 4 and 5). The signs of both may also
// stand between words, as in a path.
const (
	noDigit uint8 = iota
	plainDigit
	signDigit
)

var digitKinds = func() (kinds [256]uint8) {
	for b := range kinds {
		if isAlphanumeric(byte(b)) {
			kinds[b] = plainDigit
		}
	}
	for _, b := range "+/-_" {
		kinds[b] = signDigit
	}
	return kinds
}()

// base32Values are those of the standard's alphabet, in either case.
var base32Values = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	for i, b := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" {
		values[b] = int8(i)
	}
	for i, b := range "abcdefghijklmnopqrstuvwxyz" {
		values[b] = int8(i)
	}
	return values
}()

var base64Values = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	for i, b := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" {
		values[b] = int8(i)
	}
	values['+'], values['-'], values['/'], values['_'] = 62, 62, 63, 63
	return values
}()
