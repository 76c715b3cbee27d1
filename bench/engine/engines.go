package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"stanch/bench/patterns"
	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/inspect"
	"stanch/rules/match"
	"stanch/rules/match/corpus"
)

// bounded turns a peer's expression into one that stanch takes: lengths with limits, word boundaries implied.
var bounded = strings.NewReplacer(`\b`, ``, `%+-]+@`, `%+-]{1,64}@`, `.-]+\.`, `.-]{1,190}\.`, `{8,}`, `{8,150}`)

//go:embed hyperscan/hyperscan.c
var hyperscanSource []byte

const hyperscanName = "Hyperscan, 15 patterns"

// engines prepares all that can be run here; folder is for their files.
func engines(folder string, texts []corpus.Text) ([]engine, error) {
	var all []engine
	hyperscan, err := newHyperscan(folder, texts)
	if err != nil {
		fmt.Fprintln(os.Stderr, "engine: hint: without Hyperscan:", err)
	} else {
		all = append(all, hyperscan)
	}
	all = append(all, newRegexp())
	var bounds []match.Pattern
	for _, expression := range patterns.Fifteen() {
		bounds = append(bounds, match.Pattern{Expression: bounded.Replace(expression)})
	}
	compiled, err := match.Compile(bounds)
	if err != nil {
		return nil, err
	}
	few := newStanch("stanch, 15 patterns", compiled)
	set, err := detect.Compile(detect.Catalogue())
	if err != nil {
		return nil, err
	}
	if unfiltered := len(set.Engine().Unfiltered()); unfiltered > 0 {
		fmt.Fprintf(os.Stderr, "engine: hint: %d patterns of the catalogue have no trigger: every word is looked at for them\n", unfiltered)
	}
	whole, err := newInspection(set)
	if err != nil {
		return nil, err
	}
	return append(all, few, newStanch("stanch, full catalogue", set.Engine()), newJudged(set), whole), nil
}

// newHyperscan builds the program beside this file.
func newHyperscan(folder string, texts []corpus.Text) (engine, error) {
	program, list := filepath.Join(folder, "hyperscan"), filepath.Join(folder, "patterns")
	if err := os.WriteFile(program+".c", hyperscanSource, 0o600); err != nil {
		return engine{}, err
	}
	if output, err := exec.Command("gcc", "-O2", "-march=native", "-o", program, program+".c", "-lhs").CombinedOutput(); err != nil {
		return engine{}, fmt.Errorf("gcc with libhyperscan-dev: %w: %.200s", err, output)
	}
	if err := os.WriteFile(list, []byte(strings.Join(patterns.Fifteen(), "\n")), 0o600); err != nil {
		return engine{}, err
	}
	for _, text := range texts {
		if err := os.WriteFile(filepath.Join(folder, text.Name), text.Bytes, 0o600); err != nil {
			return engine{}, err
		}
	}
	return engine{hyperscanName, func(text corpus.Text, turn time.Duration) (rate float64, err error) {
		milliseconds := fmt.Sprint(turn.Milliseconds())
		output, err := exec.Command(program, list, filepath.Join(folder, text.Name), milliseconds).Output()
		if err != nil {
			return 0, err
		}
		_, err = fmt.Sscan(string(output), &rate)
		return rate, err
	}}, nil
}

// newRegexp is Go's regexp with one expression at a time.
func newRegexp() engine {
	var compiled []*regexp.Regexp
	for _, expression := range patterns.Fifteen() {
		compiled = append(compiled, regexp.MustCompile(expression))
	}
	return engine{"Go regexp, 15 patterns", func(text corpus.Text, turn time.Duration) (float64, error) {
		const most = 64 << 10 // it is slow
		part := text.Bytes[:min(len(text.Bytes), most)]
		return measure(len(part), turn, func() {
			for _, re := range compiled {
				re.FindAllIndex(part, -1)
			}
		})
	}}
}

// chunkSize is how many bytes stanch is given at a time, as a proxy reads a body.
const chunkSize = 64 << 10

// scanChunks scans a text in chunks, and calls judge for the candidates of each with the bytes that they are offsets in.
func scanChunks(engine *match.Engine, text []byte, judge func(part []byte, found []match.Candidate), found []match.Candidate) []match.Candidate {
	kept, from := 0, 0 // text[kept:] is still looked at, text[:from] is settled
	for end := 0; end < len(text); {
		end = min(end+chunkSize, len(text))
		part := text[kept:end]
		settled := 0
		found, settled = engine.Scan(found[:0], part, from-kept, end == len(text))
		judge(part, found)
		from = kept + settled
		kept = max(kept, from-match.Lookbehind)
	}
	return found
}

func newStanch(name string, compiled *match.Engine) engine {
	var found []match.Candidate
	return engine{name, func(text corpus.Text, turn time.Duration) (float64, error) {
		return measure(len(text.Bytes), turn, func() {
			found = scanChunks(compiled, text.Bytes, func([]byte, []match.Candidate) {}, found)
		})
	}}
}

// newJudged is the full catalogue with its judgement over each candidate, as a server asks for it in running text.
func newJudged(set *detect.Set) engine {
	var found []match.Candidate
	var hits []detect.Hit
	var nearby detect.Nearby
	judge := func(part []byte, found []match.Candidate) {
		nearby.Reset()
		for i := range found {
			hits = set.Judge(hits[:0], part, &found[i], &detect.Field{Floor: rules.Medium, Nearby: &nearby})
		}
	}
	return engine{"stanch, full catalogue, judged", func(text corpus.Text, turn time.Duration) (float64, error) {
		return measure(len(text.Bytes), turn, func() { found = scanChunks(set.Engine(), text.Bytes, judge, found) })
	}}
}

// newInspection is all that happens to a body under a rule that monitors: its format is told and read, candidates are found and
// judged, people counted, and the policy is asked.
func newInspection(set *detect.Set) (engine, error) {
	const chunk = 32 << 10 // as the proxy reads
	policy := &rules.Policy{Rules: []rules.Rule{{ID: "bulk", When: rules.Condition{People: 50}, Action: rules.Block, Mode: rules.Monitor}}}
	inspection, err := inspect.NewEngine(inspect.Options{Policy: policy, Detectors: set})
	return engine{"stanch, whole inspection", func(text corpus.Text, turn time.Duration) (float64, error) {
		return measure(len(text.Bytes), turn, func() {
			in := inspection.Inspect(rules.Exchange{}, inspect.Body{})
			for piece := range slices.Chunk(text.Bytes, chunk) {
				in.Write(piece)
				in.Release(io.Discard)
			}
			in.Close()
			in.Release(io.Discard)
			in.Free()
		})
	}}, err
}

// measure calls scan until it took the CPU time of a turn, once before to warm up, and returns bytes per second.
func measure(size int, turn time.Duration, scan func()) (float64, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	scan()
	begin, err := threadTime()
	if err != nil {
		return 0, err
	}
	for scanned := size; ; scanned += size {
		scan()
		now, err := threadTime()
		if err != nil {
			return 0, err
		}
		if spent := now - begin; spent >= turn {
			return float64(scanned) / spent.Seconds(), nil
		}
	}
}

// threadTime returns the CPU time of this thread.
func threadTime() (time.Duration, error) {
	var t unix.Timespec
	err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.Nano()), err
}
