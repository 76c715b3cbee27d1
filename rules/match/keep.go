package match

import (
	"math/bits"
)

// A keeper keeps those of the first count offsets in a list that fit some outlines, see outlines.keep. Behind each there are windowLength
// bytes of text. It may overwrite the list.
type keeper func(o *outlines, text []byte, from int, list *offsetList, count int) []uint16

// keepPlain needs no vectors.
func keepPlain(o *outlines, text []byte, from int, list *offsetList, count int) []uint16 {
	return o.keep(text, from, list[:count])
}

const (
	windowLength   = 16  // what a keeper reads from a start on: more than an outline, for loads of a round size
	keptTogether   = 64  // offsets that vectors look at a time
	vectorBuckets  = 128 // sets of outlines that vectors tell apart
	bucketsAtOnce  = 64  // of them, in one look at all places
	outlineClasses = 64  // classes of bytes that they tell apart: as many as one looks up at once
)

// outlineVectors are outlines as vectors can look them up. The assembly depends on the order and size of the fields.
type outlineVectors struct {
	before  beforeTables                                           // what the bytes before a start say
	chains  [vectorBuckets / 8][outlineClasses]byte                // that -> eight buckets
	classes [256]byte                                              // byte -> the class of those that fit the same buckets everywhere
	fits    [outlineLength][vectorBuckets / 8][outlineClasses]byte // class -> which of eight buckets it fits
	halves  uint64                                                 // of the buckets, that hold any
}

// bucketSet holds indices of buckets.
type bucketSet [vectorBuckets / 64]uint64

// An outlineClass is a set of bytes that fit the same buckets.
type outlineClass struct {
	fits      [outlineLength]bucketSet
	bytes     byteSet
	frequency float64
}

// A classJoiner joins classes where that lets the fewest texts through that fit no bucket.
type classJoiner struct {
	classes []outlineClass
	sums    [vectorBuckets][outlineLength]float64 // by bucket and place: how often a byte fits
}

// fill divides the bytes into classes, and joins some until there are few enough.
func (v *outlineVectors) fill(buckets []outline, before *beforeTables) {
	j := &classJoiner{classes: classesOf(buckets)}
	for i := range j.classes {
		for at := range j.classes[i].fits {
			j.add(at, &j.classes[i].fits[at], &bucketSet{}, j.classes[i].frequency)
		}
	}
	var costs joinCosts
	for range j.classes {
		costs.add(j.cost)
	}
	for len(j.classes) > outlineClasses {
		costs.joinCheapest(j.join, j.cost)
	}
	for i := range j.classes {
		v.set(byte(i), &j.classes[i])
	}
	v.before = *before
	v.halves = uint64(len(buckets)+bucketsAtOnce-1) / bucketsAtOnce
	for chain := range everyChain {
		for bucket := range buckets {
			if buckets[bucket].mayBeginWithin(chain) {
				v.chains[bucket/8][chain] |= 1 << (bucket % 8)
			}
		}
	}
}

// classesOf returns the sets of bytes that fit the same buckets everywhere.
func classesOf(buckets []outline) (classes []outlineClass) {
	of := map[[outlineLength]bucketSet]int{} // index into classes
	for b := range 256 {
		var fits [outlineLength]bucketSet
		for at := range fits {
			for bucket := range buckets {
				if buckets[bucket].bytes[at].has(byte(b)) {
					fits[at][bucket/64] |= 1 << (bucket % 64)
				}
			}
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

// add adds a frequency to how often a byte fits some buckets at a place, without others.
func (j *classJoiner) add(at int, buckets, without *bucketSet, frequency float64) {
	for word := range buckets {
		for left := buckets[word] &^ without[word]; left != 0; left &= left - 1 {
			j.sums[word*64+bits.TrailingZeros64(left)][at] += frequency
		}
	}
}

// cost estimates how many more texts fit when two classes are one.
func (j *classJoiner) cost(a, b int) (sum float64) {
	one, two := &j.classes[a], &j.classes[b]
	for word := range one.fits[0] {
		differ := uint64(0)
		for at := range one.fits {
			differ |= one.fits[at][word] ^ two.fits[at][word]
		}
		for ; differ != 0; differ &= differ - 1 {
			sum += j.costIn(word, bits.TrailingZeros64(differ), one, two)
		}
	}
	return sum
}

// costIn is cost in one bucket.
func (j *classJoiner) costIn(word, bit int, one, two *outlineClass) float64 {
	apart, joined := 1.0, 1.0
	for at, frequency := range j.sums[word*64+bit] {
		apart *= frequency
		switch fitsOne, fitsTwo := one.fits[at][word]>>bit&1 != 0, two.fits[at][word]>>bit&1 != 0; {
		case fitsOne && !fitsTwo:
			frequency += two.frequency
		case fitsTwo && !fitsOne:
			frequency += one.frequency
		}
		joined *= frequency
	}
	return joined - apart
}

func (j *classJoiner) join(to, from, last int) {
	one, two := &j.classes[to], &j.classes[from]
	for at := range one.fits {
		j.add(at, &two.fits[at], &one.fits[at], one.frequency)
		j.add(at, &one.fits[at], &two.fits[at], two.frequency)
		for word := range one.fits[at] {
			one.fits[at][word] |= two.fits[at][word]
		}
	}
	one.bytes.union(&two.bytes)
	one.frequency += two.frequency
	j.classes[from] = j.classes[last]
	j.classes = j.classes[:last]
}

// set writes down what the bytes of a class fit.
func (v *outlineVectors) set(class byte, c *outlineClass) {
	for b := range v.classes {
		if c.bytes.has(byte(b)) {
			v.classes[b] = class
		}
	}
	for at := range v.fits {
		for group := range v.fits[at] {
			v.fits[at][group][class] = byte(c.fits[at][group/8] >> (group % 8 * 8))
		}
	}
}
