package detect

import "slices"

// worldDetectors returns the detectors of identifiers that states outside the United Kingdom and the United States issue.
// The caller owns the slice.
//
// Their patterns say \d also where a rule narrows a digit, and leave the narrowing to Valid: patterns that differ in ranges of digits
// multiply the states of the automaton that follows all of them.
func worldDetectors() []Detector {
	return slices.Concat(
		europeNorth(), germany(), europeWest(), europeSouth(), mediterranean(), europeEast(), yugoslavSuccessors(), eurasia(),
		northAmerica(), southAmerica(),
		asiaSouth(), asiaSoutheast(), asiaEast(), asiaWest(),
		africa(), oceania(),
	)
}
