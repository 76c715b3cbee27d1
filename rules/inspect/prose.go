package inspect

import (
	"bytes"
	"cmp"
	"slices"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// longestLine is how much of a line without an end is read for names at once, in bytes.
const longestLine = 4096

// readProse looks for names and addresses in the running text that was judged, line by line, so that any split of the body gives
// the same. They are for people to read: they count towards nothing, as Judge cannot ask for them while a body streams by. Of a body that
// may be stopped they are not told: how many of its lines were read by then depends on how it came.
func (in *Inspector) readProse(final bool) {
	if !in.engine.readsNames() {
		return
	}
	frontier := in.frontier()
	for in.prosed < frontier && in.stage != stopped {
		end := min(in.prosed+longestLine, frontier)
		if i := bytes.IndexByte(in.batch.Text[in.prosed:end], '\n'); i >= 0 {
			end = in.prosed + i + 1
		} else if end < in.prosed+longestLine && !final {
			return
		}
		in.readLine(in.prosed, end)
		in.prosed = end
	}
}

// readLine reads what lies in no cell of a line.
func (in *Inspector) readLine(start, end int) {
	first, _ := slices.BinarySearchFunc(in.batch.Cells, start, func(c extract.Cell, at int) int { return cmp.Compare(c.End, at) })
	for _, c := range in.batch.Cells[first:] {
		if c.Start >= end {
			break
		}
		if c.Column.Running {
			continue
		}
		in.readStretch(start, c.Start)
		start = max(start, c.End)
	}
	in.readStretch(start, end)
}

func (in *Inspector) readStretch(start, end int) {
	if start >= end {
		return
	}
	set := in.engine.options.Detectors
	in.hits = set.JudgeProse(in.hits[:0], in.batch.Text, start, detect.Field{Start: start, End: end})
	for i := range in.hits {
		in.hits[i].Confidence = rules.Low
		if in.inside != nil {
			in.addEncodedPlace(&in.hits[i], nil)
		} else {
			in.addPlace(&in.hits[i], nil)
		}
	}
}

// inOrder sorts the findings of a stream by their place. Those of documents have no offset and stay as they were read.
func inOrder(places []rules.Finding) []rules.Finding {
	slices.SortStableFunc(places, func(a, b rules.Finding) int {
		if a.Start < 0 || b.Start < 0 {
			return 0
		}
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Detector, b.Detector))
	})
	return places
}
