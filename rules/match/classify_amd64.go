package match

import (
	"sync/atomic"

	"golang.org/x/sys/cpu"
)

//go:noescape
func fillAVX512(dst *uint64, text *byte, blocks int, t *nibbleTables)

//go:noescape
func fillVBMI(dst *uint64, text *byte, blocks int, t *nibbleTables)

//go:noescape
func findAVX512(p *planes, blocks int, inWord uint64, w *ways)

//go:noescape
func listVBMI2(offsets *uint16, plane *uint64, blocks int) int

//go:noescape
func keepVBMI2(offsets *uint16, count int, text *byte, v *outlineVectors) int

// keepTogether wraps keepVBMI2, which looks at keptTogether offsets at a time, and at chainLength bytes before each.
func keepTogether(o *outlines, text []byte, from int, list *offsetList, count int) []uint16 {
	first := 0
	for first < count && from+int(list[first]) < chainLength {
		first++
	}
	kept := o.keep(text, from, list[:first])
	if first == count {
		return kept
	}
	last := list[count-1]
	_ = text[from+int(last)+windowLength-chainLength-1]
	for i := count; (i-first)%keptTogether != 0; i++ {
		list[i] = last
	}
	others := keepVBMI2(&list[first], count-first, &text[from], &o.vectors)
	return append(kept, list[first:first+others]...)
}

//go:noescape
func followAVX2(tracks *track, starts *uint16, count int, text *byte, cells *atomic.Uint32, classes *[256]uint8)

// followTogether wraps followAVX2.
func followTogether(tracks *[togetherStarts]track, starts *[togetherStarts]uint16, count int, text []byte, t *table, classes *[256]uint8) {
	for i := count; i%togetherLanes != 0; i++ {
		tracks[i].states[0] = 0
	}
	_ = text[int(starts[count-1])+togetherSteps-1]
	followAVX2(&tracks[0], &starts[0], count, &text[0], &t.cells[0], classes)
}

//go:noescape
func fillAVX2(dst *uint64, text *byte, blocks int, t *nibbleTables)

// classifiers returns those that this processor can run, the fastest first.
func classifiers() []classifier {
	var all []classifier
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW {
		if cpu.X86.HasAVX512VBMI && cpu.X86.HasAVX512VBMI2 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT {
			newest := vectorClassifier("avx512vbmi2", fillVBMI, findAVX512)
			newest.list = func(offsets *offsetList, plane *[planeLength]uint64, blocks int) int {
				return listVBMI2(&offsets[0], &plane[0], blocks)
			}
			newest.keep = keepTogether
			all = append(all, newest)
		}
		all = append(all, vectorClassifier("avx512", fillAVX512, findAVX512))
	}
	if cpu.X86.HasAVX2 {
		all = append(all, vectorClassifier("avx2", fillAVX2, findPlain))
	}
	for i := range all {
		all[i].follow = followTogether
	}
	return append(all, plainClassifier)
}
