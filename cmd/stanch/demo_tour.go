package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A scene is one thing to try against the sample site, and what must come of it.
type scene struct {
	title string
	try   string // the path to open, for people
	play  func(v *visitor) (string, error)
}

// A visitor is a browser without a memory: it opens paths of the protected site.
type visitor struct {
	client *http.Client
	site   string // through stanch
	direct string // past it, to compare
	admin  string
}

// page is an answer that was read to its end.
type page struct {
	status int
	header http.Header
	body   []byte
	err    error // what ended the body, nil for a clean end
}

// get opens a path; headers are name, value pairs.
func (v *visitor) get(base, path string, headers ...string) (*page, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base+path, nil)
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := v.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	p := &page{status: response.StatusCode, header: response.Header}
	p.body, p.err = io.ReadAll(response.Body)
	return p, nil
}

// tour is the incident, scene by scene.
func tour() []scene {
	return []scene{
		{"a public page passes, byte for byte", "/", playPublic},
		{"one's own application form passes, and no cache keeps it", "/application", playForm},
		{"the deanery's spreadsheet is blocked (XLSX)", "/deanery/applicants.xlsx", playBlocked("/deanery/applicants.xlsx", "identity")},
		{"the same list as CSV is blocked", "/deanery/applicants.csv", playBlocked("/deanery/applicants.csv", "identity")},
		{"compressing it does not help (gzip)", "/deanery/applicants.csv", playBlocked("/deanery/applicants.csv", "gzip")},
		{"compressing it does not help (br)", "/deanery/applicants.csv", playBlocked("/deanery/applicants.csv", "br")},
		{"counting up the number of a message is stopped", "/messages/1", playMessages},
		{"the attendees' page comes redacted, and no search engine keeps it", "/conference/attendees", playAttendees},
		{"server-sent events flow without delay", "/events", playEvents},
		{"the metrics moved", "", playMetrics},
	}
}

func playPublic(v *visitor) (string, error) {
	through, err := v.get(v.site, "/", "Accept-Encoding", "identity")
	if err != nil {
		return "", err
	}
	direct, err := v.get(v.direct, "/", "Accept-Encoding", "identity")
	if err != nil {
		return "", err
	}
	if through.status != http.StatusOK || !bytes.Equal(through.body, direct.body) {
		return "", fmt.Errorf("status %d, %d bytes; the application sent %d", through.status, len(through.body), len(direct.body))
	}
	return fmt.Sprintf("200, the same %d bytes", len(through.body)), nil
}

func playForm(v *visitor) (string, error) {
	p, err := v.get(v.site, "/application", "Cookie", "sessionid=own")
	if err != nil {
		return "", err
	}
	if want := demoPersonNumber(7).email; p.status != http.StatusOK || !bytes.Contains(p.body, []byte(want)) {
		return "", fmt.Errorf("status %d, or the form is not whole", p.status)
	}
	if cache := p.header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
		return "", fmt.Errorf("a cache may keep it: Cache-Control: %s", cache)
	}
	return "200, Cache-Control: " + p.header.Get("Cache-Control"), nil
}

// playBlocked expects a refusal with an incident id and nothing of the list.
func playBlocked(path, coding string) func(v *visitor) (string, error) {
	return func(v *visitor) (string, error) {
		p, err := v.get(v.site, path, "Accept-Encoding", coding, "Accept", "application/problem+json")
		if err != nil {
			return "", err
		}
		if bytes.Contains(p.body, []byte("@example.org")) {
			return "", errors.New("addresses of applicants came through")
		}
		var problem struct {
			Incident string `json:"incident"`
		}
		if err := json.Unmarshal(p.body, &problem); p.status != http.StatusForbidden || err != nil || problem.Incident == "" {
			return "", fmt.Errorf("status %d without an incident id", p.status)
		}
		return "403, incident " + problem.Incident, nil
	}
}

func playMessages(v *visitor) (string, error) {
	for n := 1; n <= demoMessages; n++ {
		p, err := v.get(v.site, fmt.Sprintf("/messages/%d", n), "Cookie", "sessionid=curious")
		if err != nil {
			return "", err
		}
		if p.status == http.StatusForbidden {
			if n < 3 {
				return "", fmt.Errorf("message %d was refused already", n)
			}
			return fmt.Sprintf("%d messages were read, number %d is refused", n-1, n), nil
		}
	}
	return "", fmt.Errorf("all %d messages could be read", demoMessages)
}

func playAttendees(v *visitor) (string, error) {
	p, err := v.get(v.site, "/conference/attendees")
	if err != nil {
		return "", err
	}
	if p.status != http.StatusOK || bytes.Count(p.body, []byte("<tr>")) != demoAttendees+1 {
		return "", fmt.Errorf("status %d, %d rows of %d", p.status, bytes.Count(p.body, []byte("<tr>")), demoAttendees+1)
	}
	for n := range demoAttendees {
		if a := demoPersonNumber(n + 100); bytes.Contains(p.body, []byte(a.email)) || bytes.Contains(p.body, []byte(a.phone)) || bytes.Contains(p.body, []byte(a.postcode+"</td><td>"+a.phone)) {
			return "", fmt.Errorf("attendee %d can be read", n)
		}
	}
	if !strings.Contains(p.header.Get("Cache-Control"), "no-store") || !strings.Contains(p.header.Get("X-Robots-Tag"), "noindex") {
		return "", fmt.Errorf("Cache-Control %q, X-Robots-Tag %q", p.header.Get("Cache-Control"), p.header.Get("X-Robots-Tag"))
	}
	return fmt.Sprintf("200, %d rows masked, Cache-Control: %s, X-Robots-Tag: %s", demoAttendees, p.header.Get("Cache-Control"), p.header.Get("X-Robots-Tag")), nil
}

// playEvents expects each event before the application sends the next one.
func playEvents(v *visitor) (string, error) {
	response, err := v.client.Get(v.site + "/events")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var worst time.Duration
	seen := 0
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var event struct{ Sent int64 }
		if err := json.Unmarshal([]byte(data), &event); err != nil {
			return "", err
		}
		seen++
		worst = max(worst, time.Since(time.UnixMilli(event.Sent)))
	}
	if seen != demoEvents || worst >= demoEventPause {
		return "", fmt.Errorf("%d events of %d, the slowest after %v", seen, demoEvents, worst)
	}
	return fmt.Sprintf("%d events, the slowest after %v", seen, worst.Round(time.Millisecond)), nil
}

func playMetrics(v *visitor) (string, error) {
	p, err := v.get(v.admin, "/metrics")
	if err != nil {
		return "", err
	}
	for _, verdict := range []string{"pass", "harden", "redact", "block"} {
		moved := false
		for line := range strings.Lines(string(p.body)) {
			if strings.HasPrefix(line, "stanch_responses_total{") && strings.Contains(line, `verdict="`+verdict+`"`) && !strings.HasSuffix(strings.TrimSpace(line), " 0") {
				moved = true
			}
		}
		if !moved {
			return "", fmt.Errorf("stanch_responses_total has not counted a %s", verdict)
		}
	}
	return "responses were counted as pass, harden, redact and block", nil
}
