// Command stanch stops personal data from flowing out of an application site: a reverse proxy that reads the responses as
// they stream out, finds and counts the people in them, and lets pass, hardens, redacts or blocks.
//
//	stanch serve --upstream http://127.0.0.1:8081
//
// This package reads flags, wires the rooms together and talks to the operator. It decides nothing about data.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"stanch/rules"
)

// The exit codes that scripts rely on.
const (
	exitFine       = 0
	exitNo         = 1 // the answer is no
	exitUsage      = 2 // usage or configuration error
	exitUnreadable = 3 // an input could not be read
)

// A terminal is how a command speaks.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// A command is one sub-command.
type command struct {
	name    string
	usage   string // arguments, for the usage line
	summary string
	run     func(t terminal, flags *flag.FlagSet, args []string) int
}

func commands() []command {
	return []command{
		{"serve", "[--config FILE] [--listen ADDR] [--upstream URL] [--admin ADDR]", "the proxy", serve},
		{"demo", "[--check]", "a sample site with stanch before it, and a tour", demo},
		{"scan", "[--config FILE] [--format text|json|sarif] [--fail-on low|medium|high|verdict] PATH…", "what the rules would say of files, folders or - (standard input)", scan},
		{"check", "FILE…", "validates configuration files", check},
		{"detectors", "[--format text|json]", "the catalogue", listDetectors},
		{"version", "", "version, Go version, commit", version},
	}
}

func main() { os.Exit(run(terminal{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:])) }

func run(t terminal, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		printUsage(t.err)
		if len(args) == 0 {
			return exitUsage
		}
		return exitFine
	}
	var names []string
	for _, c := range commands() {
		if c.name == args[0] {
			return c.start(t, args[1:])
		}
		names = append(names, c.name)
	}
	t.fail(fmt.Errorf("there is no command %q; commands are %s", args[0], strings.Join(names, ", ")), rules.Nearest(args[0], names))
	return exitUsage
}

// start runs the command with a flag set that speaks through the terminal.
func (c command) start(t terminal, args []string) int {
	flags := flag.NewFlagSet("stanch "+c.name, flag.ContinueOnError)
	flags.SetOutput(t.err)
	flags.Usage = func() {
		fmt.Fprintf(t.err, "usage: stanch %s %s\n", c.name, c.usage)
		flags.PrintDefaults()
	}
	return c.run(t, flags, args)
}

// parse reads the flags; ok is false when the command is to end with the code.
func parse(t terminal, flags *flag.FlagSet, args []string) (code int, ok bool) {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	flags.SetOutput(t.err)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.Usage()
		return exitFine, false
	case err != nil:
		t.fail(err, "")
		return exitUsage, false
	}
	return exitFine, true
}

func printUsage(w io.Writer) {
	fmt.Fprint(w, "stanch stops personal data from flowing out of an application site.\n\nusage: stanch COMMAND [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nstanch COMMAND -h says more. Exit codes: 0 fine, 1 the answer is no, 2 usage or configuration error, 3 could not read an input.\n")
}

// fail reports an error, and a hint where there is one.
func (t terminal) fail(err error, hint string) {
	fmt.Fprintf(t.err, "stanch: error: %v\n", err)
	if hint != "" {
		fmt.Fprintf(t.err, "stanch: hint: did you mean %q?\n", hint)
	}
}
