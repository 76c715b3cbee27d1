package inspect

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDistinctSet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var d distinctSet
	keys := make([]uint64, 400_000)
	exact := 0
	for i := range keys {
		keys[i] = random.Uint64()
		if full := d.full(); d.add(keys[i]) && !full {
			exact++
		} else if full {
			d.count(keys[i])
		}
		if i < 90_000 && exact < i-3 { // one 32-bit collision or two are expected
			t.Fatalf("%d of %d keys were counted in the exact range", exact, i+1)
		}
	}
	for _, key := range keys[:1000] {
		if d.add(key) {
			t.Fatal("a key of the exact range was new twice")
		}
	}
	if got, want := float64(exact+d.estimate()), float64(len(keys)); math.Abs(got-want) > want*0.03 {
		t.Errorf("%v keys were counted as %v", want, got)
	}
	before := d.estimate()
	for _, key := range keys[300_000:] {
		d.count(key)
	}
	if d.estimate() != before {
		t.Error("repeated keys moved the estimate")
	}
	d.reset()
	if d.has(keys[0]) || d.estimate() != 0 || !d.add(keys[0]) {
		t.Error("a reset left something")
	}
}
