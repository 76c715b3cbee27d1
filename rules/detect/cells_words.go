package detect

import (
	"encoding/binary"
	"sync/atomic"

	"stanch/rules"
)

// A Words says what JudgeCell makes of a value at a floor of Medium, where it makes at most one hit of all of it. 0 says nothing.
type Words uint32

// wordsKnown is set in every Words that says something.
const wordsKnown Words = 1

// Where the parts of a Words begin, in bits.
const (
	wordsConfidence = 1 // two bits
	wordsGrade      = 3 // three bits
	wordsDetector   = 6 // index plus one; 0 for no hit
)

// Known reports whether w says something.
func (w Words) Known() bool { return w != 0 }

// Hits appends to hits the one that w tells of, of the value text[start:end].
func (w Words) Hits(hits []Hit, start, end int) []Hit {
	if w>>wordsDetector == 0 {
		return hits
	}
	return addHit(hits, int(w>>wordsDetector)-1, start, end, rules.Confidence(w>>wordsConfidence&3), Grade(w>>wordsGrade&7))
}

// wordMemory remembers short values of columns of words, which repeat: names, faiths, yes and no. It holds keyed hashes, not the values.
// It is safe for concurrent use: what two goroutines write at once into one slot fits no hash.
type wordMemory [1 << wordMemoryBits]struct{ hash, said atomic.Uint64 }

const (
	wordMemoryBits = 12
	longestWord    = 16 // bytes of a value that is remembered
)

// ReadWords is Forms.Read for a column that is Wordy, with what JudgeCell makes of the cell.
func (s *Set) ReadWords(label Label, text []byte, start, end int) (Form, Words) {
	value := text[start:end]
	if len(value) == 0 || len(value) > longestWord || asciiLetter[value[0]] == 0 {
		return s.Forms(label).Read(value), 0
	}
	hash := s.secrets.hashWord(label, value)
	slot := &s.remembered[hash>>(64-wordMemoryBits)]
	if said := slot.said.Load(); slot.hash.Load() == hash^said && said != 0 {
		return Form(said >> 32), Words(said)
	}
	form, words := s.Forms(label).Read(value), s.judgeWords(label, text, start, end)
	if words.Known() {
		said := uint64(form)<<32 | uint64(words)
		slot.said.Store(said)
		slot.hash.Store(hash ^ said)
	}
	return form, words
}

// judgeWords says what JudgeCell makes of a cell.
func (s *Set) judgeWords(label Label, text []byte, start, end int) Words {
	var few [2]Hit
	hits := s.JudgeCell(few[:0], text, &Field{Label: label, Start: start, End: end, Floor: rules.Medium})
	switch {
	case len(hits) == 0:
		return wordsKnown
	case len(hits) > 1 || hits[0].Start != start || hits[0].End != end:
		return 0
	}
	hit := &hits[0]
	return wordsKnown | Words(hit.Confidence)<<wordsConfidence | Words(hit.Grade)<<wordsGrade | Words(hit.Detector+1)<<wordsDetector
}

// hashWord hashes a value of 1 to 16 bytes below a label.
func (k *hashSecrets) hashWord(label Label, value []byte) uint64 {
	var low, high uint64
	n := len(value)
	switch {
	case n >= 8:
		low, high = binary.LittleEndian.Uint64(value), binary.LittleEndian.Uint64(value[n-8:])
	case n >= 4:
		low, high = uint64(binary.LittleEndian.Uint32(value)), uint64(binary.LittleEndian.Uint32(value[n-4:]))
	default:
		low = uint64(value[0])<<16 | uint64(value[n/2])<<8 | uint64(value[n-1])
	}
	return fold(fold(low^k[1], high^k[2])^k[0], uint64(label)<<8^uint64(n)^k[3])
}
