package proxy

import (
	"encoding/binary"
	"errors"
	"time"
)

// net/http bounds the streams, heads and unwritten answers of an HTTP/2 connection. It does not bound how many frames a client may send that cost it
// nothing and carry nothing: PING, SETTINGS, RST_STREAM, PRIORITY, unknown ones, DATA without bytes, heads in crumbs. The known floods are made of those
// (CVE-2019-9512, -9514, -9515, -9518, CVE-2023-44487, CVE-2023-45288). So they are counted on their way to net/http, whatever the connection is for.
const (
	// idleFrames is how many such frames a client may send at once: more than any page has that is left in mid-load.
	idleFrames = 4000
	// idleFramesPerSecond is how many it may send for long: an ingress that carries many clients on one connection cancels for each of them.
	idleFramesPerSecond = 200
	// resetCost is how many of them an RST_STREAM counts as.
	resetCost = 4
)

// errFlood ends the connection of a client that has sent too many frames which ask for nothing.
var errFlood = errors.New("proxy: a flood of HTTP/2 frames")

// Frame types and flags (RFC 9113, section 6).
const (
	frameHead         = 9 // bytes before what a frame carries
	frameData         = 0x0
	frameHeaders      = 0x1
	frameReset        = 0x3
	frameGoAway       = 0x7
	frameWindowUpdate = 0x8
	flagEndStream     = 0x1
	flagEndHeaders    = 0x4
	flagPadded        = 0x8
	maxPadding        = 256                   // with the byte that tells its length
	restOfPreface     = len("\r\nSM\r\n\r\n") // behind the line that looks like a request
)

// A frameMeter follows the frames of one client and counts those that ask for nothing. It checks no grammar: net/http does.
type frameMeter struct {
	head  [frameHead]byte
	have  int   // bytes of head
	skip  int64 // bytes until the next head
	spare float64
	last  time.Time
}

func newFrameMeter() *frameMeter {
	return &frameMeter{skip: int64(restOfPreface), spare: idleFrames, last: time.Now()}
}

// feed takes the next bytes, and returns how many of them are within bounds: all of them, or fewer when the client has sent too much.
func (m *frameMeter) feed(p []byte) int {
	for at := 0; at < len(p); {
		if m.skip > 0 {
			n := min(m.skip, int64(len(p)-at))
			m.skip -= n
			at += int(n)
			continue
		}
		n := copy(m.head[m.have:], p[at:])
		at += n
		if m.have += n; m.have < frameHead {
			return len(p)
		}
		m.have = 0
		m.skip = int64(binary.BigEndian.Uint32(m.head[:]) >> 8)
		if m.idle() && !m.spend() {
			return at - 1
		}
	}
	return len(p)
}

// idle reports whether the frame asks for nothing.
func (m *frameMeter) idle() bool {
	flags := m.head[4]
	switch m.head[3] {
	case frameData:
		return flags&flagEndStream == 0 && (m.skip == 0 || flags&flagPadded != 0 && m.skip <= maxPadding)
	case frameHeaders:
		return flags&flagEndHeaders == 0
	case frameWindowUpdate, frameGoAway:
		return false // as many as there are bytes to answer; and the end
	}
	return true
}

// spend takes one frame off what the client may still send.
func (m *frameMeter) spend() bool {
	if m.spare < resetCost {
		now := time.Now()
		m.spare = min(idleFrames, m.spare+max(0, now.Sub(m.last).Seconds())*idleFramesPerSecond)
		m.last = now
	}
	m.spare -= m.cost()
	return m.spare >= 0
}

// cost is how many frames the frame counts as: a stream that is given up at once has already been asked of the application.
func (m *frameMeter) cost() float64 {
	if m.head[3] == frameReset {
		return resetCost
	}
	return 1
}
