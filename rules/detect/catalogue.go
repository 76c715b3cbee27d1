package detect

import (
	"cmp"
	"slices"
)

// Catalogue returns the built-in detectors, sorted by id. The caller owns the slice.
func Catalogue() []Detector {
	all := slices.Concat(contact(), network(), devices(), payment(), person(), special(), unitedKingdom(), unitedStates(), worldDetectors(), secrets())
	slices.SortFunc(all, func(a, b Detector) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
