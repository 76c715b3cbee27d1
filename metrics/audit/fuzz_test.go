package audit

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"stanch/rules"
)

// FuzzLine: whatever text stands in an event, it is one line of printable ASCII that gives the text back, and the chain holds.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{"", "plain", "a\r\nb", "\x1b[2J", "\u202e", "\xff\xfe", "😀", `\u0000`, "\ufffd", "\ud7ff\ue000"} {
		f.Add(seed, seed, 3)
	}
	f.Fuzz(func(t *testing.T, incident, detector string, count int) {
		o := blocked(incident)
		o.Counts = []rules.DetectorCount{{Detector: detector, By: [rules.High + 1]int{rules.High: count}}}
		var out bytes.Buffer
		log := New(&out, Options{})
		log.Observe(o)
		log.Observe(o)
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		first, rest, _ := strings.Cut(out.String(), "\n")
		if strings.ContainsFunc(first, func(r rune) bool { return r < ' ' || r > '~' }) || strings.Count(rest, "\n") != 1 {
			t.Fatalf("not two lines of ASCII: %q", out.String())
		}
		var event Event
		if err := json.Unmarshal([]byte(first), &event); err != nil {
			t.Fatal(err)
		}
		if utf8.ValidString(incident) && event.Finding.UID != incident {
			t.Errorf("%q became %q", incident, event.Finding.UID)
		}
		if utf8.ValidString(detector) && event.Stanch.Detectors[detector].High != count {
			t.Errorf("detector %q: %+v", detector, event.Stanch.Detectors)
		}
		if _, breaks, err := Verify(&out); err != nil || len(breaks) > 0 {
			t.Errorf("%v, %v", breaks, err)
		}
	})
}

// FuzzVerify: a trail may be anything at all.
func FuzzVerify(f *testing.F) {
	var out bytes.Buffer
	log := New(&out, Options{})
	log.Observe(blocked("a"))
	log.Observe(blocked("b"))
	if err := log.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte("{}\n[]\nnull\n\n{\"metadata\":{\"sequence\":18446744073709551615}}\n{"))
	f.Fuzz(func(t *testing.T, trail []byte) {
		_, breaks, err := Verify(bytes.NewReader(trail))
		for _, b := range breaks {
			if b.Line < 1 || b.Reason == "" || err == nil && b.Line > bytes.Count(trail, []byte("\n"))+1 {
				t.Errorf("%+v", b)
			}
		}
	})
}
