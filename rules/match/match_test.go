package match

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// cases are run on every variant of the engine and at every split.
var cases = []struct {
	name     string
	patterns []Pattern
	text     string
	want     string // start-end:patterns, separated by spaces
}{
	{"nothing", []Pattern{{Expression: `\d{3}`}}, "", ""},
	{"no match", []Pattern{{Expression: `\d{3}`}}, "some plain words 12", ""},
	{"at both ends", []Pattern{{Expression: `\d{3}`}}, "123 456", "0-3:0 4-7:0"},
	{"word bytes beside", []Pattern{{Expression: `\d{3}`}}, "a123 123a 123_ 1234", ""},
	{"bare beside word bytes", []Pattern{{Expression: `\d{3}`, Bare: true}}, "a123 1234", "1-4:0 5-8:0 6-9:0"},
	{"not a letter of ASCII beside", []Pattern{{Expression: `\d{3}`}}, "é123é", "2-5:0"},
	{"longest", []Pattern{{Expression: `\d{2}(-\d{2}){0,2}`}}, "12-34-56", "0-8:0"},
	{"longest of an alternation", []Pattern{{Expression: `ab|ab cd`}}, "ab cd", "0-5:0"},
	{"shorter when the longest touches a letter", []Pattern{{Expression: `\d{2}(-\d{2}){0,2}`}}, "12-34-56x", "0-5:0"},
	{"same span, two patterns", []Pattern{{Expression: `\d{3}-\d{2}`}, {Expression: `\d{3}[ -]\d\d`}}, "123-45", "0-6:0,1"},
	{"different ends, two patterns", []Pattern{{Expression: `\d{3}`}, {Expression: `\d{3}-\d{2}`}}, "123-45", "0-6:1 0-3:0"},
	{"overlap of different patterns", []Pattern{{Expression: `\d{2}-\d{3}`}, {Expression: `\d{3}-\d{4}`}}, "12-345-6789", "0-6:0 3-11:1"},
	{"inside of the same pattern", []Pattern{{Expression: `[a-z.]{1,9}@[a-z.]{1,9}`}}, "a.b@c.d", "0-7:0"},
	{"overlap of the same pattern", []Pattern{{Expression: `\d-\d`}}, "1-2-3", "0-3:0 2-5:0"},
	{"partly hidden set", []Pattern{{Expression: `\d\d(-\d\d){1,2}`}, {Expression: `\d\d-\d\d`}}, "11-22-33", "0-8:0 0-5:1 3-8:1"},
	{"boundary inside", []Pattern{{Expression: `[a-z ]{1,9}\b[a-z]{2}`, Bare: true}}, "abc de", "0-6:0"},
	{"no boundary inside", []Pattern{{Expression: `a\Bb.{0,3}`}}, "ab a", "0-4:0"},
	{"boundary at the end", []Pattern{{Expression: `a-\b`, Bare: true}}, "a-b a- ", "0-2:0"},
	{"case folding", []Pattern{{Expression: `(?i)passport \d{3}`}}, "PassPort 123", "0-12:0"},
	{"letters of UTF-8", []Pattern{{Expression: `[ΑΒΕ]{2} ?\d{3}`}}, "ΑΒ 123", "0-8:0"},
	{"class of UTF-8", []Pattern{{Expression: `\p{L}{2}-\d`}}, "éß-1", "0-6:0"},
	{"not UTF-8", []Pattern{{Expression: `a.b`}}, "a\xffb a\xe2\x82b aéb", "9-13:0"},
	{"negated class", []Pattern{{Expression: `a[^x]b`}}, "a€b axb a\nb", "0-5:0 10-13:0"},
	{"begins with no word byte", []Pattern{{Expression: `\+44 ?\d{4}`}}, "x+44 1234 y", "1-9:0"},
	{"email", []Pattern{{Expression: emailExpression}}, "mail jo.smith+x@mail.example.org, or call", "5-32:0"},
	{"email without a host", []Pattern{{Expression: emailExpression}}, "jo@ @example.org a@b", ""},
	{"two emails", []Pattern{{Expression: emailExpression}}, "a@b.cd;e@f.gh", "0-6:0 7-13:0"},
	{"email behind an at", []Pattern{{Expression: emailExpression}}, "x@a@b.cd", "2-8:0"},
	{"key", []Pattern{{Expression: `AKIA[0-9A-Z]{16}`}}, "id=AKIAABCDEFGHIJKLMNOP;", "3-23:0"},
	{"private key", []Pattern{{Expression: `-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----`}}, "x\n-----BEGIN RSA PRIVATE KEY-----\n", "2-33:0"},
	{"short literal", []Pattern{{Expression: `::[0-9a-f]{0,2}`}}, "at ::1 a::b and ::", "3-6:0 8-11:0 16-18:0"},
	{"words", []Pattern{{Expression: `[A-Z]{4,6}`}}, "the ABCDE of it ABC ABCDEFG", "4-9:0"},
	{"empty matches are none", []Pattern{{Expression: `\d{0,2}`}}, "a 1 b", "2-3:0"},
	{"groups with separators", []Pattern{{Expression: `(?:[0-9A-Fa-f]{2}[:-]){3}[0-9A-Fa-f]{2}`}, {Expression: `([0-9a-f]{1,4}:){2}[0-9a-f]{1,4}`}}, "at 0a-1b-2c-3d, 12:34:56:78 x12:3:4", "3-14:0 16-27:0 16-24:1 19-27:1"},
	{"loops of nothing", []Pattern{{Expression: `[a-z ]{1,3}\B*(\b)+z`}}, "ab z", "0-4:0"},
	{"detached from numbers", []Pattern{{Expression: `\d{3}`, Detached: Numbers}}, "1-123 1.123 1/123 1+123 1:123 x-123 -123 123", "26-29:0 32-35:0 37-40:0 41-44:0"},
	{"detached and not", []Pattern{{Expression: `\d{3}-\d`, Detached: Numbers}, {Expression: `\d{3}`}, {Expression: `\d-\d{3}`}}, "5-123-4", "0-5:2 2-5:1"},
	{"attached hides nothing", []Pattern{{Expression: `\d\d( \d\d){1,2}`, Detached: Numbers}}, "9.12 34 56", "5-10:0"},
	{"detached address", []Pattern{{Expression: emailExpression, Detached: Numbers}}, "1+a@b.cd 1:a@b.cd !1-%a@b.cd", "0-8:0 11-17:0 19-28:0"},
	{"detached from groups", []Pattern{{Expression: `[0-9a-f]{1,4}(:[0-9a-f]{1,4}){2}`, Detached: Groups}}, "1:2:3:4 x:5:6:7 g1:2:3:4::5:6:7 9-8:7:6", "0-5:0 10-15:0 26-31:0 34-39:0"},
	{"detached from both and one", []Pattern{{Expression: `\d\d`, Detached: Numbers | Groups}, {Expression: `\d\d`, Detached: Groups}}, "a:10 1:20 1.30 -40", "12-14:1 16-18:0,1"},
	{"detached run of groups", []Pattern{{Expression: `[0-9a-f]{1,9}:[0-9a-f]`, Detached: Groups}}, "ab:c:d:e f::a:b", "0-4:0 12-15:0"},
	{"inner literal", []Pattern{{Expression: `[a-z][a-z0-9+.-]{1,12}://[a-z]{1,8}:[^@ ]{1,8}@[a-z]{1,9}`}}, "to postgres://me:s3cret@db now", "3-26:0"},
}

const emailExpression = `[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}`

func compile(t testing.TB, patterns []Pattern) *Engine {
	t.Helper()
	engine, err := Compile(patterns)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// variants returns engines with each classifier, and without room for states or sets of patterns.
func variants(t testing.TB, patterns []Pattern) (engines []*Engine) {
	t.Helper()
	all := []options{{plainClassifier, 0, maxSets}, {plainClassifier, maxCells, 0}, {plainClassifier, 0, 0}}
	for _, with := range classifiers() {
		all = append(all, options{with, maxCells, maxSets})
	}
	for _, with := range all {
		engine, err := compileWith(patterns, with)
		if err != nil {
			t.Fatal(err)
		}
		engines = append(engines, engine)
	}
	return engines
}

func render(found []match) string {
	var parts []string
	for _, c := range found {
		indices := strings.ReplaceAll(strings.Trim(fmt.Sprint(c.patterns), "[]"), " ", ",")
		parts = append(parts, fmt.Sprintf("%d-%d:%s", c.start, c.end, indices))
	}
	return strings.Join(parts, " ")
}

func TestScan(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := newReference(t, c.patterns).find([]byte(c.text))
			if got := render(want); got != c.want {
				t.Fatalf("the reference finds %q, want %q", got, c.want)
			}
			for _, engine := range variants(t, c.patterns) {
				everySplit(t, engine, []byte(c.text), want)
			}
		})
	}
}

// TestScanInBlocks moves the cases through the blocks of the prefilter: padding that is no UTF-8 changes no match.
func TestScanInBlocks(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := newReference(t, c.patterns).find([]byte(c.text))
			for _, engine := range variants(t, c.patterns) {
				for padding := range 2*blockSize + 2 {
					checkPadded(t, engine, []byte(c.text), padding, want)
				}
			}
		})
	}
}

// checkPadded scans text with padding before and behind it.
func checkPadded(t testing.TB, engine *Engine, text []byte, padding int, want []match) {
	t.Helper()
	pad := bytes.Repeat([]byte{0xff}, padding)
	candidates, _ := engine.Scan(nil, slices.Concat(pad, text, pad), 0, true)
	found := matches(engine, candidates)
	for i := range found {
		found[i].start -= padding
		found[i].end -= padding
	}
	if !sameMatches(found, want) {
		t.Fatalf("%q behind %d bytes:\n got %v\nwant %v", text, padding, found, want)
	}
}

func TestSettled(t *testing.T) {
	digits := []Pattern{{Expression: `\d{3}-\d{4}`}, {Expression: `[A-Z]{2}\d{4}`}}
	for _, c := range []struct {
		name     string
		patterns []Pattern
		text     string
		want     int
	}{
		{"plain words", digits, "a plain word", 12},
		{"digits at the end", digits, "call 123", 5},
		{"digits that no pattern can hold", digits, "call 12345", 10},
		{"a match that a letter could undo", digits, "call 123-4567", 5},
		{"a match that ended", digits, "call 123-4567 ", 14},
		{"letters that digits could follow", digits, "go to AB", 6},
		{"a match that nothing could undo", []Pattern{{Expression: `\d\d;`}}, "12;", 3},
		{"a word that an @ could follow", []Pattern{{Expression: emailExpression}}, "mail jo.sm", 5},
		{"a word before a space", []Pattern{{Expression: emailExpression}}, "mail jo ", 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, settled := compile(t, c.patterns).Scan(nil, []byte(c.text), 0, false); settled != c.want {
				t.Errorf("settled is %d, want %d", settled, c.want)
			}
		})
	}
}

func TestCompileErrors(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		{`a(b`, "missing closing )"},
		{`a*`, "unbounded"},
		{`(ab)+`, "unbounded"},
		{`a{3,}`, "unbounded"},
		{`[é]{257}`, "514 bytes, at most 512"},
		{`^a`, "no meaning in a stream"},
		{`a$`, "no meaning in a stream"},
		{`(?m)a$`, "no meaning in a stream"},
		{``, "nothing but the empty text"},
		{`\b`, "nothing but the empty text"},
	} {
		_, err := Compile([]Pattern{{Expression: `fine`}, {Expression: c.expression}})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "pattern 1") {
			t.Errorf("%s: error %v, want one with %q and \"pattern 1\"", c.expression, err, c.want)
		}
	}
}
