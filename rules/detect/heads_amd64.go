package detect

import "golang.org/x/sys/cpu"

//go:noescape
func markVBMI2(marks, foreign *uint64, text *byte, blocks int, letters, small uint64, h *heads)

// markLeads is nil on processors without the vectors that it needs.
var markLeads = func() marker {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512CD && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VBMI && cpu.X86.HasAVX512VBMI2 &&
		cpu.X86.HasBMI1 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT {
		return markVector
	}
	return nil
}()

func markVector(l *leads, text []byte, at, blocks int, h *heads) {
	_, _, _ = l.marks[blocks-1], l.foreign[blocks], text[at+(blocks+1)*headBlock-1]
	letters, small := uint64(0), uint64(0)
	for _, c := range text[max(0, at-2):at] {
		letters, small = letters>>1, small>>1
		if asciiLetter[c] != 0 {
			letters, small = letters|2, small|uint64(c&caseBit)/caseBit*2
		}
	}
	markVBMI2(&l.marks[0], &l.foreign[0], &text[at], blocks, letters, small, h)
}
