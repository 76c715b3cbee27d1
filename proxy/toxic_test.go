package proxy

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"stanch/rules"
)

// A toxic is what a bad link does to what the application says. The names are those that fault proxies use.
type toxic struct {
	name  string
	carry func(to *net.TCPConn, from io.Reader)
	wants string // what a client gets: "whole", "cut", or the status of an answer that is stanch's own
}

// midBody is an offset in the answer's body, behind what may be held back before its head leaves.
const midBody = 200_000

var toxics = []toxic{
	{"none", func(to *net.TCPConn, from io.Reader) { io.Copy(to, from) }, "whole"},
	{"latency", func(to *net.TCPConn, from io.Reader) { inPieces(to, from, 32<<10, 5*time.Millisecond) }, "whole"},
	{"bandwidth", func(to *net.TCPConn, from io.Reader) { inPieces(to, from, 4<<10, time.Millisecond) }, "whole"},
	{"slicer", func(to *net.TCPConn, from io.Reader) {
		to.SetNoDelay(true)
		inPieces(to, io.LimitReader(from, 4<<10), 1, 0)
		inPieces(to, from, 251, 0)
	}, "whole"},
	{"slow_close", func(to *net.TCPConn, from io.Reader) { io.Copy(to, from); time.Sleep(50 * time.Millisecond) }, "whole"},
	{"timeout before the head", func(to *net.TCPConn, from io.Reader) { io.Copy(io.Discard, from) }, "504"},
	{"timeout in the head", func(to *net.TCPConn, from io.Reader) { io.CopyN(to, from, 20); io.Copy(io.Discard, from) }, "504"},
	{"timeout in mid-body", func(to *net.TCPConn, from io.Reader) { io.CopyN(to, from, midBody); io.Copy(io.Discard, from) }, "cut"},
	{"reset before the head", func(to *net.TCPConn, from io.Reader) { to.SetLinger(0); to.Close() }, "502"},
	{"reset in the head", func(to *net.TCPConn, from io.Reader) { io.CopyN(to, from, 20); to.SetLinger(0); to.Close() }, "502"},
	{"reset in mid-body", func(to *net.TCPConn, from io.Reader) { io.CopyN(to, from, midBody); to.SetLinger(0); to.Close() }, "cut"},
	{"limit_data in the head", func(to *net.TCPConn, from io.Reader) { io.CopyN(to, from, 20); to.Close() }, "502"},
	{"limit_data in mid-body", func(to *net.TCPConn, from io.Reader) { io.CopyN(to, from, midBody); to.Close() }, "cut"},
	{"down", nil, "502"},
}

// inPieces carries so many bytes at a time, with a pause behind each.
func inPieces(to io.Writer, from io.Reader, size int, pause time.Duration) {
	piece := make([]byte, size)
	for {
		n, err := from.Read(piece)
		if _, failed := to.Write(piece[:n]); failed != nil || err != nil {
			return
		}
		time.Sleep(pause)
	}
}

// link puts a toxic between stanch and an application, and returns the address to ask instead of the application's.
func (x *toxic) link(t *testing.T, application string) string {
	listener := listen(t)
	if x.carry == nil {
		listener.Close()
		return "http://" + listener.Addr().String()
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", strings.TrimPrefix(application, "http://"))
			if err != nil {
				near.Close()
				return
			}
			go func() { // ends when stanch closes its side
				io.Copy(far, near)
				far.(*net.TCPConn).CloseWrite()
				far.Close()
			}()
			go func() {
				x.carry(near.(*net.TCPConn), far)
				near.Close()
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// TestEveryToxicOfTheLinkToTheApplication asks over every protocol, under a policy that acts and one that records, for an answer with a declared length
// and one without, clean and with a bulk of people in it. What a bad link does never makes a short answer look whole and never lets more people out.
func TestEveryToxicOfTheLinkToTheApplication(t *testing.T) {
	clean, bulk := noise(3*midBody/2), noise(midBody/2)+"\n"+crowd(200)+noise(midBody)
	app := application(t, func(w http.ResponseWriter, r *http.Request) {
		body := clean
		if strings.HasPrefix(r.URL.Path, "/bulk") {
			body = bulk
		}
		w.Header().Set("Content-Type", "text/plain")
		if strings.HasSuffix(r.URL.Path, "/declared") {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		} else {
			w.(http.Flusher).Flush()
		}
		io.WriteString(w, body)
	})
	var table bytes.Buffer
	out := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "toxic\tacts\tacts on a bulk\trecords")
	for i := range toxics {
		x := &toxics[i]
		fmt.Fprint(out, x.name)
		for _, mode := range []rules.Mode{rules.Enforce, rules.Monitor} {
			policy := *blocking()
			policy.Mode = mode
			engine := newEngine(t, &policy)
			w := newWorld(t, x.link(t, app), func(o *Options, p *Proxy) {
				if strings.HasPrefix(x.name, "timeout") {
					o.HeadTimeout, o.UpstreamIdle = 100*time.Millisecond, 100*time.Millisecond
				}
				o.Rules = func() Rules { return Rules{Engine: engine} }
			})
			fmt.Fprint(out, "\t", x.ask(t, w, "/clean", clean, x.wants))
			if mode == rules.Enforce {
				wants := x.wants
				if wants == "whole" || wants == "cut" {
					wants = "cut" // by stanch, behind half of what the link lets through, or by the link
				}
				fmt.Fprint(out, "\t", x.ask(t, w, "/bulk", bulk, wants))
			}
		}
		fmt.Fprintln(out)
	}
	out.Flush()
	t.Logf("\n%s", table.String())
}

// ask asks over every protocol, with a declared length and without, and compares what the clients get.
func (x *toxic) ask(t *testing.T, w *world, path, body, wants string) string {
	t.Helper()
	for _, p := range protocols(t) {
		for _, form := range []string{"/chunked", "/declared"} {
			response, got, err := get(t, p.client, w.base+path+form)
			result := strconv.Itoa(response.StatusCode)
			switch {
			case err != nil:
				result = "cut"
			case response.StatusCode == http.StatusOK && got == body:
				result = "whole"
			}
			if result != wants {
				t.Errorf("%s, %s%s, %s: the client gets %s (%d bytes, %v), want %s", x.name, path, form, p.name, result, len(got), err, wants)
			}
			if people := strings.Count(got, "@"); people > 2 && path == "/bulk" {
				t.Errorf("%s, %s%s, %s: %d people left", x.name, path, form, p.name, people)
			}
			o := w.next()
			if wants == "whole" && path == "/clean" && (o.Failure != "" || o.Cut) {
				t.Errorf("%s, %s%s, %s: told as %q, cut %v", x.name, path, form, p.name, o.Failure, o.Cut)
			}
			if wants != "whole" && path == "/clean" && o.Failure == "" {
				t.Errorf("%s, %s%s, %s: no failure is told", x.name, path, form, p.name)
			}
		}
	}
	return wants
}
