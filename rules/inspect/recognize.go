package inspect

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/fips140"
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"

	"stanch/rules"
)

// knownSlots is how many bodies an Engine remembers at most: a set of pages, scripts and styles that are asked for again and again.
const knownSlots = 1 << 12

// fingerprintLength is the length of a fingerprint in bytes.
const fingerprintLength = 16

// knownBodies remembers fingerprints of whole bodies in which one Engine found nothing. It holds no text. It is safe for concurrent use.
//
// A fingerprint is a GMAC (NIST SP 800-38D) under a key that never leaves the process, and neither do fingerprints: whoever writes bodies cannot
// make two that share one, but by guessing 128 bits.
type knownBodies struct {
	mac   cipher.AEAD // nil: nothing is remembered
	slots [knownSlots]atomic.Pointer[knownBody]
}

// A knownBody is a body in which nothing was found.
type knownBody struct {
	fingerprint [fingerprintLength]byte
	format      rules.Format
	length      int64 // of what was inspected: without its coding
}

// newKnownBodies returns the memory of an Engine. It stays empty where a rule may hold for a body without findings, where all findings are
// wanted with their places, and where FIPS 140 allows no GMAC with a nonce of one's own.
func newKnownBodies(options *Options) *knownBodies {
	k := &knownBodies{}
	if !options.Policy.JudgesFindings() || options.Places || fips140.Enforced() {
		return k
	}
	key := make([]byte, 2*aes.BlockSize)
	rand.Read(key)
	if block, err := aes.NewCipher(key); err == nil {
		k.mac, _ = cipher.NewGCM(block)
	}
	return k
}

func (k *knownBodies) slot(fingerprint *[fingerprintLength]byte) *atomic.Pointer[knownBody] {
	return &k.slots[binary.LittleEndian.Uint64(fingerprint[:])%knownSlots]
}

// A recognition is what an Inspector needs to ask for a known body. It lies there so that asking allocates nothing.
type recognition struct {
	hints       []byte
	nonce       []byte
	fingerprint [fingerprintLength]byte
	asked       bool // the fingerprint is that of the body which is being inspected
}

// take computes the fingerprint of a body with all else that the result of its inspection depends on: the hints are hashed to the nonce of the body's hash.
func (r *recognition) take(mac cipher.AEAD, body *Body, coding string, p []byte) {
	r.hints = append(r.hints[:0], body.ContentType...)
	r.hints = append(append(r.hints, 0), body.Name...)
	r.hints = append(append(r.hints, 0), coding...)
	if r.nonce == nil {
		r.nonce = make([]byte, fingerprintLength)
	}
	clear(r.nonce)
	mac.Seal(r.fingerprint[:0], r.nonce[:mac.NonceSize()], nil, r.hints)
	copy(r.nonce, r.fingerprint[:])
	mac.Seal(r.fingerprint[:0], r.nonce[:mac.NonceSize()], nil, p)
	r.asked = true
}

// Recognize takes a body that is all there, as it came in a content coding, or in none. It reports whether this Engine has inspected the same bytes before
// and found nothing: then the inspection has ended, as if they had been decoded, written and closed; what came without a coding is to be released. Otherwise
// it has done nothing, and the body has to be written from its start.
func (in *Inspector) Recognize(p []byte, coding string) bool {
	known := in.engine.known
	if known.mac == nil || in.written > 0 || in.stage != sniffing || in.evidence.Status != rules.Complete {
		return false
	}
	in.recognition.take(known.mac, &in.body, coding, p)
	found := known.slot(&in.recognition.fingerprint).Load()
	if found == nil || found.fingerprint != in.recognition.fingerprint {
		return false
	}
	in.recognition.asked = false
	in.evidence.Format = found.format
	in.written, in.read, in.cleared = found.length, found.length, found.length
	if coding == "" {
		in.window.append(p)
	} else {
		in.window.base, in.released = found.length, found.length
	}
	in.stage = finished
	return true
}

// remember notes a body that Recognize did not know, once it has been inspected to its end and nothing was found. Values of the request take findings
// away, and so nothing is remembered where there were some.
func (in *Inspector) remember() {
	r := &in.recognition
	if !r.asked || in.stage != finished || in.panicked != "" || in.rewritten || len(in.body.Echo) > 0 || len(in.edits) > 0 || in.verdict.Action != rules.Pass {
		return
	}
	r.asked = false
	if e := &in.evidence; e.Status == rules.Complete && len(e.Counts) == 0 && e.People == 0 && !e.Special && len(in.verdict.Rules) == 0 {
		in.engine.known.slot(&r.fingerprint).Store(&knownBody{fingerprint: r.fingerprint, format: e.Format, length: in.written})
	}
}
