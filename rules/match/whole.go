package match

import (
	"encoding/binary"
	"fmt"
	"regexp/syntax"
	"slices"
	"sync"
	"sync/atomic"
)

// MaxWhole is the longest text that a Whole reads, in bytes: less than hideReach, so that a match of all of it hides every other match
// of the same pattern.
const MaxWhole = hideReach - 1

// A WholeSet holds patterns that short texts are to be read by. It is safe for concurrent use.
type WholeSet struct {
	program *program
	starts  [][]int32  // the nodes that the matches of each pattern begin with
	classes [256]uint8 // byte -> column
	row     uint32     // columns of a row, with the last one for the end of the text

	mu   sync.Mutex // held to make states and outcomes
	work *stepper
}

// A Whole reads short texts that stand by themselves, as the values of a table do, in one pass: it says which of the patterns that are
// wanted match all of one, and which all but its first byte (a plus before a number), where none of them matches any other part of it. Of
// these it says what Scan would find there, for a fraction of the time. Other patterns count only behind a letter that no digit follows,
// which may be a label: what they match there is a part. It is safe for concurrent use.
//
//	set, err := match.CompileWhole(patterns)
//	whole := set.Whole(wanted)
//	if outcome, known := whole.Read(value); known {
//		found, behindFirst := whole.Outcome(outcome)
//	}
//
// It is an automaton that looks for matches from every start at once; its states are made when texts first need them, as those of an
// Engine are.
type Whole struct {
	*WholeSet
	wanted []int32 // nodes that matches of wanted patterns begin with
	signed []int32 // those of them that count where a number goes on behind a plus
	others []int32 // nodes that matches of other patterns begin with
	limit  uint32  // cells at most

	table    atomic.Pointer[table]
	outcomes [maxOutcomes][2][]uint16 // written before the id of one is; read only then

	// Under mu:
	ids    map[string]uint32
	states []wholeState
	known  map[string]uint32 // outcomes by their patterns
	parts  [2]bitset         // scratch
	alive  bitset            // scratch
}

// A wholeState is what is known behind some bytes of a text. It is named by the offset of its row in the table; the states of the first
// two rows, which are none, are called unmade and lost.
type wholeState struct {
	nodes [starts][]int32 // by where the matches began
	parts [2]bitset       // patterns that matched a part of the text: one from its first byte on, and others
	taken uint8           // bytes, up to 2
	word  bool            // the last byte was a word byte
	label bool            // a letter stands before, or a byte that is not ASCII, and no digit behind that
	plus  uint8           // so many bytes ago a plus stands, with nothing but digits and signs of numbers since; 0 for none that is near
}

// Where matches begin.
const (
	withFirst   = iota // byte of the text
	behindFirst        // byte
	later
	starts
)

const (
	maxOutcomes    = 64
	wholeCells     = 1 << 16 // of one Whole, at most
	leastWholeRows = 16      // of the first table
	furthestPlus   = 16      // bytes back
	unmade         = 0       // the name of no state, and what stands for no outcome
	firstOutcome   = 2       // at the end of a row: 1 says that it is not known
	lostOutcome    = 1
)

// CompileWhole prepares patterns as Compile does.
func CompileWhole(patterns []Pattern) (*WholeSet, error) {
	s := &WholeSet{program: newProgram(len(patterns))}
	for i, pattern := range patterns {
		re, err := parse(pattern.Expression)
		var starts []int32
		if err == nil {
			starts, err = s.program.add(withoutLongLimits(re).Simplify(), uint16(i), pattern)
		}
		if err != nil {
			return nil, fmt.Errorf("match: pattern %d: %w", i, err)
		}
		s.starts = append(s.starts, starts)
	}
	for _, set := range [...]byteSet{digitBytes, numberSigns, lettersOrForeign(), {'0' / 64: 1 << ('0' % 64)}, {'+' / 64: 1 << ('+' % 64)}} {
		s.program.nodes = append(s.program.nodes, node{kind: nodeBytes, set: set}) // reached by nothing: what else a state knows tells them apart
	}
	s.work = newStepper(s.program)
	columns := &automaton{program: s.program}
	columns.classify()
	s.classes, s.row = columns.classes, columns.row-infoCells+1
	return s, nil
}

// Whole returns a reader for the patterns with these indices. Matches of the unsigned ones among them do not count when they begin with a
// digit other than 0 and at most 16 bytes before that stands a plus, with digits, spaces, points, dashes or parentheses between: where they
// are a part of a number that has been read from its plus on.
func (s *WholeSet) Whole(wanted, unsigned []uint16) *Whole {
	patterns := len(s.starts)
	empty := func() [2]bitset { return [2]bitset{newBitset(patterns), newBitset(patterns)} }
	w := &Whole{WholeSet: s, limit: max(wholeCells, leastWholeRows*s.row), ids: map[string]uint32{}, known: map[string]uint32{}, parts: empty(), alive: newBitset(patterns)}
	for pattern, starts := range s.starts {
		if slices.Contains(wanted, uint16(pattern)) {
			w.wanted = append(w.wanted, starts...)
			if !slices.Contains(unsigned, uint16(pattern)) {
				w.signed = append(w.signed, starts...)
			}
		} else {
			w.others = append(w.others, starts...)
		}
	}
	cells := make([]atomic.Uint32, leastWholeRows*w.row)
	for i := range w.row {
		cells[w.row+i].Store(w.row) // what is lost stays so
	}
	w.table.Store(&table{cells})
	w.states = make([]wholeState, 2, leastWholeRows)
	w.make(wholeState{parts: empty()})
	return w
}

// numberSigns are what may stand in a number beside digits.
var numberSigns = func() (set byteSet) {
	for _, b := range []byte(" -.()") {
		set.add(b)
	}
	return
}()

// lettersOrForeign are the bytes that a label may end with.
func lettersOrForeign() (set byteSet) {
	set.addRange('A', 'Z')
	set.addRange('a', 'z')
	set.union(&foreignBytes)
	return set
}

// withoutLongLimits lifts limits of repetitions that no text of MaxWhole bytes comes to: without them there are fewer states.
func withoutLongLimits(re *syntax.Regexp) *syntax.Regexp {
	for i, sub := range re.Sub {
		re.Sub[i] = withoutLongLimits(sub)
	}
	if re.Op == syntax.OpRepeat && re.Max >= MaxWhole {
		re.Max = -1
	}
	return re
}

// Outcome returns the patterns that match all of the text, and those that match all but the first byte, as ascending indices into those
// given to CompileWhole. They are shared: read only.
func (w *Whole) Outcome(outcome int) (whole, behindFirst []uint16) {
	return w.outcomes[outcome][0], w.outcomes[outcome][1]
}

// Outcomes is the number that every outcome of Read is below.
func (w *Whole) Outcomes() int { return maxOutcomes }

// Read returns which patterns match text, as a number for Outcome; known is false when a pattern matches another part of it, when it is
// longer than MaxWhole, or when there is no room to find out.
func (w *Whole) Read(text []byte) (outcome int, known bool) {
	if len(text) > MaxWhole {
		return 0, false
	}
	cells, lost, name := w.table.Load().cells, w.row, w.first()
	for _, b := range text {
		next := cells[name+uint32(w.classes[b])].Load()
		if next <= lost {
			if next == unmade {
				cells, next = w.step(name, b)
			}
			if next == lost {
				return 0, false
			}
		}
		name = next
	}
	return w.outcomeOf(cells, name)
}

// first is the name of the first state.
func (w *Whole) first() uint32 { return 2 * w.row }

// outcomeOf returns the outcome of a text that ends at a state, as Read does.
func (w *Whole) outcomeOf(cells []atomic.Uint32, name uint32) (outcome int, known bool) {
	end := cells[name+w.row-1].Load()
	if end == unmade {
		end = w.end(name)
	}
	return int(end) - firstOutcome, end >= firstOutcome
}

// make returns the name of a state, and the table that has its row. It is that of the lost state when there is no room for another. The
// caller holds mu, or has w for itself.
func (w *Whole) make(s wholeState) (*table, uint32) {
	t := w.table.Load()
	key := s.key()
	if name, ok := w.ids[key]; ok {
		return t, name
	}
	name := uint32(len(w.states)) * w.row
	if name+w.row > w.limit {
		return t, w.row
	}
	if int(name+w.row) > len(t.cells) {
		t = t.grow()
		w.table.Store(t)
	}
	w.states = append(w.states, s)
	w.ids[key] = name
	return t, name
}

// key tells states apart.
func (s *wholeState) key() string {
	key := []byte{s.taken, 0, s.plus}
	if s.word {
		key[1] |= 1
	}
	if s.label {
		key[1] |= 2
	}
	for _, nodes := range s.nodes {
		key = binary.LittleEndian.AppendUint32(key, uint32(len(nodes)))
		for _, n := range nodes {
			key = binary.LittleEndian.AppendUint32(key, uint32(n))
		}
	}
	for _, parts := range s.parts {
		key = parts.key(key)
	}
	return string(key)
}

// step makes the state behind another by a byte.
func (w *Whole) step(from uint32, b byte) ([]atomic.Uint32, uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.states[from/w.row]
	next := wholeState{word: wordBytes.has(b), taken: min(s.taken+1, later)}
	letters := lettersOrForeign()
	next.label = letters.has(b) || s.label && !digitBytes.has(b)
	for start, nodes := range s.nodes {
		next.nodes[start] = slices.Clone(w.work.step(nodes, s.word, b, false))
	}
	next.plus = plusBehind(s.plus, b)
	if s.plus > 0 && b >= '1' && b <= '9' {
		w.begin(&next, int(s.taken), w.signed, s.word, b)
	} else {
		w.begin(&next, int(s.taken), w.wanted, s.word, b)
	}
	if s.label {
		w.begin(&next, later, w.others, s.word, b)
	}
	w.endParts(&s, next.word, false)
	for i := range next.parts {
		next.parts[i] = slices.Clone(w.parts[i])
	}
	t, name := w.table.Load(), w.row
	if w.mayBeWhole(&next) {
		t, name = w.make(next)
	}
	t.cells[from+uint32(w.classes[b])].Store(name)
	return t.cells, name
}

// plusBehind counts how far a plus is back.
func plusBehind(plus, b uint8) uint8 {
	switch {
	case b == '+':
		return 1
	case plus == 0 || plus == furthestPlus || !digitBytes.has(b) && !numberSigns.has(b):
		return 0
	}
	return plus + 1
}

// begin adds the matches that begin with a byte.
func (w *Whole) begin(next *wholeState, start int, nodes []int32, word bool, b byte) {
	all := append(next.nodes[start], w.work.step(nodes, word, b, true)...)
	slices.Sort(all)
	next.nodes[start] = slices.Compact(all)
}

// endParts fills parts with those of a state and those that end behind it: before a byte of the given kind, or at the end of the text.
func (w *Whole) endParts(s *wholeState, nextWord, atEnd bool) {
	for i := range w.parts {
		copy(w.parts[i], s.parts[i])
	}
	for start, nodes := range s.nodes {
		if !atEnd || start == later {
			w.parts[min(start, 1)].or(w.work.accepted(nodes, s.word, nextWord, false))
		}
	}
}

// mayBeWhole reports whether each pattern that matched a part may still match all that hides it.
func (w *Whole) mayBeWhole(s *wholeState) bool {
	w.alive.clear()
	for i, parts := range s.parts {
		for _, n := range s.nodes[i] {
			w.alive.set(int(w.program.nodes[n].pattern))
		}
		copy(w.parts[i], parts)
		w.parts[i].subtract(w.alive)
	}
	return w.parts[0].empty() && w.parts[1].empty()
}

// end finds out the outcome of a text that ends at a state, plus firstOutcome.
func (w *Whole) end(name uint32) uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &w.states[name/w.row]
	w.endParts(s, false, true)
	hiding := newBitset(len(w.alive) * 64)
	var found [2]bitset
	for i := range found {
		found[i] = slices.Clone(w.work.accepted(s.nodes[i], s.word, false, false))
		found[i].subtract(hiding) // hidden by a match of all of the text
		hiding.or(found[i])
		w.parts[i].subtract(hiding)
	}
	end := uint32(lostOutcome)
	if w.parts[0].empty() && w.parts[1].empty() {
		end = w.outcome(&found)
	}
	w.table.Load().cells[name+w.row-1].Store(end)
	return end
}

// outcome returns the number of what was found, plus firstOutcome, or lostOutcome when there is no room for another.
func (w *Whole) outcome(found *[2]bitset) uint32 {
	key := string(found[1].key(found[0].key(nil)))
	outcome, ok := w.known[key]
	if !ok {
		if len(w.known) == maxOutcomes {
			return lostOutcome
		}
		outcome = uint32(len(w.known))
		w.outcomes[outcome] = [2][]uint16{found[0].indices(), found[1].indices()}
		w.known[key] = outcome
	}
	return outcome + firstOutcome
}
