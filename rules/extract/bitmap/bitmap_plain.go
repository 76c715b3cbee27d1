//go:build !amd64 && !arm64

package bitmap

// fill fills whole blocks; text holds all of them.
func fill(blocks []Block, text []byte, t *Table) { fillPlain(blocks, text, t) }
