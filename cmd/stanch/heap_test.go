package main

import (
	"math"
	"runtime/debug"
	"testing"
)

// TestRoomOfHeap checks how much may pile up beside what is in use: the same, but for very small and very large heaps.
func TestRoomOfHeap(t *testing.T) {
	for _, c := range []struct{ live, most uint64 }{
		{0, 0}, {1 << 20, 4 << 20}, {12 << 20, heapRoom}, {48 << 20, heapRoom}, {100 << 20, heapRoom}, {240 << 20, heapRoom}, {1 << 30, 205 << 20},
	} {
		percent := roomFor(c.live)
		if percent < leastRoom || percent > mostRoom {
			t.Errorf("%d bytes in use: %d percent, want %d to %d", c.live, percent, leastRoom, mostRoom)
		}
		if room := c.live * uint64(percent) / 100; room > c.most {
			t.Errorf("%d bytes in use: %d bytes may pile up, want at most %d", c.live, room, c.most)
		}
	}
	if got := roomFor(math.MaxUint64); got != leastRoom {
		t.Errorf("an immense heap: %d percent, want %d", got, leastRoom)
	}
}

// TestHeapKeeperKnowsItsSamples checks that the runtime knows every sample, and that looking sets the pace.
func TestHeapKeeperKnowsItsSamples(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	k := newHeapKeeper()
	k.look()
	for _, s := range k.samples {
		if s.Value.Kind() == 0 {
			t.Errorf("the runtime does not know %s", s.Name)
		}
	}
	if k.percent < leastRoom || debug.SetGCPercent(100) != k.percent {
		t.Errorf("the pace is %d percent after a look", k.percent)
	}
}
