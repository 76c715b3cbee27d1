package main

import (
	"slices"
	"time"
)

// key names one cell of the table: a subject on a body.
type key struct{ subject, body string }

// A result is what the turns of one subject on one body gave.
type result struct {
	size       int
	perSecond  []float64       // answers per second, by turn
	cost       []time.Duration // CPU time of an answer, by turn
	firstBytes []time.Duration // of all turns
}

// measure takes one turn.
func measure(r *result, s *subject, b body, turn time.Duration) error {
	if len(r.cost) == 0 {
		if err := check(s, b); err != nil {
			return err
		}
	}
	took, err := firstBytes(s, b, turn/4)
	if err != nil {
		return err
	}
	r.firstBytes = append(r.firstBytes, took...)
	if s.process == nil {
		return nil
	}
	before, err := s.process.CPU()
	if err != nil {
		return err
	}
	begin := time.Now()
	answers, err := load(s, b, turn)
	if err != nil {
		return err
	}
	elapsed := time.Since(begin)
	after, err := s.process.CPU()
	if err != nil {
		return err
	}
	r.perSecond = append(r.perSecond, float64(answers)/elapsed.Seconds())
	r.cost = append(r.cost, (after-before)/time.Duration(answers))
	return nil
}

// rate is the median of answers per second.
func (r *result) rate() float64 { return quantile(r.perSecond, 0.5) }

// costs is the CPU time of an answer in the cheapest turn: whatever else runs on the machine only adds to it.
func (r *result) costs() time.Duration { return slices.Min(r.cost) }

// perCPU is how many bytes a second of CPU time carries.
func (r *result) perCPU() float64 { return float64(r.size) / r.costs().Seconds() }

func quantile[T float64 | time.Duration](values []T, q float64) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}
