//go:build !amd64 && !arm64

package match

// classifiers returns those that this processor can run, the fastest first.
func classifiers() []classifier { return []classifier{plainClassifier} }
