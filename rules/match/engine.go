package match

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"sync"
)

// Engine finds the candidates of all its patterns in one pass. It is safe for concurrent use.
type Engine struct {
	sets        *sets
	main        *automaton // of all patterns without a closed prefix
	pivots      []pivotGroup
	pivotOf     [256]uint8 // byte -> the pivot groups that it is a pivot of, modulo 8
	beforePivot [256]uint8 // byte -> the pivot groups whose pivot it may stand before
	fromPivot   *outlines  // what may stand from a pivot on
	filter      filter
	unfiltered  []uint16
	classifier  classifier
	scratches   sync.Pool // of *scratch
}

// Compile prepares patterns. The error names the pattern by its index and says what is wrong with it; it joins one error for
// each pattern that is wrong.
func Compile(patterns []Pattern) (*Engine, error) {
	return compileWith(patterns, options{classifiers()[0], maxCells, maxSets})
}

// Sets is the number that every Candidate.Set of this Engine is below.
func (e *Engine) Sets() int { return len(e.sets.members) }

// Patterns returns what a Candidate.Set stands for: indices into the patterns given to Compile, ascending. They are owned by the Engine: read
// only. It returns nil for a number that no Candidate of this Engine has.
func (e *Engine) Patterns(set uint32) []uint16 {
	if int(set) >= len(e.sets.members) {
		return nil
	}
	return e.sets.members[set].indices
}

// options are what tests vary.
type options struct {
	classifier classifier
	cells      uint32 // of an automaton, at most
	sets       int    // of patterns, at most, besides those of one
}

func compileWith(patterns []Pattern, with options) (*Engine, error) {
	if len(patterns) > MaxPatterns {
		return nil, fmt.Errorf("match: %d patterns, at most %d are allowed", len(patterns), MaxPatterns)
	}
	compiler := newCompiler(len(patterns))
	var problems []error
	for i, pattern := range patterns {
		re, err := parse(pattern.Expression)
		if err == nil {
			err = compiler.add(re, uint16(i), pattern)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("match: pattern %d: %w", i, err))
		}
	}
	if problems != nil {
		return nil, errors.Join(problems...)
	}
	return compiler.engine(with), nil
}

// Unfiltered returns the patterns whose matches need hold neither a digit near their start nor a literal nor a rare byte, as
// ascending indices: for these each word must be looked at, so that they cost more than others. The caller owns the slice.
func (e *Engine) Unfiltered() []uint16 { return slices.Clone(e.unfiltered) }

// A compiler sorts patterns into the ways their starts are found.
type compiler struct {
	patterns int
	main     *program
	pivots   []pivotGroup
	programs []*program // of the pivot groups
	filter   filterSets
}

func newCompiler(patterns int) *compiler {
	return &compiler{patterns: patterns, main: newProgram(patterns)}
}

func (c *compiler) add(re *syntax.Regexp, index uint16, pattern Pattern) error {
	if prefix, suffix, ok := splitClosed(re, pattern); ok && (prefix.pivot.has('@') || !c.otherwise(re, pattern)) {
		return c.addClosed(prefix, suffix, index)
	}
	starts, err := c.main.add(re.Simplify(), index, pattern)
	if err != nil {
		return err
	}
	c.filter.add(c.main, starts, index, everyChain&^pattern.Detached)
	return nil
}

// otherwise reports whether the starts of an expression can be found by literals or digits.
func (c *compiler) otherwise(re *syntax.Regexp, pattern Pattern) bool {
	trial := newProgram(1)
	starts, err := trial.add(re.Simplify(), 0, pattern)
	if err != nil {
		return true // said when it is added
	}
	var sets filterSets
	sets.add(trial, starts, 0, everyChain)
	return len(sets.unfiltered) == 0
}

func (c *compiler) addClosed(prefix closedPrefix, suffix *syntax.Regexp, pattern uint16) error {
	group := slices.IndexFunc(c.pivots, func(g pivotGroup) bool { return g.closedPrefix == prefix })
	if group < 0 {
		group = len(c.pivots)
		c.pivots = append(c.pivots, pivotGroup{closedPrefix: prefix})
		c.programs = append(c.programs, newProgram(c.patterns))
	}
	_, err := c.programs[group].add(suffix.Simplify(), pattern, Pattern{Bare: prefix.bare})
	return err
}

func (c *compiler) engine(with options) *Engine {
	e := &Engine{sets: newSets(c.patterns, with.sets), pivots: c.pivots, unfiltered: c.filter.unfiltered, classifier: with.classifier}
	e.main = newAutomaton(c.main, e.sets, with.cells, true)
	var pivots byteSet
	var fromPivots []outline
	for i := range e.pivots {
		e.pivots[i].automaton = newAutomaton(c.programs[i], e.sets, with.cells, false)
		pivots.union(&e.pivots[i].pivot)
		fromPivots = append(fromPivots, c.programs[i].outlines(c.programs[i].starts, e.pivots[i].bare, 0)...)
		for b := range 256 {
			if e.pivots[i].pivot.has(byte(b)) {
				e.pivotOf[b] |= 1 << (i & 7)
			}
			if e.pivots[i].rest.has(byte(b)) {
				e.beforePivot[b] |= 1 << (i & 7)
			}
		}
	}
	e.fromPivot = newOutlines(fromPivots, notBeforePivots(&e.beforePivot))
	e.filter = c.filter.filter(c.main, pivots)
	e.scratches.New = func() any { return newScratch(c.patterns) }
	return e
}
