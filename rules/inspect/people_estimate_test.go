package inspect_test

import (
	"math"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// TestPeopleAreEstimatedOnceEach holds that a row with several identifiers stays one person where people are only estimated.
func TestPeopleAreEstimatedOnceEach(t *testing.T) {
	const people = 60_000 // of three identifiers each: more than are remembered
	for name, body := range map[string][]byte{"table": csvOf(people), "objects": []byte("[" + string(jsonOf(people, ",")) + "]")} {
		got := inspectBody(t, newEngine(t, rules.Policy{}, false), inspect.Body{}, body).Evidence.People
		if math.Abs(float64(got-people)) > people*0.05 {
			t.Errorf("%s: %d people were counted as %d", name, people, got)
		}
	}
}
