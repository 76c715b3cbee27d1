package oracle

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"stanch/rules"
	"stanch/rules/extract"
)

// libreOffice is the program, when the end-to-end run asks for it.
func libreOffice(t *testing.T) string {
	t.Helper()
	if os.Getenv("STANCH_E2E") != "1" {
		t.Skip("the comparison with LibreOffice runs with STANCH_E2E=1")
	}
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	return program
}

var formatOf = map[string]rules.Format{"ods": rules.ODS, "xlsb": rules.XLSB, "xls-biff8": rules.XLS, "xls-biff5": rules.XLS, "xls-biff5/8": rules.XLS, "xlsx": rules.XLSX, "xlsm": rules.XLSM,
	"docx": rules.DOCX, "docm": rules.DOCX}

var extensionOf = map[rules.Format]string{rules.ODS: ".ods", rules.XLSB: ".xlsb", rules.XLS: ".xls", rules.XLSX: ".xlsx", rules.XLSM: ".xlsm", rules.DOCX: ".docx"}

// redactAll masks documents, and returns what came out by the name under which LibreOffice gets it.
func redactAll(t *testing.T, list []document, chosen func(*extract.Cell) bool) map[string][]byte {
	t.Helper()
	redacted := make(map[string][]byte)
	for i, d := range list {
		var out bytes.Buffer
		err := extract.Redact(&out, bytes.NewReader(d.body), int64(len(d.body)), formatOf[d.Format], extract.Options{}, func(text []byte, cell *extract.Cell) ([]byte, bool) {
			return bytes.Repeat([]byte("*"), len(text)), chosen(cell)
		})
		if err != nil {
			t.Errorf("%s: %v", d.Path, err)
			continue
		}
		redacted[exportName(i, d)] = out.Bytes()
	}
	return redacted
}

// TestRedactedInLibreOffice lets LibreOffice open every workbook after all of its cells were masked.
func TestRedactedInLibreOffice(t *testing.T) {
	program := libreOffice(t)
	list := documents(t, "xlsx", "xlsm", "ods", "xls-biff8", "xls-biff5", "xls-biff5/8")
	redacted := redactAll(t, list, func(cell *extract.Cell) bool { return cell.Record > 0 })
	out := convertAll(t, program, cellsOfAllSheets, redacted)
	for i, d := range list {
		name := exportName(i, d)
		if exports, err := filepath.Glob(filepath.Join(out, strings.TrimSuffix(name, filepath.Ext(name))+"-*.csv")); err != nil || len(exports) == 0 {
			t.Errorf("LibreOffice did not open %s: %v", d.Path, err)
		}
	}
	t.Logf("%d workbooks", len(redacted))
}

// TestRedactedTextInLibreOffice lets LibreOffice open every text document after all of its text was masked.
func TestRedactedTextInLibreOffice(t *testing.T) {
	program := libreOffice(t)
	list := documents(t, "docx", "docm")
	redacted := redactAll(t, list, func(cell *extract.Cell) bool { return cell.Column.Running || cell.Record > 0 })
	out := convertAll(t, program, "txt:Text (encoded):UTF8", redacted)
	for i, d := range list {
		name := exportName(i, d)
		text, err := os.ReadFile(filepath.Join(out, strings.TrimSuffix(name, filepath.Ext(name))+".txt"))
		if err != nil {
			t.Errorf("LibreOffice did not open %s: %v", d.Path, err)
		}
		if letters := bytes.IndexFunc(text, unicode.IsLetter); letters >= 0 {
			t.Errorf("%s: not masked: %.60q", d.Path, text[letters:])
		}
	}
}
