package inspect

import (
	"slices"
	"time"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
	"stanch/rules/match"
)

// stepSize is how much of a large Write is read at once, so that what has been read is still in the cache when it is judged.
const stepSize = 32 << 10

// stage is what an Inspector does with the bytes that come.
type stage uint8

const (
	sniffing  stage = iota // gathering enough to tell the format
	streaming              // a flat format: read, judged and cleared as it comes
	spooling               // a document: kept until it is complete
	opaque                 // nothing reads it, and the policy lets it pass
	stopped                // the verdict is Block: nothing more leaves
	finished               // closed
)

// An Inspector reads one body. It is for one goroutine; the laws of the streaming contract are its own.
type Inspector struct {
	engine   *Engine
	exchange rules.Exchange
	body     Body
	scope    rules.Scope
	verdict  rules.Verdict
	evidence rules.Evidence
	places   []rules.Finding
	stage    stage

	window window
	spool  extract.Spool
	reader extract.Reader
	read   int64 // body offset up to which reader is done

	headFormat rules.Format // of the first value of the body
	formatAt   int64        // where it turned out to be another; 0 for nowhere

	batch   extract.Batch
	scanned int               // offset in batch.Text up to which candidates were found
	prosed  int               // offset in batch.Text up to which names were looked for; only where the engine readsNames
	waiting []match.Candidate // found, but what stands behind them is not there yet; ascending
	cell    int               // first of batch.Cells that was not visited
	hits    []detect.Hit      // scratch
	reading cellReading
	listing columnListing
	nearby  detect.Nearby // words of batch.Text that were read
	field   detect.Field  // scratch of fieldOf
	scratch []byte        // of replacements

	search  extract.EncodedSearch // in batch.Text
	nextRun extract.Encoded       // what it found and nothing has read
	isNext  bool                  // there is such a one
	encoded *encodedRun           // what was found there
	inside  *encodedPlace         // where batch stands when it is that of a run; nil for the body itself
	runs    int                   // found so far
	until   time.Time             // when reading documents in runs ends; zero while there is none

	floor    int64 // what is cleared does not go back behind it, however the body was split
	cleared  int64
	released int64
	edits    []edit // what a redaction would change, in what was not released; ascending
	redactAt int64  // edits from here on are made; -1 for none
	changed  bool
	fixed    bool // the length may not change any more

	cells        int // of the document, in the batches before this one
	cellEdits    []cellEdit
	tentative    int  // edits that wait for their record to be a person
	unredactable bool // something in the document could not be redacted
	rewritten    bool // the spool holds the redacted document

	people     people
	ordinal    []int16            // index into evidence.Counts by detector, plus one
	asked      []rules.Confidence // from which on findings may change the verdict, by index into evidence.Counts; 0 for never
	fewest     int                // while people are at least so many,
	most       int                // and fewer than so many, their number does not change the verdict
	mayRedact  bool               // the scope has a rule that redacts
	mayHash    bool               // and one that does so with pseudonyms
	countsOnly bool               // hits are neither kept nor redacted
	leastAsked rules.Confidence   // findings below it change nothing
	lines      lineCounter

	panicked string // where; "" for nowhere

	recognition recognition
	repeated    bool // the result is that of an earlier inspection
	hurried     bool // the format was told from fewer bytes than it may be, as no more were at hand

	written int64
	waited  time.Time // when the oldest byte came that is not cleared; zero for none
	holding time.Duration
	elapsed time.Duration
}

// start takes a fresh Inspector to the beginning of a body.
func (in *Inspector) start(exchange rules.Exchange, body Body) {
	in.exchange, in.body = exchange, body
	in.engine.options.Policy.Narrow(&in.scope, exchange)
	in.leastAsked = rules.Low
	if !in.engine.options.Places {
		in.leastAsked = in.scope.LeastConfidence()
	}
	in.mayRedact, in.mayHash = in.scope.MayRedact(), in.scope.MayHash()
	in.countsOnly = !in.mayRedact && !in.engine.options.Places
	in.fewest, in.most = in.scope.SamePeople(0)
	in.redactAt = -1
	n := len(in.engine.options.Detectors.Detectors())
	in.people.reset(n)
	in.ordinal = slices.Grow(in.ordinal[:0], n)[:n]
	clear(in.ordinal)
	if body.Budget != nil {
		in.evidence.Budgets = make(map[string]int)
	}
	in.discount(body.Echo)
}

// Free returns the Inspector's buffers to their pools and removes its spool. The Inspector must not be used afterwards.
func (in *Inspector) Free() {
	in.spool.Free()
	in.window.reset()
	in.StopRecording()
	kept := Inspector{engine: in.engine, spool: in.spool, window: in.window, cellEdits: in.cellEdits[:0], waiting: in.waiting[:0], hits: in.hits[:0], listing: in.listing.kept(),
		edits: in.edits[:0], scratch: in.scratch[:0], people: in.people, ordinal: in.ordinal[:0], asked: in.asked[:0], encoded: in.encoded,
		scope: in.scope, recognition: recognition{hints: in.recognition.hints[:0], nonce: in.recognition.nonce, people: in.recognition.people[:0]}}
	in.encoded.reset()
	clear(in.batch.Cells[:cap(in.batch.Cells)]) // they point to columns of this body
	kept.batch = extract.Batch{Text: in.batch.Text[:0], Cells: in.batch.Cells[:0], Map: in.batch.Map[:0]}
	kept.evidence.Counts = in.evidence.Counts[:0]
	if in.panicked != "" {
		*in = Inspector{} // what a panic left behind is not used again
		return
	}
	*in = kept
	in.engine.pool.Put(in)
}

// Write takes the next bytes of the body. It never fails, keeps no reference to p, and is cheap once the verdict is Block.
func (in *Inspector) Write(p []byte) (int, error) {
	begin := time.Now()
	if in.waited.IsZero() {
		in.waited = begin
	}
	in.written += int64(len(p))
	if in.elapsed > in.engine.options.Deadline && in.overdue() {
		in.giveUp()
	}
	in.guard(func() { in.take(p) })
	in.settleClock(begin)
	return len(p), nil
}

// perMebibyte is how much longer a body of messages or text may take for each mebibyte of it: some twenty times what the slowest of them takes.
const perMebibyte = time.Second

// overdue reports whether inspection has taken longer than a body of this length may. A document has a bound of its own.
func (in *Inspector) overdue() bool {
	return in.stage <= streaming && in.elapsed > in.engine.options.Deadline+time.Duration(in.written>>20)*perMebibyte
}

// giveUp leaves the rest of a body that takes too long uninspected: rules that act block it.
func (in *Inspector) giveUp() {
	in.Fail(rules.Deadline)
	if in.stage != stopped {
		in.pass()
	}
}

// Flush says that no more bytes are at hand: what can be told from those that came is told now.
func (in *Inspector) Flush() {
	if in.stage == sniffing && len(in.window.bytes) > 0 {
		in.hurried = true
		begin := time.Now()
		in.guard(func() { in.decide(extract.Sniff(in.window.bytes, in.body.ContentType, in.body.Name), false) })
		in.settleClock(begin)
	}
}

// Fail says that the rest of the body cannot be had as it was meant (a coding that lies, a limit). Status becomes Partial,
// or Unscannable when nothing had been read. It may be followed by Close.
func (in *Inspector) Fail(reason rules.Reason) {
	if in.evidence.Status == rules.Complete {
		in.evidence.Status, in.evidence.Reason = rules.Partial, reason
		if in.read == 0 {
			in.evidence.Status = rules.Unscannable
		}
	}
	in.judge(in.floor)
}

// Close says that the body has ended. Documents are read now.
func (in *Inspector) Close() error {
	begin := time.Now()
	in.guard(in.end)
	if in.stage != stopped {
		in.stage = finished
		in.cleared = in.written
		if in.rewritten {
			in.cleared = in.spool.Size()
		}
		in.remember()
	}
	in.settleClock(begin)
	return nil
}

// Cleared is how many bytes of the body, from its start, are judged and may leave. It never shrinks. Of a document that was
// redacted it is the length of the new one.
func (in *Inspector) Cleared() int64 { return in.cleared }

// Verdict stands at every moment and only ever rises.
func (in *Inspector) Verdict() rules.Verdict { return in.verdict }

// Report is what is known so far.
func (in *Inspector) Report() Report {
	return Report{Evidence: in.evidence, Findings: inOrder(in.places), Bytes: in.written, Repeated: in.repeated, HoldBack: in.holding, Elapsed: in.elapsed, Panic: in.panicked}
}

// guard runs a step; a panic in it makes this one body uninspected and nothing else.
func (in *Inspector) guard(step func()) {
	defer func() {
		if recover() != nil {
			in.panicked = PanicPlace()
			in.evidence.Status, in.evidence.Reason = rules.Partial, rules.Internal
			in.judge(in.floor)
			if in.stage != stopped {
				in.pass()
			}
		}
	}()
	step()
}

// settleClock books the time since begin and how long bytes have waited.
func (in *Inspector) settleClock(begin time.Time) {
	now := time.Now()
	in.elapsed += now.Sub(begin)
	in.holding = max(in.holding, now.Sub(in.waited))
	if in.cleared >= in.written || in.stage == stopped {
		in.waited = time.Time{}
	} else if in.cleared > in.released {
		in.waited = begin
	}
}

// take sends new bytes the way their stage wants.
func (in *Inspector) take(p []byte) {
	for len(p) > 0 && in.stage != stopped {
		step := p[:min(len(p), stepSize)]
		p = p[len(step):]
		switch in.stage {
		case sniffing:
			in.window.append(step)
			if len(in.window.bytes) >= extract.SniffLength {
				in.decide(extract.Sniff(in.window.bytes[:extract.SniffLength], in.body.ContentType, in.body.Name), false)
			} else if format, sure := extract.SniffEarly(in.window.bytes, in.body.ContentType); sure {
				in.decide(format, false)
			}
		case streaming:
			in.window.append(step)
			in.stream(false)
		case spooling:
			in.keep(step)
		case opaque:
			in.window.append(step)
			in.cleared = in.window.end()
		}
	}
}

// decide starts on the bytes that came, in the format they are in.
func (in *Inspector) decide(format rules.Format, final bool) {
	in.evidence.Format = format
	options := in.extractOptions()
	options.Head = in.window.bytes[:min(len(in.window.bytes), extract.SniffLength)]
	in.reader = extract.NewReader(format, options)
	in.fixed = in.fixed || format == rules.GRPC // lengths stand before what they count
	switch {
	case in.reader != nil:
		in.stage = streaming
		in.judge(0)
		in.stream(final)
	case extract.NewDocument(format) != nil:
		in.stage = spooling
		in.keep(in.window.bytes)
		in.window.bytes = in.window.bytes[:0]
	case format == rules.Image || format == rules.Media || format == rules.Font || format == rules.Empty:
		in.judge(0)
		in.pass()
	default:
		in.evidence.Status, in.evidence.Reason = rules.Unscannable, rules.UnknownFormat
		if in.judge(0); in.stage == stopped {
			return
		}
		in.reader = extract.NewReader(rules.Text, options) // whatever reads as text in it
		in.stage = streaming
		in.stream(final)
	}
}

// pass lets the rest of the body through as it comes.
func (in *Inspector) pass() {
	if in.stage != stopped {
		in.stage = opaque
		in.cleared = in.written
	}
}

// end reads what is left.
func (in *Inspector) end() {
	if in.stage == sniffing {
		in.decide(extract.Sniff(in.window.bytes, in.body.ContentType, in.body.Name), true)
	}
	switch in.stage {
	case streaming:
		in.stream(true)
	case spooling:
		in.readDocument()
	}
}

// judge brings the verdict up to date. When it becomes Block, what lies behind at does not leave.
func (in *Inspector) judge(at int64) {
	before := in.verdict.Action
	in.scope.Update(&in.verdict, &in.evidence)
	in.fewest, in.most = in.scope.SamePeople(in.evidence.People)
	if in.verdict.Action == rules.Redact && in.redactAt < 0 {
		in.redactAt = at
	}
	if in.verdict.Action == rules.Block && before != rules.Block && !in.engine.options.Throughout {
		in.stage = stopped
		in.cleared = max(in.cleared, at)
		if in.formatAt > 0 && in.formatAt >= in.cleared { // it was read by chance, as it came with what stopped the body
			in.evidence.Format = in.headFormat
		}
	}
}
