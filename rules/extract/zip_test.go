package extract

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"stanch/rules"
)

// A rawEntry is one member of an archive that a test makes byte by byte: what the local header says and what the directory says.
type rawEntry struct {
	name, localName     string // localName is name when empty
	content             string
	method, localMethod uint16
	flags, localFlags   uint16
	packed              []byte // content when nil
	sizeOff             int    // added to the local header's unpacked size
	descriptor          int    // bytes of a data descriptor behind the data: 0, 12 or 16
	unlisted            bool   // left out of the directory
	gap                 string // stands before the local header
	same                bool   // the directory points to the first entry's local header
	zip64               bool   // sizes and offset in a Zip64 extra field
}

// rawZIP makes an archive. Offsets in the directory are from the archive's own start.
func rawZIP(entries []rawEntry, comment string) []byte {
	var out, directory bytes.Buffer
	le := binary.LittleEndian
	listed := 0
	for _, e := range entries {
		out.WriteString(e.gap)
		if e.packed == nil {
			e.packed = []byte(e.content)
		}
		if e.localName == "" {
			e.localName = e.name
		}
		if e.localMethod == 0 {
			e.localMethod = e.method
		}
		if e.descriptor > 0 {
			e.flags |= zipFlagDescriptor
		}
		offset := uint32(out.Len())
		crc := crc32.ChecksumIEEE([]byte(e.content))
		header := le.AppendUint32(nil, zipLocalSignature)
		header = le.AppendUint16(header, 20)
		header = le.AppendUint16(header, e.flags^e.localFlags)
		header = le.AppendUint16(header, e.localMethod)
		header = le.AppendUint32(header, 0)
		if e.descriptor > 0 {
			header = append(header, make([]byte, 12)...)
		} else {
			header = le.AppendUint32(header, crc)
			header = le.AppendUint32(header, uint32(len(e.packed)))
			header = le.AppendUint32(header, uint32(len(e.content)+e.sizeOff))
		}
		header = le.AppendUint16(header, uint16(len(e.localName)))
		header = le.AppendUint16(header, 0)
		if !e.same {
			out.Write(header)
			out.WriteString(e.localName)
			out.Write(e.packed)
			if e.descriptor == 16 {
				out.Write(le.AppendUint32(nil, zipDescriptorSignature))
			}
			if e.descriptor > 0 {
				out.Write(le.AppendUint32(le.AppendUint32(le.AppendUint32(nil, crc), uint32(len(e.packed))), uint32(len(e.content))))
			}
		} else {
			offset = 0
		}
		if e.unlisted {
			continue
		}
		listed++
		packed, unpacked, extra := uint32(len(e.packed)), uint32(len(e.content)), []byte(nil)
		if e.zip64 {
			extra = le.AppendUint16(le.AppendUint16(nil, 1), 24)
			extra = le.AppendUint64(le.AppendUint64(le.AppendUint64(extra, uint64(unpacked)), uint64(packed)), uint64(offset))
			packed, unpacked, offset = zip64, zip64, zip64
		}
		central := le.AppendUint32(nil, zipCentralSignature)
		central = le.AppendUint16(le.AppendUint16(central, 20), 20)
		central = le.AppendUint16(le.AppendUint16(central, e.flags), e.method)
		central = le.AppendUint32(le.AppendUint32(central, 0), crc)
		central = le.AppendUint32(le.AppendUint32(central, packed), unpacked)
		central = le.AppendUint16(le.AppendUint16(central, uint16(len(e.name))), uint16(len(extra)))
		central = append(central, make([]byte, 10)...)
		central = le.AppendUint32(central, offset)
		directory.Write(central)
		directory.WriteString(e.name)
		directory.Write(extra)
	}
	start := out.Len()
	out.Write(directory.Bytes())
	end := le.AppendUint32(nil, zipEndSignature)
	end = le.AppendUint32(end, 0)
	end = le.AppendUint16(le.AppendUint16(end, uint16(listed)), uint16(listed))
	end = le.AppendUint32(le.AppendUint32(end, uint32(directory.Len())), uint32(start))
	end = le.AppendUint16(end, uint16(len(comment)))
	out.Write(end)
	out.WriteString(comment)
	return out.Bytes()
}

func deflated(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, 9)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, text)
	w.Close()
	return out.Bytes()
}

func zstandard(t testing.TB, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll([]byte(text), nil)
}

const hiddenText = "the secret of ada@example.org"

// TestZIPMismatch reads an archive of every kind on which ZIP programs disagree (evasions E50 to E56): each must be named, and
// what any of them would show must be read.
func TestZIPMismatch(t *testing.T) {
	plain := rawEntry{name: "a.txt", content: hiddenText + "\n"}
	other := rawEntry{name: "b.txt", content: "nothing to see\n"}
	inner := rawZIP([]rawEntry{plain}, "")
	deflate := rawEntry{name: "a.txt", content: hiddenText, method: zipDeflate, packed: deflated(t, hiddenText)}
	cases := []struct {
		name    string
		archive []byte
		reason  rules.Reason
		status  rules.Status
		text    string // must be among what is read
	}{
		{"sound", rawZIP([]rawEntry{plain, other}, ""), rules.NoReason, rules.Complete, hiddenText},
		{"sound, deflated", rawZIP([]rawEntry{deflate, other}, ""), rules.NoReason, rules.Complete, hiddenText},
		{"sound, Zip64 extra field", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, zip64: true}}, ""), rules.NoReason, rules.Complete, hiddenText},
		{"sound, data descriptor", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, descriptor: 16}, other}, ""), rules.NoReason, rules.Complete, hiddenText},
		{"sound, descriptor without signature", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, descriptor: 12}}, ""), rules.NoReason, rules.Complete, hiddenText},
		{"sound, with a comment", rawZIP([]rawEntry{other}, hiddenText), rules.NoReason, rules.Complete, hiddenText},
		{"sound, padded", append(rawZIP([]rawEntry{plain}, ""), make([]byte, 500)...), rules.NoReason, rules.Complete, hiddenText},
		{"sound, stored archive within", rawZIP([]rawEntry{{name: "in.zip", content: string(inner)}}, ""), rules.NoReason, rules.Complete, hiddenText},
		{"sound, zstd", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, method: zipZSTD, packed: zstandard(t, hiddenText)}}, ""), rules.NoReason, rules.Complete, hiddenText},
		{"other local name", rawZIP([]rawEntry{{name: "a.txt", localName: "b.txt", content: hiddenText}}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"other local method", rawZIP([]rawEntry{{name: "a.txt", localMethod: zipDeflate, content: hiddenText}}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"other local size", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, sizeOff: 7}}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"encrypted in one header only", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, localFlags: zipFlagEncrypted}}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"duplicate name", rawZIP([]rawEntry{other, {name: "b.txt", content: hiddenText}}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"member that is not listed", rawZIP([]rawEntry{other, {name: "a.txt", content: hiddenText, unlisted: true}}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"unlisted member with a descriptor", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText, method: zipDeflate, packed: deflated(t, hiddenText), descriptor: 16, unlisted: true}, other}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"gap", rawZIP([]rawEntry{other, {name: "a.txt", content: hiddenText, gap: "lost"}}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"prefix", append([]byte(nil), append([]byte("PK\x03\x04 is how it starts"), rawZIP([]rawEntry{plain}, "")...)...), rules.Corrupt, rules.Partial, hiddenText},
		{"second archive behind", append(rawZIP([]rawEntry{plain}, ""), rawZIP([]rawEntry{other}, "")...), rules.Corrupt, rules.Partial, hiddenText},
		{"second archive before", append(rawZIP([]rawEntry{other}, ""), rawZIP([]rawEntry{plain}, "")...), rules.Corrupt, rules.Partial, hiddenText},
		{"archive in the comment", rawZIP([]rawEntry{other}, string(rawZIP([]rawEntry{plain}, ""))), rules.Corrupt, rules.Partial, hiddenText},
		{"overlap", rawZIP([]rawEntry{plain, {name: "b.txt", content: plain.content, same: true}}, ""), rules.Corrupt, rules.Partial, hiddenText},
		{"wrong checksum", bytes.Replace(rawZIP([]rawEntry{plain}, ""), []byte("secret"), []byte("sacred"), 1), rules.Corrupt, rules.Partial, "sacred"},
		{"directory cut off", rawZIP([]rawEntry{plain}, "")[:70], rules.Corrupt, rules.Partial, hiddenText},
		{"encrypted", rawZIP([]rawEntry{{name: "ada@example.org.txt", content: "?", flags: zipFlagEncrypted}}, ""), rules.Encrypted, rules.Unscannable, "ada@example.org"},
		{"encrypted beside plain", rawZIP([]rawEntry{plain, {name: "b.txt", content: "?", flags: zipFlagEncrypted}}, ""), rules.Encrypted, rules.Partial, hiddenText},
		{"AES", rawZIP([]rawEntry{{name: "b.txt", content: "?", method: zipAES}}, ""), rules.Encrypted, rules.Unscannable, "b.txt"},
		{"LZMA", rawZIP([]rawEntry{{name: "b.txt", content: "?", method: 14}}, ""), rules.UnknownCoding, rules.Unscannable, "b.txt"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := readBody(t, c.archive, "x.zip", Limits{})
			if r.format != rules.ZIP || r.status != c.status || r.reason != c.reason {
				t.Errorf("read as %s %s %s, want zip %s %s", r.format, r.status, r.reason, c.status, c.reason)
			}
			if !bytes.Contains(r.text, []byte(c.text)) {
				t.Errorf("the text lacks %q: %q", c.text, r.text)
			}
		})
	}
}

// packed makes an archive with the standard library.
func packed(t testing.TB, members map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range members {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestBombs reads what expands without end, or nests without end. Each must end early, with a named reason.
func TestBombs(t *testing.T) {
	zeros := bytes.Repeat([]byte{' '}, 64<<20)
	bomb := packed(t, map[string][]byte{"zeros.txt": zeros})
	deep := []byte(hiddenText)
	for i := range 6 {
		deep = packed(t, map[string][]byte{fmt.Sprintf("%d.zip", i): deep})
	}
	many := make([]rawEntry, 300)
	for i := range many {
		many[i] = rawEntry{name: fmt.Sprint(i), content: "x"}
	}
	overlap := make([]rawEntry, 200)
	megabyte := strings.Repeat("x", 1<<20)
	for i := range overlap {
		overlap[i] = rawEntry{name: fmt.Sprint(i, ".txt"), content: megabyte, method: zipDeflate, packed: deflated(t, "x"), same: i > 0}
	}
	overlap[0].packed = deflated(t, megabyte)
	cases := []struct {
		name   string
		body   []byte
		limits Limits
		reason rules.Reason
	}{
		{"ratio", bomb, Limits{}, rules.Ratio},
		{"ratio within an archive", packed(t, map[string][]byte{"bomb.zip": bomb}), Limits{}, rules.Ratio},
		{"bytes", bomb, Limits{Expanded: 1 << 20}, rules.TooLarge},
		{"depth", deep, Limits{}, rules.TooDeep},
		{"entries", rawZIP(many, ""), Limits{Entries: 100}, rules.TooLarge},
		{"overlapping members", rawZIP(overlap, ""), Limits{Expanded: 16 << 20}, rules.Corrupt},
		{"deadline", bomb, Limits{Stop: func() bool { return true }}, rules.Deadline},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			r := readBody(t, c.body, "x.zip", c.limits)
			t.Logf("%s %s after %v, %d bytes of text", r.status, r.reason, time.Since(start), len(r.text))
			if r.status == rules.Complete || r.reason != c.reason {
				t.Errorf("%s %s, want %s", r.status, r.reason, c.reason)
			}
		})
	}
}

// TestDeepestArchive reads an archive that is just not too deep, and names the place in it.
func TestDeepestArchive(t *testing.T) {
	body := []byte("name,email\nAda Lovelace,ada@example.org\n")
	names := []string{"people.csv", "a.zip", "b.zip", "c.zip"}
	for _, name := range names {
		body = packed(t, map[string][]byte{name: body})
	}
	r := readBody(t, body, "d.zip", Limits{})
	if r.status != rules.Complete {
		t.Fatalf("%s %s", r.status, r.reason)
	}
	found := false
	for _, c := range r.cells {
		if string(r.text[c.Start:c.End]) == "ada@example.org" {
			found = true
			if want := "c.zip → b.zip → a.zip → people.csv"; !strings.HasPrefix(c.Where, want) || c.Column.Header != "email" {
				t.Errorf("place %q, column %q; want a place that starts with %q, and column email", c.Where, c.Column.Header, want)
			}
		}
	}
	if !found {
		t.Errorf("the cell was not read: %q", r.text)
	}
}

// TestRecordsAcrossMembers reads two lists in one archive: their rows are different people.
func TestRecordsAcrossMembers(t *testing.T) {
	list := []byte("name,email\nAda,ada@example.org\nGrace,grace@example.org\n")
	r := readBody(t, packed(t, map[string][]byte{"a.csv": list, "b.csv": list}), "x.zip", Limits{})
	byRecord := map[int64]string{}
	for _, c := range r.cells {
		if c.Record == 0 {
			t.Fatalf("a cell without a record")
		}
		byRecord[c.Record] += string(r.text[c.Start:c.End]) + " "
	}
	rows := 0
	for _, values := range byRecord {
		if strings.Count(values, "@") > 1 {
			t.Errorf("two people in one record: %s", values)
		}
		rows++
	}
	if rows < 4 {
		t.Errorf("%d records, want at least 4", rows)
	}
}

// TestImageWithArchive reads an image that is an archive as well (E29).
func TestImageWithArchive(t *testing.T) {
	image := append([]byte("\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR"), make([]byte, 100)...)
	r := readBody(t, append(image, rawZIP([]rawEntry{{name: "a.txt", content: hiddenText}}, "")...), "x.png", Limits{})
	if r.format != rules.Image || r.status != rules.Partial || r.reason != rules.Corrupt || !bytes.Contains(r.text, []byte(hiddenText)) {
		t.Errorf("%s %s %s %q", r.format, r.status, r.reason, r.text)
	}
	r = readBody(t, image, "x.png", Limits{})
	if r.status != rules.Complete || len(r.text) != 0 {
		t.Errorf("an image alone: %s %s %q", r.status, r.reason, r.text)
	}
}
