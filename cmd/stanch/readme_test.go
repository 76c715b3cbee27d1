package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestReadme runs every command that the README shows, in its order, with the rule file that it shows.
func TestReadme(t *testing.T) {
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Symlink(mustAbsolute(t, filepath.Join(root, "docs")), filepath.Join(folder, "docs")); err != nil {
		t.Fatal(err)
	}
	rule := regexp.MustCompile("(?s)```toml\n(.*?)```").FindSubmatch(text)
	if rule == nil {
		t.Fatal("the README shows no rule")
	}
	if err := os.WriteFile(filepath.Join(folder, "my.toml"), rule[1], 0o600); err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllSubmatch(text, -1)
	commands := 0
	for _, block := range blocks {
		for line := range strings.Lines(string(block[1])) {
			if line = strings.TrimSpace(line); line != "" {
				commands++
				t.Run(line, func(t *testing.T) { runReadmeLine(t, folder, line) })
			}
		}
	}
	if commands < 5 {
		t.Errorf("only %d commands were found", commands)
	}
}

func mustAbsolute(t *testing.T, path string) string {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}

// runReadmeLine runs one command in the folder. Servers are asked for something and then told to end.
func runReadmeLine(t *testing.T, folder, line string) {
	if line == "go test ./..." {
		return // this is what runs here
	}
	arguments, ok := strings.CutPrefix(line, "go run ./cmd/stanch ")
	if !ok {
		t.Fatalf("the test does not know how to run it")
	}
	binary, err := builtStanch()
	if err != nil {
		t.Fatal(err)
	}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("hello")) }))
	defer app.Close()
	arguments = strings.NewReplacer("http://127.0.0.1:8081", app.URL, ":8080", "127.0.0.1:0").Replace(arguments)
	fields := strings.Fields(arguments)
	switch fields[0] {
	case "serve":
		fields = append(fields, "--admin", "127.0.0.1:0")
		if !strings.Contains(arguments, "--listen") {
			fields = append(fields, "--listen", "127.0.0.1:0")
		}
		runServer(t, exec.Command(binary, fields...), folder, `ready listen=(\S+)`, "hello")
	case "demo":
		runServer(t, exec.Command(binary, fields...), folder, `through stanch\s+http://([^/]+)/`, "training applications")
	default:
		command := exec.Command(binary, fields...)
		command.Dir = folder
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// runServer starts a command, waits for the address that it prints, asks for its first page, and ends it.
func runServer(t *testing.T, command *exec.Cmd, folder, address, page string) {
	t.Helper()
	var printed lockedOutput
	command.Dir, command.Stdout, command.Stderr = folder, &printed, &printed
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		command.Process.Signal(syscall.SIGTERM)
		if err := command.Wait(); err != nil {
			t.Errorf("it ended with %v\n%s", err, printed.text())
		}
	}()
	pattern := regexp.MustCompile(address)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for pattern.FindStringSubmatch(printed.text()) == nil {
		select {
		case <-ctx.Done():
			t.Fatalf("it is not ready: %s", printed.text())
		case <-time.After(20 * time.Millisecond):
		}
	}
	response, body, err := fetch(t, http.DefaultClient, "http://"+pattern.FindStringSubmatch(printed.text())[1]+"/")
	if err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(page)) {
		t.Errorf("its first page: %v, %v, %.200q", response, err, body)
	}
}
