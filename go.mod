module stanch

go 1.26.0

toolchain go1.26.10

require (
	github.com/klauspost/compress v1.20.3
	github.com/ulikunitz/xz v0.5.17
	golang.org/x/text v0.43.0
)
