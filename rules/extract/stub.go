package extract

import "stanch/rules"

// SniffLength is how many bytes from the start of a body Sniff wants to see, unless the body is shorter.
const SniffLength = 1024

// Sniff tells the format by content first, declared type second, name last.
func Sniff(head []byte, contentType, name string) rules.Format { return rules.Text }

// NewReader returns a reader for a flat format, or nil when the format is a document or not readable at all.
func NewReader(format rules.Format, options Options) Reader { return nil }
