package extract

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"stanch/rules"
)

// A compoundPart is one stream of a compound file that a test makes; storage is "" for the root.
type compoundPart struct {
	storage, name string
	content       []byte
}

const (
	compoundEndOfChain = 0xFFFFFFFE
	compoundFree       = 0xFFFFFFFF
)

// compoundOf makes a compound file of sectors of 512 bytes. Short streams go into the mini stream.
func compoundOf(parts ...compoundPart) []byte {
	const sector = 512
	le := binary.LittleEndian
	var body, mini []byte
	var fat, miniFAT []uint32
	pad := func(b []byte, to int) []byte { return append(b, make([]byte, (to-len(b)%to)%to)...) }
	chain := func(table []uint32, count int) []uint32 {
		for i := range count {
			next := uint32(len(table) + 1)
			if i == count-1 {
				next = compoundEndOfChain
			}
			table = append(table, next)
		}
		return table
	}
	add := func(content []byte) uint32 {
		if len(content) == 0 {
			return compoundEndOfChain
		}
		start := uint32(len(fat))
		body = append(body, pad(bytes.Clone(content), sector)...)
		fat = chain(fat, (len(content)+sector-1)/sector)
		return start
	}
	type entry struct {
		name         string
		kind         byte
		start        uint32
		size         int
		right, child uint32
		storage      int
	}
	entries := []entry{{name: "Root Entry", kind: 5, right: compoundFree, child: compoundFree}}
	storages := map[string]int{"": 0}
	link := func(e entry) int {
		parent := &entries[e.storage]
		e.right, e.child = parent.child, compoundFree
		parent.child = uint32(len(entries))
		entries = append(entries, e)
		return len(entries) - 1
	}
	for _, p := range parts {
		if _, ok := storages[p.storage]; !ok {
			storages[p.storage] = link(entry{name: p.storage, kind: compoundTypeStorage})
		}
		e := entry{name: p.name, kind: compoundTypeStream, size: len(p.content), storage: storages[p.storage]}
		if len(p.content) >= 4096 {
			e.start = add(p.content)
		} else {
			e.start = uint32(len(miniFAT))
			miniFAT = chain(miniFAT, (len(p.content)+compoundMiniSector-1)/compoundMiniSector)
			mini = append(mini, pad(bytes.Clone(p.content), compoundMiniSector)...)
		}
		link(e)
	}
	entries[0].start, entries[0].size = add(mini), len(mini)
	var miniTable, directory []byte
	for _, n := range miniFAT {
		miniTable = le.AppendUint32(miniTable, n)
	}
	for len(miniTable)%sector != 0 {
		miniTable = le.AppendUint32(miniTable, compoundFree)
	}
	miniStart := add(miniTable)
	for _, e := range entries {
		raw := make([]byte, compoundEntry)
		units := utf16.Encode([]rune(e.name))
		for i, u := range units {
			le.PutUint16(raw[2*i:], u)
		}
		le.PutUint16(raw[64:], uint16(2*len(units)+2))
		raw[66] = e.kind
		le.PutUint32(raw[68:], compoundFree)
		le.PutUint32(raw[72:], e.right)
		le.PutUint32(raw[76:], e.child)
		le.PutUint32(raw[116:], e.start)
		le.PutUint32(raw[120:], uint32(e.size))
		directory = append(directory, raw...)
	}
	directoryStart := add(directory)
	fatStart := uint32(len(fat))
	fatSectors := (len(fat) + 1 + sector/4 - 1) / (sector / 4)
	fat = chain(fat, fatSectors)
	var table []byte
	for _, n := range fat {
		table = le.AppendUint32(table, n)
	}
	for len(table)%sector != 0 {
		table = le.AppendUint32(table, compoundFree)
	}
	header := make([]byte, compoundHeader)
	copy(header, compoundMagic)
	le.PutUint16(header[26:], 3)
	le.PutUint16(header[30:], 9)
	le.PutUint16(header[32:], 6)
	le.PutUint32(header[44:], uint32(fatSectors))
	le.PutUint32(header[48:], directoryStart)
	le.PutUint32(header[56:], 4096)
	le.PutUint32(header[60:], miniStart)
	le.PutUint32(header[64:], uint32(len(miniTable)/sector))
	le.PutUint32(header[68:], compoundEndOfChain)
	for i := range compoundHeaderFATs {
		le.PutUint32(header[76+4*i:], compoundFree)
	}
	for i := range fatSectors {
		le.PutUint32(header[76+4*i:], fatStart+uint32(i))
	}
	return append(append(header, body...), table...)
}

// utf16le encodes a text.
func utf16le(text string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// wordOf makes the two streams of a Word document of two pieces: one of single bytes, one in UTF-16.
func wordOf(narrow, wide string, flags uint16) []byte {
	le := binary.LittleEndian
	document := make([]byte, 1024)
	le.PutUint16(document, fibIdentifier)
	le.PutUint16(document[fibVersion:], fibWord97)
	le.PutUint16(document[fibFlags:], flags)
	first := len(document)
	document = append(document, narrow...)
	second := len(document)
	document = append(document, utf16le(wide)...)
	plc := le.AppendUint32(le.AppendUint32(le.AppendUint32(nil, 0), uint32(len(narrow))), uint32(len(narrow)+len(utf16le(wide))/2))
	plc = append(le.AppendUint32(append(plc, 0, 0), uint32(first*2)|0x40000000), 0, 0)
	plc = append(le.AppendUint32(append(plc, 0, 0), uint32(second)), 0, 0)
	clx := append(le.AppendUint32([]byte{1, 2, 0, 9, 9, 2}, uint32(len(plc))), plc...)
	le.PutUint32(document[fibClx:], 100)
	le.PutUint32(document[fibClx+4:], uint32(len(clx)))
	return compoundOf(compoundPart{"", "WordDocument", document}, compoundPart{"", "0Table", append(make([]byte, 100), clx...)})
}

// powerPointRecord makes one record of a presentation.
func powerPointRecord(version, kind uint16, content []byte) []byte {
	le := binary.LittleEndian
	return append(le.AppendUint32(le.AppendUint16(le.AppendUint16(nil, version), kind), uint32(len(content))), content...)
}

// TestOLE reads each kind of document in a compound file.
func TestOLE(t *testing.T) {
	slide := powerPointRecord(pptContainer, 1000, append(powerPointRecord(0, pptTextBytes, []byte(hiddenText)), powerPointRecord(0, pptTextChars, utf16le("Zoë"))...))
	user := func(token uint32) []byte {
		return binary.LittleEndian.AppendUint32(make([]byte, 12), token)
	}
	long := bytes.Repeat([]byte("\x00\x01"), 5000)
	cases := []struct {
		name   string
		body   []byte
		format rules.Format
		status rules.Status
		reason rules.Reason
		text   string
	}{
		{"Word", wordOf(hiddenText+"\r", "Ümläut\x07", 0), rules.DOC, rules.Complete, rules.NoReason, hiddenText + "\nÜmläut"},
		{"Word, encrypted", wordOf("?", "?", fibFlagEncrypted), rules.DOC, rules.Unscannable, rules.Encrypted, ""},
		{"PowerPoint", compoundOf(compoundPart{"", "PowerPoint Document", slide}), rules.PPT, rules.Complete, rules.NoReason, hiddenText + "\nZoë"},
		{"PowerPoint, encrypted", compoundOf(compoundPart{"", "PowerPoint Document", slide}, compoundPart{"", "Current User", user(pptEncryptedToken)}), rules.PPT, rules.Unscannable, rules.Encrypted, ""},
		{"message", compoundOf(compoundPart{"", "__properties_version1.0", make([]byte, 64)}, compoundPart{"", "__substg1.0_1000001F", utf16le(hiddenText)}), rules.MSG, rules.Complete, rules.NoReason, hiddenText},
		{"message with an archive", compoundOf(compoundPart{"", "__properties_version1.0", make([]byte, 64)},
			compoundPart{"__attach_version1.0_#00000000", "__substg1.0_37010102", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText}}, "")},
			compoundPart{"__attach_version1.0_#00000000", "__substg1.0_3707001F", utf16le("list.zip")}), rules.MSG, rules.Complete, rules.NoReason, hiddenText},
		{"encrypted package", compoundOf(compoundPart{"", "EncryptedPackage", long}, compoundPart{"", "EncryptionInfo", make([]byte, 64)}), rules.OLE, rules.Unscannable, rules.Encrypted, ""},
		{"unknown", compoundOf(compoundPart{"", "CONTENTS", append(long, hiddenText...)}), rules.OLE, rules.Unscannable, rules.UnknownFormat, hiddenText},
		{"archive in a stream", compoundOf(compoundPart{"", "Package", rawZIP([]rawEntry{{name: "a.txt", content: hiddenText}}, "")}), rules.OLE, rules.Complete, rules.NoReason, hiddenText},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := readBody(t, c.body, "x", Limits{})
			if r.format != c.format || r.status != c.status || r.reason != c.reason {
				t.Errorf("read as %s %s %s, want %s %s %s", r.format, r.status, r.reason, c.format, c.status, c.reason)
			}
			if !bytes.Contains(r.text, []byte(c.text)) {
				t.Errorf("the text lacks %q: %q", c.text, r.text)
			}
		})
	}
}

// TestCompoundStreams reads streams of every length around the limits of sectors back.
func TestCompoundStreams(t *testing.T) {
	for _, length := range []int{1, 63, 64, 65, 4095, 4096, 4097, 70_000} {
		content := []byte(strings.Repeat("0123456789", length/10+1)[:length])
		body := compoundOf(compoundPart{"", "first", []byte("x")}, compoundPart{"inside", "second", content}, compoundPart{"", "third", make([]byte, 5000)})
		c, err := openCompound(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for i := range c.entries {
			if e := &c.entries[i]; e.name == "second" {
				found = true
				got, err := io.ReadAll(c.open(e))
				if err != nil || !bytes.Equal(got, content) || c.entries[e.parent].name != "inside" || !c.sound {
					t.Errorf("%d bytes: %d read, %v, in %q, sound %v", length, len(got), err, c.entries[e.parent].name, c.sound)
				}
			}
		}
		if !found {
			t.Errorf("%d bytes: the stream is not listed", length)
		}
	}
}

// TestCompoundLoops reads a file whose chains and directory bite their own tails: that must end, and be noticed.
func TestCompoundLoops(t *testing.T) {
	body := compoundOf(compoundPart{"", "WordDocument", make([]byte, 9000)}, compoundPart{"", "0Table", make([]byte, 5000)})
	start := time.Now()
	limits := Limits{Stop: func() bool { return time.Since(start) > 5*time.Second }}
	loops := 0
	for at := 0; at+4 <= len(body); at += 4 {
		if v := binary.LittleEndian.Uint32(body[at:]); v == compoundEndOfChain || v == compoundFree && at > compoundHeader {
			looped := bytes.Clone(body)
			binary.LittleEndian.PutUint32(looped[at:], 0)
			if r := readBody(t, looped, "x.doc", limits); r.reason == rules.Internal || r.reason == rules.Deadline {
				t.Fatalf("offset %d: %s", at, r.reason)
			}
			loops++
		}
	}
	if loops == 0 {
		t.Fatal("no loop was made")
	}
}
