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
// table, with flags in the lowest bits.
type automaton struct {
	program *program
	sets    *sets
	classes [256]uint8      // byte -> column; those of word bytes come last
	word    uint32          // the first column of word bytes
	row     uint32          // columns of a row, with those of infoCells
	limit   uint32          // cells at most
	begin   [behinds]uint32 // first states, by what stands before
	dead    uint32          // the state that leads nowhere, the lowest name; its row leads to itself

	table atomic.Pointer[table]

	mu      sync.Mutex // held to make states
	ids     map[string]uint32
	states  []state
	columns []byte // column -> a byte of it
	work    *stepper

	spare sync.Pool // of *stepper, for simulate
}

// What stands before a start, as an index of automaton.begin.
const (
	behindOther = iota // nothing, or what is none of the following
	behindWord         // a word byte
	behindSign         // what chains it to Numbers
	behindColon        // what chains it to Groups
	behinds
)

// matterBehind are the bytes that may make another than behindOther.
var matterBehind = func() (table [256]bool) {
	for b := range 256 {
		table[b] = wordBytes.has(byte(b)) || attaching.has(byte(b)) || b == ':'
	}
	return table
}()

// A table is one size of the automaton's transitions. A larger one replaces it when it is full. A row has a cell for each column
// of bytes with the name of the next state, or 0 when that is not made yet; and behind those what infoCells says. These are
// written before the row's name is. Rows have no round size: their cells would fall into the same few sets of the cache.
type table struct{ cells []atomic.Uint32 }

// What a row holds behind the columns of bytes.
const (
	infoAccept     = iota // id of the set that is accepted when no word byte follows
	infoAcceptWord        // and when one does
	infoClosed            // 1 when the state leads nowhere, and what it accepts does not depend on the next byte
	infoCells
)

type state struct {
	nodes []int32
	word  bool // the last byte was a word byte
	begin bool // no byte was taken
}

const (
	acceptsBefore     = 1 << iota // flag: the state accepts when no word byte follows
	acceptsBeforeWord             // flag: and when one does
	flagBits          = iota
)

const (
	overflow = ^uint32(0) // no room for a further state
	minCells = 1 << 13    // of the first table
)

// newAutomaton returns the automaton of a program with at most limit cells, besides the first states; begin says that matches
// begin where it is run, and not before.
func newAutomaton(p *program, all *sets, limit uint32, begin bool) *automaton {
	a := &automaton{program: p, sets: all, ids: map[string]uint32{}, work: newStepper(p)}
	a.spare.New = func() any { return newStepper(p) }
	a.classify()
	a.table.Store(&table{make([]atomic.Uint32, minCells)})
	a.states = append(a.states, state{}, state{}) // 0 means "not made yet", and leads to itself, too
	a.dead = a.row << flagBits
	for i := range a.row - infoCells {
		a.table.Load().cells[a.row+i].Store(a.dead)
	}
	a.limit = max(limit, uint32(len(a.states)+len(a.begin))*a.row) // room for the first states
	_, a.begin[behindOther] = a.make(state{nodes: p.starts, begin: begin})
	_, a.begin[behindWord] = a.make(state{nodes: p.starts, word: true, begin: begin})
	for i, nodes := range p.attached {
		a.begin[behindSign+i] = a.begin[behindOther]
		if begin {
			_, a.begin[behindSign+i] = a.make(state{nodes: nodes, begin: begin})
		}
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
	a.sortColumns()
	a.columns = make([]byte, count)
	for b := 255; b >= 0; b-- {
		a.columns[a.classes[b]] = byte(b)
	}
	a.row = uint32(count) + infoCells
}

// sortColumns numbers the columns so that those of word bytes come last.
func (a *automaton) sortColumns() {
	var order []uint8
	renamed := map[uint8]uint8{}
	for _, word := range []bool{false, true} {
		if word {
			a.word = uint32(len(order))
		}
		for b := range 256 {
			class := a.classes[b]
			if _, known := renamed[class]; !known && wordBytes.has(byte(b)) == word {
				renamed[class] = uint8(len(order))
				order = append(order, class)
			}
		}
	}
	for b := range 256 {
		a.classes[b] = renamed[a.classes[b]]
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
		return t, a.dead
	}
	index := uint32(len(a.states))
	first := index * a.row
	if first+a.row > a.limit {
		return t, overflow
	}
	info, ok := a.describe(&s)
	if !ok {
		return t, overflow
	}
	if int(first+a.row) > len(t.cells) {
		t = t.grow()
		a.table.Store(t)
	}
	for i, value := range info {
		t.cells[first+a.row-infoCells+uint32(i)].Store(value)
	}
	name := first << flagBits
	if info[infoAccept] != noSet {
		name |= acceptsBefore
	}
	if info[infoAcceptWord] != noSet {
		name |= acceptsBeforeWord
	}
	s.nodes = slices.Clone(s.nodes)
	a.states = append(a.states, s)
	a.ids[string(key)] = name
	return t, name
}

// info returns what the row of a state holds behind its columns.
func (a *automaton) info(t *table, name, which uint32) uint32 {
	return t.cells[name>>flagBits+a.row-infoCells+which].Load()
}

// describe says what a state accepts; it fails when the engine has no room for a further set of patterns.
func (a *automaton) describe(s *state) (info [infoCells]uint32, ok bool) {
	for next := range infoAcceptWord + 1 {
		accepted := a.work.accepted(s.nodes, s.word, next == infoAcceptWord, s.begin)
		if accepted.empty() {
			continue
		}
		if info[next], ok = a.sets.intern(accepted); !ok {
			return info, false
		}
	}
	if a.work.closed(s.nodes, s.word) {
		info[infoClosed] = 1
	}
	return info, true
}

// grow returns a table of twice the size with the same transitions.
func (t *table) grow() *table {
	larger := &table{make([]atomic.Uint32, 2*len(t.cells))}
	for i := range t.cells {
		larger.cells[i].Store(t.cells[i].Load())
	}
	return larger
}

// step returns the state behind another by a byte, and the table that has its row. It makes what is missing.
func (a *automaton) step(from uint32, b byte) (*table, uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	first := from >> flagBits
	at := &a.states[first/a.row]
	nodes := a.work.step(at.nodes, at.word, b, at.begin)
	t, name := a.make(state{nodes: nodes, word: wordBytes.has(b)})
	if name != overflow {
		t.cells[first+uint32(a.classes[b])].Store(name)
	}
	return t, name
}

// An end is where patterns end that began at one start.
type end struct {
	at  int
	set uint32
}

// run follows the automaton from text[start:] and appends to ends, ascending, where patterns end. It reports open when it
// stood at the end of text and more bytes could add ends or undo one; final says that none come. start is before len(text).
func (a *automaton) run(ends []end, text []byte, start int, final bool) (_ []end, open bool) {
	return a.goOn(ends, text, start, a.first(text, start), final)
}

// first returns the state in front of text[start].
func (a *automaton) first(text []byte, start int) uint32 {
	if start > 0 && matterBehind[text[start-1]] {
		return a.firstBehind(text, start)
	}
	return a.begin[behindOther]
}

// firstBehind is first behind a byte that matters. It stands alone so that first is inlined.
//
//go:noinline
func (a *automaton) firstBehind(text []byte, start int) uint32 {
	if wordBytes.has(text[start-1]) {
		return a.begin[behindWord]
	}
	switch chainAt(text, start) {
	case Numbers:
		return a.begin[behindSign]
	case Groups:
		return a.begin[behindColon]
	}
	return a.begin[behindOther]
}

// goOn is run from a state in front of text[i].
func (a *automaton) goOn(ends []end, text []byte, i int, name uint32, final bool) (_ []end, open bool) {
	t := a.table.Load()
	column := uint32(a.classes[text[i]])
	for {
		next := t.cells[name>>flagBits+column].Load()
		if next <= a.dead {
			if next == 0 {
				from := name
				if t, next = a.step(from, text[i]); next == overflow {
					return a.simulate(ends, from, text, i, final)
				}
			}
			if next == a.dead {
				return ends, false
			}
		}
		name = next
		if i++; i == len(text) {
			break
		}
		column = uint32(a.classes[text[i]])
		if kind := followed(column, a.word); name>>kind&1 != 0 {
			ends = appendEnd(ends, end{i, a.info(t, name, kind)})
		}
	}
	if set := a.info(t, name, infoAccept); set != noSet {
		ends = appendEnd(ends, end{len(text), set})
	}
	return ends, !final && a.info(t, name, infoClosed) == 0
}

// appendEnd appends an end; one of the same set before it is not the longest of any pattern.
func appendEnd(ends []end, e end) []end {
	if last := len(ends) - 1; last >= 0 && ends[last].set == e.set {
		ends[last].at = e.at
		return ends
	}
	return append(ends, e)
}

// followed returns infoAccept or infoAcceptWord, which is also the bit of the flag, by what follows.
func followed(column, word uint32) uint32 {
	if column >= word {
		return infoAcceptWord
	}
	return infoAccept
}

// simulate goes on from a state at text[i:] without making states: for when there is no room for more.
func (a *automaton) simulate(ends []end, from uint32, text []byte, i int, final bool) ([]end, bool) {
	a.mu.Lock()
	s := a.states[from>>flagBits/a.row]
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
