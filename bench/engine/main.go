// Command engine measures the matching engine of stanch against others on the same generated texts, one core, in one run:
//
//	go run ./engine
//
// Each engine is run for a short time on each text, again and again in turns, and the median of the turns is printed, in MB
// of text per second of CPU time, with the ratio to Hyperscan. Hyperscan runs in block mode with 15 typical patterns when gcc
// and libhyperscan-dev are installed. Figures of different runs or machines cannot be compared; ratios within a run can.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"stanch/rules/match/corpus"
)

func main() {
	rounds := flag.Int("rounds", 5, "turns that each engine has on each text")
	turn := flag.Duration("turn", 80*time.Millisecond, "CPU time of one turn")
	flag.Parse()
	if err := run(*rounds, *turn); err != nil {
		fmt.Fprintln(os.Stderr, "engine: error:", err)
		os.Exit(1)
	}
}

// An engine is one way to scan a text. rate scans it for about the duration in CPU time and returns bytes per second.
type engine struct {
	name string
	rate func(text corpus.Text, turn time.Duration) (float64, error)
}

func run(rounds int, turn time.Duration) error {
	folder, err := os.MkdirTemp("", "stanch-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	texts := corpus.All()
	engines, err := engines(folder, texts)
	if err != nil {
		return err
	}
	rates := map[string]map[string][]float64{}
	for range rounds {
		for _, text := range texts {
			for _, e := range engines {
				rate, err := e.rate(text, turn)
				if err != nil {
					return fmt.Errorf("%s on %s: %w", e.name, text.Name, err)
				}
				if rates[e.name] == nil {
					rates[e.name] = map[string][]float64{}
				}
				rates[e.name][text.Name] = append(rates[e.name][text.Name], rate)
			}
		}
	}
	print(engines, texts, rates)
	return nil
}

func print(engines []engine, texts []corpus.Text, rates map[string]map[string][]float64) {
	fmt.Print("| engine |")
	for _, text := range texts {
		fmt.Printf(" %s |", text.Name)
	}
	fmt.Println()
	for _, e := range engines {
		fmt.Printf("| %s |", e.name)
		for _, text := range texts {
			rate := median(rates[e.name][text.Name])
			fmt.Printf(" %.0f MB/s", rate/1e6)
			if peer := rates[hyperscanName][text.Name]; peer != nil && e.name != hyperscanName {
				fmt.Printf(" (%.2fx)", rate/median(peer))
			}
			fmt.Print(" |")
		}
		fmt.Println()
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
