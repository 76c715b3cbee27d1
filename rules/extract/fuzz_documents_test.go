package extract

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stanch/rules"
)

// fuzzLimit keeps one fuzzed body small: bytes that it may expand to.
const fuzzLimit = 4 << 20

// maxSeed bounds a seed from the corpus, in bytes: mutations of large files are slow and find little.
const maxSeed = 30_000

// fuzzDocument fuzzes the reader of a format with bodies that are sniffed or not: it must end without a panic, keep its cells
// in order, and expand no more than it may.
func fuzzDocument(f *testing.F, formats []rules.Format, seeds [][]byte) {
	for _, file := range seedFiles(f) {
		if slices.Contains(formats, Sniff(file.content[:min(len(file.content), SniffLength)], "", filepath.Base(file.Path))) && len(file.content) < maxSeed {
			seeds = append(seeds, file.content)
		}
	}
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, format := range formats {
			stops, length := 0, 0
			limits := Limits{Expanded: fuzzLimit, Entries: 1000, Stop: func() bool { stops++; return stops > 1<<20 }}
			emit := func(b *Batch) {
				last := 0
				for _, c := range b.Cells {
					if c.Start < last || c.End < c.Start || c.End > len(b.Text) || c.Column == nil {
						t.Fatalf("%s: cell %d:%d in a text of %d bytes", format, c.Start, c.End, len(b.Text))
					}
					last = c.End
				}
				length += len(b.Text)
			}
			document := NewDocument(format)
			if document == nil {
				t.Fatalf("%s has no document reader", format)
			}
			_, status, reason := document.Read(bytes.NewReader(body), int64(len(body)), Options{Limits: limits, Places: true}, emit)
			if reason == rules.Internal {
				t.Fatalf("%s: a panic was caught", format)
			}
			if (status == rules.Complete) != (reason == rules.NoReason) {
				t.Fatalf("%s: %s with reason %q", format, status, reason)
			}
			if reason == rules.Deadline {
				t.Fatalf("%s: does not end", format)
			}
		}
	})
}

// seedFiles is the corpus of real documents, empty when it is absent: every target has seeds of its own as well.
func seedFiles(f *testing.F) []corpusFile {
	if matches, _ := filepath.Glob(filepath.Join(corpusFolder, "manifest.jsonl")); len(matches) == 0 {
		return nil
	}
	return corpus(f)
}

func FuzzZIP(f *testing.F) {
	plain := rawEntry{name: "a.txt", content: hiddenText}
	fuzzDocument(f, []rules.Format{rules.ZIP}, [][]byte{
		rawZIP([]rawEntry{plain}, ""), rawZIP([]rawEntry{plain, plain}, "comment"),
		rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, zip64: true}, {name: "b", content: hiddenText, descriptor: 16}}, ""),
		rawZIP([]rawEntry{{name: "in.zip", content: string(rawZIP([]rawEntry{plain}, ""))}}, ""),
		rawZIP([]rawEntry{{name: "[Content_Types].xml", content: "wordprocessingml.document.main"}, {name: "word/document.xml",
			content: "<w:document><w:p><w:t>a</w:t></w:p><w:tbl><w:tr><w:tc><w:p>b</w:p></w:tc></w:tr></w:tbl></w:document>"}}, ""),
	})
}

func FuzzOLE(f *testing.F) {
	slide := powerPointRecord(pptContainer, 1000, powerPointRecord(0, pptTextBytes, []byte(hiddenText)))
	fuzzDocument(f, []rules.Format{rules.OLE}, [][]byte{
		wordOf(hiddenText, "Ümläut", 0), compoundOf(compoundPart{"", "PowerPoint Document", slide}),
		compoundOf(compoundPart{"", "__properties_version1.0", make([]byte, 64)}, compoundPart{"a", "__substg1.0_10090102", make([]byte, 64)}),
		compoundOf(compoundPart{"", quattroStream, quattroNotebook(4)}),
	})
}

func FuzzPDF(f *testing.F) {
	fuzzDocument(f, []rules.Format{rules.PDF}, [][]byte{
		pdfOf("BT /F1 12 Tf [(a) -100 (b)] TJ ET", ""),
		pdfOf("q 1 0 0 1 0 0 cm BI /W 1 ID x EI Q /X Do", "/Encoding<</Differences[1/a/d/at]>>"),
		pdfOf("", "", "<</Type/ObjStm/N 1/First 4/Length 9>>\nstream\n8 0 (abc)\nendstream", "<</Type/EmbeddedFile/Filter[/A85/LZW/RL/AHx]/Length 3>>\nstream\nabc\nendstream"),
	})
}

func FuzzRTF(f *testing.F) {
	fuzzDocument(f, []rules.Format{rules.RTF}, [][]byte{[]byte(`{\rtf1\ansi{\fonttbl{\f0\fcharset128 A;}}\f0\'82\'a0\u-4060?{\object{\*\objdata 504b0304}}}`)})
}

func FuzzMail(f *testing.F) {
	fuzzDocument(f, []rules.Format{rules.EMail, rules.MBox, rules.Multipart}, [][]byte{
		[]byte("From a\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: base64\n\nYWJj\n--b--\n\nFrom b\n\nx"),
		[]byte("--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3D\r\n--b\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbegin 600 a\r\n#86)C\r\nend\r\n--b--"),
	})
}

func FuzzArmored(f *testing.F) {
	fuzzDocument(f, []rules.Format{rules.Encoded}, [][]byte{
		[]byte("begin 644 a.txt\n#86)C\n`\nend\nmore\nbegin 644 b\n#86)C\n"),
		[]byte("=ybegin line=128 size=5 name=a.txt\r\n=ypart begin=1\r\n\x92\x8f\x96=}=\r\n=yend size=5\r\n"),
		[]byte("<~" + strings.Repeat("87cURD]i,\"Ebo80", 4) + "~>z"),
		[]byte(strings.Repeat("87cURD]i,\"Ebo80\n", 4)),
	})
}

func FuzzArchives(f *testing.F) {
	fuzzDocument(f, []rules.Format{rules.TAR, rules.GZIP, rules.BZIP2, rules.XZ, rules.ZSTD, rules.SevenZip, rules.RAR}, [][]byte{
		tarred(f, map[string]string{"a.txt": hiddenText}), compressed(f, rules.GZIP, hiddenText), compressed(f, rules.XZ, hiddenText),
		compressed(f, rules.ZSTD, hiddenText), []byte(bzipped),
		[]byte(rar5Magic + "\x00\x00\x00\x00\x0e\x02\x02\x1d\x00\x1d\x00\x00\x00\x05a.txt" + hiddenText),
		[]byte(rar4Magic + "\x00\x00\x74\x00\x80\x25\x00\x03\x00\x00\x00" + strings.Repeat("\x00", 30)),
	})
}

func FuzzOpaque(f *testing.F) {
	seeds := [][]byte{
		[]byte("\x00\x00\x02\x00\x06\x04\x0f\x00\x0a\x00\xff\x00\x00\x00\x00'abc\x00\x00\x01\x00\x00\x00"),
		[]byte("\x00\x00\x1a\x00\x05\x10" + strings.Repeat("\x00", 24) + "\x25\x00\x08\x00\x00\x00\x00\x00\x40\x00\x00\x00\x01\x00\x00\x00"),
		[]byte("\x00\x00\x02\x00\x02\x10\x0e\x00\x0e\x00\x02\x00\x02\x00c\x00\x00\x00\x00\x00 [\xe4@\x01\x00\x00\x00"),
		append([]byte("\x89PNG\r\n\x1A\n"), rawZIP([]rawEntry{{name: "a", content: hiddenText}}, "")...),
	}
	for _, picture := range pictures(f) {
		seeds = append(seeds, append(picture, hiddenText...))
	}
	fuzzDocument(f, []rules.Format{rules.Binary, rules.Image}, seeds)
}

func FuzzSQLite(f *testing.F) {
	fuzzDocument(f, []rules.Format{rules.SQLite}, [][]byte{sqliteFixture()})
}

func FuzzInflate64(f *testing.F) {
	var w bitWriter
	w.write(1, 1)
	w.write(1, 2)
	w.literal('a')
	w.match(65_538, 1)
	w.literal(256)
	w.flush()
	for _, seed := range [][]byte{w.out, {0x01, 0x00, 0x00, 0xff, 0xff}, deflated(f, hiddenText)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		n, _ := io.Copy(io.Discard, io.LimitReader(newInflate64(bytes.NewReader(body)), fuzzLimit))
		if n > fuzzLimit {
			t.Fatal("more than asked for")
		}
	})
}
