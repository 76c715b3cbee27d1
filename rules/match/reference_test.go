package match

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// A reference finds candidates the slow way: it asks the standard library's regexp about every span of the text.
type reference struct{ patterns []referencePattern }

type referencePattern struct {
	bare     bool
	detached Chains
	// whole matches a span with the byte before it and the byte behind it, where there are such.
	whole [2][2]*regexp.Regexp
}

func newReference(t testing.TB, patterns []Pattern) *reference {
	t.Helper()
	r := &reference{}
	for _, p := range patterns {
		compiled := referencePattern{bare: p.Bare, detached: p.Detached}
		for before, prefix := range []string{`\A`, `\A(?s:.)`} {
			for behind, suffix := range []string{`\z`, `(?s:.)\z`} {
				re, err := regexp.Compile(prefix + `(?:` + p.Expression + `)` + suffix)
				if err != nil {
					t.Fatal(err)
				}
				compiled.whole[before][behind] = re
			}
		}
		r.patterns = append(r.patterns, compiled)
	}
	return r
}

func isWord(text []byte, i int) bool {
	return i >= 0 && i < len(text) && (text[i] == '_' || '0' <= text[i] && text[i] <= '9' || 'a' <= text[i]|0x20 && text[i]|0x20 <= 'z')
}

// matches reports whether pattern i matches text[start:end], by the package's definition.
func (r *reference) matches(i int, text []byte, start, end int) bool {
	p := &r.patterns[i]
	if !p.bare && (isWord(text, start) && isWord(text, start-1) || isWord(text, end-1) && isWord(text, end)) {
		return false
	}
	if p.detached&Numbers != 0 && start > 1 && strings.IndexByte("-./+", text[start-1]) >= 0 && '0' <= text[start-2] && text[start-2] <= '9' {
		return false
	}
	if p.detached&Groups != 0 && start > 1 && text[start-1] == ':' && strings.IndexByte("0123456789abcdefABCDEF", text[start-2]) >= 0 {
		return false
	}
	if !utf8.Valid(text[start:end]) {
		return false
	}
	before, behind := 0, 0
	if start > 0 {
		before, start = 1, start-1
	}
	if end < len(text) {
		behind, end = 1, end+1
	}
	return p.whole[before][behind].Match(text[start:end])
}

// find returns the candidates of a whole text.
func (r *reference) find(text []byte) []match {
	type span struct{ start, end int }
	patterns := map[span][]uint16{}
	for i := range r.patterns {
		var earlier []span
		for start := range text {
			for end := min(len(text), start+MaxLength); end > start; end-- {
				if !r.matches(i, text, start, end) {
					continue
				}
				hidden := slices.ContainsFunc(earlier, func(s span) bool { return s.start > start-hideReach && s.end >= end })
				if !hidden {
					patterns[span{start, end}] = append(patterns[span{start, end}], uint16(i))
				}
				earlier = append(earlier, span{start, end})
				break
			}
		}
	}
	var found []match
	for s, indices := range patterns {
		found = append(found, match{s.start, s.end, indices})
	}
	slices.SortFunc(found, compareMatches)
	return found
}

// A match is a Candidate with its patterns, which can be compared with those of another engine.
type match struct {
	start, end int
	patterns   []uint16
}

func compareMatches(a, b match) int {
	if a.start != b.start {
		return a.start - b.start
	}
	return b.end - a.end
}

func sameMatches(a, b []match) bool {
	return slices.EqualFunc(a, b, func(a, b match) bool {
		return a.start == b.start && a.end == b.end && slices.Equal(a.patterns, b.patterns)
	})
}

// matches returns the candidates of an engine with their patterns; those on one span are one.
func matches(engine *Engine, found []Candidate) (all []match) {
	for _, c := range found {
		patterns := engine.Patterns(c.Set)
		if last := len(all) - 1; last >= 0 && all[last].start == c.Start && all[last].end == c.End {
			all[last].patterns = slices.Concat(all[last].patterns, patterns)
			slices.Sort(all[last].patterns)
			continue
		}
		all = append(all, match{c.Start, c.End, patterns})
	}
	return all
}

// stream scans text in pieces that end at the given offsets, and drops what is settled beyond the Lookbehind as soon as it may.
func stream(t testing.TB, engine *Engine, text []byte, splits ...int) []match {
	t.Helper()
	var found []Candidate
	kept, from := 0, 0 // offsets in text: text[kept:] is still held, text[:from] is settled
	for i, end := range append(splits, len(text)) {
		final := i == len(splits)
		window := slices.Clone(text[kept:end])
		before := len(found)
		candidates, settled := engine.Scan(found, window, from-kept, final)
		found = candidates
		for i := before; i < len(found); i++ {
			found[i].Start += kept
			found[i].End += kept
			if found[i].Start < from || found[i].Start >= kept+settled {
				t.Fatalf("candidate at %d is outside of [%d, %d)", found[i].Start, from, kept+settled)
			}
		}
		if settled < from-kept || settled > len(window) || final && settled != len(window) {
			t.Fatalf("settled is %d of %d, from %d, final %v", settled, len(window), from-kept, final)
		}
		from = kept + settled
		kept = max(kept, from-Lookbehind)
	}
	return matches(engine, found)
}

// everySplit scans text whole, in two pieces at each offset, and byte by byte, and wants the same each time.
func everySplit(t testing.TB, engine *Engine, text []byte, want []match) {
	t.Helper()
	check := func(how string, got []match) {
		t.Helper()
		if !sameMatches(got, want) {
			t.Fatalf("%q %s:\n got %v\nwant %v", text, how, got, want)
		}
	}
	check("whole", stream(t, engine, text))
	var each []int
	for i := range text {
		each = append(each, i)
		check("split", stream(t, engine, text, i))
	}
	check("byte by byte", stream(t, engine, text, each...))
}
