#include "textflag.h"

// The distance between two planes: planeLength words.
#define PLANE 1040

// The sets of nibbleTables.class in each plane (classify.go).
#define SPECIAL 0x01
#define PIVOT 0x06
#define LOW 0xc8
#define HIGH 0x38

// The sets of nibbleTables.between in each plane.
#define DENSE 0x01
#define SPARSE 0x02

// func fillAVX512(dst *uint64, text *byte, blocks int, t *nibbleTables)
TEXT ·fillAVX512(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), DX
	TESTQ CX, CX
	JLE  done

	VBROADCASTI32X4 0(DX), Z16   // literal, offset 0: low nibbles, high nibbles
	VBROADCASTI32X4 16(DX), Z17
	VBROADCASTI32X4 32(DX), Z18  // offset 1
	VBROADCASTI32X4 48(DX), Z19
	VBROADCASTI32X4 64(DX), Z20  // offset 2
	VBROADCASTI32X4 80(DX), Z21
	VBROADCASTI32X4 96(DX), Z29  // offset 3
	VBROADCASTI32X4 112(DX), Z30
	VBROADCASTI32X4 128(DX), Z22 // class
	VBROADCASTI32X4 144(DX), Z23
	VBROADCASTI32X4 160(DX), Z31 // between; its high nibbles are read in the loop
	MOVL $0x0f, AX
	VPBROADCASTB AX, Z24
	MOVL $SPECIAL, AX
	VPBROADCASTB AX, Z25
	MOVL $PIVOT, AX
	VPBROADCASTB AX, Z26
	MOVL $LOW, AX
	VPBROADCASTB AX, Z27
	MOVL $HIGH, AX
	VPBROADCASTB AX, Z28

block:
	VMOVDQU64 (SI), Z0
	VMOVDQU64 1(SI), Z1
	VMOVDQU64 2(SI), Z2
	VMOVDQU64 3(SI), Z14
	VPMOVB2M Z0, K6
	VPSRLW $4, Z0, Z3
	VPSRLW $4, Z1, Z4
	VPSRLW $4, Z2, Z5
	VPSRLW $4, Z14, Z15
	VPANDQ Z24, Z0, Z0
	VPANDQ Z24, Z1, Z1
	VPANDQ Z24, Z2, Z2
	VPANDQ Z24, Z14, Z14
	VPANDQ Z24, Z15, Z15
	VPANDQ Z24, Z3, Z3
	VPANDQ Z24, Z4, Z4
	VPANDQ Z24, Z5, Z5

	VPSHUFB Z0, Z22, Z6          // classes of the bytes
	VPSHUFB Z3, Z23, Z7
	VPANDQ Z6, Z7, Z6
	VPTESTMB Z27, Z6, K1
	VPTESTMB Z28, Z6, K2
	VPTESTMB Z25, Z6, K3
	VPTESTMB Z26, Z6, K4

	VPSHUFB Z0, Z16, Z8          // buckets of literals
	VPSHUFB Z3, Z17, Z9
	VPSHUFB Z1, Z18, Z10
	VPSHUFB Z4, Z19, Z11
	VPSHUFB Z2, Z20, Z12
	VPSHUFB Z5, Z21, Z13
	VPSHUFB Z14, Z29, Z14
	VPSHUFB Z15, Z30, Z15
	VPTERNLOGQ $0x80, Z8, Z9, Z10
	VPTERNLOGQ $0x80, Z11, Z12, Z13
	VPTERNLOGQ $0x80, Z14, Z15, Z10
	VPTESTMB Z10, Z13, K5

	VPSHUFB Z0, Z31, Z6          // what may stand before digits
	VBROADCASTI32X4 176(DX), Z7
	VPSHUFB Z3, Z7, Z7
	VPANDQ Z6, Z7, Z6
	VPSLLW $7, Z6, Z7            // the first set
	VPSLLW $6, Z6, Z6            // the second
	VPMOVB2M Z7, K7
	KMOVQ K7, AX
	MOVQ AX, (6*PLANE)(DI)
	VPMOVB2M Z6, K7
	KMOVQ K7, AX
	MOVQ AX, (7*PLANE)(DI)

	KMOVQ K1, AX
	KMOVQ K2, BX
	KMOVQ K5, R8
	KMOVQ K3, R9
	KMOVQ K6, R10
	KMOVQ K4, R11
	MOVQ AX, (DI)
	MOVQ BX, PLANE(DI)
	MOVQ R8, (2*PLANE)(DI)
	MOVQ R9, (3*PLANE)(DI)
	MOVQ R10, (4*PLANE)(DI)
	MOVQ R11, (5*PLANE)(DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  block
	VZEROUPPER

done:
	RET

DATA nibble<>+0(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibble<>+8(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibble<>+16(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA nibble<>+24(SB)/8, $0x0f0f0f0f0f0f0f0f
GLOBL nibble<>(SB), RODATA|NOPTR, $32

DATA low<>+0(SB)/8, $0xc8c8c8c8c8c8c8c8
DATA low<>+8(SB)/8, $0xc8c8c8c8c8c8c8c8
DATA low<>+16(SB)/8, $0xc8c8c8c8c8c8c8c8
DATA low<>+24(SB)/8, $0xc8c8c8c8c8c8c8c8
GLOBL low<>(SB), RODATA|NOPTR, $32

DATA high<>+0(SB)/8, $0x3838383838383838
DATA high<>+8(SB)/8, $0x3838383838383838
DATA high<>+16(SB)/8, $0x3838383838383838
DATA high<>+24(SB)/8, $0x3838383838383838
GLOBL high<>(SB), RODATA|NOPTR, $32

// HALF classifies the 32 bytes at SI+offset into the lowest 32 bits of low, high, literal, special, foreign and pivot: low, high and literal inverted. It stores what may stand before digits. Y8 to Y15 hold
// the tables but those for offset 3 and for what stands before digits, which R15 points to, Y7 the nibble mask, Y6 zero.
#define HALF(offset, low32, high32, literal32, special32, foreign32, pivot32) \
	VMOVDQU offset(SI), Y0 \
	VPMOVMSKB Y0, foreign32 \
	VPSRLW $4, Y0, Y1 \
	VPAND Y7, Y0, Y0 \
	VPAND Y7, Y1, Y1 \
	VPSHUFB Y0, Y14, Y2 \
	VPSHUFB Y1, Y15, Y3 \
	VPAND Y2, Y3, Y2 \
	VPSLLW $7, Y2, Y3 \
	VPMOVMSKB Y3, special32 \
	VPSLLW $6, Y2, Y3 \
	VPSLLW $5, Y2, Y4 \
	VPOR Y3, Y4, Y3 \
	VPMOVMSKB Y3, pivot32 \
	VPAND low<>(SB), Y2, Y3 \
	VPCMPEQB Y6, Y3, Y3 \
	VPMOVMSKB Y3, low32 \
	VPAND high<>(SB), Y2, Y3 \
	VPCMPEQB Y6, Y3, Y3 \
	VPMOVMSKB Y3, high32 \
	VBROADCASTI128 160(R15), Y2 \
	VBROADCASTI128 176(R15), Y3 \
	VPSHUFB Y0, Y2, Y2 \
	VPSHUFB Y1, Y3, Y3 \
	VPAND Y2, Y3, Y2 \
	VPSLLW $7, Y2, Y3 \
	VPMOVMSKB Y3, literal32 \
	MOVL literal32, (6*PLANE+offset/8)(DI) \
	VPSLLW $6, Y2, Y3 \
	VPMOVMSKB Y3, literal32 \
	MOVL literal32, (7*PLANE+offset/8)(DI) \
	VPSHUFB Y0, Y8, Y4 \
	VPSHUFB Y1, Y9, Y5 \
	VPAND Y4, Y5, Y4 \
	VMOVDQU (offset+1)(SI), Y0 \
	VPSRLW $4, Y0, Y1 \
	VPAND Y7, Y0, Y0 \
	VPAND Y7, Y1, Y1 \
	VPSHUFB Y0, Y10, Y2 \
	VPSHUFB Y1, Y11, Y3 \
	VPAND Y2, Y3, Y2 \
	VPAND Y2, Y4, Y4 \
	VMOVDQU (offset+2)(SI), Y0 \
	VPSRLW $4, Y0, Y1 \
	VPAND Y7, Y0, Y0 \
	VPAND Y7, Y1, Y1 \
	VPSHUFB Y0, Y12, Y2 \
	VPSHUFB Y1, Y13, Y3 \
	VPAND Y2, Y3, Y2 \
	VPAND Y2, Y4, Y4 \
	VMOVDQU (offset+3)(SI), Y0 \
	VPSRLW $4, Y0, Y1 \
	VPAND Y7, Y0, Y0 \
	VPAND Y7, Y1, Y1 \
	VBROADCASTI128 96(R15), Y2 \
	VBROADCASTI128 112(R15), Y3 \
	VPSHUFB Y0, Y2, Y2 \
	VPSHUFB Y1, Y3, Y3 \
	VPAND Y2, Y3, Y2 \
	VPAND Y2, Y4, Y4 \
	VPCMPEQB Y6, Y4, Y4 \
	VPMOVMSKB Y4, literal32

// func fillAVX2(dst *uint64, text *byte, blocks int, t *nibbleTables)
TEXT ·fillAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), DX
	MOVQ DX, R15
	TESTQ CX, CX
	JLE  done

	VBROADCASTI128 0(DX), Y8
	VBROADCASTI128 16(DX), Y9
	VBROADCASTI128 32(DX), Y10
	VBROADCASTI128 48(DX), Y11
	VBROADCASTI128 64(DX), Y12
	VBROADCASTI128 80(DX), Y13
	VBROADCASTI128 128(DX), Y14
	VBROADCASTI128 144(DX), Y15
	VMOVDQU nibble<>(SB), Y7
	VPXOR Y6, Y6, Y6

block:
	HALF(0, AX, BX, R8, R9, R10, R11)
	MOVQ R9, (3*PLANE)(DI)
	MOVQ R10, (4*PLANE)(DI)
	MOVQ R11, (5*PLANE)(DI)
	HALF(32, R12, R13, DX, R9, R10, R11)
	MOVL R9, (3*PLANE+4)(DI)
	MOVL R10, (4*PLANE+4)(DI)
	MOVL R11, (5*PLANE+4)(DI)
	SHLQ $32, R12
	SHLQ $32, R13
	SHLQ $32, DX
	ORQ  R12, AX
	ORQ  R13, BX
	ORQ  DX, R8
	NOTQ AX
	NOTQ BX
	NOTQ R8
	MOVQ AX, (DI)
	MOVQ BX, PLANE(DI)
	MOVQ R8, (2*PLANE)(DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  block
	VZEROUPPER

done:
	RET
