package inspect_test

import (
	"bytes"
	"slices"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
	"stanch/rules/match/corpus"
)

// arrive inspects a body that is all there, and reports whether it was recognized.
func arrive(t testing.TB, engine *inspect.Engine, body inspect.Body, p []byte, coding string) (recognized bool, out string, report inspect.Report) {
	t.Helper()
	in := engine.Inspect(rules.Exchange{}, body)
	defer in.Free()
	scratch := bytes.Clone(p)
	if recognized = in.Recognize(scratch, coding); recognized && in.Verdict().Action > rules.Harden {
		t.Errorf("recognized, and the verdict is %v", in.Verdict().Action)
	}
	if !recognized {
		in.Write(scratch)
	}
	clear(scratch)
	in.Close()
	var b bytes.Buffer
	if _, err := in.Release(&b); err != nil {
		t.Fatal(err)
	}
	report = in.Report()
	report.Evidence.Counts = append([]rules.DetectorCount(nil), report.Evidence.Counts...)
	return recognized, b.String(), report
}

// TestRecognize tells a first body and a second one, and whether the second needs no inspection.
func TestRecognize(t *testing.T) {
	page, html := corpus.HTML(10<<10), inspect.Body{ContentType: "text/html", Name: "page"}
	changed := bytes.Clone(page)
	changed[len(changed)/2] ^= 1
	person := append(bytes.Clone(page), "<p>ada@example.org"...)
	lowly, formats := block(3), block(3)
	lowly.Rules[0].When.Confidence = rules.Low
	formats.Rules = append(formats.Rules, rules.Rule{ID: "pages", When: rules.Condition{Formats: []rules.Format{rules.HTML}}, Action: rules.Harden})
	for _, c := range []struct {
		name          string
		policy        rules.Policy
		first, second inspect.Body
		bytes, then   []byte
		coding        string // of the second
		want          bool
	}{
		{"the same", block(3), html, html, page, page, "", true},
		{"the same where a rule redacts", redact(1, rules.Mask), html, html, page, page, "", true},
		{"nothing", block(3), html, html, nil, nil, "", true},
		{"a script", block(3), inspect.Body{Name: "a.js"}, inspect.Body{Name: "a.js"}, corpus.JavaScript(20 << 10), corpus.JavaScript(20 << 10), "", true},
		{"with values of the request in the second", block(3), html, inspect.Body{ContentType: "text/html", Name: "page", Echo: [][]byte{[]byte("ada@example.org")}}, page, page, "", true},
		{"with values of the request in the first", block(3), inspect.Body{ContentType: "text/html", Name: "page", Echo: [][]byte{[]byte("ada@example.org")}}, html, page, page, "", false},
		{"with words of the request in the first", block(3), inspect.Body{ContentType: "text/html", Name: "page", Echo: [][]byte{[]byte("ada lovelace")}}, html, page, page, "", true},
		{"one bit is another", block(3), html, html, page, changed, "", false},
		{"a longer one", block(3), html, html, page, append(bytes.Clone(page), ' '), "", false},
		{"a shorter one", block(3), html, html, page, page[:len(page)-1], "", false},
		{"as another type", block(3), html, inspect.Body{ContentType: "text/csv", Name: "page"}, page, page, "", false},
		{"under another name", block(3), html, inspect.Body{ContentType: "text/html", Name: "page.csv"}, page, page, "", false},
		{"a type that ends as a name begins", block(3), inspect.Body{ContentType: "ab", Name: "c"}, inspect.Body{ContentType: "a", Name: "bc"}, page, page, "", false},
		{"in a coding", block(3), html, html, page, page, "gzip", false},
		{"with a person", block(3), html, html, person, person, "", true},
		{"with a person who is redacted", redact(1, rules.Mask), html, html, person, person, "", false},
		{"with a person, whose address the second request held", block(3), html, inspect.Body{ContentType: "text/html", Name: "page", Echo: [][]byte{[]byte("ada@example.org")}}, person, person, "", false},
		{"with a person, where the second client has a budget", block(3), html, inspect.Body{ContentType: "text/html", Name: "page", Budget: readers{}}, person, person, "", false},
		{"with a person, where both clients have a budget", block(3), inspect.Body{ContentType: "text/html", Name: "page", Budget: readers{}}, inspect.Body{ContentType: "text/html", Name: "page", Budget: readers{}}, person, person, "", true},
		{"binary", block(3), html, html, []byte("\x00\x01\x02\x03"), []byte("\x00\x01\x02\x03"), "", false},
		{"a rule for low confidence", lowly, html, html, page, page, "", true},
		{"a rule for a format", formats, html, html, page, page, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			engine := newEngine(t, c.policy, false)
			if recognized, out, _ := arrive(t, engine, c.first, c.bytes, ""); recognized || out != string(c.bytes) && c.want {
				t.Fatalf("the first time it is recognized: %v, and %d bytes leave", recognized, len(out))
			}
			recognized, out, report := arrive(t, engine, c.second, c.then, c.coding)
			if recognized != c.want {
				t.Fatalf("recognized: %v, want %v", recognized, c.want)
			}
			if !recognized {
				return
			}
			_, wantOut, want := arrive(t, newEngine(t, c.policy, false), c.second, c.then, "")
			if out != wantOut || report.Evidence.Format != want.Evidence.Format || report.Evidence.Status != want.Evidence.Status || report.Evidence.People != want.Evidence.People || !slices.Equal(report.Evidence.Counts, want.Evidence.Counts) || report.Bytes != want.Bytes {
				t.Errorf("%d bytes leave and the report is %+v, want %d and %+v", len(out), report, len(wantOut), want)
			}
			if recognized, _, _ := arrive(t, newEngine(t, c.policy, false), c.second, c.then, ""); recognized {
				t.Error("another engine recognizes it")
			}
		})
	}
}

// TestRecognizeWithPlaces holds that who wants every finding with its place has every body read.
func TestRecognizeWithPlaces(t *testing.T) {
	engine := newEngine(t, block(3), true)
	for range 2 {
		if recognized, _, _ := arrive(t, engine, inspect.Body{}, []byte("nobody"), ""); recognized {
			t.Error("recognized")
		}
	}
}

// TestRecognizeCodedBody holds that of a recognized body in a coding nothing is released: the bytes that were decoded are not there.
func TestRecognizeCodedBody(t *testing.T) {
	engine := newEngine(t, block(3), false)
	coded, plain := []byte("as it came"), []byte("what it says, which is longer")
	in := engine.Inspect(rules.Exchange{}, inspect.Body{})
	if in.Recognize(coded, "gzip") {
		t.Fatal("recognized the first time")
	}
	in.Write(plain)
	in.Close()
	in.Free()
	recognized, out, report := arrive(t, engine, inspect.Body{}, coded, "gzip")
	if !recognized || out != "" || report.Bytes != int64(len(plain)) {
		t.Errorf("recognized: %v; %d bytes leave, %d were inspected", recognized, len(out), report.Bytes)
	}
}

// TestRecognizeOnlyWhatEndedWell breaks off inspections that Recognize was asked before.
func TestRecognizeOnlyWhatEndedWell(t *testing.T) {
	page := []byte("nobody is in here")
	for name, inspectIt := range map[string]func(*inspect.Inspector){
		"not closed":     func(in *inspect.Inspector) { in.Write(page) },
		"broken off":     func(in *inspect.Inspector) { in.Write(page); in.Fail(rules.TooLarge); in.Close() },
		"written before": func(in *inspect.Inspector) { in.Write(page); in.Recognize(page, ""); in.Close() },
		"failed at first": func(in *inspect.Inspector) {
			in.Fail(rules.UnknownFormat)
			in.Recognize(page, "")
			in.Write(page)
			in.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			engine := newEngine(t, rules.Policy{}, false)
			in := engine.Inspect(rules.Exchange{}, inspect.Body{})
			if name == "not closed" || name == "broken off" {
				in.Recognize(page, "")
			}
			inspectIt(in)
			in.Free()
			if recognized, _, _ := arrive(t, engine, inspect.Body{}, page, ""); recognized {
				t.Error("recognized")
			}
		})
	}
}

func BenchmarkRecognize(b *testing.B) {
	engine := newEngine(b, block(3), false)
	page := corpus.HTML(10 << 10)
	b.SetBytes(int64(len(page)))
	for range b.N {
		in := engine.Inspect(rules.Exchange{}, inspect.Body{ContentType: "text/html"})
		if !in.Recognize(page, "") {
			in.Write(page)
		}
		in.Close()
		in.Free()
	}
}
