package extract

import (
	"io"

	"stanch/rules"
)

func readXLSB(p parts, r *reading) rules.Format {
	r.fail(rules.UnknownFormat)
	return rules.XLSB
}

func readODS(p parts, r *reading) rules.Format {
	r.fail(rules.UnknownFormat)
	return rules.ODS
}

func readXLS(file io.ReaderAt, size int64, r *reading) rules.Format {
	r.fail(rules.UnknownFormat)
	return rules.XLS
}
