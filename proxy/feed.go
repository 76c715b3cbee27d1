package proxy

import (
	"io"
	"runtime"
	"sync"
	"time"
)

// Sizes of the buffers that bytes of a body come in.
const (
	bodyBuffer    = 32 << 10
	decodedBuffer = 8 << 10   // what decoders return: a stream in a coding holds its coded bytes as well
	repeatBuffer  = 128 << 10 // for what is compared with a recording and not held
	messageBuffer = 4 << 10   // for event streams and their like, of which many are open at once with little in them, and for what decoders read
)

// A chunk is what came from the application at once. Whoever receives it owns its buffer, and gives it back with free.
type chunk struct {
	buffer *[]byte
	n      int
	coded  bool  // the bytes are as the application sent them, beside those decoded from them
	bound  int64 // coded only: they say nothing of decoded bytes at or after this offset
	err    error // ends the body; io.EOF when it is complete

	undecodable error // from here on bytes come coded only
}

func (c *chunk) bytes() []byte {
	if c.buffer == nil {
		return nil
	}
	return (*c.buffer)[:c.n]
}

// buffers are the pools of what a body needs on its way.
type buffers struct{ repeat, body, decoded, message, feeds, gatherers sync.Pool }

func (b *buffers) gatherer() *gatherer {
	if g, ok := b.gatherers.Get().(*gatherer); ok {
		return g
	}
	return &gatherer{pool: b}
}

func (b *buffers) feed() *feed {
	if f, ok := b.feeds.Get().(*feed); ok {
		return f
	}
	return &feed{ready: make(chan chunk)}
}

// get returns a buffer of the smallest of the sizes above that holds so many bytes, at most repeatBuffer.
func (b *buffers) get(n int) *[]byte {
	pool, size := b.pool(n)
	if buffer, ok := pool.Get().(*[]byte); ok {
		return buffer
	}
	buffer := make([]byte, size)
	return &buffer
}

func (b *buffers) put(buffer *[]byte) {
	if buffer != nil {
		pool, _ := b.pool(len(*buffer))
		pool.Put(buffer)
	}
}

func (b *buffers) pool(n int) (pool *sync.Pool, size int) {
	switch {
	case n <= messageBuffer:
		return &b.message, messageBuffer
	case n <= decodedBuffer:
		return &b.decoded, decodedBuffer
	case n <= bodyBuffer:
		return &b.body, bodyBuffer
	}
	return &b.repeat, repeatBuffer
}

// A feed reads a body in a goroutine of its own, at most one chunk ahead, so that its user knows whether more is at hand.
type feed struct {
	ready chan chunk
	pause *time.Timer
}

// run sends what source gives, until an error has been sent.
func (f *feed) run(source io.Reader, size int, pool *buffers) {
	for {
		buffer := pool.get(size)
		n, err := source.Read(*buffer)
		f.ready <- chunk{buffer: buffer, n: n, err: err}
		if err != nil {
			return
		}
	}
}

// poll returns the next chunk if it is at hand.
func (f *feed) poll() (chunk, bool) {
	select {
	case c := <-f.ready:
		return c, true
	default:
		return chunk{}, false
	}
}

// yield returns the next chunk, or false when none came within the grace. It leaves the processor to others but does not sleep: timers may be late by a
// millisecond.
func (f *feed) yield(grace time.Duration) (chunk, bool) {
	for begin := time.Now(); ; {
		runtime.Gosched()
		if c, ok := f.poll(); ok || time.Since(begin) >= grace {
			return c, ok
		}
	}
}

// wait returns the next chunk, or false when none came within the grace.
func (f *feed) wait(grace time.Duration) (chunk, bool) {
	if f.pause == nil {
		f.pause = time.NewTimer(grace)
	} else {
		f.pause.Reset(grace)
	}
	defer f.pause.Stop()
	select {
	case c := <-f.ready:
		return c, true
	case <-f.pause.C:
		return chunk{}, false
	}
}
