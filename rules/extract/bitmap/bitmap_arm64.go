package bitmap

//go:noescape
func fillNEON(dst *Block, text *byte, blocks int, t *Table)

//go:noescape
func markNEON(dst *uint64, text *byte, blocks int, t *Table)

// fill fills whole blocks; text holds all of them. Every arm64 has NEON.
func fill(blocks []Block, text []byte, t *Table) {
	_ = text[len(blocks)*BlockSize-1]
	fillNEON(&blocks[0], &text[0], len(blocks), t)
}

// mark is fill for the first set alone.
func mark(words []uint64, text []byte, t *Table) {
	_ = text[len(words)*BlockSize-1]
	markNEON(&words[0], &text[0], len(words), t)
}
