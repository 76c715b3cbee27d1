package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Confidence says how sure a detector is that a value is what it looks like. The zero value is no confidence at all.
type Confidence uint8

// The confidences, in order.
const (
	Low Confidence = iota + 1
	Medium
	High
)

// Strength says how well an identifier names a person.
type Strength uint8

// The strengths. One strong identifier, or two different weak ones in one record, make a data subject; a special category
// value only counts beside one.
const (
	Weak Strength = iota
	Strong
	Special
)

// Action is what is done to a response. A higher action includes the lower ones' hardening and always wins.
type Action uint8

// The actions, in order.
const (
	Pass Action = iota
	Harden
	Redact
	Block
)

// Mode says whether a rule acts or only records what it would have done.
type Mode uint8

// The modes.
const (
	Enforce Mode = iota
	Monitor
)

// Status says how much of a body was inspected.
type Status uint8

// The statuses.
const (
	Complete Status = iota
	Partial
	Unscannable
)

// Reason says why a body was not inspected completely.
type Reason uint8

// The reasons. NoReason goes with Complete only.
const (
	NoReason Reason = iota
	Encrypted
	Corrupt
	TooLarge
	TooDeep
	Ratio
	UnknownFormat
	UnknownCoding
	UnknownCharset
	Deadline
	Internal
)

// Format is the kind of a body, by its content.
type Format uint8

// The formats. UnknownFormatBody is what none of the others fits; Empty is a body without bytes.
const (
	Unrecognized Format = iota
	Empty
	Text
	CSV
	HTML
	JSON
	NDJSON
	XML
	SQL
	EventStream
	JavaScript
	CSS
	Multipart
	VCard
	ICalendar
	Fields
	EMail
	MBox
	RTF
	XLSX
	XLSM
	XLSB
	XLS
	ODS
	FODS
	SYLK
	DIF
	DBF
	DOCX
	PPTX
	ODT
	ODP
	DOC
	PPT
	MSG
	OLE
	PDF
	SQLite
	Parquet
	ZIP
	TAR
	GZIP
	BZIP2
	XZ
	ZSTD
	SevenZip
	RAR
	Image
	Media
	Font
	Binary
	GRPC
	Encoded // files in uuencode, yEnc or Ascii85
)

// RedactionStyle is how a redacted value looks.
type RedactionStyle uint8

// The styles: Mask writes one '*' per byte and keeps the length, Label names the detector, Hash writes a keyed pseudonym, Remove leaves nothing.
const (
	Mask RedactionStyle = iota
	Label
	Hash
	Remove
)

// BudgetScope says whose reading a Budget adds up.
type BudgetScope uint8

// The scopes.
const (
	ByClient BudgetScope = iota
	ByRoute
	ByAll
)

var (
	confidenceNames = []string{"", "low", "medium", "high"}
	strengthNames   = []string{"weak", "strong", "special"}
	actionNames     = []string{"pass", "harden", "redact", "block"}
	modeNames       = []string{"enforce", "monitor"}
	statusNames     = []string{"complete", "partial", "unscannable"}
	reasonNames     = []string{"", "encrypted", "corrupt", "too_large", "too_deep", "ratio", "unknown_format", "unknown_coding",
		"unknown_charset", "deadline", "internal"}
	formatNames = []string{"unknown", "empty", "text", "csv", "html", "json", "ndjson", "xml", "sql", "event_stream", "javascript", "css",
		"multipart", "vcard", "icalendar", "fields", "email", "mbox", "rtf", "xlsx", "xlsm", "xlsb", "xls", "ods", "fods", "sylk", "dif", "dbf",
		"docx", "pptx", "odt", "odp", "doc", "ppt", "msg", "ole", "pdf", "sqlite", "parquet", "zip", "tar", "gzip", "bzip2", "xz",
		"zstd", "7z", "rar", "image", "media", "font", "binary", "grpc", "encoded"}
	styleNames = []string{"mask", "label", "hash", "remove"}
	scopeNames = []string{"client", "route", "all"}
)

func (c Confidence) String() string     { return nameOf(c, confidenceNames) }
func (s Strength) String() string       { return nameOf(s, strengthNames) }
func (a Action) String() string         { return nameOf(a, actionNames) }
func (m Mode) String() string           { return nameOf(m, modeNames) }
func (s Status) String() string         { return nameOf(s, statusNames) }
func (r Reason) String() string         { return nameOf(r, reasonNames) }
func (f Format) String() string         { return nameOf(f, formatNames) }
func (s RedactionStyle) String() string { return nameOf(s, styleNames) }
func (s BudgetScope) String() string    { return nameOf(s, scopeNames) }

// UnmarshalText reads a confidence by its name.
func (c *Confidence) UnmarshalText(text []byte) error {
	return parseName(c, "confidence", confidenceNames, text)
}

// UnmarshalText reads a strength by its name.
func (s *Strength) UnmarshalText(text []byte) error {
	return parseName(s, "strength", strengthNames, text)
}

// UnmarshalText reads an action by its name.
func (a *Action) UnmarshalText(text []byte) error { return parseName(a, "action", actionNames, text) }

// UnmarshalText reads a mode by its name.
func (m *Mode) UnmarshalText(text []byte) error { return parseName(m, "mode", modeNames, text) }

// UnmarshalText reads a format by its name.
func (f *Format) UnmarshalText(text []byte) error { return parseName(f, "format", formatNames, text) }

// UnmarshalText reads a redaction style by its name.
func (s *RedactionStyle) UnmarshalText(text []byte) error {
	return parseName(s, "style", styleNames, text)
}

// UnmarshalText reads a budget scope by its name.
func (s *BudgetScope) UnmarshalText(text []byte) error {
	return parseName(s, "scope", scopeNames, text)
}

// MarshalText writes the name that UnmarshalText reads.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// MarshalText writes the action's name.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// MarshalText writes the format's name.
func (f Format) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Formats returns every format, in order: the closed set for metric labels. The caller owns the slice.
func Formats() []Format { return all[Format](formatNames) }

// Reasons returns every reason but NoReason, in order. The caller owns the slice.
func Reasons() []Reason { return all[Reason](reasonNames)[1:] }

// Actions returns every action, in order. The caller owns the slice.
func Actions() []Action { return all[Action](actionNames) }

func all[T ~uint8](names []string) []T {
	values := make([]T, len(names))
	for i := range values {
		values[i] = T(i)
	}
	return values
}

func nameOf[T ~uint8](value T, names []string) string {
	if int(value) < len(names) {
		return names[value]
	}
	return fmt.Sprintf("invalid(%d)", uint8(value))
}

// parseName sets value by its name; the error lists the names that are allowed and the nearest one.
func parseName[T ~uint8](value *T, kind string, names []string, text []byte) error {
	if i := slices.Index(names, string(text)); i >= 0 && len(text) > 0 {
		*value = T(i)
		return nil
	}
	allowed := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" })
	return &NameError{Kind: kind, Got: string(text), Allowed: allowed}
}

// A NameError is returned when a word is none of those allowed.
type NameError struct {
	Kind    string
	Got     string
	Allowed []string
}

// Error says what is allowed.
func (e *NameError) Error() string {
	return fmt.Sprintf("%q is no %s; allowed are %s", e.Got, e.Kind, strings.Join(e.Allowed, ", "))
}

// Hint returns the allowed name nearest to the wrong one, or "" when none is near.
func (e *NameError) Hint() string { return Nearest(e.Got, e.Allowed) }
