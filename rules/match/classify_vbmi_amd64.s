#include "textflag.h"

// The distance between two planes: planeLength words.
#define PLANE 1040

// The sets of nibbleTables.class in each plane (classify.go).
#define SPECIAL 0x01
#define PIVOT 0x06
#define LOW 0xc8
#define HIGH 0x38

// Where nibbleTables.ascii is.
#define ASCII 320

// TABLE loads table i of nibbleTables.ascii.
#define TABLE(i, first, last) \
	VMOVDQU64 (ASCII+128*i)(DX), first \
	VMOVDQU64 (ASCII+128*i+64)(DX), last

// func fillVBMI(dst *uint64, text *byte, blocks int, t *nibbleTables)
TEXT ·fillVBMI(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ text+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ t+24(FP), DX
	TESTQ CX, CX
	JLE  done

	TABLE(0, Z12, Z13) // the first literal buckets, offset 0
	TABLE(1, Z14, Z15)
	TABLE(2, Z16, Z17)
	TABLE(3, Z18, Z19)
	TABLE(4, Z20, Z21) // the other buckets
	TABLE(5, Z22, Z23)
	TABLE(6, Z24, Z25)
	TABLE(7, Z26, Z27)
	TABLE(8, Z28, Z29) // class
	TABLE(9, Z30, Z31) // around
	MOVL $SPECIAL, AX
	VPBROADCASTB AX, Z8
	MOVL $PIVOT, AX
	VPBROADCASTB AX, Z9
	MOVL $LOW, AX
	VPBROADCASTB AX, Z10
	MOVL $HIGH, AX
	VPBROADCASTB AX, Z11

block:
	VMOVDQU64 (SI), Z0
	VPMOVB2M Z0, K6
	KNOTQ K6, K7                   // ASCII
	VMOVDQA64 Z0, Z1
	VMOVDQA64 Z0, Z2
	VMOVDQA64 Z0, Z3
	VPERMI2B.Z Z29, Z28, K7, Z1    // classes of the bytes
	VPERMI2B.Z Z31, Z30, K7, Z2    // what stands around digits
	VPERMI2B Z13, Z12, Z3          // literals
	VPERMI2B Z21, Z20, Z0
	VMOVDQU64 1(SI), Z4
	VMOVDQA64 Z4, Z5
	VPERMI2B Z15, Z14, Z4
	VPERMI2B Z23, Z22, Z5
	VPANDQ Z4, Z3, Z3
	VPANDQ Z5, Z0, Z0
	VMOVDQU64 2(SI), Z4
	VMOVDQA64 Z4, Z5
	VPERMI2B Z17, Z16, Z4
	VPERMI2B Z25, Z24, Z5
	VMOVDQU64 3(SI), Z6
	VMOVDQA64 Z6, Z7
	VPERMI2B Z19, Z18, Z6
	VPERMI2B Z27, Z26, Z7
	VPTERNLOGQ $0x80, Z4, Z6, Z3
	VPTERNLOGQ $0x80, Z5, Z7, Z0

	VPTESTMB Z10, Z1, K1
	VPTESTMB Z11, Z1, K2
	VPTESTMB Z8, Z1, K3
	VPTESTMB Z9, Z1, K4
	VPTESTMB Z8, Z2, K5            // before digits: the set is the lowest, as SPECIAL is
	VPTESTMB Z9, Z2, K7            // between them: the second, which is of PIVOT, too
	KMOVQ K1, (DI)
	KMOVQ K2, PLANE(DI)
	VPORQ Z3, Z0, Z0
	VPTESTMB Z0, Z0, K1
	KMOVQ K3, (3*PLANE)(DI)
	KMOVQ K6, (4*PLANE)(DI)
	KMOVQ K4, (5*PLANE)(DI)
	KMOVQ K5, (6*PLANE)(DI)
	KMOVQ K7, (7*PLANE)(DI)
	KMOVQ K1, (2*PLANE)(DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  block
	VZEROUPPER

done:
	RET
