package match

//go:noescape
func fillNEON(dst *uint64, text *byte, blocks int, t *nibbleTables)

// classifiers returns those that this processor can run, the fastest first. Every arm64 has NEON.
func classifiers() []classifier {
	return []classifier{vectorClassifier("neon", fillNEON, findPlain), plainClassifier}
}
