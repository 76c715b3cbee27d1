package bitmap

import "golang.org/x/sys/cpu"

//go:noescape
func fillAVX512(dst *Block, text *byte, blocks int, t *Table)

//go:noescape
func fillAVX2(dst *Block, text *byte, blocks int, t *Table)

//go:noescape
func markAVX512(dst *uint64, text *byte, blocks int, t *Table)

//go:noescape
func markAVX2(dst *uint64, text *byte, blocks int, t *Table)

var (
	hasAVX512 = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW
	hasAVX2   = cpu.X86.HasAVX2
)

// fill fills whole blocks; text holds all of them.
func fill(blocks []Block, text []byte, t *Table) {
	_ = text[len(blocks)*BlockSize-1]
	switch {
	case hasAVX512:
		fillAVX512(&blocks[0], &text[0], len(blocks), t)
	case hasAVX2:
		fillAVX2(&blocks[0], &text[0], len(blocks), t)
	default:
		fillPlain(blocks, text, t)
	}
}

// mark is fill for the first set alone.
func mark(words []uint64, text []byte, t *Table) {
	_ = text[len(words)*BlockSize-1]
	switch {
	case hasAVX512:
		markAVX512(&words[0], &text[0], len(words), t)
	case hasAVX2:
		markAVX2(&words[0], &text[0], len(words), t)
	default:
		markPlain(words, text, t)
	}
}
