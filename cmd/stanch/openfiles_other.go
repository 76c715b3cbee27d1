//go:build !unix

package main

// mostOpenFiles is how many files the process may have open; 0 when there is no limit.
func mostOpenFiles() int { return 0 }
