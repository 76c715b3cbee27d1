package extract

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/iotest"

	"stanch/rules"
)

// memoryParts are the members of a package that exists in memory only.
type memoryParts []member

func (m memoryParts) Names() []string {
	var names []string
	for _, p := range m {
		names = append(names, p.name)
	}
	return names
}

func (m memoryParts) Open(name string) (io.ReadCloser, error) {
	for _, p := range m {
		if p.name == name {
			return io.NopCloser(bytes.NewReader([]byte(p.body))), nil
		}
	}
	return nil, fs.ErrNotExist
}

// fuzzOptions bound what one input may cost.
func fuzzOptions() Options { return Options{Places: true, Limits: Limits{Expanded: 1 << 24}} }

// seedParts adds the parts of real packages whose names pass, as seeds, and fails when there are none besides made ones.
func seedParts(f *testing.F, add func(body []byte), pass func(name string) bool, formats ...string) {
	const most = 64 << 10 // large seeds slow the search down
	seeds := 0
	for _, d := range optionalDocuments(f, formats...) {
		p, err := openZipParts(bytes.NewReader(d.body), int64(len(d.body)))
		if err != nil {
			continue
		}
		for _, name := range p.Names() {
			if !pass(name) {
				continue
			}
			part, err := p.Open(name)
			if err != nil {
				continue
			}
			body, err := io.ReadAll(io.LimitReader(part, most))
			if err == nil && len(body) < most {
				add(body)
				seeds++
			}
		}
	}
	if seeds == 0 && haveSharedDocuments() {
		f.Fatalf("no seed in the real documents of format %v", formats)
	}
}

func isSheetPart(name string) bool {
	return bytes.Contains([]byte(name), []byte("sheet")) && !bytes.Contains([]byte(name), []byte("_rels"))
}

func FuzzXLSXSheet(f *testing.F) {
	f.Add([]byte(sheetHead+redactRows+sheetTail), []byte(`<sst>`+redactStringsXML+`</sst>`), []byte(stylesXML))
	seedParts(f, func(body []byte) { f.Add(body, []byte(`<sst>`+redactStringsXML+`</sst>`), []byte(stylesXML)) }, isSheetPart, "xlsx", "xlsm")
	f.Fuzz(func(t *testing.T, sheet, table, styles []byte) {
		all := &readAll{t: t}
		p := memoryParts{{"_rels/.rels", packageRels}, {"xl/workbook.xml", workbookXML}, {"xl/_rels/workbook.xml.rels", workbookRels},
			{"xl/worksheets/sheet1.xml", string(sheet)}, {"xl/sharedStrings.xml", string(table)}, {"xl/styles.xml", string(styles)}}
		status := readTwice(t, all, func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return readXLSX(p, fuzzOptions(), emit)
		})
		if status != rules.Complete {
			return
		}
		redactedAgain(t, p)
	})
}

// readTwice reads the same document twice, which must give the same.
func readTwice(t *testing.T, all *readAll, read func(func(*Batch)) (rules.Format, rules.Status, rules.Reason)) rules.Status {
	format, status, reason := read(all.emit)
	if (status == rules.Complete) != (reason == rules.NoReason) {
		t.Fatalf("%v because %v", status, reason)
	}
	again := &readAll{t: t}
	if f, s, r := read(again.emit); f != format || s != status || r != reason || again.cells != all.cells || again.text.String() != all.text.String() {
		t.Fatalf("read twice: %v %v %v with %d cells, then %v %v %v with %d", format, status, reason, all.cells, f, s, r, again.cells)
	}
	return status
}

// redactedAgain redacts a workbook that could be read completely: what comes out can be too, and holds no secret in a cell.
func redactedAgain(t *testing.T, p memoryParts) {
	body := zipOf(t, p...)
	var out bytes.Buffer
	if err := Redact(&out, bytes.NewReader(body), int64(len(body)), rules.XLSX, fuzzOptions(), maskSecrets); err != nil {
		if errors.Is(err, ErrNotWhole) {
			return // the limits of a package are tighter than those of its parts
		}
		t.Fatal(err)
	}
	q, err := openZipParts(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	all := &readAll{t: t}
	if _, status, reason := readXLSX(q, fuzzOptions(), all.emit); status != rules.Complete {
		t.Fatalf("redacted: %v because %v", status, reason)
	}
	for _, v := range all.values {
		if bytes.Contains([]byte(v.Text), []byte(secret)) {
			t.Fatalf("%s is left at %s", secret, v.Where)
		}
	}
}

func FuzzXLSB(f *testing.F) {
	f.Add(xlsbSheetOf(1), xlsbStringsOf(1))
	seedParts(f, func(body []byte) { f.Add(body, xlsbStringsOf(1)) }, isSheetPart, "xlsb")
	f.Fuzz(func(t *testing.T, sheet, table []byte) {
		p := xlsbParts(sheet, table)
		readTwice(t, &readAll{t: t}, func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return readXLSB(p, fuzzOptions(), emit)
		})
	})
}

func FuzzODS(f *testing.F) {
	f.Add([]byte(redactContent))
	seedParts(f, func(body []byte) { f.Add(body) }, func(name string) bool { return name == "content.xml" }, "ods")
	f.Fuzz(func(t *testing.T, content []byte) {
		p := memoryParts{{"content.xml", string(content)}}
		readTwice(t, &readAll{t: t}, func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return readODS(p, fuzzOptions(), emit)
		})
	})
}

func FuzzXLS(f *testing.F) {
	f.Add(redactXLSStream())
	f.Add(xlsStreamOf(3))
	for _, d := range optionalDocuments(f, "xls-biff8", "xls-biff5", "xls-biff5/8", "xls-biff3-stream", "xls-?") {
		if len(d.body) < 64<<10 {
			f.Add(d.body)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		readTwice(t, &readAll{t: t}, func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return readXLS(bytes.NewReader(body), int64(len(body)), fuzzOptions(), emit)
		})
		var out bytes.Buffer
		if err := Redact(&out, bytes.NewReader(body), int64(len(body)), rules.XLS, fuzzOptions(), maskSecrets); err == nil && out.Len() != len(body) {
			t.Fatalf("%d bytes became %d", len(body), out.Len())
		}
	})
}

func FuzzQuattro(f *testing.F) {
	f.Add(quattroNotebook(2))
	f.Add(quattroNotebook(4))
	f.Fuzz(func(t *testing.T, stream []byte) {
		body := compoundOf(compoundPart{"", quattroStream, stream})
		readTwice(t, &readAll{t: t}, func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return document{rules.OLE}.Read(bytes.NewReader(body), int64(len(body)), fuzzOptions(), emit)
		})
	})
}

func FuzzSheetFile(f *testing.F) {
	kinds := []string{"slk", "dif", "dbf", "fods", "spreadsheetml-2003"}
	f.Add(0, []byte("ID;PWXL\nC;Y1;X1;K\"Email\"\nC;X2;K9434765919\nE\n"))
	f.Add(1, []byte("TABLE\n0,1\n\"EXCEL\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"Name\"\n0,1\nV\n-1,0\nEOD\n"))
	f.Add(2, []byte(dbfOf("Jane Doe  19800101")))
	f.Add(3, []byte(redactContent))
	for i, kind := range kinds {
		if kind == "dif" {
			continue // the real file of that name is something else
		}
		for _, d := range optionalDocuments(f, kind) {
			f.Add(i, d.body)
		}
	}
	f.Fuzz(func(t *testing.T, kind int, body []byte) {
		read := fileReaders[kinds[uint(kind)%uint(len(kinds))]]
		readTwice(t, &readAll{t: t}, func(emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
			return read(bytes.NewReader(body), int64(len(body)), fuzzOptions(), emit)
		})
	})
}

// FuzzXMLScan holds that the scanner's tokens do not depend on how the part arrives, and that copying leaves it as it was.
func FuzzXMLScan(f *testing.F) {
	for _, seed := range []string{sheetHead + redactRows + sheetTail, redactContent, workbookRels, "<a b='>'><!-- c --><![CDATA[d]]>&#65;</a>", "\xFF\xFE<\x00a\x00/\x00>\x00", "<?xml " + strings.Repeat(" ", 300) + "encoding='none'?><a/>"} {
		f.Add([]byte(seed))
	}
	seedParts(f, func(body []byte) { f.Add(body) }, isSheetPart, "xlsx")
	f.Fuzz(func(t *testing.T, part []byte) {
		tokens := func(source io.Reader, copyTo io.Writer) (string, rules.Reason, *xmlCopy) {
			var x xmlScanner
			if copyTo != nil {
				x.copy = newXMLCopy(copyTo)
			}
			x.reset(source)
			var all []byte
			for {
				kind := x.next()
				switch kind {
				case xmlEnd:
					if x.copy != nil {
						x.copy.through(x.buf[:x.end], x.copy.base+int64(x.end))
					}
					return string(all), x.reason, x.copy
				case xmlOpen:
					all = append(append(append(all, '<'), x.name...), x.attrs...)
				case xmlClose:
					all = append(append(all, '/'), x.name...)
				case xmlText:
					all = append(all, x.text...) // pieces of text join again
					continue
				case xmlLiteral:
					all = append(append(all, '!'), x.text...)
				}
				all = append(all, '\n')
			}
		}
		var out bytes.Buffer
		whole, reason, copied := tokens(bytes.NewReader(part), &out)
		split, splitReason, _ := tokens(iotest.OneByteReader(bytes.NewReader(part)), nil)
		// Of two faults in one part either may be met first.
		if (reason == rules.NoReason) != (splitReason == rules.NoReason) || reason == rules.NoReason && whole != split {
			t.Fatalf("whole: %v, split: %v", reason, splitReason)
		}
		if reason == rules.NoReason && !copied.transcoded && !bytes.Equal(out.Bytes(), part) {
			t.Fatalf("%d bytes were copied as %d", len(part), out.Len())
		}
	})
}
