package inspect

import (
	"math"
	"math/bits"
)

// The set of keys is exact up to so many; what comes later is estimated.
const (
	firstSlots   = 1 << 8
	growth       = 4
	largestSlots = 1 << 17 // 512 KiB
	sketchBits   = 14      // 16 KiB, a standard error of 0.8 %
)

// A distinctSet remembers different 64-bit keys: about 98,000, as fingerprints of 32 bits (at that size one pair in four billion is
// expected to collide once). Of further keys those that are counted are only estimated, by a HyperLogLog. The zero value is empty.
type distinctSet struct {
	slots  []uint32 // open addressing, ordered by where fingerprints belong; 0 is free
	used   int
	sketch []uint8 // nil until slots are full
	sum    float64 // of 2^-rank over the sketch's registers
	empty  int     // registers that are 0

	estimated int    // how many keys the sketch holds
	foreseen  uint32 // of no use but that it was read
}

// add reports whether key was not there before. Once the set is full every key that is not in it is new.
func (d *distinctSet) add(key uint64) bool {
	print := fingerprint(key)
	place, found := d.place(print)
	switch {
	case found:
		return false
	case d.used*4 < len(d.slots)*3:
		d.insertAt(place, print)
	case len(d.slots) < largestSlots:
		d.grow()
		d.insert(print)
	}
	return true
}

// foresee brings the place of a key into the caches, for when it is added.
func (d *distinctSet) foresee(key uint64) {
	if n := len(d.slots); n > 0 {
		d.foreseen |= d.slots[fingerprint(key)&uint32(n-1)]
	}
}

// full reports whether the set remembers no further key.
func (d *distinctSet) full() bool { return d.used*4 >= largestSlots*3 }

// has reports whether key is in the exact part.
func (d *distinctSet) has(key uint64) bool {
	_, found := d.place(fingerprint(key))
	return found
}

// place returns the slot that holds a fingerprint, or the one where it would stand. Fingerprints stand in the order of where they belong, so
// that one which is not there is missed as soon as the place of another is reached that belongs further on.
func (d *distinctSet) place(print uint32) (i uint32, found bool) {
	if len(d.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(d.slots) - 1)
	i = print & mask
	for away := uint32(0); ; away++ {
		other := d.slots[i&mask]
		if other == print {
			return i & mask, true
		}
		if other == 0 || (i-other)&mask < away {
			return i & mask, false
		}
		i++
	}
}

// insertAt puts a fingerprint where it has its place, before those that stand there.
func (d *distinctSet) insertAt(i, print uint32) {
	mask := uint32(len(d.slots) - 1)
	for ; print != 0; i++ {
		print, d.slots[i&mask] = d.slots[i&mask], print
	}
	d.used++
}

// estimate is how many different keys were counted.
func (d *distinctSet) estimate() int { return d.estimated }

// reset empties the set and gives back what a large body made it grow to.
func (d *distinctSet) reset() {
	if len(d.slots) > firstSlots {
		d.slots = nil
	}
	clear(d.slots)
	d.used, d.sketch, d.estimated = 0, nil, 0
}

func (d *distinctSet) grow() {
	old := d.slots
	d.slots = make([]uint32, min(max(firstSlots, growth*len(old)), largestSlots))
	d.used = 0
	for _, print := range old {
		if print != 0 {
			d.insert(print)
		}
	}
}

func (d *distinctSet) insert(print uint32) {
	place, _ := d.place(print)
	d.insertAt(place, print)
}

// count adds a key to the estimate.
func (d *distinctSet) count(key uint64) {
	if d.sketch == nil {
		d.sketch = make([]uint8, 1<<sketchBits)
		d.sum, d.empty = 1<<sketchBits, 1<<sketchBits
	}
	register := key >> (64 - sketchBits)
	rank := uint8(bits.LeadingZeros64(key<<sketchBits|1<<(sketchBits-1)) + 1)
	before := d.sketch[register]
	if rank <= before {
		return
	}
	d.sketch[register] = rank
	d.sum += half(rank) - half(before)
	if before == 0 {
		d.empty--
	}
	const m = 1 << sketchBits
	if d.empty > m/8 { // linear counting is the better one while registers are empty
		d.estimated = int(m*math.Log(m/float64(d.empty)) + 0.5)
	} else {
		d.estimated = int(0.7213/(1+1.079/m)*m*m/d.sum + 0.5)
	}
}

// half is 2^-rank.
func half(rank uint8) float64 {
	const bias, fraction = 1023, 52 // of IEEE 754 binary64
	return math.Float64frombits(uint64(bias-int(rank)) << fraction)
}

// fingerprint is never 0, which marks a free slot. It uses other bits than the sketch's registers do.
func fingerprint(key uint64) uint32 { return max(uint32(key), 1) }
