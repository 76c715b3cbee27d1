package extract

import (
	"stanch/rules"
)

func readXLSB(p parts, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	return rules.XLSB, rules.Unscannable, rules.UnknownFormat
}

func readODS(p parts, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	return rules.ODS, rules.Unscannable, rules.UnknownFormat
}
