#include "textflag.h"

// The distance between two planes: planeLength words.
#define PLANE 1040

// The fields of ways (filter.go).
#define SPARSE 0
#define DENSE 32
#define STRETCH 64
#define UNFILTERED 96
#define BEFORE 128
#define BETWEEN 144
#define ANYWHERE 160
#define SHORT 168

// Eight blocks are searched at a time, each with the block behind it: x and xn are their words. Z0 and Z1 are free.

// BACK adds to x those of p that are n places before x.
#define BACK(x, xn, p, pn, n) \
	VPSRLQ $n, x, Z0 \
	VPSLLQ $(64-n), xn, Z1 \
	VPTERNLOGQ $0xa8, p, Z1, Z0 \
	VPORQ Z0, x, x \
	VPSRLQ $n, xn, Z1 \
	VPTERNLOGQ $0xf8, pn, Z1, xn

// DOUBLE makes q of those of p behind which p has a bit at n places, too.
#define DOUBLE(p, pn, q, qn, n) \
	VPSRLQ $n, p, q \
	VPSLLQ $(64-n), pn, Z0 \
	VPTERNLOGQ $0xa8, p, Z0, q \
	VPSRLQ $n, pn, qn \
	VPANDQ pn, qn, qn

// REACH adds to x what reaches it before the first digit.
#define REACH(x, xn) \
	BACK(x, xn, Z4, Z5, 1) \
	BACK(x, xn, Z6, Z7, 2) \
	BACK(x, xn, Z8, Z9, 4) \
	VPSRLQ $8, x, Z0 \
	VPSLLQ $56, xn, Z1 \
	VPTERNLOGQ $0xa8, Z10, Z1, Z0 \
	VPORQ Z0, x, x

// DIGIT makes x those digits behind which x follows.
#define DIGIT(x, xn) \
	BACK(x, xn, Z11, Z12, 1) \
	BACK(x, xn, Z13, Z14, 2) \
	BACK(x, xn, Z15, Z16, 4) \
	VPSRLQ $1, x, x \
	VPSLLQ $63, xn, Z0 \
	VPTERNLOGQ $0xa8, Z2, Z0, x \
	VPSRLQ $1, xn, xn \
	VPANDQ Z3, xn, xn

// FIRST makes x those bytes that may begin a match, by the masks at an offset of ways.
#define FIRST(offset, x) \
	VPANDQ.BCST offset(DX), Z2, x \
	VPTERNLOGQ.BCST $0xf8, (offset+8)(DX), Z20, x \
	VPTERNLOGQ.BCST $0xf8, (offset+16)(DX), Z19, x \
	VPTERNLOGQ.BCST $0xf8, (offset+24)(DX), Z21, x

// PASSABLE makes x those bytes that may stand around digits, by a plane and the masks at an offset of ways.
#define PASSABLE(plane, foreign, word, upper, lower, masks, x) \
	VMOVDQU64 plane, x \
	VPTERNLOGQ $0x54, word, foreign, x \
	VPTERNLOGQ.BCST $0xf8, masks(DX), upper, x \
	VPTERNLOGQ.BCST $0xf8, (masks+8)(DX), lower, x

// func findAVX512(p *planes, blocks int, inWord uint64, w *ways)
TEXT ·findAVX512(SB), NOSPLIT, $0-32
	MOVQ p+0(FP), DI
	MOVQ blocks+8(FP), CX
	MOVQ inWord+16(FP), AX
	MOVQ w+24(FP), DX
	SHLQ $63, AX
	VPBROADCASTQ AX, Z25

group:
	TESTQ CX, CX
	JLE  done
	VMOVDQU64 8(DI), Z22            // low of the next block
	VMOVDQU64 (PLANE+8)(DI), Z23    // high
	VPANDQ Z22, Z23, Z3             // digits
	VPORQ Z22, Z23, Z24             // word bytes
	VPANDNQ Z22, Z23, Z17           // lower case
	VPANDNQ Z23, Z22, Z18           // upper case
	VMOVDQU64 (4*PLANE+8)(DI), Z26  // foreign
	PASSABLE((6*PLANE+8)(DI), Z26, Z24, Z18, Z17, BEFORE, Z5)
	PASSABLE((7*PLANE+8)(DI), Z26, Z24, Z18, Z17, BETWEEN, Z12)
	VMOVDQU64 (DI), Z22             // the same of the block
	VMOVDQU64 PLANE(DI), Z23
	VPANDQ Z22, Z23, Z2
	VPORQ Z22, Z23, Z24
	VPANDNQ Z22, Z23, Z19
	VPANDNQ Z23, Z22, Z20
	VMOVDQU64 (4*PLANE)(DI), Z26
	PASSABLE((6*PLANE)(DI), Z26, Z24, Z20, Z19, BEFORE, Z4)
	PASSABLE((7*PLANE)(DI), Z26, Z24, Z20, Z19, BETWEEN, Z11)
	VMOVDQU64 (3*PLANE)(DI), Z21    // what may begin a match, and is no word byte
	VPTERNLOGQ $0x54, Z24, Z26, Z21

	DOUBLE(Z4, Z5, Z6, Z7, 1)
	DOUBLE(Z6, Z7, Z8, Z9, 2)
	VPSRLQ $4, Z8, Z10
	VPSLLQ $60, Z9, Z0
	VPTERNLOGQ $0xa8, Z8, Z0, Z10
	DOUBLE(Z11, Z12, Z13, Z14, 1)
	DOUBLE(Z13, Z14, Z15, Z16, 2)

	FIRST(UNFILTERED, Z27)
	VPORQ (2*PLANE)(DI), Z27, Z27   // literals

	VMOVDQA64 Z2, Z17               // a digit ahead
	VMOVDQA64 Z3, Z18
	REACH(Z17, Z18)
	VPORQ Z2, Z4, Z28               // and no other bytes before the fourth
	VPORQ Z3, Z5, Z22
	DOUBLE(Z28, Z22, Z23, Z29, 1)
	VPSRLQ $2, Z23, Z0
	VPSLLQ $62, Z29, Z1
	VPTERNLOGQ $0xa8, Z23, Z1, Z0
	VPORQ.BCST SHORT(DX), Z0, Z0
	VPANDQ Z0, Z17, Z17
	FIRST(SPARSE, Z28)
	VPTERNLOGQ $0xf8, Z17, Z28, Z27

	VMOVDQA64 Z2, Z17               // four digits ahead
	VMOVDQA64 Z3, Z18
	DIGIT(Z17, Z18)
	DIGIT(Z17, Z18)
	DIGIT(Z17, Z18)
	REACH(Z17, Z18)
	FIRST(DENSE, Z28)
	VPTERNLOGQ $0xf8, Z17, Z28, Z27

	VPORQ Z2, Z11, Z11              // a stretch
	VPORQ Z3, Z12, Z12
	DOUBLE(Z11, Z12, Z13, Z14, 1)
	DOUBLE(Z13, Z14, Z15, Z16, 2)
	VPSRLQ $4, Z15, Z17
	VPSLLQ $60, Z16, Z18
	VPTERNLOGQ $0xa8, Z15, Z18, Z17
	FIRST(STRETCH, Z28)
	VPTERNLOGQ $0xf8, Z17, Z28, Z27

	VALIGNQ $7, Z25, Z24, Z0        // the words before
	VMOVDQA64 Z24, Z25
	VPSRLQ $63, Z0, Z0
	VPSLLQ $1, Z24, Z1
	VPTERNLOGQ $0xa8, Z24, Z1, Z0   // inside of words
	VPBROADCASTQ ANYWHERE(DX), Z1
	VPANDNQ Z0, Z1, Z0
	VPANDNQ Z27, Z0, Z27
	VMOVDQU64 Z27, (8*PLANE)(DI)
	ADDQ $64, DI
	SUBQ $8, CX
	JMP  group

done:
	VZEROUPPER
	RET

DATA places<>+0(SB)/8, $0x0706050403020100
DATA places<>+8(SB)/8, $0x0f0e0d0c0b0a0908
DATA places<>+16(SB)/8, $0x1716151413121110
DATA places<>+24(SB)/8, $0x1f1e1d1c1b1a1918
DATA places<>+32(SB)/8, $0x2726252423222120
DATA places<>+40(SB)/8, $0x2f2e2d2c2b2a2928
DATA places<>+48(SB)/8, $0x3736353433323130
DATA places<>+56(SB)/8, $0x3f3e3d3c3b3a3938
GLOBL places<>(SB), RODATA|NOPTR, $64

// func listVBMI2(offsets *uint16, plane *uint64, blocks int) int
TEXT ·listVBMI2(SB), NOSPLIT, $0-32
	MOVQ offsets+0(FP), DI
	MOVQ plane+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ DI, R8
	VMOVDQU64 places<>(SB), Z0
	VPXORQ Z1, Z1, Z1            // the offset of the block, 32 times
	MOVL $64, AX
	VPBROADCASTW AX, Z2

block:
	MOVQ (SI), AX
	KMOVQ AX, K1
	POPCNTQ AX, BX
	VPCOMPRESSB Z0, K1, Z3
	VPMOVZXBW Y3, Z4
	VPADDW Z1, Z4, Z4
	VMOVDQU16 Z4, (DI)
	CMPQ BX, $32
	JHI  many
next:
	LEAQ (DI)(BX*2), DI
	VPADDW Z2, Z1, Z1
	ADDQ $8, SI
	DECQ CX
	JNZ  block
	SUBQ R8, DI
	SHRQ $1, DI
	MOVQ DI, ret+24(FP)
	VZEROUPPER
	RET

many:
	VEXTRACTI64X4 $1, Z3, Y3
	VPMOVZXBW Y3, Z4
	VPADDW Z1, Z4, Z4
	VMOVDQU16 Z4, 64(DI)
	JMP  next
