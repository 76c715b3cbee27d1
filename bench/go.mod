module stanch/bench

go 1.26.0

require stanch v0.0.0

require golang.org/x/sys v0.49.0

require (
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/ulikunitz/xz v0.5.17 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace stanch => ../
