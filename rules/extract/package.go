package extract

import (
	"bytes"
	"io"
	"strings"

	"stanch/rules"
)

// maxContentTypes is how much of a package's list of content types, or of its manifest, is looked at, in bytes.
const maxContentTypes = 1 << 20

// readZIP reads a ZIP archive, or the office document that is packed as one.
func readZIP(s *source) (rules.Format, outcome) {
	z, err := openZIP(s.file, s.size, s.meter)
	if err != nil && len(z.entries) == 0 {
		readStrings(s)
		return rules.ZIP, unscannable(rules.Corrupt)
	}
	format := z.kind()
	z.writeNames(s)
	if packageEncrypted(z, format) {
		return format, unscannable(rules.Encrypted)
	}
	format, o := s.readPackage(z, format)
	return format, z.outcomeWith(o)
}

// readPackage reads the parts of an archive by what it is, and opens as members those that the format's reader leaves out.
func (s *source) readPackage(z *zipFile, format rules.Format) (rules.Format, outcome) {
	var t tally
	reader := packageReader(format)
	if reader != nil {
		precise, status, reason := reader(z, s.nested(), s.relay())
		if precise != rules.Unrecognized {
			format = precise
		}
		t.add(outcome{status, reason})
	}
	for i := range z.entries {
		e := &z.entries[i]
		if !s.meter.ok() {
			break
		}
		if reader == nil || e.unlisted || z.byName[e.name] != i || !z.isPart(i, format) {
			t.addMember(s.zipMember(z, i), reader != nil, e.name)
		}
	}
	return format, t.outcome()
}

// addMember adds the outcome of a part that is no XML. In an office document a part of unknown binary form (printer settings,
// compiled macros) is expected and has been searched for strings; an embedded file is judged like any member.
func (t *tally) addMember(o outcome, office bool, name string) {
	if office && o.reason == rules.UnknownFormat && !strings.Contains(strings.ToLower(name), "embeddings/") {
		return
	}
	t.add(o)
}

// zipMember opens and reads one member of an archive.
func (s *source) zipMember(z *zipFile, index int) outcome {
	e := &z.entries[index]
	if strings.HasSuffix(e.name, "/") && e.unpacked == 0 {
		return outcome{}
	}
	content, err := z.openUnchecked(e)
	if err != nil {
		return unscannable(s.errReason(err))
	}
	defer content.Close()
	return s.member(e.name, content)
}

// writeNames writes what an archive says beside its members: their names, and all comments.
func (z *zipFile) writeNames(s *source) {
	w := s.text()
	defer w.flush()
	for i := range z.entries {
		w.writeString(z.entries[i].name)
		w.line()
		w.writeString(z.entries[i].comment)
		w.line()
	}
	w.writeString(zipText(z.comment, 0))
	w.line()
}

// packageReader returns what reads the parts of an office document, nil for other archives. It leaves out what is no part by
// isPart, and may return Unrecognized when it knows no better than its caller.
func packageReader(format rules.Format) func(parts, Options, func(*Batch)) (rules.Format, rules.Status, rules.Reason) {
	switch format {
	case rules.XLSX, rules.XLSM:
		return readXLSX
	case rules.XLSB:
		return readXLSB
	case rules.ODS:
		return readODS
	case rules.DOCX, rules.PPTX, rules.ODT, rules.ODP:
		return readTextParts
	}
	return nil
}

// isPart reports whether an office document's reader has read a member: what is XML by its first bytes, whatever its name.
func (z *zipFile) isPart(index int, format rules.Format) bool {
	e := &z.entries[index]
	if e.name == "mimetype" || format == rules.XLSB && isBinaryWorkbookPart(e.name) {
		return true
	}
	r, err := z.openUnchecked(e)
	if err != nil {
		return false
	}
	defer r.Close()
	return looksXML(r)
}

// xmlHead is how many bytes of a part show whether it is XML.
const xmlHead = 8

// looksXML reports whether a part starts as XML does, in any encoding.
func looksXML(from io.Reader) bool {
	var head [xmlHead]byte
	n, _ := io.ReadFull(from, head[:])
	return bytes.IndexByte(head[:n], '<') >= 0
}

// isBinaryWorkbookPart reports whether a part is one of XLSB's record streams.
func isBinaryWorkbookPart(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "xl/") && strings.HasSuffix(name, ".bin") &&
		!strings.Contains(name, "vbaproject") && !strings.Contains(name, "embeddings/") && !strings.Contains(name, "printersettings")
}

// kind tells the format of an archive by the parts that office documents must have.
func (z *zipFile) kind() rules.Format {
	if mimetype := z.small("mimetype"); mimetype != nil {
		return openDocumentKind(mimetype)
	}
	if format := officeKind(z.small("[Content_Types].xml")); format != rules.ZIP {
		return format
	}
	names := strings.ReplaceAll(strings.Join(z.Names(), "\n"), `\`, "/") // some programs write the separator of Windows
	return officeKind([]byte(names))                                     // a damaged package: by the parts it has
}

// officeKind tells the kind of an office document by its list of content types, or by the names of its parts.
func officeKind(types []byte) rules.Format {
	has := func(s string) bool { return bytes.Contains(types, []byte(s)) }
	switch {
	case has("ms-excel.sheet.binary") || has("xl/workbook.bin"):
		return rules.XLSB
	case has("ms-excel.sheet.macroEnabled") || has("ms-excel.template.macroEnabled") || has("ms-excel.addin.macroEnabled"):
		return rules.XLSM
	case has("spreadsheetml.sheet.main") || has("spreadsheetml.template.main") || has("xl/workbook.xml") || has("spreadsheetml.worksheet"):
		return rules.XLSX
	case has("wordprocessingml.document.main") || has("wordprocessingml.template.main") || has("ms-word.document.macroEnabled") ||
		has("ms-word.template.macroEnabled") || has("word/document.xml"):
		return rules.DOCX
	case has("presentationml.presentation.main") || has("presentationml.template.main") || has("presentationml.slideshow.main") ||
		has("ms-powerpoint.") || has("ppt/presentation.xml"):
		return rules.PPTX
	}
	return rules.ZIP
}

func openDocumentKind(mimetype []byte) rules.Format {
	const prefix = "application/vnd.oasis.opendocument."
	kind, ok := strings.CutPrefix(strings.TrimSpace(string(mimetype)), prefix)
	switch {
	case !ok:
		return rules.ZIP
	case strings.HasPrefix(kind, "spreadsheet"):
		return rules.ODS
	case strings.HasPrefix(kind, "presentation"), strings.HasPrefix(kind, "graphics"):
		return rules.ODP
	case strings.HasPrefix(kind, "text"):
		return rules.ODT
	}
	return rules.ZIP
}

// packageEncrypted reports whether an OpenDocument's manifest says that its parts are encrypted, or every member of an archive is.
func packageEncrypted(z *zipFile, format rules.Format) bool {
	switch format {
	case rules.ODS, rules.ODT, rules.ODP:
		return bytes.Contains(z.small("META-INF/manifest.xml"), []byte("encryption-data"))
	}
	return false
}

// small reads a short part, or the start of a long one; nil when it cannot be read. Case does not matter in its name.
func (z *zipFile) small(name string) []byte {
	for i := range z.entries {
		if !strings.EqualFold(z.entries[i].name, name) {
			continue
		}
		r, err := z.openUnchecked(&z.entries[i])
		if err != nil {
			return nil
		}
		defer r.Close()
		text, _ := io.ReadAll(io.LimitReader(r, maxContentTypes))
		return text
	}
	return nil
}

// readTailArchive looks for a ZIP archive at the end of a file of another format, and reads it when there is one.
func readTailArchive(s *source) (outcome, bool) {
	const tail = zipEndLength + zipMostComment
	buffer := make([]byte, min(s.size, tail))
	s.file.ReadAt(buffer, s.size-int64(len(buffer)))
	if !bytes.Contains(buffer, []byte("PK\x05\x06")) {
		return outcome{}, false
	}
	z, err := openZIP(s.file, s.size, s.meter)
	if err != nil || len(z.entries) == 0 {
		return outcome{}, false
	}
	z.writeNames(s)
	var t tally
	for i := range z.entries {
		t.add(s.zipMember(z, i))
	}
	t.fail(rules.Corrupt)
	return z.outcomeWith(t.outcome()), true
}
