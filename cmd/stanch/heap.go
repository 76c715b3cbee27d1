package main

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Go's collector lets the heap grow in proportion to what is in use: of 10 MB in use it collects a hundred times where 10 more do no harm, and
// of 200 MB it lets 200 more pile up. Here the room is the same whatever is in use, and it is given back when nobody asks for anything.
const (
	heapRoom    = 48 << 20 // bytes that may pile up before they are collected
	leastRoom   = 20       // percent of what is in use, so that a large heap is not collected all the time
	mostRoom    = 400
	heapLook    = time.Second // between two looks at the heap
	quietGrowth = 1 << 20     // bytes allocated between two looks by a process that is at rest
	heapPercent = 95          // of GOMEMLIMIT
	worthFreed  = 4 << 20     // bytes that can be given back to the system and are worth a collection
)

// What the runtime tells of the heap.
const (
	heapLive      = iota // bytes in use at the end of the last collection
	heapStacks           // bytes of stacks
	heapAllocated        // bytes ever allocated
	heapObjects          // bytes of objects, in use or not collected yet
	heapFree             // bytes free and not given back
	heapSamples
)

// A heapKeeper sets the collector's pace.
type heapKeeper struct {
	samples   [heapSamples]metrics.Sample
	percent   int
	allocated uint64
	freed     bool // since the process was last busy
}

// keepHeap runs until ctx ends. An operator who sets GOGC or GOMEMLIMIT knows better.
func keepHeap(ctx context.Context) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	k := newHeapKeeper()
	tick := time.NewTicker(heapLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			k.look()
		}
	}
}

func newHeapKeeper() *heapKeeper {
	k := &heapKeeper{percent: -1}
	for i, name := range [heapSamples]string{heapLive: "/gc/heap/live:bytes", heapStacks: "/memory/classes/heap/stacks:bytes", heapAllocated: "/gc/heap/allocs:bytes",
		heapObjects: "/memory/classes/heap/objects:bytes", heapFree: "/memory/classes/heap/free:bytes"} {
		k.samples[i].Name = name
	}
	return k
}

// look adjusts the pace, and gives memory back once when the process has come to rest.
func (k *heapKeeper) look() {
	metrics.Read(k.samples[:])
	value := func(i int) uint64 { return k.samples[i].Value.Uint64() }
	live := value(heapLive) + value(heapStacks)
	if percent := roomFor(live); percent != k.percent {
		debug.SetGCPercent(percent)
		k.percent = percent
	}
	grown := value(heapAllocated) - k.allocated
	k.allocated = value(heapAllocated)
	if grown > quietGrowth {
		k.freed = false
		return
	}
	if garbage := value(heapObjects) - min(value(heapObjects), value(heapLive)); !k.freed && garbage+value(heapFree) > worthFreed {
		runtime.GC() // pools give up what they hold in two collections
		debug.FreeOSMemory()
		k.freed = true
	}
}

// heapBound is how many bytes of the heap may be in use before requests are refused: nearly all of GOMEMLIMIT, which the collector cannot keep to when
// more is in use; 0 when there is none.
func heapBound() int64 {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return 0
	}
	return limit / 100 * heapPercent
}

// roomFor is how many percent of what is in use may pile up, in steps, so that it rarely changes.
func roomFor(live uint64) int {
	percent := int(heapRoom * 100 / max(live, 1))
	for step := mostRoom; step > leastRoom; step = step * 4 / 5 {
		if percent >= step {
			return step
		}
	}
	return leastRoom
}
