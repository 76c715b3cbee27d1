package inspect

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"sync"
	"time"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// The defaults.
const (
	DefaultWindow   = 64 << 10
	DefaultDocument = 64 << 20
	SpoolMemory     = 1 << 20 // of a document, kept in memory before a file is used
	DefaultDeadline = 20 * time.Second
	DefaultSpooled  = 4 << 30
	leastWindow     = 4 << 10
)

// Options are what an Engine is made of.
type Options struct {
	Policy     *rules.Policy  // required
	Detectors  *detect.Set    // required
	Window     int            // bytes held back at most around unfinished records; 0 means DefaultWindow
	Limits     extract.Limits // zero fields mean their defaults
	Places     bool           // keep every Finding with its place: for scan and explain; names in running text only with Throughout
	Throughout bool           // go on after the verdict is Block, as if nothing had to be stopped: for scan and explain, which send nothing
	Document   int64          // bytes of one document spooled at most; 0 means DefaultDocument
	Deadline   time.Duration  // for reading one document, or a flat body of less than a mebibyte; longer ones get more. 0 means DefaultDeadline
	SpoolDir   string         // where documents past SpoolMemory go; "" means the system's temporary folder
	Repeats    int64          // bytes that recordings of bodies may take, by which they are recognized when they come again; 0 means none
	Spooled    int64          // bytes that all documents together may have spooled; 0 means DefaultSpooled
}

// An Engine makes Inspectors. It is immutable and safe for concurrent use.
type Engine struct {
	options   Options
	traits    []traits     // of the detectors
	weakPhone traits       // of a phone number that is less than sure
	seed      maphash.Seed // of what Inspectors compare within one body
	pool      sync.Pool
	windows   sync.Pool // the large arrays of windows
	quota     *extract.Quota
	known     *knownBodies
}

// readsNames reports whether names and addresses are looked for in running text too.
func (e *Engine) readsNames() bool { return e.options.Places && e.options.Throughout }

// spool is an empty spool for a document.
func (e *Engine) spool() extract.Spool {
	return extract.Spool{Memory: SpoolMemory, Folder: e.options.SpoolDir, Quota: e.quota}
}

// NewEngine checks the options and prepares what all Inspectors share.
func NewEngine(options Options) (*Engine, error) {
	if options.Policy == nil || options.Detectors == nil {
		return nil, errors.New("inspect: a policy and detectors are required")
	}
	if options.Window == 0 {
		options.Window = DefaultWindow
	}
	if options.Window < leastWindow {
		return nil, fmt.Errorf("inspect: the window is %d bytes; at least %d are needed", options.Window, leastWindow)
	}
	if options.Deadline == 0 {
		options.Deadline = DefaultDeadline
	}
	if options.Document == 0 {
		options.Document = DefaultDocument
	}
	if options.Spooled == 0 {
		options.Spooled = DefaultSpooled
	}
	e := &Engine{options: options, seed: maphash.MakeSeed(), quota: extract.NewQuota(options.Spooled), known: newKnownBodies(&options)}
	for i := range options.Detectors.Detectors() {
		t := traitsOf(&options.Detectors.Detectors()[i])
		if e.traits = append(e.traits, t); t.phone {
			e.weakPhone = t
			e.weakPhone.strength = rules.Weak
		}
	}
	e.pool.New = func() any {
		return &Inspector{engine: e, spool: e.spool(), window: window{large: &e.windows}, encoded: &encodedRun{depth: 1}}
	}
	return e, nil
}

// traitsOf returns what matters of a hit for the count of people.
func (e *Engine) traitsOf(detector int, confidence rules.Confidence) *traits {
	t := &e.traits[detector]
	if t.phone && confidence < rules.High {
		return &e.weakPhone
	}
	return t
}

// Policy is the policy that the Engine judges by. It is shared: read only.
func (e *Engine) Policy() *rules.Policy { return e.options.Policy }

// Detectors are those that the Engine finds. They are shared: read only.
func (e *Engine) Detectors() []detect.Detector { return e.options.Detectors.Detectors() }

// Body is what is known of a body before its first byte. All of it is untrusted and only a hint.
type Body struct {
	ContentType string
	Name        string
	Length      int64     // as declared; -1 when unknown
	Echo        [][]byte  // values that came in with the same request: they do not count towards people
	Budget      Allowance // tells and records what was read over time; nil means no budgets
}

// An Allowance records that the client of one exchange reads people, and tells how many distinct ones it has read over time.
type Allowance interface {
	// Read records one person, by pseudonym, and stores the count for each rule that has a budget, by rule id.
	Read(person uint64, counts map[string]int)
}

// Inspect starts on a new body under the rules that apply to the exchange. Free returns its buffers.
func (e *Engine) Inspect(exchange rules.Exchange, body Body) *Inspector {
	in := e.pool.Get().(*Inspector)
	in.start(exchange, body)
	return in
}

// A Report says what an Inspector saw.
type Report struct {
	Evidence rules.Evidence  // its Counts and Budgets are valid until Free
	Findings []rules.Finding // only with Options.Places
	Bytes    int64           // written in
	Repeated bool            // none of them was inspected: the body came as one that was
	HoldBack time.Duration   // the longest time between a byte's coming and its being cleared, to the precision of a Write
	Elapsed  time.Duration   // spent inside the Inspector
	Panic    string          // where a step panicked, by function and line; "" when none did
}

var _ io.Writer = (*Inspector)(nil)
