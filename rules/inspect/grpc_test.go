package inspect_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"reflect"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// protoBytes is a field of protobuf that has a length.
func protoBytes(number int, content []byte) []byte {
	return append(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3|2), uint64(len(content))), content...)
}

// protoPeople is a message of repeated messages, as a list of people is answered.
func protoPeople(from, to int) []byte {
	message := binary.AppendUvarint([]byte{1 << 3}, 7)
	for n := from; n < to; n++ {
		var one []byte
		for i, value := range person(n) {
			one = append(one, protoBytes(i+1, []byte(value))...)
		}
		message = append(message, protoBytes(2, one)...)
	}
	return message
}

// frame is a message as gRPC sends it.
func frame(flag byte, message []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{flag}, uint32(len(message))), message...)
}

func gzipped(plain []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(plain)
	w.Close()
	return b.Bytes()
}

func protoDisguises() []disguise {
	var each []byte
	for n := range disguised {
		each = append(each, frame(0, protoPeople(n, n+1))...)
	}
	return []disguise{
		{"gRPC, one message", "application/grpc", frame(0, protoPeople(0, disguised))},
		{"gRPC, a message each", "application/grpc+proto", each},
		{"gRPC, compressed", "application/grpc", frame(1, gzipped(protoPeople(0, disguised)))},
		{"gRPC with JSON", "application/grpc+json", frame(0, textOf(disguised))},
		{"gRPC-Web with trailers", "application/grpc-web+proto", append(bytes.Clone(each), frame(0x80, []byte("grpc-status: 0\r\n"))...)},
		{"gRPC-Web as text", "application/grpc-web-text", []byte("AAAAAAUKA2Fubg==")},
		{"gRPC, a message that is too long", "application/grpc", frame(0, make([]byte, 2<<20))},
		{"protobuf", "application/x-protobuf", protoPeople(0, disguised)},
	}
}

// People in protobuf are counted message by message, and a redaction keeps the framing.
func TestProtobufPeople(t *testing.T) {
	body := append(frame(0, protoPeople(0, 3)), frame(0, protoPeople(3, 5))...)
	kind := inspect.Body{ContentType: "application/grpc"}
	got := inspectBody(t, newEngine(t, redact(1, rules.Label), false), kind, body)
	if len(got.Released) != len(body) || peopleIn(got.Released) != 0 || got.Evidence.People != 5 {
		t.Errorf("%d bytes of %d, %d people counted, %d left", len(got.Released), len(body), got.Evidence.People, peopleIn(got.Released))
	}
	engine := newEngine(t, block(4), false)
	for how, pieces := range map[string][][]byte{"whole": {body}, "byte by byte": byteByByte(body)} {
		if got := inspectBody(t, engine, kind, pieces...); got.Verdict.Action != rules.Block || peopleIn(got.Released) > 3 {
			t.Errorf("%s: %v, %d people left", how, got.Verdict.Action, peopleIn(got.Released))
		}
	}
}

// What stands before a message that cannot be read is judged first, whatever the pieces.
func TestProtobufTroubleComesInItsPlace(t *testing.T) {
	bodies := [][]byte{
		append(frame(0, protoPeople(0, 3)), 9, 9, 9, 9, 9, 9),
		append(frame(0, protoPeople(0, 3)), 0, 0xFF, 0, 0, 0, 1),
		append(frame(0, protoPeople(0, 2)), frame(1, []byte("not compressed"))...),
		append(frame(0, protoPeople(0, 2)), 0, 0, 0),
	}
	for i, body := range bodies {
		for _, policy := range []rules.Policy{{}, {Uninspected: rules.Block}, redact(1, rules.Mask)} {
			engine := newEngine(t, policy, true)
			kind := inspect.Body{ContentType: "application/grpc"}
			whole := inspectBody(t, engine, kind, body)
			if whole.Evidence.Status == rules.Complete || whole.Evidence.People < 2 {
				t.Errorf("body %d: %+v", i, whole.Evidence)
			}
			for seed := range uint64(5) {
				if got := inspectBody(t, engine, kind, randomPieces(body, seed)...); !reflect.DeepEqual(got, whole) {
					t.Fatalf("body %d, pieces %d differ:\n%s\nwhole:\n%s", i, seed, describe(got), describe(whole))
				}
			}
		}
	}
}
