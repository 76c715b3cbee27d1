package match

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sync"
)

// A bitset is a set of pattern indices; bit i of word i/64. Sets of one Engine have equal lengths.
type bitset []uint64

func newBitset(patterns int) bitset { return make(bitset, (patterns+63)/64) }

func (s bitset) set(i int)      { s[i>>6] |= 1 << (i & 63) }
func (s bitset) has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }

func (s bitset) clear() { clear(s) }

func (s bitset) or(other bitset) {
	for i, w := range other {
		s[i] |= w
	}
}

func (s bitset) subtract(other bitset) {
	for i, w := range other {
		s[i] &^= w
	}
}

func (s bitset) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// noSet is the id of the empty set.
const noSet = uint32(0)

// maxSets bounds how many different sets of patterns an Engine keeps. Real catalogues meet some hundreds; input made to meet
// more has its further sets reported as one Candidate a pattern.
const maxSets = 1 << 13

// sets interns sets of patterns: each has an id, and its indices as a slice that Candidates share. Id 0 is the empty set, and
// id i+1 is pattern i alone. Members are never changed or removed, so that readers of an id need no lock.
type sets struct {
	mu      sync.RWMutex
	ids     map[string]uint32
	members []member // room for maxSets
	count   uint32
}

type member struct {
	bits    bitset
	indices []uint16
}

// newSets returns the sets with the empty one and that of each single pattern.
func newSets(patterns int) *sets {
	t := &sets{ids: map[string]uint32{}, members: make([]member, patterns+1+maxSets)}
	set := newBitset(patterns)
	t.intern(set)
	for i := range patterns {
		set.clear()
		set.set(i)
		t.intern(set)
	}
	return t
}

// key returns a set in the form of a map's key, in space on the stack of the caller for up to 512 patterns.
func (s bitset) key(space []byte) []byte {
	for _, w := range s {
		space = binary.LittleEndian.AppendUint64(space, w)
	}
	return space
}

// intern returns the id of a set, or false when there is no room for it.
func (t *sets) intern(set bitset) (uint32, bool) {
	var space [64]byte
	key := set.key(space[:0])
	t.mu.RLock()
	id, ok := t.ids[string(key)]
	t.mu.RUnlock()
	if ok {
		return id, true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if id, ok := t.ids[string(key)]; ok {
		return id, true
	}
	if int(t.count) == len(t.members) {
		return 0, false
	}
	id = t.count
	t.members[id] = member{bits: slices.Clone(set), indices: set.indices()}
	t.ids[string(key)] = id
	t.count++
	return id, true
}

func (s bitset) indices() []uint16 {
	var all []uint16
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			all = append(all, uint16(i<<6|bits.TrailingZeros64(w)))
		}
	}
	return all
}

// append appends an end with a set; a set that there is no room for is divided into its patterns, which are the first sets.
func (t *sets) append(ends []end, at int, set bitset) []end {
	if set.empty() {
		return ends
	}
	if id, ok := t.intern(set); ok {
		return append(ends, end{at, id})
	}
	for i := range set {
		for w := set[i]; w != 0; w &= w - 1 {
			ends = append(ends, end{at, singleSet(i<<6 | bits.TrailingZeros64(w))})
		}
	}
	return ends
}

// singleSet returns the id of the set of one pattern.
func singleSet(pattern int) uint32 { return uint32(pattern) + 1 }

// join returns the indices of two sets together, or false when there is no room for them.
func (t *sets) join(a, b []uint16) ([]uint16, bool) {
	var space [8]uint64
	both := append(bitset(space[:0]), t.members[noSet].bits...)
	for _, i := range a {
		both.set(int(i))
	}
	for _, i := range b {
		both.set(int(i))
	}
	id, ok := t.intern(both)
	return t.members[id].indices, ok
}
