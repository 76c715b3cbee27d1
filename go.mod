module stanch

go 1.26.0

toolchain go1.26.10

require (
	github.com/andybalholm/brotli v1.2.8 // indirect
	github.com/elazarl/goproxy v1.9.2 // indirect
	github.com/klauspost/compress v1.20.3 // indirect
	go.uber.org/goleak v1.3.0 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
