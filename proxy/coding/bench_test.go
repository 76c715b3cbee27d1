package coding

import (
	"bytes"
	"io"
	"testing"

	"stanch/rules/match/corpus"
)

// BenchmarkDecode is what each coding costs, by decoded byte.
func BenchmarkDecode(b *testing.B) {
	page := corpus.HTML(1 << 20)
	var decoders Decoders
	buffer := make([]byte, 16<<10)
	for _, k := range kinds {
		body := encode(k.encoder, page, len(page), false)
		b.Run(k.variant, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for range b.N {
				r := decoders.NewReader(bytes.NewReader(body), []string{k.name}, 0)
				for {
					if _, err := r.Read(buffer); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
				r.Close()
			}
		})
	}
}
