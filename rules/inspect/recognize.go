package inspect

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/fips140"
	"crypto/rand"
	"encoding/binary"
	"slices"
	"sync/atomic"

	"stanch/rules"
)

// knownSlots is how many bodies that came in one piece an Engine remembers at most: a set of pages, scripts and styles that are asked for again and again.
const knownSlots = 1 << 12

// maxNoted is how many people a body may have to be remembered where people are counted for budgets.
const maxNoted = 1 << 16

// fingerprintLength is the length of a fingerprint in bytes.
const fingerprintLength = 16

// A bodyFingerprint is a GMAC (NIST SP 800-38D) of a body, or of its beginning, under a key that never leaves the process, and neither do fingerprints:
// whoever writes bodies cannot make two that share one, but by guessing 128 bits.
type bodyFingerprint [fingerprintLength]byte

// knownBodies remembers what one Engine has inspected and let pass as it was: of what came in one piece a fingerprint and no text, of what is longer a
// recording. It is safe for concurrent use.
type knownBodies struct {
	mac        cipher.AEAD // nil: nothing is remembered
	anyScope   bool        // where nothing was found no rule holds, whoever asks
	slots      [knownSlots]atomic.Pointer[knownBody]
	recordings recordings
}

// A knownBody is a body that came in one piece.
type knownBody struct {
	fingerprint bodyFingerprint
	result      result
}

// A result is what the inspection of a body has led to that passed as it was.
type result struct {
	evidence rules.Evidence
	verdict  rules.Verdict
	scope    *rules.Scope // that it was judged under; nil when it goes for every one
	length   int64        // of what was inspected: without its coding
	budgeted bool         // people are those that were counted, by pseudonym, in their order
	people   []uint64
}

// newKnownBodies returns the memory of an Engine. It stays empty where all findings are wanted with their places, and where FIPS 140 allows no GMAC with
// a nonce of one's own.
func newKnownBodies(options *Options) *knownBodies {
	k := &knownBodies{anyScope: options.Policy.JudgesFindings(), recordings: recordings{limit: max(options.Repeats, 0)}}
	if options.Places || fips140.Enforced() {
		return k
	}
	key := make([]byte, 2*aes.BlockSize)
	rand.Read(key)
	if block, err := aes.NewCipher(key); err == nil {
		k.mac, _ = cipher.NewGCM(block)
	}
	return k
}

func (k *knownBodies) slot(fingerprint *bodyFingerprint) *atomic.Pointer[knownBody] {
	return &k.slots[binary.LittleEndian.Uint64(fingerprint[:])%knownSlots]
}

// A recognition is what an Inspector needs to ask for a known body. It lies there so that asking allocates nothing.
type recognition struct {
	hints       []byte
	nonce       []byte
	fingerprint bodyFingerprint
	asked       bool       // the fingerprint is that of the body which is being inspected
	recording   *recording // that is made of the body which is being inspected; nil for none
	people      []uint64   // of a body with budgets that may be remembered
	read        int        // how many people of the body that is recognized were read
}

// take computes the fingerprint of a body, or of its beginning, with all else that the result of its inspection depends on: the hints are hashed to the
// nonce of the body's hash.
func (r *recognition) take(mac cipher.AEAD, p []byte, hints ...string) {
	r.hints = r.hints[:0]
	for _, hint := range hints {
		r.hints = append(append(r.hints, hint...), 0)
	}
	if r.nonce == nil {
		r.nonce = make([]byte, fingerprintLength)
	}
	clear(r.nonce)
	mac.Seal(r.fingerprint[:0], r.nonce[:mac.NonceSize()], nil, r.hints)
	copy(r.nonce, r.fingerprint[:])
	mac.Seal(r.fingerprint[:0], r.nonce[:mac.NonceSize()], nil, p)
}

// recognizes reports whether a body may be known: nothing has been done with it.
func (in *Inspector) recognizes() bool {
	return in.engine.known.mac != nil && in.written == 0 && in.stage == sniffing && in.evidence.Status == rules.Complete
}

// Recognize takes a body that is all there, as it came in a content coding, or in none. It reports whether this Engine has inspected the same bytes before
// and let them pass: then the inspection has ended, as if they had been decoded, written and closed; what came without a coding is to be released. Otherwise
// the body has to be written from its start.
func (in *Inspector) Recognize(p []byte, coding string) bool {
	if !in.recognizes() {
		return false
	}
	r, known := &in.recognition, in.engine.known
	r.take(known.mac, p, in.body.ContentType, in.body.Name, coding)
	found := known.slot(&r.fingerprint).Load()
	if found == nil || found.fingerprint != r.fingerprint {
		r.asked = true
		return false
	}
	if !in.suits(&found.result) || !in.readsPeople(&found.result, len(found.result.people)) {
		return false
	}
	in.takeOver(&found.result)
	if coding == "" {
		in.window.append(p)
		in.window.base, in.released = 0, 0
	}
	return true
}

// suits reports whether an inspection here would lead to a result, but for what its people do to budgets. Values of the request that are people are not counted.
func (in *Inspector) suits(r *result) bool {
	return r.scope == nil || in.people.discounts.used == 0 && (in.body.Budget == nil || r.budgeted) && in.scope.Same(r.scope)
}

// readsPeople records that the client reads the people of a body, up to the end of the first so many. It reports whether its budgets allow that.
func (in *Inspector) readsPeople(r *result, end int) bool {
	if in.body.Budget == nil || end <= in.recognition.read {
		return true
	}
	for _, person := range r.people[in.recognition.read:end] {
		in.body.Budget.Read(person, in.evidence.Budgets)
	}
	in.recognition.read = end
	evidence, verdict := r.evidence, rules.Verdict{}
	evidence.Budgets = in.evidence.Budgets
	in.scope.Update(&verdict, &evidence)
	return verdict.Action <= r.verdict.Action
}

// takeOver ends the inspection with a result. Nothing is there to be released.
func (in *Inspector) takeOver(r *result) {
	counts, budgets := in.evidence.Counts, in.evidence.Budgets
	in.evidence, in.verdict = r.evidence, r.verdict
	in.evidence.Counts, in.evidence.Budgets = append(counts[:0], r.evidence.Counts...), budgets
	in.verdict.Rules = slices.Clone(r.verdict.Rules)
	if len(budgets) > 0 {
		in.scope.Update(&in.verdict, &in.evidence)
	}
	in.written, in.read, in.cleared = r.length, r.length, r.length
	in.window.base, in.released = r.length, r.length
	in.stage, in.repeated = finished, true
}

// notePerson keeps a person for the budgets of whoever gets the same body again.
func (in *Inspector) notePerson(person uint64) {
	if r := &in.recognition; (r.asked || r.recording != nil) && len(r.people) < maxNoted {
		r.people = append(r.people, person)
	}
}

// remember notes a body that was not known, once it has been inspected to its end and is let pass as it was.
func (in *Inspector) remember() {
	r := &in.recognition
	if !r.asked && r.recording == nil {
		return
	}
	result, ok := in.result()
	switch {
	case r.recording == nil && ok:
		in.engine.known.slot(&r.fingerprint).Store(&knownBody{fingerprint: r.fingerprint, result: result})
	case r.recording != nil && ok:
		in.engine.known.recordings.keep(r.recording, &result)
		r.recording = nil
	}
	r.asked = false
}

// result is what the next inspection of the same body would lead to, if that can be said.
func (in *Inspector) result() (result, bool) {
	e := in.evidence
	if in.stage != finished || in.panicked != "" || in.hurried || in.people.discounts.used > 0 || in.verdict.Action > rules.Harden || e.Status != rules.Complete {
		return result{}, false
	}
	r := result{evidence: e, verdict: in.verdict, length: in.written, budgeted: in.body.Budget != nil, people: slices.Clone(in.recognition.people)}
	r.evidence.Counts, r.evidence.Budgets, r.verdict.Rules = slices.Clone(e.Counts), nil, slices.Clone(in.verdict.Rules)
	if nothing := len(e.Counts) == 0 && e.People == 0 && !e.Special && len(in.verdict.Rules) == 0; nothing && in.engine.known.anyScope {
		return r, true
	}
	if r.scope = in.scope.Clone(); !r.budgeted {
		return r, true
	}
	again := r.scope.Evaluate(&e) // what budgets had a part in is told again for each client
	r.verdict = r.scope.Evaluate(&r.evidence)
	return r, len(r.people) < maxNoted && slices.Equal(again.Rules, in.verdict.Rules)
}
