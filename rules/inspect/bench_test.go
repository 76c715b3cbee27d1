package inspect_test

import (
	"bytes"
	"io"
	"strconv"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
	"stanch/rules/match/corpus"
)

// BenchmarkInspection is a whole inspection under a monitoring rule, in the chunks that the proxy reads.
func BenchmarkInspection(b *testing.B) {
	benchmarkInspection(b, rules.Policy{Rules: []rules.Rule{{ID: "bulk", When: rules.Condition{People: 50}, Action: rules.Block, Mode: rules.Monitor}}})
}

// BenchmarkRedaction is a whole inspection under a rule that masks everything as soon as there is a person.
func BenchmarkRedaction(b *testing.B) {
	benchmarkInspection(b, redact(1, rules.Mask))
}

// BenchmarkHostile is a whole inspection of texts that are made to cost much: runs of what values begin with, and values that nearly are some.
func BenchmarkHostile(b *testing.B) {
	var texts []corpus.Text
	for _, part := range []string{"7", "@", "1 ", "1-", "1@", "a.a@", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p@", "a:b:c:", "1:", "12.", "123-", "12-", "1234 ",
		"GB82 WEST 1234 5698 7654 32 ", "4929 1234 5678 901x ", "2025-11-03T12:33:44.123456Z,", "A1", "A1 ", "A1-", "\xff1", "AKIA", "jan 1, ", "1\n", "&#49;", "<a>1"} {
		texts = append(texts, corpus.Text{Name: strconv.Quote(part), Bytes: bytes.Repeat([]byte(part), 1<<20/len(part))})
	}
	benchmarkTexts(b, block(1000), texts)
}

func benchmarkInspection(b *testing.B, policy rules.Policy) {
	benchmarkTexts(b, policy, corpus.All())
}

func benchmarkTexts(b *testing.B, policy rules.Policy, texts []corpus.Text) {
	engine := newEngine(b, policy, false)
	for _, text := range texts {
		b.Run(text.Name, func(b *testing.B) {
			b.SetBytes(int64(len(text.Bytes)))
			b.ReportAllocs()
			for b.Loop() {
				runChunks(engine, text.Bytes)
			}
		})
	}
}

func runChunks(engine *inspect.Engine, body []byte) {
	in := engine.Inspect(rules.Exchange{}, inspect.Body{})
	for rest := body; len(rest) > 0; {
		n := min(len(rest), 32<<10)
		in.Write(rest[:n])
		in.Release(io.Discard)
		rest = rest[n:]
	}
	in.Close()
	in.Release(io.Discard)
	in.Free()
}
