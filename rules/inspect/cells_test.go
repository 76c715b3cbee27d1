package inspect_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// Cells that are judged by their forms and cells that are searched have to come to the same, in the same order, however a table came.

// formedColumns are headers with values that fit them.
var formedColumns = []struct {
	header string
	value  func(r *rand.Rand) string
}{
	{"first_name", func(r *rand.Rand) string { return person(r.IntN(30))[0] }},
	{"Email", func(r *rand.Rand) string { return person(r.IntN(300))[1] }},
	{"Mobile", func(r *rand.Rand) string { return person(r.IntN(300))[2] }},
	{"NHS No", func(r *rand.Rand) string { return nhsNumber(r.IntN(300)) }},
	{"Date of birth", func(r *rand.Rand) string { return person(r.IntN(300))[4] }},
	{"Postcode", func(r *rand.Rand) string { return person(r.IntN(30))[5] }},
	{"religion", func(r *rand.Rand) string { return []string{"Sikh", "No religion", "n/a"}[r.IntN(3)] }},
	{"telephone", func(r *rand.Rand) string { return fmt.Sprintf("+44 7700 900%03d", r.IntN(1000)) }},
	{"applicant_id", func(r *rand.Rand) string { return fmt.Sprint(100000 + r.IntN(1000)) }},
	{"order number", func(r *rand.Rand) string { return nhsNumber(r.IntN(300)) }},
	{"notes", func(r *rand.Rand) string { return hostileValues[r.IntN(len(hostileValues))](r) }},
	{"address", func(r *rand.Rand) string { return fmt.Sprintf("%d High Street &amp; Mews, LS1 4AP", r.IntN(90)) }},
	{"document", func(r *rand.Rand) string {
		return base64.StdEncoding.EncodeToString([]byte("please write to " + person(r.IntN(300))[1] + " and to nobody else"))
	}},
}

// formedTable has rows of columns as above, in which some values stand in the wrong place, some are damaged, and some are quoted.
func formedTable(r *rand.Rand, rows int) []byte {
	delimiter := []string{",", ";", "\t", "|"}[r.IntN(4)]
	order := r.Perm(len(formedColumns))[:3+r.IntN(len(formedColumns)-3)]
	var b bytes.Buffer
	write := func(of func(column int) string) {
		for i, column := range order {
			if i > 0 {
				b.WriteString(delimiter)
			}
			value := of(column)
			if strings.Contains(value, delimiter) || r.IntN(6) == 0 {
				value = `"` + value + `"`
			}
			b.WriteString(value)
		}
		b.WriteString([]string{"\r\n", "\n"}[int(order[0])%2])
	}
	write(func(column int) string { return formedColumns[column].header })
	for range rows {
		write(func(column int) string {
			switch r.IntN(12) {
			case 0:
				return formedColumns[r.IntN(len(formedColumns))].value(r)
			case 1:
				damaged := []byte(formedColumns[column].value(r) + " ")
				damaged[r.IntN(len(damaged))] = "x7 -+@_"[r.IntN(7)]
				return string(damaged)
			case 2:
				return ""
			}
			return formedColumns[column].value(r)
		})
	}
	return b.Bytes()
}

func TestTablesAreServedAlikeHoweverTheyCome(t *testing.T) {
	const step = 21 // between two splits of one table; the tables together are split at every distance from their start
	for name, policy := range policies() {
		serving, thorough := newEngine(t, policy, false), newEngine(t, policy, true)
		people := 0
		for seed := range uint64(40) {
			body := formedTable(rand.New(rand.NewPCG(seed, 3)), 12)
			whole := inspectBody(t, serving, inspect.Body{ContentType: "text/csv"}, body)
			people += whole.Evidence.People
			same := func(how string, pieces ...[]byte) {
				t.Helper()
				if got := inspectBody(t, serving, inspect.Body{ContentType: "text/csv"}, pieces...); !reflect.DeepEqual(got, whole) {
					t.Fatalf("%s, table %d, %s differs:\n%s\nwhole:\n%s", name, seed, how, describe(got), describe(whole))
				}
			}
			same("byte by byte", byteByByte(body)...)
			for split := int(seed % step); split < len(body); split += step {
				same(fmt.Sprintf("split at %d", split), body[:split], body[split:])
			}
			same("random pieces", randomPieces(body, seed)...)
			if policy.For(rules.Exchange{}).MayRedact() {
				continue // who keeps every place also redacts what only may be a name
			}
			slow := inspectBody(t, thorough, inspect.Body{ContentType: "text/csv"}, body)
			if whole.Released != slow.Released || whole.Evidence.People != slow.Evidence.People || whole.Verdict.Action != slow.Verdict.Action {
				t.Fatalf("%s, table %d: %s\nwith every place kept:\n%s\n%s", name, seed, describe(whole), describe(slow), body)
			}
			for _, confidence := range []rules.Confidence{rules.Medium, rules.High} {
				if quick, slow := countsAt(whole, confidence), countsAt(slow, confidence); quick != slow {
					t.Fatalf("%s, table %d, %v:\n%s, but with every place kept\n%s\n%s", name, seed, confidence, quick, slow, body)
				}
			}
		}
		if people == 0 {
			t.Fatalf("%s: nobody was found", name)
		}
	}
}

// TestLongTablesAreServedAlike holds the same where text is forgotten on the way.
func TestLongTablesAreServedAlike(t *testing.T) {
	serving := newEngine(t, rules.Policy{}, false)
	for seed := range uint64(6) {
		body := formedTable(rand.New(rand.NewPCG(seed, 4)), 1500)
		whole := inspectBody(t, serving, inspect.Body{ContentType: "text/csv"}, body)
		var pieces [][]byte
		for rest := body; len(rest) > 0; {
			n := min(len(rest), 1+len(rest)%5000)
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		if got := inspectBody(t, serving, inspect.Body{ContentType: "text/csv"}, pieces...); !reflect.DeepEqual(got, whole) {
			t.Fatalf("table %d differs in pieces:\n%+v\nwhole:\n%+v", seed, got.Evidence, whole.Evidence)
		}
		if whole.Evidence.People < 100 {
			t.Errorf("table %d: %d people", seed, whole.Evidence.People)
		}
	}
}
