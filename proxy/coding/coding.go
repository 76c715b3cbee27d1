// Package coding decodes the content codings of HTTP (RFC 9110, section 8.4) as a stream, with limits.
//
//	names, err := coding.Parse(response.Header["Content-Encoding"])
//	reader, err := decoders.NewReader(body, names)
//	defer reader.Close()
//	n, err := reader.Read(buffer)
//
// It knows gzip, deflate (as zlib and as it comes raw), br and zstd, stacked at most two high, and nothing that needs a dictionary. It encodes nothing.
package coding

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"stanch/rules"
)

// Limits. A body that exceeds one is refused with an Error that says which.
const (
	// MaxLayers is how many codings may be stacked.
	MaxLayers = 2
	// MaxRatio is how many bytes one coded byte may become, once a body has grown past ratioGrace.
	MaxRatio = 200
	// MaxMembers is how many members a gzip body may have: a flood of empty ones costs much and says nothing.
	MaxMembers = 1000
	// MaxWindow is the largest window of zstd, in bytes; RFC 9659 asks for no more.
	MaxWindow = 8 << 20
	// DefaultMaxDecoded is how many bytes one body may decode to unless the caller says otherwise.
	DefaultMaxDecoded = 8 << 30

	ratioGrace = 1 << 20
)

// An Error says why a body cannot be decoded. It quotes nothing of the body.
type Error struct {
	Reason rules.Reason
	Detail string
}

func (e *Error) Error() string { return "coding: " + e.Detail }

// ReasonOf is the reason that an error from this package stands for: Corrupt when it is not an Error.
func ReasonOf(err error) rules.Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return rules.Corrupt
}

// Parse returns the codings that Content-Encoding names, in the order they were applied, without "identity". An unknown one, or too many, is an Error.
func Parse(header []string) ([]string, error) {
	var names []string
	for _, list := range header {
		for item := range strings.SplitSeq(list, ",") {
			name := strings.ToLower(strings.TrimSpace(item))
			switch name {
			case "", "identity":
				continue
			case "x-gzip":
				name = "gzip"
			case "gzip", "deflate", "br", "zstd":
			default:
				return nil, &Error{rules.UnknownCoding, "the coding is none of gzip, deflate, br, zstd"}
			}
			if names = append(names, name); len(names) > MaxLayers {
				return nil, &Error{rules.TooDeep, fmt.Sprintf("more than %d codings are stacked", MaxLayers)}
			}
		}
	}
	return names, nil
}

// A Reader decodes one body. It is for one goroutine.
type Reader struct {
	decoders *Decoders
	input    input
	layers   []layer
	limit    int64
	decoded  int64
	err      error
}

// A layer undoes one coding.
type layer interface {
	io.Reader
	// unsettled is the most decoded bytes that stand in what the layer was given but have not been returned, now that it asks for more.
	unsettled() int64
	free(d *Decoders)
}

// Never is what Unsettled returns when nothing can be said before the body has ended.
const Never = math.MaxInt64

// NewReader returns a Reader on source for the codings that Parse returned. It reads nothing yet. No maximum (0) means DefaultMaxDecoded bytes.
func (d *Decoders) NewReader(source io.Reader, names []string, maximum int64) *Reader {
	if maximum <= 0 {
		maximum = DefaultMaxDecoded
	}
	r := &Reader{decoders: d, limit: maximum}
	r.input = input{source: source, owner: r}
	var below io.Reader = &r.input
	for i := len(names) - 1; i >= 0; i-- {
		l := d.layer(names[i], below, r)
		r.layers = append(r.layers, l)
		below = l
	}
	return r
}

// Read returns decoded bytes. After an error it returns that error for ever: io.EOF when the body is complete, the source's own error, or an Error.
func (r *Reader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.layers[len(r.layers)-1].Read(p)
	r.decoded += int64(n)
	switch {
	case r.decoded > r.limit:
		err = &Error{rules.TooLarge, "the body decodes to more than is allowed"}
	case r.decoded > ratioGrace && r.decoded/MaxRatio > r.input.coded:
		err = &Error{rules.Ratio, fmt.Sprintf("the body grows more than %d times", MaxRatio)}
	case err == nil || err == io.EOF:
	case r.input.coded == 0 && r.input.err == io.EOF:
		err = io.EOF // no body at all
	case r.input.err != nil && r.input.err != io.EOF:
		err = r.input.err
	default:
		var known *Error
		if !errors.As(err, &known) {
			err = &Error{rules.Corrupt, "the body is not what its coding says"}
		}
	}
	r.err = err
	return n, err
}

// Decoded is how many bytes Read has returned.
func (r *Reader) Decoded() int64 { return r.decoded }

// Unsettled is the most bytes behind Decoded that the coded bytes read so far may say something of. It holds while the source is being read, and is
// Never where it cannot be told.
func (r *Reader) Unsettled() int64 {
	if len(r.layers) != 1 {
		return Never
	}
	return r.layers[0].unsettled()
}

// Close gives the decoders back. The Reader must not be used afterwards; the source is left alone.
func (r *Reader) Close() {
	for _, l := range r.layers {
		l.free(r.decoders)
	}
	r.layers = nil
	r.err = io.ErrClosedPipe
}

// An input counts the coded bytes and remembers how their source ended. At a flush marker of deflate it hands out the last byte by itself: only
// if just that byte brings bytes out of the decoder was it a flush, and nothing is left inside.
type input struct {
	source io.Reader
	owner  *Reader
	coded  int64
	err    error

	marks   bool    // deflate: look for flush markers
	tail    [4]byte // the last bytes read
	held    bool    // the last byte of a marker was kept back
	probing bool    // it has been handed out
	probe   int64   // what was decoded before
	flushed bool    // nothing is left inside the decoder
}

// flushMarker is how an empty stored block ends (RFC 1951, section 3.2.4), with which encoders flush.
var flushMarker = [4]byte{0x00, 0x00, 0xff, 0xff}

func (in *input) Read(p []byte) (int, error) {
	if in.held {
		in.held, in.probing, in.probe = false, true, in.owner.decoded
		p[0] = flushMarker[3]
		return 1, nil
	}
	// The decoder also returns what it has whenever its window is full: that says nothing.
	in.flushed = in.probing && in.owner.decoded > in.probe && in.owner.decoded%deflateWindow != 0
	in.probing = false
	n, err := in.source.Read(p)
	in.coded += int64(n)
	if err != nil {
		in.err = err
	}
	if !in.marks || n == 0 {
		return n, err
	}
	if n >= len(in.tail) {
		copy(in.tail[:], p[n-len(in.tail):n])
	} else {
		copy(in.tail[:], in.tail[n:])
		copy(in.tail[len(in.tail)-n:], p[:n])
	}
	if err == nil && in.tail == flushMarker {
		in.held = true
		if n--; n == 0 {
			return in.Read(p)
		}
	}
	return n, err
}
