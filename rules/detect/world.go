package detect

import "slices"

// worldDetectors returns the detectors of identifiers that states outside the United Kingdom and the United States issue.
// The caller owns the slice.
func worldDetectors() []Detector {
	return slices.Concat(
		europeNorth(), germany(), europeWest(), europeSouth(), mediterranean(), europeEast(), yugoslavSuccessors(), eurasia(),
		northAmerica(), southAmerica(),
		asiaSouth(), asiaSoutheast(), asiaEast(), asiaWest(),
		africa(), oceania(),
	)
}
