package detect

import (
	"math/rand"
	"strings"
	"testing"

	"stanch/rules/match"
)

// TestLettersAreRememberedAsTheyStand asks for values in any order, dense and far apart, in cells and in text that grows, and compares with a look at the
// bytes around.
func TestLettersAreRememberedAsTheyStand(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	asked, lettered := 0, 0
	for range 300 {
		text := make([]byte, 1000)
		dense := 1 + r.Intn(80) // one byte in so many is a letter
		for i := range text {
			if text[i] = "0123456789 .-\n"[r.Intn(14)]; r.Intn(dense) == 0 {
				text[i] = "aZ\xc3\xa9"[r.Intn(4)]
			}
		}
		var n Nearby
		start := 0
		for grown := 200; start < len(text)-60; start += r.Intn(1 + r.Intn(150)) {
			grown = min(len(text), max(grown, start+60)+r.Intn(5))
			if r.Intn(20) == 0 {
				start = r.Intn(start + 1)
			}
			end := start + 1 + r.Intn(40)
			low, high := 0, grown
			if r.Intn(3) == 0 {
				low, high = start-r.Intn(min(start, 20)+1), end+r.Intn(grown-end+1)
			}
			got, want := n.hasLetters(text[:grown], low, high, start, end), (*Nearby)(nil).hasLetters(text[:grown], low, high, start, end)
			if got != want {
				t.Fatalf("a value at [%d,%d) of [%d,%d): %v, want %v in %q", start, end, low, high, got, want, text)
			}
			asked++
			if want {
				lettered++
			}
		}
	}
	if lettered < asked/10 || lettered > asked*9/10 {
		t.Fatalf("%d of %d have letters around", lettered, asked)
	}
}

// TestUnchainedIsRejected holds that detectors reject within a chain of groups what the engine leaves out there.
func TestUnchainedIsRejected(t *testing.T) {
	s := compiledCatalogue(t)
	asked := 0
	for _, d := range s.Detectors() {
		if !d.Unchained {
			continue
		}
		for _, example := range d.Examples {
			for before := range 256 {
				text := string([]byte{' ', byte(before), ':'}) + example
				rejected := d.Examine([]byte(text), len(text)-len(example), len(text)).Grade == Rejected
				if strings.Contains(example, ":") && isHex(byte(before)) && !rejected {
					t.Errorf("%s takes %q behind %q", d.ID, example, text[1:3])
				}
				if !rejected {
					asked++
				}
			}
		}
	}
	if asked == 0 {
		t.Fatal("nothing was taken behind any colon")
	}
}

// TestDetachedIsGlued holds that what the engine leaves out before a Detached pattern is what Judge would throw away as glued.
func TestDetachedIsGlued(t *testing.T) {
	const value = "x1x"
	attached, err := match.Compile([]match.Pattern{{Expression: value, Bare: true}})
	if err != nil {
		t.Fatal(err)
	}
	detached, err := match.Compile([]match.Pattern{{Expression: value, Bare: true, Detached: match.Numbers}})
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	for pair := range 1 << 16 {
		before := []byte{byte(pair >> 8), byte(pair)}
		text := append(before, value...)
		all, _ := attached.Scan(nil, text, 0, true)
		found, _ := detached.Scan(nil, text, 0, true)
		if len(found) == len(all) {
			continue
		}
		if left++; !gluedBefore(before) {
			t.Errorf("behind %q the engine leaves a value out that is not glued", before)
		}
	}
	if left != 10*len("+-./") {
		t.Errorf("left out behind %d pairs", left)
	}
}
