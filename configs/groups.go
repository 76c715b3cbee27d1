package configs

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
	"stanch/rules/match"
)

// everyPath is the pattern of all paths.
const everyPath = "/**"

// rule reads one [rule.<id>].
func (r *reading) rule(path []string, id string, values map[string]any) {
	rule := rules.Rule{ID: id}
	var budget rules.Budget
	before := len(r.found)
	r.table(path, values, ruleKeys(&rule, &budget, r.detectorIDs))
	when, _ := values["when"].(map[string]any)
	if _, present := when["budget"]; present {
		rule.When.Budget = &budget
	}
	r.config.Policy.Rules = append(r.config.Policy.Rules, rule)
	if len(r.found) > before {
		return // a value that could not be read would look like one that is missing
	}
	if strings.HasPrefix(id, canaryPrefix) {
		r.add(r.keyPlace(path), fmt.Errorf("id %q: ids with %q are the canaries'", id, canaryPrefix))
	}
	if c := rule.When; c.People == 0 && c.SignedIn == nil && !c.Special && len(c.Detectors) == 0 && c.Findings == 0 && len(c.Formats) == 0 && c.Budget == nil {
		r.add(r.keyPlace(append(path, "when")), errors.New("when: has no condition, so that the rule would never hold; set at least one of people, signed_in, special, detectors, findings, formats, budget"))
	}
	if c := rule.When; c.Confidence != 0 && len(c.Detectors) == 0 && c.Findings == 0 {
		r.add(r.valuePlace(append(path, "when", "confidence"), whole), errors.New("confidence: has no effect without detectors or findings"))
	}
	if i := slices.Index(rule.Except, everyPath); i >= 0 {
		r.add(r.valuePlace(append(path, "except"), i), fmt.Errorf("except: %q leaves no path that the rule applies to", everyPath))
	}
	if _, present := values["redact"]; present && rule.Action != rules.Redact {
		r.add(r.keyPlace(append(path, "redact")), fmt.Errorf("redact: has no effect with action %q; it goes with action = \"redact\"", rule.Action))
	}
	if rule.Redact.KeepLast > 0 && rule.Redact.Style != rules.Mask {
		r.add(r.valuePlace(append(path, "redact", "keep_last"), whole), fmt.Errorf("keep_last: has no effect with style %q; only a mask keeps characters", rule.Redact.Style))
	}
}

// checkSought takes what is not looked for out of the conditions of rules. A condition that is left with nothing is a mistake.
func (r *reading) checkSought() {
	c := r.config
	if len(c.Sought) == 0 {
		return
	}
	for i := range c.Policy.Rules {
		rule := &c.Policy.Rules[i]
		before := len(rule.When.Detectors)
		rule.When.Detectors = slices.DeleteFunc(rule.When.Detectors, func(id string) bool {
			return !slices.Contains(c.Sought, id) && !slices.ContainsFunc(c.Detectors, func(own detect.Detector) bool { return own.ID == id })
		})
		if before > 0 && len(rule.When.Detectors) == 0 {
			r.add(r.valuePlace([]string{"rule", rule.ID, "when", "detectors"}, whole), errors.New("detectors: [inspect] looks for none of these, so that the rule would never hold"))
		}
	}
}

// detectorIDs is the parser of detector ids; an id that ends in ".*" stands for all of its family.
func (r *reading) detectorIDs(text string) ([]string, error) {
	if family, ok := strings.CutSuffix(text, "*"); ok && strings.HasSuffix(family, ".") {
		var ids []string
		for _, id := range r.detectors {
			if strings.HasPrefix(id, family) {
				ids = append(ids, id)
			}
		}
		if len(ids) > 0 {
			return ids, nil
		}
	}
	if slices.Contains(r.detectors, text) {
		return []string{text}, nil
	}
	return nil, &hinted{
		message: fmt.Sprintf("%q is no detector; allowed are those that `stanch detectors` lists, those of this file, and families such as \"secret.*\"", text),
		hint:    rules.Nearest(text, r.detectors),
	}
}

// route reads one [route.<name>].
func (r *reading) route(path []string, id string, values map[string]any) {
	route := rules.Route{Name: id}
	r.table(path, values, routeKeys(&route))
	if _, present := values["paths"].([]any); present && len(values["paths"].([]any)) == 0 {
		r.add(r.valuePlace(append(path, "paths"), whole), errors.New("paths: must name at least one path"))
	}
	if route.Skip && route.Uninspected != nil {
		r.add(r.keyPlace(append(path, "uninspected")), errors.New("uninspected: has no effect with skip: nothing of this route is inspected"))
	}
	for _, pattern := range route.Paths {
		single := route
		single.Paths = []string{pattern}
		r.config.Policy.Routes = append(r.config.Policy.Routes, single)
	}
}

// exemption reads one [exempt.<id>].
func (r *reading) exemption(path []string, id string, values map[string]any) {
	exemption := rules.Exemption{ID: id}
	before := len(r.found)
	r.table(path, values, exemptionKeys(&exemption))
	r.config.Policy.Exemptions = append(r.config.Policy.Exemptions, exemption)
	for i, rule := range exemption.Rules {
		r.exempted = append(r.exempted, reference{rule, r.valuePlace(append(path, "rules"), i)})
	}
	if len(r.found) > before {
		return
	}
	if len(exemption.Rules) == 0 {
		r.add(r.valuePlace(append(path, "rules"), whole), errors.New("rules: must name at least one rule"))
	}
	if !r.now.Before(exemption.Expires) {
		r.add(r.valuePlace(append(path, "expires"), whole), fmt.Errorf("expires: this exemption ended on %s; renew it with its owner (%s) or take it out",
			exemption.Expires.Format("2006-01-02"), exemption.Owner))
	}
}

// detector reads one [detector.<id>].
func (r *reading) detector(path []string, id string, values map[string]any) {
	detector := detect.Detector{ID: id, Source: "the operator's configuration"}
	var pattern string
	before := len(r.found)
	r.table(path, values, detectorKeys(&detector, &pattern))
	if slices.Contains(r.detectors, id) {
		r.add(r.keyPlace(path), fmt.Errorf("id %q is taken by a detector of the catalogue", id))
	}
	r.detectors = append(r.detectors, id)
	if len(r.found) > before || pattern == "" {
		return
	}
	detector.Patterns = []string{pattern}
	r.examples(path, &detector)
	r.compiles(path, &detector)
}

// examples holds a detector's examples against its pattern.
func (r *reading) examples(path []string, detector *detect.Detector) {
	exact := regexp.MustCompile(`^(?:` + detector.Patterns[0] + `)$`)
	for i, example := range detector.Examples {
		if !exact.MatchString(example) {
			r.add(r.valuePlace(append(path, "examples"), i), fmt.Errorf("examples: %q does not match the pattern", example))
		}
	}
	for i, example := range detector.CounterExamples {
		if exact.MatchString(example) {
			r.add(r.valuePlace(append(path, "counter_examples"), i), fmt.Errorf("counter_examples: %q matches the pattern", example))
		}
	}
}

// compiles takes a detector over when the catalogue would, and reports what it has against it.
func (r *reading) compiles(path []string, detector *detect.Detector) {
	_, err := detect.Compile([]detect.Detector{*detector})
	if err == nil {
		r.config.Detectors = append(r.config.Detectors, *detector)
		return
	}
	for line := range strings.Lines(err.Error()) {
		_, problem, _ := strings.Cut(strings.TrimSpace(line), "("+detector.ID+"): ")
		r.add(r.keyPlace(path), errors.New(problem))
	}
}

// parsePattern checks a regular expression as the matching engine does, and that it is not so short that it matches everywhere.
func parsePattern(expression string) (string, error) {
	if _, err := match.Compile([]match.Pattern{{Expression: expression}}); err != nil {
		return "", errors.New(strings.TrimPrefix(err.Error(), "match: pattern 0: "))
	}
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return "", err
	}
	if shortest(parsed) < minMatch {
		return "", fmt.Errorf("%q may match fewer than %d bytes: that is found everywhere by chance", expression, minMatch)
	}
	return expression, nil
}

// The bounds of canaries: shorter ones are found by chance, and more belong into an index.
const (
	canaryPrefix = "canary."
	minCanary    = 6    // bytes
	maxCanaries  = 1000 // values in one file
)

// canary reads one [canary.<id>]: it becomes a detector of the planted values, and a rule that acts on the first of them.
func (r *reading) canary(path []string, id string, values map[string]any) {
	name := canaryPrefix + id
	rule := rules.Rule{ID: name, Summary: "A planted record was seen", Action: rules.Block,
		When: rules.Condition{Detectors: []string{name}, Findings: 1, Confidence: rules.Low}}
	var valuesFile string
	r.table(path, values, canaryKeys(&valuesFile, &rule))
	r.detectors = append(r.detectors, name)
	r.config.Policy.Rules = append(r.config.Policy.Rules, rule)
	if valuesFile == "" {
		return
	}
	valuesFile = r.beside(valuesFile)
	data, err := r.read(valuesFile)
	if err != nil {
		r.add(r.valuePlace(append(path, "values_file"), whole), fmt.Errorf("values_file: %w", err))
		return
	}
	r.config.files = append(r.config.files, valuesFile)
	r.hashed = append(r.hashed, data)
	patterns, err := canaryPatterns(data)
	if err != nil {
		r.add(r.valuePlace(append(path, "values_file"), whole), fmt.Errorf("values_file: %s: %w", valuesFile, err))
		return
	}
	r.compiles(path, &detect.Detector{ID: name, Title: "Canary " + id, Strength: rules.Strong,
		Patterns: patterns, Distinctive: true, Source: "the operator's planted records"})
}

// canaryPatterns makes a pattern of each line. Its errors name lines, never values.
func canaryPatterns(data []byte) ([]string, error) {
	var patterns []string
	for i, line := range bytes.Split(data, []byte("\n")) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
			continue
		case !utf8.Valid(line):
			return nil, fmt.Errorf("line %d is not UTF-8", i+1)
		case len(line) < minCanary || len(line) > match.MaxLength/2: // an escaped letter in another case may be longer
			return nil, fmt.Errorf("line %d has %d bytes; allowed are %d to %d", i+1, len(line), minCanary, match.MaxLength/2)
		case len(patterns) == maxCanaries:
			return nil, fmt.Errorf("has more than %d values", maxCanaries)
		}
		patterns = append(patterns, `(?i)`+regexp.QuoteMeta(asRead(line)))
	}
	if len(patterns) == 0 {
		return nil, errors.New("has no values; it must hold one a line")
	}
	return patterns, nil
}

// asRead is a value as the readers present it to patterns: every dash, space and digit in its plain form.
func asRead(value []byte) string {
	var batch extract.Batch
	extract.NewReader(rules.Text, extract.Options{}).Read(&batch, value, 0, true)
	return string(bytes.TrimSpace(batch.Text))
}

func detectorKeys(d *detect.Detector, pattern *string) []key {
	d.Strength = rules.Strong
	words := func(to *[]string) value {
		return list[string]{to, one(func(s string) (string, error) { return strings.ToLower(s), nil }), same, "words or phrases"}
	}
	return []key{
		{name: "title", value: plain(&d.Title, "what it is called"), required: true, doc: "what it is called"},
		{name: "pattern", value: text[string]{pattern, parsePattern, same, fmt.Sprintf("a regular expression in RE2 syntax that matches %d to %d bytes", minMatch, match.MaxLength)}, required: true, doc: "what it looks like, in RE2 syntax"},
		{name: "context", value: words(&d.Context), doc: "Words that stand near it or head its column; they make a finding surer. A detector that is not distinctive needs some."},
		{name: "headers", value: words(&d.Headers), doc: "Further column headers and JSON keys above its values."},
		{name: "strength", value: text[rules.Strength]{&d.Strength, parseText[rules.Strength], rules.Strength.String, `"weak", "strong" or "special"`}, doc: "How well it names a person: one strong identifier or two weak ones make a data subject."},
		{name: "distinctive", value: boolean{&d.Distinctive}, doc: "It is unlikely to be anything else, even without a context word near it."},
		{name: "examples", value: list[string]{&d.Examples, one(asIs), same, "strings"}, required: true, doc: "values that the pattern must match; checked at load"},
		{name: "counter_examples", value: list[string]{&d.CounterExamples, one(asIs), same, "strings"}, required: true, doc: "values that look alike and must not match; checked at load"},
	}
}

func canaryKeys(valuesFile *string, rule *rules.Rule) []key {
	return []key{
		{name: "values_file", value: plain(valuesFile, "a file with a value a line"), required: true, doc: "a file with one planted value a line, beside the configuration"},
		{name: "summary", value: plain(&rule.Summary, "a sentence"), doc: "What was planted where."},
		{name: "action", value: action(&rule.Action), doc: "What is done to a response that holds one."},
		{name: "mode", value: mode(&rule.Mode), doc: "Whether it acts, or only records."},
	}
}
