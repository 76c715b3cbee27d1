package match

import "slices"

// The shape of a text is its bytes reduced to four classes. Two bit planes hold it, so that the shape of the next bytes is
// read from a register; a table tells from it, a few bytes at a time, which starts no pattern can begin at.
type shapeClass uint8

// The classes. Bit 0 is the low plane, bit 1 the high plane. They do not divide word bytes from others wrongly.
const (
	shapeOther shapeClass = iota // no word byte
	shapeLower                   // a-z
	shapeUpper                   // A-Z and _
	shapeDigit                   // 0-9
	shapeClasses
)

// A shapeRow has the entries for one state: the index is the bits of the low plane and, above them, those of the high plane. The
// padding, one cache line, keeps the same entries of different rows from falling into the same few sets of the cache.
type shapeRow [1<<(2*shapeStride) + 32]uint16

var shapeSets = [shapeClasses]byteSet{
	shapeOther: {^uint64(0x03ff_0000_0000_0000), ^uint64(0x07ff_fffe_87ff_fffe), ^uint64(0), ^uint64(0)},
	shapeLower: {0, 0x07ff_fffe_0000_0000},
	shapeUpper: {0, 0x0000_0000_87ff_fffe},
	shapeDigit: digitBytes,
}

const (
	shapeStride = 4                        // bytes that one step of the table takes
	shapeSteps  = 3                        // steps at most
	shapeReach  = shapeStride * shapeSteps // bytes that the table may look at

	// maxShapeRows bounds the table: 512 bytes each. What needs more passes.
	maxShapeRows = 1 << 11
	// maxShapeStates bounds the work to make the table.
	maxShapeStates = 1 << 14

	shapeDead = 0 // row and state: no pattern begins here
	shapePass = 1 // row and state: one may
	shapeRoot = 2 // row: nothing is known yet
)

// A shapeNode is a node of a program reduced to shapes. Nodes that begin equal rests are one.
type shapeNode struct {
	kind    nodeKind
	classes uint8 // of nodeBytes: bit c is class c
	bare    bool  // of nodeMatch
	follow  int32 // index into shapeProgram.follows
}

// A shapeProgram recognizes the shapes that some patterns of a program can have.
type shapeProgram struct {
	program *program
	nodes   []shapeNode
	ids     map[shapeNode]int32
	of      map[int32]int32 // node of the program -> node
	follows [][]int32
	lists   map[string]int32 // follow list -> index into follows
	listOf  map[int32]int32  // follow list of the program -> index

	states []shapeState
	known  map[string]int32
}

// A shapeState is a set of nodes behind some bytes.
type shapeState struct {
	nodes []int32
	word  bool
	begin bool
	next  [shapeClasses]int32 // state behind a class, shapeDead or shapePass; -1 is not computed
}

// newShapes returns the table for the patterns that begin with the given nodes of a program. Each entry is the index of the row
// for the next step; the first row is that of shapeRoot, and the rows of shapeDead and shapePass lead to themselves.
func newShapes(p *program, starts []int32) []shapeRow {
	s := &shapeProgram{program: p, ids: map[shapeNode]int32{}, of: map[int32]int32{}, lists: map[string]int32{},
		listOf: map[int32]int32{}, known: map[string]int32{}}
	s.states = make([]shapeState, 2) // shapeDead and shapePass
	l := &shapeLayout{shapeProgram: s, rows: make([]shapeRow, shapeRoot+1), known: map[shapeRow]uint16{}}
	for i := range l.rows[shapePass] {
		l.rows[shapePass][i] = shapePass
	}
	l.rows[shapeRoot] = l.rows[l.row(s.state(s.reduce(starts), false, true), shapeSteps)]
	return l.rows
}

// reduce returns the nodes for nodes of the program, ascending.
func (s *shapeProgram) reduce(nodes []int32) []int32 {
	reduced := make([]int32, 0, len(nodes))
	for _, i := range nodes {
		reduced = append(reduced, s.node(i))
	}
	slices.Sort(reduced)
	return slices.Compact(reduced)
}

func (s *shapeProgram) node(i int32) int32 {
	if id, ok := s.of[i]; ok {
		return id
	}
	n := &s.program.nodes[i]
	reduced := shapeNode{kind: n.kind}
	if n.kind == nodeMatch {
		reduced.bare = s.program.bare.has(int(n.pattern))
	} else {
		reduced.follow = s.list(n.follow)
	}
	if n.kind == nodeBytes {
		for class := range shapeSets {
			if n.set.intersects(&shapeSets[class]) {
				reduced.classes |= 1 << class
			}
		}
	}
	id, ok := s.ids[reduced]
	if !ok {
		id = int32(len(s.nodes))
		s.nodes = append(s.nodes, reduced)
		s.ids[reduced] = id
	}
	s.of[i] = id
	return id
}

func (s *shapeProgram) list(follow int32) int32 {
	if list, ok := s.listOf[follow]; ok {
		return list
	}
	nodes := s.reduce(s.program.follows[follow])
	key := nodesKey(nodes)
	list, ok := s.lists[key]
	if !ok {
		list = int32(len(s.follows))
		s.follows = append(s.follows, nodes)
		s.lists[key] = list
	}
	s.listOf[follow] = list
	return list
}

func nodesKey(nodes []int32) string {
	key := make([]byte, 0, 4*len(nodes))
	for _, n := range nodes {
		key = append(key, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	return string(key)
}

// state returns the state for a set of nodes, or shapePass when there are too many.
func (s *shapeProgram) state(nodes []int32, word, begin bool) int32 {
	if len(nodes) == 0 {
		return shapeDead
	}
	key := nodesKey(nodes)
	if word {
		key += "w"
	}
	if begin {
		key += "b"
	}
	if id, ok := s.known[key]; ok {
		return id
	}
	if len(s.states) >= maxShapeStates {
		return shapePass
	}
	id := int32(len(s.states))
	s.states = append(s.states, shapeState{nodes: nodes, word: word, begin: begin, next: [shapeClasses]int32{-1, -1, -1, -1}})
	s.known[key] = id
	return id
}

// step returns the state behind a byte of a class: shapePass when a pattern may end before it.
func (s *shapeProgram) step(from int32, class shapeClass) int32 {
	if from <= shapePass {
		return from
	}
	if known := s.states[from].next[class]; known >= 0 {
		return known
	}
	at := s.states[from]
	nextWord := class != shapeOther
	resolved := slices.Clone(at.nodes)
	seen := map[int32]bool{}
	var next []int32
	accepts := false
	for i := 0; i < len(resolved); i++ {
		if seen[resolved[i]] {
			continue
		}
		seen[resolved[i]] = true
		switch n := &s.nodes[resolved[i]]; n.kind {
		case nodeBoundary, nodeNotBoundary:
			if at.begin || (n.kind == nodeBoundary) == (at.word != nextWord) { // what stands before the first byte is not known
				resolved = append(resolved, s.follows[n.follow]...)
			}
		case nodeMatch:
			accepts = accepts || !at.begin && (!at.word || !nextWord || n.bare)
		case nodeBytes:
			if n.classes>>class&1 != 0 {
				next = append(next, s.follows[n.follow]...)
			}
		}
	}
	to := int32(shapePass)
	if !accepts {
		slices.Sort(next)
		to = s.state(slices.Compact(next), nextWord, false)
	}
	s.states[from].next[class] = to
	return to
}

// A shapeLayout makes the rows of a table; equal rows are one.
type shapeLayout struct {
	*shapeProgram
	rows  []shapeRow
	known map[shapeRow]uint16
	memo  [shapeSteps + 1]map[int32]uint16
}

// row returns the entry for a state with some steps left.
func (l *shapeLayout) row(state int32, steps int) uint16 {
	if state == shapeDead {
		return shapeDead
	}
	if state == shapePass || steps == 0 {
		return shapePass
	}
	if l.memo[steps] == nil {
		l.memo[steps] = map[int32]uint16{}
	}
	if entry, ok := l.memo[steps][state]; ok {
		return entry
	}
	var row shapeRow
	for index := range row {
		at := state
		for i := range shapeStride {
			at = l.step(at, shapeClass(index>>i&1|index>>(shapeStride+i)&1<<1))
		}
		row[index] = l.row(at, steps-1)
	}
	entry, ok := l.known[row]
	if !ok {
		entry = l.add(&row, steps)
		l.known[row] = entry
	}
	l.memo[steps][state] = entry
	return entry
}

// add appends a row, unless it says the same for all shapes or there is no room.
func (l *shapeLayout) add(row *shapeRow, steps int) uint16 {
	if !slices.ContainsFunc(row[:], func(entry uint16) bool { return entry != row[0] }) && row[0] <= shapePass {
		return row[0]
	}
	if len(l.rows) >= maxShapeRows && steps < shapeSteps {
		return shapePass
	}
	l.rows = append(l.rows, *row)
	return uint16(len(l.rows) - 1)
}
