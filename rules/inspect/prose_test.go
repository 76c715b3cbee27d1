package inspect_test

import (
	"reflect"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/inspect"
)

// TestNamesInRunningText wants the names of a text whatever its split, for scans only, and never as people.
func TestNamesInRunningText(t *testing.T) {
	bodies := map[string]string{
		"text/plain": "Dear Alice Jones,\nplease meet Dr. Robert Taylor at 12 High Street.\n" + strings.Repeat("and so on, ", 500) + "with Emily Wilson",
		"text/html":  "<!doctype html><p>Written by Alice Jones</p><table><tr><th>a<th>b</tr><tr><td>Emily Wilson<td>2</tr></table><p>and Robert Taylor.</p>",
	}
	for contentType, body := range bodies {
		about := inspect.Body{ContentType: contentType, Length: int64(len(body))}
		whole := inspectBody(t, newSurvey(t, block(1)), about, []byte(body))
		names := 0
		for _, f := range whole.Findings {
			if f.Detector == "person_name" {
				names++
				if f.Confidence != rules.Low || f.Line == 0 || f.End <= f.Start {
					t.Errorf("%s: %+v", contentType, f)
				}
			}
		}
		if names < 2 || whole.Evidence.People != 0 {
			t.Errorf("%s: %d names and %d people; wanted at least 2 and none", contentType, names, whole.Evidence.People)
		}
		for cut := 1; cut < len(body); cut += 7 {
			if split := inspectBody(t, newSurvey(t, block(1)), about, []byte(body[:cut]), []byte(body[cut:])); !reflect.DeepEqual(split.Findings, whole.Findings) {
				t.Fatalf("%s split at %d: %+v; whole: %+v", contentType, cut, split.Findings, whole.Findings)
			}
		}
		if serving := inspectBody(t, newEngine(t, block(1), false), about, []byte(body)); len(serving.Findings) != 0 {
			t.Errorf("%s: findings are kept while serving", contentType)
		}
	}
}
