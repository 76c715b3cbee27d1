package match

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// maxNodes bounds the program of all patterns together.
const maxNodes = 1 << 19

// A byteSet is a set of byte values.
type byteSet [4]uint64

func (s *byteSet) add(b byte)      { s[b>>6] |= 1 << (b & 63) }
func (s *byteSet) has(b byte) bool { return s[b>>6]>>(b&63)&1 != 0 }

func (s *byteSet) addRange(low, high byte) {
	for b := int(low); b <= int(high); b++ {
		s.add(byte(b))
	}
}

func (s *byteSet) union(other *byteSet) {
	for i := range s {
		s[i] |= other[i]
	}
}

func (s *byteSet) intersects(other *byteSet) bool {
	return s[0]&other[0]|s[1]&other[1]|s[2]&other[2]|s[3]&other[3] != 0
}

func (s *byteSet) empty() bool { return *s == byteSet{} }

// wordBytes are the bytes that \b and the rule at Pattern.Bare call word bytes.
var wordBytes = byteSet{0x03ff_0000_0000_0000, 0x07ff_fffe_87ff_fffe}

type nodeKind uint8

const (
	nodeBytes       nodeKind = iota // takes one byte of a set
	nodeBoundary                    // holds at a word boundary
	nodeNotBoundary                 // holds elsewhere
	nodeMatch                       // the pattern matches
)

// A node is one step of a nondeterministic automaton over bytes. Steps that take nothing are resolved into the follow lists.
type node struct {
	kind    nodeKind
	pattern uint16
	set     byteSet // of nodeBytes
	follow  int32   // index into program.follows: the nodes behind this one; unused for nodeMatch
}

// A program is the nondeterministic automaton of some patterns.
type program struct {
	nodes    []node
	follows  [][]int32  // lists of nodes, each ascending
	starts   []int32    // the nodes that all patterns of the program begin with, ascending
	attached [2][]int32 // those of them that patterns begin with which are not Detached from Numbers, and from Groups, ascending
	bare     bitset     // patterns that are bare
	any      bool       // there is a bare pattern
}

// newProgram returns a program for so many patterns.
func newProgram(patterns int) *program { return &program{bare: newBitset(patterns)} }

// add compiles one simplified expression into the program, and returns the nodes that its matches begin with.
func (p *program) add(re *syntax.Regexp, index uint16, pattern Pattern) ([]int32, error) {
	compiled, err := syntax.Compile(re)
	if err != nil {
		return nil, err
	}
	b := builder{program: p, compiled: compiled, pattern: index, lists: map[uint32]int32{}}
	start := b.list(uint32(compiled.Start))
	if err := b.fill(); err != nil {
		return nil, err
	}
	p.starts = append(p.starts, p.follows[start]...)
	slices.Sort(p.starts)
	for i := range p.attached {
		if pattern.Detached>>i&1 == 0 {
			p.attached[i] = append(p.attached[i], p.follows[start]...)
			slices.Sort(p.attached[i])
		}
	}
	if pattern.Bare {
		p.bare.set(int(index))
		p.any = true
	}
	return p.follows[start], nil
}

// A builder turns one compiled expression over runes into nodes over bytes.
type builder struct {
	*program
	compiled *syntax.Prog
	pattern  uint16
	lists    map[uint32]int32 // instruction -> index into follows
	queue    []uint32         // instructions whose list is not filled yet
	tails    map[tail]int32   // shared ends of UTF-8 sequences -> list with one node
}

// A tail is the end of a UTF-8 sequence in front of an instruction.
type tail struct {
	ranges [utf8.UTFMax - 1]byteRange
	length int
	out    int32
}

// list returns the index of the follow list for an instruction, and queues it when it is new.
func (b *builder) list(instruction uint32) int32 {
	if list, ok := b.lists[instruction]; ok {
		return list
	}
	list := int32(len(b.follows))
	b.follows = append(b.follows, nil)
	b.lists[instruction] = list
	b.queue = append(b.queue, instruction)
	return list
}

// fill makes the nodes for all queued instructions. It makes each instruction's nodes once.
func (b *builder) fill() error {
	made := map[uint32][]int32{}
	b.tails = map[tail]int32{}
	for len(b.queue) > 0 {
		first := b.queue[0]
		b.queue = b.queue[1:]
		var nodes []int32
		for _, instruction := range b.reach(first) {
			if _, ok := made[instruction]; !ok {
				made[instruction] = b.instruction(&b.compiled.Inst[instruction])
			}
			nodes = append(nodes, made[instruction]...)
		}
		slices.Sort(nodes)
		b.follows[b.lists[first]] = slices.Compact(nodes)
		if len(b.nodes) > maxNodes {
			return fmt.Errorf("too large: the patterns need more than %d steps in all", maxNodes)
		}
	}
	return nil
}

// reach returns the instructions that can be reached from one without taking a byte or testing a condition.
func (b *builder) reach(first uint32) []uint32 {
	seen := map[uint32]bool{first: true}
	var reached []uint32
	for stack := []uint32{first}; len(stack) > 0; {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		inst := &b.compiled.Inst[at]
		var next []uint32
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			next = []uint32{inst.Out, inst.Arg}
		case syntax.InstCapture, syntax.InstNop:
			next = []uint32{inst.Out}
		default:
			reached = append(reached, at)
		}
		for _, n := range next {
			if !seen[n] {
				seen[n] = true
				stack = append(stack, n)
			}
		}
	}
	return reached
}

// instruction makes the nodes of one instruction that takes a rune, tests a condition or matches.
func (b *builder) instruction(inst *syntax.Inst) []int32 {
	switch inst.Op {
	case syntax.InstMatch:
		return []int32{b.node(node{kind: nodeMatch})}
	case syntax.InstEmptyWidth:
		kind := nodeBoundary
		if syntax.EmptyOp(inst.Arg) == syntax.EmptyNoWordBoundary {
			kind = nodeNotBoundary
		}
		return []int32{b.node(node{kind: kind, follow: b.list(inst.Out)})}
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return b.runes(runeRanges(inst), b.list(inst.Out))
	}
	return nil
}

func (b *builder) node(n node) int32 {
	n.pattern = b.pattern
	b.nodes = append(b.nodes, n)
	return int32(len(b.nodes) - 1)
}

// runes makes the nodes that take one rune of the ranges and go on at the list out.
func (b *builder) runes(ranges []rune, out int32) []int32 {
	var nodes []int32
	var single byteSet
	heads := map[int32]*byteSet{} // list behind the first byte -> first bytes
	var order []int32
	for i := 0; i < len(ranges); i += 2 {
		splitUTF8(ranges[i], ranges[i+1], func(sequence []byteRange) {
			if len(sequence) == 1 {
				single.addRange(sequence[0].low, sequence[0].high)
				return
			}
			list := b.tail(sequence[1:], out)
			if heads[list] == nil {
				heads[list] = new(byteSet)
				order = append(order, list)
			}
			heads[list].addRange(sequence[0].low, sequence[0].high)
		})
	}
	if !single.empty() {
		nodes = append(nodes, b.node(node{kind: nodeBytes, set: single, follow: out}))
	}
	for _, list := range order {
		nodes = append(nodes, b.node(node{kind: nodeBytes, set: *heads[list], follow: list}))
	}
	return nodes
}

// tail returns a list whose one node begins the rest of a UTF-8 sequence.
func (b *builder) tail(rest []byteRange, out int32) int32 {
	key := tail{length: len(rest), out: out}
	copy(key.ranges[:], rest)
	if list, ok := b.tails[key]; ok {
		return list
	}
	behind := out
	if len(rest) > 1 {
		behind = b.tail(rest[1:], out)
	}
	n := node{kind: nodeBytes, follow: behind}
	n.set.addRange(rest[0].low, rest[0].high)
	list := int32(len(b.follows))
	b.follows = append(b.follows, []int32{b.node(n)})
	b.tails[key] = list
	return list
}

// runeRanges returns what a rune instruction takes, as pairs of first and last rune.
func runeRanges(inst *syntax.Inst) []rune {
	switch inst.Op {
	case syntax.InstRuneAny:
		return []rune{0, unicode.MaxRune}
	case syntax.InstRuneAnyNotNL:
		return []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	}
	if len(inst.Rune) > 1 {
		return inst.Rune
	}
	r := inst.Rune[0]
	if syntax.Flags(inst.Arg)&syntax.FoldCase == 0 {
		return []rune{r, r}
	}
	var ranges []rune
	for _, folded := range foldings(r) {
		ranges = append(ranges, folded, folded)
	}
	return ranges
}

// foldings returns a rune in all its cases.
func foldings(r rune) []rune {
	all := []rune{r}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		all = append(all, f)
	}
	return all
}

type byteRange struct{ low, high byte }

// Runes that UTF-8 cannot hold.
const surrogateFirst, surrogateLast = 0xD800, 0xDFFF

// splitUTF8 calls yield with sequences of byte ranges that together are the UTF-8 forms of the runes low to high. Surrogates
// have none.
func splitUTF8(low, high rune, yield func([]byteRange)) {
	if low > high {
		return
	}
	if low <= surrogateLast && high >= surrogateFirst {
		splitUTF8(low, surrogateFirst-1, yield)
		splitUTF8(surrogateLast+1, high, yield)
		return
	}
	for _, last := range []rune{utf8.RuneSelf - 1, 0x7FF, 0xFFFF} {
		if low <= last && high > last { // of different width
			splitUTF8(low, last, yield)
			splitUTF8(last+1, high, yield)
			return
		}
	}
	for shift := 6; shift < 6*widthBelow(high); shift += 6 { // ends of continuation bytes
		mask := rune(1)<<shift - 1
		if low&^mask == high&^mask {
			break
		}
		if low&mask != 0 {
			splitUTF8(low, low|mask, yield)
			splitUTF8((low|mask)+1, high, yield)
			return
		}
		if high&mask != mask {
			splitUTF8(low, high&^mask-1, yield)
			splitUTF8(high&^mask, high, yield)
			return
		}
	}
	first, last := utf8.AppendRune(nil, low), utf8.AppendRune(nil, high)
	sequence := make([]byteRange, len(first))
	for i := range first {
		sequence[i] = byteRange{first[i], last[i]}
	}
	yield(sequence)
}
