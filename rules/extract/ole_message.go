package extract

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"

	"stanch/rules"
)

// The property streams of an Outlook message: MS-OXMSG 2.2; ids and types by MS-OXPROPS and MS-OXCDATA 2.11.1.
const (
	msgStreamPrefix   = "__substg1.0_"
	msgNames          = "__nameid_version1.0"
	msgTypeUnicode    = "001F"
	msgTypeString8    = "001E"
	msgTypeBinary     = "0102"
	msgHTML           = "1013"
	msgCompressedRTF  = "1009"
	msgAttachmentData = "3701"
	msgAttachmentName = "3707"
)

// readMessage reads every text property of a message, of its recipients and attachments, and of messages attached to it.
func (c *compoundFile) readMessage() outcome {
	w := c.text()
	defer w.flush()
	t := tally{read: true}
	for i := range c.entries {
		f := &c.entries[i]
		if !c.meter.ok() {
			break
		}
		tag, ok := strings.CutPrefix(f.name, msgStreamPrefix)
		if c.entries[f.parent].name == msgNames {
			ok = false // maps the names of properties to numbers
		}
		if !ok || len(tag) < 8 || f.size == 0 {
			continue
		}
		switch id, kind := tag[:4], strings.ToUpper(tag[4:8]); {
		case kind == msgTypeUnicode:
			c.eachBlock(f, func(block []byte) { writeUTF16(w, block) })
			w.line()
		case kind == msgTypeString8:
			c.eachBlock(f, func(block []byte) { w.writeString(legacyText(block)) })
			w.line()
		case kind == msgTypeBinary && id == msgCompressedRTF:
			w.flush()
			t.add(c.messageRTF(f))
		case kind == msgTypeBinary && id == msgHTML:
			w.flush()
			t.add(c.member("body.html", c.stream(f)))
		case kind == msgTypeBinary && id == msgAttachmentData:
			w.flush()
			t.add(c.member(c.attachmentName(f), c.stream(f)))
		}
	}
	t.fail(c.meter.reason)
	return t.outcome()
}

// eachBlock hands out a stream in blocks of an even length.
func (c *compoundFile) eachBlock(f *compoundStream, take func([]byte)) {
	stream, buffer := c.stream(f), make([]byte, flatBuffer)
	for {
		n, err := io.ReadFull(stream, buffer)
		take(buffer[:n])
		if err != nil {
			return
		}
	}
}

// attachmentName is the long file name that stands beside an attachment's data.
func (c *compoundFile) attachmentName(data *compoundStream) string {
	for i := range c.entries {
		f := &c.entries[i]
		if strings.HasPrefix(f.name, msgStreamPrefix+msgAttachmentName+msgTypeUnicode) && f.parent == data.parent {
			content, _ := c.load(f)
			w := textWriter{emit: func(*Batch) {}, meter: c.meter}
			writeUTF16(&w, content)
			return strings.TrimSpace(string(w.batch.Text))
		}
	}
	return "attachment"
}

// messageRTF reads the body of a message in compressed RTF.
func (c *compoundFile) messageRTF(f *compoundStream) outcome {
	content, whole := c.load(f)
	rtf, ok := c.decompressRTF(content)
	if !ok || !whole {
		return partial(rules.Corrupt)
	}
	return c.member("body.rtf", bytes.NewReader(rtf))
}

// The dictionary that compressed RTF starts with: MS-OXRTFCP 2.1.2.1.
const rtfDictionary = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
	"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

const (
	rtfCompressed   = 0x75465A4C
	rtfUncompressed = 0x414C454D
	rtfWindow       = 4096
)

// decompressRTF expands compressed RTF: MS-OXRTFCP 2.2.
func (c *compoundFile) decompressRTF(content []byte) ([]byte, bool) {
	if len(content) < 16 {
		return nil, false
	}
	input := content[16:]
	switch binary.LittleEndian.Uint32(content[8:]) {
	case rtfUncompressed:
		return input, true
	case rtfCompressed:
	default:
		return nil, false
	}
	var window [rtfWindow]byte
	at := copy(window[:], rtfDictionary)
	var output []byte
	put := func(b byte) {
		window[at] = b
		at = (at + 1) % rtfWindow
		output = append(output, b)
	}
	for len(input) > 0 {
		control := input[0]
		input = input[1:]
		for bit := 0; bit < 8 && len(input) > 0; bit++ {
			if control>>bit&1 == 0 {
				put(input[0])
				input = input[1:]
				continue
			}
			if len(input) < 2 {
				return output, false
			}
			reference := int(input[0])<<8 | int(input[1])
			input = input[2:]
			from, length := reference>>4, reference&15+2
			if from == at {
				return output, true
			}
			if !c.meter.expand(length) {
				return output, false
			}
			for i := range length {
				put(window[(from+i)%rtfWindow])
			}
		}
	}
	return output, true
}
