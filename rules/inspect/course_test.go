package inspect_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"stanch/rules"
	"stanch/rules/inspect"
	"stanch/rules/match/corpus"
)

const testRepeats = 4 << 20

func repeatEngine(t testing.TB, policy rules.Policy, repeats int64) *inspect.Engine {
	t.Helper()
	return newEngineOf(t, inspect.Options{Policy: &policy, Detectors: catalogue, Repeats: repeats})
}

// A visit is one body on its way, as the proxy leads it: beside a recording while it can be, else through the inspection.
type visit struct {
	followed bool // to the end
	strayed  int  // the piece at which it was another body; -1 for none
	left     []int64
	result
}

// visitWith leads a body, in pieces, and notes how much had left behind each piece.
func visitWith(t testing.TB, engine *inspect.Engine, exchange rules.Exchange, body inspect.Body, pieces ...[]byte) visit {
	t.Helper()
	in := engine.Inspect(exchange, body)
	defer in.Free()
	v := visit{strayed: -1}
	var out bytes.Buffer
	course, record := in.Recall(pieces[0], "")
	from := 0
	if course != nil {
		defer course.Leave()
		for i, p := range pieces {
			if !course.Continue(bytes.Clone(p)) {
				v.strayed, from = i, i
				break
			}
			out.Write(course.Behind(int64(out.Len())))
			v.left = append(v.left, int64(out.Len()))
		}
		if v.strayed < 0 && !course.End() {
			v.strayed, from = len(pieces), len(pieces)
		}
		if v.followed = v.strayed < 0; v.followed {
			out.Write(course.Behind(int64(out.Len())))
		} else {
			in.Write(course.Stray(int64(out.Len())))
			if _, err := in.Release(&out); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !v.followed {
		var came int64
		for _, p := range pieces[from:] {
			scratch := bytes.Clone(p)
			if came += int64(len(p)); record {
				in.Record(scratch)
			}
			in.Write(scratch)
			clear(scratch)
			if _, err := in.Release(&out); err != nil {
				t.Fatal(err)
			}
			v.left = append(v.left, int64(out.Len()))
			if record {
				in.RecordLeft(came, int64(out.Len()))
			}
		}
		in.Close()
		if _, err := in.Release(&out); err != nil {
			t.Fatal(err)
		}
	}
	report := in.Report()
	report.Evidence.Counts = slices.Clone(report.Evidence.Counts)
	if len(report.Evidence.Counts) == 0 {
		report.Evidence.Counts = nil
	}
	v.result = result{out.String(), in.Verdict(), report.Evidence, nil}
	return v
}

func visitIn(t testing.TB, engine *inspect.Engine, body inspect.Body, pieces ...[]byte) visit {
	t.Helper()
	return visitWith(t, engine, rules.Exchange{}, body, pieces...)
}

// teach has a body inspected until it is recorded, and returns what the inspection led to.
func teach(t testing.TB, engine *inspect.Engine, body inspect.Body, pieces ...[]byte) visit {
	t.Helper()
	var v visit
	for range 2 {
		if v = visitIn(t, engine, body, pieces...); v.followed {
			t.Fatal("followed before it was recorded")
		}
	}
	return v
}

// inPieces cuts a body into pieces of a size, but for a first one that tells its beginning.
func inPieces(body []byte, size int) [][]byte {
	first := min(max(size, 512), len(body))
	return append([][]byte{body[:first]}, slices.Collect(slices.Chunk(body[first:], size))...)
}

// recordable is what is recorded and followed by the tests of courses.
func recordable() map[string][]byte {
	bodies := map[string][]byte{"page": corpus.HTML(90 << 10), "script": corpus.JavaScript(90 << 10), "log": corpus.Log(90 << 10), "items": corpus.JSON(90 << 10), "table": corpus.People(90 << 10)}
	for _, s := range samples() {
		bodies[s.name] = s.of(60)
	}
	return bodies
}

// clearedByteByByte is what an inspection has cleared behind each byte, when it gets one at a time.
func clearedByteByByte(engine *inspect.Engine, about inspect.Body, body []byte) []int64 {
	in := engine.Inspect(rules.Exchange{}, about)
	defer in.Free()
	cleared := make([]int64, len(body))
	for i := range body {
		in.Write(body[i : i+1])
		cleared[i] = in.Cleared()
	}
	return cleared
}

// TestCourseIsWhatAnInspectionSays records bodies in pieces of one size and follows them in pieces of others. The course leads to the same result, and at no
// moment more has left than an inspection would have released.
func TestCourseIsWhatAnInspectionSays(t *testing.T) {
	watching := block(3)
	watching.Mode = rules.Monitor
	hardening := rules.Policy{Rules: []rules.Rule{{ID: "quiet", When: rules.Condition{People: 2}, Action: rules.Harden}}}
	for policyName, policy := range map[string]rules.Policy{"nothing": {}, "watching": watching, "hardening": hardening} {
		for name, body := range recordable() {
			cleared := clearedByteByByte(repeatEngine(t, policy, 0), inspect.Body{Name: name}, body)
			for _, recordedIn := range []int{600, 4 << 10, 32 << 10, len(body)} {
				t.Run(fmt.Sprintf("%s/%s/%d", policyName, name, recordedIn), func(t *testing.T) {
					engine := repeatEngine(t, policy, testRepeats)
					recorded := teach(t, engine, inspect.Body{Name: name}, inPieces(body, recordedIn)...)
					for _, size := range []int{700, 5000, 32 << 10, len(body)} {
						pieces := inPieces(body, size)
						got := visitIn(t, engine, inspect.Body{Name: name}, pieces...)
						if !got.followed || !reflect.DeepEqual(got.result, recorded.result) {
							t.Fatalf("followed: %v; in pieces of %d: %s\nrecorded: %s", got.followed, size, describe(got.result), describe(recorded.result))
						}
						came := 0
						for i, p := range pieces {
							if came += len(p); got.left[i] > cleared[came-1] {
								t.Fatalf("%d bytes had left when an inspection had cleared %d", got.left[i], cleared[came-1])
							}
						}
					}
				})
			}
		}
	}
}

// TestCourseStrays follows a recording with bodies that become others, at each of many places. What happens then is what happens to a body that nobody
// has recorded.
func TestCourseStrays(t *testing.T) {
	mail := []byte(" ada@example.org bob@example.org eve@example.org ")
	changes := map[string]func(body []byte, at int) []byte{
		"another byte":   func(b []byte, at int) []byte { b[at] ^= 1; return b },
		"cut":            func(b []byte, at int) []byte { return b[:at] },
		"more":           func(b []byte, at int) []byte { return append(b, bytes.Repeat([]byte("and so on "), at/10)...) },
		"people inside":  func(b []byte, at int) []byte { return slices.Concat(b[:at], mail, b[at:]) },
		"people instead": func(b []byte, at int) []byte { return slices.Concat(b[:at], bytes.Repeat(mail, 200)) },
	}
	for policyName, policy := range map[string]rules.Policy{"block 3": block(3), "redact 1": redact(1, rules.Label), "mask 2": redact(2, rules.Mask)} {
		for name, body := range map[string][]byte{"page": corpus.HTML(150 << 10), "script": corpus.JavaScript(100 << 10), "text": bytes.Repeat([]byte("Nobody is in here, and nobody comes. "), 3000)} {
			for change, make := range changes {
				t.Run(policyName+"/"+name+"/"+change, func(t *testing.T) {
					for at := 600; at < len(body); at += len(body) / 7 {
						engine := repeatEngine(t, policy, testRepeats)
						if teach(t, engine, inspect.Body{}, inPieces(body, 16<<10)...).Verdict.Action != rules.Pass {
							t.Fatal("the recorded body does not pass")
						}
						other := make(bytes.Clone(body), at)
						got := visitIn(t, engine, inspect.Body{}, inPieces(other, 8<<10)...)
						if got.followed || got.strayed < 0 {
							t.Fatalf("at %d: followed: %v, strayed: %d", at, got.followed, got.strayed)
						}
						want := visitIn(t, repeatEngine(t, policy, 0), inspect.Body{}, inPieces(other, 8<<10)...)
						if !reflect.DeepEqual(got.result, want.result) {
							t.Fatalf("at %d: %s\nwithout a recording: %s", at, describe(got.result), describe(want.result))
						}
					}
				})
			}
		}
	}
}

// readers counts what one client reads.
type readers map[uint64]bool

func (r readers) Read(person uint64, counts map[string]int) {
	r[person] = true
	counts["drip"] = len(r)
}

// TestCourseCountsPeople holds that who gets a recorded body has read its people, and gets no more of it than the budget allows.
func TestCourseCountsPeople(t *testing.T) {
	policy := rules.Policy{Rules: []rules.Rule{{ID: "drip", When: rules.Condition{Budget: &rules.Budget{People: 2000, Per: time.Hour}}, Action: rules.Block}}}
	body := corpus.People(90 << 10)
	pieces := inPieces(body, 8<<10)
	engine := repeatEngine(t, policy, testRepeats)
	first := readers{}
	for range 2 {
		if v := visitIn(t, engine, inspect.Body{Budget: first}, pieces...); v.followed || v.Verdict.Action != rules.Pass || v.Evidence.People != len(first) {
			t.Fatalf("followed: %v, %+v, %d read", v.followed, v.Evidence, len(first))
		}
	}
	second := readers{}
	v := visitIn(t, engine, inspect.Body{Budget: second}, pieces...)
	if !v.followed || len(second) != len(first) || v.Evidence.Budgets["drip"] != len(first) || v.Released != string(body) {
		t.Errorf("followed: %v, %d read, %+v", v.followed, len(second), v.Evidence)
	}
	third := readers{}
	for i := range uint64(1900) {
		third[i] = true
	}
	v = visitIn(t, engine, inspect.Body{Budget: third}, pieces...)
	alone := readers{}
	for i := range uint64(1900) {
		alone[i] = true
	}
	want := visitIn(t, repeatEngine(t, policy, 0), inspect.Body{Budget: alone}, pieces...)
	if v.followed || v.Verdict.Action != rules.Block || want.Verdict.Action != rules.Block || len(v.Released) > len(want.Released) {
		t.Errorf("past its budget a client gets %d bytes (followed: %v, %+v), without a recording %d", len(v.Released), v.followed, v.Verdict, len(want.Released))
	}
	if v := visitIn(t, engine, inspect.Body{Budget: readers{}}, pieces...); !v.followed {
		t.Error("the recording is gone because one client may not read it")
	}
	if v := visitIn(t, engine, inspect.Body{}, pieces...); !v.followed {
		t.Error("who has no budget does not follow")
	}
}

// TestRecallOnlyWhereItHolds tells bodies that are asked for again and again, and whether the third time they are followed.
func TestRecallOnlyWhereItHolds(t *testing.T) {
	page, people := corpus.HTML(90<<10), corpus.People(90<<10)
	echo := inspect.Body{Echo: [][]byte{[]byte("ada@example.org")}}
	signedIn, quiet := true, rules.Policy{Rules: []rules.Rule{{ID: "quiet", When: rules.Condition{People: 2}, Action: rules.Harden}}}
	split := rules.Policy{Rules: []rules.Rule{{ID: "quiet", When: rules.Condition{People: 2, SignedIn: &signedIn}, Action: rules.Harden}}}
	formats := rules.Policy{Rules: []rules.Rule{{ID: "pages", When: rules.Condition{Formats: []rules.Format{rules.HTML}}, Action: rules.Harden}}}
	for _, c := range []struct {
		name         string
		policy       rules.Policy
		bytes        []byte
		body, then   inspect.Body
		who, thenWho rules.Exchange
		want         bool
	}{
		{name: "a page", policy: block(3), bytes: page, want: true},
		{name: "people below the limit", policy: block(5000), bytes: people, want: true},
		{name: "people who are blocked", policy: block(3), bytes: people},
		{name: "people who are redacted", policy: redact(3, rules.Mask), bytes: people},
		{name: "people in a hardened answer", policy: quiet, bytes: people, want: true},
		{name: "people, for somebody whom other rules go for", policy: split, bytes: people, thenWho: rules.Exchange{SignedIn: true}},
		{name: "nobody, for somebody whom other rules go for", policy: split, bytes: page, thenWho: rules.Exchange{SignedIn: true}, want: true},
		{name: "a rule for a format", policy: formats, bytes: page, want: true},
		{name: "another type", policy: block(3), bytes: page, then: inspect.Body{ContentType: "text/csv"}},
		{name: "another name", policy: block(3), bytes: page, then: inspect.Body{Name: "a.csv"}},
		{name: "another path", policy: block(3), bytes: page, thenWho: rules.Exchange{Route: "/other"}},
		{name: "values of the request, nobody", policy: block(3), bytes: page, then: echo, want: true},
		{name: "values of the request, people", policy: quiet, bytes: people, then: echo},
		{name: "values of the request before", policy: block(3), bytes: page, body: echo, then: echo},
		{name: "a budget that was not counted", policy: quiet, bytes: people, then: inspect.Body{Budget: readers{}}},
		{name: "too long", policy: block(3), bytes: bytes.Repeat(page, 30)},
		{name: "too long, as declared", policy: block(3), bytes: page, body: inspect.Body{Length: testRepeats}, then: inspect.Body{Length: testRepeats}},
		{name: "binary", policy: rules.Policy{}, bytes: append([]byte("\x00\x01\x02\x03"), page...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			engine := repeatEngine(t, c.policy, testRepeats)
			pieces := inPieces(c.bytes, 16<<10)
			for range 2 {
				if visitWith(t, engine, c.who, c.body, pieces...).followed {
					t.Fatal("followed before it was recorded")
				}
			}
			if got := visitWith(t, engine, c.thenWho, c.then, pieces...); got.followed != c.want {
				t.Errorf("followed: %v, want %v", got.followed, c.want)
			}
			if visitWith(t, repeatEngine(t, c.policy, 0), c.who, c.body, pieces...).followed {
				t.Error("an engine without recordings follows")
			}
		})
	}
}

// TestHurriedFormatIsNotRecorded holds that a body whose format had to be told early, because no more of it was at hand, is not recorded: another time it
// may be told otherwise.
func TestHurriedFormatIsNotRecorded(t *testing.T) {
	engine := repeatEngine(t, block(3), testRepeats)
	body := []byte(strings.Repeat("a, b; c\n", 400))
	for range 4 {
		in := engine.Inspect(rules.Exchange{}, inspect.Body{})
		course, record := in.Recall(body[:600], "")
		if course != nil {
			t.Fatal("recorded")
		}
		for i, p := range [][]byte{body[:600], body[600:]} {
			if record {
				in.Record(p)
			}
			if in.Write(p); i == 0 {
				in.Flush()
			}
		}
		in.Close()
		in.Free()
	}
}

// TestFollowingAllocatesNothing holds that no piece of a body that is followed costs memory.
func TestFollowingAllocatesNothing(t *testing.T) {
	engine := repeatEngine(t, block(3), testRepeats)
	pieces := inPieces(corpus.HTML(200<<10), 4<<10)
	teach(t, engine, inspect.Body{}, pieces...)
	in := engine.Inspect(rules.Exchange{}, inspect.Body{})
	defer in.Free()
	course, _ := in.Recall(pieces[0], "")
	if course == nil {
		t.Fatal("not followed")
	}
	defer course.Leave()
	var left int64
	next := 0
	if n := testing.AllocsPerRun(len(pieces)-2, func() {
		if !course.Continue(pieces[next]) {
			t.Fatal("strayed")
		}
		left += int64(len(course.Behind(left)))
		next++
	}); n > 0 {
		t.Errorf("%v allocations a piece", n)
	}
}

func BenchmarkFollow(b *testing.B) {
	engine := repeatEngine(b, block(3), testRepeats)
	page := corpus.HTML(1 << 20)
	pieces := inPieces(page, 32<<10)
	teach(b, engine, inspect.Body{}, pieces...)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		in := engine.Inspect(rules.Exchange{}, inspect.Body{})
		course, _ := in.Recall(pieces[0], "")
		for _, p := range pieces {
			course.Continue(p)
		}
		course.End()
		course.Leave()
		in.Free()
	}
}
