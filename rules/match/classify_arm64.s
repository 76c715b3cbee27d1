#include "textflag.h"

// The distance between two planes: planeLength words.
#define PLANE 1040

// The sets of nibbleTables.class in each plane (classify.go).
#define SPECIAL 0x01
#define PIVOT 0x06
#define FOREIGN 0x80
#define LOW 0xc8
#define HIGH 0x38

// The sets of nibbleTables.around in each plane.
#define BEFORE 0x01
#define BETWEEN 0x02

DATA weights<>+0(SB)/8, $0x8040201008040201
DATA weights<>+8(SB)/8, $0x8040201008040201
GLOBL weights<>(SB), RODATA|NOPTR, $16

// NIBBLES looks the bytes of x up in two tables; the sets that both agree on go to x. It uses V4.
#define NIBBLES(x, tableLow, tableHigh) \
	VUSHR $4, x.B16, V4.B16 \
	VAND V29.B16, x.B16, x.B16 \
	VTBL x.B16, [tableLow.B16], x.B16 \
	VTBL V4.B16, [tableHigh.B16], V4.B16 \
	VAND V4.B16, x.B16, x.B16

// NIBBLES4 is NIBBLES for 64 bytes.
#define NIBBLES4(a, b, c, d, tableLow, tableHigh) \
	NIBBLES(a, tableLow, tableHigh) \
	NIBBLES(b, tableLow, tableHigh) \
	NIBBLES(c, tableLow, tableHigh) \
	NIBBLES(d, tableLow, tableHigh)

// MASK stores which of the 64 bytes of a to d have a bit of mask, as one word at R0+offset. It uses V4 to V7.
#define MASK(a, b, c, d, mask, offset) \
	VCMTST mask.B16, a.B16, V4.B16 \
	VCMTST mask.B16, b.B16, V5.B16 \
	VCMTST mask.B16, c.B16, V6.B16 \
	VCMTST mask.B16, d.B16, V7.B16 \
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

// BUCKETS makes a to d the buckets of literals that the 64 bytes at R1+place fit, by the tables at R3+table. It uses V4, V12 and V13.
#define BUCKETS(a, b, c, d, place, table) \
	ADD $place, R1, R6 \
	VLD1 (R6), [a.B16, b.B16, c.B16, d.B16] \
	ADD $table, R3, R6 \
	VLD1 (R6), [V12.B16, V13.B16] \
	NIBBLES4(a, b, c, d, V12, V13)

// ALSO keeps those buckets of a to d that these bytes fit, too. It uses V8 to V11 besides.
#define ALSO(a, b, c, d, place, table) \
	BUCKETS(V8, V9, V10, V11, place, table) \
	VAND V8.B16, a.B16, a.B16 \
	VAND V9.B16, b.B16, b.B16 \
	VAND V10.B16, c.B16, c.B16 \
	VAND V11.B16, d.B16, d.B16

// func fillNEON(dst *uint64, text *byte, blocks int, t *nibbleTables)
TEXT ·fillNEON(SB), NOSPLIT, $0-32
	MOVD dst+0(FP), R0
	MOVD text+8(FP), R1
	MOVD blocks+16(FP), R2
	MOVD t+24(FP), R3
	CMP  $0, R2
	BLE  done

	ADD    $256, R3, R6
	VLD1.P 32(R6), [V22.B16, V23.B16] // class
	VLD1   (R6), [V14.B16, V15.B16]   // around
	VMOVI  $SPECIAL, V24.B16
	VMOVI  $PIVOT, V25.B16
	VMOVI  $LOW, V26.B16
	VMOVI  $HIGH, V27.B16
	MOVD   $weights<>(SB), R4
	VLD1   (R4), [V28.B16]
	VMOVI  $0x0f, V29.B16
	VMOVI  $0xff, V30.B16
	VMOVI  $FOREIGN, V31.B16

block:
	VLD1 (R1), [V0.B16, V1.B16, V2.B16, V3.B16]
	MASK(V0, V1, V2, V3, V31, (4*PLANE))
	NIBBLES4(V0, V1, V2, V3, V22, V23)
	MASK(V0, V1, V2, V3, V26, 0)
	MASK(V0, V1, V2, V3, V27, PLANE)
	MASK(V0, V1, V2, V3, V24, (3*PLANE))
	MASK(V0, V1, V2, V3, V25, (5*PLANE))

	VLD1 (R1), [V0.B16, V1.B16, V2.B16, V3.B16]
	NIBBLES4(V0, V1, V2, V3, V14, V15)
	VMOVI $BEFORE, V8.B16
	MASK(V0, V1, V2, V3, V8, (6*PLANE))
	VMOVI $BETWEEN, V8.B16
	MASK(V0, V1, V2, V3, V8, (7*PLANE))

	BUCKETS(V0, V1, V2, V3, 0, 0)
	ALSO(V0, V1, V2, V3, 1, 32)
	ALSO(V0, V1, V2, V3, 2, 64)
	ALSO(V0, V1, V2, V3, 3, 96)
	BUCKETS(V16, V17, V18, V19, 0, 128)
	ALSO(V16, V17, V18, V19, 1, 160)
	ALSO(V16, V17, V18, V19, 2, 192)
	ALSO(V16, V17, V18, V19, 3, 224)
	VORR V16.B16, V0.B16, V0.B16
	VORR V17.B16, V1.B16, V1.B16
	VORR V18.B16, V2.B16, V2.B16
	VORR V19.B16, V3.B16, V3.B16
	MASK(V0, V1, V2, V3, V30, (2*PLANE))

	ADD  $64, R1
	ADD  $8, R0
	SUBS $1, R2
	BNE  block

done:
	RET
