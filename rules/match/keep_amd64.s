#include "textflag.h"

// Where outlineVectors (outline.go) holds the buckets of a place: eight tables of 64 bytes.
#define FITS 256
#define PLACE 512

// LOAD makes to what stands from four starts on.
#define LOAD(from, x, y, z) \
	MOVWQZX (2*from)(DI), R10 \
	MOVWQZX (2*from+2)(DI), R11 \
	MOVWQZX (2*from+4)(DI), R12 \
	MOVWQZX (2*from+6)(DI), R13 \
	VMOVDQU (SI)(R10*1), x \
	VINSERTI128 $1, (SI)(R11*1), y, y \
	VINSERTI32X4 $2, (SI)(R12*1), z, z \
	VINSERTI32X4 $3, (SI)(R13*1), z, z

// GATHER makes first, second and third what stands from sixteen starts on: four bytes each, first those at place 0 of all, then those at
// place 1, and so on.
#define GATHER(from, first, second, third) \
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
	VPERMB first, Z20, first \
	VPERMB second, Z20, second \
	VPERMB third, Z20, third

// ROWS makes Z0 to Z3 the bytes at four places of all starts, by those of sixteen starts each.
#define ROWS(a, b, c, d) \
	VSHUFI32X4 $0x44, b, a, Z4 \
	VSHUFI32X4 $0x44, d, c, Z5 \
	VSHUFI32X4 $0xee, b, a, Z6 \
	VSHUFI32X4 $0xee, d, c, Z7 \
	VSHUFI32X4 $0x88, Z5, Z4, Z0 \
	VSHUFI32X4 $0xdd, Z5, Z4, Z1 \
	VSHUFI32X4 $0x88, Z7, Z6, Z2 \
	VSHUFI32X4 $0xdd, Z7, Z6, Z3 \
	CLASSES(Z0) \
	CLASSES(Z1) \
	CLASSES(Z2) \
	CLASSES(Z3)

// CLASSES makes classes of the bytes of a row.
#define CLASSES(row) \
	VPMOVB2M row, K2 \
	VMOVDQA64 row, Z4 \
	VPERMI2B Z31, Z30, Z4 \
	VPERMI2B Z29, Z28, row \
	VMOVDQU8 Z4, K2, row

// FIRST makes fits the buckets of a group that the first two places fit; BOTH takes those from it that two places do not fit.
#define FIRST(group, fits) \
	VPERMB (FITS+group*64)(DX), Z0, fits \
	VPERMB (FITS+PLACE+group*64)(DX), Z1, Z5 \
	VPANDQ Z5, fits, fits

#define BOTH(place, one, two, group, fits) \
	VPERMB (FITS+(place)*PLACE+group*64)(DX), one, Z5 \
	VPERMB (FITS+(place+1)*PLACE+group*64)(DX), two, Z6 \
	VPTERNLOGQ $0x80, Z5, Z6, fits

#define BOTHALL(place, one, two) \
	BOTH(place, one, two, 0, Z20) \
	BOTH(place, one, two, 1, Z21) \
	BOTH(place, one, two, 2, Z22) \
	BOTH(place, one, two, 3, Z23) \
	BOTH(place, one, two, 4, Z24) \
	BOTH(place, one, two, 5, Z25) \
	BOTH(place, one, two, 6, Z26) \
	BOTH(place, one, two, 7, Z27)

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
	VMOVDQU64 (DX), Z28
	VMOVDQU64 64(DX), Z29
	VMOVDQU64 128(DX), Z30
	VMOVDQU64 192(DX), Z31

next:
	VMOVDQU64 gathered<>(SB), Z20
	GATHER(0, Z8, Z12, Z16)
	GATHER(16, Z9, Z13, Z17)
	GATHER(32, Z10, Z14, Z18)
	GATHER(48, Z11, Z15, Z19)
	ROWS(Z8, Z9, Z10, Z11)
	FIRST(0, Z20)
	FIRST(1, Z21)
	FIRST(2, Z22)
	FIRST(3, Z23)
	FIRST(4, Z24)
	FIRST(5, Z25)
	FIRST(6, Z26)
	FIRST(7, Z27)
	BOTHALL(2, Z2, Z3)
	ROWS(Z12, Z13, Z14, Z15)
	BOTHALL(4, Z0, Z1)
	BOTHALL(6, Z2, Z3)
	ROWS(Z16, Z17, Z18, Z19)
	BOTHALL(8, Z0, Z1)
	BOTHALL(10, Z2, Z3)
	VPORQ Z20, Z21, Z20
	VPTERNLOGQ $0xfe, Z22, Z23, Z20
	VPTERNLOGQ $0xfe, Z24, Z25, Z20
	VPTERNLOGQ $0xfe, Z26, Z27, Z20
	MOVQ $-1, AX
	BZHIQ CX, AX, BX             // those that there are: all of them from 64 on
	CMPQ CX, $64
	CMOVQCC AX, BX
	KMOVQ BX, K2
	VPTESTMB Z20, Z20, K2, K1
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
