//go:build !amd64

package match

import "sync/atomic"

func followFour(states *[MaxWhole][wholeLanes]uint32, text []byte, starts *[wholeLanes]int, steps int, cells []atomic.Uint32, classes *[256]uint8, begin uint32) {
	followFourPlain(states, text, starts, steps, cells, classes, begin)
}
