package rules

import "strings"

// maxNearMiss is how many letters a typing error may add, drop or change before a hint is more confusing than useful.
const maxNearMiss = 2

// Nearest returns the candidate that a wrong word most likely stands for, or "" when none is within two typing errors.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", maxNearMiss+1
	for _, c := range candidates {
		d := editDistance(strings.ToLower(word), strings.ToLower(c))
		if d < bestDistance && d < len(c) {
			best, bestDistance = c, d
		}
	}
	return best
}

// editDistance counts the letters that were added, dropped or changed, and the neighbors that changed places, between two
// short words (optimal string alignment).
func editDistance(a, b string) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			substitution := row[j-1]
			if a[i-1] != b[j-1] {
				substitution++
			}
			next[j] = min(row[j]+1, next[j-1]+1, substitution)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
