// Package detect is the catalogue of identifiers, and the judgement over candidates: what a value is, how sure that is, and
// what a column header means.
//
//	set, err := detect.Compile(detect.Catalogue())
//	label := set.Label([]byte("NHS No"))
//	hits := set.Judge(nil, text, candidate, detect.Field{Label: label})
//
// It finds no candidates (rules/match does), reads no formats (rules/extract does) and decides nothing (rules does).
// Raw values stay in this package and in the redacting writer.
package detect

import "stanch/rules"

// A Detector describes one kind of identifier. Detectors are literals in one file per family.
type Detector struct {
	ID       string // canonical, stable: "uk.nhs_number"
	Title    string // for people: "NHS number"
	Country  string // ISO 3166-1 alpha-2 in lower case; "" is everywhere
	Category Category
	Strength rules.Strength

	// Patterns are in RE2 syntax, bounded, and match the folded text: ASCII digits, '-' for every dash, ' ' for every space.
	Patterns []string
	// Valid reports whether a match satisfies the check digits and ranges of the identifier's issuer. Nil means that the
	// identifier has none. It must not keep or change value.
	Valid func(value []byte) bool
	// Distinctive says that a match is unlikely to be anything else: a checksum together with an unusual form, or an
	// unmistakable form alone. It makes a finding without context medium.
	Distinctive bool
	// Context are words or phrases, lower case, in the languages of the country, that stand near the identifier or head
	// its column. They are matched as whole words. With context a finding rises by one step.
	Context []string
	// Headers are further column headers and JSON keys that label the values below them, lower case, words separated by
	// one space. Context words count as headers too.
	Headers []string
	// Source is where the rule comes from: the issuing body's publication.
	Source string
	// Examples must be found, with the first of Context before them; CounterExamples must not be found at medium.
	Examples, CounterExamples []string
}

// Category groups identifiers as the breach report form of the ICO does.
type Category uint8

// The categories.
const (
	BasicIdentifier Category = iota
	OfficialDocument
	Financial
	Health
	Location
	Credential
	OnlineIdentifier
	SpecialCategory
	CriminalOffence
)

// A Label says what a column header or JSON key means; 0 is nothing known. Labels index a Set.
type Label int32

// A Field is what is known of the place a candidate stands in.
type Field struct {
	Label      Label // of the column; 0 for none
	Start, End int   // the cell's span in the text; both 0 for running text
}

// A Hit is a candidate that a detector accepts.
type Hit struct {
	Detector   int // index into Set.Detectors
	Start, End int // span in the text
	Confidence rules.Confidence
	Key        uint64 // keyed hash of the normalized value: equal for equal identifiers of one detector
}
