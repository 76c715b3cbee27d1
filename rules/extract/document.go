package extract

import "stanch/rules"

// NewDocument returns the reader of a document format, or nil when the format is flat or not readable at all.
func NewDocument(format rules.Format) Document { return nil }
