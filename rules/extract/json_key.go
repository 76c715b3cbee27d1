package extract

import (
	"bytes"
	"strings"
)

// key makes the column of a member the one that is read.
func (r *jsonReader) key(start, end int) {
	frame := &r.frames[len(r.frames)-1]
	key := r.copier.body[start:end]
	if bytes.IndexByte(key, '\\') >= 0 {
		from := r.copier.at(start)
		r.copier.flush(end)
		key = r.copier.batch.Text[from:]
	}
	r.name(frame, key[:min(len(key), headerLength)])
}

// name begins a member of the innermost object by its key.
func (r *jsonReader) name(frame *jsonFrame, key []byte) {
	node := r.columns.child(frame.node, key)
	frame.numbered = node.column.Header == "" && isNumbered(string(key))
	r.member(frame, node)
}

// isNumbered reports whether a key tells one of several things from the others. What is an address says who it is: its object has nothing to add.
func isNumbered(key string) bool {
	return strings.ContainsAny(key, "0123456789") && strings.IndexByte(key, '@') < 0
}

// member begins a member of the innermost object.
func (r *jsonReader) member(frame *jsonFrame, key *keyNode) {
	frame.key = key
	if frame.index == 0 && len(r.frames) > 2 {
		r.sibling()
	}
}

// sibling begins a record when the object whose first key was read is one of several alike under numbered keys of one object, such as
// {"1001": {"email": ...}, "1002": {"email": ...}} and the aliases of GraphQL. The first of them belongs to the record around.
func (r *jsonReader) sibling() {
	last := len(r.frames) - 1
	frame, above := &r.frames[last], &r.frames[last-1]
	if !above.object || above.key == nil || above.first != frame.key.column.Header {
		above.first = frame.key.column.Header
		return
	}
	if key := above.key.column.Header; frame.owner != last && (isNumbered(key) || key == "" && above.numbered) {
		r.begin(frame, above, frame.begin)
		frame.owner = last
	}
}
