package extract

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"stanch/rules"
)

// partKind is what a part of a package is, by its first bytes: names and declared types are hints that can lie.
type partKind uint8

const (
	partOther    partKind = iota // no XML: a picture, a file of its own. Whoever opened the container reads those
	partXML                      // XML of any vocabulary
	partWorkbook                 // root element workbook, and so on
	partStrings
	partStyles
	partSheet
	partRelations
	partCalculation
)

// sniffLength is how many bytes of a part tell its kind: enough for the declaration, a comment and the root element's name.
const sniffLength = 4096

// An xlsxReader reads one workbook in Office Open XML.
type xlsxReader struct {
	*reading
	parts   parts
	scanner xmlScanner
	kinds   map[string]partKind
	strings *stringTable
	used    bitSet // strings that a cell has shown
	numbers numberStyle
	value   []byte // scratch of a cell's value
	formula []byte // scratch of a cell's formula

	out     *packageRewriter // takes the parts over when the workbook is redacted; else nil
	blanked bitSet           // strings that were redacted in a cell
	unlinks bool             // a cell has lost its formula

	workbook, table string // the parts that list the sheets and the strings
}

// A xlsxTab is a sheet as the workbook lists it.
type xlsxTab struct{ title, part string }

// readXLSX reads all XML parts of a workbook.
func readXLSX(p parts, options Options, emit func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	x := newXLSXReader(p, &reading{options: options, emit: emit})
	defer x.strings.free()
	x.read()
	format := rules.XLSX
	for _, name := range p.Names() {
		if strings.HasSuffix(strings.ToLower(name), "vbaproject.bin") {
			format = rules.XLSM
		}
	}
	status, reason := x.result()
	return format, status, reason
}

// newXLSXReader makes a reader whose string table is to be freed.
func newXLSXReader(p parts, r *reading) *xlsxReader {
	return &xlsxReader{reading: r, parts: p, kinds: make(map[string]partKind), strings: newStringTable(&r.options.Limits)}
}

// read reads strings and styles first, the sheets in their order, then all other parts.
func (x *xlsxReader) read() {
	for _, name := range x.parts.Names() {
		x.kinds[name] = x.sniffPart(name)
	}
	x.workbook = x.findWorkbook()
	relations := x.relations(x.workbook)
	tabs := x.readWorkbook(x.workbook, relations)
	x.readStyles(x.related(relations, partStyles))
	x.table = x.related(relations, partStrings)
	x.readStrings(x.table)
	done := map[string]bool{x.workbook: true, x.table: true}
	for _, tab := range tabs {
		if !done[tab.part] {
			done[tab.part] = true
			x.readSheet(tab)
		}
	}
	for _, name := range x.sorted(partSheet) {
		if !done[name] {
			done[name] = true
			x.readSheet(xlsxTab{name, name})
		}
	}
	x.readUnused(x.table)
	for _, name := range x.parts.Names() {
		if !done[name] && x.kinds[name] != partOther {
			done[name] = true
			x.readPart(name, nil)
		}
	}
}

// sorted lists the parts of a kind by name.
func (x *xlsxReader) sorted(kind partKind) []string {
	var names []string
	for name, k := range x.kinds {
		if k == kind {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// sniffPart looks at the beginning of a part.
func (x *xlsxReader) sniffPart(name string) partKind {
	if strings.HasSuffix(name, "/") {
		return partOther
	}
	body, err := x.parts.Open(name)
	if err != nil {
		x.fail(reasonOf(err))
		return partOther
	}
	defer body.Close()
	var head [8]byte
	n, _ := io.ReadFull(body, head[:])
	if bytes.IndexByte(head[:n], '<') < 0 {
		return partOther
	}
	x.scanner.reset(io.MultiReader(bytes.NewReader(head[:n]), io.LimitReader(body, sniffLength)))
	for {
		switch x.scanner.next() {
		case xmlOpen:
			return rootKind(x.scanner.name)
		case xmlEnd:
			return partXML // not readable as XML: the reader of the part will say why
		}
	}
}

// rootKind is what a part with this root element is.
func rootKind(name []byte) partKind {
	switch string(name) {
	case "workbook":
		return partWorkbook
	case "sst":
		return partStrings
	case "styleSheet":
		return partStyles
	case "worksheet", "dialogsheet", "macrosheet":
		return partSheet
	case "Relationships":
		return partRelations
	case "calcChain":
		return partCalculation
	}
	return partXML
}

// findWorkbook is the part that the package's relations lead to, or else the first that is a workbook.
func (x *xlsxReader) findWorkbook() string {
	for _, target := range x.relations("") {
		if x.kinds[target] == partWorkbook {
			return target
		}
	}
	if names := x.sorted(partWorkbook); len(names) > 0 {
		return names[0]
	}
	return ""
}

// related is the part of a kind that the relations lead to, or else the first of the kind.
func (x *xlsxReader) related(relations map[string]string, kind partKind) string {
	found := ""
	for _, target := range relations {
		if x.kinds[target] == kind && (found == "" || target < found) {
			found = target
		}
	}
	if names := x.sorted(kind); found == "" && len(names) > 0 {
		found = names[0]
	}
	return found
}

// maxRelations is how many relations of a workbook are followed: one a sheet, and few others.
const maxRelations = 1 << 14

// relations are the parts that a part refers to, by id. The package's own are those of the part "".
func (x *xlsxReader) relations(name string) map[string]string {
	dir, base := path.Split(name)
	file := dir + "_rels/" + base + ".rels"
	if x.kinds[file] != partRelations {
		return nil
	}
	body, err := x.parts.Open(file)
	if err != nil {
		return nil
	}
	defer body.Close()
	found := make(map[string]string)
	x.scanner.reset(body)
	for len(found) < maxRelations {
		switch x.scanner.next() {
		case xmlOpen:
			if string(x.scanner.name) == "Relationship" {
				target := string(appendUnescaped(nil, x.scanner.attr("Target")))
				if !strings.HasPrefix(target, "/") {
					target = dir + target
				}
				found[string(x.scanner.attr("Id"))] = strings.TrimPrefix(path.Clean("/"+target), "/")
			}
		case xmlEnd:
			return found // what is wrong with the part is said when its text is read
		}
	}
	return found
}

// readWorkbook reads the list of sheets, the way days are counted, and the defined names.
func (x *xlsxReader) readWorkbook(name string, relations map[string]string) []xlsxTab {
	var tabs []xlsxTab
	x.readPart(name, func(kind xmlKind) {
		if kind != xmlOpen {
			return
		}
		switch string(x.scanner.name) {
		case "workbookPr":
			switch string(x.scanner.attr("date1904")) {
			case "1", "true", "on":
				x.numbers.date1904 = true
			}
		case "sheet":
			if part := relations[string(x.scanner.attr("id"))]; x.kinds[part] == partSheet && len(tabs) < maxRelations {
				tabs = append(tabs, xlsxTab{string(appendUnescaped(nil, x.scanner.attr("name"))), part})
			}
		}
	})
	return tabs
}

// readPart reads the text of an XML part and shows each token to see, which may be nil.
func (x *xlsxReader) readPart(name string, see func(xmlKind)) {
	if name == "" {
		return
	}
	body, err := x.parts.Open(name)
	if err != nil {
		x.fail(reasonOf(err))
		return
	}
	defer body.Close()
	x.begin(name, body)
	text := newPartText(x.reading, &x.scanner, name)
	for {
		kind := x.scanner.next()
		if see != nil {
			see(kind)
		}
		text.take(kind)
		if kind == xmlEnd || x.full {
			break
		}
	}
	x.end()
}

// begin starts to scan a part, which is handed on while the workbook is redacted.
func (x *xlsxReader) begin(name string, body io.Reader) {
	if x.out != nil {
		x.scanner.copy = x.out.begin(name)
	}
	x.scanner.reset(body)
}

// end notes what was wrong with the part that begin started.
func (x *xlsxReader) end() {
	if x.scanner.reason != rules.NoReason {
		x.fail(x.scanner.reason)
	}
	if x.scanner.copy != nil {
		if err := x.out.end(&x.scanner); err != nil {
			x.fail(rules.Internal)
		}
	}
}

// maxStyles is how many cell styles are told apart, a little above the limit of the format (65,490).
const maxStyles = 1 << 16

// readStyles learns which styles show numbers as dates or in a pattern.
func (x *xlsxReader) readStyles(name string) {
	codes := make(map[string]numberFormat)
	inCells := false
	if name == "" {
		return
	}
	body, err := x.parts.Open(name)
	if err != nil {
		return // said when its text is read
	}
	defer body.Close()
	x.scanner.reset(body)
	for {
		kind := x.scanner.next()
		if kind == xmlEnd {
			return
		}
		switch tag := string(x.scanner.name); {
		case kind == xmlOpen && tag == "numFmt" && len(codes) < maxStyles:
			code := string(appendUnescaped(nil, x.scanner.attr("formatCode")))
			codes[string(x.scanner.attr("numFmtId"))] = parseFormat(code)
		case tag == "cellXfs" && (kind == xmlOpen || kind == xmlClose):
			inCells = kind == xmlOpen
		case kind == xmlOpen && tag == "xf" && inCells && len(x.numbers.formats) < maxStyles:
			id := x.scanner.attr("numFmtId")
			format, custom := codes[string(id)]
			if !custom {
				format = builtinFormat(smallNumber(id))
			}
			x.numbers.formats = append(x.numbers.formats, format)
		}
	}
}

// smallNumber reads an index or count; what is none is -1.
func smallNumber(digits []byte) int {
	const limit = 1 << 40
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' || n > limit {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	if len(digits) == 0 {
		return -1
	}
	return n
}

// A bitSet holds small numbers.
type bitSet []uint64

// add puts n in and reports whether it was new.
func (b *bitSet) add(n int) bool {
	word, bit := n/64, uint64(1)<<(n%64)
	if word >= len(*b) {
		*b = append(*b, make([]uint64, word+1-len(*b))...)
	}
	fresh := (*b)[word]&bit == 0
	(*b)[word] |= bit
	return fresh
}

// has reports whether n is in the set.
func (b bitSet) has(n int) bool { return n/64 < len(b) && b[n/64]>>(n%64)&1 == 1 }
