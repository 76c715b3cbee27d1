package extract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"stanch/rules"
)

func TestSniff(t *testing.T) {
	for _, c := range []struct {
		head, contentType, name string
		want                    rules.Format
	}{
		{"", "text/html", "", rules.Empty},
		{"PK\x03\x04\x14\x00", "image/png", "a.png", rules.ZIP},
		{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00", "text/csv", "", rules.OLE},
		{"junk\n%PDF-1.7\n", "", "", rules.PDF},
		{"\x1F\x8B\x08\x00", "", "", rules.GZIP}, {"BZh91AY&SY..", "", "", rules.BZIP2}, {"\xFD7zXZ\x00\x00", "", "", rules.XZ},
		{"\x28\xB5\x2F\xFD\x00", "", "", rules.ZSTD}, {"7z\xBC\xAF\x27\x1C\x00", "", "", rules.SevenZip}, {"Rar!\x1A\x07\x00", "", "", rules.RAR},
		{"SQLite format 3\x00", "", "", rules.SQLite}, {"PAR1\x15", "", "", rules.Parquet}, {"{\\rtf1\\ansi", "", "", rules.RTF},
		{strings.Repeat("\x00", 257) + "ustar\x0000", "", "", rules.TAR},
		{"\x89PNG\r\n\x1A\n\x00", "text/html", "", rules.Image}, {"\xFF\xD8\xFF\xE0", "", "", rules.Image}, {"\x00\x00\x00\x20ftypisom", "", "", rules.Media},
		{"wOF2\x00\x01", "", "", rules.Font},
		{"ID3 is a tag\n", "", "", rules.Text},
		{"GIF89a=1;\nName,Email\nx,y\n", "image/gif", "", rules.Text}, {"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00", "", "", rules.Image},
		{"GIF89a\x01\x00\x01\x00\x80\x00\x00\xFF\xFF\xFF\x00\x00\x00!\xF9\x04", "", "", rules.Image},
		{"<!DOCTYPE html><html>", "", "", rules.HTML}, {"\ufeff\n <html>", "text/plain", "", rules.HTML}, {"<div>x</div>", "", "", rules.HTML},
		{"<!-- x --><table>", "", "", rules.HTML}, {"<?xml version=\"1.0\"?>\n<people>", "text/html", "", rules.XML}, {"<people><p/></people>", "", "", rules.XML},
		{"<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-\"><html>", "", "", rules.HTML},
		{"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", "application/vnd.ms-excel", "a.xls", rules.FODS},
		{"<?xml version=\"1.0\"?>\n<office:document xmlns:office=\"x\">", "", "", rules.FODS},
		{"<table><tr><td>a", "application/vnd.ms-excel", "a.xls", rules.HTML},
		{`{"a": 1}`, "", "", rules.JSON}, {`[{"a":1}]`, "text/html", "", rules.JSON}, {"[1,2,3]", "", "", rules.JSON}, {"{\n}", "", "", rules.JSON},
		{"{\"a\":1}\n{\"a\":2}\n", "", "", rules.NDJSON}, {"{\"a\":1}\n{\"a\":2}\n", "application/json", "", rules.NDJSON},
		{")]}',\n{\"a\":1}", "", "", rules.JSON}, {"while(1);[{}]", "text/javascript", "", rules.JSON}, {"callback({\"a\":1})", "", "", rules.JSON},
		{"/**/jQuery123([{\"a\":1}])", "", "", rules.JSON},
		{"[error] 12 x\n[info] y\n", "", "", rules.Text}, {"body { color: red }", "text/css", "", rules.CSS}, {"var a = {b: 1};", "text/javascript", "", rules.JavaScript},
		{"name,email\nbob,b@x\nal,a@x\n", "application/octet-stream", "", rules.CSV}, {"name;id\r\na;1\r\nb;2\r\n", "", "", rules.CSV},
		{"name\tid\na\t1\n", "text/plain", "", rules.CSV}, {"sep=|\na|b\n", "", "", rules.CSV}, {"email\na@x\n", "text/csv", "", rules.CSV},
		{"Dear all, please come, if you can.\nWe start at ten, not nine, as before.\nBring food, drinks, and friends.\n", "", "", rules.Text},
		{"INSERT INTO t VALUES (1,'a');", "", "", rules.SQL}, {"-- MySQL dump 10\n\nCREATE TABLE", "", "", rules.SQL},
		{"BEGIN:VCARD\r\nVERSION:3.0\r\n", "", "", rules.VCard}, {"BEGIN:VCALENDAR\n", "", "", rules.ICalendar}, {"data: x\n\n", "", "", rules.EventStream},
		{"Name: Al\nAge: 3\n\nName: Bob\nAge: 4\n", "", "", rules.Fields}, {"Name: Al\nAge: 3\n\nName: Bob\nAge: 4\n", "text/csv", "", rules.CSV},
		{"- name: Al\n  age: 3\n- name: Bob\n  age: 4\n", "application/yaml", "", rules.Fields}, {"Al: hi\nBob: hi\nAl: fine\nBob: me too\n", "", "", rules.Text},
		{"Host: a\nAccept: b\nDate: c\n\nnothing\n", "", "", rules.Text}, {"Al: x\n\nBob: y\n\nAl: z\n\nBob: a\n", "", "", rules.Text},
		{": ok\n\ndata: {}\n\n", "text/event-stream", "", rules.EventStream}, {"ID;PWXL;N;E\r\n", "", "a.xls", rules.SYLK}, {"TABLE\r\n0,1\r\n\"EXCEL\"", "", "", rules.DIF},
		{"From a@x Thu Jan 1 00:00:00 2004\nSubject: x\n", "", "", rules.MBox}, {"Received: from x\r\n", "", "", rules.EMail},
		{"\xFF\xFEn\x00a\x00,\x00b\x00\n\x00a\x00,\x00b\x00\n\x00c\x00,\x00d\x00\n\x00", "", "", rules.CSV},
		{"{\x00\"\x00a\x00\"\x00:\x001\x00}\x00", "", "", rules.JSON},
		{"JAVA PROFILE 1.0.2\x00" + strings.Repeat("\x00\x23\x00\x00\x00\x00\x07\xF1\x05a\x00n\x00n\x00@\x00x\x00.\x00o\x00r\x00g\x00a\x00n\x00", 20), "", "", rules.Binary},
		{encodedAs(charmap.CodePage037, "name,id\nann brown,1\nbob jones,2\ncarol king,3\n"), "", "", rules.CSV},
		{encodedAs(charmap.CodePage1047, "[{\"name\":\"Ann Brown\",\"phone\":\"02079460958\"}]"), "text/plain", "", rules.JSON},
		{"abc\x00\x01\x02def", "text/html", "", rules.Binary}, {"plain words", "", "", rules.Text}, {"plain words", "", "a.csv", rules.CSV},
	} {
		if got := Sniff([]byte(c.head), c.contentType, c.name); got != c.want {
			t.Errorf("Sniff(%.40q, %q, %q) = %v, want %v", c.head, c.contentType, c.name, got, c.want)
		}
	}
}

// TestSniffEarly checks that what is told early stays so whatever follows.
func TestSniffEarly(t *testing.T) {
	for _, c := range []struct {
		head, contentType string
		want              rules.Format
		sure              bool
	}{
		{"data: {}\n\n", "text/event-stream; charset=utf-8", rules.EventStream, true},
		{": keep\n", "text/event-stream", rules.EventStream, true},
		{"dat", "text/event-stream", rules.Unrecognized, false},
		{"<html>", "text/event-stream", rules.Unrecognized, false},
		{"{\"a\":1}\n", "application/x-ndjson", rules.NDJSON, true},
		{"{\"a\":", "application/x-ndjson", rules.Unrecognized, false},
		{"data: {}\n\n", "text/plain", rules.Unrecognized, false},
	} {
		if got, sure := SniffEarly([]byte(c.head), c.contentType); got != c.want || sure != c.sure {
			t.Errorf("SniffEarly(%q, %q) = %v, %v", c.head, c.contentType, got, sure)
		}
		for _, rest := range []string{"", "%PDF-1.7", "\x00\x01\x02", "<html>\n\n"} {
			if got := Sniff([]byte(c.head+rest), c.contentType, "a.pdf"); c.sure && got != c.want {
				t.Errorf("Sniff(%q, %q) = %v, want %v", c.head+rest, c.contentType, got, c.want)
			}
		}
	}
}

// TestSniffFiles sniffs real files without their names.
func TestSniffFiles(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "testdata", "clean")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the folder of real cases is not beside the repository: ", err)
	}
	checked := 0
	for kind, want := range map[string][]rules.Format{"html": {rules.HTML}, "json": {rules.JSON, rules.NDJSON}, "csv": {rules.CSV}, "xml": {rules.XML}} {
		names, _ := filepath.Glob(filepath.Join(folder, kind, "*"))
		for _, name := range names {
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := Sniff(body[:min(len(body), SniffLength)], "", "")
			ok := false
			for _, w := range want {
				ok = ok || got == w
			}
			if !ok {
				t.Errorf("%s: %v", name, got)
			}
			checked++
		}
	}
	if checked == 0 {
		t.Fatal("no files")
	}
}
