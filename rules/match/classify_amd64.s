#include "textflag.h"

// The distance between two planes: planeLength words.
#define PLANE 1040

// The sets of nibbleTables.class in each plane (classify.go).
#define SPECIAL 0x01
#define PIVOT 0x06
#define LOW 0xc8
#define HIGH 0x38

// func fillAVX512(dst *uint64, text *byte, blocks int, t *nibbleTables)
TEXT ·fillAVX512(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), DX
	TESTQ CX, CX
	JLE  done

	VBROADCASTI32X4 0(DX), Z16   // the first literal buckets, offset 0: low nibbles, high nibbles
	VBROADCASTI32X4 16(DX), Z17
	VBROADCASTI32X4 32(DX), Z18  // offset 1
	VBROADCASTI32X4 48(DX), Z19
	VBROADCASTI32X4 64(DX), Z20  // offset 2
	VBROADCASTI32X4 80(DX), Z21
	VBROADCASTI32X4 96(DX), Z29  // offset 3
	VBROADCASTI32X4 112(DX), Z30
	VBROADCASTI32X4 256(DX), Z22 // class
	VBROADCASTI32X4 272(DX), Z23
	VBROADCASTI32X4 288(DX), Z31 // around; its high nibbles are read in the loop, as are the other literal buckets
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

	VPSHUFB Z0, Z31, Z6          // what stands around digits
	VBROADCASTI32X4 304(DX), Z7
	VPSHUFB Z3, Z7, Z7
	VPANDQ Z6, Z7, Z6
	VPTESTMB Z25, Z6, K7         // before them: the set is the lowest, as SPECIAL is
	KMOVQ K7, (6*PLANE)(DI)
	VPTESTMB Z26, Z6, K7         // between them: the second, which is of PIVOT, too
	KMOVQ K7, (7*PLANE)(DI)

	VPSHUFB Z0, Z16, Z8          // the first buckets of literals
	VPSHUFB Z3, Z17, Z9
	VPSHUFB Z1, Z18, Z10
	VPSHUFB Z4, Z19, Z11
	VPSHUFB Z2, Z20, Z12
	VPSHUFB Z5, Z21, Z13
	VPSHUFB Z14, Z29, Z6
	VPSHUFB Z15, Z30, Z7
	VPTERNLOGQ $0x80, Z8, Z9, Z10
	VPTERNLOGQ $0x80, Z11, Z12, Z13
	VPTERNLOGQ $0x80, Z6, Z7, Z10
	VPANDQ Z10, Z13, Z13

	VBROADCASTI32X4 128(DX), Z6  // the other buckets
	VBROADCASTI32X4 144(DX), Z7
	VBROADCASTI32X4 160(DX), Z8
	VBROADCASTI32X4 176(DX), Z9
	VBROADCASTI32X4 192(DX), Z10
	VBROADCASTI32X4 208(DX), Z11
	VPSHUFB Z0, Z6, Z6
	VPSHUFB Z3, Z7, Z7
	VPSHUFB Z1, Z8, Z8
	VPSHUFB Z4, Z9, Z9
	VPSHUFB Z2, Z10, Z10
	VPSHUFB Z5, Z11, Z11
	VBROADCASTI32X4 224(DX), Z0
	VBROADCASTI32X4 240(DX), Z1
	VPSHUFB Z14, Z0, Z0
	VPSHUFB Z15, Z1, Z1
	VPTERNLOGQ $0x80, Z6, Z7, Z8
	VPTERNLOGQ $0x80, Z9, Z10, Z11
	VPTERNLOGQ $0x80, Z0, Z1, Z8
	VPTERNLOGQ $0xf8, Z8, Z11, Z13 // Z13 | Z11 & Z8
	VPTESTMB Z13, Z13, K5

	KMOVQ K1, (DI)
	KMOVQ K2, PLANE(DI)
	KMOVQ K5, (2*PLANE)(DI)
	KMOVQ K3, (3*PLANE)(DI)
	KMOVQ K6, (4*PLANE)(DI)
	KMOVQ K4, (5*PLANE)(DI)
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

// NIBBLES divides the bytes at an address in low nibbles in Y0 and high nibbles in Y1.
#define NIBBLES(address) \
	VMOVDQU address, Y0 \
	VPSRLW $4, Y0, Y1 \
	VPAND Y7, Y0, Y0 \
	VPAND Y7, Y1, Y1

// LOOKUP looks these nibbles up in the tables at an offset, into result. It uses Y3.
#define LOOKUP(offset, result) \
	VBROADCASTI128 offset(R15), result \
	VBROADCASTI128 (offset+16)(R15), Y3 \
	VPSHUFB Y0, result, result \
	VPSHUFB Y1, Y3, Y3 \
	VPAND Y3, result, result

// BIT stores the bits that a shift moves to the highest place of each byte of Y2. It uses Y3 and R9.
#define BIT(shift, address) \
	VPSLLW $shift, Y2, Y3 \
	VPMOVMSKB Y3, R9 \
	MOVL R9, address

// HALF classifies the 32 bytes at SI+offset into 32 bits of each plane, at DI+offset/8. R15 points to the tables; Y7 holds the nibble mask, Y6
// zero, Y8 to Y11 the tables of literals for offset 0, Y12 and Y13 the masks of low and high.
#define HALF(offset) \
	NIBBLES(offset(SI)) \
	VPSHUFB Y0, Y8, Y4 \
	VPSHUFB Y1, Y9, Y3 \
	VPAND Y3, Y4, Y4 \
	VPSHUFB Y0, Y10, Y5 \
	VPSHUFB Y1, Y11, Y3 \
	VPAND Y3, Y5, Y5 \
	LOOKUP(288, Y2) \
	BIT(7, (6*PLANE+offset/8)(DI)) \
	BIT(6, (7*PLANE+offset/8)(DI)) \
	LOOKUP(256, Y2) \
	BIT(7, (3*PLANE+offset/8)(DI)) \
	VPSLLW $6, Y2, Y14 \
	VPSLLW $5, Y2, Y15 \
	VPOR Y14, Y15, Y14 \
	VPMOVMSKB Y14, R9 \
	MOVL R9, (5*PLANE+offset/8)(DI) \
	VPAND Y12, Y2, Y14 \
	VPCMPEQB Y6, Y14, Y14 \
	VPMOVMSKB Y14, R9 \
	NOTL R9 \
	MOVL R9, (offset/8)(DI) \
	VPAND Y13, Y2, Y14 \
	VPCMPEQB Y6, Y14, Y14 \
	VPMOVMSKB Y14, R9 \
	NOTL R9 \
	MOVL R9, (PLANE+offset/8)(DI) \
	VMOVDQU offset(SI), Y0 \
	VPMOVMSKB Y0, R9 \
	MOVL R9, (4*PLANE+offset/8)(DI) \
	NIBBLES((offset+1)(SI)) \
	LOOKUP(32, Y2) \
	VPAND Y2, Y4, Y4 \
	LOOKUP(160, Y2) \
	VPAND Y2, Y5, Y5 \
	NIBBLES((offset+2)(SI)) \
	LOOKUP(64, Y2) \
	VPAND Y2, Y4, Y4 \
	LOOKUP(192, Y2) \
	VPAND Y2, Y5, Y5 \
	NIBBLES((offset+3)(SI)) \
	LOOKUP(96, Y2) \
	VPAND Y2, Y4, Y4 \
	LOOKUP(224, Y2) \
	VPAND Y2, Y5, Y5 \
	VPOR Y5, Y4, Y4 \
	VPCMPEQB Y6, Y4, Y4 \
	VPMOVMSKB Y4, R9 \
	NOTL R9 \
	MOVL R9, (2*PLANE+offset/8)(DI)

// func fillAVX2(dst *uint64, text *byte, blocks int, t *nibbleTables)
TEXT ·fillAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), R15
	TESTQ CX, CX
	JLE  done

	VBROADCASTI128 0(R15), Y8
	VBROADCASTI128 16(R15), Y9
	VBROADCASTI128 128(R15), Y10
	VBROADCASTI128 144(R15), Y11
	VMOVDQU low<>(SB), Y12
	VMOVDQU high<>(SB), Y13
	VMOVDQU nibble<>(SB), Y7
	VPXOR Y6, Y6, Y6

block:
	HALF(0)
	HALF(32)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  block
	VZEROUPPER

done:
	RET
