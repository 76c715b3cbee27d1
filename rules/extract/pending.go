package extract

import (
	"io"

	"stanch/rules"
)

func readXLSB(p parts, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	return rules.XLSB, rules.Unscannable, rules.UnknownFormat
}

func readODS(p parts, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	return rules.ODS, rules.Unscannable, rules.UnknownFormat
}

func readXLS(file io.ReaderAt, size int64, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	return rules.XLS, rules.Unscannable, rules.UnknownFormat
}

func readOOXMLText(s *source, p parts, format rules.Format) outcome {
	return unscannable(rules.UnknownFormat)
}
func readOpenDocumentText(s *source, p parts) outcome { return unscannable(rules.UnknownFormat) }
