package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// overTimeEvasions ask for few people at a time, or want to be answered by nobody.
func overTimeEvasions() []evasionCase {
	return []evasionCase{
		{class: "E66", name: "forty pages of one person", serve: servePeople, ask: askPages("", 1, oneSession)},
		{class: "E66", name: "ten pages of four people", serve: servePeople, ask: askPages("", 4, oneSession)},
		{class: "E66", name: "four batches of ten aliases", serve: serveAliases, ask: askPages("", leakPeople/4, oneSession)},
		{class: "E67", name: "one person in each answer, five answers without one between", serve: servePeople, ask: func(w *evasionWorld) int {
			for from := range 5 * leakPeople {
				w.fetchBudgets(w.path+fmt.Sprintf("?from=%d&people=0", from), oneSession(w, 0)...)
			}
			return askPages("", 1, oneSession)(w)
		}},
		{class: "E68", name: "another session for each page", ask: askPages("/rotation/", 1, func(_ *evasionWorld, n int) []string { return []string{"Cookie", "sessionid=" + strconv.Itoa(n)} })},
		{class: "E68", name: "another X-Forwarded-For for each page", serve: servePeople, ask: askPages("", 1, func(_ *evasionWorld, n int) []string {
			address := fmt.Sprintf("192.0.2.%d", n)
			return []string{"X-Forwarded-For", address, "Forwarded", "for=" + address, "X-Real-Ip", address}
		})},
		{class: "E69", name: "one fewer than the limit, and then again", serve: servePeople, ask: askPages("", leakLimit-1, oneSession)},
		{class: "E74", name: "a shared cache that keeps a person", serve: servePeople, ask: func(w *evasionWorld) int {
			response, body, err := w.fetchBudgets(w.path+"?from=0&people=1", "Cookie", "sessionid=cached")
			if err != nil {
				w.t.Fatal(err)
			}
			w.answer = fmt.Sprintf("%d, Cache-Control: %s", response.StatusCode, response.Header.Get("Cache-Control"))
			if countLeaked(body) != 1 {
				w.t.Errorf("E74: the one person did not arrive")
			}
			if strings.Contains(response.Header.Get("Cache-Control"), "no-store") && response.Header.Get("Cdn-Cache-Control")+response.Header.Get("Surrogate-Control") == "" {
				return 0
			}
			return leakPeople
		}},
		{class: "E75", name: "a million brackets, then the people", header: typed("application/json"), body: func(leak []byte) []byte { return append(bytes.Repeat([]byte("["), 1<<20), leak...) }},
		{class: "E75", name: "a hundred thousand open tags, then the people", header: typed("text/html"), body: func(leak []byte) []byte {
			return append(bytes.Repeat([]byte("<b><table><svg>"), 100_000), leak...)
		}},
		{class: "E75", name: "a megabyte of at signs and dots, then the people", header: typed("text/plain"), body: func(leak []byte) []byte {
			return append(append(bytes.Repeat([]byte("a.@"), 350_000), '\n'), leak...)
		}},
		{class: "E75", name: "a megabyte of digits, then the people", header: typed("text/plain"), body: func(leak []byte) []byte {
			return append(append(bytes.Repeat([]byte("4 "), 500_000), '\n'), leak...)
		}},
		{class: "E75", name: "the process still answers", passes: true, ask: func(w *evasionWorld) int {
			if w.process.metric(w.t, "stanch_failures_total", "panic") != 0 {
				return 0
			}
			w.get(&http.Client{}, "", w.process.site+w.path)
			return leakPeople
		}, serve: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok\n") }},
	}
}

// servePeople gives so many people from a number on.
func servePeople(w http.ResponseWriter, r *http.Request) {
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	people, _ := strconv.Atoi(r.URL.Query().Get("people"))
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	w.Header().Set("Cdn-Cache-Control", "max-age=86400")
	fmt.Fprint(w, `{"total":40,"people":[`)
	for n := from; n < min(from+people, leakPeople); n++ {
		p := demoPersonNumber(n)
		fmt.Fprintf(w, `{"name":%q,"email":%q,"nhs_number":%q},`, p.name, p.email, p.nhs)
	}
	fmt.Fprint(w, `null]}`)
}

// serveAliases answers as a GraphQL server does that was asked for the same field under many names.
func serveAliases(w http.ResponseWriter, r *http.Request) {
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	people, _ := strconv.Atoi(r.URL.Query().Get("people"))
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"data":{`)
	for n := from; n < min(from+people, leakPeople); n++ {
		p := demoPersonNumber(n)
		fmt.Fprintf(w, `"a%d":{"email":%q,"nhsNumber":%q},`, n, p.email, p.nhs)
	}
	fmt.Fprint(w, `"end":null}}`)
}

// fetchBudgets asks the process that counts over time.
func (w *evasionWorld) fetchBudgets(path string, headers ...string) (*http.Response, []byte, error) {
	return fetch(w.t, http.DefaultClient, w.budgets.site+path, headers...)
}

// oneSession is a session of the case's own, so that no other case draws on its budget.
func oneSession(w *evasionWorld, _ int) []string {
	return []string{"Cookie", "sessionid=" + strings.ReplaceAll(w.path, "/", "")}
}

// askPages asks for the list so many people at a time, the n-th time with the headers of that number, below a path, or that of the case.
func askPages(path string, people int, headers func(w *evasionWorld, n int) []string) func(*evasionWorld) int {
	return func(w *evasionWorld) int {
		var all []byte
		blocked := 0
		below := path
		if below == "" {
			below = w.path
		}
		for from := 0; from < leakPeople; from += people {
			response, body, err := w.fetchBudgets(fmt.Sprintf("%s?from=%d&people=%d", below, from, people), headers(w, from/people)...)
			if response == nil {
				w.t.Fatal(err)
			}
			if response.StatusCode == http.StatusForbidden {
				blocked++
			}
			all = append(all, body...)
		}
		w.answer = fmt.Sprintf("%d of %d answers blocked", blocked, (leakPeople+people-1)/people)
		return countLeaked(all)
	}
}
