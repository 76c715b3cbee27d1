package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// How much the sample site holds.
const (
	demoApplicants = 800
	demoAttendees  = 40
	demoMessages   = 200
	demoEvents     = 5
	demoEventPause = 250 * time.Millisecond
)

const (
	workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvType      = "text/csv; charset=utf-8"
	htmlType     = "text/html; charset=utf-8"
)

// newDemoSite is the application of the incident: it serves what it should not to whoever asks.
func newDemoSite() http.Handler {
	rows := [][]string{demoHeader}
	for n := range demoApplicants {
		rows = append(rows, demoPersonNumber(n).row())
	}
	workbook, table := demoWorkbook(rows), demoCSV(rows)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", servePage("Medical training applications", demoHome))
	mux.HandleFunc("GET /application", servePage("Your application", demoForm(demoPersonNumber(7))))
	mux.HandleFunc("GET /deanery/applicants.xlsx", func(w http.ResponseWriter, r *http.Request) { serveFile(w, r, workbookType, workbook) })
	mux.HandleFunc("GET /deanery/applicants.csv", func(w http.ResponseWriter, r *http.Request) { serveFile(w, r, csvType, table) })
	mux.HandleFunc("GET /messages/{id}", serveMessage)
	mux.HandleFunc("GET /conference/attendees", servePage("Conference attendees", demoAttendeeTable()))
	mux.HandleFunc("GET /events", serveEvents)
	return mux
}

func demoCSV(rows [][]string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.WriteAll(rows); err != nil {
		panic("internal error: writing to memory failed: " + err.Error())
	}
	return out.Bytes()
}

func demoPage(title, body string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + title + `</title></head><body><h1>` + title + "</h1>\n" + body + "</body></html>\n"
}

const demoHome = `<p>Apply for specialty training here. Round 2 opens in August.</p>
<ul><li><a href="/application">Your own application</a></li>
<li><a href="/deanery/applicants.xlsx">The deanery's list of applicants (XLSX)</a> and <a href="/deanery/applicants.csv">CSV</a></li>
<li><a href="/messages/1">A message; change the number to read somebody else's</a></li>
<li><a href="/conference/attendees">Conference attendees</a></li>
<li><a href="/events">Events as they happen</a></li></ul>
`

func demoForm(p demoPerson) string {
	var b strings.Builder
	b.WriteString(`<form><dl>`)
	for i, value := range p.row()[:7] {
		fmt.Fprintf(&b, "<dt>%s</dt><dd>%s</dd>\n", demoHeader[i], html.EscapeString(value))
	}
	b.WriteString(`</dl><button>Save</button></form>`)
	return b.String()
}

func demoAttendeeTable() string {
	var b strings.Builder
	b.WriteString("<table><tr><th>Name</th><th>Home address</th><th>Postcode</th><th>Mobile</th><th>Email</th></tr>\n")
	for n := range demoAttendees {
		p := demoPersonNumber(n + 100)
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n", html.EscapeString(p.name), html.EscapeString(p.address), p.postcode, p.phone, p.email)
	}
	b.WriteString("</table>\n")
	return b.String()
}

func servePage(title, body string) http.HandlerFunc {
	page := demoPage(title, body)
	return func(w http.ResponseWriter, r *http.Request) { serveFile(w, r, htmlType, []byte(page)) }
}

// serveMessage is the number in the URL that showed other people's messages.
func serveMessage(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id < 1 || id > demoMessages {
		http.NotFound(w, r)
		return
	}
	p := demoPersonNumber(200 + id)
	serveFile(w, r, htmlType, []byte(demoPage("Message", fmt.Sprintf("<p>Dear %s,</p>\n<p>your interview is on Monday. We will write to %s or call your mobile phone %s.</p>\n",
		html.EscapeString(p.name), p.email, p.phone))))
}

// serveFile answers in the coding the client prefers, as an application behind a compressing middleware does.
func serveFile(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "public, max-age=600")
	var encoder io.WriteCloser
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case strings.Contains(accepted, "br"):
		w.Header().Set("Content-Encoding", "br")
		encoder = brotli.NewWriter(w)
	case strings.Contains(accepted, "gzip"):
		w.Header().Set("Content-Encoding", "gzip")
		encoder = gzip.NewWriter(w)
	default:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
		return
	}
	encoder.Write(body)
	encoder.Close()
}

// serveEvents sends one event after another and says in each when it left.
func serveEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	flusher := http.NewResponseController(w)
	for n := range demoEvents {
		fmt.Fprintf(w, "id: %d\ndata: {\"sent\": %d}\n\n", n, time.Now().UnixMilli())
		if flusher.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-time.After(demoEventPause):
		}
	}
}
