#include "textflag.h"

// The bytes of an offset's lane, each the offset itself, and what is added to them: an offset becomes those of eight bytes.
DATA ofLane<>+0(SB)/8, $0x0000000000000000
DATA ofLane<>+8(SB)/8, $0x0808080808080808
GLOBL ofLane<>(SB), RODATA|NOPTR, $16
DATA eightOn<>+0(SB)/8, $0x0706050403020100
GLOBL eightOn<>(SB), RODATA|NOPTR, $8
DATA offsets<>+0(SB)/8, $0x0706050403020100
DATA offsets<>+8(SB)/8, $0x0f0e0d0c0b0a0908
DATA offsets<>+16(SB)/8, $0x1716151413121110
DATA offsets<>+24(SB)/8, $0x1f1e1d1c1b1a1918
DATA offsets<>+32(SB)/8, $0x2726252423222120
DATA offsets<>+40(SB)/8, $0x2f2e2d2c2b2a2928
DATA offsets<>+48(SB)/8, $0x3736353433323130
DATA offsets<>+56(SB)/8, $0x3f3e3d3c3b3a3938
GLOBL offsets<>(SB), RODATA|NOPTR, $64

// func markVBMI2(marks, foreign *uint64, text *byte, blocks int, letters, small uint64, h *heads)
TEXT ·markVBMI2(SB), NOSPLIT, $64-56
	MOVQ text+16(FP), SI
	MOVQ h+48(FP), DI
	MOVL $0x20, AX
	VPBROADCASTB AX, Z16
	MOVL $0x61, AX // 'a'
	VPBROADCASTB AX, Z17
	MOVL $26, AX
	VPBROADCASTB AX, Z18
	VBROADCASTI32X4 ofLane<>(SB), Z19
	VPBROADCASTQ eightOn<>(SB), Z20
	VPTERNLOGQ $0xff, Z21, Z21, Z21
	MOVQ $0x9e3779b97f4a7c15, AX // headMultiplier
	VPBROADCASTQ AX, Z22
	MOVL $63, AX
	VPBROADCASTQ AX, Z23
	MOVL $1, AX
	VPBROADCASTQ AX, Z24
	MOVL $0xff0000, AX // the letter behind a short head
	VPBROADCASTQ AX, Z25
	MOVL $0xffffffff, AX // how far the next word begins at most
	VPBROADCASTQ AX, Z26
	VMOVDQU64 offsets<>(SB), Z27
	MOVQ $0xfcfcfcfcfcfcfcfc, AX // no word ends before its third letter but at what is none
	KMOVQ AX, K5
	MOVQ letters+32(FP), R10 // of the two bytes before: which are letters, the nearer one by bit 1
	MOVQ small+40(FP), R11   // and which are in lower case
	VMOVDQU64 0(SI), Z1

block:
	VMOVDQA64 Z1, Z0
	VMOVDQU64 64(SI), Z1
	VPMOVB2M Z0, K1
	MOVQ foreign+8(FP), R9
	KMOVQ K1, (R9)
	ADDQ $8, R9
	MOVQ R9, foreign+8(FP)

	// The letters, and where words begin: behind what is none, and upper-case ones behind a lower-case one that is not the first of its word.
	VPORQ Z16, Z0, Z2
	VPSUBB Z17, Z2, Z2
	VPCMPUB $1, Z18, Z2, K1
	VPSUBB Z17, Z0, Z3
	VPCMPUB $1, Z18, Z3, K2
	KMOVQ K1, AX
	KMOVQ K2, BX
	LEAQ (R10)(AX*4), R8 // letters two bytes before; what of the bits before is added to is 0
	MOVQ R10, CX
	SHRQ $1, CX
	LEAQ (CX)(AX*2), R12 // letters one byte before
	MOVQ R11, CX
	SHRQ $1, CX
	LEAQ (CX)(BX*2), R13 // lower case one byte before
	MOVQ AX, R10
	SHRQ $62, R10
	MOVQ BX, R11
	SHRQ $62, R11
	ANDNQ AX, BX, CX // upper case
	ANDQ R13, CX
	ANDQ R8, CX
	ANDNQ AX, R12, R14
	ORQ CX, R14 // where words begin
	XORQ DX, DX // which of them are in the filter, in their order
	TESTQ R14, R14
	JZ   next

	KMOVQ R14, K1
	VPCOMPRESSB.Z Z27, K1, Z4
	VMOVDQU64 Z4, list-64(SP)
	POPCNTQ R14, R8
	LEAQ list-64(SP), R9
	XORQ CX, CX

words:
	VPMOVZXBQ (R9), Z5
	VPSHUFB Z19, Z5, Z5
	VPADDB Z20, Z5, Z5
	VPERMI2B Z1, Z0, Z5 // the first eight bytes of each word
	VPORQ Z16, Z5, Z6
	VPSUBB Z17, Z6, Z7
	VPCMPUB $1, Z18, Z7, K1
	VPSUBB Z17, Z5, Z7
	VPCMPUB $1, Z18, Z7, K2
	VPMOVM2B K1, Z11 // letters
	KSHIFTLQ $1, K2, K3
	KANDNQ K1, K2, K4
	KANDQ K3, K4, K4
	KANDQ K5, K4, K4
	KNOTQ K1, K1
	KORQ K1, K4, K1
	VPMOVM2B K1, Z7 // what does not belong to the word, and what may stand behind that
	VPADDQ Z21, Z7, Z8
	VPANDNQ Z8, Z7, Z8 // the bytes of the head
	VPTESTNMQ Z25, Z8, K2 // it is a short one
	VPSLLQ $32, Z8, Z12
	VPORQ Z26, Z12, Z12
	VPANDNQ Z12, Z8, Z12 // where the next word may begin
	VPANDQ Z11, Z12, Z12
	VPXORQ Z13, Z13, Z13
	VPSUBQ Z12, Z13, Z13
	VPANDQ Z13, Z12, Z12 // the lowest bit of its first letter
	VPLZCNTQ Z12, Z13
	VPSUBQ Z13, Z23, Z13
	VPSRLVQ Z13, Z6, Z13 // that letter
	VPSLLQ $56, Z13, Z13
	VPSRLQ $16, Z13, Z13 // at shortNext
	VPANDQ Z6, Z8, Z8
	VPORQ Z13, Z8, K2, Z8
	VPMULLQ Z22, Z8, Z8
	VPSRLQ $48, Z8, Z8
	VPSRLQ $6, Z8, Z9
	KXNORQ K1, K1, K1
	VPXORQ Z10, Z10, Z10
	VPGATHERQQ (DI)(Z9*8), K1, Z10
	VPANDQ Z23, Z8, Z8
	VPSRLVQ Z8, Z10, Z10
	VPTESTMQ Z24, Z10, K1
	KMOVB K1, AX
	SHLQ CX, AX
	ORQ AX, DX
	ADDQ $8, CX
	ADDQ $8, R9
	SUBQ $8, R8
	JG   words
	PDEPQ R14, DX, DX

next:
	MOVQ marks+0(FP), R9
	MOVQ DX, (R9)
	ADDQ $8, R9
	MOVQ R9, marks+0(FP)
	ADDQ $64, SI
	DECQ blocks+24(FP)
	JNZ  block
	VPMOVB2M Z1, K1
	MOVQ foreign+8(FP), R9
	KMOVQ K1, (R9)
	VZEROUPPER
	RET
