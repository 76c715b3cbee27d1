// Package detect is the catalogue of identifiers, and the judgement over candidates: what a value is, how sure that is, and
// what a column header means.
//
//	set, err := detect.Compile(detect.Catalogue())
//	label := set.Label([]byte("NHS No"))
//	hits := set.Judge(nil, text, &candidate, &detect.Field{Label: label})
//
// It finds no candidates (rules/match does; only JudgeProse reads every word), reads no formats (rules/extract does) and decides nothing (rules does).
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

	// Patterns, Typical and Loose are in RE2 syntax, bounded, and match the folded text: ASCII digits, '-' for every dash, ' '
	// for every space. A match may not touch further letters or digits. Keep to the forms that are really written: a pattern
	// that takes any separator anywhere takes tables of figures too.
	//
	// Patterns make a finding low without context.
	Patterns []string
	// Typical are written forms so usual for this identifier, and so unusual otherwise, that a valid match is Distinctive.
	Typical []string
	// Loose are forms that mean nothing by themselves: without context there is no finding at all. With LooseNeedsLabel the
	// context must stand directly before the value, or head its column.
	Loose           []string
	LooseNeedsLabel bool
	// Valid reports whether a match satisfies the check digits and ranges of the identifier's issuer. Nil means that the
	// identifier has none. It must not keep or change value.
	Valid func(value []byte) bool
	// Examine is Valid for identifiers that need to see what stands around a match, or that begin or end elsewhere than their
	// pattern. It is asked instead of Valid and gives the grade: any for Typical forms, at most Checked for Patterns, and for
	// Loose forms it only accepts or rejects. It must not keep or change text.
	Examine func(text []byte, start, end int) Reading
	// Unsigned says that Examine rejects what begins with 1 to 9 and goes on behind a plus with nothing but digits, spaces and the signs
	// .-() between, up to 16 bytes: it was judged with the plus.
	Unsigned bool
	// Unchained says that Examine rejects what has a colon in it and begins behind a hexadecimal digit and a colon: it is a part of a longer chain
	// of groups.
	Unchained bool
	// Embedded says that the identifier may be a part of a longer token, as an address before its port. All others are
	// rejected there, unless they are Distinctive.
	Embedded bool
	// Ranges says that Valid holds for many numbers that are something else: it checks a date or a region but no check digit, or one
	// with free digits behind it, so that it holds for whole runs of serial numbers.
	Ranges bool
	// Distinctive says that a match is unlikely to be anything else: a checksum together with an unusual form, or an
	// unmistakable form alone. It makes a finding without context medium.
	Distinctive bool
	// Context are words or phrases, lower case, in the languages of the country, that stand near the identifier or head
	// its column. They are matched as whole words, without regard to case, accents and the English plural. With context a
	// finding rises by one step.
	Context []string
	// Headers are further column headers and JSON keys that label the values below them, lower case, words separated by
	// one space. Context words count as headers too.
	Headers []string
	// Columns are for identifiers made of words: a value below one of their headers is judged by its form alone.
	Columns []Column
	// Literal says that separators and case are part of the value, as in an e-mail address.
	Literal bool
	// Source is where the rule comes from: the issuing body's publication.
	Source string
	// Examples must be found, with the first of Context before them; CounterExamples must not be found at medium.
	Examples, CounterExamples []string
}

// A Column says what stands below certain headers.
type Column struct {
	Headers []string // lower case, words separated by one space
	// Accept grades a value below such a header: Distinctive makes a finding high, Plain medium, Loose low, Rejected none.
	// It must not keep or change value.
	Accept func(value []byte) Grade
	// Loose says that Accept gives Loose at most.
	Loose bool
	// Whole says that a value stands for one person or thing, as a full name does and a surname does not.
	Whole bool
}

// A Grade says how much the form of a value alone tells.
type Grade uint8

// The grades, in order. With context, Loose and Plain make a finding medium, Checked and Distinctive make it high.
const (
	Rejected    Grade = iota // it is something else
	Loose                    // nothing by itself: a finding only with context
	Plain                    // low by itself
	Checked                  // low by itself: a check digit or range holds, but the form is anybody's
	Distinctive              // medium by itself
)

// A Reading is what Examine made of a match: the span of the identifier within or around it, and its grade.
type Reading struct {
	Start, End int
	Grade      Grade
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
	// Floor is the least confidence that is wanted; 0 means Low. A floor of Medium spares most of the work.
	Floor rules.Confidence
	// Lifts is the detector whose hits below a floor of Medium are wanted, too, by its index plus one: the values of its column may
	// lift each other. LiftsAny stands for every detector that takes the whole cell; 0 for none.
	Lifts int
	// Nearby carries what was read of the words around earlier candidates of the same text over to the next; nil means that
	// every candidate reads them anew.
	Nearby *Nearby
}

// LiftsAny is a value of Field.Lifts.
const LiftsAny = -1

// A Hit is a candidate that a detector accepts.
type Hit struct {
	Detector   int // index into Set.Detectors
	Start, End int // span in the text
	Confidence rules.Confidence
	Grade      Grade // what the form alone tells: where a whole column is Checked, that is no chance
}

// How far context words may stand from a value, in bytes.
const (
	ContextBefore = 96
	ContextAfter  = 32
)
