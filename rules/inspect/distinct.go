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
	slots  []uint32 // open addressing; 0 is free
	used   int
	sketch []uint8 // nil until slots are full
	sum    float64 // of 2^-rank over the sketch's registers
	empty  int     // registers that are 0

	estimated int // how many keys the sketch holds
}

// add reports whether key was not there before. Once the set is full every key that is not in it is new.
func (d *distinctSet) add(key uint64) bool {
	print := fingerprint(key)
	free, found := d.place(print)
	switch {
	case found:
		return false
	case d.used*4 < len(d.slots)*3:
		d.slots[free] = print
		d.used++
	case len(d.slots) < largestSlots:
		d.grow()
		d.insert(print)
	}
	return true
}

// full reports whether the set remembers no further key.
func (d *distinctSet) full() bool { return d.used*4 >= largestSlots*3 }

// has reports whether key is in the exact part.
func (d *distinctSet) has(key uint64) bool {
	_, found := d.place(fingerprint(key))
	return found
}

// place returns the slot that holds a fingerprint, or the free one where it would stand.
func (d *distinctSet) place(print uint32) (i uint32, found bool) {
	if len(d.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(d.slots) - 1)
	for i = print & mask; d.slots[i&mask] != 0; i++ {
		if d.slots[i&mask] == print {
			return i & mask, true
		}
	}
	return i & mask, false
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
	free, _ := d.place(print)
	d.slots[free] = print
	d.used++
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
