// Package audit writes what happened to responses with personal data, one JSON object a line, chained by hashes.
//
//	log, err := audit.Open("audit.jsonl", audit.Options{Version: "1.0.0", Alarm: func(err error) { … }})
//	defer log.Close()
//	log.SetPolicy(config.Hash)
//	log.Observe(outcome)
//
// It never blocks whoever observes: past a bounded queue events are lost, and counted. It holds no matched value. The chain shows a
// line that was edited, taken out or moved; it cannot show that lines are missing at the end, nor stop somebody who can rewrite
// the whole file: send the lines to another system for that.
package audit

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"stanch/rules"
)

// DefaultQueue is how many events wait at most for the writer.
const DefaultQueue = 4096

// Options are what a Log is made of. The zero value is ready for use.
type Options struct {
	Version string // of stanch
	Queue   int    // events that wait at most; 0 means DefaultQueue
	// Required keeps an event that cannot be written and tries again every retryAfter, until it can be or the Log is closed. Meanwhile Recording
	// says no; whoever asks before serving loses nothing.
	Required bool
	Alarm    func(error) // told of the first write error and of each one after a success, by the writer's goroutine; nil tells nobody
}

// A Position is the end of a trail.
type Position struct {
	Sequence uint64 // of the last line; 0 when there is none
	Hash     string // of the last line; "" when there is none
}

// A Log is an append-only audit trail with a single writer. It is safe for concurrent use.
type Log struct {
	options Options
	to      io.Writer
	file    *os.File // closed with the Log; nil when the caller owns the writer
	queue   chan Event
	policy  atomic.Pointer[string]
	written atomic.Uint64
	lost    atomic.Uint64
	failed  atomic.Uint64

	closing sync.RWMutex // held for reading while an event is queued
	closed  bool
	done    chan struct{}

	// of the writer's goroutine
	boot    string
	end     Position
	told    uint64 // lost events that a line has told of
	line    []byte
	torn    bool // the last write failed: what stands at the end of the file is unknown
	failing atomic.Bool
	stop    chan struct{} // closed by Close: what cannot be written now is lost
}

// retryAfter is how long a Log with Options.Required waits before it tries again to write an event.
const retryAfter = 250 * time.Millisecond

// New starts a Log that begins a trail on a pipe or a terminal. The caller closes the writer after Close.
func New(to io.Writer, options Options) *Log {
	l := newLog(to, options)
	go l.write()
	return l
}

// Open starts a Log that continues the trail in a file, or begins one. Close closes the file.
func Open(path string, options Options) (*Log, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	l := newLog(file, options)
	l.file = file
	if l.end, l.torn, err = endOf(file); err != nil {
		file.Close()
		return nil, fmt.Errorf("audit: %s: %w", path, err)
	}
	go l.write()
	return l, nil
}

func newLog(to io.Writer, options Options) *Log {
	if options.Queue <= 0 {
		options.Queue = DefaultQueue
	}
	boot := make([]byte, 8)
	rand.Read(boot)
	l := &Log{options: options, to: to, queue: make(chan Event, options.Queue), done: make(chan struct{}), stop: make(chan struct{}), boot: hex.EncodeToString(boot)}
	l.SetPolicy("")
	return l
}

// endOf reads the last whole line of a trail. Torn says that a part of a line stands behind it.
func endOf(file *os.File) (end Position, torn bool, err error) {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return Position{}, false, err
	}
	tail := make([]byte, min(info.Size(), maxLine))
	if _, err := file.ReadAt(tail, info.Size()-int64(len(tail))); err != nil && err != io.EOF {
		return Position{}, false, err
	}
	torn = len(tail) > 0 && tail[len(tail)-1] != '\n'
	tail = tail[:bytes.LastIndexByte(tail, '\n')+1]
	for len(tail) > 0 {
		tail = tail[:len(tail)-1]
		line := tail[bytes.LastIndexByte(tail, '\n')+1:]
		var event Event
		if json.Unmarshal(line, &event) == nil && event.Metadata.Sequence > 0 {
			return Position{Sequence: event.Metadata.Sequence, Hash: hashOf(line)}, torn, nil
		}
		tail = tail[:len(tail)-len(line)]
	}
	return Position{}, torn, nil
}

// SetPolicy names the configuration that the following events were decided by.
func (l *Log) SetPolicy(hash string) { l.policy.Store(&hash) }

// Observe queues an event when a rule held, enforced or monitored. It never blocks, and keeps nothing of the outcome.
func (l *Log) Observe(outcome *rules.Outcome) {
	if outcome.Verdict.Action == rules.Pass && outcome.Verdict.Monitored == rules.Pass {
		return
	}
	event := eventOf(outcome, time.Now())
	event.DataSecurity.Policy.UID = *l.policy.Load()
	l.closing.RLock()
	defer l.closing.RUnlock()
	if !l.closed {
		select {
		case l.queue <- event:
			return
		default:
		}
	}
	l.lost.Add(1)
}

// Close writes what waits and ends the Log. Events after it are lost, and counted.
func (l *Log) Close() error {
	l.closing.Lock()
	if !l.closed {
		l.closed = true
		close(l.stop)
		close(l.queue)
	}
	l.closing.Unlock()
	<-l.done
	if l.file != nil {
		if err := l.file.Close(); err != nil {
			return err
		}
	}
	if l.failing.Load() {
		return errors.New("audit: the last events could not be written")
	}
	return nil
}

// Written is how many events were written.
func (l *Log) Written() uint64 { return l.written.Load() }

// Lost is how many events were lost: the queue was full, or they could not be written.
func (l *Log) Lost() uint64 { return l.lost.Load() }

// Failed is how many writes failed.
func (l *Log) Failed() uint64 { return l.failed.Load() }

// Recording reports whether the last event could be written and there is room for the events of what is under way: half of the queue.
func (l *Log) Recording() bool {
	return !l.failing.Load() && len(l.queue) <= l.options.Queue/2
}

// write is the single writer.
func (l *Log) write() {
	defer close(l.done)
	for event := range l.queue {
		l.settle(&event)
	}
}

// settle writes one event, or counts its loss.
func (l *Log) settle(event *Event) {
	for !l.record(event) {
		if !l.options.Required || !l.waitForRetry() {
			l.lost.Add(1)
			return
		}
	}
}

// waitForRetry reports whether it is time to try again; not when the Log is to end.
func (l *Log) waitForRetry() bool {
	select {
	case <-l.stop:
		return false
	case <-time.After(retryAfter):
		return true
	}
}

// record tries to write one event.
func (l *Log) record(event *Event) bool {
	err := l.append(event)
	if err == nil {
		l.failing.Store(false)
		l.written.Add(1)
		return true
	}
	l.failed.Add(1)
	if !l.failing.Swap(true) && l.options.Alarm != nil {
		l.options.Alarm(err)
	}
	return false
}

// append writes one line and, when that succeeded, moves the end of the trail behind it.
func (l *Log) append(event *Event) error {
	lost := l.lost.Load()
	event.Metadata = Metadata{Version: ocsfVersion, Profiles: []string{"security_control"}, Sequence: l.end.Sequence + 1,
		Product: Product{Name: "stanch", Vendor: "stanch", Version: l.options.Version}}
	event.Stanch.Lost = lost - l.told
	event.Stanch.Chain = Chain{Boot: l.boot, Previous: l.end.Hash}
	l.line = l.line[:0]
	if l.torn { // ends whatever part of a line stands there
		l.line = append(l.line, '\n')
	}
	start := len(l.line)
	line, err := event.encode(l.line)
	if err != nil {
		return err
	}
	l.line = append(line, '\n')
	hash := hashOf(l.line[start : len(l.line)-1])
	if _, err := l.to.Write(l.line); err != nil {
		l.torn = true
		return err
	}
	l.torn, l.told = false, lost
	l.end = Position{Sequence: l.end.Sequence + 1, Hash: hash}
	return nil
}

func hashOf(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}
