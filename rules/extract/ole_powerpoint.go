package extract

import (
	"bufio"
	"compress/zlib"
	"encoding/binary"
	"io"

	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

// The records of a PowerPoint document that matter: MS-PPT 2.13.24.
const (
	pptTextChars      = 0x0FA0
	pptTextBytes      = 0x0FA8
	pptString         = 0x0FBA
	pptEmbedded       = 0x1011
	pptCryptSession   = 0x2F14
	pptContainer      = 0xF
	pptEncryptedToken = 0xF3D1C4DF // MS-PPT 2.3.2: headerToken of an encrypted file
)

// maxPowerPointText bounds one text record.
const maxPowerPointText = 1 << 20

// readPowerPoint reads every text in a presentation, and the files embedded in it.
func (c *compoundFile) readPowerPoint() outcome {
	if user := c.find(0, "Current User"); user != nil {
		var head [16]byte
		if _, err := io.ReadFull(c.stream(user), head[:]); err == nil && binary.LittleEndian.Uint32(head[12:]) == pptEncryptedToken {
			return unscannable(rules.Encrypted)
		}
	}
	stream := bufio.NewReaderSize(c.stream(c.find(0, "PowerPoint Document")), flatBuffer)
	w := c.text()
	defer w.flush()
	var t tally
	for {
		var header [8]byte
		if n, err := io.ReadFull(stream, header[:]); err != nil {
			if n > 0 || err != io.EOF {
				t.fail(c.errReason(err))
			}
			break
		}
		version, kind := binary.LittleEndian.Uint16(header[:]), binary.LittleEndian.Uint16(header[2:])
		length := int64(binary.LittleEndian.Uint32(header[4:]))
		if kind == pptCryptSession {
			return unscannable(rules.Encrypted)
		}
		if version&0xF == pptContainer && kind != pptEmbedded {
			continue // its records follow
		}
		content := io.LimitReader(stream, length)
		c.powerPointRecord(w, &t, version>>4, kind, length, content)
		t.read = true
		io.Copy(io.Discard, content)
	}
	return t.outcome()
}

func (c *compoundFile) powerPointRecord(w *textWriter, t *tally, instance, kind uint16, length int64, content io.Reader) {
	switch kind {
	case pptTextChars, pptTextBytes, pptString:
		text, _ := io.ReadAll(io.LimitReader(content, maxPowerPointText))
		if length > maxPowerPointText {
			t.fail(rules.TooLarge)
		}
		if kind == pptTextBytes {
			for _, b := range text {
				writeOfficeRune(w, charmap.Windows1252.DecodeByte(b))
			}
		} else {
			writeUTF16(w, text)
		}
		w.line()
	case pptEmbedded:
		w.flush()
		if instance == 0 {
			t.addMember(c.member("object.ole", content), true, "")
			return
		}
		var size [4]byte // what it expands to; the meter decides
		if _, err := io.ReadFull(content, size[:]); err != nil {
			return
		}
		inflated, err := zlib.NewReader(content)
		if err != nil {
			t.fail(rules.Corrupt)
			return
		}
		// Some writers leave the checksum out: what comes behind the announced size may be damaged.
		announced := io.LimitReader(inflated, int64(binary.LittleEndian.Uint32(size[:])))
		t.addMember(c.member("object.ole", &meteredReader{c.meter, io.MultiReader(announced, &untilDamage{inflated})}), true, "")
	}
}
