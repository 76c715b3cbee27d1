package extract

import "encoding/binary"

// Limits of one structure: nesting, and values in all.
const (
	maxThriftDepth  = 16
	maxThriftValues = 1 << 20
)

// A thriftValue is a value in Thrift's compact protocol, of which Parquet makes its metadata. The zero value is an absent one.
type thriftValue struct {
	number int64
	text   []byte
	list   []thriftValue
	fields map[int16]thriftValue
}

// field returns a field of a structure.
func (v thriftValue) field(id int16) thriftValue { return v.fields[id] }

// has reports whether a structure has a field.
func (v thriftValue) has(id int16) bool {
	_, ok := v.fields[id]
	return ok
}

// A thriftReader reads one structure: Thrift compact protocol encoding, thrift/doc/specs/thrift-compact-protocol.md.
type thriftReader struct {
	rest   []byte
	values int
	bad    bool
}

func (r *thriftReader) byte() byte {
	if len(r.rest) == 0 {
		r.bad = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *thriftReader) unsigned() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// integer reads a zigzag number.
func (r *thriftReader) integer() int64 {
	v := r.unsigned()
	return int64(v>>1) ^ -int64(v&1)
}

func (r *thriftReader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// structure reads fields up to the stop byte.
func (r *thriftReader) structure(depth int) thriftValue {
	v := thriftValue{fields: map[int16]thriftValue{}}
	for id := int16(0); !r.bad; {
		head := r.byte()
		if head == 0 {
			break
		}
		if delta := head >> 4; delta != 0 {
			id += int16(delta)
		} else {
			id = int16(r.integer())
		}
		kind := head & 15
		if kind == 1 || kind == 2 { // a boolean is its own type
			v.fields[id] = thriftValue{number: int64(2 - kind)}
			continue
		}
		v.fields[id] = r.value(kind, depth+1)
	}
	return v
}

func (r *thriftReader) value(kind byte, depth int) thriftValue {
	r.values++
	if depth > maxThriftDepth || r.values > maxThriftValues {
		r.bad = true
	}
	if r.bad {
		return thriftValue{}
	}
	switch kind {
	case 1, 2, 3:
		return thriftValue{number: int64(int8(r.byte()))}
	case 4, 5, 6:
		return thriftValue{number: r.integer()}
	case 7:
		return thriftValue{text: r.bytes(8)}
	case 8:
		return thriftValue{text: r.bytes(r.unsigned())}
	case 9, 10:
		return r.listValue(depth)
	case 12:
		return r.structure(depth)
	}
	r.bad = true // maps do not occur in Parquet
	return thriftValue{}
}

func (r *thriftReader) listValue(depth int) thriftValue {
	head := r.byte()
	count := uint64(head >> 4)
	if count == 15 {
		count = r.unsigned()
	}
	var v thriftValue
	for i := uint64(0); i < count && !r.bad; i++ {
		v.list = append(v.list, r.value(head&15, depth+1))
	}
	return v
}
