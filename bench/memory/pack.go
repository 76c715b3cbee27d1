package main

import (
	"bytes"

	"github.com/klauspost/compress/gzip"
)

// pack returns a body as gzip.
func pack(body []byte) ([]byte, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err := w.Close()
	return packed.Bytes(), err
}
