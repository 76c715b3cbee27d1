package oracle

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
	"unicode"

	"stanch/rules"
	"stanch/rules/extract"
)

// csvOfAllSheets asks for one file a sheet, comma and quotes, UTF-8, values as stored rather than as shown.
const csvOfAllSheets = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"

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

// convert lets LibreOffice convert a file, and returns the folder with what came out.
func convert(t *testing.T, program, to, name string, body []byte) string {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, "-env:UserInstallation=file://"+folder+"/profile", "--headless", "--convert-to", to,
		"--outdir", filepath.Join(folder, "out"), file)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return filepath.Join(folder, "out")
}

var formatOf = map[string]rules.Format{"ods": rules.ODS, "xlsb": rules.XLSB, "xls-biff8": rules.XLS, "xls-biff5": rules.XLS, "xls-biff5/8": rules.XLS, "xlsx": rules.XLSX, "xlsm": rules.XLSM}

var extensionOf = map[rules.Format]string{rules.ODS: ".ods", rules.XLSB: ".xlsb", rules.XLS: ".xls", rules.XLSX: ".xlsx", rules.XLSM: ".xlsm"}

// TestRedactedInLibreOffice lets LibreOffice open every workbook after all of its cells were masked.
func TestRedactedInLibreOffice(t *testing.T) {
	program := libreOffice(t)
	for _, d := range documents(t, "xlsx", "xlsm", "ods", "xls-biff8", "xls-biff5", "xls-biff5/8") {
		t.Run(filepath.Base(d.Path), func(t *testing.T) {
			format := formatOf[d.Format]
			var redacted bytes.Buffer
			err := extract.Redact(&redacted, bytes.NewReader(d.body), int64(len(d.body)), format, extract.Options{}, func(text []byte, cell *extract.Cell) ([]byte, bool) {
				return bytes.Repeat([]byte("*"), len(text)), cell.Record > 0
			})
			if err != nil {
				t.Fatal(err)
			}
			out := convert(t, program, csvOfAllSheets, "book"+extensionOf[format], redacted.Bytes())
			if exports, err := filepath.Glob(filepath.Join(out, "*.csv")); err != nil || len(exports) == 0 {
				t.Errorf("LibreOffice did not open it: %v", err)
			}
		})
	}
}

// TestRedactedTextInLibreOffice lets LibreOffice open every text document after all of its text was masked.
func TestRedactedTextInLibreOffice(t *testing.T) {
	program := libreOffice(t)
	for _, d := range documents(t, "docx", "docm") {
		t.Run(filepath.Base(d.Path), func(t *testing.T) {
			var redacted bytes.Buffer
			err := extract.Redact(&redacted, bytes.NewReader(d.body), int64(len(d.body)), rules.DOCX, extract.Options{}, func(text []byte, cell *extract.Cell) ([]byte, bool) {
				return bytes.Repeat([]byte("*"), len(text)), cell.Column.Running || cell.Record > 0
			})
			if err != nil {
				t.Fatal(err)
			}
			exports, err := filepath.Glob(filepath.Join(convert(t, program, "txt:Text (encoded):UTF8", "text.docx", redacted.Bytes()), "*.txt"))
			if err != nil || len(exports) != 1 {
				t.Fatalf("LibreOffice did not open it: %v", err)
			}
			text, err := os.ReadFile(exports[0])
			if err != nil {
				t.Fatal(err)
			}
			if letters := bytes.IndexFunc(text, unicode.IsLetter); letters >= 0 {
				t.Errorf("not masked: %.60q", text[letters:])
			}
		})
	}
}
