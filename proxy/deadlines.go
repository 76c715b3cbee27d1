package proxy

import (
	"net/http"
	"sync"
	"time"
)

// deadlines sets those of a client's connection for the goroutines that do not serve its request: the transport's, which reads the body, and the
// watchdog's. Both may come when the exchange has ended. Then an HTTP/2 stream's would be set through a nil pointer, and an HTTP/1 connection's for the
// next request.
type deadlines struct {
	lock sync.Mutex
	over bool // the exchange has ended
}

// read sets when the client must have sent more, and reports whether the exchange still goes on.
func (d *deadlines) read(control *http.ResponseController, at time.Time) bool {
	d.lock.Lock()
	defer d.lock.Unlock()
	if !d.over {
		control.SetReadDeadline(at)
	}
	return !d.over
}

// write sets when the client must have taken what it is sent, unless the exchange has ended.
func (d *deadlines) write(control *http.ResponseController, at time.Time) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if !d.over {
		control.SetWriteDeadline(at)
	}
}

// end comes before the handler returns. No deadline is set from then on.
func (d *deadlines) end() {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.over = true
}
