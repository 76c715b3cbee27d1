module stanch

go 1.26.0

toolchain go1.26.10

require (
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/richardlehane/mscfb v1.0.9 // indirect
	github.com/richardlehane/msoleps v1.0.3 // indirect
	golang.org/x/text v0.43.0 // indirect
)
