// Package process runs the programs that are measured, each on a core of its own choosing, and reads what they cost.
//
//	p, err := process.Start(process.Command{Path: "nginx", Args: []string{"-c", file}, Core: core, Address: "127.0.0.1:8000"})
//	defer p.Stop()
//	before, err := p.CPU()
//
// It ends only what it has started. It needs Linux.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// readyLimit bounds the wait for a program to listen.
	readyLimit = 15 * time.Second
	// stopLimit is how long a program that was asked to end may take before it is killed.
	stopLimit = 5 * time.Second
	// outputKept is how much of what a program prints is kept for an error.
	outputKept = 2 << 10
)

// A Command says what to start and where.
type Command struct {
	Path        string
	Args        []string
	Environment []string // added to this process's own
	Core        int      // the only CPU that it may use, by its number; -1 leaves it all
	Address     string   // host:port where it accepts connections once it is ready
}

// A Process is a program that was started.
type Process struct {
	command *exec.Cmd
	output  *tail
	ended   chan struct{}
}

// Start runs a command and waits until its address accepts connections.
func Start(c Command) (*Process, error) {
	path, args := c.Path, c.Args
	if c.Core >= 0 {
		path, args = "taskset", append([]string{"--cpu-list", strconv.Itoa(c.Core), c.Path}, c.Args...)
	}
	p := &Process{command: exec.Command(path, args...), output: &tail{}, ended: make(chan struct{})}
	p.command.Env = append(os.Environ(), c.Environment...)
	p.command.Stdout, p.command.Stderr = p.output, p.output
	// What this command started ends with it, however it ends.
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.command.Wait()
		close(p.ended)
	}()
	if err := p.ready(c.Address); err != nil {
		p.Stop()
		return nil, fmt.Errorf("%s: %w", c.Path, err)
	}
	return p, nil
}

func (p *Process) ready(address string) error {
	for deadline := time.Now().Add(readyLimit); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		select {
		case <-p.ended:
			return fmt.Errorf("it ended at once: %s", p.output.bytes)
		default:
		}
		if conn, err := net.Dial("tcp", address); err == nil {
			return conn.Close()
		}
	}
	return errors.New("it did not listen in time")
}

// Stop ends the program and waits until it has ended.
func (p *Process) Stop() {
	p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(stopLimit):
		p.command.Process.Kill()
		<-p.ended
	}
}

// ID is the program's process id.
func (p *Process) ID() int { return p.command.Process.Pid }

// CPU is the processor time, of the user and of the system, that all threads of the program have taken.
func (p *Process) CPU() (time.Duration, error) {
	const scheduled = 2 // CPUCLOCK_SCHED of <linux/posix-timers.h>
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^p.ID()<<3|scheduled), &t); err != nil {
		return 0, err
	}
	return time.Duration(t.Nano()), nil
}

// Memory is the program's resident set, in bytes.
func (p *Process) Memory() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.ID()))
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmRSS:")); ok {
			var kilobytes int64
			_, err := fmt.Sscan(string(rest), &kilobytes)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New("process: no VmRSS in /proc")
}

// Cores returns one CPU for what is measured and another one for those who measure. Both are the same on a machine with one.
func Cores() (measured, measuring int, err error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return 0, 0, err
	}
	measuring, measured = -1, -1
	for cpu := range len(set) * strconv.IntSize {
		if set.IsSet(cpu) {
			if measuring < 0 {
				measuring = cpu
			}
			measured = cpu
		}
	}
	return measured, measuring, nil
}

// Pin keeps this process, with all its threads to come, on one CPU. Call it before anything runs.
func Pin(core int) error {
	var set unix.CPUSet
	set.Set(core)
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			return err
		}
		if err := unix.SchedSetaffinity(id, &set); err != nil {
			return err
		}
	}
	return nil
}

// FreeAddress returns an address on the loopback where nobody listens now.
func FreeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// A tail keeps the last of what is written to it.
type tail struct{ bytes []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.bytes = append(t.bytes, p...)
	if excess := len(t.bytes) - outputKept; excess > 0 {
		t.bytes = t.bytes[excess:]
	}
	return len(p), nil
}
