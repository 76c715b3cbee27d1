package inspect_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// An Inspector that serves asks only for what can change a verdict; one that keeps every place asks for everything. Below a header
// that says nothing both have to come to the same.

// hostileValues are cells that are hits of several detectors, parts of hits, and nothing at all.
var hostileValues = []func(r *rand.Rand) string{
	func(r *rand.Rand) string { return fmt.Sprint(r.Int64N(1e15)) },
	func(r *rand.Rand) string { return fmt.Sprintf("%09d", r.IntN(1e9)) },
	func(r *rand.Rand) string { return nhsNumber(r.IntN(900)) },
	func(r *rand.Rand) string { return fmt.Sprintf("call 07700 900%03d", r.IntN(1000)) },
	func(r *rand.Rand) string { return fmt.Sprintf("NHS number: %s", nhsNumber(r.IntN(900))) },
	func(r *rand.Rand) string { return fmt.Sprintf("a%d@example.org", r.IntN(500)) },
	func(r *rand.Rand) string { return fmt.Sprintf("%d.%02d", r.IntN(1e6), r.IntN(100)) },
	func(r *rand.Rand) string { return fmt.Sprintf("order %d / tel", r.IntN(1e9)) },
	func(r *rand.Rand) string { return "AB" + fmt.Sprintf("%06d", r.IntN(1e6)) + "C" },
	func(r *rand.Rand) string { return fmt.Sprintf("%08x-%04x", r.Uint32(), r.IntN(1<<16)) },
	func(r *rand.Rand) string { return "LS1 4AP" },
	func(r *rand.Rand) string { return "" },
	func(r *rand.Rand) string { return strings.Repeat("9", r.IntN(30)) },
}

// hostileTable has columns of one kind, of two kinds in turns, and of anything.
func hostileTable(r *rand.Rand, lines bool) []byte {
	const rows, columns = 60, 6
	var b bytes.Buffer
	var kinds [columns][2]int
	for c := range kinds {
		kinds[c] = [2]int{r.IntN(len(hostileValues)), r.IntN(len(hostileValues))}
	}
	if !lines {
		b.WriteString("u,v,w,x,y,z\n")
	}
	for row := range rows {
		var cells []string
		for c, kind := range kinds {
			value := hostileValues[kind[0]]
			if c >= columns/2 && (row+c)%3 == 0 {
				value = hostileValues[kind[1]]
			} else if c == columns-1 {
				value = hostileValues[r.IntN(len(hostileValues))]
			}
			cells = append(cells, value(r))
		}
		if lines {
			fmt.Fprintf(&b, `{"u":%q,"v":%q,"w":[%q,{"x":%q}],"y":%q,"z":%q}`+"\n", cells[0], cells[1], cells[2], cells[3], cells[4], cells[5])
		} else {
			b.WriteString(strings.Join(cells, ",") + "\n")
		}
	}
	return b.Bytes()
}

func TestServingFindsWhatAThoroughInspectionFinds(t *testing.T) {
	policies := map[string]rules.Policy{"blocks": block(20), "redacts": redact(3, rules.Mask), "monitors": {Rules: []rules.Rule{
		{ID: "bulk", When: rules.Condition{People: 10}, Action: rules.Block, Mode: rules.Monitor},
		{ID: "numbers", When: rules.Condition{Detectors: []string{"uk.nhs_number", "phone"}, Findings: 5}, Action: rules.Harden},
		{ID: "many", When: rules.Condition{Findings: 30, Confidence: rules.High}, Action: rules.Harden},
	}}}
	for name, policy := range policies {
		serving, thorough := newEngine(t, policy, false), newEngine(t, policy, true)
		people := 0
		for seed := range uint64(60) {
			body := hostileTable(rand.New(rand.NewPCG(seed, 7)), seed%3 == 0)
			quick := inspectBody(t, serving, inspect.Body{}, body)
			slow := inspectBody(t, thorough, inspect.Body{}, body)
			people += quick.Evidence.People
			if quick.Released != slow.Released || quick.Evidence.People != slow.Evidence.People || quick.Verdict.Action != slow.Verdict.Action ||
				!slices.Equal(quick.Verdict.Rules, slow.Verdict.Rules) {
				t.Fatalf("%s, table %d: %v and %d people, but %v and %d with every place kept", name, seed, quick.Verdict, quick.Evidence.People, slow.Verdict, slow.Evidence.People)
			}
			for _, confidence := range []rules.Confidence{rules.Medium, rules.High} {
				if q, s := countsAt(quick, confidence), countsAt(slow, confidence); q != s {
					t.Fatalf("%s, table %d, %v:\n%s, but with every place kept\n%s", name, seed, confidence, q, s)
				}
			}
		}
		if people == 0 {
			t.Fatalf("%s: nobody was found", name)
		}
	}
}

// countsAt lists how many findings each detector has at a confidence.
func countsAt(r result, confidence rules.Confidence) string {
	var counts []string
	for _, c := range r.Evidence.Counts {
		if n := c.By[confidence]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s %d", c.Detector, n))
		}
	}
	slices.Sort(counts)
	return strings.Join(counts, ", ")
}

// TestOuterMembersLeaveTheSameHoweverTheyCome holds the second law where members of a record stand behind another record inside it.
func TestOuterMembersLeaveTheSameHoweverTheyCome(t *testing.T) {
	stopped := 0
	for seed := range uint64(20) {
		engine := newEngine(t, block(20), false)
		body := hostileTable(rand.New(rand.NewPCG(seed, 7)), true)
		if seed%2 == 1 {
			body = asXML(body)
		}
		whole := inspectBody(t, engine, inspect.Body{}, body)
		var pieces [][]byte
		for i := range body {
			pieces = append(pieces, body[i:i+1])
		}
		single := inspectBody(t, engine, inspect.Body{}, pieces...)
		if whole.Released != single.Released {
			t.Errorf("table %d: %d bytes leave when it comes at once, %d byte by byte", seed, len(whole.Released), len(single.Released))
		}
		if whole.Verdict.Action == rules.Block {
			stopped++
		}
	}
	if stopped == 0 {
		t.Error("nothing was stopped")
	}
}

// asXML writes the lines of a hostile table of JSON as elements, with two records inside each row.
func asXML(table []byte) []byte {
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\"?>\n<table>\n")
	for line := range bytes.Lines(table) {
		var row struct {
			U, V, Y, Z string
			W          [2]any
		}
		if err := json.Unmarshal(line, &row); err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "<row><u>%s</u><v>%s</v><in><w>%s</w></in><in><w>%s</w></in><y>%s</y><z>%s</z></row>\n", row.U, row.V, row.W[0], row.W[1].(map[string]any)["x"], row.Y, row.Z)
	}
	b.WriteString("</table>\n")
	return b.Bytes()
}
