package proxy

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stanch/proxy/coding"
	"stanch/rules"
	"stanch/rules/inspect"
)

// An allowance that does something when a person is read stands for a detector that does: it is called in the midst of judging, and it comes in
// through the constructor, as any budget does.
type allowance func()

func (a allowance) Read(uint64, map[string]int) { a() }

// faultyWorld judges /fault with an allowance that does what is given, and everything else as usual.
func faultyWorld(t *testing.T, fault func(), change func(*Options)) *world {
	engine := newEngine(t, blocking())
	return newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		if r.URL.Query().Has("late") {
			io.WriteString(w, nobody(10_000))
		} else {
			io.WriteString(w, "name,email\n")
		}
		io.WriteString(w, strings.TrimPrefix(crowd(2), "name,email\n"))
	}), func(o *Options, p *Proxy) {
		if p != nil {
			return
		}
		change(o)
		o.Rules = func() Rules {
			return Rules{Engine: engine, Budget: func(x rules.Exchange) inspect.Allowance {
				if x.Route == "/fault" {
					return allowance(fault)
				}
				return nil
			}}
		}
	})
}

// TestFaultyDetectorCostsOneAnswer injects a panic, a hang and an allocation without end into judging. That answer is cut or withheld and counted; the
// next ones, and others at the same time, are served.
func TestFaultyDetectorCostsOneAnswer(t *testing.T) {
	var hold atomic.Pointer[chan bool]
	wait := func() { <-*hold.Load() }
	for _, c := range []struct {
		name    string
		fault   func()
		change  func(*Options)
		failure string
		reason  rules.Reason
	}{
		{"panic", func() { panic("the value of " + crowd(1)) }, func(*Options) {}, failurePanic, rules.Internal},
		{"hang", wait, func(o *Options) { o.InspectionStep = 50 * time.Millisecond }, failureHang, rules.Deadline},
		{"memory", func() {
			var hoard [][]byte
			for range 24 {
				hoard = append(hoard, bytes.Repeat([]byte{1}, 16<<20))
			}
			wait()
			hoard[0][0]++ // in use until now
		}, func(o *Options) {
			runtime.GC() // what earlier tests left does not count
			o.Heap = int64(heapBytes(liveHeap)) + 128<<20
		}, failureMemory, rules.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := faultyWorld(t, c.fault, c.change)
			eachProtocol(t, func(t *testing.T, client *http.Client) {
				for _, target := range []string{"/fault", "/fault?late"} {
					release := make(chan bool)
					hold.Store(&release)
					response, body, err := get(t, client, w.base+target)
					if response.StatusCode == http.StatusOK && err == nil || strings.Contains(body, "@example.org") {
						t.Errorf("%s: status %d, %d bytes, %v", target, response.StatusCode, len(body), err)
					}
					o := w.next()
					if o.Failure != c.failure || o.Reason != c.reason || o.Verdict.Action != rules.Block {
						t.Errorf("%s: observed %+v", target, o)
					}
					if c.failure != failureMemory {
						w.serves(client) // while the detector still hangs
					}
					close(release)
					eventually(t, "the end of the exchange", func() bool { return w.proxy.InFlight() == 0 })
					eventually(t, "free memory", func() bool {
						response, _, err := get(t, client, w.base+"/other")
						w.next()
						return err == nil && response.StatusCode == http.StatusOK
					})
				}
			})
			if strings.Contains(w.log.String(), "example.org") {
				t.Errorf("the log says %s", w.log)
			}
			if !strings.Contains(w.log.String(), `"level":"ERROR"`) {
				t.Errorf("the log does not tell: %s", w.log)
			}
		})
	}
}

// serves expects an answer to another request.
func (w *world) serves(client *http.Client) {
	w.t.Helper()
	response, body, err := get(w.t, client, w.base+"/other")
	if err != nil || response.StatusCode != http.StatusOK || body != crowd(2) {
		w.t.Errorf("another answer: status %d, %q, %v", response.StatusCode, body, err)
	}
	if o := w.next(); o.Failure != "" {
		w.t.Errorf("another answer: observed %+v", o)
	}
}

// TestFullMemoryShedsAndComesBack lets the process hold more than it may: new requests get 503, none passes uninspected, and it ends by itself.
func TestFullMemoryShedsAndComesBack(t *testing.T) {
	w := newWorld(t, application(t, site{map[string]string{"x": crowd(2)}, 0}.ServeHTTP), func(o *Options, p *Proxy) { o.Heap = 1 })
	eventually(t, "a look at the memory", w.proxy.watchdog.full.Load)
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		response, body, err := get(t, client, w.base+"/?type=text/csv&body=x")
		if err != nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || strings.Contains(body, "example.org") {
			t.Errorf("got %d %q %v", response.StatusCode, body, err)
		}
		if o := w.next(); o.Failure != failureShed {
			t.Errorf("observed %+v", o)
		}
	})
}

// TestMemoryIsSeenBeforeItIsCollected fills the memory while no collection is due: what the last one found says nothing about that.
func TestMemoryIsSeenBeforeItIsCollected(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.GC()
	const room = 32 << 20
	d := watchdog{heap: heapBytes(liveHeap) + room}
	now := time.Now()
	if d.overfull(now) {
		t.Fatal("full before anything is in it")
	}
	hoard := make([]byte, 2*room)
	if now = now.Add(collectInterval); !d.overfull(now) {
		t.Error("what is in use was not seen")
	}
	runtime.KeepAlive(hoard)
	if now = now.Add(collectInterval); d.overfull(now) {
		t.Error("what was given up still counts")
	}
}

// panickingReader stands for a decoder with a fault in it.
type panickingReader struct{}

func (panickingReader) Read([]byte) (int, error) { panic("a fault in a decoder, at ann@example.org") }

func TestPanicInADecoderReachesTheStreamAsAnError(t *testing.T) {
	var pool buffers
	var decoders coding.Decoders
	f := pool.feed()
	tap := &tap{feed: f, source: io.MultiReader(strings.NewReader(encoded("gzip", noise(1000))[:200]), panickingReader{}), pool: &pool}
	tap.reader = decoders.NewReader(tap, []string{"gzip"}, 1<<20)
	go f.runCoded(tap, bodyBuffer)
	for {
		c := <-f.ready
		if c.err == nil {
			continue
		}
		if !errors.Is(c.err, errPanic) || strings.Contains(c.err.Error(), "example.org") || !strings.Contains(c.err.Error(), "panickingReader") {
			t.Errorf("got %v", c.err)
		}
		return
	}
}

// TestHangingHeadIsGivenUp hangs at the first field of an answer's head: nothing of the answer may arrive, and the observer is told.
func TestHangingHeadIsGivenUp(t *testing.T) {
	release := make(chan bool)
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Contact", "ann@example.org")
		io.WriteString(w, "a page")
	}), func(o *Options, p *Proxy) {
		o.InspectionStep = 50 * time.Millisecond
		if p == nil {
			return
		}
		real := p.inspector
		p.inspector = func(current Rules, x rules.Exchange, body inspect.Body) inspection {
			return &hanging{real(current, x, body), release}
		}
	})
	for _, p := range protocols(t) {
		if _, body, err := get(t, p.client, w.base); err == nil {
			t.Errorf("%s: got %q", p.name, body)
		}
		if o := w.next(); o.Failure != failureHang || o.Verdict.Action != rules.Block {
			t.Errorf("%s: observed %+v", p.name, o)
		}
	}
	close(release)
	eventually(t, "the end of all exchanges", func() bool { return w.proxy.InFlight() == 0 })
	if len(w.outcomes.seen) > 0 {
		t.Errorf("an exchange was told of twice: %+v", w.next())
	}
}

// hanging is an inspection that does not come back.
type hanging struct {
	inspection
	release chan bool
}

func (h *hanging) Write(p []byte) (int, error) {
	<-h.release
	return h.inspection.Write(p)
}
