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

// editDistance is the Levenshtein distance of two short words.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			substitution := diagonal
			if a[i-1] != b[j-1] {
				substitution++
			}
			diagonal = row[j]
			row[j] = min(row[j]+1, row[j-1]+1, substitution)
		}
	}
	return row[len(b)]
}
