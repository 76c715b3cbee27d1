// Package match finds candidates for patterns in a stream of text, fast. It knows no meaning: which candidate is an identifier
// is for the detectors to say.
//
//	engine, err := match.Compile([]match.Pattern{{Expression: `\d{3}-\d{2}-\d{4}`}})
//	candidates, settled := engine.Scan(nil, text, 0, true)
//
// Scan is stateless: the caller keeps the text that is not settled and presents it again with more behind it. A vector
// prefilter may say "maybe" to a place that holds no match; it never says "no" to one that does.
package match

// A Pattern is one regular expression of bounded length.
type Pattern struct {
	// Expression is in RE2 syntax. Its longest match must be at most MaxLength bytes.
	Expression string
	// Bare lets a match touch letters and digits on either side. By default the byte before and the byte after a match
	// must not be an ASCII letter, digit or '_' where the match itself begins or ends with one.
	Bare bool
}

// MaxLength is the longest match that a pattern may have, in bytes.
const MaxLength = 512

// A Candidate is a place where patterns match.
type Candidate struct {
	Start, End int      // half open, in the text given to Scan
	Patterns   []uint16 // indices into the patterns given to Compile, ascending; owned by the Engine: read only
}
