package main

import (
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"stanch/rules"
	"stanch/rules/inspect"
)

// scanChunk is how much of a file is read at once.
const scanChunk = 64 << 10

// A scanned file is what was seen in one input.
type scannedFile struct {
	path   string
	bytes  int64
	report inspect.Report
	result rules.Verdict
}

// A scanWriter prints what was seen.
type scanWriter interface {
	file(f *scannedFile) error
	end() error
}

func scan(t terminal, flags *flag.FlagSet, args []string) int {
	config := flags.String("config", "", "rule `file`; the built-in rules when there is none")
	format := flags.String("format", "text", "text, json or sarif")
	failOn := flags.String("fail-on", "", "exit 1 on a finding at or above low, medium or high, or on a verdict above pass")
	anonymous := flags.Bool("anonymous", false, "judge as for a client who is not signed in")
	if code, ok := parse(t, flags, args); !ok {
		return code
	}
	writer, err := newScanWriter(*format, t.out)
	if err != nil {
		t.fail(err, hintOf(err))
		return exitUsage
	}
	refuses, err := failing(*failOn)
	if err != nil {
		t.fail(err, hintOf(err))
		return exitUsage
	}
	if flags.NArg() == 0 {
		t.fail(fmt.Errorf("scan needs a file, a folder or - for standard input"), "")
		return exitUsage
	}
	loaded, err := loadConfig(*config)
	if err != nil {
		t.failConfig(err)
		return exitUsage
	}
	engine, err := newEngine(loaded, true)
	if err != nil {
		t.failConfig(err)
		return exitUsage
	}
	s := scanner{terminal: t, engine: engine, writer: writer, refuses: refuses,
		exchange: rules.Exchange{SignedIn: !*anonymous, Time: time.Now()}, buffer: make([]byte, scanChunk)}
	for _, path := range flags.Args() {
		s.walk(path)
	}
	if err := writer.end(); err != nil {
		t.fail(err, "")
		return exitUnreadable
	}
	return s.code
}

// failing turns --fail-on into a test of one file.
func failing(on string) (func(*scannedFile) bool, error) {
	switch on {
	case "":
		return func(*scannedFile) bool { return false }, nil
	case "verdict":
		return func(f *scannedFile) bool { return f.result.Action > rules.Pass }, nil
	}
	var least rules.Confidence
	if err := least.UnmarshalText([]byte(on)); err != nil {
		return nil, &rules.NameError{Kind: "value of --fail-on", Got: on, Allowed: []string{"low", "medium", "high", "verdict"}}
	}
	return func(f *scannedFile) bool {
		for i := range f.report.Evidence.Counts {
			if f.report.Evidence.Counts[i].At(least) > 0 {
				return true
			}
		}
		return false
	}, nil
}

// A scanner goes through inputs and remembers the exit code.
type scanner struct {
	terminal
	engine   *inspect.Engine
	writer   scanWriter
	refuses  func(*scannedFile) bool
	exchange rules.Exchange
	buffer   []byte
	code     int
}

// walk scans a file, standard input, or all files below a folder. What cannot be read is reported, and the rest goes on.
func (s *scanner) walk(path string) {
	if path == "-" {
		s.scan(path, s.in)
		return
	}
	root := path
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		root += string(filepath.Separator) // a link to a folder is walked too
	}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			s.unreadable(err)
			return nil
		}
		if entry.Type().IsRegular() || entry.Type()&fs.ModeSymlink != 0 && name == root {
			s.open(name)
		}
		return nil
	})
	if err != nil {
		s.unreadable(err)
	}
}

func (s *scanner) open(path string) {
	f, err := os.Open(path)
	if err != nil {
		s.unreadable(err)
		return
	}
	defer f.Close()
	s.scan(path, f)
}

func (s *scanner) unreadable(err error) {
	s.fail(err, "")
	s.code = exitUnreadable
}

// scan reads one input as the proxy reads a response.
func (s *scanner) scan(path string, input io.Reader) {
	s.exchange.Route = "/" + filepath.ToSlash(filepath.Base(path))
	in := s.engine.Inspect(s.exchange, inspect.Body{Name: filepath.Base(path), Length: -1})
	defer in.Free()
	size, err := io.CopyBuffer(discarding{in}, struct{ io.Reader }{input}, s.buffer)
	if err != nil {
		s.unreadable(err)
		return
	}
	in.Close()
	file := &scannedFile{path: path, bytes: size, report: in.Report(), result: in.Verdict()}
	if err := s.writer.file(file); err != nil {
		s.unreadable(err)
	}
	if s.refuses(file) && s.code == exitFine {
		s.code = exitNo
	}
}

// discarding writes into an Inspector and lets go of what it clears.
type discarding struct{ *inspect.Inspector }

func (d discarding) Write(p []byte) (int, error) {
	n, _ := d.Inspector.Write(p)
	_, err := d.Release(io.Discard)
	return n, err
}
