package extract

import (
	"bufio"
	"bytes"
	"io"
	"strconv"

	"stanch/rules"
)

// Limits of one PDF file, beside those of its objects.
const (
	maxPDFPages = 50_000
	maxPDFFonts = 512
	maxPDFTree  = 64 // page tree nodes within each other
)

// A pdfReader reads the text of a PDF file: pages, forms, fields, annotations, bookmarks, properties, attached files.
type pdfReader struct {
	*pdfFile
	out    *textWriter
	fonts  map[int32]*pdfFont
	seen   map[int32]bool // objects that were read as content
	page   int
	asides []string // replacement texts of the page that is being read
}

// readPDF reads a PDF file.
func readPDF(s *source) (rules.Format, outcome) {
	f := &pdfFile{source: s, places: map[int32]pdfPlace{}, lexer: newPDFLexer(bytes.NewReader(nil))}
	f.scan()
	if len(f.places) == 0 {
		readStrings(s)
		return rules.PDF, unscannable(rules.Corrupt)
	}
	r := &pdfReader{pdfFile: f, out: s.text(), fonts: map[int32]*pdfFont{}, seen: map[int32]bool{}}
	if !r.unlock() {
		return rules.PDF, unscannable(rules.Encrypted)
	}
	r.openObjectStreams()
	r.tally.read = true
	r.pages()
	r.rest()
	r.out.flush()
	if o, ok := readTailArchive(s); ok {
		r.tally.add(o)
	}
	r.tally.fail(s.meter.reason)
	return rules.PDF, r.tally.outcome()
}

// unlock looks for encryption in all trailers, and reports whether the file can be read.
func (r *pdfReader) unlock() bool {
	trailers := r.trailers
	for _, n := range r.numbers() {
		if !r.meter.ok() {
			break
		}
		if o := r.object(n); o.get("Type").name() == "XRef" {
			trailers = append(trailers, o.value)
		}
	}
	r.trailers = trailers
	for _, t := range trailers {
		entry, ok := t.dict["Encrypt"]
		if !ok {
			continue
		}
		dict := r.resolve(entry)
		if dict.kind != pdfDict {
			continue
		}
		if entry.kind == pdfRef {
			r.seen[int32(entry.number)] = true
		}
		var id []byte
		if list := r.get(t, "ID").array; len(list) > 0 {
			id = r.resolve(list[0]).text
		}
		if r.crypt = newPDFCrypt(r.pdfFile, dict, id); r.crypt == nil {
			return false
		}
		return true
	}
	return true
}

// openObjectStreams finds the objects within object streams.
func (r *pdfReader) openObjectStreams() {
	for _, n := range r.numbers() {
		if !r.meter.ok() {
			return
		}
		if o := r.object(n); o.data != 0 && o.get("Type").name() == "ObjStm" {
			r.seen[n] = true
			r.objectStream(n)
		}
	}
}

// pages reads the pages in the order of the page tree, then those that no tree leads to.
func (r *pdfReader) pages() {
	for _, t := range r.trailers {
		root := r.get(t, "Root")
		r.tree(root.dict["Pages"], pdfValue{}, 0)
	}
	for _, n := range r.numbers() {
		if !r.meter.ok() {
			return
		}
		if o := r.object(n); o.get("Type").name() == "Page" && !r.seen[n] {
			r.onePage(n, o.value, pdfValue{})
		}
	}
	r.out.at(r.where(""))
}

// tree walks the page tree. Resources are inherited.
func (r *pdfReader) tree(entry, resources pdfValue, depth int) {
	if depth > maxPDFTree || r.page > maxPDFPages || !r.meter.ok() {
		return
	}
	number := int32(0)
	if entry.kind == pdfRef {
		if number = int32(entry.number); r.seen[number] {
			return
		}
		r.seen[number] = true
	}
	node := r.resolve(entry)
	if own, ok := node.dict["Resources"]; ok {
		resources = own
	}
	kids := r.get(node, "Kids")
	if kids.kind == pdfArray {
		for _, kid := range kids.array {
			r.tree(kid, resources, depth+1)
		}
		return
	}
	if node.kind == pdfDict {
		r.onePage(number, node, resources)
	}
}

// onePage reads the content of a page.
func (r *pdfReader) onePage(number int32, page, resources pdfValue) {
	r.page++
	r.seen[number] = true
	if own, ok := page.dict["Resources"]; ok {
		resources = own
	}
	r.out.at(r.where("page " + strconv.Itoa(r.page)))
	c := &pdfContent{pdfReader: r, resources: r.resolve(resources)}
	c.state = pdfState{ctm: pdfIdentity, scale: 1}
	c.text, c.line = pdfIdentity, pdfIdentity
	contents := []pdfValue{page.dict["Contents"]}
	if v := r.resolve(contents[0]); v.kind == pdfArray {
		contents = v.array
	}
	var streams []io.Reader
	for _, v := range contents {
		o := r.resolveObject(v)
		if o.data == 0 {
			continue
		}
		r.seen[o.number] = true
		from, err := r.open(&o)
		if err != nil {
			r.tally.fail(r.errReason(err))
			continue
		}
		streams = append(streams, from, bytes.NewReader([]byte{'\n'}))
	}
	c.interpret(io.MultiReader(streams...)) // an operator may have its operands in the stream before
	c.finish()
	for _, text := range r.asides {
		r.out.writeString(text)
		r.out.line()
	}
	r.asides = r.asides[:0]
}

// rest reads what is no page: all strings of all objects, older versions included, and the streams that no page led to.
func (r *pdfReader) rest() {
	for _, t := range r.trailers {
		r.values(t, "", 0)
	}
	for _, n := range r.numbers() {
		if !r.meter.ok() {
			return
		}
		if o := r.object(n); o.value.kind != pdfNull {
			r.restOf(&o)
		}
	}
	for _, place := range r.older {
		if !r.meter.ok() {
			return
		}
		o := r.objectAt(0, place)
		r.restOf(&o)
	}
}

func (r *pdfReader) restOf(o *pdfObject) {
	switch o.get("Type").name() {
	case "XRef", "ObjStm":
		return
	}
	if _, isEncrypt := o.value.dict["StmF"]; isEncrypt && r.seen[o.number] {
		return
	}
	r.values(o.value, "", 0)
	if o.data == 0 || o.number != 0 && r.seen[o.number] {
		return
	}
	r.stream(o)
}

// values writes the strings within a value, but for those that are no text by their key.
func (r *pdfReader) values(v pdfValue, key string, depth int) {
	switch v.kind {
	case pdfString:
		switch key {
		case "ID", "O", "U", "OE", "UE", "Perms", "CheckSum", "Panose", "Cert", "Lookup", "ColorSpace", "CS":
			return
		}
		r.out.writeString(pdfText(v.text))
		r.out.line()
	case pdfArray:
		for _, element := range v.array {
			r.values(element, key, depth+1)
		}
	case pdfDict:
		for _, name := range sortedKeys(v.dict) {
			r.values(v.dict[name], name, depth+1)
		}
	}
}

// stream reads a stream that no page led to: an attached file, metadata, a form, a script. Fonts, color profiles and images
// hold no text.
func (r *pdfReader) stream(o *pdfObject) {
	subtype := o.get("Subtype").name()
	for _, key := range []string{"Length1", "N", "FunctionType", "PatternType", "ShadingType", "BitsPerComponent", "Width"} {
		if _, ok := o.value.dict[key]; ok && o.get("Type").name() != "EmbeddedFile" && subtype != "Form" {
			return
		}
	}
	switch subtype {
	case "Image", "Type1C", "CIDFontType0C", "OpenType":
		return
	case "Form":
		c := &pdfContent{pdfReader: r, state: pdfState{ctm: pdfIdentity, scale: 1}, text: pdfIdentity, line: pdfIdentity}
		c.form(o)
		c.finish()
		return
	}
	from, err := r.open(o)
	if err == errPDFImage {
		return
	}
	if err != nil {
		r.tally.fail(r.errReason(err))
		return
	}
	buffered := bufio.NewReader(from)
	head, _ := buffered.Peek(256)
	if bytes.Contains(head, []byte("/CIDInit")) || bytes.Contains(head, []byte("begincmap")) {
		return
	}
	r.out.flush()
	attached := o.get("Type").name() == "EmbeddedFile"
	name := "stream " + strconv.Itoa(int(o.number))
	if attached {
		name = "attachment " + strconv.Itoa(int(o.number))
	}
	r.tally.addMember(r.member(name, buffered), !attached, "")
}
