package extract

import (
	"bytes"

	"stanch/rules"
)

// sniffText tells the format of text by its structure; Unrecognized when there is none that is sure, given what is declared.
func sniffText(head []byte, declared rules.Format) rules.Format {
	complete := len(head) < SniffLength
	text := bytes.TrimPrefix(head, []byte(byteOrderMark))
	start := bytes.TrimLeft(text, " \t\r\n\f")
	if len(start) == 0 {
		return rules.Unrecognized
	}
	switch start[0] {
	case '<':
		if format := sniffMarkup(start, declared); format != rules.Unrecognized {
			return format
		}
	case '{', '[':
		if format := sniffJSON(start, declared); format != rules.Unrecognized {
			return format
		}
	}
	if format := sniffLead(start); format != rules.Unrecognized {
		return format
	}
	if wrapped := jsonBehindPrefix(start); wrapped {
		return rules.JSON
	}
	switch declared {
	case rules.JavaScript, rules.CSS, rules.SQL, rules.EventStream, rules.EMail, rules.MBox, rules.Multipart, rules.JSON, rules.NDJSON:
		return declared
	}
	if looksLikeSQL(start) {
		return rules.SQL
	}
	if declared == rules.HTML && bytes.IndexByte(text, '<') >= 0 {
		return declared
	}
	if declared != rules.CSV && looksLikeFields(text, complete) {
		return rules.Fields
	}
	if _, ok := detectDialect(text, complete, declared != rules.CSV); ok {
		return rules.CSV
	}
	return rules.Unrecognized
}

// leads are the first bytes of text formats that have a mark of their own.
var leads = []struct {
	text   string
	format rules.Format
}{
	{"BEGIN:VCARD", rules.VCard}, {"BEGIN:VCALENDAR", rules.ICalendar}, {"ID;P", rules.SYLK}, {"TABLE\r\n0,1", rules.DIF}, {"TABLE\n0,1", rules.DIF},
	{"data:", rules.EventStream}, {"event:", rules.EventStream}, {"retry:", rules.EventStream}, {"From ", rules.MBox}, {"MIME-Version:", rules.EMail},
	{"Return-Path:", rules.EMail}, {"Received:", rules.EMail}, {"Delivered-To:", rules.EMail}, {"Message-ID:", rules.EMail},
}

func sniffLead(text []byte) rules.Format {
	for _, lead := range leads {
		if len(text) < len(lead.text) || !bytes.EqualFold(text[:len(lead.text)], []byte(lead.text)) {
			continue
		}
		switch lead.format {
		case rules.MBox:
			if !bytes.Contains(text, []byte("\nDate:")) && !bytes.Contains(text, []byte("\nFrom:")) && !bytes.Contains(text, []byte("\nSubject:")) {
				continue
			}
		case rules.EventStream:
			line, _, _ := bytes.Cut(text, []byte{'\n'})
			if bytes.HasPrefix(line, []byte("data:")) && bytes.Contains(line[:min(len(line), 64)], []byte(";base64,")) {
				continue
			}
		}
		return lead.format
	}
	return rules.Unrecognized
}

// sniffMarkup tells HTML from XML.
func sniffMarkup(text []byte, declared rules.Format) rules.Format {
	for {
		switch {
		case bytes.HasPrefix(text, []byte("<!--")):
			_, rest, found := bytes.Cut(text, []byte("-->"))
			if rest = bytes.TrimLeft(rest, " \t\r\n\f"); !found || len(rest) == 0 {
				if declared == rules.XML {
					return declared
				}
				return rules.HTML
			}
			text = rest
			continue
		case hasPrefixFold(text, "<?xml"):
			if _, rest, found := bytes.Cut(text, []byte("?>")); found {
				switch rest = bytes.TrimLeft(rest, " \t\r\n\f"); {
				case hasPrefixFold(rest, "<!doctype html"), hasPrefixFold(rest, "<html"):
					return rules.HTML
				case bytes.HasPrefix(rest, []byte("<office:document")), bytes.Contains(rest, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
					return rules.FODS // a workbook in one XML file
				}
			}
			return rules.XML
		case hasPrefixFold(text, "<!doctype"):
			if hasPrefixFold(bytes.TrimLeft(text[9:], " \t\r\n"), "html") || declared == rules.HTML {
				return rules.HTML
			}
			return rules.XML
		case text[0] != '<' || len(text) < 3 || !isLetter(text[1]):
			return rules.Unrecognized
		}
		break
	}
	end := 1
	for end < len(text) && isAlphanumeric(text[end]) {
		end++
	}
	name := text[1:end]
	if declared == rules.XML && !bytes.EqualFold(name, []byte("html")) {
		return declared
	}
	if bytes.EqualFold(name, []byte("a")) || bytes.EqualFold(name, []byte("b")) || bytes.EqualFold(name, []byte("span")) || separates(name) || declared == rules.HTML {
		return rules.HTML
	}
	if bytes.IndexByte(text, '>') < 0 {
		return rules.Unrecognized
	}
	return rules.XML
}

func isLetter(b byte) bool { return b|0x20-'a' < 26 }

func hasPrefixFold(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && bytes.EqualFold(text[:len(prefix)], []byte(prefix))
}

// sniffJSON tells JSON from JSON lines, and both from text in brackets.
func sniffJSON(text []byte, declared rules.Format) rules.Format {
	rest := bytes.TrimLeft(text[1:], " \t\r\n")
	if len(rest) == 0 {
		return rules.JSON
	}
	switch b := rest[0]; {
	case text[0] == '{' && b != '"' && b != '}' && b != '\'' && declared != rules.JSON && declared != rules.NDJSON:
		return rules.Unrecognized
	case text[0] == '[' && !bytes.ContainsAny(rest[:1], "{[\"]-0123456789tfn'"):
		return rules.Unrecognized
	}
	if declared == rules.NDJSON {
		return declared
	}
	line, next, found := bytes.Cut(text, []byte{'\n'})
	line, next = bytes.TrimSpace(line), bytes.TrimLeft(next, " \t\r\n")
	if found && len(next) > 0 && len(line) > 0 {
		first, last := line[0], line[len(line)-1]
		if (next[0] == '{' || next[0] == '[') && (first == '{' && last == '}' || first == '[' && last == ']') {
			return rules.NDJSON
		}
	}
	// A log line may begin with a bracket: "[error] ...", "[2024-01-02 ...] ...".
	if text[0] == '[' && declared != rules.JSON {
		if end := bytes.IndexByte(line, ']'); end >= 0 && end+1 < len(line) && line[end+1] == ' ' {
			return rules.Unrecognized
		}
	}
	return rules.JSON
}

// jsonPrefixes stand before JSON that must not run as a script.
var jsonPrefixes = []string{")]}'", "while(1);", "while (1);", "for(;;);", "for (;;);", "throw 1;", "/*", "{}&&", "&&&START&&&"}

// jsonBehindPrefix reports whether text is JSON behind a guard against inclusion, or handed to a function (JSONP).
func jsonBehindPrefix(text []byte) bool {
	for _, prefix := range jsonPrefixes {
		if !bytes.HasPrefix(text, []byte(prefix)) {
			continue
		}
		rest := text[len(prefix):]
		if prefix == "/*" {
			_, rest, _ = bytes.Cut(rest, []byte("*/"))
			return jsonCall(bytes.TrimLeft(rest, " \t\r\n"))
		}
		rest = bytes.TrimLeft(rest, ", \t\r\n")
		return len(rest) == 0 || rest[0] == '{' || rest[0] == '['
	}
	return jsonCall(text)
}

// jsonCall reports whether text begins with name({ or name([.
func jsonCall(text []byte) bool {
	i := 0
	for i < len(text) && i < 64 && (isAlphanumeric(text[i]) || text[i] == '_' || text[i] == '$' || text[i] == '.') {
		i++
	}
	if i == 0 || i >= len(text) || text[i] != '(' {
		return false
	}
	rest := bytes.TrimLeft(text[i+1:], " \t\r\n")
	if len(rest) < 2 || rest[0] != '{' && rest[0] != '[' {
		return false
	}
	inner := bytes.TrimLeft(rest[1:], " \t\r\n")
	return len(inner) > 0 && bytes.IndexByte([]byte("\"{[]}"), inner[0]) >= 0
}

// sqlWords begin the statements of dumps.
var sqlWords = []string{"insert into", "insert ignore into", "replace into", "create table", "copy ", "-- mysql dump", "-- postgresql database dump",
	"-- phpmyadmin", "-- mariadb dump", "-- dump", "pragma foreign_keys", "drop table", "set names", "begin transaction", "/*!4", "-- host:"}

// looksLikeSQL reports whether text begins as a dump of a database does, comments apart.
func looksLikeSQL(text []byte) bool {
	for range 20 {
		for _, word := range sqlWords {
			if hasPrefixFold(text, word) {
				return true
			}
		}
		if !bytes.HasPrefix(text, []byte("--")) && !hasPrefixFold(text, "set ") && !hasPrefixFold(text, "begin;") && !hasPrefixFold(text, "use ") {
			return false
		}
		_, rest, _ := bytes.Cut(text, []byte{'\n'})
		if text = bytes.TrimLeft(rest, " \t\r\n"); len(text) == 0 {
			return false
		}
	}
	return false
}
