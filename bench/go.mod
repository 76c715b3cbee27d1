module stanch/bench

go 1.26.0

require stanch v0.0.0

require golang.org/x/sys v0.49.0

replace stanch => ../
