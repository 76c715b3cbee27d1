package inspect

import (
	"io"
	"time"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// Options are what an Engine is made of.
type Options struct {
	Policy    *rules.Policy  // required
	Detectors *detect.Set    // required
	Window    int            // bytes held back at most around unfinished records; 0 means DefaultWindow
	Limits    extract.Limits // zero fields mean their defaults
	Places    bool           // keep every Finding with its place: for scan and explain
	Document  int64          // bytes of one document spooled at most; 0 means DefaultDocument
	SpoolDir  string         // where documents past SpoolMemory go; "" means the system's temporary folder
}

// An Engine makes Inspectors. It is immutable and safe for concurrent use.
type Engine struct{ options Options }

// NewEngine checks the options and prepares what all Inspectors share.
func NewEngine(options Options) (*Engine, error) { return &Engine{options}, nil }

// Body is what is known of a body before its first byte. All of it is untrusted and only a hint.
type Body struct {
	ContentType string
	Name        string
	Length      int64    // as declared; -1 when unknown
	Echo        [][]byte // values that came in with the same request: they do not count towards people
	Budget      Reader   // tells and records what was read over time; nil means no budgets
}

// A Reader records that the client of one exchange reads people, and tells how many distinct ones it has read over time.
type Reader interface {
	// Read records one person, by pseudonym, and returns the count for each rule that has a budget, by rule id.
	Read(person uint64, counts map[string]int)
}

// An Inspector reads one body. It is for one goroutine; the laws of the streaming contract are its own.
type Inspector struct {
	pending []byte
	written int64
}

// Inspect starts on a new body under the rules that apply to the exchange. Free returns its buffers.
func (e *Engine) Inspect(exchange rules.Exchange, body Body) *Inspector { return &Inspector{} }

// Write takes the next bytes of the body. It never fails, keeps no reference to p, and is cheap once the verdict is Block.
func (in *Inspector) Write(p []byte) (int, error) {
	in.pending = append(in.pending, p...)
	in.written += int64(len(p))
	return len(p), nil
}

// Fail says that the rest of the body cannot be had as it was meant (a coding that lies, a limit). Status becomes Partial,
// or Unscannable when nothing had been read. It may be followed by Close.
func (in *Inspector) Fail(reason rules.Reason) {}

// Close says that the body has ended. Documents are read now.
func (in *Inspector) Close() error { return nil }

// Cleared is how many bytes of the body, from its start, are judged and may leave. It never shrinks.
func (in *Inspector) Cleared() int64 { return in.written }

// Changed reports whether what Release writes differs from the bytes that were written in.
func (in *Inspector) Changed() bool { return false }

// Release writes to w what may leave and has not left yet, redacted where the verdict says so.
func (in *Inspector) Release(w io.Writer) (int64, error) {
	n, err := w.Write(in.pending)
	in.pending = in.pending[:0]
	return int64(n), err
}

// Pending reports whether Release would write something.
func (in *Inspector) Pending() bool { return len(in.pending) > 0 }

// Verdict stands at every moment and only ever rises.
func (in *Inspector) Verdict() rules.Verdict { return rules.Verdict{} }

// Report is what is known so far.
func (in *Inspector) Report() Report { return Report{} }

// Free returns the Inspector's buffers to their pools and removes its spool. The Inspector must not be used afterwards.
func (in *Inspector) Free() {}

// A Report says what an Inspector saw.
type Report struct {
	Evidence rules.Evidence  // its Counts are valid until Free
	Findings []rules.Finding // only with Options.Places
	Bytes    int64           // written in
	HoldBack time.Duration   // the longest that a judged-late byte waited
	Elapsed  time.Duration   // spent inside the Inspector
}

// The defaults.
const (
	DefaultWindow   = 64 << 10
	DefaultDocument = 64 << 20
	SpoolMemory     = 1 << 20
)
