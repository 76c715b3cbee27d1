// Command profile measures where the time of an inspection goes and writes it down for the compiler: cmd/stanch/default.pgo, which every
// `go build` of the program uses. It runs the benchmarks beside the code, over generated texts, on one core.
//
//	go run ./profile
//
// Run it in the folder bench when the hot paths have changed. An old profile makes the program no less right, only slower. The file names no folder
// of the machine that it was made on.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/google/pprof/profile"
)

const (
	repository = ".."
	output     = repository + "/cmd/stanch/default.pgo"
)

// A measurement is benchmarks of a package.
type measurement struct{ pattern, time, folder string }

// measurements are weighted by their times: most of it is reading bodies.
var measurements = []measurement{
	{"^BenchmarkInspection$", "6s", "./rules/inspect"},
	{"^BenchmarkProxy$/10KiB.*/on", "1s", "./proxy"},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
		os.Exit(1)
	}
}

func run() error {
	folder, err := os.MkdirTemp("", "profile")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	var all []*profile.Profile
	for i, m := range measurements {
		p, err := m.run(filepath.Join(folder, fmt.Sprint(i)))
		if err != nil {
			return fmt.Errorf("%s of %s: %w", m.pattern, m.folder, err)
		}
		all = append(all, p)
	}
	merged, err := profile.Merge(all)
	if err != nil {
		return err
	}
	file, err := os.Create(output)
	if err != nil {
		return err
	}
	defer file.Close()
	return merged.Write(file)
}

// run runs the benchmarks and returns their profile, without what is of this machine.
func (m measurement) run(file string) (*profile.Profile, error) {
	test := exec.Command("go", "test", "-trimpath", "-pgo=off", "-cpu", "1", "-run", "^$", "-bench", m.pattern, "-benchtime", m.time, "-cpuprofile", file, "-o", file+".test", m.folder)
	test.Dir, test.Stdout, test.Stderr = repository, os.Stderr, os.Stderr
	if err := test.Run(); err != nil {
		return nil, err
	}
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	p, err := profile.Parse(opened)
	if err != nil {
		return nil, err
	}
	for _, mapping := range p.Mapping {
		mapping.File, mapping.BuildID = "", ""
	}
	p.Comments, p.TimeNanos = nil, 0
	return p, p.CheckValid()
}
