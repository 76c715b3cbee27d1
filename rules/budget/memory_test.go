package budget_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"stanch/rules"
	"stanch/rules/budget"
)

var start = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func TestAddCountsDistinctPeopleOverTheWindow(t *testing.T) {
	m := budget.NewMemory(budget.Limits{})
	steps := []struct {
		key    string
		person uint64
		after  time.Duration
		want   int
	}{
		{"a", 1, 0, 1},
		{"a", 1, time.Minute, 1},
		{"a", 2, 2 * time.Minute, 2},
		{"b", 2, 2 * time.Minute, 1},
		{"a", 3, 59 * time.Minute, 3},
		{"a", 1, 30 * time.Minute, 3},    // the clock went back: nothing is forgotten, nothing counted anew
		{"a", 4, 66 * time.Minute, 3},    // person 2 was read more than an hour ago
		{"a", 5, 10 * 24 * time.Hour, 1}, // all others too
		{"a", 5, 10*24*time.Hour + 1, 1}, // repeated
		{"b", 9, 10 * 24 * time.Hour, 1}, // the other key has its own window
	}
	for i, s := range steps {
		if got := m.Add(s.key, time.Hour, s.person, start.Add(s.after)); got != s.want {
			t.Errorf("step %d: %d people, want %d", i, got, s.want)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := budget.NewMemory(budget.Limits{People: 64 * 100})
	for i := range 100_000 {
		m.Add(fmt.Sprint("client", i), time.Hour, uint64(i), start.Add(time.Duration(i)*time.Millisecond))
	}
	if n := m.People(); n > 64*101 {
		t.Errorf("%d people are kept", n)
	}
}

func TestAddFromManyGoroutines(t *testing.T) {
	m := budget.NewMemory(budget.Limits{})
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range 1000 {
				m.Add("shared", time.Hour, uint64(i), start)
				m.Add(fmt.Sprint(g), time.Hour, uint64(i), start)
			}
		})
	}
	group.Wait()
	if n := m.Add("shared", time.Hour, 0, start); n != 1000 {
		t.Errorf("%d people, want 1000", n)
	}
}

func TestAllowanceDrawsOnWhatEachRuleAddsUp(t *testing.T) {
	rule := func(id string, by rules.BudgetScope) *rules.Rule {
		return &rules.Rule{ID: id, When: rules.Condition{Budget: &rules.Budget{People: 5, Per: time.Hour, By: by}}}
	}
	all := []*rules.Rule{rule("client", rules.ByClient), rule("route", rules.ByRoute), rule("all", rules.ByAll)}
	store := budget.NewMemory(budget.Limits{})
	read := func(client, route string, person uint64) map[string]int {
		counts := map[string]int{}
		budget.Start(store, all, rules.Exchange{Client: client, Time: start}, route).Read(person, counts)
		return counts
	}
	read("ann", "list", 1)
	read("bob", "list", 2)
	got := read("ann", "form", 3)
	if want := map[string]int{"client": 2, "route": 1, "all": 3}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if budget.Start(store, nil, rules.Exchange{}, "") != nil {
		t.Error("an allowance without budgets")
	}
}

func BenchmarkAdd(b *testing.B) {
	m := budget.NewMemory(budget.Limits{})
	for i := 0; b.Loop(); i++ {
		m.Add("client", time.Hour, uint64(i%5000), start.Add(time.Duration(i)*time.Microsecond))
	}
}
