package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	leakPeople  = 40 // in each disguised answer
	leakLimit   = 20 // of the rule that blocks: at most one person fewer may get through
	redactFrom  = 10 // of the rule that redacts
	fewPeople   = 4  // below every rule
	leakRules   = "version = 1\n[rule.list]\nsummary = \"A list of people\"\nwhen = { people = 20 }\naction = \"block\"\n[rule.page]\nsummary = \"A page of people\"\nwhen = { people = 10 }\naction = \"redact\"\n[route.sockets]\npaths = [\"/socket/**\"]\nwebsocket = true\n"
	leakBudgets = "version = 1\n[identity]\nfrom = [\"cookie:sessionid\", \"address\"]\n" +
		"[rule.drip]\nsummary = \"Page by page\"\nwhen = { budget = { people = 19, per = \"24h\", by = \"client\" } }\naction = \"block\"\nexcept = [\"/rotation/**\"]\n" +
		"[rule.route]\nsummary = \"One route, whoever asks\"\nwhen = { budget = { people = 19, per = \"24h\", by = \"route\" } }\naction = \"block\"\nroutes = [\"/rotation/**\"]\n" +
		"[rule.private]\nsummary = \"No shared cache keeps a person\"\nwhen = { people = 1 }\naction = \"harden\"\n"
)

// An evasionCase is one disguised leak: how the application sends it, and how who gets it reads it.
type evasionCase struct {
	class, name string
	header      map[string]string
	status      int                       // 0 stands for 200
	body        func(leak []byte) []byte  // nil sends the leak as it is
	undo        func(body []byte) []byte  // what the reader does to what arrives; nil reads it as it is
	ask         func(w *evasionWorld) int // asks by itself and returns how many people got through; what it serves stands in serve
	serve       http.HandlerFunc          // nil serves header, status and body
	missed      bool                      // it gets through, and docs/THREATS.md says why
	passes      bool                      // it must pass: what is tried is to have it blocked
	few         bool                      // also send four people in this disguise, who must pass: what is blocked is blocked for the people
}

// An evasionWorld is the real binary before an application that serves all cases, each at its own path.
type evasionWorld struct {
	t       *testing.T
	process *process // blocks 20 people, redacts 10
	budgets *process // counts what one client, or one route, gives over time
	path    string   // of the case
	answer  string   // what was answered, for the table
}

// evasionClasses are the ways to get data past an inspection of responses that are known to the trade.
var evasionClasses = []string{
	"E1 compressed bodies", "E2 a coding that is only claimed", "E3 compressed bytes without a header", "E4 stacked codings", "E5 unknown codings", "E6 raw and zlib deflate",
	"E7 several members, bytes behind them", "E8 compression bombs", "E9 values split over chunks", "E10 chunk extensions", "E11 trailers", "E12 informational answers", "E13 protocol upgrades",
	"E14 CONNECT", "E15 ranges", "E16 multipart ranges", "E17 validators of another version", "E18 delta encoding", "E19 header values", "E20 the reason phrase", "E21 ways around",
	"E22 pushed answers", "E23 gRPC and protobuf", "E24 event streams", "E25 endless lines of JSON", "E26 JSON in scripts", "E27 mail and multipart bodies", "E28 a wrong content type",
	"E29 files of two kinds", "E30 contradicting charsets", "E31 a charset of the client's choice", "E32 two content types", "E33 UTF-7", "E34 UTF-16 and UTF-32", "E35 other charsets",
	"E36 JSON escapes", "E37 JSON that parsers read differently", "E38 values in pieces", "E39 markup within values", "E40 percent-encoding", "E41 base64 and its kin", "E42 quoted-printable, uuencode, yEnc",
	"E43 characters that are not seen", "E44 odd spaces and dashes", "E45 other digits", "E46 letters that look alike", "E47 ciphers by hand", "E48 encryption", "E49 pictures and sound",
	"E50 ZIP directories that lie", "E51 several ZIP files in one", "E52 overlapping ZIP members", "E53 archives in archives", "E54 rare ZIP methods", "E55 encrypted files", "E56 ZIP counts that lie",
	"E57 corners of workbooks", "E58 unusual packages", "E59 encrypted workbooks", "E60 old workbooks", "E61 a file called .xls", "E62 dialects of CSV", "E63 PDF", "E64 other containers", "E65 XML",
	"E66 pagination", "E67 low and slow", "E68 changing identities", "E69 just below the threshold", "E70 padding", "E71 the first bytes", "E72 other formats for the asking", "E73 error pages",
	"E74 shared caches", "E75 what crashes or hangs", "E76 planted people",
}

// TestEvasion serves each disguise over a socket to the real binary, and prints what was done and how many people got through.
// What gets through must be a known miss of docs/THREATS.md, and what no longer does must not stand there.
func TestEvasion(t *testing.T) {
	cases := slices.Concat(codingEvasions(), messageEvasions(), textEvasions(), encodedEvasions(), zipEvasions(), bookEvasions(), documentEvasions(), overTimeEvasions())
	world := newEvasionWorld(t, cases)
	missed := map[string]bool{}
	tried := map[string]int{}
	var table strings.Builder
	for i := range cases {
		c := &cases[i]
		tried[c.class]++
		world.path, world.answer = evasionPath(i), ""
		through := world.run(c)
		caught := through < leakLimit
		if c.passes {
			caught = through == leakPeople
		}
		note := ""
		if c.missed {
			missed[c.class] = true
			note = ", a known miss"
		}
		switch {
		case !caught && !c.missed:
			t.Errorf("%s, %s: %s: %d of %d people got through", c.class, c.name, world.answer, through, leakPeople)
		case caught && c.missed:
			t.Errorf("%s, %s: %s: only %d people got through; it is no miss any more", c.class, c.name, world.answer, through)
		}
		fmt.Fprintf(&table, "%-4s %-60s %-44s %3d of %d%s\n", c.class, c.name, world.answer, through, leakPeople, note)
		if caught && c.few {
			world.sendFew(c)
		}
	}
	t.Logf("class, what was tried, what was done, people who got through\n%s", table.String())
	for _, class := range evasionClasses {
		if id, _, _ := strings.Cut(class, " "); tried[id] == 0 {
			t.Errorf("no case for %s", class)
		}
	}
	compareWithKnownMisses(t, missed)
}

// compareWithKnownMisses holds docs/THREATS.md to what was seen.
func compareWithKnownMisses(t *testing.T, missed map[string]bool) {
	document, err := os.ReadFile(filepath.Join("..", "..", "docs", "THREATS.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := bytes.Cut(document, []byte("## Known misses"))
	known := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| (E\d+) \|`).FindAllSubmatch(list, -1) {
		known[string(row[1])] = true
	}
	if len(known) == 0 {
		t.Fatal("docs/THREATS.md lists no known misses")
	}
	for class := range missed {
		if !known[class] {
			t.Errorf("%s got through, and docs/THREATS.md does not know it", class)
		}
	}
	for class := range known {
		if !missed[class] {
			t.Errorf("%s was stopped: docs/THREATS.md must not list it any more", class)
		}
	}
}

func evasionPath(i int) string { return "/case/" + strconv.Itoa(i) + "/" }

func newEvasionWorld(t *testing.T, cases []evasionCase) *evasionWorld {
	leak, few := evasionLeak(leakPeople), evasionLeak(fewPeople)
	application := newApplication(t, func(w http.ResponseWriter, r *http.Request) {
		fields := strings.SplitN(r.URL.Path, "/", 4)
		switch fields[1] {
		case "rotation":
			servePeople(w, r)
			return
		case "socket":
			serveSocket(w, r)
			return
		}
		i, err := strconv.Atoi(fields[2])
		if err != nil || i >= len(cases) {
			http.NotFound(w, r)
			return
		}
		c, people := &cases[i], leak
		if r.URL.Query().Has("few") {
			people = few
		}
		if c.serve != nil {
			c.serve(w, r)
			return
		}
		for name, value := range c.header {
			w.Header().Set(name, value)
		}
		if c.status != 0 {
			w.WriteHeader(c.status)
		}
		if c.body != nil {
			people = c.body(people)
		}
		w.Write(people)
	})
	start := func(name, rules string) *process {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
			t.Fatal(err)
		}
		return startServe(t, application, file)
	}
	return &evasionWorld{t: t, process: start("rules.toml", leakRules), budgets: start("budgets.toml", leakBudgets)}
}

// run tries one case and returns how many people got through, with HTTP/1.1 and HTTP/2 the larger number.
func (w *evasionWorld) run(c *evasionCase) int {
	if c.ask != nil {
		return c.ask(w)
	}
	through := 0
	for protocol, client := range evasionClients() {
		arrived := w.get(client, protocol, w.process.site+w.path)
		through = max(through, countLeaked(c.read(arrived)))
		client.CloseIdleConnections()
	}
	return through
}

func (c *evasionCase) read(arrived []byte) []byte {
	if c.undo != nil && arrived != nil {
		return c.undo(arrived)
	}
	return arrived
}

// get asks once and notes the answer. It returns whatever arrived, head included.
func (w *evasionWorld) get(client *http.Client, protocol, url string, headers ...string) []byte {
	audited := len(w.process.printed())
	response, body, err := fetch(w.t, client, url, headers...)
	if response == nil {
		w.answer = "the stream was reset"
		return nil
	}
	w.answer = strconv.Itoa(response.StatusCode)
	if err != nil {
		w.answer += " and a cut"
	}
	if err != nil || response.StatusCode >= http.StatusBadRequest || response.Header.Get("Cache-Control") != "" {
		w.answer += w.process.verdictSince(audited)
	}
	if response.StatusCode == http.StatusForbidden && bytes.Contains(body, []byte("incident")) {
		return nil
	}
	return body
}

// sendFew sends four people in the same disguise: who blocks those does not read the disguise, but refuses it.
func (w *evasionWorld) sendFew(c *evasionCase) {
	for protocol, client := range evasionClients() {
		arrived := w.get(client, protocol, w.process.site+w.path+"?few")
		if n := countLeaked(c.read(arrived)); n != fewPeople {
			w.t.Errorf("%s %s: of %d people, whom no rule stops, %d arrived: %s", c.class, c.name, fewPeople, n, w.answer)
		}
		client.CloseIdleConnections()
	}
}

// verdictSince tells what the audit events since then say: the rules, or why a body could not be inspected.
func (p *process) verdictSince(printed int) string {
	for wait := 0; wait < 50; wait++ {
		text := p.printed()[printed:]
		for _, line := range strings.Split(text, "\n") {
			var event struct {
				Unmapped struct {
					Verdict, Reason string
					People          int
				}
			}
			if json.Unmarshal([]byte(line), &event) == nil && event.Unmapped.Verdict != "" {
				said := " " + event.Unmapped.Verdict
				if event.Unmapped.Reason != "" {
					return said + ", " + event.Unmapped.Reason
				}
				return said + fmt.Sprintf(", %d people counted", event.Unmapped.People)
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	return ""
}

// evasionClients are those of each protocol, without a decompression of their own.
func evasionClients() map[string]*http.Client {
	all := clients()
	for _, client := range all {
		client.Transport.(*http.Transport).DisableCompression = true
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return all
}

// evasionLeak is a table of people.
func evasionLeak(people int) []byte {
	var b bytes.Buffer
	b.WriteString("Name,Email,Mobile,Date of birth,NHS No\r\n")
	for n := range people {
		p := demoPersonNumber(n)
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s\r\n", p.name, p.email, p.phone, p.born, p.nhs)
	}
	return b.Bytes()
}

// countLeaked counts the people of whom an e-mail address or an NHS number can be read.
func countLeaked(text []byte) int {
	lower := bytes.ToLower(text)
	digits := bytes.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	through := 0
	for n := range leakPeople {
		p := demoPersonNumber(n)
		if bytes.Contains(lower, []byte(p.email)) || bytes.Contains(digits, []byte(strings.ReplaceAll(p.nhs, " ", ""))) {
			through++
		}
	}
	return through
}

// rawAnswer serves the bytes as they stand, in place of an answer of net/http.
func rawAnswer(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer connection.Close()
		io.WriteString(connection, answer)
	}
}

// rawAsk sends a request as it stands and returns all that comes back, head included, up to the end of the connection.
func (w *evasionWorld) rawAsk(request string) []byte {
	connection, err := net.Dial("tcp", strings.TrimPrefix(w.process.site, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(20 * time.Second))
	audited := len(w.process.printed())
	if _, err := io.WriteString(connection, request); err != nil {
		w.t.Fatal(err)
	}
	all, _ := io.ReadAll(bufio.NewReader(connection)) // a cut is an answer too
	line, _, _ := bytes.Cut(all, []byte("\r\n"))
	w.answer = strings.TrimPrefix(string(line), "HTTP/1.1 ")[:min(3, max(0, len(line)-9))] + w.process.verdictSince(audited)
	return all
}

// rawGet is the plain request for the case.
func (w *evasionWorld) rawGet(extra ...string) []byte {
	return w.rawAsk("GET " + w.path + " HTTP/1.1\r\nHost: site\r\nConnection: close\r\n" + strings.Join(extra, "") + "\r\n")
}

func (w *evasionWorld) dial() net.Conn {
	connection, err := net.Dial("tcp", strings.TrimPrefix(w.process.site, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	return connection
}

// readUntilQuiet reads what comes until the other side ends, or says nothing for a second.
func readUntilQuiet(connection net.Conn) []byte {
	var all []byte
	buffer := make([]byte, 1<<16)
	for {
		connection.SetReadDeadline(time.Now().Add(time.Second))
		n, err := connection.Read(buffer)
		all = append(all, buffer[:n]...)
		if err != nil {
			return all
		}
	}
}
