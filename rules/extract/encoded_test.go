package extract

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"unicode"

	"stanch/rules"
	"stanch/rules/extract/bitmap"
	bodies "stanch/rules/match/corpus"
)

// runsOf is what the runs in a text decode to, when the text comes in steps.
func runsOf(text []byte, step int) []string {
	var search EncodedSearch
	var runs []string
	for end := 0; ; end += step {
		final := end >= len(text)
		for run, found := search.Next(text[:min(end, len(text))], final); found; run, found = search.Next(text[:min(end, len(text))], final) {
			decoded := string(run.Decode(nil, text))
			if !run.First {
				decoded = runs[len(runs)-1] + decoded
				runs = runs[:len(runs)-1]
			}
			runs = append(runs, decoded)
		}
		if final {
			return runs
		}
	}
}

func encodedCases() []struct {
	name, text string
	want       []string
} {
	plain := "Please write to ann@example.org, or to bob@example.org."
	long := strings.Repeat(plain, 2000)
	standard := base64.StdEncoding.EncodeToString([]byte(plain))
	unpadded := base64.RawURLEncoding.EncodeToString([]byte(plain + "???>>>"))
	var wrapped strings.Builder
	for i, c := range base64.StdEncoding.EncodeToString([]byte(long)) {
		if i > 0 && i%64 == 0 {
			wrapped.WriteString("\r\n")
		}
		wrapped.WriteRune(c)
	}
	return []struct {
		name, text string
		want       []string
	}{
		{"alone", standard, []string{plain}},
		{"quoted", `{"a":"` + standard + `","b":"` + unpadded + `"}`, []string{plain, plain + "???>>>"}},
		{"behind a path", "/files/" + standard + " ", []string{plain}},
		{"behind words", "see " + standard + ", " + standard + ".", []string{plain, plain}},
		{"long", base64.StdEncoding.EncodeToString([]byte(long)), []string{long}},
		{"wrapped", "-----\n" + wrapped.String() + "\n-----", []string{long}},
		{"lines that are short", standard[:40] + "\nx", []string{plain[:30]}},
		{"hexadecimal", "x='" + hex.EncodeToString([]byte(plain)) + "'", []string{plain}},
		{"hexadecimal of UTF-16", "x='" + hex.EncodeToString([]byte(wide(plain, 2, false))) + "'", []string{wide(plain, 2, false)}},
		{"base64 of UTF-16", "x='" + base64.StdEncoding.EncodeToString([]byte(wide(plain, 2, true))) + "'", []string{wide(plain, 2, true)}},
		{"a hash", "da39a3ee5e6b4b0d3255bfef95601890afd80709 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", nil},
		{"a picture", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", nil},
		{"behind a number", strings.Repeat("123-4567-", 20) + standard + " " + strings.Repeat("0-", 25) + standard, []string{plain, plain}},
		{"hexadecimal of figures", strings.Repeat("12-", 30) + hex.EncodeToString([]byte("0123456789 0123456789")), []string{"0123456789 0123456789"}},
		{"words", "getElementsByTagNameAndClassName internationalizationOfEverything thequickbrownfoxjumpsoverthelazydog", nil},
		{"nothing", "", nil},
	}
}

func TestEncodedSearch(t *testing.T) {
	cases := encodedCases()
	for _, c := range cases {
		for _, step := range []int{1, 2, 3, 7, 24, 25, 63, 1000, len(c.text) + 1} {
			if step < 7 && len(c.text) > 10_000 {
				continue // the text is presented anew for each step
			}
			if got := runsOf([]byte(c.text), step); !slices.Equal(got, c.want) {
				t.Errorf("%s in steps of %d: %.200q, want %.200q", c.name, step, got, c.want)
			}
		}
	}
}

// Only what decodes to text or to a known format is decoded: pages, scripts and logs hold no such runs, or hardly any.
func TestCleanTextHoldsHardlyAnyRuns(t *testing.T) {
	for _, text := range bodies.All() {
		size := 0
		for _, run := range runsOf(text.Bytes, len(text.Bytes)) {
			size += len(run)
		}
		if size > len(text.Bytes)/100 {
			t.Errorf("%s: %d bytes of %d were decoded", text.Name, size, len(text.Bytes))
		}
	}
}

// FuzzEncodedSearch wants the same runs however the text comes, in order and without overlap.
func FuzzEncodedSearch(f *testing.F) {
	const longest = 1 << 12 // longer texts only repeat
	seeds := 0
	for _, c := range encodedCases() {
		if len(c.text) < longest {
			f.Add([]byte(c.text), uint8(5))
			seeds++
		}
	}
	if seeds == 0 {
		f.Fatal("no seeds")
	}
	f.Fuzz(func(t *testing.T, text []byte, step uint8) {
		text = text[:min(len(text), longest)]
		whole := runsOf(text, len(text)+1)
		if got := runsOf(text, int(step)+1); !slices.Equal(got, whole) {
			t.Fatalf("in steps of %d: %q, whole: %q", int(step)+1, got, whole)
		}
		var search EncodedSearch
		end := 0
		for run, found := search.Next(text, true); found; run, found = search.Next(text, true) {
			if run.Start < end || run.End <= run.Start || run.End > len(text) {
				t.Fatalf("[%d,%d) behind %d", run.Start, run.End, end)
			}
			end = run.End
		}
	})
}

// TestDecodesWellIsWhatItsDefinitionSays compares with a look at all that the first digits stand for, for what is random, text, and both.
func TestDecodesWellIsWhatItsDefinitionSays(t *testing.T) {
	definition := func(digits []byte, alphabet *alphabet) bool {
		if bytes.ContainsFunc(digits, func(r rune) bool { return alphabet.values[r] < 0 }) {
			return false
		}
		if alphabet.width != 4 && !bytes.ContainsFunc(digits, unicode.IsLetter) {
			return false
		}
		signs := bytes.Count(digits, []byte("+")) + bytes.Count(digits, []byte("/")) + bytes.Count(digits, []byte("-")) + bytes.Count(digits, []byte("_"))
		head := decodeDigits(nil, digits, alphabet)
		known := []rules.Format{rules.ZIP, rules.OLE, rules.GZIP, rules.BZIP2, rules.XZ, rules.ZSTD, rules.SevenZip, rules.RAR, rules.SQLite, rules.Parquet, rules.PDF}
		if alphabet.width != 5 && !wellBegun[head[0]] && slices.ContainsFunc(head, func(b byte) bool { return neverWell[b] }) {
			return false
		}
		return signs <= mostSigns && (beginsAsText(head) || slices.Contains(known, sniffMagic(head)) || sniffEncoding(head) != "")
	}
	r := rand.New(rand.NewSource(7))
	plain := strings.Repeat("Ann Óbrien, +44 7700 900123: \u0431\u0437? ", 3)
	magics := []string{"", "PK\x03\x04", "%PDF-1.7", "\x1f\x8b\x08", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "\xff\xfe", "\xfe\xff", "Rar!\x1a\x07", "\x00\x00\xfe\xff"}
	cases, well := 0, 0
	for range 3000 {
		random := make([]byte, 2*leastEncoded)
		r.Read(random)
		from := r.Intn(30)
		for _, body := range []string{string(random), plain[from:], wide(plain[from:], 2, false), wide(plain[from:], 2, true), wide(plain[from:], 4, false), wide(plain[from:], 4, true)} {
			body = magics[r.Intn(len(magics))] + body[:r.Intn(len(body))] + string(random)
			for _, text := range []string{hex.EncodeToString([]byte(body)), base32.StdEncoding.EncodeToString([]byte(body)), base64.URLEncoding.EncodeToString([]byte(body)),
				hex.EncodeToString(random), base64.StdEncoding.EncodeToString(random)} {
				digits := []byte(text[:leastEncoded])
				var kinds [1]bitmap.Block
				runTable.Fill(kinds[:0], []byte(text[:bitmap.BlockSize]))
				for i := range alphabets {
					cases++
					want := definition(digits, &alphabets[i])
					if got := decodesWell(digits, &kinds[0], &alphabets[i]); got != want {
						t.Fatalf("%s in digits of %d bits: %v, want %v", digits, alphabets[i].width, got, want)
					}
					if want {
						well++
					}
				}
			}
		}
	}
	if well < cases/100 {
		t.Fatalf("%d of %d decode well", well, cases)
	}
}

// TestNextDigitsIsWhatItSays compares with a search byte by byte, for a run of each length at each place of what is classified at a time.
func TestNextDigitsIsWhatItSays(t *testing.T) {
	slow := func(text []byte, i int) int {
		for start := i; start+leastEncoded <= len(text); start++ {
			if bytes.IndexFunc(text[start:start+leastEncoded], func(r rune) bool { return r > 0xFF || digitKinds[byte(r)] == noDigit }) < 0 {
				return start
			}
		}
		return max(i, len(text)-leastEncoded+1)
	}
	cases := 0
	for _, length := range []int{1, 8, 38, 39, 40, 41, 63, 64, 65, 104, 1100} {
		for at := range 140 {
			for _, offset := range []int{0, 960} {
				text := bytes.Repeat([]byte("<b> "), 700)
				copy(text[offset+at:], strings.Repeat("aB3_", 300)[:length])
				for _, from := range []int{0, 1, offset + at + 1} {
					cases++
					if got, want := nextDigits(text, from), slow(text, from); got != want {
						t.Fatalf("%d digits at %d, from %d: %d, want %d", length, offset+at, from, got, want)
					}
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}

// BenchmarkEncodedSearch is what the search costs in text that holds nothing encoded, to be compared with a whole inspection, and
// in text that is one picture.
func BenchmarkEncodedSearch(b *testing.B) {
	texts := map[string][]byte{"picture": []byte("data:image/png;base64,iVBORw0KGgo" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("\x89\xfb\x02 picture"), 50_000)))}
	for _, text := range bodies.All() {
		texts[text.Name] = text.Bytes
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				var search EncodedSearch
				for _, found := search.Next(text, true); found; _, found = search.Next(text, true) {
				}
			}
		})
	}
}
