package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// forbidden says who may not know whom, and why. A room is a folder with all below it; an import is forbidden by its prefix.
var forbidden = []struct{ room, imported, why string }{
	{"rules", "net/http", "rules judge bytes, whatever carried them"},
	{"rules", "github.com/BurntSushi/toml", "rules do not know how operators write them"},
	{"rules", "github.com/prometheus", "rules do not know who counts them"},
	{"rules", "github.com/elazarl/goproxy", "rules do not know the proxy"},
	{"rules", "stanch/proxy", "rules are below the proxy"},
	{"rules", "stanch/configs", "rules are below the configuration"},
	{"rules", "stanch/metrics", "rules are below the metrics"},
	{"rules/match", "stanch/", "matching knows no meaning and no other room"},
	{"rules/extract/bitmap", "stanch/", "bitmaps know bytes and no formats"},
	{"rules/extract", "stanch/rules/detect", "reading a format judges nothing"},
	{"rules/extract", "stanch/rules/match", "reading a format finds nothing"},
	{"rules/extract", "stanch/rules/inspect", "inspect joins the rooms below it"},
	{"rules/detect", "stanch/rules/extract", "a detector sees text, not formats"},
	{"rules/detect", "stanch/rules/inspect", "inspect joins the rooms below it"},
	{"rules/budget", "stanch/rules/inspect", "inspect joins the rooms below it"},
	{"proxy", "stanch/configs", "the proxy is given plain options"},
	{"proxy", "stanch/metrics", "the proxy is given an Observer"},
	{"proxy", "github.com/BurntSushi/toml", "the proxy is given plain options"},
	{"proxy", "github.com/prometheus", "the proxy is given an Observer"},
	{"proxy/coding", "stanch/proxy", "codings are a part of the proxy, not the other way round"},
	{"proxy/harden", "stanch/", "hardening is a pure function on a header"},
	{"metrics", "stanch/proxy", "metrics implement the Observer without knowing who calls it"},
	{"metrics", "stanch/configs", "metrics are given the closed sets of their labels"},
	{"configs", "stanch/proxy", "a configuration starts nothing"},
	{"configs", "stanch/metrics", "a configuration counts nothing"},
}

// codeFolders are the only top-level folders with code of the product; tools and bench are modules of their own.
var codeFolders = map[string]bool{"cmd": true, "proxy": true, "rules": true, "metrics": true, "configs": true, "k8s": true, "tools": true, "bench": true}

func TestRoomsKnowOnlyWhomTheyMay(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	goproxy := map[string]bool{}
	walkGo(t, root, func(path string, imports []string) {
		files++
		room := filepath.ToSlash(filepath.Dir(path))
		for _, imported := range imports {
			if strings.HasPrefix(imported, "github.com/elazarl/goproxy") {
				goproxy[path] = true
			}
			for _, f := range forbidden {
				if (room == f.room || strings.HasPrefix(room, f.room+"/")) && imported != "stanch/"+room &&
					(imported == f.imported || strings.HasPrefix(imported, strings.TrimSuffix(f.imported, "/")+"/")) {
					t.Errorf("%s imports %s: %s", path, imported, f.why)
				}
			}
		}
	})
	if files < 20 {
		t.Fatalf("only %d files were read", files)
	}
	if len(goproxy) != 1 {
		t.Errorf("goproxy is known to %d files, and should be to one: %v", len(goproxy), goproxy)
	}
}

func TestTopLevelFolders(t *testing.T) {
	walkGo(t, filepath.Join("..", ".."), func(path string, _ []string) {
		if top, _, _ := strings.Cut(filepath.ToSlash(path), "/"); !codeFolders[top] {
			t.Errorf("%s lies outside the rooms", path)
		}
	})
}

// walkGo calls visit with every Go file of the product that is not a test, and what it imports.
func walkGo(t *testing.T, root string, visit func(path string, imports []string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil || entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") {
				return filepath.SkipDir
			}
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, imported)
		}
		relative, err := filepath.Rel(root, path)
		if err == nil {
			visit(relative, imports)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSizes holds the sizes that keep a reader's attention.
func TestSizes(t *testing.T) {
	const longest = 500
	walkGo(t, filepath.Join("..", ".."), func(path string, _ []string) {
		text, err := os.ReadFile(filepath.Join("..", "..", path))
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(text), "\n"); lines > longest {
			t.Errorf("%s has %d lines; more than %d are a second room", path, lines, longest)
		}
	})
}
