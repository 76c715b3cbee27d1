package extract_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
	"stanch/rules/inspect"
)

// An inspected is what became of a file.
type inspected struct {
	verdict  rules.Verdict
	evidence rules.Evidence
	released []byte
}

// inspectFile sends a file through an Inspector under one rule.
func inspectFile(t *testing.T, file []byte, rule rules.Rule) inspected {
	t.Helper()
	set, err := detect.Compile(detect.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	policy := rules.Policy{Rules: []rules.Rule{rule}, Uninspected: rules.Block}
	engine, err := inspect.NewEngine(inspect.Options{Policy: &policy, Detectors: set})
	if err != nil {
		t.Fatal(err)
	}
	in := engine.Inspect(rules.Exchange{}, inspect.Body{})
	defer in.Free()
	var out bytes.Buffer
	release := func() {
		if _, err := in.Release(&out); err != nil {
			t.Fatal(err)
		}
	}
	const piece = 64 << 10
	for rest := file; len(rest) > 0; rest = rest[min(len(rest), piece):] {
		in.Write(rest[:min(len(rest), piece)])
		release()
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	release()
	return inspected{in.Verdict(), in.Report().Evidence, out.Bytes()}
}

func blockAt(people int) rules.Rule {
	return rules.Rule{ID: "bulk", When: rules.Condition{People: people}, Action: rules.Block}
}

func redactAt(people int) rules.Rule {
	return rules.Rule{ID: "hide", When: rules.Condition{People: people}, Action: rules.Redact, Redact: rules.Redaction{Style: rules.Mask}}
}

// TestPeopleAreCountedInEveryFormat counts the same people in every format within one per cent, and lets nothing of them leave
// under a rule that blocks.
func TestPeopleAreCountedInEveryFormat(t *testing.T) {
	const people, most = 30_000, 50
	for name, file := range extract.PeopleFiles(t, people) {
		t.Run(name, func(t *testing.T) {
			all := inspectFile(t, file, blockAt(10*people))
			if count := all.evidence.People; all.evidence.Status != rules.Complete || count < people*99/100 || count > people*101/100 {
				t.Errorf("%v, %v because %v: %d people", all.evidence.Format, all.evidence.Status, all.evidence.Reason, count)
			}
			if !bytes.Equal(all.released, file) {
				t.Errorf("%d bytes of %d left where no rule wants anything", len(all.released), len(file))
			}
			if cut := inspectFile(t, file, blockAt(most)); cut.verdict.Action != rules.Block || len(cut.released) > 0 {
				t.Errorf("%v, %d bytes left", cut.verdict.Action, len(cut.released))
			}
		})
	}
}

// TestRedactedFilesNameNobody redacts each format that can be, and looks for people in what left.
func TestRedactedFilesNameNobody(t *testing.T) {
	const people = 300
	redacted := 0
	for name, file := range extract.PeopleFiles(t, people) {
		t.Run(name, func(t *testing.T) {
			got := inspectFile(t, file, redactAt(1))
			if !extract.Redactable(got.evidence.Format) {
				if got.verdict.Action != rules.Block || len(got.released) > 0 {
					t.Errorf("%v, %d bytes left of what cannot be redacted", got.verdict.Action, len(got.released))
				}
				return
			}
			redacted++
			if got.verdict.Action != rules.Redact || len(got.released) == 0 {
				t.Fatalf("%v, %d bytes left", got.verdict.Action, len(got.released))
			}
			namesNobody(t, got.released, "@example")
		})
	}
	if redacted < 3 {
		t.Errorf("%d formats were redacted", redacted)
	}
}

// namesNobody looks for a text in every part of a file, and for people in what an Inspector reads of it.
func namesNobody(t *testing.T, file []byte, text string) {
	t.Helper()
	again := inspectFile(t, file, blockAt(1))
	if again.evidence.Status != rules.Complete || again.evidence.People > 0 {
		t.Errorf("reads as %v with %d people", again.evidence.Status, again.evidence.People)
	}
	if bytes.Contains(file, []byte(text)) {
		t.Errorf("the file still holds %q", text)
	}
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return // no package
	}
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), text) {
			t.Errorf("%s still holds %q", part.Name, text)
		}
	}
}

// TestDocumentIsRedactedInPlace redacts a text document in all its parts.
func TestDocumentIsRedactedInPlace(t *testing.T) {
	got := inspectFile(t, extract.RedactableDocument(t), redactAt(1))
	if got.verdict.Action != rules.Redact || got.evidence.Format != rules.DOCX {
		t.Fatalf("%v, %v %v", got.verdict.Action, got.evidence.Format, got.evidence.Status)
	}
	namesNobody(t, got.released, "example.org")
}

// TestEmbeddedFileIsNotRedacted: findings in a file within a document block it under a rule that redacts; an embedded file
// without any does not.
func TestEmbeddedFileIsNotRedacted(t *testing.T) {
	var files int
	for name, embedded := range extract.PeopleFiles(t, 60) {
		files++
		document := extract.RedactableDocument(t, [2]string{"word/embeddings/oleObject1.bin", string(embedded)})
		if got := inspectFile(t, document, redactAt(1)); got.verdict.Action != rules.Block || len(got.released) > 0 {
			t.Errorf("%s: %v, %d bytes left", name, got.verdict.Action, len(got.released))
		}
	}
	if files == 0 {
		t.Error("nothing was embedded")
	}
	document := extract.RedactableDocument(t, [2]string{"word/embeddings/note.txt", "nobody is named here"})
	if got := inspectFile(t, document, redactAt(1)); got.verdict.Action != rules.Redact {
		t.Errorf("without findings: %v", got.verdict.Action)
	}
}
