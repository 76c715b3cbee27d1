package match

import "sync/atomic"

//go:noescape
func followLanes(states *[MaxWhole][wholeLanes]uint32, text *byte, starts *[wholeLanes]int, steps int, cells *atomic.Uint32, classes *[256]uint8, begin uint32)

// followFour wraps followLanes.
func followFour(states *[MaxWhole][wholeLanes]uint32, text []byte, starts *[wholeLanes]int, steps int, cells []atomic.Uint32, classes *[256]uint8, begin uint32) {
	for _, start := range starts {
		_ = text[start:][:steps]
	}
	_ = states[steps-1]
	followLanes(states, &text[0], starts, steps, &cells[0], classes, begin)
}
