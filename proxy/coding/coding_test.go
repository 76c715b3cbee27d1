package coding

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"stanch/rules"
)

// A flusher is an encoder that can flush.
type flusher interface {
	io.WriteCloser
	Flush() error
}

// kinds are the codings by the name of their variant: what Content-Encoding says, and an encoder.
var kinds = []struct {
	variant, name string
	encoder       func(w io.Writer) flusher
}{
	{"gzip", "gzip", func(w io.Writer) flusher { return gzip.NewWriter(w) }},
	{"gzip stored", "gzip", func(w io.Writer) flusher { z, _ := gzip.NewWriterLevel(w, gzip.NoCompression); return z }},
	{"zlib", "deflate", func(w io.Writer) flusher { return zlib.NewWriter(w) }},
	{"raw deflate", "deflate", func(w io.Writer) flusher { z, _ := flate.NewWriter(w, flate.DefaultCompression); return z }},
	{"br", "br", func(w io.Writer) flusher { return brotli.NewWriterLevel(w, 5) }},
	{"zstd", "zstd", func(w io.Writer) flusher { z, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1)); return z }},
}

// sample is text of n bytes that compresses, though not to nothing.
func sample(n int) []byte {
	random := rand.New(rand.NewSource(int64(n)))
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, "line %d of %x and something that comes again\n", b.Len(), random.Uint32())
	}
	return b.Bytes()[:n]
}

// encode writes plain in pieces, each followed by a flush when flush is set.
func encode(encoder func(io.Writer) flusher, plain []byte, piece int, flush bool) []byte {
	var b bytes.Buffer
	w := encoder(&b)
	for rest := plain; len(rest) > 0; {
		n := min(piece, len(rest))
		w.Write(rest[:n])
		if rest = rest[n:]; flush {
			w.Flush()
		}
	}
	w.Close()
	return b.Bytes()
}

func TestReaderReturnsWhatWasEncoded(t *testing.T) {
	var decoders Decoders
	for _, kind := range kinds {
		for _, size := range []int{0, 1, 100, 5000, 32 << 10, 300_000} {
			for _, flush := range []bool{false, true} {
				plain := sample(size)
				coded := encode(kind.encoder, plain, 1000, flush)
				for name, source := range map[string]io.Reader{"whole": bytes.NewReader(coded), "one byte": iotest.OneByteReader(bytes.NewReader(coded)),
					"with its end": iotest.DataErrReader(bytes.NewReader(coded))} {
					r := decoders.NewReader(source, []string{kind.name}, 0)
					got, err := io.ReadAll(r)
					if err != nil || !bytes.Equal(got, plain) {
						t.Errorf("%s, %d bytes, flushed %v, %s: %d bytes and %v", kind.variant, size, flush, name, len(got), err)
					}
					if r.Decoded() != int64(size) {
						t.Errorf("%s: Decoded is %d of %d", kind.variant, r.Decoded(), size)
					}
					r.Close()
				}
			}
		}
	}
}

func TestReaderUndoesStackedCodings(t *testing.T) {
	var decoders Decoders
	for _, inner := range kinds {
		for _, outer := range kinds {
			plain := sample(20_000)
			coded := encode(outer.encoder, encode(inner.encoder, plain, 500, true), 700, true)
			r := decoders.NewReader(bytes.NewReader(coded), []string{inner.name, outer.name}, 0)
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%s in %s: %d bytes and %v", inner.variant, outer.variant, len(got), err)
			}
			r.Close()
		}
	}
}

// eager is how many bytes a decoder that holds nothing back gets from the start of a body.
func eager(variant string, prefix []byte) int {
	var r io.Reader
	source := bytes.NewReader(prefix)
	switch variant {
	case "gzip", "gzip stored":
		z, err := gzip.NewReader(source)
		if err != nil {
			return 0
		}
		r = z
	case "zlib":
		z, err := zlib.NewReader(source)
		if err != nil {
			return 0
		}
		r = z
	case "raw deflate":
		r = flate.NewReader(source)
	case "br":
		r = brotli.NewReader(source)
	case "zstd":
		z, err := zstd.NewReader(source, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return 0
		}
		defer z.Close()
		r = z
	}
	n, _ := io.Copy(io.Discard, r)
	return int(n)
}

// asked is a source that calls back before it gives its next piece.
type asked struct {
	pieces [][]byte
	given  int
	before func(given int)
}

func (a *asked) Read(p []byte) (int, error) {
	a.before(a.given)
	if len(a.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(p, a.pieces[0])
	a.given += n
	if a.pieces[0] = a.pieces[0][n:]; len(a.pieces[0]) == 0 {
		a.pieces = a.pieces[1:]
	}
	return n, nil
}

// TestUnsettledBoundsWhatTheSourceSays holds the law that lets coded bytes leave beside the inspection: whenever more is asked for, what was
// given says nothing of bytes at or behind Decoded plus Unsettled; and after a flush nothing is unsettled.
func TestUnsettledBoundsWhatTheSourceSays(t *testing.T) {
	var decoders Decoders
	for _, kind := range kinds {
		settled, asks := 0, 0
		for _, piece := range []int{1, 17, 333, 1500, 40_000} {
			plain := sample(min(piece*40, 300_000))
			var coded bytes.Buffer
			w := kind.encoder(&coded)
			source := &asked{}
			flushedAt := map[int]int{} // coded length to plain length
			for at := 0; at < len(plain); at += piece {
				before := coded.Len()
				w.Write(plain[at:min(at+piece, len(plain))])
				w.Flush()
				chunk := bytes.Clone(coded.Bytes()[before:])
				source.pieces = append(source.pieces, chunk[:len(chunk)/2], chunk[len(chunk)/2:])
				flushedAt[coded.Len()] = min(at+piece, len(plain))
			}
			before := coded.Len()
			w.Close()
			source.pieces = append(source.pieces, bytes.Clone(coded.Bytes()[before:]))
			r := decoders.NewReader(source, []string{kind.name}, 0)
			source.before = func(given int) {
				asks++
				unsettled := r.Unsettled()
				if got := eager(kind.variant, coded.Bytes()[:given]); int64(got) > r.Decoded()+unsettled {
					t.Fatalf("%s: %d coded bytes say %d bytes, but %d are decoded and %d unsettled", kind.variant, given, got, r.Decoded(), unsettled)
				}
				if length, ok := flushedAt[given]; ok {
					if r.Decoded() != int64(length) {
						t.Fatalf("%s: after a flush %d of %d bytes are decoded", kind.variant, r.Decoded(), length)
					}
					if unsettled == 0 {
						settled++
					} else if length%deflateWindow != 0 {
						t.Errorf("%s: %d bytes are unsettled after a flush at %d", kind.variant, unsettled, length)
					}
				}
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("%s: %d bytes and %v", kind.variant, len(got), err)
			}
			r.Close()
		}
		if settled == 0 || asks == 0 {
			t.Errorf("%s: %d of %d asks were settled", kind.variant, settled, asks)
		}
	}
}

// TestFlushMarkerInDataIsNoFlush gives the bytes of a flush marker as data, at the end of what came: they must not pass for one.
func TestFlushMarkerInDataIsNoFlush(t *testing.T) {
	var decoders Decoders
	plain := append(bytes.Repeat([]byte("secret "), 20), flushMarker[:]...)
	plain = append(plain, sample(100)...)
	stored := encode(kinds[1].encoder, plain, len(plain), false)
	at := bytes.Index(stored, flushMarker[:]) + len(flushMarker)
	source := &asked{pieces: [][]byte{stored[:at], stored[at:]}}
	r := decoders.NewReader(source, []string{"gzip"}, 0)
	reached := false
	source.before = func(given int) {
		if given == at {
			reached = true
			if r.Unsettled() == 0 {
				t.Errorf("nothing is said to be unsettled, but only %d bytes are decoded", r.Decoded())
			}
		}
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) || !reached {
		t.Fatalf("%d bytes, %v, reached %v", len(got), err, reached)
	}
}

func TestMembersAndWhatFollows(t *testing.T) {
	var decoders Decoders
	one, two := encode(kinds[0].encoder, []byte("one "), 10, false), encode(kinds[0].encoder, []byte("two"), 10, false)
	empty := encode(kinds[0].encoder, nil, 10, false)
	for name, c := range map[string]struct {
		coded  []byte
		plain  string
		reason rules.Reason
	}{
		"two members":        {append(bytes.Clone(one), two...), "one two", rules.NoReason},
		"zero padding":       {append(bytes.Clone(one), 0, 0, 0), "one ", rules.NoReason},
		"bytes behind":       {append(bytes.Clone(one), "someone@example.org"...), "one ", rules.Corrupt},
		"half a member":      {append(bytes.Clone(one), two[:len(two)-3]...), "one two", rules.Corrupt},
		"wrong check sum":    {append(bytes.Clone(one[:len(one)-6]), 1, 2, 3, 4, 5, 6), "one ", rules.Corrupt},
		"empty-member flood": {bytes.Repeat(empty, MaxMembers+1), "", rules.Ratio},
	} {
		r := decoders.NewReader(bytes.NewReader(c.coded), []string{"gzip"}, 0)
		got, err := io.ReadAll(r)
		if string(got) != c.plain || (err != nil) != (c.reason != rules.NoReason) || err != nil && ReasonOf(err) != c.reason {
			t.Errorf("%s: %q and %v; want %q and %v", name, got, err, c.plain, c.reason)
		}
		r.Close()
	}
}

func TestBytesBehindTheEndAreRefused(t *testing.T) {
	var decoders Decoders
	for _, kind := range kinds {
		coded := append(encode(kind.encoder, []byte("hello"), 10, false), "someone@example.org"...)
		for _, source := range []io.Reader{bytes.NewReader(coded), iotest.OneByteReader(bytes.NewReader(coded))} {
			r := decoders.NewReader(source, []string{kind.name}, 0)
			if _, err := io.ReadAll(r); err == nil || ReasonOf(err) != rules.Corrupt {
				t.Errorf("%s: %v", kind.variant, err)
			}
			r.Close()
		}
	}
}

func TestBombsAreRefused(t *testing.T) {
	var decoders Decoders
	zeros := make([]byte, 8<<20)
	for _, kind := range kinds {
		if kind.variant == "gzip stored" {
			continue
		}
		coded := encode(kind.encoder, zeros, len(zeros), false)
		r := decoders.NewReader(bytes.NewReader(coded), []string{kind.name}, 0)
		n, err := io.Copy(io.Discard, r)
		if err == nil || ReasonOf(err) != rules.Ratio || n > 2<<20 {
			t.Errorf("%s: %d bytes and %v", kind.variant, n, err)
		}
		r.Close()
		r = decoders.NewReader(bytes.NewReader(coded), []string{kind.name}, 1000)
		if _, err := io.Copy(io.Discard, r); ReasonOf(err) != rules.TooLarge {
			t.Errorf("%s: %v", kind.variant, err)
		}
		r.Close()
	}
}

func TestZstdWindowIsBounded(t *testing.T) {
	var decoders Decoders
	var coded bytes.Buffer
	w, err := zstd.NewWriter(&coded, zstd.WithWindowSize(2*MaxWindow), zstd.WithSingleSegment(false))
	if err != nil {
		t.Fatal(err)
	}
	w.Write(sample(300_000))
	w.Flush()
	w.Write(sample(300_000))
	w.Close()
	r := decoders.NewReader(&coded, []string{"zstd"}, 0)
	defer r.Close()
	if _, err := io.Copy(io.Discard, r); err == nil || ReasonOf(err) != rules.TooLarge {
		t.Errorf("got %v", err)
	}
}

func TestLyingAndTruncatedBodiesAreCorrupt(t *testing.T) {
	var decoders Decoders
	for _, kind := range kinds {
		coded := encode(kind.encoder, sample(10_000), 1000, false)
		for name, body := range map[string][]byte{"plain text": []byte(strings.Repeat("Person, someone@example.org\n", 50)), "truncated": coded[:len(coded)/2]} {
			r := decoders.NewReader(bytes.NewReader(body), []string{kind.name}, 0)
			if _, err := io.ReadAll(r); err == nil || ReasonOf(err) != rules.Corrupt {
				t.Errorf("%s, %s: %v", kind.variant, name, err)
			}
			r.Close()
		}
		failure := errors.New("the source broke")
		r := decoders.NewReader(io.MultiReader(bytes.NewReader(coded[:len(coded)/2]), iotest.ErrReader(failure)), []string{kind.name}, 0)
		if _, err := io.ReadAll(r); !errors.Is(err, failure) {
			t.Errorf("%s: the source's error became %v", kind.variant, err)
		}
		r.Close()
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		header []string
		names  string
		reason rules.Reason
	}{
		{nil, "", 0}, {[]string{"identity"}, "", 0}, {[]string{"GZIP"}, "gzip", 0}, {[]string{"x-gzip"}, "gzip", 0},
		{[]string{"br, gzip"}, "br gzip", 0}, {[]string{"br", " zstd "}, "br zstd", 0}, {[]string{"gzip,,identity"}, "gzip", 0},
		{[]string{"aes128gcm"}, "", rules.UnknownCoding}, {[]string{"compress"}, "", rules.UnknownCoding}, {[]string{"dcb"}, "", rules.UnknownCoding},
		{[]string{"gzip;q=1"}, "", rules.UnknownCoding}, {[]string{"gzip, gzip, gzip"}, "", rules.TooDeep},
	} {
		names, err := Parse(c.header)
		if strings.Join(names, " ") != c.names || (err != nil) != (c.reason != 0) || err != nil && ReasonOf(err) != c.reason {
			t.Errorf("%q: %q and %v", c.header, names, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	seeds := 0
	for i, kind := range kinds {
		f.Add(uint8(i), encode(kind.encoder, sample(3000), 100, true))
		seeds++
	}
	if seeds == 0 {
		f.Fatal("no seeds")
	}
	var decoders Decoders
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		name := kinds[int(kind)%len(kinds)].name
		var results [2][]byte
		var failed [2]bool
		for i, source := range []io.Reader{bytes.NewReader(body), iotest.OneByteReader(bytes.NewReader(body))} {
			r := decoders.NewReader(source, []string{name}, 4<<20)
			got, err := io.ReadAll(r)
			results[i], failed[i] = got, err != nil
			r.Close()
		}
		if failed[0] != failed[1] || !failed[0] && !bytes.Equal(results[0], results[1]) {
			t.Errorf("%s: %d bytes failed %v at once, %d bytes failed %v byte by byte", name, len(results[0]), failed[0], len(results[1]), failed[1])
		}
	})
}

func BenchmarkReader(b *testing.B) {
	var decoders Decoders
	plain := sample(1 << 20)
	for _, kind := range kinds {
		coded := encode(kind.encoder, plain, len(plain), false)
		b.Run(kind.variant, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			buffer := make([]byte, 32<<10)
			for range b.N {
				r := decoders.NewReader(bytes.NewReader(coded), []string{kind.name}, 0)
				for {
					if _, err := r.Read(buffer); err != nil {
						break
					}
				}
				r.Close()
			}
		})
	}
}
