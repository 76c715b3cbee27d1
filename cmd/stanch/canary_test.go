package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The values that a request and an answer are planted with, one for each place.
var canaries = map[string]string{
	"path": "mina.path@example.org", "query": "mina.query@example.org", "header": "mina.header@example.org", "cookie": "mina.cookie@example.org",
	"referer": "mina.referer@example.org", "body": "mina.body@example.org", "answer": "mina.answer@example.org", "answer header": "mina.field@example.org",
	"broken": "mina.broken@example.org", "hint": "mina.hint@example.org", "unsolicited": "mina.unsolicited@example.org", "host": "mina-host.example.org",
	"number": "943 476 5919",
}

// TestCanariesReachNoOutputOfTheProcess plants values wherever HTTP can hold them, in exchanges that end in every way, and looks for them in all that the
// process writes: log, audit events, metrics, block and error pages, and what it prints when it dies with all its stacks.
func TestCanariesReachNoOutputOfTheProcess(t *testing.T) {
	app := newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/csv")
		w.Header().Set("X-Contact", canaries["answer header"])
		list := strings.ReplaceAll(string(applicants(60)), "\r\n", ","+canaries["answer"]+","+canaries["number"]+"\r\n")
		switch way := r.URL.Query().Get("way"); way {
		case "block":
			io.WriteString(w, list)
		case "cut":
			io.WriteString(w, strings.Repeat("a line, of nothing, in particular\n", 20_000))
			io.WriteString(w, list)
		case "lie":
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, list)
		case "few":
			io.WriteString(w, "name,email\nMina,"+canaries["answer"]+"\n")
		case "abort", "hang up", "unsolicited":
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			answer := "HTTP/1.1 103 Early Hints\r\nLink: <" + canaries["hint"] + ">\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"
			if way == "hang up" {
				answer = "HTTP/1.1 999999 " + canaries["unsolicited"] + "\r\nbroken " + canaries["broken"] + "\r\n\r\n"
			} else if way == "unsolicited" {
				answer += "llo" + canaries["unsolicited"]
			}
			io.WriteString(conn, answer)
		}
	})
	config := filepath.Join(t.TempDir(), "stanch.toml")
	rule := func(action string) string {
		return "version = 1\n[audit]\nfile = \"stdout\"\n[identity]\nfrom = [\"cookie:id\"]\n[rule.list]\nsummary = \"a list\"\nwhen = { people = 3 }\naction = \"" + action + "\"\n" +
			"[rule.mask]\nsummary = \"one\"\nwhen = { detectors = [\"email\"] }\nroutes = [\"/mask/**\"]\naction = \"redact\"\n"
	}
	if err := os.WriteFile(config, []byte(rule("block")), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startServe(t, app, config)
	pages := askInEveryWay(t, p)
	askBadly(t, p)
	if err := os.WriteFile(config, []byte(rule("blok")), 0o600); err != nil {
		t.Fatal(err)
	}
	p.command.Process.Signal(syscall.SIGHUP)
	p.reaches(t, "stanch_config_reload_failed_total", 1)
	for _, path := range []string{"/metrics", "/livez", "/readyz", "/nothing/" + canaries["path"]} {
		_, body, err := fetch(t, http.DefaultClient, p.admin+path)
		if err != nil {
			t.Fatal(err)
		}
		pages[p.admin+path] = string(body)
	}
	p.command.Process.Signal(syscall.SIGQUIT) // dies as of a panic that nothing recovers, with the stacks of all goroutines
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the process did not end")
	}
	printed := p.printed()
	for _, must := range []string{"goroutine ", `"class_uid"`, "the new configuration is wrong"} {
		if !strings.Contains(printed, must) {
			t.Errorf("nothing printed holds %q: the test looks at the wrong output", must)
		}
	}
	pages["what was printed"] = printed
	for place, text := range pages {
		for name, canary := range canaries {
			if at := strings.Index(text, canary); at >= 0 {
				t.Errorf("%s holds the canary of the %s: %.200q", place, name, text[max(0, at-80):])
			}
		}
	}
}

// askInEveryWay returns the pages of those answers that were not the application's own.
func askInEveryWay(t *testing.T, p *process) map[string]string {
	pages := map[string]string{}
	for protocol, client := range clients() {
		for _, way := range []string{"block", "cut", "lie", "few", "abort", "hang up", "unsolicited"} {
			for _, folder := range []string{"/", "/mask/"} {
				target := p.site + folder + canaries["path"] + "?way=" + strings.ReplaceAll(way, " ", "+") + "&q=" + canaries["query"]
				request, err := http.NewRequest(http.MethodPost, target, strings.NewReader("mail="+canaries["body"]))
				if err != nil {
					t.Fatal(err)
				}
				request.Header = http.Header{"Cookie": {"id=" + canaries["cookie"]}, "Referer": {"http://" + canaries["referer"]}, "X-Contact": {canaries["header"]},
					"User-Agent": {canaries["header"]}, "Content-Type": {"application/x-www-form-urlencoded"}, "X-Forwarded-For": {canaries["header"]}}
				response, err := client.Do(request)
				if err != nil {
					continue // cut before its head was seen
				}
				body, _ := io.ReadAll(response.Body)
				response.Body.Close()
				if response.StatusCode >= 400 {
					pages[fmt.Sprintf("%s %s%s: the page of status %d", protocol, folder, way, response.StatusCode)] = string(body)
				}
			}
		}
	}
	if len(pages) < 8 {
		t.Errorf("only %d answers were refused", len(pages))
	}
	return pages
}

// askBadly sends what is no request.
func askBadly(t *testing.T, p *process) {
	for _, request := range []string{
		"GET /" + canaries["broken"] + " HTTP/1.1\r\nHost: a\r\nBad " + canaries["broken"] + "\r\n\r\n",
		"GET / HTTP/9.9 " + canaries["broken"] + "\r\n\r\n",
		"CONNECT " + canaries["host"] + ":443 HTTP/1.1\r\nHost: " + canaries["host"] + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: " + canaries["host"] + "\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + canaries["broken"] + canaries["broken"],
		"\x16\x03\x01" + canaries["broken"],
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.site, "http://"))
		if err != nil {
			t.Fatalf("%v; printed: %s", err, p.printed())
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		io.WriteString(conn, request)
		conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, conn)
		conn.Close()
	}
}
