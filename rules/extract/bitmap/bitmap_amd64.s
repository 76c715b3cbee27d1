#include "textflag.h"

// Where the masks of the sets begin in a Table: behind two pairs of nibble tables.
#define WIDE 64

// func fillAVX512(dst *Block, text *byte, blocks int, t *Table)
TEXT ·fillAVX512(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), DX
	TESTQ CX, CX
	JLE  done

	VBROADCASTI32X4 0(DX), Z16  // first half: low nibbles, high nibbles
	VBROADCASTI32X4 16(DX), Z17
	VBROADCASTI32X4 32(DX), Z18 // second half
	VBROADCASTI32X4 48(DX), Z19
	VPBROADCASTB (WIDE+0*32)(DX), Z20
	VPBROADCASTB (WIDE+1*32)(DX), Z21
	VPBROADCASTB (WIDE+2*32)(DX), Z22
	VPBROADCASTB (WIDE+3*32)(DX), Z23
	VPBROADCASTB (WIDE+4*32)(DX), Z24
	VPBROADCASTB (WIDE+5*32)(DX), Z25
	VPBROADCASTB (WIDE+6*32)(DX), Z26
	VPBROADCASTB (WIDE+7*32)(DX), Z27
	MOVL $0x0f, AX
	VPBROADCASTB AX, Z28

block:
	VMOVDQU64 (SI), Z0
	VPSRLW $4, Z0, Z1
	VPANDQ Z28, Z0, Z0
	VPANDQ Z28, Z1, Z1
	VPSHUFB Z0, Z16, Z2
	VPSHUFB Z1, Z17, Z3
	VPSHUFB Z0, Z18, Z4
	VPSHUFB Z1, Z19, Z5
	VPANDQ Z2, Z3, Z2
	VPANDQ Z4, Z5, Z4
	VPTESTMB Z20, Z2, K0
	VPTESTMB Z21, Z2, K1
	VPTESTMB Z22, Z2, K2
	VPTESTMB Z23, Z2, K3
	VPTESTMB Z24, Z4, K4
	VPTESTMB Z25, Z4, K5
	VPTESTMB Z26, Z4, K6
	VPTESTMB Z27, Z4, K7
	KMOVQ K0, 0(DI)
	KMOVQ K1, 8(DI)
	KMOVQ K2, 16(DI)
	KMOVQ K3, 24(DI)
	KMOVQ K4, 32(DI)
	KMOVQ K5, 40(DI)
	KMOVQ K6, 48(DI)
	KMOVQ K7, 56(DI)
	ADDQ $64, SI
	ADDQ $64, DI
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

// PLANE stores which of 32 bytes, whose products are in products, are in a set. Y6 is zero.
#define PLANE(set, products, at) \
	VPAND (WIDE+set*32)(DX), products, Y5 \
	VPCMPEQB Y6, Y5, Y5 \
	VPMOVMSKB Y5, AX \
	NOTL AX \
	MOVL AX, (set*8+at)(DI)

// HALF fills half of the words of a block, at a byte of each word, from the 32 bytes at SI+offset. Y8 to Y11 hold the tables, Y7 the
// nibble mask.
#define HALF(offset, at) \
	VMOVDQU offset(SI), Y0 \
	VPSRLW $4, Y0, Y1 \
	VPAND Y7, Y0, Y0 \
	VPAND Y7, Y1, Y1 \
	VPSHUFB Y0, Y8, Y2 \
	VPSHUFB Y1, Y9, Y3 \
	VPAND Y2, Y3, Y2 \
	VPSHUFB Y0, Y10, Y3 \
	VPSHUFB Y1, Y11, Y4 \
	VPAND Y3, Y4, Y3 \
	PLANE(0, Y2, at) \
	PLANE(1, Y2, at) \
	PLANE(2, Y2, at) \
	PLANE(3, Y2, at) \
	PLANE(4, Y3, at) \
	PLANE(5, Y3, at) \
	PLANE(6, Y3, at) \
	PLANE(7, Y3, at)

// func fillAVX2(dst *Block, text *byte, blocks int, t *Table)
TEXT ·fillAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), DX
	TESTQ CX, CX
	JLE  done

	VBROADCASTI128 0(DX), Y8
	VBROADCASTI128 16(DX), Y9
	VBROADCASTI128 32(DX), Y10
	VBROADCASTI128 48(DX), Y11
	VMOVDQU nibble<>(SB), Y7
	VPXOR Y6, Y6, Y6

block:
	HALF(0, 0)
	HALF(32, 4)
	ADDQ $64, SI
	ADDQ $64, DI
	DECQ CX
	JNZ  block
	VZEROUPPER

done:
	RET

// func markAVX512(dst *uint64, text *byte, blocks int, t *Table)
TEXT ·markAVX512(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), DX
	TESTQ CX, CX
	JLE  done

	VBROADCASTI32X4 0(DX), Z16
	VBROADCASTI32X4 16(DX), Z17
	VPBROADCASTB WIDE(DX), Z20
	MOVL $0x0f, AX
	VPBROADCASTB AX, Z28

block:
	VMOVDQU64 (SI), Z0
	VPSRLW $4, Z0, Z1
	VPANDQ Z28, Z0, Z0
	VPANDQ Z28, Z1, Z1
	VPSHUFB Z0, Z16, Z2
	VPSHUFB Z1, Z17, Z3
	VPANDQ Z2, Z3, Z2
	VPTESTMB Z20, Z2, K1
	KMOVQ K1, (DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  block
	VZEROUPPER

done:
	RET

// MARK stores which of the 32 bytes at SI+offset are in the first set.
#define MARK(offset, at) \
	VMOVDQU offset(SI), Y0 \
	VPSRLW $4, Y0, Y1 \
	VPAND Y7, Y0, Y0 \
	VPAND Y7, Y1, Y1 \
	VPSHUFB Y0, Y8, Y2 \
	VPSHUFB Y1, Y9, Y3 \
	VPAND Y2, Y3, Y2 \
	PLANE(0, Y2, at)

// func markAVX2(dst *uint64, text *byte, blocks int, t *Table)
TEXT ·markAVX2(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), DX
	TESTQ CX, CX
	JLE  done

	VBROADCASTI128 0(DX), Y8
	VBROADCASTI128 16(DX), Y9
	VMOVDQU nibble<>(SB), Y7
	VPXOR Y6, Y6, Y6

block:
	MARK(0, 0)
	MARK(32, 4)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  block
	VZEROUPPER

done:
	RET
