package match

import (
	"fmt"
	"regexp/syntax"
	"unicode/utf8"
)

// unbounded is the length of an expression without a longest match. It is so far above MaxLength that sums and products of
// lengths are compared safely after each step.
const unbounded = 1 << 20

// parse reads an expression and checks what the engine asks of it: a longest match of 1 to MaxLength bytes and no anchors.
func parse(expression string) (*syntax.Regexp, error) {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil, err
	}
	if anchor := findAnchor(re); anchor != "" {
		return nil, fmt.Errorf("%s has no meaning in a stream: remove it (word boundaries are implied unless the pattern is bare)", anchor)
	}
	switch longest := longestMatch(re); {
	case longest >= unbounded:
		return nil, fmt.Errorf("unbounded: *, + and {n,} have no longest match; write {n,m} with at most %d bytes in all", MaxLength)
	case longest > MaxLength:
		return nil, fmt.Errorf("the longest match has %d bytes, at most %d are allowed", longest, MaxLength)
	case longest == 0:
		return nil, fmt.Errorf("matches nothing but the empty text")
	}
	return withoutEmptyLoops(re), nil
}

// withoutEmptyLoops returns an expression that matches the same without repeating what takes no byte, as in (\b)*. Without
// such loops no step of an automaton leads back to itself.
func withoutEmptyLoops(re *syntax.Regexp) *syntax.Regexp {
	for i, sub := range re.Sub {
		re.Sub[i] = withoutEmptyLoops(sub)
	}
	repeats := re.Op == syntax.OpStar || re.Op == syntax.OpPlus || re.Op == syntax.OpRepeat
	if !repeats || longestMatch(re.Sub[0]) > 0 {
		return re
	}
	if re.Op == syntax.OpStar || re.Op == syntax.OpRepeat && re.Min == 0 {
		return &syntax.Regexp{Op: syntax.OpEmptyMatch}
	}
	return re.Sub[0]
}

// findAnchor returns the first anchor to a line or the whole text, as it is written, or "".
func findAnchor(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpBeginText:
		return "^ (or \\A)"
	case syntax.OpEndLine, syntax.OpEndText:
		return "$ (or \\z)"
	}
	for _, sub := range re.Sub {
		if anchor := findAnchor(sub); anchor != "" {
			return anchor
		}
	}
	return ""
}

// longestMatch returns the length in bytes of the longest match, or unbounded.
func longestMatch(re *syntax.Regexp) int {
	length := 0
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			width := max(utf8.RuneLen(r), 1)
			if re.Flags&syntax.FoldCase != 0 {
				width = foldedWidth(r)
			}
			length += width
		}
	case syntax.OpCharClass:
		for i := 1; i < len(re.Rune); i += 2 {
			length = max(length, widthBelow(re.Rune[i]))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		length = utf8.UTFMax
	case syntax.OpStar, syntax.OpPlus:
		if longestMatch(re.Sub[0]) > 0 {
			length = unbounded
		}
	case syntax.OpRepeat:
		length = longestMatch(re.Sub[0])
		if re.Max < 0 && length > 0 {
			length = unbounded
		}
		length *= max(re.Max, 1)
		if re.Max == 0 {
			length = 0
		}
	case syntax.OpCapture, syntax.OpQuest:
		length = longestMatch(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			length = min(length+longestMatch(sub), unbounded)
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			length = max(length, longestMatch(sub))
		}
	}
	return min(length, unbounded)
}

// widthBelow returns the most bytes that a rune up to r takes.
func widthBelow(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		return 1
	case r < 0x800:
		return 2
	case r < 0x10000:
		return 3
	}
	return utf8.UTFMax
}

// foldedWidth returns the most bytes that a rune takes in any of its cases.
func foldedWidth(r rune) int {
	width := 1
	for _, folded := range foldings(r) {
		width = max(width, widthBelow(folded))
	}
	return width
}
