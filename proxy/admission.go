package proxy

import "sync/atomic"

// exchangeCost is what one exchange is reckoned to hold, in bytes: the window, two buffers of the feed, and the connection buffers on both sides.
const exchangeCost = 64<<10 + 2*bodyBuffer + 32<<10

// admission bounds the memory and the number of the exchanges in flight, or the number of connections, which cost it nothing. Zero requests means
// no bound of their own.
type admission struct {
	bytes, requests int64
	held, running   atomic.Int64
}

// enter reserves the cost of one exchange, or reports that there is no room.
func (a *admission) enter(cost int64) bool {
	held, running := a.held.Add(cost), a.running.Add(1)
	if held > a.bytes || (a.requests > 0 && running > a.requests) {
		a.leave(cost)
		return false
	}
	return true
}

func (a *admission) leave(cost int64) {
	a.held.Add(-cost)
	a.running.Add(-1)
}

// InFlight is how many exchanges are being served now.
func (p *Proxy) InFlight() int64 { return p.admission.running.Load() }
