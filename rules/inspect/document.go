package inspect

import (
	"bytes"
	"errors"
	"hash/maphash"
	"slices"
	"sort"
	"time"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// maxDocumentEdits bounds what is remembered of one document for its redaction, about 40 MiB; one with more to redact is blocked.
const maxDocumentEdits = 1 << 20

// A cellEdit is a value, or a part of one, that a redaction of a document would change.
type cellEdit struct {
	cell       int    // running number of the cell over the whole document
	start, end int    // within the cell's text
	text       uint64 // of the cell, hashed: the second reading must give the same
	detector   int32
	key        uint64
	record     int64 // as of an edit
}

var errOtherCells = errors.New("inspect: the second reading of a document gave other cells than the first")

// keep spools a part of a document. A document that does not fit cannot be inspected.
func (in *Inspector) keep(p []byte) {
	n, err := in.spool.Write(p)
	if err == nil && in.spool.Size() <= in.engine.options.Document {
		return
	}
	in.evidence.Status, in.evidence.Reason = rules.Unscannable, rules.TooLarge
	if err != nil {
		in.evidence.Reason = extract.ReasonOf(err)
	}
	if in.judge(0); in.stage == stopped {
		return
	}
	in.window.base = in.spool.Size()
	in.window.append(p[n:]) // what did not reach the spool is not lost
	in.pass()
}

// readDocument reads the spooled document and judges what is in it. Nothing of it has left before.
func (in *Inspector) readDocument() {
	document := extract.NewDocument(in.evidence.Format)
	own := in.batch
	format, status, reason := document.Read(&in.spool, in.spool.Size(), in.extractOptions(), in.judgeBatch)
	in.batch = own
	in.evidence.Format = format
	if in.evidence.Status == rules.Complete {
		in.evidence.Status, in.evidence.Reason = status, reason
	}
	in.judge(0)
	if in.verdict.Action == rules.Redact && in.redactDocument() != nil {
		in.verdict.Action, in.verdict.Unredactable = rules.Block, true
		in.stage = stopped
	}
}

func (in *Inspector) extractOptions() extract.Options {
	options := &in.engine.options
	limits := options.Limits
	limits.SpoolDir, limits.Quota = options.SpoolDir, in.engine.quota
	end := time.Now().Add(options.Deadline)
	limits.Stop = func() bool { return time.Now().After(end) }
	return extract.Options{Places: options.Places, ContentType: in.body.ContentType, Name: in.body.Name, Limits: limits}
}

// judgeBatch judges a stretch of a document's text that is complete in itself.
func (in *Inspector) judgeBatch(batch *extract.Batch) {
	if in.stage == stopped {
		return
	}
	in.batch = *batch
	in.nearby.Reset()
	in.search.Reset()
	in.scanned, in.cell, in.prosed, in.waiting, in.encoded.open = 0, 0, 0, in.waiting[:0], false
	in.reading, in.isNext = cellReading{}, false
	in.scan(true)
	in.cells += len(batch.Cells)
}

// addCellEdit remembers what of a document would have to change for the value of a hit to go: parts of several cells when it
// runs over the ends of paragraphs.
func (in *Inspector) addCellEdit(hit *detect.Hit, cell *extract.Cell) {
	end := hit.End
	if cell != nil {
		end = min(end, cell.End)
	}
	at := hit.Start
	i := sort.Search(len(in.batch.Cells), func(i int) bool { return in.batch.Cells[i].End > hit.Start })
	for ; i < len(in.batch.Cells) && in.batch.Cells[i].Start < end; i++ {
		c := &in.batch.Cells[i]
		if len(bytes.TrimSpace(in.batch.Text[at:max(at, c.Start)])) > 0 || len(in.cellEdits) >= maxDocumentEdits {
			break
		}
		start := max(hit.Start, c.Start)
		at = min(end, c.End)
		in.cellEdits = append(in.cellEdits, cellEdit{cell: in.cells + i, start: start - c.Start, end: at - c.Start,
			detector: int32(hit.Detector), key: in.pseudonym(hit), record: in.doubt(hit, cell),
			text: maphash.Bytes(in.engine.seed, in.batch.Text[c.Start:c.End])})
	}
	if len(bytes.TrimSpace(in.batch.Text[at:end])) > 0 {
		in.unredactable = true
	}
}

// redactDocument writes the document anew without what the verdict wants redacted. It reads it a second time.
func (in *Inspector) redactDocument() error {
	if in.unredactable || !extract.Redactable(in.evidence.Format) {
		return extract.ErrNotRedactable
	}
	if in.engine.options.Throughout {
		return nil // nothing is sent
	}
	edits := slices.DeleteFunc(in.cellEdits, func(e cellEdit) bool { return e.record != 0 || !in.wanted(e.detector) })
	slices.SortStableFunc(edits, func(a, b cellEdit) int { return a.cell - b.cell })
	cell, failed := 0, false
	redacted := in.engine.spool()
	err := extract.Redact(&redacted, &in.spool, in.spool.Size(), in.evidence.Format, in.extractOptions(), func(text []byte, _ *extract.Cell) ([]byte, bool) {
		first := edits
		for len(edits) > 0 && edits[0].cell == cell {
			failed = failed || edits[0].text != maphash.Bytes(in.engine.seed, text)
			edits = edits[1:]
		}
		cell++
		if of := first[:len(first)-len(edits)]; len(of) > 0 && !failed {
			return in.redactCell(text, of), true
		}
		return nil, false
	})
	if err == nil && (failed || len(edits) > 0) {
		err = errOtherCells
	}
	if err != nil {
		redacted.Free()
		return err
	}
	in.spool.Free()
	in.spool, in.changed, in.rewritten = redacted, true, true
	return nil
}

// redactCell is the text of a cell with its edits made. It is valid until the next call.
func (in *Inspector) redactCell(text []byte, edits []cellEdit) []byte {
	slices.SortFunc(edits, func(a, b cellEdit) int { return a.start - b.start })
	in.scratch = in.scratch[:0]
	done := 0
	for _, e := range edits {
		if e.end <= done {
			continue
		}
		start := max(e.start, done)
		in.scratch = append(in.scratch, text[done:start]...)
		if start == e.start || in.verdict.Redaction.Style == rules.Mask {
			in.scratch = in.appendReplacement(in.scratch, text[start:e.end], e.detector, e.key)
		}
		done = e.end
	}
	in.scratch = append(in.scratch, text[done:]...)
	return in.scratch
}
