package inspect_test

import (
	"reflect"
	"testing"

	"stanch/rules/inspect"
)

// FuzzAnySplit holds law 2 over bytes that nobody thought of: two pieces give what the whole gives, under every policy.
func FuzzAnySplit(f *testing.F) {
	seeds := 0
	for _, s := range samples() {
		for _, people := range []int{1, 4} {
			body := s.of(people)
			for _, split := range []int{1, len(body) / 3, len(body) - 2} {
				f.Add(body, split)
				seeds++
			}
		}
	}
	f.Add(workbookOf(f, 3), 700)
	for _, d := range encodedDisguises() {
		f.Add(d.body, len(d.body)/2)
		seeds++
	}
	if seeds == 0 {
		f.Fatal("no seeds")
	}
	engines := []*inspect.Engine{newSurvey(f, block(3))}
	for _, policy := range policies() {
		engines = append(engines, newEngine(f, policy, true))
	}
	f.Fuzz(func(t *testing.T, body []byte, split int) {
		if len(body) > 1<<14 {
			return
		}
		split = max(0, min(split, len(body)))
		for i, engine := range engines {
			whole := inspectBody(t, engine, inspect.Body{}, body)
			if got := inspectBody(t, engine, inspect.Body{}, body[:split], body[split:]); !reflect.DeepEqual(got, whole) {
				t.Fatalf("engine %d, split at %d differs:\n%s\nwhole:\n%s", i, split, describe(got), describe(whole))
			}
		}
	})
}
