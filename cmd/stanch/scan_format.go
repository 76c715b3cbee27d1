package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"stanch/rules"
	"stanch/rules/detect"
)

// newScanWriter returns the writer for a --format.
func newScanWriter(format string, out io.Writer) (scanWriter, error) {
	buffered := bufio.NewWriter(out)
	switch format {
	case "text":
		return &textScan{buffered}, nil
	case "json":
		encoder := json.NewEncoder(buffered)
		encoder.SetEscapeHTML(false)
		return &jsonScan{buffered, encoder}, nil
	case "sarif":
		return &sarifScan{out: buffered}, nil
	}
	return nil, &rules.NameError{Kind: "value of --format", Got: format, Allowed: []string{"text", "json", "sarif"}}
}

// hintOf is the near miss of a wrong word, if the error is about one.
func hintOf(err error) string {
	var name *rules.NameError
	if errors.As(err, &name) {
		return name.Hint()
	}
	return ""
}

// counts are the findings at medium and above by detector.
func (f *scannedFile) counts() map[string]int {
	counts := make(map[string]int)
	for i := range f.report.Evidence.Counts {
		if c := &f.report.Evidence.Counts[i]; c.At(rules.Medium) > 0 {
			counts[c.Detector] = c.At(rules.Medium)
		}
	}
	return counts
}

type jsonScan struct {
	out     *bufio.Writer
	encoder *json.Encoder
}

type jsonFinding struct {
	Type       string           `json:"type"`
	Path       string           `json:"path"`
	Detector   string           `json:"detector"`
	Confidence rules.Confidence `json:"confidence"`
	Start      *int64           `json:"start,omitempty"`
	End        *int64           `json:"end,omitempty"`
	Line       int              `json:"line,omitempty"`
	Where      string           `json:"where"`
	Masked     string           `json:"masked"`
}

type jsonFile struct {
	Type    string         `json:"type"`
	Path    string         `json:"path"`
	Format  rules.Format   `json:"format"`
	Status  string         `json:"status"`
	Reason  string         `json:"reason"`
	Bytes   int64          `json:"bytes"`
	People  int            `json:"people"`
	Counts  map[string]int `json:"counts"`
	Verdict rules.Action   `json:"verdict"`
	Rules   []string       `json:"rules"`
}

func (w *jsonScan) file(f *scannedFile) error {
	for i := range f.report.Findings {
		found := &f.report.Findings[i]
		line := jsonFinding{Type: "finding", Path: f.path, Detector: found.Detector, Confidence: found.Confidence, Line: found.Line, Where: found.Where, Masked: found.Masked}
		if found.Start >= 0 {
			line.Start, line.End = &found.Start, &found.End
		}
		if err := w.encoder.Encode(line); err != nil {
			return err
		}
	}
	e := &f.report.Evidence
	return w.encoder.Encode(jsonFile{Type: "file", Path: f.path, Format: e.Format, Status: e.Status.String(), Reason: e.Reason.String(), Bytes: f.bytes,
		People: e.People, Counts: f.counts(), Verdict: f.result.Action, Rules: append([]string{}, f.result.Rules...)})
}

func (w *jsonScan) end() error { return w.out.Flush() }

type textScan struct{ out *bufio.Writer }

// textFindings is how many findings of a file are printed one by one.
const textFindings = 20

func (w *textScan) file(f *scannedFile) error {
	e := &f.report.Evidence
	fmt.Fprintf(w.out, "%s: %s", f.path, f.result.Action)
	if len(f.result.Rules) > 0 {
		fmt.Fprintf(w.out, " by %s", strings.Join(f.result.Rules, ", "))
	}
	fmt.Fprintf(w.out, "; %s, %s", e.Format, e.Status)
	if e.Reason != rules.NoReason {
		fmt.Fprintf(w.out, " (%s)", e.Reason)
	}
	fmt.Fprintf(w.out, ", people: %d\n", e.People)
	shown := 0
	for i := range f.report.Findings {
		found := &f.report.Findings[i]
		if found.Confidence < rules.Medium {
			continue
		}
		if shown++; shown <= textFindings {
			fmt.Fprintf(w.out, "  %-24s %-6s %s  %s\n", found.Detector, found.Confidence, found.Masked, found.Where)
		}
	}
	if shown > textFindings {
		fmt.Fprintf(w.out, "  and %d more: %s\n", shown-textFindings, summary(f.counts()))
	}
	return nil
}

// summary lists counts, the largest first.
func summary(counts map[string]int) string {
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if counts[names[i]] != counts[names[j]] {
			return counts[names[i]] > counts[names[j]]
		}
		return names[i] < names[j]
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, counts[name])
	}
	return strings.Join(names, ", ")
}

func (w *textScan) end() error { return w.out.Flush() }

// sarifScan collects results; SARIF 2.1.0 is one document.
type sarifScan struct {
	out     *bufio.Writer
	results []sarifResult
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	} `json:"physicalLocation"`
}

type sarifRegion struct {
	StartLine  int   `json:"startLine,omitempty"`
	ByteOffset int64 `json:"byteOffset"`
	ByteLength int64 `json:"byteLength"`
}

type sarifRule struct {
	ID    string    `json:"id"`
	Short sarifText `json:"shortDescription"`
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver struct {
			Name    string      `json:"name"`
			Version string      `json:"version"`
			Rules   []sarifRule `json:"rules"`
		} `json:"driver"`
	} `json:"tool"`
	Results []sarifResult `json:"results"`
}

func (w *sarifScan) file(f *scannedFile) error {
	for i := range f.report.Findings {
		found := &f.report.Findings[i]
		level := map[rules.Confidence]string{rules.Low: "note", rules.Medium: "warning", rules.High: "error"}[found.Confidence]
		result := sarifResult{RuleID: found.Detector, Level: level, Message: sarifText{fmt.Sprintf("%s at %s: %s", found.Detector, found.Where, found.Masked)}}
		var location sarifLocation
		location.Physical.Artifact.URI = f.path
		if found.Start >= 0 {
			location.Physical.Region = &sarifRegion{found.Line, found.Start, found.End - found.Start}
		}
		result.Locations = []sarifLocation{location}
		w.results = append(w.results, result)
	}
	return nil
}

func (w *sarifScan) end() error {
	run := sarifRun{Results: w.results}
	if run.Results == nil {
		run.Results = []sarifResult{}
	}
	run.Tool.Driver.Name, run.Tool.Driver.Version = "stanch", buildVersion()
	for _, d := range detect.Catalogue() {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{d.ID, sarifText{d.Title}})
	}
	encoder := json.NewEncoder(w.out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}); err != nil {
		return err
	}
	return w.out.Flush()
}
