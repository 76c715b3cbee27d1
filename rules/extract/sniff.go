package extract

import (
	"bytes"
	"path"
	"strings"

	"stanch/rules"
)

// SniffLength is how many bytes from the start of a body Sniff wants to see, unless the body is shorter.
const SniffLength = 1024

// pdfReach is how far into a file the mark of a PDF may stand (PDF 1.7, appendix H.3, note 13).
const pdfReach = 1024

// Sniff tells the format by content first, declared type second, name last. The head must be the first SniffLength bytes
// of the body, or all of it. It only looks; archives and containers may turn out to be more when they are read: an XLSX is
// a ZIP here, an XLS an OLE.
func Sniff(head []byte, contentType, name string) rules.Format {
	if len(head) == 0 {
		return rules.Empty
	}
	if format, sure := SniffEarly(head, contentType); sure {
		return format
	}
	declared := declaredFormat(contentType)
	if declared == rules.Unrecognized {
		declared = namedFormat(name)
	}
	if format := sniffMagic(head); format != rules.Unrecognized {
		return format
	}
	if isArmored(head) {
		return rules.Encoded
	}
	if encoding := sniffEncoding(head); encoding != "" {
		// Text in UTF-16, UTF-32 or EBCDIC: what it says is read when it is decoded.
		if format := sniffDecoded(head, encoding); format != rules.Text || !readsText(declared) {
			return format
		}
		return declared
	}
	if isBinary(head) {
		if declared == rules.GRPC {
			return declared
		}
		return rules.Binary
	}
	if format := sniffText(head, declared); format != rules.Unrecognized {
		return format
	}
	if readsText(declared) {
		return declared
	}
	return rules.Text
}

// SniffEarly tells the format from fewer than SniffLength bytes, where it is sure: Sniff says the same whatever follows. Streams
// whose records must leave at once are known by what is declared and how they begin.
func SniffEarly(head []byte, contentType string) (format rules.Format, sure bool) {
	switch declared := declaredFormat(contentType); declared {
	case rules.GRPC:
		return declared, len(head) > 0 && mayBeMessages(head, contentType)
	case rules.EventStream:
		for _, field := range [...]string{":", "data:", "event:", "id:", "retry:"} {
			if bytes.HasPrefix(head, []byte(field)) {
				return declared, true
			}
		}
	case rules.NDJSON:
		if line, _, complete := bytes.Cut(head, []byte{'\n'}); complete && bytes.HasPrefix(line, []byte("{")) && bytes.HasSuffix(bytes.TrimSpace(line), []byte("}")) {
			return declared, true
		}
	}
	return rules.Unrecognized, false
}

// readsText reports whether a declared format can be believed of content that is text and nothing else that is known.
func readsText(format rules.Format) bool {
	switch format {
	case rules.CSV, rules.JSON, rules.NDJSON, rules.HTML, rules.XML, rules.SQL, rules.EventStream, rules.JavaScript, rules.CSS, rules.EMail,
		rules.MBox, rules.Multipart, rules.SYLK, rules.DIF, rules.VCard, rules.ICalendar:
		return true
	}
	return false
}

// A magic is bytes that a format has at an offset.
type magic struct {
	offset int
	bytes  string
	format rules.Format
}

// magics are mostly those of the WHATWG MIME Sniffing Standard (section 6) and of file(1)'s database.
var magics = []magic{
	{0, "PK\x03\x04", rules.ZIP}, {0, "PK\x05\x06", rules.ZIP}, {0, "PK\x07\x08", rules.ZIP},
	{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", rules.OLE},
	{0, "\x1F\x8B\x08", rules.GZIP}, {0, "BZh", rules.BZIP2}, {0, "\xFD7zXZ\x00", rules.XZ}, {0, "\x28\xB5\x2F\xFD", rules.ZSTD},
	{0, "7z\xBC\xAF\x27\x1C", rules.SevenZip}, {0, "Rar!\x1A\x07", rules.RAR},
	{0, "SQLite format 3\x00", rules.SQLite}, {0, "PAR1", rules.Parquet}, {0, "{\\rtf", rules.RTF},
	{257, "ustar", rules.TAR},
	{0, "\x89PNG\r\n\x1A\n", rules.Image}, {0, "GIF87a", rules.Image}, {0, "GIF89a", rules.Image}, {0, "\xFF\xD8\xFF", rules.Image},
	{0, "II*\x00", rules.Image}, {0, "MM\x00*", rules.Image}, {0, "\x00\x00\x01\x00", rules.Image}, {0, "8BPS\x00\x01", rules.Image},
	{8, "WEBPVP", rules.Image}, {4, "ftypavif", rules.Image}, {4, "ftypheic", rules.Image}, {4, "ftypmif1", rules.Image},
	{0, "\xFF\x0A\xFF", rules.Image}, {0, "\x00\x00\x00\x0CJXL ", rules.Image}, {0, "\x00\x00\x00\x0CjP  ", rules.Image},
	{4, "ftyp", rules.Media}, {0, "\x1AE\xDF\xA3", rules.Media}, {0, "OggS\x00", rules.Media}, {0, "fLaC\x00", rules.Media}, {0, "ID3", rules.Media},
	{8, "WAVEfmt ", rules.Media}, {8, "AVI LIST", rules.Media}, {0, "FORM", rules.Media}, {0, "MThd\x00\x00\x00\x06", rules.Media},
	{0, "\x00\x00\x01\xBA", rules.Media}, {0, "\x00\x00\x01\xB3", rules.Media}, {0, "FLV\x01", rules.Media},
	{0, "wOFF", rules.Font}, {0, "wOF2", rules.Font}, {0, "OTTO\x00", rules.Font}, {0, "ttcf\x00", rules.Font}, {0, "\x00\x01\x00\x00\x00", rules.Font},
}

func sniffMagic(head []byte) rules.Format {
	for _, m := range magics {
		if head[0] != m.bytes[0] && m.offset == 0 {
			continue
		}
		if len(head) >= m.offset+len(m.bytes) && string(head[m.offset:m.offset+len(m.bytes)]) == m.bytes {
			if m.format == rules.BZIP2 && (len(head) < 10 || head[4] != '1' && head[4] != 0x17) || m.format == rules.Media && !isBinary(head) ||
				m.bytes[:3] == "GIF" && !isGIF(head) {
				continue
			}
			return m.format
		}
	}
	if bytes.Contains(head[:min(len(head), pdfReach)], []byte("%PDF-")) {
		return rules.PDF
	}
	if isDBF(head) {
		return rules.DBF
	}
	return rules.Unrecognized
}

// isGIF reports whether a block of a GIF stands behind its screen and the colors of it (GIF89a, sections 18 to 20). A script or a table
// may begin with the six letters as well.
func isGIF(head []byte) bool {
	const screen, colors, perColor = 13, 0x80, 3
	if len(head) <= screen {
		return isBinary(head)
	}
	block := screen
	if packed := head[10]; packed&colors != 0 {
		block += perColor << (packed&7 + 1)
	}
	if block >= len(head) {
		return isBinary(head)
	}
	return (head[block] == ',' || head[block] == '!' || head[block] == ';') && isBinary(head)
}

// isDBF reports whether head is that of a dBASE table: a version byte, a date, and a header whose length fits its fields
// (dBASE file structure, table 2).
func isDBF(head []byte) bool {
	if len(head) < 65 {
		return false
	}
	switch head[0] {
	case 0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x43, 0x83, 0x8B, 0x8C, 0xCB, 0xF5:
	default:
		return false
	}
	length := int(head[8]) | int(head[9])<<8
	return head[2] >= 1 && head[2] <= 12 && head[3] >= 1 && head[3] <= 31 && length >= 65 && head[32] >= 'A' && head[32] <= 'z'
}

// isBinary reports whether head holds bytes that no text has (MIME Sniffing Standard, section 3, binary data byte), but
// for escape and the odd form feed.
func isBinary(head []byte) bool {
	controls := 0
	for _, b := range head {
		if binaryBytes[b] {
			if b == 0 {
				return true
			}
			controls++
		}
	}
	return controls > len(head)/64
}

var binaryBytes = func() (is [256]bool) {
	for b := range 0x20 {
		is[b] = b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1B && b != 0x0B
	}
	return is
}()

// declaredFormat is what a Content-Type says, as far as it helps with text. Unrecognized is nothing.
func declaredFormat(contentType string) rules.Format {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if format, ok := declaredTypes[kind]; ok {
		return format
	}
	switch {
	case strings.HasSuffix(kind, "+json"):
		return rules.JSON
	case strings.HasSuffix(kind, "+xml"):
		return rules.XML
	case strings.HasPrefix(kind, "multipart/"):
		return rules.Multipart
	case strings.HasPrefix(kind, "application/grpc"):
		return rules.GRPC
	}
	return rules.Unrecognized
}

var declaredTypes = map[string]rules.Format{
	"text/csv": rules.CSV, "text/tab-separated-values": rules.CSV, "application/csv": rules.CSV, "text/comma-separated-values": rules.CSV,
	"application/json": rules.JSON, "text/json": rules.JSON, "application/x-ndjson": rules.NDJSON, "application/ndjson": rules.NDJSON,
	"application/jsonl": rules.NDJSON, "application/json-lines": rules.NDJSON, "application/json-seq": rules.NDJSON,
	"text/html": rules.HTML, "application/xhtml+xml": rules.HTML, "text/xml": rules.XML, "application/xml": rules.XML,
	"application/sql": rules.SQL, "text/event-stream": rules.EventStream, "text/vcard": rules.VCard, "text/x-vcard": rules.VCard,
	"text/calendar": rules.ICalendar, "text/css": rules.CSS, "text/javascript": rules.JavaScript, "application/javascript": rules.JavaScript,
	"application/x-javascript": rules.JavaScript, "text/ecmascript": rules.JavaScript, "message/rfc822": rules.EMail, "application/mbox": rules.MBox,
	"application/protobuf": rules.GRPC, "application/x-protobuf": rules.GRPC, "application/vnd.google.protobuf": rules.GRPC,
	"application/x-www-form-urlencoded": rules.Text, "text/plain": rules.Text,
}

// namedFormat is what the end of a file name says, as far as it helps with text.
func namedFormat(name string) rules.Format {
	return namedTypes[strings.ToLower(path.Ext(name))]
}

var namedTypes = map[string]rules.Format{
	".csv": rules.CSV, ".tsv": rules.CSV, ".tab": rules.CSV, ".psv": rules.CSV, ".json": rules.JSON, ".geojson": rules.JSON, ".ndjson": rules.NDJSON,
	".jsonl": rules.NDJSON, ".html": rules.HTML, ".htm": rules.HTML, ".xhtml": rules.HTML, ".xml": rules.XML, ".sql": rules.SQL, ".vcf": rules.VCard,
	".ics": rules.ICalendar, ".css": rules.CSS, ".js": rules.JavaScript, ".mjs": rules.JavaScript, ".eml": rules.EMail, ".mbox": rules.MBox,
	".slk": rules.SYLK, ".dif": rules.DIF,
}
