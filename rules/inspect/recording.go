package inspect

import (
	"bytes"
	"container/list"
	"sort"
	"sync"
	"time"
	"unsafe"
)

const (
	// beginning is how many bytes of a body tell which recording may be of the same one.
	beginning = 512
	// longestShare is the part of all recordings that one may take: one in so many.
	longestShare = 2
	// maxEntries is how many beginnings of bodies are known, with a recording or without.
	maxEntries = 1 << 10
	// maxStrays bounds how long a body rests whose recordings lead nowhere: 1<<maxStrays answers.
	maxStrays = 10
	// departureStep is how many bytes have to leave before a recording notes it again.
	departureStep = 4 << 10
	// forgetAfter is how long a recording stays that nobody follows.
	forgetAfter = 10 * time.Minute
)

// A recording is a body as it came, in its coding or without, with how much of it left while it came. While it is made, it belongs to the one
// goroutine that makes it. Once it is complete nobody changes it, and a Course follows it.
type recording struct {
	owner    *recordings
	key      bodyFingerprint
	bytes    []byte
	expected int64 // bytes, as declared; less than 1 when unknown
	left     []departure
	result   *result // nil until the recording is complete
	overfull bool    // it is too long, and no bytes are kept any more

	reserved  int64 // of the owner's bytes; this and the rest are guarded by the owner's lock
	followers int
	dropped   bool // no new body follows it
}

// A departure says that, when so many bytes of a body had come, so many people had been counted and so many bytes had left.
type departure struct {
	came, left int64
	people     int // of result.people
}

// add notes the next bytes of a body that is being recorded. It keeps no reference to p.
func (r *recording) add(p []byte) {
	if r.overfull {
		return
	}
	if need := int64(len(r.bytes) + len(p)); need > r.reserved {
		if r.overfull = !r.owner.reserve(r, max(need, r.expected, min(2*r.reserved, r.owner.longest()))); r.overfull {
			r.bytes = nil
			return
		}
		r.bytes = append(make([]byte, 0, r.reserved), r.bytes...)
	}
	r.bytes = append(r.bytes, p...)
}

// note notes how many bytes of a body have come and left.
func (r *recording) note(d departure) {
	if last := len(r.left) - 1; last < 0 && d.left > 0 || last >= 0 && d.left-r.left[last].left >= departureStep {
		r.left = append(r.left, d)
	}
}

// length is how many bytes the recorded body has.
func (r *recording) length() int64 { return int64(len(r.bytes)) }

// at returns how many bytes of the recorded body had left, and how many people had been counted, when not more than so many bytes had come.
func (r *recording) at(came int64) departure {
	n := sort.Search(len(r.left), func(i int) bool { return r.left[i].came > came })
	if n == 0 {
		return departure{}
	}
	return r.left[n-1]
}

// size is what a complete recording takes of memory, nearly.
func (r *recording) size() int64 {
	return int64(len(r.bytes)) + int64(len(r.left))*int64(unsafe.Sizeof(departure{})) + int64(len(r.result.people))*int64(unsafe.Sizeof(uint64(0)))
}

// recordings are those of one Engine. It is safe for concurrent use.
type recordings struct {
	limit int64 // bytes of all of them, complete or not; 0 for none

	mu      sync.Mutex
	held    int64
	entries map[bodyFingerprint]*entry
	order   list.List   // of the entries, as *entry: the one that was used last in front
	timer   *time.Timer // forgets what nobody follows; nil until there is something to forget
}

// An entry is what is known of the bodies with one beginning.
type entry struct {
	key    bodyFingerprint
	place  *list.Element // in the order
	made   *recording    // complete; nil for none
	making bool          // one is being made
	used   time.Time
	strays int // how often in a row a recording was made or followed in vain
	rest   int // how many bodies pass before another try
}

// longest is how many bytes a recording may have.
func (k *recordings) longest() int64 { return k.limit / longestShare }

// begin tells what to do with a body that has a beginning, and so many bytes as it declares: it follows a recording that suits it, or a recording is made of it, or neither. The first
// time that a beginning is seen it is only noted: most bodies that are made for one client come once.
func (k *recordings) begin(key bodyFingerprint, expected int64, suits func(*result) bool) (followed, started *recording) {
	if expected > k.longest() {
		return nil, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.entries[key]
	if e == nil {
		k.note(key)
		return nil, nil
	}
	e.used = time.Now()
	k.order.MoveToFront(e.place)
	switch {
	case e.made != nil:
		if !suits(e.made.result) {
			return nil, nil
		}
		e.made.followers++
		return e.made, nil
	case e.making:
		return nil, nil
	case e.rest > 0:
		e.rest--
		return nil, nil
	}
	e.making = true
	return nil, &recording{owner: k, key: key, expected: expected}
}

// note takes a beginning up, in the place of the one that has not been seen for longest when there are too many.
func (k *recordings) note(key bodyFingerprint) {
	if k.entries == nil {
		k.entries = make(map[bodyFingerprint]*entry)
	}
	if len(k.entries) >= maxEntries {
		oldest := k.oldest(func(e *entry) bool { return !e.making })
		if oldest == nil {
			return
		}
		k.drop(oldest)
		k.order.Remove(oldest.place)
		delete(k.entries, oldest.key)
	}
	e := &entry{key: key, used: time.Now()}
	e.place = k.order.PushFront(e)
	k.entries[key] = e
}

// oldest returns, of the entries that may go, the one that has not been used for longest; nil when there is none.
func (k *recordings) oldest(may func(*entry) bool) *entry {
	for place := k.order.Back(); place != nil; place = place.Prev() {
		if e := place.Value.(*entry); may(e) {
			return e
		}
	}
	return nil
}

// reserve makes room for n bytes of a recording in all, by forgetting others, and reports whether it could. Those who follow what is forgotten hold its room
// until they leave it.
func (k *recordings) reserve(r *recording, n int64) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if n > k.longest() {
		return false
	}
	for k.held+n-r.reserved > k.limit {
		oldest := k.oldest(func(e *entry) bool { return e.made != nil })
		if oldest == nil {
			return false
		}
		k.drop(oldest)
	}
	k.held += n - r.reserved
	r.reserved = n
	return true
}

// drop takes the recording of an entry away; its bytes are free once nobody follows it.
func (k *recordings) drop(e *entry) {
	if r := e.made; r != nil {
		e.made, r.dropped = nil, true
		k.free(r)
	}
}

func (k *recordings) free(r *recording) {
	if r.dropped && r.followers == 0 {
		k.held -= r.reserved
		r.reserved = 0
	}
}

// keep completes a recording.
func (k *recordings) keep(r *recording, result *result) {
	if r.overfull {
		k.abandon(r)
		return
	}
	if r.length() < r.reserved {
		r.bytes = bytes.Clone(r.bytes)
	}
	r.result = result
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held += r.size() - r.reserved
	r.reserved = r.size()
	e := k.entries[r.key]
	e.making, e.made = false, r
	if k.timer == nil {
		k.timer = time.AfterFunc(forgetAfter, k.forget)
	}
}

// abandon gives up a recording that is not complete.
func (k *recordings) abandon(r *recording) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.entries[r.key]
	e.making = false
	k.giveUp(e, r)
}

// giveUp forgets a recording that led nowhere. Bodies that begin like it rest for longer each time.
func (k *recordings) giveUp(e *entry, r *recording) {
	r.dropped = true
	k.free(r)
	e.strays = min(e.strays+1, maxStrays)
	e.rest = 1<<e.strays - 1
}

func (k *recordings) leave(r *recording, strayed bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r.followers--
	if r.dropped {
		k.free(r)
		return
	}
	if e := k.entries[r.key]; strayed {
		e.made = nil
		k.giveUp(e, r)
	} else {
		e.strays = 0
	}
}

// forget drops what nobody has asked for in a while.
func (k *recordings) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	before := time.Now().Add(-forgetAfter)
	next := time.Time{}
	for _, e := range k.entries {
		if e.made == nil {
			continue
		}
		if !e.used.After(before) {
			k.drop(e)
		} else if next.IsZero() || e.used.Before(next) {
			next = e.used
		}
	}
	k.timer = nil
	if !next.IsZero() {
		k.timer = time.AfterFunc(next.Sub(before), k.forget)
	}
}
