package configs

import (
	"context"
	"time"
)

// The pace of a Watcher.
const (
	// pollInterval is how often the files are read. Reading them beats waiting for events: it sees every kind of replacement, the
	// exchange of a symbolic link by which Kubernetes updates a ConfigMap included.
	pollInterval = 2 * time.Second
	// settleTime is how long a change must stand still before it is taken over, so that a file is not read half written.
	settleTime = 200 * time.Millisecond
)

// A Watcher takes over configurations as their files change, the files that they name included.
type Watcher struct {
	path    string
	take    func(*Config)
	refuse  func(error)
	trigger chan struct{}
	inForce *Config
	refused string // message of the last refusal; "" when the last one was taken
}

// NewWatcher watches the file that the configuration in force was loaded from. Take is told of each good configuration; refuse of each
// bad one, once, with an *Error or why the file cannot be read, and the one in force stays. The goroutine that runs Run calls both.
func NewWatcher(path string, inForce *Config, take func(*Config), refuse func(error)) *Watcher {
	return &Watcher{path: path, take: take, refuse: refuse, trigger: make(chan struct{}, 1), inForce: inForce}
}

// Trigger has the files read now: for SIGHUP. It never blocks; triggers that come close together count as one. A configuration that
// is refused a second time because of a trigger is told of again.
func (w *Watcher) Trigger() {
	select {
	case w.trigger <- struct{}{}:
	default:
	}
}

// Run watches until the context ends.
func (w *Watcher) Run(ctx context.Context) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		asked := false
		select {
		case <-ctx.Done():
			return
		case <-w.trigger:
			w.refused, asked = "", true
		case <-ticker.C:
		}
		w.look(ctx, asked)
	}
}

// look reads the files, waits until they stand still, and takes over what changed. What does not come to rest is left for the next look. Who asks for
// the files to be read has written them: then nothing waits.
func (w *Watcher) look(ctx context.Context, settled bool) {
	if w.unchanged() {
		w.refused = ""
		return
	}
	config, err := Load(w.path)
	if w.known(config, err) {
		return
	}
	for !settled {
		select {
		case <-ctx.Done():
			return
		case <-time.After(settleTime):
		}
		again, errAgain := Load(w.path)
		settled = fingerprint(config, err) == fingerprint(again, errAgain)
		config, err = again, errAgain
		if w.known(config, err) {
			return
		}
	}
	if err != nil {
		w.refused = err.Error()
		w.refuse(err)
		return
	}
	w.inForce, w.refused = config, ""
	w.take(config)
}

// unchanged reports whether the files are those of the configuration in force, without reading what they mean.
func (w *Watcher) unchanged() bool {
	var contents [][]byte
	for _, path := range append([]string{w.path}, w.inForce.files...) {
		data, err := readFile(path)
		if err != nil {
			return false
		}
		contents = append(contents, data)
	}
	return hashOf(contents) == w.inForce.Hash
}

// known reports whether the files say what they said before.
func (w *Watcher) known(config *Config, err error) bool {
	if err != nil {
		return err.Error() == w.refused
	}
	if config.Hash == w.inForce.Hash {
		w.refused = ""
		return true
	}
	return false
}

// fingerprint is equal for equal outcomes of Load.
func fingerprint(config *Config, err error) string {
	if err != nil {
		return err.Error()
	}
	return config.Hash
}
