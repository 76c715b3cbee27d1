module stanch

go 1.26

toolchain go1.26.10
