#include "textflag.h"

// The size of a track, and its fields behind the states (together.go).
#define TRACK 68
#define BEFORE 64
#define BEFOREWORD 66

// STEP follows one automaton by one byte, and keeps the state. Its name without the flags is where its row begins, in bytes: a cell has four
// of them, and the flags are two bits. AX is free.
#define STEP(name, text, k, lane) \
	MOVBLZX k(text), AX \
	ANDL $~3, name \
	MOVBLZX (DX)(AX*1), AX \
	LEAQ (DI)(AX*4), AX \
	MOVL (AX)(name*1), name \
	MOVL name, (lane*TRACK+4*k)(SI)

#define STEPS(k) \
	STEP(R8, R12, k, 0) \
	STEP(R9, R13, k, 1) \
	STEP(R10, R15, k, 2) \
	STEP(R11, BX, k, 3)

// FLAGS gathers the flags of the states of a lane. AX and CX are free.
#define FLAGS(lane) \
	VMOVDQU (lane*TRACK)(SI), Y0 \
	VMOVDQU (lane*TRACK+32)(SI), Y1 \
	VPSLLD $31, Y0, Y2 \
	VPSLLD $31, Y1, Y3 \
	VMOVMSKPS Y2, AX \
	VMOVMSKPS Y3, CX \
	SHLL $8, CX \
	ORL CX, AX \
	MOVW AX, (lane*TRACK+BEFORE)(SI) \
	VPSLLD $30, Y0, Y2 \
	VPSLLD $30, Y1, Y3 \
	VMOVMSKPS Y2, AX \
	VMOVMSKPS Y3, CX \
	SHLL $8, CX \
	ORL CX, AX \
	MOVW AX, (lane*TRACK+BEFOREWORD)(SI)

// func followAVX2(tracks *track, starts *uint16, count int, text *byte, cells *atomic.Uint32, classes *[256]uint8)
TEXT ·followAVX2(SB), NOSPLIT, $8-48
	MOVQ tracks+0(FP), SI
	MOVQ cells+32(FP), DI
	MOVQ classes+40(FP), DX
	MOVQ count+16(FP), AX
	MOVQ AX, left-8(SP)

lanes:
	MOVQ starts+8(FP), CX
	MOVQ text+24(FP), AX
	MOVWQZX 0(CX), R12
	MOVWQZX 2(CX), R13
	MOVWQZX 4(CX), R15
	MOVWQZX 6(CX), BX
	ADDQ AX, R12
	ADDQ AX, R13
	ADDQ AX, R15
	ADDQ AX, BX
	ADDQ $8, CX
	MOVQ CX, starts+8(FP)
	MOVL (0*TRACK)(SI), R8 // where the automata stand
	MOVL (1*TRACK)(SI), R9
	MOVL (2*TRACK)(SI), R10
	MOVL (3*TRACK)(SI), R11
	STEPS(0)
	STEPS(1)
	STEPS(2)
	STEPS(3)
	STEPS(4)
	STEPS(5)
	STEPS(6)
	STEPS(7)
	STEPS(8)
	STEPS(9)
	STEPS(10)
	STEPS(11)
	STEPS(12)
	ADDQ $(4*TRACK), SI
	SUBQ $4, left-8(SP)
	JG   lanes

	MOVQ tracks+0(FP), SI  // the flags of all lanes, when their states are written
	MOVQ count+16(FP), R8

flags:
	FLAGS(0)
	ADDQ $TRACK, SI
	DECQ R8
	JNZ  flags
	VZEROUPPER
	RET
