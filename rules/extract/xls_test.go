package extract

import (
	"bytes"
	"crypto/md5"
	"io"
	"slices"
	"testing"
	"time"

	"stanch/rules"
)

func readXLSBytes(t testing.TB, body []byte) (*readAll, rules.Status, rules.Reason) {
	t.Helper()
	all := &readAll{t: t}
	_, status, reason := readXLS(bytes.NewReader(body), int64(len(body)), testOptions(), all.emit)
	return all, status, reason
}

func TestXLSShared(t *testing.T) {
	for _, d := range sharedDocuments(t, "xls-biff8", "xls-biff5", "xls-biff5/8", "xls-biff3-stream", "xls-?") {
		start := time.Now()
		all, status, reason := readXLSBytes(t, d.body)
		t.Logf("%s: %v %v, %d cells (%v), %v", d.Path, status, reason, all.cells, d.Flags, time.Since(start).Round(time.Millisecond))
		if (len(d.Flags) == 0 || len(d.Flags) == 1 && hasFlag(d, "macros")) && status != rules.Complete {
			t.Errorf("%s: %v because %v", d.Path, status, reason)
		}
		if hasFlag(d, "encrypted") && reason != rules.Encrypted {
			t.Errorf("%s: %v because %v, want encrypted", d.Path, status, reason)
		}
	}
}

func TestXLSPasswords(t *testing.T) {
	passwords := map[string]string{"files/sheetjs_password_2002_40_basecrypto.xls": "password", "files/sheetjs_password_2002_40_dss.xls": "password",
		"files/sheetjs_password_2002_40_xor.xls": "password", "files/poi_35897-type4.xls": "freedom"}
	opened := 0
	for _, d := range sharedDocuments(t, "xls-biff8") {
		password := passwords[d.Path]
		if password == "" {
			continue
		}
		opened++
		all := &readAll{t: t}
		x := newXLSReader(&reading{options: testOptions(), emit: all.emit})
		x.password = password
		if _, status, reason := x.read(bytes.NewReader(d.body), int64(len(d.body))); status != rules.Complete || all.cells == 0 {
			t.Errorf("%s: %v because %v, %d cells", d.Path, status, reason, all.cells)
		}
		t.Logf("%s: %.300q", d.Path, all.text.String())
	}
	if opened != len(passwords) {
		t.Errorf("%d of %d encrypted files are there", opened, len(passwords))
	}
}

func TestPackagePasswords(t *testing.T) {
	passwords := map[string]string{"files/poi_60320-protected.xlsx": "Test001!!", "files/poi_protected_passtika.xlsx": "tika",
		"files/tika_testEXCEL_protected_passtika_2.xlsx": "tika", "files/poi_bug53475-password-is-solrcell.docx": "solrcell"}
	for _, d := range sharedDocuments(t, "encrypted-ooxml") {
		container, err := openCompound(bytes.NewReader(d.body), int64(len(d.body)))
		if err != nil || container.find(0, "EncryptionInfo") == nil || container.find(0, "EncryptedPackage") == nil {
			t.Errorf("%s: no encrypted package: %v", d.Path, err)
			continue
		}
		info, err := io.ReadAll(container.open(container.find(0, "EncryptionInfo")))
		if err != nil {
			t.Errorf("%s: %v", d.Path, err)
			continue
		}
		stream := container.open(container.find(0, "EncryptedPackage"))
		if _, ok := decryptPackage(info, stream, stream.Size(), "wrong"); ok {
			t.Errorf("%s: opens with a wrong password", d.Path)
		}
		password, ok := passwords[d.Path]
		if !ok {
			continue
		}
		file, ok := decryptPackage(info, stream, stream.Size(), password)
		if !ok {
			t.Errorf("%s: does not open with its password", d.Path)
			continue
		}
		p, err := openZipParts(file, file.size)
		if err != nil || len(p.Names()) < 4 {
			t.Errorf("%s: decrypted to no package: %v", d.Path, err)
		}
	}
}

// TestXLSDefaultPassword reads a workbook that was encrypted with the password that programs try by themselves.
func TestXLSDefaultPassword(t *testing.T) {
	const people = 500 // more than one block of key stream
	plain := xlsStreamOf(people)
	for name, password := range map[string]string{"default": defaultPassword, "another": "another"} {
		salt, verifier := bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{9}, 16)
		description := append(u16(1, 1, 1), salt...)
		body := encryptRC4(t, plain, description, verifier, password)
		all, status, reason := readXLSBytes(t, body)
		if name == "another" {
			if status != rules.Unscannable || reason != rules.Encrypted {
				t.Errorf("%s: %v because %v, want encrypted", name, status, reason)
			}
			continue
		}
		if got := all.find("Sheet1!C501"); status != rules.Complete || len(got) != 1 || got[0].Header != "Email" {
			t.Errorf("%s: %v because %v: %v", name, status, reason, got)
		}
		if err := Redact(io.Discard, bytes.NewReader(body), int64(len(body)), rules.XLS, Options{}, maskSecrets); err != ErrNotRedactable {
			t.Errorf("an encrypted workbook was redacted: %v", err)
		}
	}
}

// encryptRC4 encrypts a stream of records behind its first, where it puts the description of the encryption.
func encryptRC4(t *testing.T, plain, description, verifier []byte, password string) []byte {
	t.Helper()
	key := rc4Key(description[6:], password)
	sum := md5.Sum(verifier)
	sealed := append(append([]byte(nil), verifier...), sum[:]...)
	newRC4(key(0)).XORKeyStream(sealed, sealed)
	first := 4 + int(plain[2]) | int(plain[3])<<8
	out := append(append([]byte(nil), plain[:first]...), biffRecord(biffFilePass, description, sealed)...)
	cipher := &rc4Cipher{key: key}
	for rest := plain[first:]; len(rest) > 0; {
		length := int(rest[2]) | int(rest[3])<<8
		content := append([]byte(nil), rest[4:4+length]...)
		cipher.decrypt(uint16(rest[0])|uint16(rest[1])<<8, content, int64(len(out)+4)) // the same in both directions
		out = append(append(out, rest[:4]...), content...)
		rest = rest[4+length:]
	}
	return out
}

// TestXLSVersions reads the same cells from every version of the format, and from files that mix them.
func TestXLSVersions(t *testing.T) {
	const text = "ann@example.org"
	old := []byte{0, 0, 0} // attributes of a cell of Excel 2
	short := append([]byte{byte(len(text))}, text...)
	long := append(u16(len(text)), text...)
	formulaText := []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}
	eof := biffRecord(biffEOF)
	cases := []struct {
		name    string
		records []byte
		want    []string
	}{
		{"Excel 2", biffOf(biffRecord(0x0009, u16(2, 0x10)), biffRecord(biffLabel, u16(0, 0), old, short), biffRecord(biffNumber, u16(0, 1), old, number64(2.5)),
			biffRecord(biffInteger, u16(1, 0), old, u16(65000)), biffRecord(biffFormula, u16(1, 1), old, formulaText, []byte{0, 0}), biffRecord(biffString, short), eof),
			[]string{"Sheet1!A1=" + text, "Sheet1!B1=2.5", "Sheet1!A2=65000", "Sheet1!B2=" + text}},
		{"Excel 3", biffOf(biffRecord(0x0209, u16(0, 0x10, 0)), biffRecord(biffLabel|0x0200, u16(0, 0, 0), long), biffRecord(biffNumber|0x0200, u16(0, 1, 0), number64(2.5)),
			biffRecord(biffFormula|0x0200, u16(1, 1, 0), formulaText, u16(0, 0)), biffRecord(biffString|0x0200, long), eof),
			[]string{"Sheet1!A1=" + text, "Sheet1!B1=2.5", "Sheet1!B2=" + text}},
		{"Excel 4", biffOf(biffRecord(0x0409, u16(0, 0x10, 0)), biffRecord(biffLabel|0x0200, u16(0, 0, 0), long), biffRecord(biffRK|0x0200, u16(0, 1, 0), u32(7<<2|2)),
			biffRecord(biffFormula|0x0400, u16(1, 1, 0), number64(7), u16(0, 0)), eof),
			[]string{"Sheet1!A1=" + text, "Sheet1!B1=7", "Sheet1!B2=7"}},
		{"Excel 5, whose sheets say that they are of Excel 97", biffOf(biffRecord(0x0809, u16(0x0500, 0x05, 0, 0)), eof,
			biffRecord(0x0809, u16(0x0600, 0x10, 0, 0)), biffRecord(biffLabel|0x0200, u16(0, 0, 0), long), eof), []string{"Sheet1!A1=" + text}},
		{"Excel 97", biffOf(biffRecord(0x0809, u16(0x0600, 0x05, 0, 0)), eof, biffRecord(0x0809, u16(0x0600, 0x10, 0, 0)),
			biffRecord(biffLabel|0x0200, u16(0, 0, 0), u16(len(text)), []byte{wideText}, wideBytes(text)), eof), []string{"Sheet1!A1=" + text}},
		{"a chart's table in cells of Excel 2", biffOf(biffRecord(0x0809, u16(0x0500, 0x05, 0, 0)), eof, biffRecord(0x0809, u16(0x0500, 0x8000, 0, 0)),
			biffRecord(biffLabel, u16(1, 0), old, short), biffRecord(biffNumber, u16(1, 1), old, number64(2.5)), eof), []string{"Sheet1!A2=" + text, "Sheet1!B2=2.5"}},
		{"a chart within a sheet", biffOf(biffRecord(0x0809, u16(0x0600, 0x05, 0, 0)), eof, biffRecord(0x0809, u16(0x0600, 0x10, 0, 0)),
			biffRecord(biffNumber|0x0200, u16(0, 0, 0), number64(1)), biffRecord(0x0809, u16(0x0600, 0x20, 0, 0)), biffRecord(biffNumber|0x0200, u16(0, 0, 0), number64(2)), eof,
			biffRecord(biffNumber|0x0200, u16(0, 1, 0), number64(3)), eof), []string{"Sheet1!A1=1", "Sheet1 (chart)!A1=2", "Sheet1!B1=3"}},
	}
	for _, c := range cases {
		all, status, reason := readXLSBytes(t, c.records)
		if status != rules.Complete {
			t.Errorf("%s: %v because %v", c.name, status, reason)
		}
		var got []string
		for _, v := range all.values {
			got = append(got, v.Where+"="+v.Text)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
