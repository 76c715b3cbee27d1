package extract

import (
	"bytes"
	"encoding/ascii85"
	"strings"
	"testing"

	"stanch/rules"
)

// writtenCases are texts in ways to write that nobody names, and texts that only look so.
func writtenCases() []struct{ name, body, text string } {
	quoted := strings.Repeat("jo=40x.org, =39=34=33 Zo=C3=AB=\r\n!\n", 5)
	seven := strings.Repeat("jo+AEA-x.org +ADkANAAz- +44 1+1\n", 4)
	return []struct{ name, body, text string }{
		{"quoted-printable", quoted, strings.Repeat("jo@x.org, 943 Zoë!\n", 5)},
		{"quoted-printable, torn", quoted + "=C3=A9=E2=82 =4", strings.Repeat("jo@x.org, 943 Zoë!\n", 5) + "éâ‚ =4"},
		{"quoted-printable, and a long number", quoted + "card=4012888888881881", strings.Repeat("jo@x.org, 943 Zoë!\n", 5) + "card=4012888888881881"},
		{"assignments", strings.Repeat("width=40px height=35 id=12 x=y\n", 9), strings.Repeat("width=40px height=35 id=12 x=y\n", 9)},
		{"parameters", strings.Repeat("/list?size=40&page=30&mail=40a%40x.org ", 9), strings.Repeat("/list?size=40&page=30&mail=40a@x.org ", 9)},
		{"UTF-7", seven, strings.Repeat("jo@x.org 943 +44 1+1\n", 4)},
		{"UTF-7, torn", seven + "+ADkANA", strings.Repeat("jo@x.org 943 +44 1+1\n", 4) + "+ADkANA"},
		{"phone numbers", strings.Repeat("+447700900123- +44-7700-900123 +AB-\n", 5), strings.Repeat("+447700900123- +44-7700-900123 +AB-\n", 5)},
	}
}

func TestUndeclaredWriting(t *testing.T) {
	for _, c := range writtenCases() {
		for _, step := range []int{1, 2, 3, 7, 64, len(c.body) + 1} {
			reader := NewReader(rules.Text, Options{Head: []byte(c.body[:min(len(c.body), SniffLength)])})
			if got := readFlat(t, reader, []byte(c.body), 0, step); string(got.text) != c.text {
				t.Errorf("%s in steps of %d:\n%q, want\n%q", c.name, step, got.text, c.text)
			}
		}
	}
}

// What stands for another file is told by how it begins; texts that speak of it are not.
func TestSniffArmored(t *testing.T) {
	long := strings.Repeat("Please write to ann@example.org. ", 9)
	coded := make([]byte, ascii85.MaxEncodedLen(len(long)))
	coded = coded[:ascii85.Encode(coded, []byte(long))]
	for _, c := range []struct {
		body string
		want bool
	}{
		{"begin 644 a.txt\n#86)C\n`\nend\n", true}, {"\r\nbegin 0755 a\r\n#86)C\r\n", true}, {"begin 644 a\n", false}, {"begin 644 a\nsee below\n", false},
		{"begin 9 to 5\n#86)C\n", false}, {"Begin 644 a\n#86)C\n", false}, {"=ybegin line=128 size=3 name=a\r\n\x8b\x8c\x8d\r\n", true}, {"=ybegin\n", false},
		{string(coded), true}, {"<~" + string(coded) + "~>", true}, {"<~" + string(coded[:30]) + "~>", false}, {strings.Repeat("0123456789", 30), false},
		{"<html>" + string(coded), false}, {"", false}, {long, false},
	} {
		if got := isArmored([]byte(c.body)); got != c.want {
			t.Errorf("%.60q: %v", c.body, got)
		}
	}
}

// Each file that is written into a text is read as what it is, and so is what stands behind the last one.
func TestReadArmored(t *testing.T) {
	zipped := rawZIP([]rawEntry{{name: "a.txt", content: hiddenText}}, "")
	long := strings.Repeat(hiddenText, 3)
	coded := make([]byte, ascii85.MaxEncodedLen(len(long)))
	coded = coded[:ascii85.Encode(coded, []byte(long))]
	var y bytes.Buffer
	y.WriteString("=ybegin line=128 size=1 name=a.zip\r\n")
	for _, b := range zipped {
		if b += yencShift; b == 0 || b == '\n' || b == '\r' || b == '=' {
			y.WriteByte('=')
			b += yencEscaped
		}
		y.WriteByte(b)
	}
	y.WriteString("\r\n=yend size=1\r\n")
	for name, body := range map[string]string{
		"yEnc of a ZIP":        y.String(),
		"Ascii85":              "<~" + string(coded) + "~>",
		"behind the end":       "begin 644 a\n#86)C\n`\nend\n" + hiddenText,
		"a file behind a file": "begin 644 a\n#86)C\n`\nend\n" + y.String(),
	} {
		var all []byte
		_, status, reason := NewDocument(rules.Encoded).Read(strings.NewReader(body), int64(len(body)), Options{}, func(b *Batch) { all = append(all, b.Text...) })
		if !bytes.Contains(all, []byte(hiddenText)) || status != rules.Complete {
			t.Errorf("%s: %v, %v, %q", name, status, reason, all)
		}
	}
}
