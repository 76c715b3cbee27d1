package extract

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand"
	"testing"

	"stanch/rules"
)

// A bitWriter writes a Deflate64 stream: the least significant bit first, but prefix codes the other way round.
type bitWriter struct {
	out  []byte
	bits uint64
	held uint
}

func (w *bitWriter) write(value uint32, n uint) {
	w.bits |= uint64(value) << w.held
	for w.held += n; w.held >= 8; w.held -= 8 {
		w.out = append(w.out, byte(w.bits))
		w.bits >>= 8
	}
}

func (w *bitWriter) code(value uint32, n uint) {
	reversed := uint32(0)
	for i := range n {
		reversed |= value >> i & 1 << (n - 1 - i)
	}
	w.write(reversed, n)
}

func (w *bitWriter) flush() {
	if w.held > 0 {
		w.write(0, 8-w.held)
	}
}

// literal writes a symbol of the fixed code: RFC 1951 section 3.2.6.
func (w *bitWriter) literal(symbol int) {
	switch {
	case symbol < 144:
		w.code(uint32(0x30+symbol), 8)
	case symbol < 256:
		w.code(uint32(0x190+symbol-144), 9)
	case symbol < 280:
		w.code(uint32(symbol-256), 7)
	default:
		w.code(uint32(0xC0+symbol-280), 8)
	}
}

// match writes a match of at least 3 bytes with the longest length code, which Deflate64 gives 16 extra bits.
func (w *bitWriter) match(length, distance int) {
	w.literal(285)
	w.write(uint32(length-3), 16)
	code := 0
	for code+1 < distanceCodes {
		if base, _ := distanceOf(code + 1); base > distance {
			break
		}
		code++
	}
	base, bits := distanceOf(code)
	w.code(uint32(code), 5)
	w.write(uint32(distance-base), bits)
}

// TestInflate64 decodes streams made by hand: stored blocks, fixed codes, and what only Deflate64 has, that is matches up to
// 65,538 bytes long and up to 65,536 bytes back.
func TestInflate64(t *testing.T) {
	random := make([]byte, 70_000)
	rand.New(rand.NewSource(1)).Read(random)
	stored := func(w *bitWriter, last uint32, text []byte) {
		w.write(last, 1)
		w.write(0, 2)
		w.flush()
		w.out = binary.LittleEndian.AppendUint16(w.out, uint16(len(text)))
		w.out = binary.LittleEndian.AppendUint16(w.out, ^uint16(len(text)))
		w.out = append(w.out, text...)
	}
	cases := []struct {
		name string
		make func(w *bitWriter)
		want []byte
	}{
		{"stored", func(w *bitWriter) { stored(w, 1, random[:60_000]) }, random[:60_000]},
		{"two stored blocks", func(w *bitWriter) { stored(w, 0, random[:40_000]); stored(w, 1, random[40_000:]) }, random},
		{"empty", func(w *bitWriter) { stored(w, 1, nil) }, nil},
		{"fixed literals", func(w *bitWriter) {
			w.write(1, 1)
			w.write(1, 2)
			for _, b := range random[:1000] {
				w.literal(int(b))
			}
			w.literal(256)
		}, random[:1000]},
		{"longest match", func(w *bitWriter) {
			w.write(1, 1)
			w.write(1, 2)
			w.literal('a')
			w.match(65_538, 1)
			w.literal('b')
			w.literal(256)
		}, append(bytes.Repeat([]byte("a"), 65_539), 'b')},
		{"farthest match", func(w *bitWriter) {
			stored(w, 0, random[:65_535])
			w.write(1, 1)
			w.write(1, 2)
			w.literal('z')
			w.match(65_536, 65_536)
			w.literal(256)
		}, append(append(append([]byte(nil), random[:65_535]...), 'z'), append(append([]byte(nil), random[:65_535]...), 'z')...)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var w bitWriter
			c.make(&w)
			w.flush()
			got, err := io.ReadAll(newInflate64(bytes.NewReader(w.out)))
			if err != nil || !bytes.Equal(got, c.want) {
				t.Fatalf("%d bytes, %v; want %d", len(got), err, len(c.want))
			}
			if len(w.out) > 8 {
				if _, err := io.ReadAll(newInflate64(bytes.NewReader(w.out[:len(w.out)/2]))); err == nil {
					t.Error("half of the stream is read without an error")
				}
			}
		})
	}
	var w bitWriter
	w.write(1, 1)
	w.write(1, 2)
	for _, b := range []byte(hiddenText) {
		w.literal(int(b))
	}
	w.literal(256)
	w.flush()
	r := readBody(t, rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, method: zipDeflate64, packed: w.out}}, ""), "x.zip", Limits{})
	if r.status != rules.Complete || !bytes.Contains(r.text, []byte(hiddenText)) {
		t.Errorf("in an archive: %s %s %q", r.status, r.reason, r.text)
	}
}
