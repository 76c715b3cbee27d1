// Package corpus generates texts for benchmarks and fuzzing: the kinds of response bodies that an application sends, the same
// for the same seed. No record describes a real person.
//
//	for _, text := range corpus.All() { engine.Scan(nil, text.Bytes, 0, true) }
//
// The texts are synthetic: they have the proportions of real ones (bytes between digits, lengths of words and numbers), not
// their variety.
package corpus

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand"
	"strings"
)

// A Text is a named body.
type Text struct {
	Name  string
	Bytes []byte
}

const seed = 2007

// All returns the texts that engines are measured on, in the order of the reports.
func All() []Text {
	return []Text{
		{"html-clean", HTML(1 << 20)},
		{"js-minified", JavaScript(1 << 20)},
		{"json-api", JSON(64 << 10)},
		{"log", Log(8 << 20)},
		{"csv-people", People(5 << 20)},
	}
}

func pick(r *rand.Rand, from []string) string { return from[r.Intn(len(from))] }

var (
	words = strings.Fields(`the of and to in a is that for it as was with be by on not he this are or his from at which but have
		an had they you were their one all we can her has there been if more when will would who so no package function value
		returns type method interface string slice pointer channel error context buffer reader writer program memory garbage
		collector goroutine scheduler compile runtime module version directory command argument variable constant statement
		expression declaration implementation documentation specification behavior guaranteed undefined operation concurrent
		synchronization performance allocation initialization assignment conversion representation`)
	tags    = strings.Fields("p li td span code div em strong h3 dd dt pre")
	classes = strings.Fields("Documentation Article-section nav-item is-active js-toggle table row u-hidden Header-link code-sample")
	towns   = strings.Fields("Leeds Bristol Cardiff Glasgow Norwich Exeter Derby Preston Swindon Luton Reading Bath Truro Oban Lincoln Durham")
	first   = strings.Fields("Amelia Oliver Isla George Ava Harry Mia Noah Ivy Jack Lily Leo Sophie Aisha Mohammed Priya Chen Olga Siobhan Owain Ewan Fiona Tariq Grace")
	last    = strings.Fields("Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker White Edwards Hughes Green Hall Khan Lewis Harris Clarke Okafor Nowak")
	streets = strings.Fields("High Station Church Victoria Green Manor Kings Queens Park Mill London York New Grange North South Albert Alexandra")
	areas   = strings.Fields("LS BS CF G NR EX DE PR SN LU RG BA TR PA LN DH SW EC M B")
	beliefs = []string{"Christian", "Muslim", "Hindu", "Jewish", "Sikh", "Buddhist", "No religion", "Prefer not to say"}
)

func sentence(r *rand.Rand, b *bytes.Buffer) {
	for i, n := 0, 4+r.Intn(14); i < n; i++ {
		word := pick(r, words)
		if i == 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		} else {
			b.WriteByte(' ')
		}
		switch r.Intn(60) {
		case 0:
			fmt.Fprintf(b, "<code>%s.%s</code>", word, strings.ToUpper(word[:1])+word[1:])
		case 1:
			fmt.Fprintf(b, `<a href="/pkg/%s/#%s">%s</a>`, word, pick(r, words), word)
		case 2:
			fmt.Fprintf(b, "%s (%d)", word, r.Intn(100))
		default:
			b.WriteString(word)
		}
	}
	b.WriteString(". ")
}

// HTML returns documentation pages without personal data.
func HTML(size int) []byte {
	r := rand.New(rand.NewSource(seed))
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Documentation</title></head>\n<body>\n")
	for i := 1; b.Len() < size; i++ {
		tag := pick(r, tags)
		fmt.Fprintf(&b, "<%s class=\"%s %s\"", tag, pick(r, classes), pick(r, classes))
		if r.Intn(4) == 0 {
			fmt.Fprintf(&b, " id=\"%s_%d\"", pick(r, words), i)
		}
		b.WriteString(">")
		for range 1 + r.Intn(4) {
			sentence(r, &b)
		}
		if r.Intn(12) == 0 {
			fmt.Fprintf(&b, "Since go1.%d. &copy; %d &mdash; see RFC %d.", r.Intn(26), 2009+r.Intn(16), r.Intn(9999))
		}
		fmt.Fprintf(&b, "</%s>\n", tag)
	}
	return b.Bytes()[:size]
}

// JavaScript returns a minified bundle.
func JavaScript(size int) []byte {
	r := rand.New(rand.NewSource(seed + 1))
	names := strings.Fields("getElementById addEventListener prototype hasOwnProperty createElement useState componentDidMount forEach toString length push current props children memoizedState pendingProps return updateQueue")
	var b bytes.Buffer
	short := func() string {
		name := string(rune('a' + r.Intn(26)))
		if r.Intn(5) == 0 {
			name += string(rune("abcdefghij0123456789"[r.Intn(20)]))
		}
		return name
	}
	for b.Len() < size {
		switch r.Intn(8) {
		case 0:
			fmt.Fprintf(&b, "function %s(%s,%s){return null!==%s&&void 0===%s.%s?%s:%s.%s(%d)}", short(), short(), short(), short(), short(), pick(r, names), short(), short(), pick(r, names), r.Intn(20))
		case 1:
			fmt.Fprintf(&b, "var %s=%s.%s,%s=%d,%s={%s:!0,%s:!1,%s:\"%s\"};", short(), short(), pick(r, names), short(), r.Intn(4096), short(), pick(r, names), pick(r, names), short(), pick(r, words))
		case 2:
			fmt.Fprintf(&b, "if(0!=(%s&%d)){%s.%s|=%d;%s(%s,%s.%s)}", short(), 1<<r.Intn(20), short(), pick(r, names), r.Intn(256), short(), short(), short(), pick(r, names))
		case 3:
			fmt.Fprintf(&b, "switch(%s.tag){case %d:case %d:case %d:return %s(%s)}", short(), r.Intn(30), r.Intn(30), r.Intn(30), short(), short())
		case 4:
			fmt.Fprintf(&b, "throw Error(%s(%d));", short(), r.Intn(600))
		case 5:
			fmt.Fprintf(&b, "%s.%s=function(){for(var %s=0;%s<arguments.length;%s++)%s[%s]=arguments[%s];return %s};", short(), pick(r, names), short(), short(), short(), short(), short(), short(), short())
		case 6:
			fmt.Fprintf(&b, "e.exports={%s:\"#%06x\",%s:%.2f,%s:1e3,%s:\"%s-%s\"};", short(), r.Intn(1<<24), short(), r.Float64(), short(), pick(r, names), pick(r, words), pick(r, words))
		default:
			fmt.Fprintf(&b, "%s.%s.%s&&%s.%s(\"%s\",%s,!1)||(%s=%s());", short(), pick(r, names), pick(r, names), short(), pick(r, names), pick(r, words), short(), short(), short())
		}
	}
	return b.Bytes()[:size]
}

func hexadecimal(r *rand.Rand, size int) string {
	b := make([]byte, size)
	r.Read(b)
	return hex.EncodeToString(b)
}

func uuid(r *rand.Rand) string {
	h := hexadecimal(r, 16)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// JSON returns the answer of an API: full of digits, with few personal data.
func JSON(size int) []byte {
	r := rand.New(rand.NewSource(seed + 2))
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"uuid":"%s","created_at":"2025-%02d-%02dT%02d:%02d:%02d.%06dZ","updated_ms":%d,"sha256":"%s",`,
			r.Int63n(1e15), uuid(r), 1+r.Intn(12), 1+r.Intn(28), r.Intn(24), r.Intn(60), r.Intn(60), r.Intn(1e6), 1700000000000+r.Int63n(1e11), hexadecimal(r, 32))
		fmt.Fprintf(&b, `"price":%.4f,"score":%.9f,"lat":%.6f,"lon":%.6f,"status":"%s","tags":["alpha","b-%d"],"version":"%d.%d.%d",`,
			r.Float64()*1000, r.Float64(), r.Float64()*90, r.Float64()*180-90, pick(r, []string{"open", "closed", "pending"}), r.Intn(99), r.Intn(9), r.Intn(30), r.Intn(50))
		fmt.Fprintf(&b, `"title":"Item number %d for the %s list","nested":{"count":%d,"next":null,"url":"/api/v2/items/%d?page=%d"}`,
			i, pick(r, towns), r.Intn(10000), i, r.Intn(40))
		if i%25 == 3 {
			fmt.Fprintf(&b, `,"owner":"%s.%s@example.org"`, strings.ToLower(pick(r, first)), strings.ToLower(pick(r, towns)))
		}
		b.WriteByte('}')
	}
	return b.Bytes()[:size]
}

// Log returns access and application logs.
func Log(size int) []byte {
	r := rand.New(rand.NewSource(seed + 3))
	paths := []string{"/", "/api/v2/items", "/static/app.9f8e7d6c.js", "/login", "/search?q=widgets+blue", "/healthz", "/img/logo.svg"}
	messages := []string{"request completed", "cache miss, fetching from backend", "retrying connection to upstream after timeout", "worker finished batch"}
	var b bytes.Buffer
	for b.Len() < size {
		if r.Intn(3) > 0 {
			fmt.Fprintf(&b, "10.%d.%d.%d - - [%02d/Nov/2025:%02d:%02d:%02d +0000] \"GET %s HTTP/1.1\" %d %d \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\"\n",
				r.Intn(256), r.Intn(256), r.Intn(256), 1+r.Intn(28), r.Intn(24), r.Intn(60), r.Intn(60), pick(r, paths), []int{200, 200, 200, 304, 404, 500}[r.Intn(6)], r.Intn(100000))
			continue
		}
		fmt.Fprintf(&b, "2025-11-%02dT%02d:%02d:%02d.%03dZ INFO service=orders trace_id=%s duration_ms=%d %s count=%d\n",
			1+r.Intn(28), r.Intn(24), r.Intn(60), r.Intn(60), r.Intn(1000), hexadecimal(r, 16), r.Intn(5000), pick(r, messages), r.Intn(1000))
	}
	return b.Bytes()[:size]
}

// nhsNumber returns a number with a right check digit (NHS Data Dictionary, NHS number).
func nhsNumber(r *rand.Rand) string {
	for {
		number := fmt.Sprintf("%09d", 400000000+r.Intn(300000000))
		sum := 0
		for i := range number {
			sum += int(number[i]-'0') * (10 - i)
		}
		if check := (11 - sum%11) % 11; check < 10 {
			return fmt.Sprintf("%s %s %s%d", number[:3], number[3:6], number[6:], check)
		}
	}
}

func phone(r *rand.Rand) string {
	return fmt.Sprintf("%s%03d %06d", pick(r, []string{"07", "+44 7", "01"}), r.Intn(1000), r.Intn(1e6))
}

// People returns a table of people as CSV: the incident itself.
func People(size int) []byte {
	r := rand.New(rand.NewSource(seed + 4))
	const letters = "ABDEFGHJLNPQRSTUWXYZ"
	letter := func() byte { return letters[r.Intn(len(letters))] }
	var b bytes.Buffer
	b.WriteString("applicant_id,first_name,last_name,date_of_birth,address,town,postcode,phone,email,nhs_number,ni_number,religion\r\n")
	for i := 0; b.Len() < size; i++ {
		given, family := pick(r, first), pick(r, last)
		fmt.Fprintf(&b, "%d,%s,%s,%02d/%02d/%d,%d %s Road,%s,%s%d %d%c%c,%s,%s.%s%d@example.org,%s,%s%c%06d%c,%s\r\n",
			100000+i%900000, given, family, 1+r.Intn(28), 1+r.Intn(12), 1950+r.Intn(56), 1+r.Intn(200), pick(r, streets), pick(r, towns),
			pick(r, areas), 1+r.Intn(20), r.Intn(10), letter(), letter(), phone(r), strings.ToLower(given), strings.ToLower(family), r.Intn(100),
			nhsNumber(r), pick(r, []string{"A", "B", "C", "E", "J"}), letter(), r.Intn(1e6), "ABCD"[r.Intn(4)], pick(r, beliefs))
	}
	return b.Bytes()[:size]
}
