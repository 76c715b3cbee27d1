package inspect

import (
	"bytes"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
	"stanch/rules/match"
)

// history is how much settled text stays, for what stands before a candidate.
const history = max(match.Lookbehind, detect.ContextBefore) + 160

// stream reads what came, judges what can be judged, and clears what lies before all that may still matter.
func (in *Inspector) stream(final bool) {
	if in.stage == stopped {
		return
	}
	in.read += int64(in.reader.Read(&in.batch, in.window.from(in.read), in.read, final))
	in.readMore()
	in.scan(final)
	if late, ok := in.reader.(troubledLate); ok && in.stage != stopped {
		in.raiseFloor(min(late.TroubleAt(), in.read), min(late.TroubleAt(), in.read))
		in.readTrouble()
	}
	if in.stage != stopped {
		in.clear(final)
		in.forget()
	}
}

// readMore takes over what the reader has learned about the body as a whole.
func (in *Inspector) readMore() {
	if f := in.reader.Format(); f != in.evidence.Format && in.evidence.Status != rules.Unscannable {
		if late, ok := in.reader.(formattedLate); ok {
			in.headFormat, in.formatAt = in.evidence.Format, late.FormatAt()
		}
		in.evidence.Format = f
		in.judge(in.floor)
	}
	if _, late := in.reader.(troubledLate); !late {
		in.readTrouble()
	}
}

// A formattedLate is a Reader that may learn in the middle of a body that its format is another, and from which offset on.
type formattedLate interface{ FormatAt() int64 }

// A troubledLate is a Transcoder that may meet trouble in the middle of a body: what stands before is judged first.
type troubledLate interface{ TroubleAt() int64 }

// readTrouble takes over why the reader cannot read all.
func (in *Inspector) readTrouble() {
	if t, ok := in.reader.(extract.Transcoder); ok && in.evidence.Status == rules.Complete && t.Trouble() != rules.NoReason {
		in.evidence.Status, in.evidence.Reason = rules.Partial, t.Trouble()
		in.judge(in.floor)
	}
}

// scan judges, in their order in the text, every candidate and every cell that needs nothing more behind it.
func (in *Inspector) scan(final bool) {
	in.readForms(final)
	run, found := in.nextEncoded(final)
	for in.stage != stopped {
		if !found && len(in.waiting) == 0 {
			in.judgeForms(final)
		}
		cell, limit, closed := in.nextFormed(run, found, final)
		if cell == nil || !in.sideBySide(cell) {
			in.searchTo(limit, closed)
		}
		if run, found = in.settle(run, found, final); cell == nil || len(in.waiting) > 0 || in.stage == stopped {
			break
		}
		in.judgeGroup(in.reading.next + 1)
	}
	in.visit(in.frontier())
	in.readProse(final)
}

// settle judges the candidates that were found and the encoded runs before where the search has come to, until one needs more behind it.
// It is given the next run, and returns it.
func (in *Inspector) settle(run extract.Encoded, found, final bool) (extract.Encoded, bool) {
	settled := 0
	for in.stage != stopped {
		if settled < len(in.waiting) && (!found || in.waiting[settled].Start < run.Start) {
			candidate := &in.waiting[settled]
			if !final && (!in.complete(candidate) || candidate.Start >= in.search.At()) {
				break
			}
			settled++
			in.judgeCandidate(candidate)
			continue
		}
		if !found || run.Start > in.scanned {
			break
		}
		in.readEncoded(run)
		run, found = in.nextEncoded(final)
	}
	in.waiting = in.waiting[:copy(in.waiting, in.waiting[settled:])]
	return run, found
}

// judgeCandidate asks the detectors what a candidate is.
func (in *Inspector) judgeCandidate(candidate *match.Candidate) {
	in.visit(candidate.Start + 1)
	cell := in.cellOf(candidate)
	if cell != nil && candidate.End > cell.End {
		return
	}
	in.hits = in.engine.options.Detectors.Judge(in.hits[:0], in.batch.Text, candidate, in.fieldOf(cell))
	for i := range in.hits {
		in.accept(&in.hits[i], cell, candidate.Start)
	}
}

// frontier is how far the text is judged.
func (in *Inspector) frontier() int {
	judged := min(in.scanned, in.held())
	if len(in.waiting) > 0 {
		return min(judged, in.waiting[0].Start)
	}
	return judged
}

// complete reports whether all that a detector looks at behind the candidate is there.
func (in *Inspector) complete(candidate *match.Candidate) bool {
	behind := in.batch.Text[candidate.End:]
	return len(behind) >= detect.ContextAfter || bytes.IndexByte(behind, '\n') >= 0
}

// visit judges the cells that start before an offset of the text by their column's label alone, where that says something.
func (in *Inspector) visit(before int) {
	cells := in.batch.Cells
	for in.cell < len(cells) && cells[in.cell].Start < before && in.stage != stopped {
		cell := &cells[in.cell]
		in.cell++
		if cell.Column.Running {
			continue
		}
		cell.Column.Seen++
		if in.meaning(cell.Column)&wordy != 0 {
			in.visitCell(cell)
		}
	}
}

func (in *Inspector) visitCell(cell *extract.Cell) {
	field := in.fieldOf(cell)
	field.Floor = in.leastOfWords(in.meaning(cell.Column))
	in.hits = in.engine.options.Detectors.JudgeCell(in.hits[:0], in.batch.Text, field)
	in.acceptInColumn(cell)
}

// cellOf is the cell that a candidate starts in; nil for running text, in a cell or not. All cells up to its start have been visited.
func (in *Inspector) cellOf(candidate *match.Candidate) *extract.Cell {
	if in.cell == 0 {
		return nil
	}
	if cell := &in.batch.Cells[in.cell-1]; candidate.Start < cell.End && !cell.Column.Running {
		return cell
	}
	return nil
}

// fieldOf is what the detectors are told of a cell, valid until the next call. What is below the floor changes nothing, but in a
// column without a meaning: there the values of the rows may lift each other, those of the one detector that the column serves.
func (in *Inspector) fieldOf(cell *extract.Cell) *detect.Field {
	field := &in.field
	field.Nearby, field.Floor, field.Lifts = &in.nearby, in.leastAsked, 0
	if cell == nil {
		field.Label, field.Start, field.End = 0, 0, 0
		return field
	}
	field.Label, field.Start, field.End = labelOf(in.meaning(cell.Column)), cell.Start, cell.End
	if field.Label == 0 {
		field.Lifts = detect.LiftsAny
		if cell.Column.Valid > 0 {
			field.Lifts = int(cell.Column.Detector)
		}
	}
	return field
}

// leastOfWords is the floor for values that their column names. A name that no list knows may still be one; see isWordOf and
// people.addName.
func (in *Inspector) leastOfWords(meaning int32) rules.Confidence {
	if in.mayRedact || meaning&namesWhole != 0 {
		return rules.Low
	}
	return in.leastAsked
}

// What Column.Label holds: the label, times four, plus what is known of it, plus one, so that 0 is "not asked yet".
const (
	wordy      = 1 // detect.Set.Wordy
	namesWhole = 2 // detect.Set.NamesWhole
	relation   = 4 // the unit of detect.Relation
	labelUnit  = relation * detect.Relations
)

// meaning asks once per column what its header means. It returns the label, times labelUnit, and what is known of it.
func (in *Inspector) meaning(column *extract.Column) int32 {
	if column.Label == 0 {
		in.learn(column)
	}
	return column.Label - 1
}

func (in *Inspector) learn(column *extract.Column) {
	set := in.engine.options.Detectors
	label := set.Label([]byte(column.Header))
	column.Label = int32(label)*labelUnit + int32(detect.Relation([]byte(column.Header)))*relation + 1
	if set.NamesWhole(label) {
		column.Label += namesWhole
	}
	if set.Wordy(label, in.leastOfWords(column.Label-1)) {
		column.Label += wordy
	}
}

func labelOf(meaning int32) detect.Label { return detect.Label(meaning / labelUnit) }

// clear lets go what lies before the frontier, but not the record it lies in, unless that is longer than the window.
func (in *Inspector) clear(final bool) {
	frontier := in.frontier()
	position := in.read
	if frontier < len(in.batch.Text) {
		position = in.batch.BodyOffset(frontier)
	}
	if final {
		in.raiseFloor(position, position)
	} else {
		in.raiseFloor(position, in.recordAt(frontier, position))
	}
	in.cleared = max(in.cleared, in.floor)
}

// recordAt is where the record begins that goes on at the frontier; position where none does.
func (in *Inspector) recordAt(frontier int, position int64) int64 {
	if in.cell > 0 && in.batch.Cells[in.cell-1].End > frontier {
		return in.recordStart(&in.batch.Cells[in.cell-1], position)
	}
	if in.cell < len(in.batch.Cells) {
		return in.recordStart(&in.batch.Cells[in.cell], position)
	}
	if open := in.reader.RecordStart(); open >= 0 {
		return min(open, position)
	}
	return position
}

func (in *Inspector) recordStart(cell *extract.Cell, position int64) int64 {
	if cell.Record == 0 {
		return position
	}
	return min(cell.RecordBody, position)
}

// raiseFloor says that text is judged up to position, inside a record that began at record. The floor is what one-byte
// writes would have cleared by now: a cut or a redaction that is decided here takes effect there, however the body came.
func (in *Inspector) raiseFloor(position, record int64) {
	in.floor = max(in.floor, record, position-int64(in.engine.options.Window))
}

// forget drops text and bytes that nothing needs any more.
func (in *Inspector) forget() {
	keep := in.frontier()
	if in.cell < len(in.batch.Cells) {
		keep = min(keep, in.batch.Cells[in.cell].Start)
	}
	if in.engine.readsNames() {
		keep = min(keep, in.prosed)
	}
	if keep -= history; keep > len(in.batch.Text)/2 {
		before := len(in.batch.Cells)
		in.batch.Drop(keep)
		in.nearby.Reset()
		in.cell -= before - len(in.batch.Cells)
		in.scanned -= keep
		in.reading.drop(keep, before-len(in.batch.Cells))
		in.search.Drop(keep)
		in.nextRun.Start, in.nextRun.End = in.nextRun.Start-keep, in.nextRun.End-keep
		in.encoded.from -= keep
		in.prosed = max(in.prosed-keep, 0)
		for i := range in.waiting {
			in.waiting[i].Start -= keep
			in.waiting[i].End -= keep
		}
	}
	in.forgetBody()
}

// forgetBody drops released bytes that the reader is done with.
func (in *Inspector) forgetBody() {
	done := min(in.released, in.read)
	if in.stage != streaming {
		done = min(in.released, in.window.end())
	} else if in.engine.readsNames() && in.prosed < len(in.batch.Text) {
		done = min(done, in.batch.BodyOffset(in.prosed))
	}
	if done > in.window.base {
		in.lines.pass(&in.window, done)
		in.window.drop(done)
	}
}
