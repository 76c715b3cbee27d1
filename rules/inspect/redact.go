package inspect

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"slices"
	"sort"
	"unicode/utf8"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// An edit is a stretch of the body that belongs to a value. A value that is interrupted by markup has several.
type edit struct {
	start, end int64
	key        uint64 // the value's pseudonym; 0 when none is wanted
	detector   int32
	first      bool  // the value begins here
	last       bool  // the value ends here
	number     bool  // it stands bare in JSON: what replaces it must be a number
	record     int64 // not 0: the edit is made only if this record turns out to be a person
}

// maskByte stands for each byte of a masked value, so that the length stays.
const maskByte = '*'

// leastShare is the part of a value that a mask always hides: what is kept at its end is never more than one byte in three.
const leastShare = 3

// addEdits remembers where the body would have to change for the value of a hit to go. Bytes between its parts that are not
// of the value (tags, characters without width) are left alone.
func (in *Inspector) addEdits(hit *detect.Hit, cell *extract.Cell) {
	number := cell != nil && (in.evidence.Format == rules.JSON || in.evidence.Format == rules.NDJSON) && in.isBare(cell)
	key := in.pseudonym(hit)
	for at := hit.Start; at < hit.End; {
		end := min(runEnd(&in.batch, at), hit.End)
		e := edit{start: in.batch.BodyOffset(at), end: in.batch.BodyEnd(end), key: key, detector: int32(hit.Detector),
			first: at == hit.Start, last: end == hit.End, number: number, record: in.doubt(hit, cell)}
		place := len(in.edits)
		for place > 0 && in.edits[place-1].start > e.start {
			place--
		}
		if place == len(in.edits) {
			in.edits = append(in.edits, e)
		} else {
			in.edits = slices.Insert(in.edits, place, e)
		}
		at = end
	}
}

// pseudonym is what stands for the value of a hit where it is redacted by hash; 0 when nothing is.
func (in *Inspector) pseudonym(hit *detect.Hit) uint64 {
	if !in.mayHash {
		return 0
	}
	return in.engine.options.Detectors.Key(in.batch.Text, hit)
}

// doubt is the record that has to be a person for a hit to be redacted; 0 when the hit is sure enough by itself.
func (in *Inspector) doubt(hit *detect.Hit, cell *extract.Cell) int64 {
	if hit.Confidence >= rules.Medium || in.people.isPerson(cell.Record) {
		return 0
	}
	in.tentative++
	return cell.Record
}

// confirmEdits makes sure of the edits that waited for a record to be a person.
func (in *Inspector) confirmEdits(record int64) {
	for i := range in.edits {
		if in.edits[i].record == record {
			in.edits[i].record = 0
			in.tentative--
		}
	}
	for i := len(in.cellEdits) - 1; i >= 0 && in.tentative > 0; i-- {
		if in.cellEdits[i].record == record {
			in.cellEdits[i].record = 0
			in.tentative--
		}
	}
}

// runEnd is the end of the stretch of text around an offset that stems from one stretch of the body.
func runEnd(b *extract.Batch, text int) int {
	last := len(b.Map) - 1
	if last < 0 || b.Map[last].Text <= text { // as mostly
		return len(b.Text)
	}
	next := sort.Search(last, func(i int) bool { return b.Map[i].Text > text })
	if next <= last {
		return b.Map[next].Text
	}
	return len(b.Text)
}

// isBare reports whether a JSON value stands without quotes.
func (in *Inspector) isBare(cell *extract.Cell) bool {
	behind := in.window.from(in.batch.BodyEnd(cell.End))
	return len(behind) == 0 || behind[0] != '"'
}

// KeepLength says that the length of the body is promised: from now on redaction is by masks only.
func (in *Inspector) KeepLength() { in.fixed = true }

// Changed reports whether what Release has written or would write now differs from what was written in.
func (in *Inspector) Changed() bool {
	return in.changed || slices.ContainsFunc(in.edits, func(e edit) bool { return e.start < in.cleared && e.end > in.released && in.applies(&e) })
}

// Pending reports whether Release would write something.
func (in *Inspector) Pending() bool { return in.cleared > in.released }

// Release writes to w what may leave and has not left yet, redacted where the verdict says so. An error is the writer's.
func (in *Inspector) Release(w io.Writer) (int64, error) {
	if in.spool.Size() > in.released && in.cleared > in.released {
		n, err := in.releaseSpool(w)
		if err != nil || in.cleared <= in.released {
			return n, err
		}
		more, err := in.releaseWindow(w)
		return n + more, err
	}
	return in.releaseWindow(w)
}

func (in *Inspector) releaseSpool(w io.Writer) (int64, error) {
	n, err := io.Copy(w, io.NewSectionReader(&in.spool, in.released, min(in.cleared, in.spool.Size())-in.released))
	in.released += n
	return n, err
}

func (in *Inspector) releaseWindow(w io.Writer) (int64, error) {
	var written int64
	limit := in.cleared
	done := 0
	for ; done < len(in.edits) && in.edits[done].start < limit; done++ {
		e := &in.edits[done]
		if e.end <= in.released || !in.applies(e) {
			continue
		}
		if e.end > limit {
			limit = max(e.start, in.released)
			break
		}
		n, err := in.releaseTo(w, max(e.start, in.released))
		written += n
		if err != nil {
			return written, err
		}
		m, err := w.Write(in.replacement(e))
		written += int64(m)
		in.released, in.changed = e.end, true
		if err != nil {
			return written, err
		}
	}
	n, err := in.releaseTo(w, limit)
	for i := range in.edits[:done] {
		if in.edits[i].record != 0 {
			in.tentative--
		}
	}
	in.edits = slices.Delete(in.edits, 0, done)
	in.forgetBody()
	return written + n, err
}

func (in *Inspector) releaseTo(w io.Writer, end int64) (int64, error) {
	if end <= in.released {
		return 0, nil
	}
	n, err := w.Write(in.window.between(in.released, end))
	in.released += int64(n)
	return int64(n), err
}

// applies reports whether the verdict wants an edit made.
func (in *Inspector) applies(e *edit) bool {
	return e.record == 0 && in.redactAt >= 0 && e.start >= in.redactAt && in.wanted(e.detector)
}

// wanted reports whether the verdict redacts what a detector finds.
func (in *Inspector) wanted(detector int32) bool {
	wanted := in.verdict.Redacted
	return len(wanted) == 0 || slices.Contains(wanted, in.engine.options.Detectors.Detectors()[detector].ID)
}

// replacement is what stands in the place of an edit. It is valid until the next call.
func (in *Inspector) replacement(e *edit) []byte {
	style := in.verdict.Redaction.Style
	in.scratch = in.scratch[:0]
	switch {
	case style == rules.Mask || in.fixed:
		return in.mask(e)
	case !e.first:
	case e.number:
		in.scratch = append(in.scratch, '0')
	default:
		in.scratch = in.appendReplacement(in.scratch, nil, e.detector, e.key)
	}
	if t, ok := in.reader.(extract.Transcoder); ok && len(in.scratch) > 0 {
		plain := len(in.scratch)
		in.scratch = t.Encode(in.scratch, in.scratch)
		return in.scratch[plain:]
	}
	return in.scratch
}

// appendReplacement appends what stands for a whole value: for each of its characters under a mask.
func (in *Inspector) appendReplacement(to, value []byte, detector int32, key uint64) []byte {
	switch in.verdict.Redaction.Style {
	case rules.Mask:
		characters := utf8.RuneCount(value)
		keep := min(in.verdict.Redaction.KeepLast, characters/leastShare)
		for range characters - keep {
			to = append(to, maskByte)
		}
		kept := len(value)
		for range keep {
			_, size := utf8.DecodeLastRune(value[:kept])
			kept -= size
		}
		to = append(to, value[kept:]...)
	case rules.Label:
		to = append(append(append(to, '['), in.engine.options.Detectors.Detectors()[detector].ID...), ']')
	case rules.Hash:
		to = hex.AppendEncode(append(to, '#'), binary.BigEndian.AppendUint64(nil, key))
	}
	return to
}

// mask appends a mask of the same length in bytes. A bare number stays one.
func (in *Inspector) mask(e *edit) []byte {
	value := in.window.between(e.start, e.end)
	if t, ok := in.reader.(extract.Transcoder); ok {
		in.scratch = append(in.scratch, maskByte)
		in.scratch = t.Encode(in.scratch, in.scratch)
		in.scratch = in.scratch[:copy(in.scratch, in.scratch[1:])]
		if len(in.scratch) > 1 { // UTF-16 or UTF-32
			for len(in.scratch)*2 <= len(value) {
				in.scratch = append(in.scratch, in.scratch...)
			}
			in.scratch = append(in.scratch, in.scratch[:len(value)-len(in.scratch)]...)
			return in.scratch
		}
		in.scratch = in.scratch[:0]
	}
	if e.number {
		in.scratch = append(in.scratch, '1')
		for range len(value) - 1 {
			in.scratch = append(in.scratch, '0')
		}
		return in.scratch
	}
	in.scratch = slices.Grow(in.scratch, len(value))[:len(value)]
	for i := range in.scratch {
		in.scratch[i] = maskByte
	}
	if keep := min(in.verdict.Redaction.KeepLast, len(value)/leastShare); e.last && keep > 0 && isASCII(value[len(value)-keep:]) {
		copy(in.scratch[len(value)-keep:], value[len(value)-keep:])
	}
	return in.scratch
}

func isASCII(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c >= utf8.RuneSelf })
}
