package budget

import (
	"hash/maphash"
	"sync"
	"time"
)

const (
	shards = 64
	// windowSlices is how finely a window slides: a person counts for the window and at most a twelfth of it longer.
	windowSlices = 12
	// defaultPeople bounds the memory of all budgets: a person costs about 40 bytes.
	defaultPeople = 1 << 20
)

// Limits bound what a Memory may hold.
type Limits struct {
	People int // pseudonyms kept in all; 0 means about a million. Past it the keys that were idle longest are forgotten first.
}

// A Memory is a Store in this process.
type Memory struct {
	seed   maphash.Seed
	shards [shards]shard
	limit  int // people per shard
}

type shard struct {
	mu     sync.Mutex
	keys   map[string]*reading
	people int
}

// A reading is whom one key has read, and in which slice of time each was read last.
type reading struct {
	window time.Duration
	people map[uint64]int64
	counts map[int64]int // people by slice of their last reading
	last   int64
}

// NewMemory returns an empty store.
func NewMemory(limits Limits) *Memory {
	if limits.People <= 0 {
		limits.People = defaultPeople
	}
	m := &Memory{seed: maphash.MakeSeed(), limit: max(limits.People/shards, 1)}
	for i := range m.shards {
		m.shards[i].keys = make(map[string]*reading)
	}
	return m
}

var _ Store = (*Memory)(nil)

// Add implements Store.
func (m *Memory) Add(key string, window time.Duration, person uint64, now time.Time) int {
	s := &m.shards[maphash.String(m.seed, key)%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.keys[key]
	if r == nil {
		r = &reading{window: window, people: make(map[uint64]int64), counts: make(map[int64]int)}
		s.keys[key] = r
	}
	slice := now.UnixNano() / (int64(window) / windowSlices)
	if slice = max(slice, r.last); slice > r.last { // a clock that goes back resets nothing
		s.people -= r.expire(slice - windowSlices)
		r.last = slice
	}
	s.people += r.add(person, slice)
	if s.people > m.limit {
		s.evict(key)
	}
	return len(r.people)
}

// add returns 1 when the person is new to the window.
func (r *reading) add(person uint64, slice int64) int {
	before, known := r.people[person]
	if known {
		if r.counts[before]--; r.counts[before] == 0 {
			delete(r.counts, before)
		}
	}
	r.people[person] = slice
	r.counts[slice]++
	if known {
		return 0
	}
	return 1
}

// expire forgets who was read in oldest or before and returns how many that are.
func (r *reading) expire(oldest int64) int {
	gone := 0
	for slice, n := range r.counts {
		if slice <= oldest {
			gone += n
			delete(r.counts, slice)
		}
	}
	if gone == 0 {
		return 0
	}
	for person, slice := range r.people {
		if slice <= oldest {
			delete(r.people, person)
		}
	}
	return gone
}

// evict makes room: the key that was idle longest goes. One key alone may exceed the shard's share: forgetting its people would lift its budget.
func (s *shard) evict(current string) {
	var idle string
	var oldest *reading
	for key, r := range s.keys {
		if key != current && (oldest == nil || r.idleSince() < oldest.idleSince()) {
			idle, oldest = key, r
		}
	}
	if oldest != nil {
		s.people -= len(oldest.people)
		delete(s.keys, idle)
	}
}

// idleSince is when the key was last read, in nanoseconds.
func (r *reading) idleSince() int64 { return r.last * (int64(r.window) / windowSlices) }

// People is how many pseudonyms are kept, over all keys.
func (m *Memory) People() int {
	n := 0
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		n += s.people
		s.mu.Unlock()
	}
	return n
}
