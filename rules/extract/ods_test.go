package extract

import (
	"bytes"
	"testing"
	"time"

	"stanch/rules"
)

// packageReaders are the readers of spreadsheets that are packages.
var packageReaders = map[string]func(parts, Options, func(*Batch)) (rules.Format, rules.Status, rules.Reason){
	"ods": readODS, "xlsb": readXLSB, "xlsx": readXLSX,
}

func TestPackagesShared(t *testing.T) {
	for _, d := range sharedDocuments(t, "ods", "xlsb") {
		start := time.Now()
		p, err := openZipParts(bytes.NewReader(d.body), int64(len(d.body)))
		if err != nil {
			t.Fatal(err)
		}
		all := &readAll{t: t}
		format, status, reason := packageReaders[d.Format](p, testOptions(), all.emit)
		t.Logf("%s: %v %v %v, %d cells, %v", d.Path, format, status, reason, all.cells, time.Since(start).Round(time.Millisecond))
		if status != rules.Complete || all.cells == 0 {
			t.Errorf("%s: %v because %v, %d cells", d.Path, status, reason, all.cells)
		}
	}
}
