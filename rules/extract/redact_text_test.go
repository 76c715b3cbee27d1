package extract

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"stanch/rules"
)

const wordHead = `<?xml version="1.0" encoding="UTF-8"?><w:%s xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">`

// wordPart is a part of a text document around a body.
func wordPart(root, body string) string {
	return strings.Replace(wordHead, "%s", root, 1) + body + "</w:" + root + ">"
}

const wordTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`

const redactParagraphs = `<w:body><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">Write to jane.</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>doe@exam</w:t></w:r><w:r><w:t>ple.org &amp; wait</w:t></w:r></w:p>` +
	`<w:p><w:r><w:t>kept</w:t><w:tab/><w:t>9434765919</w:t></w:r><!--jane.doe@example.org--></w:p>` +
	`<w:p><w:fldSimple w:instr="HYPERLINK &quot;mailto:jane.doe@example.org&quot;"><w:r><w:t><![CDATA[jane.doe@example.org]]></w:t></w:r></w:fldSimple></w:p>` +
	`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Mail</w:t></w:r></w:p></w:tc></w:tr>` +
	`<w:tr><w:tc><w:p><w:r><w:t>Jane</w:t></w:r></w:p></w:tc><w:tc><w:p><w:ins w:author="jane.doe@example.org"><w:r><w:t>jane</w:t></w:r></w:ins><w:r><w:t>.doe@example.org</w:t></w:r></w:p></w:tc></w:tr></w:tbl>` +
	`<w:p><w:r><w:t>last words</w:t></w:r></w:p></w:body>`

func redactDocument(t testing.TB, more ...[2]string) []byte {
	paragraph := `<w:p><w:r><w:t>jane.doe@</w:t></w:r><w:r><w:t>example.org</w:t></w:r></w:p>`
	members := []member{
		{"[Content_Types].xml", wordTypes},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", wordPart("document", redactParagraphs)},
		{"word/header1.xml", wordPart("hdr", paragraph)},
		{"word/footnotes.xml", wordPart("footnotes", `<w:footnote w:id="2">`+paragraph+`</w:footnote>`)},
		{"word/comments.xml", wordPart("comments", `<w:comment w:id="1" w:author="jane.doe@example.org">`+paragraph+`</w:comment>`)},
		{"word/styles.xml", wordPart("styles", "")},
		{"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="mailto:jane.doe@example.org" TargetMode="External"/></Relationships>`},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>jane.doe@example.org</dc:creator></cp:coreProperties>`},
	}
	for _, m := range more {
		members = append(members, member{m[0], m[1]})
	}
	return zipOf(t, members...)
}

func TestRedactDOCX(t *testing.T) {
	_, parts := redactedParts(t, redactDocument(t), rules.DOCX)
	for name, text := range parts {
		for _, s := range []string{"jane.", "doe@", "example.org", secretNumber} {
			if strings.Contains(text, s) {
				t.Errorf("%s still holds %s: %s", name, s, text)
			}
		}
	}
	body := parts["word/document.xml"]
	for _, want := range []string{
		`<w:t xml:space="preserve">Write to *****</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>********</w:t></w:r><w:r><w:t>******* &amp; wait</w:t>`,
		`<w:t>kept</w:t><w:tab/><w:t>**********</w:t></w:r></w:p>`,
		`<w:t>****</w:t></w:r></w:ins><w:r><w:t>****************</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>last words</w:t>`,
		`w:instr="HYPERLINK &quot;mailto:********************&quot;"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the body has no %s: %s", want, body)
		}
	}
	if parts["word/styles.xml"] != wordPart("styles", "") {
		t.Error("a part changed that had nothing to redact")
	}
}

// TestRedactDOCXToOtherLengths: what replaces a value that is split over runs stands in the first of them.
func TestRedactDOCXToOtherLengths(t *testing.T) {
	file := redactDocument(t)
	for replacement, want := range map[string]string{
		"":                               `Write to </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t></w:t></w:r><w:r><w:t> &amp; wait</w:t>`,
		"[an e-mail]":                    `Write to [an e-mail]</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t></w:t></w:r><w:r><w:t> &amp; wait</w:t>`,
		"<a replacement that is longer>": `Write to &lt;a replacement that is longer&gt;</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t></w:t></w:r><w:r><w:t> &amp; wait</w:t>`,
	} {
		var out bytes.Buffer
		err := Redact(&out, bytes.NewReader(file), int64(len(file)), rules.DOCX, Options{}, func(text []byte, _ *Cell) ([]byte, bool) {
			return bytes.ReplaceAll(text, []byte(secret), []byte(replacement)), bytes.Contains(text, []byte(secret))
		})
		if err != nil {
			t.Fatal(err)
		}
		z, err := openZipParts(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		r, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := text.ReadFrom(r); err != nil || !strings.Contains(text.String(), want) {
			t.Errorf("%q: %v, %s", replacement, err, text.String())
		}
	}
}

// TestRedactAsksInTheOrderOfReading: Redact asks about the cells that Read emits, and about no others.
func TestRedactAsksInTheOrderOfReading(t *testing.T) {
	files := map[string]corpusFile{"made": {content: redactDocument(t), Path: "made.docx"}}
	if !t.Run("corpus", func(t *testing.T) {
		for _, f := range corpus(t) {
			files[f.Path] = f
		}
	}) {
		return
	}
	asked := 0
	for _, f := range files {
		r := readBody(t, f.content, f.Path, Limits{})
		if r.format != rules.DOCX || r.status != rules.Complete {
			continue
		}
		var want, got []string
		for _, c := range r.cells {
			want = append(want, string(r.text[c.Start:c.End]))
		}
		var out bytes.Buffer
		err := Redact(&out, bytes.NewReader(f.content), int64(len(f.content)), rules.DOCX, Options{}, func(text []byte, _ *Cell) ([]byte, bool) {
			got = append(got, string(text))
			return bytes.Repeat([]byte("*"), len(text)), true
		})
		if err != nil {
			t.Errorf("%s: %v", f.Path, err)
			continue
		}
		if len(got) > len(want) || !slices.Equal(got, want[:len(got)]) {
			t.Errorf("%s: asked about %d cells, read %d", f.Path, len(got), len(want))
		}
		asked += len(got)
	}
	if asked == 0 {
		t.Error("no cell was asked about")
	}
}
