package bitmap

//go:noescape
func fillNEON(dst *Block, text *byte, blocks int, t *Table)

// fill fills whole blocks; text holds all of them. Every arm64 has NEON.
func fill(blocks []Block, text []byte, t *Table) {
	_ = text[len(blocks)*BlockSize-1]
	fillNEON(&blocks[0], &text[0], len(blocks), t)
}
