package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func printTable(subjects []*subject, bodies []body, results map[key]*result) {
	fmt.Println("| body | subject | responses/s | MB/s | CPU per response | MB per CPU second | first byte: median | p99 | of inspection off | of ReverseProxy |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	for _, b := range bodies {
		for _, s := range subjects {
			r := results[key{s.name, b.name}]
			if r == nil || !s.takes(b) {
				continue
			}
			fmt.Printf("| %s | %s |", b.title, s.name)
			if s.process == nil {
				fmt.Print(" | | | |")
			} else {
				fmt.Printf(" %.0f | %.1f | %s | %.1f |", r.rate(), r.rate()*float64(r.size)/1e6, rounded(r.costs()), r.perCPU()/1e6)
			}
			fmt.Printf(" %s | %s | %s | %s |\n", rounded(quantile(r.firstBytes, 0.5)), rounded(quantile(r.firstBytes, 0.99)),
				ratio(r, results[key{stanchOff, b.name}]), ratio(r, results[key{reverseProxy, b.name}]))
		}
	}
	for _, s := range subjects {
		if s.missing != "" {
			fmt.Printf("| all | %s | not measured: %s | | | | | | | |\n", s.name, strings.TrimSpace(s.missing))
		}
	}
}

func ratio(r, base *result) string {
	if base == nil || len(r.cost) == 0 || len(base.cost) == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", r.perCPU()/base.perCPU())
}

func rounded(d time.Duration) time.Duration {
	switch {
	case d > 100*time.Millisecond:
		return d.Round(time.Millisecond)
	case d > time.Millisecond:
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(100 * time.Nanosecond)
}

// A floor is the least that a stanch has to reach against another subject on a body.
type floor struct {
	body, subject, against string
	least                  float64
}

var floors = []floor{
	{"html-10k", stanchOn, stanchOff, 0.85},
	{"html-1m", stanchOn, stanchOff, 0.65},
	{"json-64k", stanchOn, stanchOff, 0.6},
	{"csv-5m", stanchOn, stanchOff, 0.35},
	{"html-10k", stanchOn, reverseProxy, 0.8},
	{"html-1m", stanchSame, modSecurity, 20},
	{"js-1m", stanchSame, modSecurity, 20},
	{"csv-5m", stanchSame, modSecurity, 20},
	{"html-1m", stanchSame, coraza, 150},
	{"js-1m", stanchSame, coraza, 150},
	{"csv-5m", stanchSame, coraza, 150},
}

// mostAdded is the most that inspection may add to the median time of the first byte.
const mostAdded = time.Millisecond

func printFloors(results map[key]*result) {
	fmt.Println("\n| floor | least | this run | |")
	fmt.Println("|---|---|---|---|")
	for _, f := range withTwins(floors) {
		on, base := results[key{f.subject, f.body}], results[key{f.against, f.body}]
		if on == nil || base == nil {
			fmt.Printf("| %s, %s against %s | %.2f | not measured | |\n", f.body, f.subject, f.against, f.least)
			continue
		}
		got := on.perCPU() / base.perCPU()
		fmt.Printf("| %s, %s against %s | %.2f | %.2f | %s |\n", f.body, f.subject, f.against, f.least, got, verdict(got >= f.least))
	}
	for _, name := range []string{"html-10k", "html-10k-varied", "json-64k", "json-64k-varied", "html-1m", "html-1m-varied"} {
		if on, off := results[key{stanchOn, name}], results[key{stanchOff, name}]; on != nil && off != nil {
			added := quantile(on.firstBytes, 0.5) - quantile(off.firstBytes, 0.5)
			fmt.Printf("| %s, added to the first byte by inspection | at most %s | %s | %s |\n", name, mostAdded, rounded(added), verdict(added <= mostAdded))
		}
	}
}

// withTwins are floors on bodies that come again and again, and behind them the same on bodies that are inspected each time.
func withTwins(floors []floor) []floor {
	all := slices.Clone(floors)
	for _, f := range floors {
		f.body += variedSuffix
		all = append(all, f)
	}
	return all
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "missed"
}

// printEvents prints how long the events of a stream take, from the application's write to the client's read.
func printEvents(o options, a *application, subjects []*subject) error {
	fmt.Printf("\n| event stream of %d events | head: median | event: median | p99 |\n|---|---|---|---|\n", eventCount)
	for _, s := range subjects {
		if s.missing != "" || s.only {
			continue
		}
		var heads, events []time.Duration
		for range o.rounds {
			head, delays, err := readEvents(s, a)
			if err != nil {
				return fmt.Errorf("%s, events: %w", s.name, err)
			}
			heads = append(heads, head)
			events = append(events, delays...)
		}
		fmt.Printf("| %s | %s | %s | %s |\n", s.name, rounded(quantile(heads, 0.5)), rounded(quantile(events, 0.5)), rounded(quantile(events, 0.99)))
	}
	return nil
}
