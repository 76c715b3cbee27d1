module stanch

go 1.26.0

toolchain go1.26.10

require golang.org/x/sys v0.49.0
