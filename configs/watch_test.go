package configs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// watched is a Watcher at work within a synctest bubble.
type watched struct {
	t       *testing.T
	path    string
	watcher *Watcher
	mu      sync.Mutex // of what follows
	taken   []int      // thresholds of the rule bulk
	refused []string
}

func ruleFor(people int) string {
	return fmt.Sprintf("[rule.bulk]\nwhen = { people = %d }\naction = \"block\"\n", people)
}

func watch(t *testing.T, test func(w *watched)) {
	path := filepath.Join(t.TempDir(), "stanch.toml")
	synctest.Test(t, func(t *testing.T) {
		w := &watched{t: t, path: path}
		w.write(ruleFor(50))
		inForce, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		w.watcher = NewWatcher(path, inForce, func(c *Config) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.taken = append(w.taken, c.Policy.Rules[0].When.People)
		}, func(err error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.refused = append(w.refused, err.Error())
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go w.watcher.Run(ctx)
		synctest.Wait()
		test(w)
	})
}

func (w *watched) write(content string) {
	w.t.Helper()
	if err := os.WriteFile(w.path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// wait lets time pass and then compares what was taken and how often something was refused.
func (w *watched) wait(d time.Duration, refused int, taken ...int) {
	w.t.Helper()
	time.Sleep(d)
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if fmt.Sprint(w.taken) != fmt.Sprint(taken) || len(w.refused) != refused {
		w.t.Fatalf("taken %v, want %v; refused %q, want %d", w.taken, taken, w.refused, refused)
	}
}

const onePoll = pollInterval + 2*settleTime

func TestWatcherTakesAChange(t *testing.T) {
	watch(t, func(w *watched) {
		w.wait(time.Minute, 0)
		w.write(ruleFor(40))
		w.wait(onePoll, 0, 40)
		w.write(ruleFor(40)) // the same content again
		w.wait(time.Minute, 0, 40)
	})
}

func TestWatcherRefusesOnceAndKeepsTheOld(t *testing.T) {
	watch(t, func(w *watched) {
		w.write(ruleFor(0))
		w.wait(onePoll, 1)
		w.wait(time.Minute, 1)
		if !strings.Contains(w.refused[0], "stanch.toml:2:19: people: 0 is out of range") {
			t.Errorf("refused: %s", w.refused[0])
		}
		w.write(ruleFor(50)) // back to the one in force: nothing to take
		w.wait(time.Minute, 1)
		w.write(ruleFor(0)) // the same mistake again, after it had been mended
		w.wait(onePoll, 2)
		w.write(ruleFor(30))
		w.wait(onePoll, 2, 30)
	})
}

func TestWatcherWaitsForAHalfWrittenFile(t *testing.T) {
	watch(t, func(w *watched) {
		whole := ruleFor(20) + strings.ReplaceAll(ruleFor(3), "bulk", "other")
		w.watcher.Trigger()
		for n := 1; n < len(whole); n++ { // a slow writer: half of the file is valid and has one rule less
			w.write(whole[:n])
			time.Sleep(settleTime / 2)
			synctest.Wait()
		}
		if len(w.taken) != 0 {
			t.Fatalf("half a file was taken: %v", w.taken)
		}
		w.write(whole)
		w.wait(onePoll, len(w.refused), 20)
	})
}

func TestWatcherFollowsSymbolicLinks(t *testing.T) {
	watch(t, func(w *watched) {
		folder := filepath.Dir(w.path)
		link := func(version int) { // as a mounted ConfigMap is updated
			data := filepath.Join(folder, fmt.Sprint("version", version))
			if err := os.MkdirAll(data, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(data, "stanch.toml"), []byte(ruleFor(version)), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(data, filepath.Join(folder, "next")); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(folder, "next"), filepath.Join(folder, "current")); err != nil {
				t.Fatal(err)
			}
		}
		link(7)
		if err := os.Remove(w.path); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join("current", "stanch.toml"), w.path); err != nil {
			t.Fatal(err)
		}
		w.wait(onePoll, 0, 7)
		link(8)
		w.wait(onePoll, 0, 7, 8)
	})
}

func TestWatcherTrigger(t *testing.T) {
	watch(t, func(w *watched) {
		w.write(ruleFor(10))
		for range 100 {
			w.watcher.Trigger()
		}
		w.wait(2*settleTime, 0, 10)
		w.write("")
		w.watcher.Trigger()
		w.wait(2*settleTime, 1, 10)
		w.watcher.Trigger() // somebody asks again: they are told again
		w.wait(2*settleTime, 2, 10)
		if err := os.Remove(w.path); err != nil {
			t.Fatal(err)
		}
		w.wait(onePoll, 3, 10)
	})
}

func TestWatcherFollowsNamedFiles(t *testing.T) {
	watch(t, func(w *watched) {
		planted := filepath.Join(filepath.Dir(w.path), "planted.txt")
		plant := func(value string) {
			if err := os.WriteFile(planted, []byte(value), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		w.write(ruleFor(20) + "[canary.z]\nvalues_file = \"planted.txt\"\n")
		w.wait(onePoll, 1) // there is no such file yet
		plant("planted-one")
		w.wait(onePoll, 1, 20)
		w.wait(time.Minute, 1, 20)
		plant("planted-two")
		w.wait(onePoll, 1, 20, 20)
	})
}
