package match

import (
	"math/bits"
)

// A keeper keeps those of the first count offsets in a list that fit some outlines, see outlines.keep. Behind each there are windowLength
// bytes of text. It may overwrite the list.
type keeper func(o *outlines, text []byte, list *offsetList, count int) []uint16

// keepPlain needs no vectors.
func keepPlain(o *outlines, text []byte, list *offsetList, count int) []uint16 {
	return o.keep(text, list[:count])
}

const (
	windowLength = 16 // what a keeper reads from a start on: more than an outline, for loads of a round size
	keptTogether = 64 // offsets that vectors look at a time
)

// maxOutlineClasses is how many classes of bytes outlines tell apart: as many as a vector looks up at once.
const maxOutlineClasses = 64

// An outlineClass is a set of bytes that fit the same buckets.
type outlineClass struct {
	fits      [outlineLength]uint64
	bytes     byteSet
	frequency float64
}

// A classJoiner joins classes where that lets the fewest texts through that fit no bucket.
type classJoiner struct {
	classes []outlineClass
	sums    [outlineBuckets][outlineLength]float64 // by bucket and place: how often a byte fits
}

// classify divides the bytes into classes, joins some until there are few enough, and fills the vectors.
func (o *outlines) classify() {
	j := &classJoiner{classes: o.classes()}
	for i := range j.classes {
		for at, fits := range j.classes[i].fits {
			j.add(at, fits, j.classes[i].frequency)
		}
	}
	var costs joinCosts
	for range j.classes {
		costs.add(j.cost)
	}
	for len(j.classes) > maxOutlineClasses {
		costs.joinCheapest(j.join, j.cost)
	}
	for i := range j.classes {
		o.set(byte(i), &j.classes[i])
	}
}

// classes returns the sets of bytes that fit the same buckets everywhere.
func (o *outlines) classes() (classes []outlineClass) {
	of := map[[outlineLength]uint64]int{} // index into classes
	for b := range 256 {
		var fits [outlineLength]uint64
		for at := range fits {
			fits[at] = o.fits[at][b]
		}
		i, known := of[fits]
		if !known {
			i = len(classes)
			of[fits] = i
			classes = append(classes, outlineClass{fits: fits})
		}
		classes[i].bytes.add(byte(b))
		classes[i].frequency += startFrequency(byte(b))
	}
	return classes
}

// add adds a frequency to how often a byte fits some buckets at a place.
func (j *classJoiner) add(at int, buckets uint64, frequency float64) {
	for ; buckets != 0; buckets &= buckets - 1 {
		j.sums[bits.TrailingZeros64(buckets)][at] += frequency
	}
}

// cost estimates how many more texts fit when two classes are one.
func (j *classJoiner) cost(a, b int) (sum float64) {
	one, two := &j.classes[a], &j.classes[b]
	differ := uint64(0) // buckets
	for at := range one.fits {
		differ |= one.fits[at] ^ two.fits[at]
	}
	for ; differ != 0; differ &= differ - 1 {
		bucket := bits.TrailingZeros64(differ)
		apart, joined := 1.0, 1.0
		for at, fits := range j.sums[bucket] {
			apart *= fits
			switch one, two := one.fits[at]>>bucket&1 != 0, two.fits[at]>>bucket&1 != 0; {
			case one && !two:
				fits += j.classes[b].frequency
			case two && !one:
				fits += j.classes[a].frequency
			}
			joined *= fits
		}
		sum += joined - apart
	}
	return sum
}

func (j *classJoiner) join(to, from, last int) {
	one, two := &j.classes[to], &j.classes[from]
	for at := range one.fits {
		j.add(at, two.fits[at]&^one.fits[at], one.frequency)
		j.add(at, one.fits[at]&^two.fits[at], two.frequency)
		one.fits[at] |= two.fits[at]
	}
	one.bytes.union(&two.bytes)
	one.frequency += two.frequency
	j.classes[from] = j.classes[last]
	j.classes = j.classes[:last]
}

// set lets the bytes of a class fit what it fits.
func (o *outlines) set(class byte, c *outlineClass) {
	for b := range 256 {
		if c.bytes.has(byte(b)) {
			o.vectors.classes[b] = class
			for at, fits := range c.fits {
				o.fits[at][b] = fits
			}
		}
	}
	for at, fits := range c.fits {
		for group := range o.vectors.fits[at] {
			o.vectors.fits[at][group][class] = byte(fits >> (8 * group))
		}
	}
}
