package match

import "math/bits"

// These search the bits of a block together with the one behind it, next. Bits beyond next are none: the searches reach no further.

const (
	// stretchLength is how many bytes of a pattern's class are looked for where a digit may begin it, and little else is known.
	stretchLength = 8
	// sparseLength is the same where a match has a digit near its start.
	sparseLength = 4
	// runLength is how many word bytes make a long run.
	runLength = 12
)

// ahead moves the bits of a block and the next one by some places to the bytes before them.
func ahead(block, next uint64, by uint) uint64 { return block>>by | next<<(blockSize-by) }

// A passage says through which bytes a search goes back: single ones, and all of two, four and eight in a row.
type passage struct{ one, oneNext, two, twoNext, four, fourNext, eight uint64 }

func newPassage(one, oneNext uint64) (p passage) {
	p.one, p.oneNext = one, oneNext
	p.two, p.twoNext = one&ahead(one, oneNext, 1), oneNext&(oneNext>>1)
	p.four, p.fourNext = p.two&ahead(p.two, p.twoNext, 2), p.twoNext&(p.twoNext>>2)
	p.eight = p.four & ahead(p.four, p.fourNext, 4)
	return p
}

// reach returns some places with those at most maxReach bytes before them, as far as all from there on are passable.
func (p *passage) reach(places, next uint64) uint64 {
	places, next = places|ahead(places, next, 1)&p.one, next|next>>1&p.oneNext
	places, next = places|ahead(places, next, 2)&p.two, next|next>>2&p.twoNext
	places, next = places|ahead(places, next, 4)&p.four, next|next>>4&p.fourNext
	return places | ahead(places, next, 8)&p.eight
}

// numbers returns those digits that denseDigits-1 more follow, each behind at most maxGap passable bytes.
func numbers(digits, digitsNext, one, oneNext uint64) (places, next uint64) {
	two, twoNext := one&ahead(one, oneNext, 1), oneNext&(oneNext>>1)
	four, fourNext := two&ahead(two, twoNext, 2), twoNext&(twoNext>>2)
	places, next = digits, digitsNext
	for range denseDigits - 1 {
		places, next = places|ahead(places, next, 1)&one, next|next>>1&oneNext
		places, next = places|ahead(places, next, 2)&two, next|next>>2&twoNext
		places, next = places|ahead(places, next, 4)&four, next|next>>4&fourNext
		places, next = digits&ahead(places, next, 1), digitsNext&(next>>1)
	}
	return places, next
}

// fours returns where sparseLength bytes of a set begin.
func fours(bytes, next uint64) uint64 {
	two, twoNext := bytes&ahead(bytes, next, 1), next&(next>>1)
	return two & ahead(two, twoNext, 2)
}

// stretches returns where stretchLength bytes of a set begin.
func stretches(bytes, bytesNext uint64) uint64 {
	two, twoNext := bytes&ahead(bytes, bytesNext, 1), bytesNext&(bytesNext>>1)
	four, fourNext := two&ahead(two, twoNext, 2), twoNext&(twoNext>>2)
	return four & ahead(four, fourNext, 4)
}

// longRuns returns where runLength bytes of a set begin.
func longRuns(bytes, bytesNext uint64) uint64 {
	four := stretches(bytes, bytesNext)
	return four & ahead(bytes, bytesNext, 8) & ahead(bytes, bytesNext, 9) & ahead(bytes, bytesNext, 10) & ahead(bytes, bytesNext, 11)
}

func listPlain(offsets *offsetList, plane *[planeLength]uint64, blocks int) (count int) {
	for i := range blocks {
		for found := plane[i]; found != 0; found &= found - 1 {
			offsets[count] = uint16(i*blockSize + bits.TrailingZeros64(found))
			count++
		}
	}
	return count
}
