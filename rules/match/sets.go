package match

import (
	"encoding/binary"
	"iter"
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

// all yields the members, ascending.
func (s bitset) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range s {
			for ; w != 0; w &= w - 1 {
				if !yield(i<<6 | bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
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
	members []member // up to count; the rest is room
	count   uint32
}

type member struct {
	bits    bitset
	indices []uint16
}

// newSets returns the sets with the empty one and that of each single pattern, and room for more.
func newSets(patterns, more int) *sets {
	if patterns < bits.Len(uint(more)) {
		more = 1 << patterns // there are no more sets
	}
	t := &sets{ids: map[string]uint32{}, members: make([]member, patterns+1+more)}
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
	for i := range s.all() {
		all = append(all, uint16(i))
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
	for pattern := range set.all() {
		ends = append(ends, end{at, singleSet(pattern)})
	}
	return ends
}

// singleSet returns the id of the set of one pattern.
func singleSet(pattern int) uint32 { return uint32(pattern) + 1 }

// A setMemory remembers differences and unions of sets: the few that a text needs come again and again. The zero value is
// ready; a memory serves one Engine.
type setMemory [512]struct{ newer, older setResult }

type setResult struct {
	key uint64
	id  uint32
}

const unionKey = 1 << 63 // marks the key of a union

// entry returns where the result for a key is, and whether it is there.
func (m *setMemory) entry(key uint64) (id *uint32, known bool) {
	const mix = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	e := &m[key*mix>>(64-9)]
	if e.newer.key == key {
		return &e.newer.id, true
	}
	e.newer, e.older = e.older, e.newer
	if e.newer.key == key {
		return &e.newer.id, true
	}
	e.newer.key = key
	return &e.newer.id, false
}

// subtract returns the id of the set of a without b; or false when fits is, or there is no room for it.
func (m *setMemory) subtract(t *sets, a, b uint32, fits bool) (uint32, bool) {
	if a == noSet || b == noSet || !fits {
		return a, fits
	}
	id, known := m.entry(uint64(a)<<32 | uint64(b))
	if known {
		return *id, true
	}
	var space [8]uint64
	rest := append(bitset(space[:0]), t.members[a].bits...)
	rest.subtract(t.members[b].bits)
	return m.remember(t, id, rest)
}

// join returns the id of the set of a and b; or false when fits is, or there is no room for it.
func (m *setMemory) join(t *sets, a, b uint32, fits bool) (uint32, bool) {
	if a == noSet || a == b || !fits {
		return b, fits
	}
	id, known := m.entry(uint64(a)<<32 | uint64(b) | unionKey)
	if known {
		return *id, true
	}
	var space [8]uint64
	both := append(bitset(space[:0]), t.members[a].bits...)
	both.or(t.members[b].bits)
	return m.remember(t, id, both)
}

// remember interns a set and keeps its id in the entry that was prepared; without room the entry is emptied.
func (m *setMemory) remember(t *sets, id *uint32, set bitset) (uint32, bool) {
	interned, ok := t.intern(set)
	*id = interned
	if !ok {
		*m = setMemory{}
	}
	return interned, ok
}
