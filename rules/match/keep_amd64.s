#include "textflag.h"

// The fields of outlineVectors (keep.go): two tables of 128 bytes, the buckets of what these say, four tables for the classes of all bytes, and
// the buckets of a place: sixteen tables of 64 bytes. Eight of these are for one look at all places, and HALF is how many bytes they have;
// then how many such looks there are.
#define BEFORE 0
#define CHAINS 256
#define CLASSTABLES 1280
#define FITS 1536
#define PLACE 1024
#define HALF 512
#define HALVES 13824

// LOAD makes z what stands around four starts: two bytes before them, and what is behind.
#define LOAD(from, x, y, z) \
	MOVWQZX (2*from)(DI), R10 \
	MOVWQZX (2*from+2)(DI), R11 \
	MOVWQZX (2*from+4)(DI), R12 \
	MOVWQZX (2*from+6)(DI), R13 \
	VMOVDQU -2(SI)(R10*1), x \
	VINSERTI128 $1, -2(SI)(R11*1), y, y \
	VINSERTI32X4 $2, -2(SI)(R12*1), z, z \
	VINSERTI32X4 $3, -2(SI)(R13*1), z, z

// GATHER makes first to fourth what stands around sixteen starts: four bytes each, first those at the first place of all, then those at
// the next one, and so on.
#define GATHER(from, first, second, third, fourth) \
	LOAD(from, X0, Y0, Z0) \
	LOAD((from+4), X1, Y1, Z1) \
	LOAD((from+8), X2, Y2, Z2) \
	LOAD((from+12), X3, Y3, Z3) \
	VPUNPCKLDQ Z1, Z0, Z4 \
	VPUNPCKLDQ Z3, Z2, Z5 \
	VPUNPCKHDQ Z1, Z0, Z6 \
	VPUNPCKHDQ Z3, Z2, Z7 \
	VPUNPCKLQDQ Z5, Z4, first \
	VPUNPCKHQDQ Z5, Z4, second \
	VPUNPCKLQDQ Z7, Z6, third \
	VPUNPCKHQDQ Z7, Z6, fourth \
	VPERMB first, Z27, first \
	VPERMB second, Z27, second \
	VPERMB third, Z27, third \
	VPERMB fourth, Z27, fourth

// ROWS makes Z0 to Z3 the bytes at four places of all starts, by those of sixteen starts each.
#define ROWS(a, b, c, d) \
	VSHUFI32X4 $0x44, b, a, Z4 \
	VSHUFI32X4 $0x44, d, c, Z5 \
	VSHUFI32X4 $0xee, b, a, Z6 \
	VSHUFI32X4 $0xee, d, c, Z7 \
	VSHUFI32X4 $0x88, Z5, Z4, Z0 \
	VSHUFI32X4 $0xdd, Z5, Z4, Z1 \
	VSHUFI32X4 $0x88, Z7, Z6, Z2 \
	VSHUFI32X4 $0xdd, Z7, Z6, Z3

// CHAIN makes row what a byte before the starts says: 0 for what is not ASCII.
#define CHAIN(place, row) \
	VMOVDQU64 (BEFORE+place*128)(DX), Z4 \
	VPMOVB2M row, K2 \
	KNOTQ K2, K2 \
	VPERMI2B.Z (BEFORE+place*128+64)(DX), Z4, K2, row

// CLASSES makes classes of the bytes of a row.
#define CLASSES(row, classes) \
	VPMOVB2M row, K2 \
	VMOVDQA64 row, classes \
	VPERMI2B Z31, Z30, row \
	VPERMI2B Z29, Z28, classes \
	VMOVDQU8 row, K2, classes

// BOTH takes those from fits that two places do not fit.
#define BOTH(place, one, two, group, fits) \
	VPERMB (FITS+(place)*PLACE+group*64)(DX), one, Z5 \
	VPERMB (FITS+(place+1)*PLACE+group*64)(DX), two, Z6 \
	VPTERNLOGQ $0x80, Z5, Z6, fits

#define BOTHALL(place, one, two) \
	BOTH(place, one, two, 0, Z0) \
	BOTH(place, one, two, 1, Z1) \
	BOTH(place, one, two, 2, Z2) \
	BOTH(place, one, two, 3, Z3) \
	BOTH(place, one, two, 4, Z22) \
	BOTH(place, one, two, 5, Z23) \
	BOTH(place, one, two, 6, Z24) \
	BOTH(place, one, two, 7, Z25)

// Where the bytes of sixteen starts stand that LOAD and the unpacking of GATHER have put in words of four: byte 16*place+start.
DATA gathered<>+0(SB)/8, $0x3424140430201000
DATA gathered<>+8(SB)/8, $0x3c2c1c0c38281808
DATA gathered<>+16(SB)/8, $0x3525150531211101
DATA gathered<>+24(SB)/8, $0x3d2d1d0d39291909
DATA gathered<>+32(SB)/8, $0x3626160632221202
DATA gathered<>+40(SB)/8, $0x3e2e1e0e3a2a1a0a
DATA gathered<>+48(SB)/8, $0x3727170733231303
DATA gathered<>+56(SB)/8, $0x3f2f1f0f3b2b1b0b
GLOBL gathered<>(SB), RODATA|NOPTR, $64

// func keepVBMI2(offsets *uint16, count int, text *byte, v *outlineVectors) int
TEXT ·keepVBMI2(SB), NOSPLIT, $0-40
	MOVQ offsets+0(FP), DI
	MOVQ count+8(FP), CX
	MOVQ text+16(FP), SI
	MOVQ v+24(FP), DX
	MOVQ DI, R9                  // where the next offset is kept
	VMOVDQU64 (CLASSTABLES)(DX), Z28
	VMOVDQU64 (CLASSTABLES+64)(DX), Z29
	VMOVDQU64 (CLASSTABLES+128)(DX), Z30
	VMOVDQU64 (CLASSTABLES+192)(DX), Z31

next:
	VMOVDQU64 gathered<>(SB), Z27
	GATHER(0, Z8, Z12, Z16, Z20)
	GATHER(16, Z9, Z13, Z17, Z21)
	GATHER(32, Z10, Z14, Z18, Z22)
	GATHER(48, Z11, Z15, Z19, Z23)
	ROWS(Z8, Z9, Z10, Z11)
	CHAIN(0, Z0)
	CHAIN(1, Z1)
	VPANDQ Z0, Z1, Z8
	CLASSES(Z2, Z9)
	CLASSES(Z3, Z10)
	ROWS(Z12, Z13, Z14, Z15)
	CLASSES(Z0, Z12)
	CLASSES(Z1, Z13)
	CLASSES(Z2, Z14)
	CLASSES(Z3, Z15)
	ROWS(Z16, Z17, Z18, Z19)
	CLASSES(Z0, Z16)
	CLASSES(Z1, Z17)
	CLASSES(Z2, Z18)
	CLASSES(Z3, Z19)
	ROWS(Z20, Z21, Z22, Z23)
	CLASSES(Z0, Z20)
	CLASSES(Z1, Z21)
	VPXORQ Z26, Z26, Z26         // the buckets that are fitted in all places
	MOVQ HALVES(DX), AX
	MOVQ DX, BX
	TESTQ AX, AX
	JZ   judged

half:
	VPERMB (CHAINS+0*64)(DX), Z8, Z0
	VPERMB (CHAINS+1*64)(DX), Z8, Z1
	VPERMB (CHAINS+2*64)(DX), Z8, Z2
	VPERMB (CHAINS+3*64)(DX), Z8, Z3
	VPERMB (CHAINS+4*64)(DX), Z8, Z22
	VPERMB (CHAINS+5*64)(DX), Z8, Z23
	VPERMB (CHAINS+6*64)(DX), Z8, Z24
	VPERMB (CHAINS+7*64)(DX), Z8, Z25
	BOTHALL(0, Z9, Z10)
	BOTHALL(2, Z12, Z13)
	BOTHALL(4, Z14, Z15)
	BOTHALL(6, Z16, Z17)
	BOTHALL(8, Z18, Z19)
	BOTHALL(10, Z20, Z21)
	VPTERNLOGQ $0xfe, Z0, Z1, Z26
	VPTERNLOGQ $0xfe, Z2, Z3, Z26
	VPTERNLOGQ $0xfe, Z22, Z23, Z26
	VPTERNLOGQ $0xfe, Z24, Z25, Z26
	ADDQ $HALF, DX
	DECQ AX
	JNZ  half
	MOVQ BX, DX

judged:
	MOVQ $-1, AX
	BZHIQ CX, AX, BX             // those that there are: all of them from 64 on
	CMPQ CX, $64
	CMOVQCC AX, BX
	KMOVQ BX, K2
	VPTESTMB Z26, Z26, K2, K1
	VMOVDQU16 (DI), Z0
	VMOVDQU16 64(DI), Z1
	KMOVQ K1, BX
	MOVL BX, AX
	SHRQ $32, BX
	KMOVD BX, K2
	VPCOMPRESSW.Z Z0, K1, Z0
	VPCOMPRESSW.Z Z1, K2, Z1
	POPCNTL AX, AX
	POPCNTL BX, BX
	VMOVDQU16 Z0, (R9)           // never beyond the 64 that were read
	LEAQ (R9)(AX*2), R9
	VMOVDQU16 Z1, (R9)
	LEAQ (R9)(BX*2), R9
	ADDQ $128, DI
	SUBQ $64, CX
	JHI  next
	SUBQ offsets+0(FP), R9
	SHRQ $1, R9
	MOVQ R9, ret+32(FP)
	VZEROUPPER
	RET
