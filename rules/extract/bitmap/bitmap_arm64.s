#include "textflag.h"

DATA weights<>+0(SB)/8, $0x8040201008040201
DATA weights<>+8(SB)/8, $0x8040201008040201
GLOBL weights<>(SB), RODATA|NOPTR, $16

// NIBBLES looks the bytes of x up in two tables; the products that both agree on go to x. It uses V4.
#define NIBBLES(x, tableLow, tableHigh) \
	VUSHR $4, x.B16, V4.B16 \
	VAND V29.B16, x.B16, x.B16 \
	VTBL x.B16, [tableLow.B16], x.B16 \
	VTBL V4.B16, [tableHigh.B16], V4.B16 \
	VAND V4.B16, x.B16, x.B16

// PLANE stores which of the 64 bytes of V0 to V3 have a product of mask, as one word at R0+offset. It uses V4 to V7.
#define PLANE(mask, offset) \
	VCMTST mask.B16, V0.B16, V4.B16 \
	VCMTST mask.B16, V1.B16, V5.B16 \
	VCMTST mask.B16, V2.B16, V6.B16 \
	VCMTST mask.B16, V3.B16, V7.B16 \
	VAND V28.B16, V4.B16, V4.B16 \
	VAND V28.B16, V5.B16, V5.B16 \
	VAND V28.B16, V6.B16, V6.B16 \
	VAND V28.B16, V7.B16, V7.B16 \
	VADDP V5.B16, V4.B16, V4.B16 \
	VADDP V7.B16, V6.B16, V6.B16 \
	VADDP V6.B16, V4.B16, V4.B16 \
	VADDP V4.B16, V4.B16, V4.B16 \
	VMOV V4.D[0], R5 \
	MOVD R5, offset(R0)

// MASK loads the products of the next set.
#define MASK(mask) \
	VLD1 (R4), [mask.B16] \
	ADD $32, R4

// func fillNEON(dst *Block, text *byte, blocks int, t *Table)
TEXT ·fillNEON(SB), NOSPLIT, $0-32
	MOVD dst+0(FP), R0
	MOVD text+8(FP), R1
	MOVD blocks+16(FP), R2
	MOVD t+24(FP), R3
	CMP  $0, R2
	BLE  done

	VLD1 (R3), [V16.B16, V17.B16, V18.B16, V19.B16] // low nibbles and high nibbles of the first half, and of the second
	ADD  $64, R3, R4
	MASK(V20)
	MASK(V21)
	MASK(V22)
	MASK(V23)
	MASK(V24)
	MASK(V25)
	MASK(V26)
	MASK(V27)
	MOVD $weights<>(SB), R4
	VLD1 (R4), [V28.B16]
	VMOVI $0x0f, V29.B16

block:
	VLD1 (R1), [V0.B16, V1.B16, V2.B16, V3.B16]
	NIBBLES(V0, V16, V17)
	NIBBLES(V1, V16, V17)
	NIBBLES(V2, V16, V17)
	NIBBLES(V3, V16, V17)
	PLANE(V20, 0)
	PLANE(V21, 8)
	PLANE(V22, 16)
	PLANE(V23, 24)
	VLD1 (R1), [V0.B16, V1.B16, V2.B16, V3.B16]
	NIBBLES(V0, V18, V19)
	NIBBLES(V1, V18, V19)
	NIBBLES(V2, V18, V19)
	NIBBLES(V3, V18, V19)
	PLANE(V24, 32)
	PLANE(V25, 40)
	PLANE(V26, 48)
	PLANE(V27, 56)
	ADD  $64, R1
	ADD  $64, R0
	SUBS $1, R2
	BNE  block

done:
	RET

// func markNEON(dst *uint64, text *byte, blocks int, t *Table)
TEXT ·markNEON(SB), NOSPLIT, $0-32
	MOVD dst+0(FP), R0
	MOVD text+8(FP), R1
	MOVD blocks+16(FP), R2
	MOVD t+24(FP), R3
	CMP  $0, R2
	BLE  done

	VLD1 (R3), [V16.B16, V17.B16]
	ADD  $64, R3, R4
	VLD1 (R4), [V20.B16]
	MOVD $weights<>(SB), R4
	VLD1 (R4), [V28.B16]
	VMOVI $0x0f, V29.B16

block:
	VLD1 (R1), [V0.B16, V1.B16, V2.B16, V3.B16]
	NIBBLES(V0, V16, V17)
	NIBBLES(V1, V16, V17)
	NIBBLES(V2, V16, V17)
	NIBBLES(V3, V16, V17)
	PLANE(V20, 0)
	ADD  $64, R1
	ADD  $8, R0
	SUBS $1, R2
	BNE  block

done:
	RET
