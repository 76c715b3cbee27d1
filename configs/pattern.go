package configs

import "regexp/syntax"

// unbounded is the longest match of an expression that has none.
const unbounded = -1

// matchLength returns the least and the most bytes that an expression may match.
func matchLength(expression string) (least, most int, err error) {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return 0, 0, err
	}
	least, most = lengths(parsed)
	return least, most, nil
}

func lengths(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			least += runeLength(r)
		}
		if re.Flags&syntax.FoldCase != 0 { // 'k' also matches the Kelvin sign: three bytes
			return len(re.Rune), maxRune * len(re.Rune)
		}
		return least, least
	case syntax.OpCharClass:
		if len(re.Rune) == 0 {
			return 0, 0
		}
		return runeLength(re.Rune[0]), runeLength(re.Rune[len(re.Rune)-1])
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, maxRune
	case syntax.OpCapture:
		return lengths(re.Sub[0])
	case syntax.OpStar:
		return 0, unbounded
	case syntax.OpPlus:
		least, _ = lengths(re.Sub[0])
		return least, unbounded
	case syntax.OpQuest:
		_, most = lengths(re.Sub[0])
		return 0, most
	case syntax.OpRepeat:
		return repeatLengths(re)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			l, m := lengths(sub)
			least += l
			if m == unbounded || most == unbounded {
				most = unbounded
			} else {
				most += m
			}
		}
		return least, most
	case syntax.OpAlternate:
		least, most = lengths(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			l, m := lengths(sub)
			least = min(least, l)
			if m == unbounded || most == unbounded {
				most = unbounded
			} else {
				most = max(most, m)
			}
		}
		return least, most
	}
	return 0, 0 // anchors, boundaries, empty and impossible matches
}

func repeatLengths(re *syntax.Regexp) (least, most int) {
	least, most = lengths(re.Sub[0])
	if re.Max < 0 || most == unbounded {
		return least * re.Min, unbounded
	}
	return least * re.Min, most * re.Max
}

// maxRune is the longest encoding of a character in UTF-8, in bytes.
const maxRune = 4

func runeLength(r rune) int { return len(string(r)) }
