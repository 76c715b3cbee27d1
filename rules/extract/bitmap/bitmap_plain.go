//go:build !amd64 && !arm64

package bitmap

// fill fills whole blocks; text holds all of them.
func fill(blocks []Block, text []byte, t *Table) { fillPlain(blocks, text, t) }

// mark is fill for the first set alone.
func mark(words []uint64, text []byte, t *Table) { markPlain(words, text, t) }
