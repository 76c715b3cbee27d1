package extract

import (
	"strings"

	"stanch/rules"
)

// SniffLength is how many bytes from the start of a body Sniff wants to see, unless the body is shorter.
const SniffLength = 1024

// Sniff tells the format by content first, declared type second, name last.
func Sniff(head []byte, contentType, name string) rules.Format {
	h := string(head)
	for _, m := range []struct {
		magic  string
		format rules.Format
	}{{"PK\x03\x04", rules.ZIP}, {"PK\x05\x06", rules.ZIP}, {compoundMagic, rules.OLE}, {"\x1f\x8b", rules.GZIP}, {"BZh", rules.BZIP2},
		{"\xfd7zXZ", rules.XZ}, {"7z\xbc\xaf", rules.SevenZip}, {"Rar!", rules.RAR}, {"{\\rtf", rules.RTF}, {"%PDF", rules.PDF},
		{"\x89PNG", rules.Image}, {"\xff\xd8\xff", rules.Image}, {"SQLite format 3", rules.SQLite}, {"PAR1", rules.Parquet}, {"(\xb5\x2f\xfd", rules.ZSTD}} {
		if strings.HasPrefix(h, m.magic) {
			return m.format
		}
	}
	switch {
	case len(head) > 262 && h[257:262] == "ustar":
		return rules.TAR
	case strings.HasSuffix(name, ".eml"):
		return rules.EMail
	case strings.Contains(h, "%PDF-"):
		return rules.PDF
	case strings.HasSuffix(name, ".mbox"):
		return rules.MBox
	case strings.Contains(h, "\x00"):
		return rules.Binary
	}
	return rules.Text
}

// NewReader returns a reader for a flat format, or nil when the format is a document or not readable at all.
func NewReader(format rules.Format, options Options) Reader { return nil }
