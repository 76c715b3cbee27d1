package inspect

import (
	"stanch/rules"
	"stanch/rules/extract"
)

// keep spools a part of a document. A document that does not fit cannot be inspected.
func (in *Inspector) keep(p []byte) {
	n, err := in.spool.Write(p)
	if err == nil && in.spool.size <= in.engine.options.Document {
		return
	}
	in.evidence.Status, in.evidence.Reason = rules.Unscannable, rules.TooLarge
	if err != nil {
		in.evidence.Reason = rules.Internal
	}
	if in.judge(0); in.stage == stopped {
		return
	}
	in.window.base = in.spool.size
	in.window.append(p[n:]) // what did not reach the spool is not lost
	in.pass()
}

// readDocument reads the spooled document and judges what is in it. Nothing of it has left before.
func (in *Inspector) readDocument() {
	document := extract.NewDocument(in.evidence.Format)
	options := extract.Options{Places: in.engine.options.Places, ContentType: in.body.ContentType, Name: in.body.Name, Limits: in.engine.options.Limits}
	own := in.batch
	format, status, reason := document.Read(&in.spool, in.spool.size, options, in.judgeBatch)
	in.batch = own
	in.evidence.Format = format
	if in.evidence.Status == rules.Complete {
		in.evidence.Status, in.evidence.Reason = status, reason
	}
	in.judge(0)
}

// judgeBatch judges a stretch of a document's text that is complete in itself.
func (in *Inspector) judgeBatch(batch *extract.Batch) {
	if in.stage == stopped {
		return
	}
	in.batch = *batch
	in.nearby.Reset()
	in.scanned, in.cell, in.waiting = 0, 0, in.waiting[:0]
	in.scan(true)
}
