package inspect

import (
	"bytes"
	"slices"
	"time"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
	"stanch/rules/match"
)

// Bounds of what is read within encoded runs.
const (
	maxEncodedDepth = 3        // runs within runs
	maxEncodedFile  = 1 << 20  // bytes of a document that stands encoded in a flat body
	shortEncoded    = 256      // bytes of text that are one value of the record around them, no text of their own
	keptEncoded     = 64 << 10 // bytes of a buffer that the next body may have
	tailEncoded     = 4 << 10  // bytes of decoded text that wait for the end of their line, at most
)

// encodedRecords is the distance between the record numbers of one run and the next, and those of the body itself.
const encodedRecords = int64(1) << 40

// A lane is what is judged at one time: the text of the body, or that of a run in it.
type lane struct {
	batch   extract.Batch
	scanned int
	reading cellReading
	prosed  int
	cell    int
	waiting []match.Candidate
	search  extract.EncodedSearch
	run     *encodedRun
	inside  *encodedPlace
}

// An encodedRun is what is known of a run of digits that stands for text or for a document.
type encodedRun struct {
	open     bool // a piece was read, others follow
	ignored  bool // nothing reads it
	depth    int
	from     int // in the text around it: what is not judged yet stems from here or behind
	reader   extract.Reader
	document rules.Format // Unrecognized for what a Reader reads
	decoded  []byte       // not yet done with by the reader
	offset   int64        // of decoded[0] in all that was decoded
	batch    extract.Batch
	place    encodedPlace
	waiting  []match.Candidate
	within   *encodedRun // for runs in it
}

// An encodedPlace is where a run stands in the body.
type encodedPlace struct {
	start, end     int64 // of the piece; -1 in documents
	record, parent int64 // of the cell it stands in
	base           int64 // added to the numbers of its own records
	short          bool
	where          string
	found          []int32 // detectors of what must not stay, each once
}

// nextEncoded looks for the next run in the text that was not judged, and returns where it begins. Nothing behind is judged before it. It
// returns the same one until that is taken.
func (in *Inspector) nextEncoded(final bool) (run extract.Encoded, found bool) {
	if !in.isNext {
		in.nextRun, in.isNext = in.search.Next(in.batch.Text, final)
	}
	return in.nextRun, in.isNext
}

// held is the offset in the text from which on something waits for a run to end.
func (in *Inspector) held() int {
	at := in.search.At()
	if in.isNext {
		at = in.nextRun.Start
	}
	if in.encoded.open {
		return min(in.encoded.from, at)
	}
	return at
}

// readEncoded judges what a run, or a piece of one, stands for.
func (in *Inspector) readEncoded(piece extract.Encoded) {
	in.isNext = false
	in.visit(piece.Start + 1)
	if in.stage == stopped {
		return
	}
	run := in.encoded
	if piece.First {
		run.begin(piece.Start)
		in.runs++
	}
	cell := in.cellOf(&match.Candidate{Start: piece.Start})
	in.placeEncoded(run, piece, cell)
	if !run.ignored {
		run.decoded = piece.Decode(run.decoded, in.batch.Text)
	}
	if piece.First {
		in.sniffEncoded(run)
	}
	start := run.from
	run.open = !piece.Last
	switch {
	case run.ignored:
		run.from = piece.End
	case run.document != rules.Unrecognized:
		in.readEncodedFile(run)
	default:
		done := run.offset
		run.offset += int64(run.reader.Read(&run.batch, run.decoded, run.offset, piece.Last))
		run.decoded = run.decoded[:copy(run.decoded, run.decoded[run.offset-done:])]
		in.judgeEncodedText(run, piece)
	}
	in.hideEncoded(run, start, piece.End, cell)
}

// reset forgets all of a body, and the buffers that it made large.
func (run *encodedRun) reset() {
	for ; run != nil; run = run.within {
		clear(run.batch.Cells[:cap(run.batch.Cells)])
		run.begin(0)
		if cap(run.decoded) > keptEncoded || cap(run.batch.Text) > keptEncoded {
			run.decoded, run.batch = nil, extract.Batch{}
		}
	}
}

// begin forgets the run before.
func (run *encodedRun) begin(at int) {
	*run = encodedRun{depth: run.depth, from: at, decoded: run.decoded[:0], waiting: run.waiting[:0], within: run.within,
		batch: extract.Batch{Text: run.batch.Text[:0], Cells: run.batch.Cells[:0], Map: run.batch.Map[:0]},
		place: encodedPlace{found: run.place.found[:0]}}
}

// placeEncoded says where a piece stands, and that what comes of it takes effect there.
func (in *Inspector) placeEncoded(run *encodedRun, piece extract.Encoded, cell *extract.Cell) {
	place := &run.place
	place.found = place.found[:0]
	place.short = piece.First && piece.Last && piece.End-piece.Start <= shortEncoded
	place.base = int64(in.runs) * encodedRecords
	place.record, place.parent, place.where = 0, 0, in.batch.Where
	if cell != nil {
		place.record, place.parent, place.where = cell.Record, cell.Parent, cell.Where
	}
	if outer := in.inside; outer != nil {
		place.start, place.end = outer.start, outer.end
		place.record, place.parent = outer.of(place.record, place.parent)
		if place.where == "" {
			place.where = outer.where
		}
		return
	}
	place.start, place.end = -1, -1
	if in.stage == spooling {
		return
	}
	place.start, place.end = in.batch.BodyOffset(run.from), in.batch.BodyEnd(piece.End)
	record := place.start
	if cell != nil {
		record = in.recordStart(cell, place.start)
	}
	in.raiseFloor(place.start, record)
}

// of leads the record of a cell in a run to the numbers of the body.
func (p *encodedPlace) of(record, parent int64) (int64, int64) {
	switch {
	case record == 0 && p.short:
		return p.record, p.parent
	case record == 0:
		return 0, 0
	case parent == 0:
		return record + p.base, p.record
	}
	return record + p.base, parent + p.base
}

// sniffEncoded chooses what reads a run, by its first bytes.
func (in *Inspector) sniffEncoded(run *encodedRun) {
	head := run.decoded[:min(len(run.decoded), extract.SniffLength)]
	format := extract.Sniff(head, "", "")
	if run.depth > maxEncodedDepth {
		run.ignored = true
		in.leaveEncoded(rules.TooDeep)
		return
	}
	options := in.encodedOptions()
	options.Head = head
	if run.reader = extract.NewReader(format, options); run.reader != nil {
		return
	}
	switch {
	case format == rules.Image || format == rules.Media || format == rules.Font || format == rules.Binary || extract.NewDocument(format) == nil:
		run.ignored = true
	default:
		run.document = format
	}
}

// encodedOptions are those of the body, but for what is declared of it.
func (in *Inspector) encodedOptions() extract.Options {
	if in.until.IsZero() {
		in.until = time.Now().Add(in.engine.options.Deadline)
	}
	until := in.until
	limits := in.engine.options.Limits
	limits.SpoolDir = in.engine.options.SpoolDir
	limits.Stop = func() bool { return time.Now().After(until) }
	return extract.Options{Places: in.engine.options.Places, Limits: limits}
}

// leaveEncoded says that something encoded was not read.
func (in *Inspector) leaveEncoded(reason rules.Reason) {
	if in.evidence.Status == rules.Complete && reason != rules.NoReason {
		in.evidence.Status, in.evidence.Reason = rules.Partial, reason
		in.judge(in.floor)
	}
}

// readEncodedFile reads a document that is complete. Until then all of it waits.
func (in *Inspector) readEncodedFile(run *encodedRun) {
	if len(run.decoded) > maxEncodedFile {
		run.ignored = true
		in.leaveEncoded(rules.TooLarge)
		return
	}
	if run.open {
		return
	}
	_, _, reason := extract.NewDocument(run.document).Read(bytes.NewReader(run.decoded), int64(len(run.decoded)), in.encodedOptions(),
		func(batch *extract.Batch) { in.judgeEncoded(run, *batch) })
	in.leaveEncoded(reason)
}

// judgeEncodedText judges what a piece has brought: all of it at the end of a run, else what lies before the last line end, if
// that is near. The rest waits, and with it as much of the body as it may stem from.
func (in *Inspector) judgeEncodedText(run *encodedRun, piece extract.Encoded) {
	text := run.batch.Text
	cut := len(text)
	if run.open {
		tail := max(len(text)-tailEncoded, 0)
		if i := bytes.LastIndexByte(text[tail:], '\n'); i >= 0 {
			cut = tail + i + 1
		}
	}
	front := run.batch
	cells := len(front.Cells)
	for cells > 0 && front.Cells[cells-1].End > cut {
		cells--
		cut = min(cut, front.Cells[cells].Start)
	}
	front.Text, front.Cells = text[:cut], front.Cells[:cells]
	in.judgeEncoded(run, front)
	run.batch.Drop(cut)
	run.from = piece.End
	if run.open {
		run.from = max(piece.Start, piece.End-2*(len(run.batch.Text)+len(run.decoded))-8)
	}
}

// judgeEncoded judges text of a run that is complete in itself.
func (in *Inspector) judgeEncoded(run *encodedRun, batch extract.Batch) {
	if in.stage == stopped {
		return
	}
	if run.within == nil {
		run.within = &encodedRun{depth: run.depth + 1}
	}
	outer := lane{in.batch, in.scanned, in.reading, in.prosed, in.cell, in.waiting, in.search, in.encoded, in.inside}
	in.use(lane{batch: batch, waiting: run.waiting[:0], run: run.within, inside: &run.place})
	in.encoded.open = false
	defer in.use(outer)
	in.scan(true)
	run.waiting = in.waiting
}

// use takes the Inspector to another text.
func (in *Inspector) use(l lane) {
	in.batch, in.scanned, in.reading, in.prosed, in.cell, in.waiting, in.search, in.encoded, in.inside = l.batch, l.scanned, l.reading, l.prosed, l.cell, l.waiting, l.search, l.run, l.inside
	in.nearby.Reset()
}

// acceptEncoded books a hit in a run: as a finding and towards people, as any other.
func (in *Inspector) acceptEncoded(hit *detect.Hit, cell *extract.Cell) {
	place := in.inside
	if hit.Confidence < in.leastAsked {
		return
	}
	if in.mayRedact && hit.Confidence >= rules.Medium && !slices.Contains(place.found, int32(hit.Detector)) {
		place.found = append(place.found, int32(hit.Detector))
	}
	if in.engine.options.Places {
		in.addEncodedPlace(hit, cell)
	}
	changed := in.addCount(hit.Detector, hit.Confidence)
	if hit.Confidence >= rules.Medium {
		changed = in.addPerson(hit, cell, 0) || changed
	}
	if in.tentative > 0 && place.record != 0 && in.people.isPerson(place.record) {
		in.confirmEdits(place.record)
	}
	if changed {
		in.judge(in.floor)
	}
}

func (in *Inspector) addEncodedPlace(hit *detect.Hit, cell *extract.Cell) {
	place, set := in.inside, in.engine.options.Detectors
	where := ""
	if cell != nil {
		where = cell.Where
	}
	detector := &set.Detectors()[hit.Detector]
	finding := rules.Finding{Detector: detector.ID, Confidence: hit.Confidence, Strength: detector.Strength, Start: place.start, End: place.end,
		Where: joinWhere(place.where, where), Masked: string(set.Mask(nil, hit.Detector, in.batch.Text[hit.Start:hit.End]))}
	if place.start < 0 {
		finding.End = 0
	} else {
		finding.Line = in.lines.at(&in.window, place.start)
	}
	in.places = append(in.places, finding)
}

// joinWhere is the place of something within a run that stands at a place.
func joinWhere(outer, inner string) string {
	if outer == "" {
		outer = "encoded"
	}
	if inner == "" {
		return outer + " → decoded"
	}
	return outer + " → decoded → " + inner
}

// hideEncoded makes the digits of [start, end) go where the verdict redacts what was found in them: a value cannot be rewritten in
// the middle of what is encoded, so that all of the piece goes.
func (in *Inspector) hideEncoded(run *encodedRun, start, end int, cell *extract.Cell) {
	for _, detector := range run.place.found {
		if outer := in.inside; outer != nil {
			if !slices.Contains(outer.found, detector) {
				outer.found = append(outer.found, detector)
			}
			continue
		}
		hit := &detect.Hit{Start: start, End: end, Detector: int(detector), Confidence: rules.High}
		if in.stage == spooling {
			in.addCellEdit(hit, cell)
		} else {
			in.addEdits(hit, cell)
		}
	}
	run.place.found = run.place.found[:0]
}
