package proxy

import (
	"context"
	"net"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"stanch/rules"
)

// watchInterval is how often the watchdog looks. A step of an inspection may take that much longer than it is allowed to.
const watchInterval = 250 * time.Millisecond

// collectInterval is the least time between two collections of garbage that the watchdog asks for.
const collectInterval = time.Second

// What runtime/metrics says of the heap, in bytes.
const (
	liveHeap  = "/gc/heap/live:bytes"                // what the last collection found in use
	wholeHeap = "/memory/classes/heap/objects:bytes" // what is in use now, and what is garbage by now
)

// A watchdog ends answers whose inspection does not come back. It looks from outside: a detector that hangs asks for no time, and one that fills
// the memory asks for no leave. Neither can be stopped, but its answer can: the client sees a cut, the observer is told, and all others go on.
type watchdog struct {
	step time.Duration // that one call of an inspection may take
	heap uint64        // bytes that may be in use; 0 means any number

	mu        sync.Mutex
	active    map[*exchange]struct{}
	collected atomic.Int64 // when overfull last had the garbage collected, in nanoseconds since 1970; each listener runs the watchdog
	full      atomic.Bool  // more of the heap is in use than may be
}

func (d *watchdog) add(x *exchange) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.active == nil {
		d.active = make(map[*exchange]struct{})
	}
	d.active[x] = struct{}{}
}

func (d *watchdog) remove(x *exchange) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.active, x)
}

// run looks until ctx ends.
func (d *watchdog) run(ctx context.Context) {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.look(time.Now())
		}
	}
}

// look ends the answers whose step takes too long and, when too much memory is in use, the one that has been at it for longest.
func (d *watchdog) look(now time.Time) {
	full := d.overfull(now)
	d.full.Store(full)
	d.mu.Lock()
	defer d.mu.Unlock()
	var longest *exchange
	var since int64
	for x := range d.active {
		began := x.working.Load()
		switch {
		case began == 0 || x.settled.Load():
		case now.Sub(time.Unix(0, began)) > d.step:
			go x.giveUp(failureHang, rules.Deadline)
		case longest == nil || began < since:
			longest, since = x, began
		}
	}
	if full && longest != nil && now.Sub(time.Unix(0, since)) > watchInterval {
		go longest.giveUp(failureMemory, rules.TooLarge)
	}
}

// overfull reports whether too much memory is in use. What the last collection found may be long past, in both directions: the next one comes of itself
// only at twice as much, and a process that refuses all requests makes no garbage and so would not collect what was given up.
func (d *watchdog) overfull(now time.Time) bool {
	if d.heap == 0 || heapBytes(wholeHeap) <= d.heap {
		return false
	}
	if last := d.collected.Load(); now.Sub(time.Unix(0, last)) >= collectInterval && d.collected.CompareAndSwap(last, now.UnixNano()) {
		runtime.GC()
	}
	return heapBytes(liveHeap) > d.heap
}

func heapBytes(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// begin and done stand around each step of an inspection.
func (x *exchange) begin() { x.working.Store(time.Now().UnixNano()) }

func (x *exchange) done() { x.working.Store(0) }

// giveUp ends an answer from outside, and tells the observer in place of the goroutine that does not come back. It reads nothing of the outcome that
// the goroutine may still write.
func (x *exchange) giveUp(failure string, reason rules.Reason) {
	if !x.settled.CompareAndSwap(false, true) {
		return
	}
	x.cancel(context.Canceled)
	if x.request.ProtoMajor == 1 {
		closeConnection(x.request.Context())
	} else {
		x.deadline.write(x.control, time.Now().Add(-time.Second)) // ends the stream alone
	}
	x.proxy.options.Log.Error("an inspection does not come back; its answer was cut", "failure", failure)
	if x.proxy.options.Observer != nil {
		x.proxy.options.Observer.Observe(&rules.Outcome{Exchange: x.outcome.Exchange, Method: x.outcome.Method, RouteName: x.outcome.RouteName,
			Inspected: true, Status: rules.Unscannable, Reason: reason, Verdict: rules.Verdict{Action: rules.Block, Uninspected: true}, Cut: true, Failure: failure})
	}
}

type connectionKey struct{}

// noteConnection keeps a connection for gathering, giveUp and tlsState: net/http sees a connection whose bytes have been checked, and not what lies below.
func noteConnection(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, conn)
}

// closeConnection ends the connection that a request came on. Without one, in a server that is not ours, the cancelled request has to do.
func closeConnection(ctx context.Context) {
	if conn, ok := ctx.Value(connectionKey{}).(net.Conn); ok {
		conn.Close()
	}
}
