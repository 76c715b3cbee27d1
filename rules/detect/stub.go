package detect

import "stanch/rules/match"

// Catalogue returns the built-in detectors, sorted by id. The caller owns the slice.
func Catalogue() []Detector { return nil }

// A Set is a compiled catalogue. It is safe for concurrent use.
type Set struct{}

// Compile prepares detectors; the error names each detector that is wrong and how.
func Compile(detectors []Detector) (*Set, error) { return &Set{}, nil }

// Detectors returns the detectors of the set in the order that Hit.Detector indexes. It is shared: read only.
func (s *Set) Detectors() []Detector { return nil }

// Engine is the matching engine over all patterns of the set.
func (s *Set) Engine() *match.Engine { return nil }

// Label says what a column header or JSON key means, in any spelling ("NHS No", "nhsNumber", "nhs_no"); 0 when it names nothing known.
func (s *Set) Label(header []byte) Label { return 0 }

// Wordy reports whether values under label are words without a pattern (names, addresses, religion): JudgeCell is asked for each of them.
func (s *Set) Wordy(label Label) bool { return false }

// Judge appends to hits what the candidate is. It looks at most ContextBefore bytes before and ContextAfter bytes behind the
// candidate, and not past the end of its line or cell. A candidate may be several things; the caller keeps them all.
func (s *Set) Judge(hits []Hit, text []byte, candidate match.Candidate, field Field) []Hit {
	return hits
}

// JudgeCell appends to hits what a cell is by its label and the form of its value alone.
func (s *Set) JudgeCell(hits []Hit, text []byte, field Field) []Hit { return hits }

// Mask renders a value with at most a third of it readable. It appends to dst.
func (s *Set) Mask(dst []byte, detector int, value []byte) []byte { return dst }

// How far context words may stand from a value, in bytes.
const (
	ContextBefore = 96
	ContextAfter  = 32
)
