package extract

import "stanch/rules"

// A textReader reads running text: logs, source code, whatever has no structure of its own.
type textReader struct {
	copier
	format rules.Format
}

func newTextReader(format rules.Format) *textReader { return &textReader{format: format} }

func (r *textReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	r.copier.begin(batch, body, offset)
	return r.copier.end(len(body), final)
}

func (r *textReader) Format() rules.Format { return r.format }

func (r *textReader) RecordStart() int64 { return -1 }
