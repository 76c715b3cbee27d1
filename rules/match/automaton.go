package match

import (
	"slices"
	"sync"
	"sync/atomic"
)

// maxCells bounds the transitions that an automaton keeps (4 bytes each). Catalogues of 250 patterns use a tenth of it on
// real text; beyond it the automaton is simulated step by step, which is slower and right.
const maxCells = 4 << 20

// An automaton follows all patterns of a program at once from a given start. States are made when text first needs them;
// they are shared by all goroutines and never thrown away.
//
// A state is a set of nodes together with whether the last byte was a word byte. It is named by the offset of its row in the
// table: index << shift, with stateAccepts in the lowest bit.
type automaton struct {
	program *program
	sets    *sets
	classes [256]uint8 // byte -> column
	shift   uint       // a row has 1 << shift columns
	begin   [2]uint32  // first states: behind another byte or nothing, behind a word byte

	table atomic.Pointer[table]

	mu      sync.Mutex // held to make states
	ids     map[string]uint32
	states  []state
	columns []byte // column -> a byte of it
	work    *stepper

	spare sync.Pool // of *stepper, for simulate
}

// A table is one size of the automaton's transitions. A larger one replaces it when it is full.
type table struct {
	cells []atomic.Uint32 // row and column -> state; 0 is not made yet
	info  []stateInfo     // by row; written before the row's name is
}

// A stateInfo says what is accepted in a state, as ids in the engine's sets: when no word byte follows, and when one does.
type stateInfo struct {
	accept [2]uint32
	closed bool // the state leads nowhere, and what it accepts does not depend on the next byte
}

type state struct {
	nodes []int32
	word  bool // the last byte was a word byte
	begin bool // no byte was taken
}

const (
	stateAccepts = 1          // flag: the state may accept
	overflow     = ^uint32(0) // no room for a further state
	deadIndex    = 1          // row 0 is unused, so that 0 can mean "not made yet"
	minRows      = 64         // of the first table
	minShift     = 1          // keeps the lowest bit of a name free
)

// newAutomaton returns the automaton of a program; begin says that matches begin where it is run, and not before.
func newAutomaton(p *program, all *sets, begin bool) *automaton {
	a := &automaton{program: p, sets: all, ids: map[string]uint32{}, work: newStepper(p)}
	a.spare.New = func() any { return newStepper(p) }
	a.classify()
	a.table.Store(&table{cells: make([]atomic.Uint32, minRows<<a.shift), info: make([]stateInfo, minRows)})
	a.states = append(a.states, state{}, state{})
	a.table.Load().info[deadIndex].closed = true
	for word := range a.begin {
		_, a.begin[word] = a.make(state{nodes: p.starts, word: word == 1, begin: begin})
	}
	return a
}

// classify divides the bytes into columns: bytes that no set of the program tells apart, nor \b, share one.
func (a *automaton) classify() {
	seen := map[byteSet]bool{wordBytes: true}
	distinct := []byteSet{wordBytes}
	for i := range a.program.nodes {
		if n := &a.program.nodes[i]; n.kind == nodeBytes && !seen[n.set] {
			seen[n.set] = true
			distinct = append(distinct, n.set)
		}
	}
	count := 1
	for _, set := range distinct {
		refined := map[[2]uint8]uint8{} // class and whether in the set -> new class
		var classes [256]uint8
		count = 0
		for b := range 256 {
			key := [2]uint8{a.classes[b], 0}
			if set.has(byte(b)) {
				key[1] = 1
			}
			if _, ok := refined[key]; !ok {
				refined[key] = uint8(count)
				count++
			}
			classes[b] = refined[key]
		}
		a.classes = classes
	}
	a.columns = make([]byte, count)
	for b := 255; b >= 0; b-- {
		a.columns[a.classes[b]] = byte(b)
	}
	for a.shift = minShift; 1<<a.shift < count; {
		a.shift++
	}
}

// make returns the name of a state, and the table that has its row; it adds the state when it is new. The caller holds mu, or
// has the automaton for itself. Without room it returns overflow.
func (a *automaton) make(s state) (*table, uint32) {
	t := a.table.Load()
	key := make([]byte, 0, 4*len(s.nodes)+1)
	flags := byte(0)
	if s.word {
		flags |= 1
	}
	if s.begin {
		flags |= 2
	}
	key = append(key, flags)
	for _, n := range s.nodes {
		key = append(key, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	if name, ok := a.ids[string(key)]; ok {
		return t, name
	}
	if len(s.nodes) == 0 {
		return t, deadIndex << a.shift
	}
	index := len(a.states)
	if (index+1)<<a.shift > maxCells {
		return t, overflow
	}
	info, ok := a.describe(&s)
	if !ok {
		return t, overflow
	}
	if index == len(t.info) {
		t = t.grow(a.shift)
		a.table.Store(t)
	}
	t.info[index] = info
	name := uint32(index) << a.shift
	if info.accept != [2]uint32{} {
		name |= stateAccepts
	}
	s.nodes = slices.Clone(s.nodes)
	a.states = append(a.states, s)
	a.ids[string(key)] = name
	return t, name
}

// describe says what a state accepts; it fails when the engine has no room for a further set of patterns.
func (a *automaton) describe(s *state) (info stateInfo, ok bool) {
	for next := range info.accept {
		accepted := a.work.accepted(s.nodes, s.word, next == 1, s.begin)
		if accepted.empty() {
			continue
		}
		if info.accept[next], ok = a.sets.intern(accepted); !ok {
			return info, false
		}
	}
	info.closed = a.work.closed(s.nodes, s.word)
	return info, true
}

// grow returns a table of twice the size with the same transitions.
func (t *table) grow(shift uint) *table {
	larger := &table{cells: make([]atomic.Uint32, 2*len(t.cells)), info: make([]stateInfo, 2*len(t.info))}
	for i := range t.cells {
		larger.cells[i].Store(t.cells[i].Load())
	}
	copy(larger.info, t.info)
	return larger
}

// step returns the state behind another by a byte, and the table that has its row. It makes what is missing.
func (a *automaton) step(from uint32, b byte) (*table, uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	row := from >> a.shift
	s := &a.states[row]
	nodes := a.work.step(s.nodes, s.word, b, s.begin)
	t, name := a.make(state{nodes: nodes, word: wordBytes.has(b)})
	if name != overflow {
		t.cells[row<<a.shift|uint32(a.classes[b])].Store(name)
	}
	return t, name
}

// An end is where patterns end that began at one start.
type end struct {
	at  int
	set uint32
}

// run follows the automaton from text[start:] and appends to ends, ascending, where patterns end. It reports open when it
// stood at the end of text and more bytes could add ends or undo one; final says that none come.
func (a *automaton) run(ends []end, text []byte, start int, final bool) (_ []end, open bool) {
	t := a.table.Load()
	name := a.begin[0]
	if start > 0 && wordBytes.has(text[start-1]) {
		name = a.begin[1]
	}
	for i := start; i < len(text); i++ {
		next := t.cells[name&^stateAccepts+uint32(a.classes[text[i]])].Load()
		if next&stateAccepts != 0 {
			ends = t.accept(ends, a, next, text, i+1)
		}
		if next <= deadIndex<<a.shift {
			if next != 0 {
				return ends, false
			}
			from := name
			if t, next = a.step(name, text[i]); next == overflow {
				return a.simulate(ends, from, text, i, final)
			}
			if next == deadIndex<<a.shift {
				return ends, false
			}
			if next&stateAccepts != 0 {
				ends = t.accept(ends, a, next, text, i+1)
			}
		}
		name = next
	}
	return ends, !final && !t.info[name>>a.shift].closed
}

// accept appends what the state name accepts behind text[:at]. What follows the end of text is taken to be no word byte.
func (t *table) accept(ends []end, a *automaton, name uint32, text []byte, at int) []end {
	next := 0
	if at < len(text) && wordBytes.has(text[at]) {
		next = 1
	}
	if set := t.info[name>>a.shift].accept[next]; set != noSet {
		ends = append(ends, end{at, set})
	}
	return ends
}

// simulate goes on from a state at text[i:] without making states: for when there is no room for more.
func (a *automaton) simulate(ends []end, from uint32, text []byte, i int, final bool) ([]end, bool) {
	a.mu.Lock()
	s := a.states[from>>a.shift]
	a.mu.Unlock()
	w := a.spare.Get().(*stepper)
	defer a.spare.Put(w)
	nodes := append(w.held[:0], s.nodes...)
	word, begin := s.word, s.begin
	for ; i < len(text); i++ {
		nodes = append(nodes[:0], w.step(nodes, word, text[i], begin)...)
		w.held = nodes
		word, begin = wordBytes.has(text[i]), false
		if len(nodes) == 0 {
			return ends, false
		}
		nextWord := i+1 < len(text) && wordBytes.has(text[i+1])
		ends = a.sets.append(ends, i+1, w.accepted(nodes, word, nextWord, false))
	}
	return ends, !final && !w.closed(nodes, word)
}
