package inspect_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/inspect"
)

// The tests of the streaming contract: each tries to break one of its laws.

var catalogue = func() *detect.Set {
	set, err := detect.Compile(detect.Catalogue())
	if err != nil {
		panic(err)
	}
	return set
}()

func newEngine(t testing.TB, policy rules.Policy, places bool) *inspect.Engine {
	t.Helper()
	return newEngineOf(t, inspect.Options{Policy: &policy, Detectors: catalogue, Places: places})
}

// newSurvey is an engine as scans have it: it reads all of a body, and names in running text too.
func newSurvey(t testing.TB, policy rules.Policy) *inspect.Engine {
	t.Helper()
	return newEngineOf(t, inspect.Options{Policy: &policy, Detectors: catalogue, Places: true, Throughout: true})
}

func newEngineOf(t testing.TB, options inspect.Options) *inspect.Engine {
	t.Helper()
	engine, err := inspect.NewEngine(options)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func block(people int) rules.Policy {
	return rules.Policy{Rules: []rules.Rule{{ID: "bulk", When: rules.Condition{People: people}, Action: rules.Block}}, Uninspected: rules.Block}
}

func redact(people int, style rules.RedactionStyle) rules.Policy {
	return rules.Policy{Rules: []rules.Rule{{ID: "hide", When: rules.Condition{People: people}, Action: rules.Redact, Redact: rules.Redaction{Style: style}}}, Uninspected: rules.Block}
}

// result is all that an exchange shows of an inspection.
type result struct {
	Released string
	Verdict  rules.Verdict
	Evidence rules.Evidence
	Findings []rules.Finding
}

// inspectBody writes a body in the given pieces, releasing after each, and checks on the way what must hold at every moment.
func inspectBody(t testing.TB, engine *inspect.Engine, body inspect.Body, pieces ...[]byte) result {
	t.Helper()
	in := engine.Inspect(rules.Exchange{}, body)
	defer in.Free()
	var out bytes.Buffer
	var written, cleared int64
	release := func() {
		if in.Cleared() < cleared || in.Cleared() > written && !in.Changed() {
			t.Fatalf("cleared went from %d to %d of %d", cleared, in.Cleared(), written)
		}
		cleared = in.Cleared()
		if _, err := in.Release(&out); err != nil {
			t.Fatal(err)
		}
		if in.Pending() && in.Verdict().Action < rules.Redact {
			t.Fatal("something is pending behind a release")
		}
	}
	for _, p := range pieces {
		scratch := append([]byte(nil), p...)
		written += int64(len(p))
		in.Write(scratch)
		clear(scratch) // the Inspector keeps no reference
		release()
	}
	in.Close()
	release()
	report := in.Report()
	report.Evidence.Counts = append([]rules.DetectorCount(nil), report.Evidence.Counts...)
	return result{out.String(), in.Verdict(), report.Evidence, append([]rules.Finding(nil), report.Findings...)}
}

// policies are what the laws are tried under.
func policies() map[string]rules.Policy {
	return map[string]rules.Policy{"pass": {}, "block 3": block(3), "redact 1": redact(1, rules.Mask), "redact 3": redact(3, rules.Label), "hash 2": redact(2, rules.Hash)}
}

// Law 2: any split is the same.
func TestAnySplitIsTheSame(t *testing.T) {
	for _, s := range samples() {
		body := s.of(5)
		engines := map[string]*inspect.Engine{"survey": newSurvey(t, block(3))}
		for name, policy := range policies() {
			engines[name] = newEngine(t, policy, true)
		}
		for name, engine := range engines {
			t.Run(s.name+"/"+name, func(t *testing.T) {
				whole := inspectBody(t, engine, inspect.Body{}, body)
				same := func(how string, pieces ...[]byte) {
					t.Helper()
					if got := inspectBody(t, engine, inspect.Body{}, pieces...); !reflect.DeepEqual(got, whole) {
						t.Fatalf("%s differs:\n%s\nwhole:\n%s", how, describe(got), describe(whole))
					}
				}
				for i := range body {
					same(fmt.Sprintf("split at %d", i), body[:i], body[i:])
				}
				same("byte by byte", byteByByte(body)...)
				for seed := range uint64(20) {
					same(fmt.Sprintf("random pieces %d", seed), randomPieces(body, seed)...)
				}
			})
		}
	}
}

func describe(r result) string {
	return fmt.Sprintf("%d bytes %q\nverdict %+v\nevidence %+v\nfindings %d %+v", len(r.Released), r.Released, r.Verdict, r.Evidence, len(r.Findings), r.Findings)
}

func byteByByte(body []byte) [][]byte {
	pieces := make([][]byte, len(body))
	for i := range body {
		pieces[i] = body[i : i+1]
	}
	return pieces
}

func randomPieces(body []byte, seed uint64) [][]byte {
	random := rand.New(rand.NewPCG(seed, 1))
	var pieces [][]byte
	for len(body) > 0 {
		n := min(1+random.IntN(1+random.IntN(300)), len(body))
		pieces, body = append(pieces, body[:n]), body[n:]
	}
	return pieces
}

// Law 5: with a rule that blocks at n people, at most n-1 leave, and law 6's half that is the Inspector's: nothing comes after the cut.
func TestBoundedLeak(t *testing.T) {
	for _, s := range samples() {
		for _, threshold := range []int{1, 2, 7, 50} {
			t.Run(fmt.Sprint(s.name, threshold), func(t *testing.T) {
				engine := newEngine(t, block(threshold), false)
				body := s.of(threshold + 30)
				for how, pieces := range map[string][][]byte{"whole": {body}, "byte by byte": byteByByte(body), "chunks": randomPieces(body, 7)} {
					got := inspectBody(t, engine, inspect.Body{}, pieces...)
					if got.Verdict.Action != rules.Block {
						t.Fatalf("%s: verdict %v with %d people", how, got.Verdict.Action, got.Evidence.People)
					}
					if n := peopleIn(got.Released); n > threshold-1 {
						t.Errorf("%s: %d people left", how, n)
					}
					if !bytes.HasPrefix(body, []byte(got.Released)) {
						t.Errorf("%s: what left is not what was sent", how)
					}
				}
				fewer := inspectBody(t, engine, inspect.Body{}, s.of(threshold-1))
				if fewer.Verdict.Action != rules.Pass || fewer.Evidence.People != threshold-1 {
					t.Errorf("%d people: counted %d, verdict %v", threshold-1, fewer.Evidence.People, fewer.Verdict.Action)
				}
			})
		}
	}
}

// Law 10: unchanged means untouched; and law 9: a redacted value does not leave, whatever the split.
func TestUnchangedMeansUntouched(t *testing.T) {
	for _, s := range samples() {
		body := s.of(5)
		got := inspectBody(t, newEngine(t, rules.Policy{}, false), inspect.Body{}, randomPieces(body, 3)...)
		if got.Released != string(body) {
			t.Errorf("%s: changed without a rule", s.name)
		}
		if got.Evidence.People != 5 {
			t.Errorf("%s: counted %d people of 5", s.name, got.Evidence.People)
		}
	}
}

func TestRedactionHidesValuesAndKeepsTheForm(t *testing.T) {
	for _, s := range samples() {
		body := s.of(5)
		for _, style := range []rules.RedactionStyle{rules.Mask, rules.Label, rules.Hash, rules.Remove} {
			got := inspectBody(t, newEngine(t, redact(1, style), false), inspect.Body{}, randomPieces(body, 5)...)
			if n := peopleIn(got.Released); n != 0 {
				t.Errorf("%s, %v: %d people can be read:\n%s", s.name, style, n, got.Released)
			}
			if style == rules.Mask && len(got.Released) != len(body) {
				t.Errorf("%s: a mask changed the length from %d to %d", s.name, len(body), len(got.Released))
			}
			for _, mark := range []string{"\n", "<td>", `"email"`, ",", "'"} {
				if strings.Count(got.Released, mark) != bytes.Count(body, []byte(mark)) {
					t.Errorf("%s, %v: the number of %q changed:\n%s", s.name, style, mark, got.Released)
				}
			}
		}
	}
}

// A name that no list of names knows goes with the person whose record it stands in, and stays where there is no person.
func TestUnknownNamesGoWithTheirRecord(t *testing.T) {
	people := "Name,Email\nXyqlbert Vrontz,xyqlbert@example.org\nOluwaseun Qwarx,o.q@example.org\n"
	things := "Name,Price\nXyqlbert Vrontz,12\nOluwaseun Qwarx,13\n"
	for _, c := range []struct {
		body   string
		hidden bool
	}{{people, true}, {people + "Blorp Zingle,none\n", true}, {things, false}} {
		body := []byte(c.body)
		for how, pieces := range map[string][][]byte{"whole": {body}, "byte by byte": byteByByte(body)} {
			got := inspectBody(t, newEngine(t, redact(1, rules.Mask), false), inspect.Body{}, pieces...)
			if named := strings.Contains(got.Released, "Vrontz") || strings.Contains(got.Released, "Qwarx"); named == c.hidden {
				t.Errorf("%s:\n%s", how, got.Released)
			}
		}
	}
}

// A redacted body in UTF-16 is still UTF-16, of the same length under a mask.
func TestRedactionKeepsTheCharset(t *testing.T) {
	plain := string(csvOf(5))
	wide := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(plain)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	for _, style := range []rules.RedactionStyle{rules.Mask, rules.Label} {
		got := inspectBody(t, newEngine(t, redact(1, style), false), inspect.Body{}, randomPieces(wide, 4)...)
		var units []uint16
		for rest := []byte(got.Released)[2:]; len(rest) > 1; rest = rest[2:] {
			units = append(units, binary.LittleEndian.Uint16(rest))
		}
		text := string(utf16.Decode(units))
		if n := peopleIn(text); n > 0 || len(got.Released)%2 != 0 || strings.Count(text, ",") != strings.Count(plain, ",") {
			t.Errorf("%v: %d people can be read in %q", style, n, text)
		}
		if style == rules.Mask && len(got.Released) != len(wide) {
			t.Errorf("a mask changed the length from %d to %d", len(wide), len(got.Released))
		}
	}
}

// Law 3: bounded memory, whatever the body's size.
func TestBoundedMemory(t *testing.T) {
	engine := newEngine(t, rules.Policy{}, false)
	chunk := bytes.Repeat([]byte("the quick brown fox jumps over 12 lazy dogs; "), 1000)
	for name, chunk := range map[string][]byte{"words": chunk, "digits": bytes.Repeat([]byte("4"), 40_000), "at signs": bytes.Repeat([]byte("a@"), 20_000),
		"open quote": append([]byte(`a,"b`), bytes.Repeat([]byte("x"), 40_000)...), "tags": bytes.Repeat([]byte("<"), 40_000), "brackets": bytes.Repeat([]byte("["), 40_000)} {
		in := engine.Inspect(rules.Exchange{}, inspect.Body{})
		var written int64
		for range 100 {
			in.Write(chunk)
			written += int64(len(chunk))
			in.Release(io.Discard)
			if held := written - in.Cleared(); held > inspect.DefaultWindow+8<<10 {
				t.Errorf("%s: %d bytes are held back", name, held)
				break
			}
		}
		in.Free()
	}
}

// Law 4: bounded delay. A complete event, line or chunk leaves at once.
func TestBoundedDelay(t *testing.T) {
	for _, c := range []struct{ name, contentType, chunk string }{
		{"event", "text/event-stream", "data: {\"n\": %d, \"email\": \"ann%d@example.org\"}\n\n"},
		{"ndjson line", "application/x-ndjson", "{\"n\": %d, \"email\": \"ann%d@example.org\"}\n"},
		{"log line", "text/plain", "request %d of ann%d@example.org took 12 ms\n"},
	} {
		in := newEngine(t, rules.Policy{}, false).Inspect(rules.Exchange{}, inspect.Body{ContentType: c.contentType})
		var written int64
		for n := range 50 {
			line := fmt.Sprintf(c.chunk, n, n)
			in.Write([]byte(line))
			if c.name == "log line" {
				in.Flush() // the proxy does, when no more is at hand
			}
			written += int64(len(line))
			if in.Cleared() != written {
				t.Errorf("%s %d: %d bytes wait", c.name, n, written-in.Cleared())
				break
			}
		}
		in.Free()
	}
}

// Law 7: no silent pass.
func TestEachWayOfNotInspectingIsNamed(t *testing.T) {
	large := append([]byte("PK\x03\x04"), make([]byte, 3<<20)...)
	for _, c := range []struct {
		name   string
		body   []byte
		fail   rules.Reason
		status rules.Status
		reason rules.Reason
	}{
		{"too large", large, 0, rules.Unscannable, rules.TooLarge},
		{"a coding that lies", []byte("hello"), rules.UnknownCoding, rules.Unscannable, rules.UnknownCoding},
		{"cut in the middle", textOf(100), rules.Corrupt, rules.Partial, rules.Corrupt},
		{"not a zip", []byte("PK\x03\x04 but nothing more"), 0, rules.Unscannable, rules.Corrupt},
	} {
		for _, action := range []rules.Action{rules.Pass, rules.Block} {
			engine, err := inspect.NewEngine(inspect.Options{Policy: &rules.Policy{Uninspected: action}, Detectors: catalogue, Document: 2 << 20})
			if err != nil {
				t.Fatal(err)
			}
			in := engine.Inspect(rules.Exchange{}, inspect.Body{})
			in.Write(c.body)
			if c.fail != 0 {
				in.Fail(c.fail)
			}
			in.Close()
			var out bytes.Buffer
			in.Release(&out)
			e := in.Report().Evidence
			if (e.Status != c.status && e.Status != rules.Partial) || e.Reason != c.reason || in.Verdict().Action != action {
				t.Errorf("%s: %v %v, verdict %v; want %v %v, %v", c.name, e.Status, e.Reason, in.Verdict().Action, c.status, c.reason, action)
			}
			if e.Status == rules.Partial {
				continue // what was judged before the rest was lost may leave
			}
			if passed := out.String() == string(c.body); passed != (action == rules.Pass) {
				t.Errorf("%s under %v: %d bytes of %d left", c.name, action, out.Len(), len(c.body))
			}
			in.Free()
		}
	}
}

// faulty panics when a person is read: a stand-in for any fault within an inspection.
type faulty struct{}

func (faulty) Read(uint64, map[string]int) { panic("internal error: a fault for the test") }

// A flat body that takes too long is given up in its midst: blocked, but in monitor mode passed whole and told of.
func TestFlatBodyThatTakesTooLongIsGivenUp(t *testing.T) {
	for _, mode := range []rules.Mode{rules.Enforce, rules.Monitor} {
		engine, err := inspect.NewEngine(inspect.Options{Policy: &rules.Policy{Mode: mode}, Detectors: catalogue, Deadline: 1})
		if err != nil {
			t.Fatal(err)
		}
		body := bytes.Repeat([]byte("a line of text without anybody in it\n"), 8000)
		got := inspectBody(t, engine, inspect.Body{}, body[:200_000], body[200_000:])
		want, left := rules.Block, 200_000
		if mode == rules.Monitor {
			want, left = rules.Pass, len(body)
		}
		if got.Evidence.Status != rules.Partial || got.Evidence.Reason != rules.Deadline || got.Verdict.Action != want || len(got.Released) > left {
			t.Errorf("%v: %v %v, verdict %v, %d bytes left", mode, got.Evidence.Status, got.Evidence.Reason, got.Verdict.Action, len(got.Released))
		}
		if mode == rules.Monitor && got.Released != string(body) {
			t.Errorf("in monitor mode %d bytes of %d left", len(got.Released), len(body))
		}
		if got.Verdict.Monitored != rules.Block && mode == rules.Monitor {
			t.Errorf("monitored %v", got.Verdict.Monitored)
		}
	}
}

// Law 8: a fault costs the one body it happens in, and is named.
func TestFaultCostsOneBody(t *testing.T) {
	for _, policy := range []rules.Policy{{Uninspected: rules.Pass}, {Uninspected: rules.Block}, {Mode: rules.Monitor}} {
		engine := newEngine(t, policy, false)
		action := rules.Block // whatever the policy says of what cannot be read: a fault must not be the way around it
		if policy.Mode == rules.Monitor {
			action = rules.Pass
		}
		body := csvOf(20)
		got := inspectBody(t, engine, inspect.Body{Budget: faulty{}}, randomPieces(body, 2)...)
		if got.Evidence.Status != rules.Partial || got.Evidence.Reason != rules.Internal || got.Verdict.Action != action {
			t.Errorf("%v %v, verdict %v; want %v", got.Evidence.Status, got.Evidence.Reason, got.Verdict.Action, action)
		}
		if action == rules.Pass && got.Released != string(body) {
			t.Errorf("in monitor mode %d bytes of %d left", len(got.Released), len(body))
		}
		if n := peopleIn(got.Released); action == rules.Block && n > 0 {
			t.Errorf("under block %d people left", n)
		}
		if after := inspectBody(t, engine, inspect.Body{}, body); after.Evidence.People != 20 || after.Evidence.Status != rules.Complete {
			t.Errorf("the next body: %d people, %v", after.Evidence.People, after.Evidence.Status)
		}
	}
}

// Values that came in with the request count for nobody.
func TestEchoedValuesDoNotCount(t *testing.T) {
	engine := newEngine(t, block(1), false)
	mail := person(3)[1]
	body := []byte("You searched for " + mail + ".\n")
	if got := inspectBody(t, engine, inspect.Body{Echo: [][]byte{[]byte(mail)}}, body); got.Verdict.Action != rules.Pass || got.Evidence.People != 0 {
		t.Errorf("an echoed address: verdict %v, %d people", got.Verdict.Action, got.Evidence.People)
	}
	if got := inspectBody(t, engine, inspect.Body{}, body); got.Verdict.Action != rules.Block {
		t.Errorf("the same address, not echoed: verdict %v", got.Verdict.Action)
	}
}

func TestNewEngineRefusesWhatCannotWork(t *testing.T) {
	for _, o := range []inspect.Options{{}, {Policy: &rules.Policy{}}, {Policy: &rules.Policy{}, Detectors: catalogue, Window: 100}} {
		if _, err := inspect.NewEngine(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
