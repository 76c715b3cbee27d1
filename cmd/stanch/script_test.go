package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"stanch": func() { os.Exit(run(terminal{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:])) },
	})
}

// TestScripts plays the command line as its users do.
func TestScripts(t *testing.T) {
	const folder = "testdata/script"
	scripts, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts in %s: %v", folder, err)
	}
	testscript.Run(t, testscript.Params{Dir: folder, RequireExplicitExec: true, RequireUniqueNames: true})
}
