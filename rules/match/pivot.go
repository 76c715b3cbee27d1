package match

import (
	"regexp/syntax"
	"slices"
)

// A closedPrefix is the beginning of patterns such as those for email addresses: a run of bytes of one class before a pivot, a
// byte that is not of the class. It makes starts cheap: the pivot is found first, and whatever start is taken in the run before
// it, the rest of the match is the same. So one run of the automaton from the pivot serves all starts.
type closedPrefix struct {
	first     byteSet // of the first byte; part of rest
	rest      byteSet
	low, high int // bytes before the pivot, at least and at most
	pivot     byte
	bare      bool
}

// pivotGroup are the patterns with one closed prefix.
type pivotGroup struct {
	closedPrefix
	automaton *automaton // of what follows, from the pivot on
}

// splitClosed divides an expression into a closed prefix and what follows; the pivot begins that. It fails when the expression
// is not of that form.
func splitClosed(re *syntax.Regexp, bare bool) (prefix closedPrefix, suffix *syntax.Regexp, ok bool) {
	prefix.bare = bare
	if re.Op != syntax.OpConcat {
		return prefix, nil, false
	}
	parts := re.Sub
	if class, low, high, isClass := repeatedClass(parts[0]); isClass && low == 1 && high == 1 && len(parts) > 2 {
		prefix.first, prefix.low, prefix.high = class, 1, 1
		parts = parts[1:]
	}
	class, low, high, isClass := repeatedClass(parts[0])
	if !isClass || len(parts) < 2 || parts[1].Op != syntax.OpLiteral {
		return prefix, nil, false
	}
	prefix.rest = class
	prefix.low += low
	prefix.high += high
	if prefix.first.empty() {
		prefix.first = class
	}
	r := parts[1].Rune[0]
	if r >= 0x80 || wordBytes.has(byte(r)) || class.has(byte(r)) || prefix.low < 1 {
		return prefix, nil, false
	}
	prefix.pivot = byte(r)
	if outside := prefix.first.without(class); !outside.empty() {
		return prefix, nil, false
	}
	return prefix, &syntax.Regexp{Op: syntax.OpConcat, Sub: slices.Clone(parts[1:]), Flags: re.Flags}, true
}

// repeatedClass reads an expression as a class of ASCII bytes that is repeated.
func repeatedClass(re *syntax.Regexp) (class byteSet, low, high int, ok bool) {
	low, high = 1, 1
	switch re.Op {
	case syntax.OpRepeat:
		low, high = re.Min, re.Max
		re = re.Sub[0]
	case syntax.OpQuest:
		low, high = 0, 1
		re = re.Sub[0]
	}
	if re.Op != syntax.OpCharClass {
		return class, 0, 0, false
	}
	for i := 0; i < len(re.Rune); i += 2 {
		if re.Rune[i+1] >= 0x80 {
			return class, 0, 0, false
		}
		class.addRange(byte(re.Rune[i]), byte(re.Rune[i+1]))
	}
	return class, low, high, !class.empty()
}

// firstStart returns the first start of a match in text[from:] that has at least low bytes before a pivot at text[at], or -1.
func (c *closedPrefix) firstStart(text []byte, from, at, low int) int {
	first := -1
	for i := at - 1; i >= max(from, at-c.high) && c.rest.has(text[i]); i-- {
		if c.first.has(text[i]) && at-i >= low && c.mayBegin(text, i) {
			first = i
		}
	}
	return first
}

func (c *closedPrefix) mayBegin(text []byte, i int) bool {
	return c.bare || i == 0 || !wordBytes.has(text[i]) || !wordBytes.has(text[i-1])
}

// nextStart returns the first start behind another that an earlier match does not hide by starting near: the next one that is
// at least Lookbehind bytes from the one before it. It returns -1 when there is none.
func (c *closedPrefix) nextStart(text []byte, start, at int) int {
	for i := start + 1; at-i >= c.low; i++ {
		if !c.first.has(text[i]) || !c.mayBegin(text, i) {
			continue
		}
		if i-start >= Lookbehind {
			return i
		}
		start = i
	}
	return -1
}
