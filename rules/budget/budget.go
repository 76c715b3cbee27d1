// Package budget counts distinct people over time: whose data one client, one route or everybody has read.
//
//	store := budget.NewMemory(budget.Limits{})
//	allowance := budget.Start(store, scope.Budgets(), exchange, "applications")
//	engine.Inspect(exchange, inspect.Body{Budget: allowance})
//
// It keeps pseudonyms only, and decides nothing: the rules compare its counts with their thresholds.
package budget

import (
	"time"

	"stanch/rules"
)

// A Store counts distinct people by key over a sliding window. Implementations are safe for concurrent use.
type Store interface {
	// Add records that somebody read the data of a person at a moment and returns how many distinct people that key has read
	// in the window that ends then. It never fails: a Store that loses its backing counts by itself.
	Add(key string, window time.Duration, person uint64, now time.Time) int
}

// An Allowance is the budgets that one exchange draws on. It is for one goroutine.
type Allowance struct {
	store   Store
	entries []entry
	now     time.Time
}

type entry struct {
	rule   string
	key    string
	window time.Duration
}

// Start looks up what the rules with budgets add up for an exchange. It returns nil when there are none. A client that
// cannot be told from others shares one budget with them.
func Start(store Store, budgets []*rules.Rule, exchange rules.Exchange, route string) *Allowance {
	if len(budgets) == 0 {
		return nil
	}
	a := &Allowance{store: store, now: exchange.Time}
	for _, rule := range budgets {
		b := rule.When.Budget
		key := rule.ID + "\x00" + b.By.String() + "\x00"
		switch b.By {
		case rules.ByClient:
			key += exchange.Client
		case rules.ByRoute:
			key += route
		}
		a.entries = append(a.entries, entry{rule: rule.ID, key: key, window: b.Per})
	}
	return a
}

// Read records one person and stores the count for each rule, by rule id.
func (a *Allowance) Read(person uint64, counts map[string]int) {
	for i := range a.entries {
		e := &a.entries[i]
		counts[e.rule] = a.store.Add(e.key, e.window, person, a.now)
	}
}
