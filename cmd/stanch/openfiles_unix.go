//go:build unix

package main

import (
	"math"
	"syscall"
)

// mostOpenFiles is how many files the process may have open; 0 when there is no limit.
func mostOpenFiles() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil || uint64(limit.Cur) > math.MaxInt32 {
		return 0
	}
	return int(limit.Cur)
}
