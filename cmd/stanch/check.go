package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"
	"text/tabwriter"

	"stanch/configs"
	"stanch/rules"
	"stanch/rules/detect"
)

// check validates configuration files and says of each what is wrong with it, all at once.
func check(t terminal, flags *flag.FlagSet, args []string) int {
	if code, ok := parse(t, flags, args); !ok {
		return code
	}
	if flags.NArg() == 0 {
		t.fail(errors.New("check needs a configuration file"), "")
		return exitUsage
	}
	code := exitFine
	for _, path := range flags.Args() {
		config, err := loadConfig(path)
		if err == nil {
			_, err = newEngine(config, false)
		}
		var unreadable *fs.PathError
		switch {
		case errors.As(err, &unreadable):
			t.fail(err, "")
			code = exitUnreadable
		case err != nil:
			t.failConfig(err)
			code = max(code, exitUsage)
		default:
			fmt.Fprintf(t.out, "%s: fine: %d rules, %d routes, %d exemptions, %d detectors of its own\n", path,
				len(config.Policy.Rules), len(config.Policy.Routes), len(config.Policy.Exemptions), len(config.Detectors))
			t.sayCosts(config.Detectors)
		}
	}
	return code
}

// sayCosts says which patterns of an operator make the search slow. The figure is that of rules/match on documentation pages with the
// catalogue and one pattern that takes any word of four to nine letters.
func (t terminal) sayCosts(detectors []detect.Detector) {
	for i := range detectors {
		for _, expression := range detectors[i].Untriggered() {
			fmt.Fprintf(t.out, "stanch: hint: detector %s: pattern %s needs no digit, no literal and no rare byte: every word is looked at for it, "+
				"and plain text takes up to ten times as long to search; a fixed prefix or a digit would make it free\n", detectors[i].ID, expression)
		}
	}
}

// failConfig prints every problem of a configuration, a line each, and its hint in the line after it.
func (t terminal) failConfig(err error) {
	var wrong *configs.Error
	if !errors.As(err, &wrong) {
		t.fail(err, "")
		return
	}
	for _, problem := range wrong.Problems {
		fmt.Fprintf(t.err, "stanch: error: %s\n", problem)
		if problem.Hint != "" {
			fmt.Fprintf(t.err, "stanch: hint: %s\n", problem.Hint)
		}
	}
}

// listDetectors prints the catalogue.
func listDetectors(t terminal, flags *flag.FlagSet, args []string) int {
	format := flags.String("format", "text", "text or json")
	if code, ok := parse(t, flags, args); !ok {
		return code
	}
	switch *format {
	case "text":
		w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tTITLE\tSTRENGTH\tCATEGORY")
		for _, d := range detect.Catalogue() {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", d.ID, d.Title, d.Strength, d.Category)
		}
		w.Flush()
	case "json":
		encoder := json.NewEncoder(t.out)
		for _, d := range detect.Catalogue() {
			encoder.Encode(struct {
				ID       string   `json:"id"`
				Title    string   `json:"title"`
				Country  string   `json:"country,omitempty"`
				Category string   `json:"category"`
				Strength string   `json:"strength"`
				Context  []string `json:"context,omitempty"`
				Source   string   `json:"source"`
			}{d.ID, d.Title, d.Country, d.Category.String(), d.Strength.String(), d.Context, d.Source})
		}
	default:
		err := &rules.NameError{Kind: "value of --format", Got: *format, Allowed: []string{"text", "json"}}
		t.fail(err, err.Hint())
		return exitUsage
	}
	return exitFine
}

// version prints what was built from what.
func version(t terminal, flags *flag.FlagSet, args []string) int {
	if code, ok := parse(t, flags, args); !ok {
		return code
	}
	fmt.Fprintf(t.out, "stanch %s %s %s %s/%s\n", buildVersion(), runtime.Version(), buildCommit(), runtime.GOOS, runtime.GOARCH)
	return exitFine
}

// buildVersion is the module's version, "(devel)" for a build from a work tree.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// buildCommit is the commit that was built, "unknown" outside a repository.
func buildCommit() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}
