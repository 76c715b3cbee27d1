#include "textflag.h"

// LANE follows one automaton by one byte, and keeps the state. AX is free.
#define LANE(name, text, lane) \
	MOVBLZX (text)(CX*1), AX \
	MOVBLZX (DX)(AX*1), AX \
	ADDL name, AX \
	MOVL (DI)(AX*4), name \
	MOVL name, (4*lane)(SI)

// func followLanes(states *[MaxWhole][wholeLanes]uint32, text *byte, starts *[wholeLanes]int, steps int, cells *atomic.Uint32, classes *[256]uint8, begin uint32)
TEXT ·followLanes(SB), NOSPLIT, $0-52
	MOVQ states+0(FP), SI
	MOVQ text+8(FP), AX
	MOVQ starts+16(FP), CX
	MOVQ 0(CX), R12
	MOVQ 8(CX), R13
	MOVQ 16(CX), R15
	MOVQ 24(CX), BX
	MOVQ steps+24(FP), CX
	ADDQ CX, AX // the texts are counted up to behind the last step
	ADDQ AX, R12
	ADDQ AX, R13
	ADDQ AX, R15
	ADDQ AX, BX
	NEGQ CX
	MOVQ cells+32(FP), DI
	MOVQ classes+40(FP), DX
	MOVL begin+48(FP), R8
	MOVL R8, R9
	MOVL R8, R10
	MOVL R8, R11

step:
	LANE(R8, R12, 0)
	LANE(R9, R13, 1)
	LANE(R10, R15, 2)
	LANE(R11, BX, 3)
	ADDQ $(4*4), SI
	INCQ CX
	JNE  step
	RET
