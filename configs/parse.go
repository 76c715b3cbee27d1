package configs

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"stanch/rules"
	"stanch/rules/detect"
)

var errTooLarge = fmt.Errorf("no file of at most %s", byteSize(maxFile))

// A parser reads one configuration.
type parser struct {
	name      string
	catalogue []detect.Detector
	now       time.Time
	read      func(path string) ([]byte, error) // for the files that the configuration names
}

// A reading is the state of one parse.
type reading struct {
	decoder
	parser
	config *Config
	hashed [][]byte // contents that the configuration consists of
	// ids of detectors, the operator's own included
	detectors []string
	// exempted are the rules that exemptions name, to be checked when all rules are known
	exempted []reference
}

// A reference is a name that must exist elsewhere in the file.
type reference struct {
	name string
	at   position
}

func (p parser) parse(data []byte) (*Config, error) {
	r := &reading{parser: p, config: defaults(), hashed: [][]byte{data}}
	r.file = p.name
	if at := indexPositions(string(data)).deep; at != (position{}) {
		r.add(at, fmt.Errorf("nested deeper than %d", maxNesting))
		return nil, r.err()
	}
	values, document := r.syntax(string(data))
	r.places = indexPositions(document)
	for _, d := range p.catalogue {
		r.detectors = append(r.detectors, d.ID)
	}
	r.sections(values)
	if err := r.err(); err != nil {
		return nil, err
	}
	r.config.Hash = hashOf(r.hashed)
	return r.config, nil
}

// maxSyntaxErrors is how many syntax errors are looked for in one file.
const maxSyntaxErrors = 20

// syntax decodes the document. What cannot be read is reported and blanked, so that the problems of the rest are told too;
// it returns the document that the values stem from.
func (r *reading) syntax(document string) (map[string]any, string) {
	lastLine := 0
	for range maxSyntaxErrors {
		values := map[string]any{}
		_, err := toml.Decode(document, &values)
		if err == nil {
			return values, document
		}
		var wrong toml.ParseError
		if !errors.As(err, &wrong) {
			r.add(position{1, 1}, err)
			return nil, document
		}
		at := syntaxPlace(document, wrong)
		if consequence := at.line <= lastLine+1 || strings.Contains(wrong.Message, "end of file"); consequence && r.damaged {
			return nil, document
		}
		r.damaged, lastLine = true, at.line
		r.add(at, errors.New(lowerFirst(strings.TrimSuffix(wrong.Message, "."))))
		document = blank(document, at.line)
	}
	return nil, document
}

// syntaxPlace is where a syntax error stands. Of a key or table that is there twice the library names a place behind it.
func syntaxPlace(document string, wrong toml.ParseError) position {
	at := position{max(wrong.Position.Line, 1), max(wrong.Position.Col, 1)}
	lines := strings.Split(document, "\n")
	if strings.Contains(wrong.Message, "already been defined") && at.line <= len(lines) {
		at.column = 1 + len(lines[at.line-1]) - len(strings.TrimLeft(lines[at.line-1], " \t["))
	}
	return at
}

// blank empties a line, and after a table's header all lines of the table, keeping the places of all others.
func blank(document string, line int) string {
	lines := strings.SplitAfter(document, "\n")
	table := line <= len(lines) && strings.HasPrefix(strings.TrimSpace(lines[line-1]), "[")
	for i := line - 1; i < len(lines); i++ {
		if i >= line && (!table || strings.HasPrefix(strings.TrimSpace(lines[i]), "[")) {
			break
		}
		if strings.HasSuffix(lines[i], "\n") {
			lines[i] = "\n"
		} else {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "")
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// version of the file format.
const version = 1

// sections reads the whole document. Detectors and canaries come first: rules name them.
func (r *reading) sections(values map[string]any) {
	const ruleGroup, routeGroup, exemptGroup, detectorGroup, canaryGroup = "rule", "route", "exempt", "detector", "canary"
	groups := []struct {
		name string
		each func(path []string, id string, values map[string]any)
	}{{detectorGroup, r.detector}, {canaryGroup, r.canary}, {ruleGroup, r.rule}, {routeGroup, r.route}, {exemptGroup, r.exemption}}
	top := topKeys(r.config, r.detectorIDs)
	allowed := slices.Clone(top)
	values = maps.Clone(values)
	for _, group := range groups {
		if decoded, present := values[group.name]; present {
			r.group(group.name, decoded, group.each)
			delete(values, group.name)
		}
		allowed = append(allowed, key{name: group.name})
	}
	for name := range values {
		if !slices.ContainsFunc(top, func(k key) bool { return k.name == name }) {
			r.unknown([]string{name}, allowed)
			delete(values, name)
		}
	}
	r.table(nil, values, top)
	r.resolve()
	r.check()
}

// resolve makes the files of the configuration independent of the working folder.
func (r *reading) resolve() {
	c := r.config
	for _, file := range []*string{&c.Server.UpstreamCA, &c.Listener.Certificate, &c.Listener.Key, &c.Listener.ClientCA, &c.Inspect.Spool, &c.Identity.KeyFile} {
		*file = r.beside(*file)
	}
	if c.Audit.File != "stdout" && c.Audit.File != "stderr" {
		c.Audit.File = r.beside(c.Audit.File)
	}
}

// check looks at what concerns more than one table.
func (r *reading) check() {
	server := &r.config.Server
	if server.Listen == server.Admin && server.Listen != "" {
		r.add(r.valuePlace([]string{"server", "admin"}, whole), errors.New("admin: must be another address than listen"))
	}
	r.checkSought()
	if r.config.Audit.Required && r.config.Audit.File == "" {
		r.add(r.valuePlace([]string{"audit", "required"}, whole), errors.New("required: there is no file to write events to"))
	}
	r.checkListener()
	ids := make([]string, len(r.config.Policy.Rules))
	for i, rule := range r.config.Policy.Rules {
		ids[i] = rule.ID
	}
	for _, ref := range r.exempted {
		if !slices.Contains(ids, ref.name) && !r.damaged {
			r.add(ref.at, fmt.Errorf("rules: %w", &rules.NameError{Kind: "rule of this file", Got: ref.name, Allowed: ids}))
		}
	}
	if len(r.config.Policy.Rules) == 0 && len(r.found) == 0 {
		r.add(position{1, 1}, &hinted{message: "the file has no rule: nothing would be stopped", hint: "begin with the rules of the default, configs/stanch.toml"})
	}
	slices.SortFunc(r.config.Policy.Rules, func(a, b rules.Rule) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(r.config.Policy.Routes, compareRoutes)
}

// checkListener wants all of what TLS needs, or none.
func (r *reading) checkListener() {
	listener := &r.config.Listener
	if (listener.Certificate == "") != (listener.Key == "") {
		r.add(r.keyPlace([]string{"listener"}), errors.New("certificate and key go together: set both or none"))
	}
	if listener.ClientCA != "" && listener.Certificate == "" {
		r.add(r.valuePlace([]string{"listener", "client_ca"}, whole), errors.New("client_ca: has no effect without certificate and key"))
	}
	if listener.MinVersion != tls.VersionTLS12 && listener.Certificate == "" {
		r.add(r.valuePlace([]string{"listener", "min_version"}, whole), errors.New("min_version: has no effect without certificate and key"))
	}
	if ca, scheme := r.config.Server.UpstreamCA, r.config.Server.Upstream; ca != "" && scheme != nil && scheme.Scheme != "https" {
		r.add(r.valuePlace([]string{"server", "upstream_ca"}, whole), errors.New("upstream_ca: has no effect unless upstream is https"))
	}
}

// compareRoutes puts the most specific path first, so that the order of the file does not matter.
func compareRoutes(a, b rules.Route) int {
	literal := func(r rules.Route) int {
		before, _, _ := strings.Cut(r.Paths[0], "*")
		return len(before)
	}
	if n := literal(b) - literal(a); n != 0 {
		return n
	}
	if n := len(b.Paths[0]) - len(a.Paths[0]); n != 0 {
		return n
	}
	return strings.Compare(a.Name+a.Paths[0], b.Name+b.Paths[0])
}

// beside resolves a file name that stands in the configuration.
func (p *parser) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(p.name), path)
}

// hashOf is the SHA-256 of the contents, each by its own hash so that no two lists collide.
func hashOf(contents [][]byte) string {
	total := sha256.New()
	for _, content := range contents {
		sum := sha256.Sum256(content)
		total.Write(sum[:])
	}
	return hex.EncodeToString(total.Sum(nil))
}
