package extract

import (
	"bytes"
	"strings"
	"testing"
)

// PeopleFiles makes files that list the same people, for the tests that read them through an Inspector.
func PeopleFiles(t testing.TB, people int) map[string][]byte {
	t.Helper()
	var workbook, binary, table bytes.Buffer
	writePeople(t, &workbook, people, true)
	members := []member{}
	for _, part := range xlsbParts(xlsbSheetOf(people), xlsbStringsOf(people)) {
		members = append(members, part)
	}
	binary.Write(zipOf(t, members...))
	peopleRows(people, func(_ int, cells []string) { table.WriteString(strings.Join(cells, ",") + "\r\n") })
	inner := zipOf(t, member{"people.csv", table.String()})
	return map[string][]byte{
		"xlsx":           workbook.Bytes(),
		"xlsb":           binary.Bytes(),
		"xls":            compoundOf(compoundPart{"", "Workbook", xlsStreamOf(people)}),
		"ods":            zipOf(t, member{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, member{"content.xml", odsContentOf(people)}),
		"csv in two zip": zipOf(t, member{"inner.zip", string(inner)}),
	}
}

// RedactableDocument is a text document with members beside it, which names one person in every part that can.
func RedactableDocument(t testing.TB, more ...[2]string) []byte {
	t.Helper()
	return redactDocument(t, more...)
}
