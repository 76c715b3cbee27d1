package match

// Engine finds the candidates of all its patterns in one pass. It is safe for concurrent use.
type Engine struct{}

// Compile prepares patterns. The error names the pattern by its index and says what is wrong with it.
func Compile(patterns []Pattern) (*Engine, error) { return &Engine{}, nil }

// Scan appends to found the candidates that start in text[from:settled], ascending by Start, and returns them with settled:
// the first offset at which a match could begin that needs bytes behind text. When final is set settled is len(text).
// text[:from] was scanned before and is only looked at for what stands before a match; the caller keeps at least
// Lookbehind bytes of it where there are so many.
func (e *Engine) Scan(found []Candidate, text []byte, from int, final bool) (candidates []Candidate, settled int) {
	return found, len(text)
}

// Lookbehind is how many bytes before `from` Scan may look at.
const Lookbehind = 64
