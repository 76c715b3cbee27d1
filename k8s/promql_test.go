package k8s

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A selector is a metric that an expression names, with the labels it names beside it.
type selector struct {
	metric   string
	matchers []matcher
}

type matcher struct{ label, operator, value string }

// An expression is what a PromQL expression names.
type expression struct {
	selectors []selector
	labels    []string // by, without, on, ignoring, group_left, group_right
}

var (
	promToken = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|` + "`[^`]*`" + `|\[[^\]]*\]|[0-9][0-9a-zA-Z_.]*|[a-zA-Z_:][a-zA-Z0-9_:]*|=~|!~|!=|==|>=|<=|\S`)
	grouping  = []string{"by", "without", "on", "ignoring", "group_left", "group_right"}
	operators = []string{"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan"}
)

// readPromQL finds what an expression names. It reads well-formed expressions; promtool says whether they are.
func readPromQL(text string) (expression, error) {
	tokens := promToken.FindAllString(text, -1)
	next := func(i int) string {
		if i+1 < len(tokens) {
			return tokens[i+1]
		}
		return ""
	}
	var e expression
	for i := 0; i < len(tokens); i++ {
		token := tokens[i]
		switch {
		case !isName(token) || slices.Contains(operators, strings.ToLower(token)):
		case slices.Contains(grouping, token):
			if next(i) != "(" {
				continue
			}
			for i += 2; i < len(tokens) && tokens[i] != ")"; i++ {
				if tokens[i] != "," {
					e.labels = append(e.labels, tokens[i])
				}
			}
		case next(i) == "(" || slices.Contains(grouping, next(i)): // a function or an aggregation
		default:
			s := selector{metric: token}
			if next(i) == "{" {
				end := slices.Index(tokens[i:], "}")
				if end < 0 {
					return e, fmt.Errorf("no end of %s{ in %q", token, text)
				}
				s.matchers = readMatchers(tokens[i+2 : i+end])
				i += end
			}
			e.selectors = append(e.selectors, s)
		}
	}
	if len(e.selectors) == 0 {
		return e, fmt.Errorf("no metric in %q", text)
	}
	return e, nil
}

func readMatchers(tokens []string) []matcher {
	var matchers []matcher
	for i := 0; i+2 < len(tokens); i++ {
		if isName(tokens[i]) {
			matchers = append(matchers, matcher{tokens[i], tokens[i+1], strings.Trim(tokens[i+2], "\"'`")})
			i += 2
		}
	}
	return matchers
}

func isName(token string) bool {
	c := token[0]
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':'
}

func TestReadPromQL(t *testing.T) {
	tests := []struct{ text, metrics, labels, matchers string }{
		{`up`, "up", "", ""},
		{`sum by (a, b) (rate(x_total{c="d", e!~"f|g{"}[5m])) > 0.5e3`, "x_total", "a b", "c= e!~"},
		{`histogram_quantile(0.99, sum without (le) (rate(h_bucket[$__rate_interval]))) and on (pod) group_left (version) build_info`, "h_bucket build_info", "le pod version", ""},
		{`sum(x{}) by (a) / count(y offset 1h) > bool 3`, "x y", "a", ""},
		{`a:b:rate5m - time() < 14 * 24 * 3600 or absent(z)`, "a:b:rate5m z", "", ""},
	}
	for _, test := range tests {
		e, err := readPromQL(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		var metrics, matchers []string
		for _, s := range e.selectors {
			metrics = append(metrics, s.metric)
			for _, m := range s.matchers {
				matchers = append(matchers, m.label+m.operator)
			}
		}
		if got := strings.Join(metrics, " "); got != test.metrics {
			t.Errorf("%s: metrics %q", test.text, got)
		}
		if got := strings.Join(e.labels, " "); got != test.labels {
			t.Errorf("%s: labels %q", test.text, got)
		}
		if got := strings.Join(matchers, " "); got != test.matchers {
			t.Errorf("%s: matchers %q", test.text, got)
		}
	}
}

// series are the label values of each metric, by name and label.
type series map[string]map[string][]string

// targetLabels are put on series by Prometheus when it scrapes a pod.
var targetLabels = []string{"namespace", "pod", "container", "instance", "job"}

// check says what an expression names that does not exist.
func (known series) check(e expression) []string {
	var wrong []string
	for _, s := range e.selectors {
		labels, exists := known[s.metric]
		if !exists {
			wrong = append(wrong, "no metric "+s.metric)
			continue
		}
		for _, m := range s.matchers {
			values, exists := labels[m.label]
			switch {
			case slices.Contains(targetLabels, m.label):
			case !exists:
				wrong = append(wrong, fmt.Sprintf("%s has no label %s; it has %v", s.metric, m.label, slices.Sorted(maps.Keys(labels))))
			default:
				wrong = append(wrong, unknownValues(s.metric, m, values)...)
			}
		}
	}
	for _, label := range e.labels {
		exists := slices.Contains(targetLabels, label) || slices.ContainsFunc(e.selectors, func(s selector) bool { _, has := known[s.metric][label]; return has })
		if !exists {
			wrong = append(wrong, "no metric of the expression has the label "+label)
		}
	}
	return wrong
}

// unknownValues wants every alternative of a matcher among the values that the label can have.
func unknownValues(metric string, m matcher, values []string) []string {
	if strings.HasPrefix(m.value, "$") {
		return nil // a variable of the dashboard
	}
	alternatives := []string{m.value}
	if strings.HasSuffix(m.operator, "~") {
		alternatives = strings.Split(m.value, "|")
	}
	var wrong []string
	for _, alternative := range alternatives {
		pattern, err := regexp.Compile("^(?:" + alternative + ")$")
		if !strings.HasSuffix(m.operator, "~") {
			pattern, err = regexp.Compile("^" + regexp.QuoteMeta(alternative) + "$")
		}
		if err != nil || !slices.ContainsFunc(values, pattern.MatchString) {
			wrong = append(wrong, fmt.Sprintf("%s%s%s%q can never be; %s is one of %v", metric, m.label, m.operator, alternative, m.label, values))
		}
	}
	return wrong
}
