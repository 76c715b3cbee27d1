package extract

import (
	"strings"

	"stanch/rules"
)

// NewReader returns a reader for a flat format, or nil when the format is a document or not readable at all.
//
// The reader also implements Transcoder.
func NewReader(format rules.Format, options Options) Reader {
	head := options.Head
	options.Head = nil // the caller's
	if format == rules.GRPC {
		return newProtoReader(options)
	}
	if inner := newPlainReader(format, options); inner != nil {
		if decoder := undeclaredLayer(format, head); decoder != nil {
			inner = newLayerReader(inner, decoder)
		}
		return newCharsetReader(inner, options)
	}
	return nil
}

// newPlainReader returns a reader of text in UTF-8.
func newPlainReader(format rules.Format, options Options) Reader {
	switch format {
	case rules.Text, rules.JavaScript, rules.CSS, rules.Empty:
		if isForm(options.ContentType) {
			return newLayerReader(newTextReader(format), formDecoder{})
		}
		return newTextReader(format)
	case rules.CSV:
		return newCSVReader(options)
	case rules.JSON, rules.NDJSON:
		return newJSONReader(format, options)
	case rules.EventStream:
		return newLayerReader(newJSONReader(format, options), &eventDecoder{})
	case rules.VCard, rules.ICalendar:
		return newCardReader(format, options)
	case rules.Fields:
		return newFieldsReader(options)
	case rules.SQL:
		return newSQLReader(options)
	case rules.XML:
		return newXMLReader(options)
	case rules.HTML:
		return newHTMLReader(options)
	}
	return nil
}

var _ Transcoder = (*charsetReader)(nil)

// isForm reports whether a declared type is that of URL-encoded forms.
func isForm(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(contentType), "application/x-www-form-urlencoded")
}
