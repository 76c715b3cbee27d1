package match

import (
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// A closedPrefix is the beginning of patterns such as those for email addresses: a run of bytes of one class before a pivot,
// a byte that is not of the class. It makes starts cheap: the pivot is found first, and whatever start is taken in the run before
// it, the rest of the match is the same. So one run of the automaton from the pivot serves all starts.
type closedPrefix struct {
	first     byteSet // of the first byte; part of rest
	rest      byteSet
	low, high int     // bytes before the pivot, at least and at most
	pivot     byteSet // bytes that are none of rest, and no word bytes
	bare      bool
	detached  Chains
}

// pivotGroup are the patterns with one closed prefix.
type pivotGroup struct {
	closedPrefix
	automaton *automaton // of what follows, from the pivot on
}

// notBeforePivots returns tables that say 1 of bytes of which the nearer one is not before any pivot, by the groups that each byte may stand
// before. Outlines from a pivot on may begin only where they say 0.
func notBeforePivots(groups *[256]uint8) *beforeTables {
	tables := &beforeTables{}
	for b := range utf8.RuneSelf {
		tables[0][b] = 1
		if groups[b] == 0 {
			tables[1][b] = 1
		}
	}
	return tables
}

// splitClosed divides an expression into a closed prefix and what follows; the pivot begins that. It fails when the expression
// is not of that form.
func splitClosed(re *syntax.Regexp, pattern Pattern) (prefix closedPrefix, suffix *syntax.Regexp, ok bool) {
	prefix.bare, prefix.detached = pattern.Bare, pattern.Detached
	parts := leadingParts(re)
	if len(parts) < 2 {
		return prefix, nil, false
	}
	if class, low, high, isClass := repeatedClass(parts[0]); isClass && low == 1 && high == 1 && len(parts) > 2 {
		prefix.first, prefix.low, prefix.high = class, 1, 1
		parts = parts[1:]
	}
	class, low, high, isClass := repeatedClass(parts[0])
	if !isClass {
		return prefix, nil, false
	}
	prefix.rest = class
	prefix.low += low
	prefix.high += high
	if prefix.first.empty() {
		prefix.first = class
	}
	prefix.pivot, ok = firstOf(parts[1])
	outside := prefix.first.without(class)
	if !ok || prefix.low < 1 || !outside.empty() || prefix.pivot.intersects(&class) || prefix.pivot.intersects(&wordBytes) {
		return prefix, nil, false
	}
	return prefix, &syntax.Regexp{Op: syntax.OpConcat, Sub: slices.Clone(parts[1:]), Flags: re.Flags}, true
}

// leadingParts returns what an expression is the concatenation of, with groups that it begins with resolved.
func leadingParts(re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture:
		return leadingParts(re.Sub[0])
	case syntax.OpConcat:
		return append(leadingParts(re.Sub[0]), re.Sub[1:]...)
	case syntax.OpRepeat:
		if sub := re.Sub[0]; re.Min > 0 && (sub.Op == syntax.OpConcat || sub.Op == syntax.OpCapture) {
			rest := *re
			rest.Min--
			rest.Max--
			return append(leadingParts(sub), &rest)
		}
	}
	return []*syntax.Regexp{re}
}

// firstOf returns the first bytes of a literal or class, when they are ASCII.
func firstOf(re *syntax.Regexp) (first byteSet, ok bool) {
	if re.Op == syntax.OpLiteral && re.Rune[0] < utf8.RuneSelf && re.Flags&syntax.FoldCase == 0 {
		first.add(byte(re.Rune[0]))
		return first, true
	}
	first, low, high, ok := repeatedClass(re)
	return first, ok && low == 1 && high == 1
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
		if re.Rune[i+1] >= utf8.RuneSelf {
			return class, 0, 0, false
		}
		class.addRange(byte(re.Rune[i]), byte(re.Rune[i+1]))
	}
	return class, low, high, !class.empty()
}

// firstStart returns the first start of a match in text[from:] that has at least low bytes before a pivot at text[at], or -1.
func (c *closedPrefix) firstStart(text []byte, from, at, low int) int {
	first := at
	for least := max(from, at-c.high); first > least && c.rest.has(text[first-1]); {
		first--
	}
	for ; at-first >= low; first++ {
		if c.first.has(text[first]) && c.mayBegin(text, first) {
			return first
		}
	}
	return -1
}

func (c *closedPrefix) mayBegin(text []byte, i int) bool {
	return (c.bare || i == 0 || !wordBytes.has(text[i]) || !wordBytes.has(text[i-1])) && (c.detached == 0 || c.detached&chainAt(text, i) == 0)
}

// chainAt returns the chain that goes on at text[i], 0 for none.
func chainAt(text []byte, i int) Chains { return Chains(chainTables.at(text, i)) }

// beforeTables say of the two bytes before a place what they have in common.
type beforeTables [chainLength][utf8.RuneSelf]byte

// at returns that for text[i]: 0 where there are no two, or one is not ASCII.
func (t *beforeTables) at(text []byte, i int) byte {
	if i < chainLength {
		return 0
	}
	far, near := text[i-2], text[i-1]
	if (far | near) >= utf8.RuneSelf {
		return 0
	}
	return t[0][far] & t[1][near]
}

// chainLength is how many bytes before a start say whether it is within a chain.
const chainLength = 2

// chainTables say which chains they may be of. They are never written to.
var chainTables = func() (tables beforeTables) {
	for b := range utf8.RuneSelf {
		switch b := byte(b); {
		case digitBytes.has(b):
			tables[0][b] = byte(Numbers | Groups)
		case hexBytes.has(b):
			tables[0][b] = byte(Groups)
		case attaching.has(b):
			tables[1][b] = byte(Numbers)
		case b == ':':
			tables[1][b] = byte(Groups)
		}
	}
	return tables
}()

// attaching are the signs + - . and /.
var attaching = byteSet{1<<'+' | 1<<'-' | 1<<'.' | 1<<'/'}

// hexBytes are the hexadecimal digits.
var hexBytes = byteSet{0x03ff_0000_0000_0000, 0x0000_007e_0000_007e}

// nextStart returns the first start behind another that an earlier match does not hide by starting near: the next one that is
// at least hideReach bytes from the one before it. It returns -1 when there is none.
func (c *closedPrefix) nextStart(text []byte, start, at int) int {
	if at-c.low-start < hideReach {
		return -1
	}
	for i := start + 1; at-i >= c.low; i++ {
		if !c.first.has(text[i]) || !c.mayBegin(text, i) {
			continue
		}
		if i-start >= hideReach {
			return i
		}
		start = i
	}
	return -1
}
