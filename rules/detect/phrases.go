package detect

import (
	"math/bits"
	"unicode/utf8"
)

// maxDetectors is how many detectors a Set may have. A detectorSet is as wide.
const maxDetectors = 256

// A detectorSet holds indices of detectors.
type detectorSet [maxDetectors / 64]uint64

func (s *detectorSet) add(d int)      { s[d>>6] |= 1 << (d & 63) }
func (s *detectorSet) has(d int) bool { return s[d>>6]>>(d&63)&1 != 0 }

func (s *detectorSet) addAll(other *detectorSet) {
	for i := range s {
		s[i] |= other[i]
	}
}

// keep leaves only what is in other too.
func (s *detectorSet) keep(other *detectorSet) {
	for i := range s {
		s[i] &= other[i]
	}
}

func (s *detectorSet) empty() bool {
	some := uint64(0)
	for _, word := range s {
		some |= word
	}
	return some == 0
}

// A meaning is what a phrase stands for, near a value or as its header. Its index is a Label.
type meaning struct {
	context   detectorSet // detectors that the phrase is context for
	headers   detectorSet // detectors that it labels as a header; context is included
	columns   []columnRef // forms to ask for in JudgeCell
	unrelated bool        // it names something that is no identifier, such as an order number
	qualifier bool        // it only tells one identifier from another of its kind: "home", "number"
	letters   int         // length of the phrase without spaces; 0 when only longer phrases pass through here
}

// means reports whether a phrase ends here that says something about a value.
func (m *meaning) means() bool { return m.letters > 0 && (m.unrelated || !m.headers.empty()) }

// A columnRef is a Column of a detector.
type columnRef struct {
	detector int
	accept   func(value []byte) Grade
	most     Grade // that accept gives
	whole    bool  // Column.Whole
}

// phrases finds phrases word by word: a trie whose edges are hashes of words. Meaning 0 is the root.
type phrases struct {
	first    [128]uint64 // a filter over the first words of all phrases
	heads    heads       // and one over their first letters
	naming   heads       // and one over the leads of those that say something about a value
	slots    []slot      // open addressing; the length is a power of two
	meanings []meaning
	ways     []ways // by meaning
	mark     marker // nil where there is no fast one
}

// ways say in short where a meaning leads: bit i that a word goes on which begins with letter i of the alphabet, and the highest ones what follows.
type ways uint32

const (
	wayMeans ways = 1 << (31 - iota) // a phrase ends here that says something about a value
	wayOther                         // a word goes on that begins with a letter that is not ASCII
)

// A slot leads from a meaning by the hash of a word to another meaning.
type slot struct {
	from int32
	hash uint32
	to   int32 // 0 for a free slot: nothing leads to the root
}

// wordsPerPhrase is how many words a phrase has at most on average: what the trie has room for.
const wordsPerPhrase = 6

// newPhrases returns a trie with room for so many phrases.
func newPhrases(count int) *phrases {
	words := count*wordsPerPhrase + 1
	return &phrases{slots: make([]slot, 1<<bits.Len(uint(2*words))), meanings: make([]meaning, 1, words), ways: make([]ways, 1, words), mark: markLeads}
}

// add is addQualifier for a phrase that says something about a value.
func (p *phrases) add(phrase string) *meaning {
	switch words := wordsOf(phrase); len(words) {
	case 0:
	case 1:
		p.naming.addLead([]byte(phrase[words[0].start:words[0].end]), nil)
	default:
		p.naming.addLead([]byte(phrase[words[0].start:words[0].end]), []byte(phrase[words[1].start:words[1].end]))
	}
	return p.addQualifier(phrase)
}

// addQualifier returns the meaning of a phrase, which is new when the phrase is; nil when the phrase has no word or there are too many.
func (p *phrases) addQualifier(phrase string) *meaning {
	text := []byte(phrase)
	at, letters := int32(0), 0
	for position := 0; ; {
		w, ok := nextWord(text, position, len(text))
		if !ok {
			break
		}
		position = w.end
		letters += w.end - w.start
		if at == 0 {
			p.heads.add(text[w.start:w.end])
		}
		p.ways[at] |= wayOf(text[w.start:])
		next := p.step(at, w.hash)
		if next == 0 {
			if len(p.meanings) == cap(p.meanings) {
				return nil
			}
			next = int32(len(p.meanings))
			p.meanings, p.ways = append(p.meanings, meaning{}), append(p.ways, 0)
			p.link(at, w.hash, next)
		}
		at = next
	}
	if at == 0 {
		return nil
	}
	p.meanings[at].letters = letters
	return &p.meanings[at]
}

func firstRune(word []byte) rune {
	r, _ := utf8.DecodeRune(word)
	return r
}

// wayOf returns the way on by a word.
func wayOf(word []byte) ways {
	if first, _ := foldRune(firstRune(word)); first >= 'a' && first <= 'z' {
		return 1 << (first - 'a')
	}
	return wayOther
}

// settle gives back the room for further phrases, so that words stand near each other in memory, and notes which phrases end where. None is added or changed
// behind it.
func (p *phrases) settle() {
	for i := range p.meanings {
		if p.meanings[i].means() {
			p.ways[i] |= wayMeans
		}
	}
	p.ways[0] = 0 // a word that leads nowhere has the meaning of the root
	words := p.slots
	p.slots = make([]slot, 1<<bits.Len(uint(2*len(p.meanings))))
	for _, s := range words {
		if s.to != 0 {
			p.link(s.from, s.hash, s.to)
		}
	}
}

func (p *phrases) link(from int32, hash uint32, to int32) {
	if from == 0 {
		p.first[hash>>6&127] |= 1 << (hash & 63)
	}
	i := p.place(from, hash)
	for p.slots[i].to != 0 {
		i = (i + 1) & uint32(len(p.slots)-1)
	}
	p.slots[i] = slot{from, hash, to}
}

func (p *phrases) place(from int32, hash uint32) uint32 {
	return (hash ^ uint32(from)*fnvPrime) & uint32(len(p.slots)-1)
}

// step returns the meaning that a word leads to, or 0.
func (p *phrases) step(from int32, hash uint32) int32 {
	if from == 0 && p.first[hash>>6&127]>>(hash&63)&1 == 0 {
		return 0
	}
	for i := p.place(from, hash); p.slots[i].to != 0; i = (i + 1) & uint32(len(p.slots)-1) {
		if s := p.slots[i]; s.from == from && s.hash == hash {
			return s.to
		}
	}
	return 0
}

// follow is step for a word that may be a plural.
func (p *phrases) follow(from int32, w word) int32 {
	if next := p.step(from, w.hash); next != 0 || w.singular == w.hash {
		return next
	}
	return p.step(from, w.singular)
}
