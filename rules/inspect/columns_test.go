package inspect_test

import (
	"fmt"
	"strings"
	"testing"

	"stanch/rules/inspect"
)

// TestColumnsOfCheckedValues: in a column without a meaning it is the values that tell. Many different ones with right check digits
// are no chance; serials that only begin like an identifier or lie in its ranges are, and so is one
// that stands in every row, as the number of an owner.
func TestColumnsOfCheckedValues(t *testing.T) {
	const rows = 40
	tests := []struct {
		name   string
		value  func(row int) string
		people int
	}{
		{"different", func(row int) string { return strings.ReplaceAll(nhsNumber(row), " ", "") }, rows},
		{"one repeated", func(int) string { return strings.ReplaceAll(nhsNumber(7), " ", "") }, 0},
		{"two in groups", func(row int) string { return strings.ReplaceAll(nhsNumber(row/(rows/2)), " ", "") }, 0},
		{"serials behind a beginning with a check digit", func(row int) string { return fmt.Sprintf("482017363%03d", row) }, 0},
		{"serials behind zeros", func(row int) string { return fmt.Sprintf("%012d", row) }, 0},
		{"numbers of events", func(row int) string { return fmt.Sprint(138586341 + row*7919) }, 0},
		{"numbers of customers", func(row int) string { return fmt.Sprint(34820173655 + row) }, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var csv, json strings.Builder
			csv.WriteString("item,ref,size\n")
			for row := range rows {
				fmt.Fprintf(&csv, "part %d,%s,%d\n", row, test.value(row), row%7)
				fmt.Fprintf(&json, `{"item":"part %d","ref":"%s","size":%d}`+"\n", row, test.value(row), row%7)
			}
			for contentType, body := range map[string]string{"text/csv": csv.String(), "application/x-ndjson": json.String()} {
				got := inspectBody(t, newEngine(t, block(10*rows), false), inspect.Body{ContentType: contentType}, []byte(body))
				if people := got.Evidence.People; people > test.people || people < test.people*3/4 {
					t.Errorf("%s: %d people were counted, want about %d", contentType, people, test.people)
				}
			}
		})
	}
}
