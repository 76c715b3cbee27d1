package inspect_test

import (
	"io"
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

func benchmarkInspection(b *testing.B, policy rules.Policy) {
	engine := newEngine(b, policy, false)
	for _, text := range corpus.All() {
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
