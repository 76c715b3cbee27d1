// Package conformance holds stanch's HTTP/2 against h2spec, which the product does not need. It has tests only.
package conformance
