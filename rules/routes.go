package rules

import "strings"

// MatchPath reports whether a path fits a pattern: '*' stands for any characters within one segment, '**' for any characters
// at all, everything else for itself. A pattern that ends in "/**" also fits the path without that ending.
func MatchPath(pattern, path string) bool {
	if base, ok := strings.CutSuffix(pattern, "/**"); ok && base != "" && !strings.Contains(base, "*") {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	return matchPath(pattern, path)
}

// matchPath walks both once, going back only to the last star of each kind: linear in practice, at worst quadratic.
func matchPath(pattern, path string) bool {
	const none = -1
	p, s := 0, 0
	starPattern, starPath := none, 0             // last '*'
	doubleStarPattern, doubleStarPath := none, 0 // last '**'
	for s < len(path) {
		switch {
		case strings.HasPrefix(pattern[p:], "**"):
			p += 2
			doubleStarPattern, doubleStarPath = p, s
			starPattern = none
		case p < len(pattern) && pattern[p] == '*':
			p++
			starPattern, starPath = p, s
		case p < len(pattern) && pattern[p] == path[s]:
			p++
			s++
		case starPattern != none && path[starPath] != '/':
			starPath++
			p, s = starPattern, starPath
		case doubleStarPattern != none:
			doubleStarPath++
			p, s = doubleStarPattern, doubleStarPath
			starPattern = none
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

func matchesAny(patterns []string, path string) bool {
	for _, pattern := range patterns {
		if MatchPath(pattern, path) {
			return true
		}
	}
	return false
}
