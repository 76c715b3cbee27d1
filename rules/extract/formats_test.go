package extract

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"stanch/rules"
)

// compressed returns content in one of the stream formats.
func compressed(t testing.TB, format rules.Format, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	var err error
	switch format {
	case rules.GZIP:
		w = gzip.NewWriter(&out)
	case rules.XZ:
		w, err = xz.NewWriter(&out)
	case rules.ZSTD:
		w, err = zstd.NewWriter(&out)
	}
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, content)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bzipped is "the secret of ada@example.org" by bzip2 -9.
const bzipped = "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xd7\x87\x52\xed\x00\x00\x0d\x95\x80\x40\x01\x40\x00\x2f\xc6\xdc\x40\x20\x00\x31\x4d\x32\x31\x31\x31\x0a\x0d\x0f\x51\x90\xf2\x99\x22\x58\x17\x4c\xcf\x09\x41\xab\xa0\xfd\x44\x37\x15\x3e\x2e\xe4\x8a\x70\xa1\x21\xaf\x0e\xa5\xda"

func tarred(t testing.TB, members map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for name, content := range members {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, content)
	}
	w.Close()
	return out.Bytes()
}

// pdfOf makes a file of one page with the given content stream.
func pdfOf(content, fontEntries string, objects ...string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n")
	out.WriteString("3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n")
	fmt.Fprintf(&out, "4 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(content), content)
	fmt.Fprintf(&out, "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica%s>>\nendobj\n", fontEntries)
	for i, o := range objects {
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", 6+i, o)
	}
	out.WriteString("trailer\n<</Root 1 0 R/Size 9>>\nstartxref\n0\n%%EOF\n")
	return out.Bytes()
}

// glyphByGlyph draws each character of a text on its own, in the given order.
func glyphByGlyph(text string, backwards bool) string {
	var out strings.Builder
	out.WriteString("BT /F1 10 Tf\n")
	x, at := 72.0, make([]float64, len(text))
	for i, c := range []byte(text) {
		at[i] = x
		x += float64(helveticaWidths[c-' ']) / 100
	}
	for i := range text {
		if backwards {
			i = len(text) - 1 - i
		}
		fmt.Fprintf(&out, "1 0 0 1 %.2f 700 Tm (%c) Tj\n", at[i], text[i])
	}
	out.WriteString("ET")
	return out.String()
}

// TestFormats reads one body of every format and shape, all of them with the same text in it.
func TestFormats(t *testing.T) {
	mail := "From: Ada <ada@example.org>\r\nSubject: =?utf-8?Q?caf=C3=A9?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\npreamble\r\n"
	base64Part := "--b\r\nContent-Type: application/octet-stream; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	encoded := base64.StdEncoding.EncodeToString(rawZIP([]rawEntry{{name: "a.txt", content: hiddenText}}, ""))
	nested := "Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
	for i := range 6 {
		nested += fmt.Sprintf("--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
	}
	toUnicode := "<</Length 200>>\nstream\n1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <41> <5A> <0061> endbfrange\nendstream"
	cases := []struct {
		name, file string
		body       []byte
		format     rules.Format
		status     rules.Status
		reason     rules.Reason
		text       string
	}{
		{"gzip", "a.txt.gz", compressed(t, rules.GZIP, hiddenText), rules.GZIP, rules.Complete, rules.NoReason, hiddenText},
		{"two gzip members", "a.gz", append(compressed(t, rules.GZIP, "the secret of "), compressed(t, rules.GZIP, "ada@example.org")...), rules.GZIP, rules.Complete, rules.NoReason, hiddenText},
		{"gzip with a tail", "a.gz", append(compressed(t, rules.GZIP, hiddenText), "something else"...), rules.GZIP, rules.Partial, rules.Corrupt, hiddenText},
		{"gzip cut off", "a.gz", compressed(t, rules.GZIP, hiddenText)[:30], rules.GZIP, rules.Partial, rules.Corrupt, ""},
		{"bzip2", "a.bz2", []byte(bzipped), rules.BZIP2, rules.Complete, rules.NoReason, hiddenText},
		{"xz", "a.xz", compressed(t, rules.XZ, hiddenText), rules.XZ, rules.Complete, rules.NoReason, hiddenText},
		{"two xz streams", "a.xz", append(compressed(t, rules.XZ, "the secret of "), compressed(t, rules.XZ, "ada@example.org")...), rules.XZ, rules.Complete, rules.NoReason, hiddenText},
		{"zstd", "a.zst", compressed(t, rules.ZSTD, hiddenText), rules.ZSTD, rules.Complete, rules.NoReason, hiddenText},
		{"tar", "a.tar", tarred(t, map[string]string{"a.txt": hiddenText}), rules.TAR, rules.Complete, rules.NoReason, hiddenText},
		{"tar in gzip", "a.tgz", compressed(t, rules.GZIP, string(tarred(t, map[string]string{"a.txt": hiddenText}))), rules.GZIP, rules.Complete, rules.NoReason, hiddenText},
		{"tar cut off", "a.tar", tarred(t, map[string]string{"a.txt": hiddenText})[:520], rules.TAR, rules.Partial, rules.Corrupt, ""},
		{"RTF", "a.rtf", []byte(`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\stylesheet hidden}the {\b sec}ret of ada\'40example.org\par}`), rules.RTF, rules.Complete, rules.NoReason, hiddenText},
		{"RTF in Cyrillic", "a.rtf", []byte(`{\rtf1\ansi\ansicpg1251 \'c0\'e4\'e0 \u1040?\u1076?\u1072?}`), rules.RTF, rules.Complete, rules.NoReason, "Ада Ада"},
		{"RTF with an object", "a.rtf", []byte(`{\rtf1{\object{\*\objdata ` + hex.EncodeToString(rawZIP([]rawEntry{{name: "a.txt", content: hiddenText}}, "")) + `}}}`), rules.RTF, rules.Complete, rules.NoReason, hiddenText},
		{"RTF too deep", "a.rtf", []byte(`{\rtf1 ` + hiddenText + strings.Repeat("{", 2*maxRTFGroups)), rules.RTF, rules.Partial, rules.TooDeep, hiddenText},
		{"mail, quoted", "a.eml", []byte(mail + "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nthe secret of ada=40exam=\r\nple.org\r\n--b--\r\n"), rules.EMail, rules.Complete, rules.NoReason, hiddenText},
		{"mail, archive attached", "a.eml", []byte(mail + base64Part + encoded + "\r\n--b--\r\nepilogue"), rules.EMail, rules.Complete, rules.NoReason, hiddenText},
		{"mail, header in another charset", "a.eml", []byte(mail + "--b--\r\n"), rules.EMail, rules.Complete, rules.NoReason, "café"},
		{"mail, text behind the end", "a.eml", []byte(mail + "--b--\r\n" + hiddenText), rules.EMail, rules.Complete, rules.NoReason, hiddenText},
		{"mail, parts too deep", "a.eml", []byte("From: a@example.org\r\n" + nested + "\r\n" + hiddenText), rules.EMail, rules.Partial, rules.TooDeep, hiddenText},
		{"mailbox", "a.mbox", []byte("From a@example.org Mon Jan  1 00:00:00 2024\nSubject: x\n\nfirst\n\nFrom b@example.org Mon Jan  1 00:00:00 2024\nSubject: y\n\n" + hiddenText + "\n"), rules.MBox, rules.Complete, rules.NoReason, hiddenText},
		{"PDF", "a.pdf", pdfOf("BT /F1 12 Tf 72 700 Td (the secret of ada@example.org) Tj ET", ""), rules.PDF, rules.Complete, rules.NoReason, hiddenText},
		{"PDF, kerned", "a.pdf", pdfOf("BT /F1 12 Tf 72 700 Td [(the s) 20 (ecret of ada@) -10 (example.org)] TJ ET", ""), rules.PDF, rules.Complete, rules.NoReason, hiddenText},
		{"PDF, glyph by glyph", "a.pdf", pdfOf(glyphByGlyph("ada@example.org", false), ""), rules.PDF, rules.Complete, rules.NoReason, "ada@example.org"},
		{"PDF, drawn backwards", "a.pdf", pdfOf(glyphByGlyph("ada@example.org", true), ""), rules.PDF, rules.Complete, rules.NoReason, "ada@example.org"},
		{"PDF, differences", "a.pdf", pdfOf("BT /F1 12 Tf (\001\002\001\003) Tj ET", "/Encoding<</Differences[1/a/d/at]>>"), rules.PDF, rules.Complete, rules.NoReason, "ada@"},
		{"PDF, ToUnicode", "a.pdf", pdfOf("BT /F1 12 Tf (ADA) Tj ET", "/ToUnicode 6 0 R", toUnicode), rules.PDF, rules.Complete, rules.NoReason, "ada"},
		{"PDF, codes without characters", "a.pdf", bytes.Replace(pdfOf("BT /F1 12 Tf <00010002> Tj ET", "/Encoding/Identity-H"), []byte("/Type1"), []byte("/Type0"), 1), rules.PDF, rules.Partial, rules.UnknownCharset, ""},
		{"PDF, hexadecimal and ASCII85", "a.pdf", pdfOf("", "", "<</Type/Annot/Contents(the secret of ada@example.org)>>"), rules.PDF, rules.Complete, rules.NoReason, hiddenText},
		{"PDF, attachment", "a.pdf", pdfOf("", "", fmt.Sprintf("<</Type/EmbeddedFile/Length %d>>\nstream\n%s\nendstream", len(hiddenText), hiddenText)), rules.PDF, rules.Complete, rules.NoReason, hiddenText},
		{"PDF, unknown filter", "a.pdf", pdfOf("", "", "<</Type/EmbeddedFile/Filter/Secret/Length 3>>\nstream\nabc\nendstream"), rules.PDF, rules.Partial, rules.UnknownCoding, ""},
		{"PDF that needs a password", "a.pdf", append(pdfOf("", "", "<</Filter/Standard/V 1/R 2/O("+strings.Repeat("o", 32)+")/U("+strings.Repeat("u", 32)+")/P -4>>"), "trailer\n<</Root 1 0 R/Encrypt 6 0 R>>\n"...), rules.PDF, rules.Unscannable, rules.Encrypted, ""},
		{"7z with an encrypted header", "a.7z", []byte("7z\xBC\xAF\x27\x1C\x00\x04" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x08\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00" + "\x17\x06\x24\x06\xf1\x07\x01\x00"), rules.SevenZip, rules.Unscannable, rules.Encrypted, ""},
		{"RAR 5 with encrypted headers", "a.rar", []byte(rar5Magic + "\x00\x00\x00\x00\x04\x04\x00\x00\x00"), rules.RAR, rules.Unscannable, rules.Encrypted, ""},
		{"RAR 5, stored", "a.rar", []byte(rar5Magic + "\x00\x00\x00\x00\x0e\x02\x02\x1d\x00\x1d\x00\x00\x00\x05a.txt" + hiddenText), rules.RAR, rules.Complete, rules.NoReason, hiddenText},
		{"unknown binary", "a.bin", []byte("\x00\x01\x02\x03" + hiddenText + "\x00\xff"), rules.Binary, rules.Unscannable, rules.UnknownFormat, hiddenText},
		{"unknown binary, UTF-16", "a.bin", []byte("\x01\x02\x00\x00\x03\xff\xfe\x03" + strings.Join(strings.Split(hiddenText, ""), "\x00") + "\x00\x00\xff"), rules.Binary, rules.Unscannable, rules.UnknownFormat, hiddenText},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := readBody(t, c.body, c.file, Limits{})
			if r.format != c.format || r.status != c.status || r.reason != c.reason {
				t.Errorf("read as %s %s %s, want %s %s %s", r.format, r.status, r.reason, c.format, c.status, c.reason)
			}
			if !bytes.Contains(r.text, []byte(c.text)) {
				t.Errorf("the text lacks %q: %q", c.text, r.text)
			}
		})
	}
}
