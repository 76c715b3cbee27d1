package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"stanch/rules"
)

var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func blocked(incident string) *rules.Outcome {
	o := &rules.Outcome{Incident: incident, Method: "GET", StatusCode: 403, RouteName: "exports", People: 412, Format: rules.CSV, Inspected: true,
		Verdict: rules.Verdict{Action: rules.Block, Rules: []string{"bulk"}}, BytesRead: 5 << 20, Withheld: 5 << 20}
	o.Exchange.Client = "c0ffee"
	o.Counts = []rules.DetectorCount{{Detector: "email", By: [4]int{0, 1, 400, 4}}, {Detector: "uk.nhs_number", By: [4]int{0, 0, 0, 412}}}
	return o
}

// trail writes n events and returns the lines, each with its line end.
func trail(t *testing.T, n int) []string {
	t.Helper()
	var out bytes.Buffer
	log := New(&out, Options{Version: "1.2.3", Queue: n})
	log.SetPolicy("feed")
	for i := range n {
		log.Observe(blocked(fmt.Sprintf("incident-%d", i)))
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(strings.Lines(out.String()))
	if len(lines) != n || log.Written() != uint64(n) || log.Lost() != 0 {
		t.Fatalf("%d lines, %d written, %d lost", len(lines), log.Written(), log.Lost())
	}
	return lines
}

func TestEventIsOCSF(t *testing.T) {
	var event map[string]any
	if err := json.Unmarshal([]byte(trail(t, 1)[0]), &event); err != nil {
		t.Fatal(err)
	}
	at := func(path string) any {
		var value any = event
		for name := range strings.SplitSeq(path, "/") {
			value = value.(map[string]any)[name]
		}
		return value
	}
	for path, want := range map[string]any{
		"class_uid": 2006.0, "category_uid": 2.0, "activity_id": 1.0, "type_uid": 200601.0, "severity_id": 4.0, "confidence_id": 3.0, "action_id": 2.0,
		"disposition_id": 2.0, "is_alert": true, "metadata/sequence": 1.0, "metadata/product/version": "1.2.3", "finding_info/uid": "incident-0",
		"actor/user/uid": "c0ffee", "data_security/detection_pattern": "uk.nhs_number", "data_security/policy/uid": "feed",
		"unmapped/verdict": "block", "unmapped/people": 412.0, "unmapped/detectors/email/medium": 400.0, "unmapped/withheld_bytes": float64(5 << 20),
		"data_security/confidentiality_id": 5.0, "data_security/detection_system_id": 2.0, "unmapped/status": "complete", "unmapped/reason": "", "unmapped/chain/previous": "",
	} {
		if got := at(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if _, there := event["data_security"].(map[string]any)["pattern_match"]; there {
		t.Error("pattern_match invites matched values")
	}
}

func TestOnlyVerdictsAbovePass(t *testing.T) {
	tests := []struct {
		verdict rules.Verdict
		want    uint64
	}{
		{rules.Verdict{}, 0},
		{rules.Verdict{Rules: []string{"noted"}}, 0},
		{rules.Verdict{Monitored: rules.Block}, 1},
		{rules.Verdict{Monitored: rules.Harden}, 1},
		{rules.Verdict{Action: rules.Harden}, 1},
		{rules.Verdict{Action: rules.Redact}, 1},
		{rules.Verdict{Action: rules.Block, Uninspected: true}, 1},
	}
	for _, test := range tests {
		log := New(&bytes.Buffer{}, Options{})
		log.Observe(&rules.Outcome{Verdict: test.verdict})
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		if log.Written() != test.want {
			t.Errorf("%+v: %d events, want %d", test.verdict, log.Written(), test.want)
		}
	}
}

// TestHostileFields: whatever stands in a field, a line is one JSON object of printable ASCII that gives the field back.
func TestHostileFields(t *testing.T) {
	hostile := []string{"a\r\nb", "\x1b[2J\x1b]0;title\a", "\u202egnp.exe", "\u2066a\u2069", "\u2028\u2029\u0085", "nul\x00", `"},{"x":"`, "\\", "\u007f", "😀 é", "</script>"}
	for _, text := range hostile {
		o := blocked(text)
		o.RouteName, o.Exchange.Client, o.Failure, o.Method = text, text, text, text
		o.Verdict.Rules = []string{text}
		o.Counts[0].Detector = text
		var out bytes.Buffer
		log := New(&out, Options{Version: text})
		log.SetPolicy(text)
		log.Observe(o)
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		line, end, _ := strings.Cut(out.String(), "\n")
		if end != "" || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q leaves its line: %q", text, out.String())
		}
		var event Event
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, got := range []string{event.Finding.UID, event.Resources[0].Name, event.Actor.User.UID, event.Stanch.Failure, event.Finding.Types[0], event.Metadata.Product.Version, event.DataSecurity.Policy.UID} {
			if got != text {
				t.Errorf("%q became %q", text, got)
			}
		}
		if event.Stanch.Method != "other" {
			t.Errorf("method %q came from traffic", event.Stanch.Method)
		}
	}
}

func TestVerifyFindsEveryChange(t *testing.T) {
	const n = 12
	lines := trail(t, n)
	verify := func(lines []string) []Break {
		t.Helper()
		_, breaks, err := Verify(strings.NewReader(strings.Join(lines, "")))
		if err != nil {
			t.Fatal(err)
		}
		return breaks
	}
	if breaks := verify(lines); len(breaks) != 0 {
		t.Fatalf("an untouched trail: %v", breaks)
	}
	if breaks := verify(lines[5:]); len(breaks) != 0 {
		t.Fatalf("a rotated trail: %v", breaks)
	}
	for i := range n - 1 { // the last line's change shows when the next line is written
		edited := slices.Clone(lines)
		edited[i] = strings.Replace(edited[i], `"people":412`, `"people":2`, 1)
		if edited[i] == lines[i] || len(verify(edited)) == 0 {
			t.Errorf("line %d edited: not found", i+1)
		}
		torn := slices.Clone(lines)
		torn[i] = torn[i][:40] + "\n"
		if len(verify(torn)) == 0 {
			t.Errorf("line %d torn: not found", i+1)
		}
		if i > 0 {
			if len(verify(slices.Delete(slices.Clone(lines), i, i+1))) == 0 {
				t.Errorf("line %d deleted: not found", i+1)
			}
			if len(verify(slices.Insert(slices.Clone(lines), i, lines[i]))) == 0 {
				t.Errorf("line %d repeated: not found", i+1)
			}
		}
		swapped := slices.Clone(lines)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		if len(verify(swapped)) == 0 {
			t.Errorf("lines %d and %d swapped: not found", i+1, i+2)
		}
	}
}

func TestOpenContinuesTheTrail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	for start := range 3 {
		log, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		log.Observe(blocked(fmt.Sprint(start)))
		log.Observe(blocked(fmt.Sprint(start)))
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	end, breaks, err := Verify(bytes.NewReader(data))
	if err != nil || len(breaks) != 0 || end.Sequence != 6 {
		t.Fatalf("%+v, %v, %v", end, breaks, err)
	}
	// A process that died in the middle of a line leaves a torn one; the trail goes on behind it, and the tear shows.
	if err := os.WriteFile(path, data[:len(data)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	log.Observe(blocked("after"))
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	data, _ = os.ReadFile(path)
	end, breaks, err = Verify(bytes.NewReader(data))
	if err != nil || len(breaks) != 1 || breaks[0].Line != 6 || end.Sequence != 6 {
		t.Errorf("%+v, %v, %v", end, breaks, err)
	}
	if _, err := Open(t.TempDir(), Options{}); err == nil {
		t.Error("a folder was opened")
	}
}

// stalled is a writer that waits until it is let go.
type stalled struct {
	entered, release chan struct{}
	once             sync.Once
	bytes.Buffer
}

func (s *stalled) Write(p []byte) (int, error) {
	s.once.Do(func() { close(s.entered) })
	<-s.release
	return s.Buffer.Write(p)
}

func TestFullQueueNeverBlocksAndIsToldOf(t *testing.T) {
	to := &stalled{entered: make(chan struct{}), release: make(chan struct{})}
	log := New(to, Options{Queue: 4})
	log.Observe(blocked("first"))
	<-to.entered
	const more = 10 // of which four wait
	for range more {
		log.Observe(blocked("more"))
	}
	if log.Lost() != more-4 {
		t.Errorf("%d lost, want %d", log.Lost(), more-4)
	}
	close(to.release)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	log.Observe(blocked("too late"))
	if log.Written() != 5 || log.Lost() != more-4+1 {
		t.Errorf("%d written, %d lost", log.Written(), log.Lost())
	}
	var told uint64
	for line := range strings.Lines(to.String()) {
		var event Event
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatal(err)
		}
		told += event.Stanch.Lost
	}
	if told != more-4 {
		t.Errorf("the trail tells of %d lost events, want %d", told, more-4)
	}
}

// fullDisk fails writes while it is full, after taking a part of them.
type fullDisk struct {
	bytes.Buffer
	full atomic.Bool
}

var errNoSpace = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.full.Load() {
		n, _ := d.Buffer.Write(p[:len(p)/2])
		return n, errNoSpace
	}
	return d.Buffer.Write(p)
}

func TestWriteErrorsAreCountedAndAlarmed(t *testing.T) {
	disk := &fullDisk{}
	var alarms []error
	log := newLog(disk, Options{Alarm: func(err error) { alarms = append(alarms, err) }})
	for _, full := range []bool{false, true, true, false, true, false} { // one writer, one step at a time
		disk.full.Store(full)
		event := eventOf(blocked("x"), today)
		log.settle(&event)
	}
	if len(alarms) != 2 || !errors.Is(alarms[0], errNoSpace) || log.Failed() != 3 || log.Lost() != 3 || log.Written() != 3 {
		t.Errorf("alarms %v, %d failed, %d lost, %d written", alarms, log.Failed(), log.Lost(), log.Written())
	}
	end, breaks, err := Verify(bytes.NewReader(disk.Bytes()))
	if err != nil || end.Sequence != 3 {
		t.Fatal(end, err)
	}
	for _, b := range breaks { // the torn parts show; the whole lines still follow each other
		if b.Reason != "is no event" {
			t.Error(b)
		}
	}
	if len(breaks) != 3 {
		t.Errorf("%d torn lines show, want 3", len(breaks))
	}
}

// TestRequiredEventsWaitForTheDisk: nothing is lost while the disk is full, and Recording says no until it is not.
func TestRequiredEventsWaitForTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &fullDisk{}
		disk.full.Store(true)
		alarms := 0
		log := New(disk, Options{Queue: 4, Required: true, Alarm: func(error) { alarms++ }})
		if !log.Recording() {
			t.Error("a new Log says that it cannot record")
		}
		log.Observe(blocked("first"))
		synctest.Wait()
		if log.Recording() || log.Lost() != 0 {
			t.Errorf("the disk is full: recording %v, %d lost", log.Recording(), log.Lost())
		}
		log.Observe(blocked("second"))
		time.Sleep(10 * retryAfter)
		synctest.Wait()
		disk.full.Store(false)
		time.Sleep(retryAfter)
		synctest.Wait()
		if !log.Recording() || log.Written() != 2 || log.Lost() != 0 || log.Failed() < 5 || alarms != 1 {
			t.Errorf("the disk has room: recording %v, %d written, %d lost, %d failed, %d alarms", log.Recording(), log.Written(), log.Lost(), log.Failed(), alarms)
		}
		disk.full.Store(true)
		log.Observe(blocked("third"))
		if err := log.Close(); err == nil || log.Lost() != 1 {
			t.Errorf("closed with a full disk: %v, %d lost", err, log.Lost())
		}
	})
}

// TestFullQueueIsNotRecording: half of the queue is kept for what is under way.
func TestFullQueueIsNotRecording(t *testing.T) {
	to := &stalled{entered: make(chan struct{}), release: make(chan struct{})}
	log := New(to, Options{Queue: 4, Required: true})
	log.Observe(blocked("writing"))
	<-to.entered
	for i, want := range []bool{true, true, false, false} {
		log.Observe(blocked("waiting"))
		if log.Recording() != want {
			t.Errorf("%d events wait: recording %v", i+1, !want)
		}
	}
	close(to.release)
	if err := log.Close(); err != nil || log.Lost() != 0 {
		t.Errorf("%v, %d lost", err, log.Lost())
	}
}

// TestObserveKeepsNothing: the outcome may be reused as soon as Observe returns.
func TestObserveKeepsNothing(t *testing.T) {
	to := &stalled{entered: make(chan struct{}), release: make(chan struct{})}
	log := New(to, Options{})
	o := blocked("one")
	log.Observe(o)
	o.Counts[0].Detector, o.Verdict.Rules[0], o.Incident = "overwritten", "overwritten", "overwritten"
	close(to.release)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(to.String(), "overwritten") {
		t.Error("the event changed after Observe")
	}
}

// TestManyObservers: many goroutines observe while policies change and the Log closes; every event is written or counted as lost.
func TestManyObservers(t *testing.T) {
	const observers, each = 8, 500
	var out bytes.Buffer
	log := New(&out, Options{Queue: 64})
	var running sync.WaitGroup
	for i := range observers {
		running.Go(func() {
			for n := range each {
				if n%100 == 0 {
					log.SetPolicy(fmt.Sprint(i, n))
				}
				log.Observe(blocked("x"))
				if i == 0 && n == each-1 {
					if err := log.Close(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	running.Wait()
	if log.Written()+log.Lost() != observers*each || log.Written() == 0 {
		t.Errorf("%d written and %d lost of %d", log.Written(), log.Lost(), observers*each)
	}
	if end, breaks, err := Verify(&out); err != nil || len(breaks) > 0 || end.Sequence != log.Written() {
		t.Errorf("%+v, %v, %v", end, breaks, err)
	}
}

func BenchmarkObserve(b *testing.B) {
	log := New(discard{}, Options{})
	defer log.Close()
	for _, bench := range []struct {
		name    string
		outcome *rules.Outcome
	}{{"pass", &rules.Outcome{}}, {"block", blocked("x")}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				log.Observe(bench.outcome)
			}
		})
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
