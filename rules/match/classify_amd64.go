package match

import "golang.org/x/sys/cpu"

//go:noescape
func fillAVX512(dst *uint64, text *byte, blocks int, t *nibbleTables)

//go:noescape
func findAVX512(p *planes, blocks int, inWord uint64, w *ways)

//go:noescape
func fillAVX2(dst *uint64, text *byte, blocks int, t *nibbleTables)

// classifiers returns those that this processor can run, the fastest first.
func classifiers() []classifier {
	var all []classifier
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW {
		all = append(all, vectorClassifier("avx512", fillAVX512, findAVX512))
	}
	if cpu.X86.HasAVX2 {
		all = append(all, vectorClassifier("avx2", fillAVX2, findPlain))
	}
	return append(all, plainClassifier)
}
