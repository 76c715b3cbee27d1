package inspect_test

import (
	"reflect"
	"slices"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// FuzzCourse records a body in pieces of one size and follows it with another one that begins like it, in pieces of another. What comes of that is what comes of it
// where nothing is recorded.
func FuzzCourse(f *testing.F) {
	for _, body := range recordable() {
		f.Add(body[:min(len(body), 5000)], []byte("ada@example.org, bob@example.org, eve@example.org, "), uint16(600), uint16(700), uint16(2000), uint16(10))
	}
	policies := []rules.Policy{block(3), redact(1, rules.Mask), redact(2, rules.Remove)}
	f.Fuzz(func(t *testing.T, body, more []byte, recordedIn, size, at, cut uint16) {
		const longest = 20 << 10
		if len(body) < 512 || len(body)+len(more) > longest {
			return
		}
		from := min(512+int(at), len(body))
		other := slices.Concat(body[:from], more, body[min(from+int(cut), len(body)):])
		about := inspect.Body{}
		for _, policy := range policies {
			engine := repeatEngine(t, policy, testRepeats)
			for range 2 {
				visitIn(t, engine, about, inPieces(body, 64+int(recordedIn))...)
			}
			pieces := inPieces(other, 64+int(size))
			got, want := visitIn(t, engine, about, pieces...), visitIn(t, repeatEngine(t, policy, 0), about, pieces...)
			if !reflect.DeepEqual(got.result, want.result) {
				t.Fatalf("followed: %v, strayed at piece %d: %s\nwithout a recording: %s", got.followed, got.strayed, describe(got.result), describe(want.result))
			}
		}
	})
}
