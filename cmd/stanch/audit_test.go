package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"stanch/metrics/audit"
)

// auditRules is a configuration whose events go to a file, and whose only rule blocks a list.
func auditRules(t *testing.T, auditTable string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stanch.toml")
	text := "version = 1\n[audit]\n" + auditTable + "\n[rule.list]\nsummary = \"a list\"\nwhen = { people = 5 }\naction = \"block\"\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func listOfPeople(t *testing.T) string {
	list := applicants(10)
	return newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		w.Write(list)
	})
}

// TestKilledProcessLeavesATrailThatVerifies kills the process while it writes events, and goes on with the same trail, several times.
func TestKilledProcessLeavesATrailThatVerifies(t *testing.T) {
	const rounds, askers = 4, 4
	config := auditRules(t, `file = "audit.jsonl"`)
	trail := filepath.Join(filepath.Dir(config), "audit.jsonl")
	application := listOfPeople(t)
	written := uint64(0)
	for range rounds {
		p := startServe(t, application, config)
		var group sync.WaitGroup
		for range askers {
			group.Go(func() {
				for {
					response, err := http.Get(p.site)
					if err != nil {
						return // it was killed
					}
					response.Body.Close()
				}
			})
		}
		for end := (audit.Position{}); end.Sequence < written+50; time.Sleep(5 * time.Millisecond) {
			end, _ = verifyTrail(t, trail)
		}
		if err := p.command.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		<-p.ended
		group.Wait()
		end, breaks := verifyTrail(t, trail)
		if end.Sequence < written {
			t.Fatalf("the trail ends at %d, it had %d", end.Sequence, written)
		}
		written = end.Sequence
		for _, b := range breaks { // a line that was torn is no event; nothing else may show
			if b.Reason != "is no event" {
				t.Error(b)
			}
		}
		if len(breaks) > rounds {
			t.Errorf("%d lines are torn by %d kills", len(breaks), rounds)
		}
	}
	t.Logf("%d events were written over %d kills", written, rounds)
}

func verifyTrail(t *testing.T, path string) (audit.Position, []audit.Break) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	end, breaks, err := audit.Verify(file)
	if err != nil {
		t.Fatal(err)
	}
	return end, breaks
}

// TestFullDiskStopsOnlyWhatMustBeRecorded writes events to a device that is always full.
func TestFullDiskStopsOnlyWhatMustBeRecorded(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("the system has no device that is always full")
	}
	for table, status := range map[string]int{`file = "/dev/full"`: http.StatusForbidden, "file = \"/dev/full\"\nrequired = true": http.StatusServiceUnavailable} {
		p := startServe(t, listOfPeople(t), auditRules(t, table))
		if response, _, err := fetch(t, http.DefaultClient, p.site); err != nil || response.StatusCode != http.StatusForbidden {
			t.Fatalf("%s: the first list: %v %v", table, response, err)
		}
		deadline := time.Now().Add(10 * time.Second)
		for p.metric(t, "stanch_audit_write_failures_total") == 0 && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond)
		}
		if response, _, err := fetch(t, http.DefaultClient, p.site); err != nil || response.StatusCode != status {
			t.Errorf("%s: the next list: %v %v, want %d", table, response.StatusCode, err, status)
		}
		if !strings.Contains(p.printed(), "no space left") {
			t.Errorf("%s: no alarm in %s", table, p.printed())
		}
		if response, _, err := fetch(t, http.DefaultClient, p.admin+"/livez"); err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: the admin port: %v %v", table, response, err)
		}
	}
}
