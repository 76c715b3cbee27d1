package proxy

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"

	"stanch/rules"
	"stanch/rules/inspect"
)

// maxMessage is how many bytes one WebSocket message may have to be inspected, with the frames it comes in.
const maxMessage = 1 << 20

// Frame header bits and operations (RFC 6455, section 5.2).
const (
	frameFinal     = 0x80
	frameReserved  = 0x70
	frameOperation = 0x0f
	frameControl   = 0x08 // operations from here on are control frames
	frameMasked    = 0x80
	frameLength    = 0x7f
	frameLength16  = 126
	frameLength64  = 127
)

var errFrame = errors.New("proxy: a frame that RFC 6455 does not allow from a server")

// A tunnel is the application's side of a WebSocket. What the application says is read message by message, and a message is handed on when it has been
// inspected: by itself, and together with all that came before on the connection. There is no redaction here: such a verdict ends the connection.
type tunnel struct {
	io.ReadWriteCloser
	x      *exchange
	source *bufio.Reader
	ready  []byte // inspected frames, not yet read
	frames []byte // of the message that has begun
	text   []byte // what they carry

	mu   sync.Mutex // goproxy may still be reading when the exchange ends
	in   inspection // of the whole connection; nil once finished
	size int64      // what it was given
}

func newTunnel(x *exchange, conn io.ReadWriteCloser) *tunnel {
	return &tunnel{ReadWriteCloser: conn, x: x, source: bufio.NewReader(conn),
		in: x.proxy.inspector(x.rules, x.outcome.Exchange, inspect.Body{Length: -1, Echo: x.echoed(), Budget: x.budget()})}
}

// Read returns frames of inspected messages.
func (t *tunnel) Read(p []byte) (int, error) {
	for len(t.ready) == 0 {
		if err := t.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, t.ready)
	t.ready = t.ready[n:]
	return n, nil
}

// next reads one frame, and inspects the message that it completes.
func (t *tunnel) next() error {
	start := len(t.frames)
	first, length, err := t.readHead()
	if err != nil {
		return err
	}
	head := len(t.frames)
	t.frames = slices.Grow(t.frames, length)[:head+length]
	if _, err := io.ReadFull(t.source, t.frames[head:]); err != nil {
		return err
	}
	payload := t.frames[head:]
	if first&frameOperation >= frameControl {
		// It may stand between the frames of a message, which has to wait.
		err := t.judge(payload)
		t.ready = append([]byte(nil), t.frames[start:]...)
		t.frames = t.frames[:start]
		return err
	}
	if t.text = append(t.text, payload...); first&frameFinal == 0 {
		return nil
	}
	err = t.judge(t.text)
	t.ready = append([]byte(nil), t.frames...)
	t.frames, t.text = t.frames[:0], t.text[:0]
	return err
}

// readHead appends the head of a frame to frames, and returns its first byte and the length of what it carries.
func (t *tunnel) readHead() (first byte, length int, err error) {
	var head [10]byte
	if _, err := io.ReadFull(t.source, head[:2]); err != nil {
		return 0, 0, err
	}
	n := 2
	size := uint64(head[1] & frameLength)
	switch size {
	case frameLength16:
		n += 2
		_, err = io.ReadFull(t.source, head[2:n])
		size = uint64(binary.BigEndian.Uint16(head[2:]))
	case frameLength64:
		n += 8
		_, err = io.ReadFull(t.source, head[2:n])
		size = binary.BigEndian.Uint64(head[2:])
	}
	if err != nil {
		return 0, 0, err
	}
	if head[0]&frameReserved != 0 || head[1]&frameMasked != 0 {
		return 0, 0, errFrame // compressed, or not from a server
	}
	if size > maxMessage || len(t.frames)+n+int(size) > maxMessage {
		return 0, 0, t.tooLarge()
	}
	t.frames = append(t.frames, head[:n]...)
	return head[0], int(size), nil
}

// tooLarge ends the connection at a message that is too large to be inspected, whatever the policy for bodies: none of it is held back elsewhere.
func (t *tunnel) tooLarge() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.in != nil {
		t.in.Fail(rules.TooLarge)
	}
	return errBlocked
}

// judge inspects what a message carries, by itself and behind the earlier ones. A panic ends the connection.
func (t *tunnel) judge(text []byte) (err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer func() {
		if fault := recover(); fault != nil {
			t.x.fault()
			err = errPanic
		}
	}()
	if t.in == nil {
		return io.ErrClosedPipe
	}
	alone := t.x.proxy.inspector(t.x.rules, t.x.outcome.Exchange, inspect.Body{Length: int64(len(text)), Echo: t.x.echoed()})
	defer alone.Free()
	t.x.begin()
	alone.Write(text)
	alone.Close()
	t.in.Write(text)
	t.in.Write([]byte{'\n'})
	t.in.Flush()
	t.x.done()
	t.size += int64(len(text)) + 1
	verdict := stronger(alone.Verdict(), t.in.Verdict())
	t.x.outcome.Verdict = stronger(t.x.outcome.Verdict, verdict)
	if verdict.Action >= rules.Redact {
		return errBlocked
	}
	t.x.outcome.Released += int64(len(text))
	_, err = t.in.Release(io.Discard)
	return err
}

// finish books what happened on the connection.
func (t *tunnel) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	o := &t.x.outcome
	report := t.in.Report()
	evidence := &report.Evidence
	o.Inspected, o.BytesRead, o.Inspection = true, t.size, report.Elapsed
	o.Format, o.Status, o.Reason, o.People, o.Special = evidence.Format, evidence.Status, evidence.Reason, evidence.People, evidence.Special
	o.Counts = append(o.Counts, evidence.Counts...)
	o.Verdict = stronger(o.Verdict, t.in.Verdict())
	if o.Cut = o.Verdict.Action >= rules.Redact; o.Cut {
		t.x.incident()
	}
	t.in.Free()
	t.in = nil
}
