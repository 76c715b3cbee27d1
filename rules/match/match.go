// Package match finds candidates for patterns in a stream of text, fast. It knows no meaning: which candidate is an identifier
// is for the detectors to say.
//
//	engine, err := match.Compile([]match.Pattern{{Expression: `\d{3}-\d{2}-\d{4}`}})
//	candidates, settled := engine.Scan(nil, text, 0, true)
//
// Scan is stateless: the caller keeps the text that is not settled and presents it again with more behind it. A vector
// prefilter may say "maybe" to a place that holds no match; it never says "no" to one that does.
//
// # What is found
//
// A pattern matches a span of the text when its expression matches exactly that span, the span is not empty, and the rules at
// Pattern.Bare and Pattern.Detached hold. Text is read as UTF-8; bytes that are no UTF-8 are matched by nothing, not even by `.` or `[^x]`. \b and
// \B know ASCII, as in RE2. Of the matches of one pattern from one start, the longest counts. It is reported unless a match of
// the same pattern that starts less than Lookbehind-1 bytes before it ends where it ends or later. Matches of different patterns
// never hide each other; those on the same span are one Candidate.
//
// There is one limit: input that is made to meet more than some thousand different sets of patterns on one span has further
// ones reported as several Candidates on that span, one a pattern.
//
// Candidates come ascending by Start and, from one start, the longest first. What is found does not depend on how a stream is
// divided into texts.
package match

// A Pattern is one regular expression of bounded length.
type Pattern struct {
	// Expression is in RE2 syntax. Its longest match must be at most MaxLength bytes. Anchors (^ $ \A \z) are not allowed.
	Expression string
	// Bare lets a match touch letters and digits on either side. By default the byte before and the byte after a match
	// must not be an ASCII letter, digit or '_' where the match itself begins or ends with one.
	Bare bool
	// Detached are the chains that no match begins within. What begins there is not followed, and hides nothing. The zero value is none.
	Detached Chains
}

// Chains is a set of what a match may be a part of.
type Chains uint8

// The chains.
const (
	Numbers Chains = 1 << iota // longer numbers, versions, dates and paths: what stands behind a digit and one of the signs - . / + behind that
	Groups                     // groups with colons between them: what stands behind a hexadecimal digit and a colon

	everyChain = Numbers | Groups
)

// MaxLength is the longest match that a pattern may have, in bytes.
const MaxLength = 512

// MaxPatterns is how many patterns an Engine may have.
const MaxPatterns = 1 << 12

// hideReach is how near, in bytes, the start of a match is to that of one that it hides: nearer than that.
const hideReach = 64

// Lookbehind is how many bytes before `from` Scan may look at: where a match may begin that hides another, and what stands before it.
const Lookbehind = hideReach + 1

// A Candidate is a place where patterns match.
type Candidate struct {
	Start, End int    // half open, in the text given to Scan
	Set        uint32 // a number for the patterns, from 1 up to less than Engine.Sets(); Engine.Patterns says which they are
}
