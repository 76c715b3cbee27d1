package detect

import (
	"encoding/binary"
	"sync/atomic"
)

// wordMemory remembers what short values of columns of words are, which repeat: names, faiths, yes and no. It holds keyed hashes, not the
// values. It is safe for concurrent use: what two goroutines write at once into one slot fits no hash.
type wordMemory [1 << wordMemoryBits]struct{ hash, said atomic.Uint64 }

const (
	wordMemoryBits = 12
	longestWord    = 24 // bytes of a value that is remembered
)

// isWord reports whether what a value is may be remembered.
func isWord(value []byte) bool {
	return len(value) > 0 && len(value) <= longestWord && asciiLetter[value[0]] != 0
}

// recall fills in what is remembered of a value below a label, and reports whether there is such.
func (s *Set) recall(label Label, value []byte, cell *CellReading) bool {
	hash := s.secrets.hashWord(label, value)
	slot := &s.remembered[hash>>(64-wordMemoryBits)]
	said := slot.said.Load()
	if said == 0 || slot.hash.Load() != hash^said {
		return false
	}
	cell.Form, cell.Hits = Form(said>>32), CellHits(said)
	return true
}

// remember keeps what a value below a label is.
func (s *Set) remember(label Label, value []byte, cell *CellReading) {
	hash, said := s.secrets.hashWord(label, value), uint64(cell.Form)<<32|uint64(cell.Hits)
	slot := &s.remembered[hash>>(64-wordMemoryBits)]
	slot.said.Store(said)
	slot.hash.Store(hash ^ said)
}

// hashWord hashes a value of 1 to longestWord bytes below a label.
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
	hash := fold(low^k[1], high^k[2]) ^ k[0]
	if n > 16 {
		hash = fold(hash, binary.LittleEndian.Uint64(value[8:])^k[1])
	}
	return fold(hash, uint64(label)<<8^uint64(n)^k[3])
}
