package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// builtStanch is the real binary, built once for all tests of this package.
var builtStanch = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "stanch-test-*")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "stanch")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %v\n%s", err, out)
	}
	return binary, nil
})

// A process is a running `stanch serve`.
type process struct {
	command     *exec.Cmd
	site, admin string
	output      lockedOutput
	ended       chan struct{}
}

// A lockedOutput takes what a process prints.
type lockedOutput struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (o *lockedOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

func (o *lockedOutput) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

// startServe runs the real binary before an application and waits until it is ready.
func startServe(t *testing.T, upstream, config string) *process {
	t.Helper()
	binary, err := builtStanch()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--upstream", upstream}
	if config != "" {
		args = append(args, "--config", config)
	}
	p := &process{command: exec.Command(binary, args...), ended: make(chan struct{})}
	stderr, err := p.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	var readers sync.WaitGroup
	for _, r := range []io.Reader{stderr, stdout} {
		readers.Go(func() { p.collect(r, ready) })
	}
	go func() { readers.Wait(); p.command.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		p.command.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.ended:
		case <-time.After(40 * time.Second):
			p.command.Process.Kill()
			t.Error("stanch did not end after SIGTERM")
		}
	})
	select {
	case line := <-ready:
		fields := regexp.MustCompile(`listen=(\S+) upstream=\S+ admin=(\S+)`).FindStringSubmatch(line)
		if fields == nil {
			t.Fatalf("the ready line is %q", line)
		}
		p.site, p.admin = "http://"+fields[1], "http://"+fields[2]
	case <-p.ended:
		t.Fatalf("stanch ended: %s", p.printed())
	}
	return p
}

func (p *process) collect(r io.Reader, ready chan<- string) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		fmt.Fprintln(&p.output, lines.Text())
		if strings.HasPrefix(lines.Text(), "stanch: ready") {
			ready <- lines.Text()
		}
	}
}

// printed is all that the process has written so far, logs and audit events.
func (p *process) printed() string { return p.output.text() }

// metric reads the sum over all series of a metric whose line contains each of the given parts.
func (p *process) metric(t *testing.T, name string, parts ...string) float64 {
	t.Helper()
	response, err := http.Get(p.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	sum := 0.0
next:
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		line := lines.Text()
		if !strings.HasPrefix(line, name+"{") && !strings.HasPrefix(line, name+" ") {
			continue
		}
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue next
			}
		}
		value, err := strconv.ParseFloat(line[strings.LastIndexByte(line, ' ')+1:], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += value
	}
	return sum
}

// residentMemory is the process's resident set, in bytes.
func (p *process) residentMemory(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		t.Skipf("this system does not tell a process's memory: %v", err)
	}
	match := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	if match == nil {
		t.Skip("this system does not tell a process's memory")
	}
	kibibytes, err := strconv.ParseInt(string(match[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kibibytes << 10
}

// applicants is a CSV of so many people.
func applicants(people int) []byte {
	var b bytes.Buffer
	b.WriteString(strings.Join(demoHeader[:7], ",") + ",Remarks\r\n")
	for n := range people {
		p := demoPersonNumber(n)
		fmt.Fprintf(&b, "%s,%s,%s,\"%s\",%s,%s,%s,%s\r\n", p.name, p.email, p.phone, p.address, p.postcode, p.born, p.nhs,
			"the referees have answered and the form was read twice by two")
	}
	return b.Bytes()
}

// clients are a client of each protocol that the listener speaks.
func clients() map[string]*http.Client {
	prior := &http.Transport{Protocols: new(http.Protocols)}
	prior.Protocols.SetUnencryptedHTTP2(true)
	return map[string]*http.Client{"HTTP/1.1": {Transport: &http.Transport{}}, "h2c": {Transport: prior}}
}

func fetch(t *testing.T, client *http.Client, url string, headers ...string) (*http.Response, []byte, error) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

func newApplication(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	app := httptest.NewServer(handler)
	t.Cleanup(app.Close)
	return app.URL
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
