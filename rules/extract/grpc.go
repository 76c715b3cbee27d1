package extract

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"stanch/rules"
)

// Bounds of what is read of gRPC and protobuf.
const (
	maxProtoMessage = 1 << 20 // bytes of one message, as sent and as expanded; no more is held back
	maxProtoDepth   = 32      // messages within messages
	maxProtoColumns = 4096    // different paths of fields; those beyond share one
	frameHead       = 5       // a flag and a length (gRPC over HTTP/2, Length-Prefixed-Message)
	compressedFlag  = 1
	trailerFlag     = 0x80 // gRPC-Web: the frame holds trailers
	leastNumber     = 1e6  // smaller numbers identify nobody
	leastString     = 6    // characters of a string among bytes
)

// A protoReader reads protobuf without its schema: bare, or in the frames of gRPC and gRPC-Web. Messages are records, strings and
// numbers are their cells, and the path of field numbers is the column. A message is held back until it is there, up to
// maxProtoMessage; a larger one, or one that is none, is Trouble, and nothing behind it is read.
type protoReader struct {
	copier
	options  Options
	framed   bool
	trouble  rules.Reason
	broken   bool // no frames can be told apart any more
	record   int64
	messages int
	columns  map[string]*Column
	path     []byte
	start    int64  // body offset of the message that is read
	expanded []byte // a compressed message
	place    string
}

func newProtoReader(options Options) *protoReader {
	kind := strings.ToLower(options.ContentType)
	r := &protoReader{options: options, framed: strings.HasPrefix(kind, "application/grpc"), columns: make(map[string]*Column)}
	if strings.HasPrefix(kind, "application/grpc-web-text") {
		r.fail(rules.UnknownCoding)
	}
	return r
}

// mayBeMessages reports whether a body that its type calls messages may begin with head. Bare ones may begin like anything, frames with their flags:
// what begins with others is something else that is called gRPC.
func mayBeMessages(head []byte, contentType string) bool {
	kind := strings.ToLower(contentType)
	return !strings.HasPrefix(kind, "application/grpc") || strings.HasPrefix(kind, "application/grpc-web-text") || head[0]&^(compressedFlag|trailerFlag) == 0
}

func (r *protoReader) Format() rules.Format { return rules.GRPC }

func (r *protoReader) RecordStart() int64 { return -1 }

// Trouble implements Transcoder.
func (r *protoReader) Trouble() rules.Reason { return r.trouble }

// TroubleAt is the body offset from which on nothing is read, once there is Trouble.
func (r *protoReader) TroubleAt() int64 { return r.start }

// Encode implements Transcoder.
func (r *protoReader) Encode(dst, text []byte) []byte { return append(dst, text...) }

func (r *protoReader) fail(reason rules.Reason) {
	r.broken = true
	if r.trouble == rules.NoReason {
		r.trouble = reason
	}
}

// Read implements Reader. It holds back an unfinished message.
func (r *protoReader) Read(batch *Batch, body []byte, offset int64, final bool) int {
	i := r.copier.begin(batch, body, offset)
	for !r.broken && i < len(body) {
		r.start = offset + int64(i)
		flag, head, size, whole := r.next(body[i:], final)
		if r.broken || !whole {
			break
		}
		r.copier.skip(i, i+head)
		r.message(flag, i+head, i+head+size)
		i += head + size
	}
	if r.broken {
		r.copier.skip(i, len(body))
		i = len(body)
	}
	return r.copier.end(i, final)
}

// next is the message that body begins with.
func (r *protoReader) next(body []byte, final bool) (flag byte, head, size int, whole bool) {
	if !r.framed {
		if len(body) > maxProtoMessage {
			r.fail(rules.TooLarge)
		}
		return 0, 0, len(body), final
	}
	if len(body) < frameHead {
		if final {
			r.fail(rules.Corrupt)
		}
		return 0, 0, 0, false
	}
	length := binary.BigEndian.Uint32(body[1:])
	switch {
	case body[0]&^(compressedFlag|trailerFlag) != 0:
		r.fail(rules.Corrupt)
	case length > maxProtoMessage:
		r.fail(rules.TooLarge)
	case len(body)-frameHead >= int(length):
		return body[0], frameHead, int(length), true
	case final:
		r.fail(rules.Corrupt)
	}
	return 0, 0, 0, false
}

// message reads the message body[from:to].
func (r *protoReader) message(flag byte, from, to int) {
	r.messages++
	r.path = r.path[:0]
	if r.options.Places {
		r.place = fmt.Sprintf("message %d", r.messages)
	}
	message, at := r.copier.body[from:to], from
	if flag&compressedFlag != 0 {
		if message = r.expand(message); message == nil && to > from {
			r.fail(rules.UnknownCoding)
			return
		}
		at = -1
		r.copier.mark(r.copier.offset+int64(from), true)
	}
	switch {
	case flag&trailerFlag != 0:
		r.value(message, at, 0, 0)
	case isProto(message):
		r.fields(message, at, 0, 1)
	default:
		r.value(message, at, 0, 0)
		if !isPrintable(message) {
			r.fail(rules.Corrupt)
		}
	}
	r.copier.skip(max(r.copier.from, from), to)
}

// expand is a message decompressed; nil when no known coding fits, or it is too large.
func (r *protoReader) expand(message []byte) []byte {
	var from io.Reader
	if g, err := gzip.NewReader(bytes.NewReader(message)); err == nil {
		from = g
	} else if z, err := zlib.NewReader(bytes.NewReader(message)); err == nil {
		from = z
	} else {
		return nil
	}
	out := bytes.NewBuffer(r.expanded[:0])
	n, err := io.Copy(out, io.LimitReader(from, maxProtoMessage+1))
	r.expanded = out.Bytes()
	if err != nil || n > maxProtoMessage {
		return nil
	}
	return r.expanded
}

// A protoField is one field of a message, at indices into it.
type protoField struct {
	number     uint64
	kind       wireType
	value, end int    // of its content; without the length of one that has a length
	varint     uint64 // of numbers
}

// wireType says how a field is written (protobuf's encoding, Message Structure).
type wireType uint8

const (
	wireVarint wireType = iota
	wireFixed64
	wireBytes
	wireGroup
	wireGroupEnd
	wireFixed32
)

// protoFieldAt reads the field that begins at an index of a message. Groups are no more than the tags around their fields.
func protoFieldAt(message []byte, i int) (field protoField, ok bool) {
	tag, n := binary.Uvarint(message[i:])
	if n <= 0 || tag>>3 == 0 || tag>>3 >= 1<<29 {
		return field, false
	}
	field = protoField{number: tag >> 3, kind: wireType(tag & 7), value: i + n, end: i + n}
	rest := message[i+n:]
	switch field.kind {
	case wireVarint:
		field.varint, n = binary.Uvarint(rest)
		field.end += n
		return field, n > 0
	case wireFixed64:
		if len(rest) < 8 {
			return field, false
		}
		field.varint = binary.LittleEndian.Uint64(rest)
		field.end += 8
	case wireFixed32:
		field.end += 4
		return field, len(rest) >= 4
	case wireBytes:
		length, n := binary.Uvarint(rest)
		if n <= 0 || length > uint64(len(rest)-n) {
			return field, false
		}
		field.value += n
		field.end = field.value + int(length)
	case wireGroup, wireGroupEnd:
	default:
		return field, false
	}
	return field, true
}

// isProto reports whether bytes are fields from the first to the last.
func isProto(message []byte) bool {
	for i := 0; i < len(message); {
		field, ok := protoFieldAt(message, i)
		if !ok {
			return false
		}
		i = field.end
	}
	return true
}

// fields reads the fields of a message. It stands at an index of the body, or at -1 when it was compressed.
func (r *protoReader) fields(message []byte, at int, parent int64, depth int) {
	r.record++
	record := r.record
	for i := 0; i < len(message); {
		field, ok := protoFieldAt(message, i)
		if !ok {
			return
		}
		i = field.end
		here := at
		if at >= 0 {
			here = at + field.value
		}
		outer := len(r.path)
		r.path = strconv.AppendUint(append(r.path, '.'), field.number, 10)
		inner := message[field.value:field.end]
		switch {
		case field.kind == wireBytes && depth < maxProtoDepth && len(inner) > 1 && !isPrintable(inner) && isProto(inner):
			r.fields(inner, here, record, depth+1)
		case field.kind == wireBytes:
			r.value(inner, here, record, parent)
		case field.varint >= leastNumber:
			r.number(field.varint, here, len(inner), record, parent)
		}
		r.path = r.path[:outer]
	}
}

// value writes the text of a field; of bytes that are no text, the strings among them.
func (r *protoReader) value(value []byte, at int, record, parent int64) {
	if isPrintable(value) {
		r.cell(value, at, record, parent)
		return
	}
	for start := 0; start < len(value); {
		end := start
		for end < len(value) && (value[end] >= ' ' && value[end] != 0x7F) {
			end++
		}
		if end-start >= leastString {
			from := at
			if at >= 0 {
				from += start
			}
			r.cell(value[start:end], from, record, parent)
		}
		start = end + 1
	}
}

// number writes a number as the digits it would be shown with.
func (r *protoReader) number(v uint64, at, size int, record, parent int64) {
	var digits [20]byte
	text := strconv.AppendUint(digits[:0], v, 10)
	if at < 0 {
		r.cell(text, at, record, parent)
		return
	}
	r.copier.skip(max(r.copier.from, 0), at)
	r.copier.mark(r.copier.offset+int64(at), true)
	r.cell(text, -1, record, parent)
	r.copier.skip(at, at+size)
}

// cell writes one value and a line end behind it. One that stands in the body leads back there byte for byte.
func (r *protoReader) cell(value []byte, at int, record, parent int64) {
	if len(value) == 0 {
		return
	}
	batch := r.copier.batch
	var start, end int
	if at >= 0 {
		r.copier.skip(r.copier.from, at)
		start = r.copier.at(at)
		end = r.copier.at(at + len(value))
		r.copier.flush(at + len(value))
		r.copier.mark(r.copier.offset+int64(at+len(value)), true)
		batch.Text = append(batch.Text, '\n')
		r.copier.skip(at+len(value), at+len(value))
	} else {
		start = len(batch.Text)
		batch.Text = append(batch.Text, value...)
		end = len(batch.Text)
		batch.Text = append(batch.Text, '\n')
	}
	cell := batch.addCell()
	*cell = Cell{Start: start, End: end, Column: r.column(), Record: record, Parent: parent, RecordBody: r.start}
	if r.options.Places {
		cell.Where = r.place
		if len(r.path) > 0 {
			cell.Where += ", field " + string(r.path[1:])
		}
	}
}

// column is that of the path of fields that is read.
func (r *protoReader) column() *Column {
	if column := r.columns[string(r.path)]; column != nil {
		return column
	}
	if len(r.columns) >= maxProtoColumns {
		return &Column{}
	}
	column := &Column{}
	r.columns[string(slices.Clone(r.path))] = column
	return column
}

// isPrintable reports whether bytes are text.
func isPrintable(value []byte) bool {
	for _, b := range value {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7F {
			return false
		}
	}
	return utf8.Valid(value)
}

var _ Transcoder = (*protoReader)(nil)
