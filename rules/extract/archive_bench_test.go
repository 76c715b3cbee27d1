package extract

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/klauspost/compress/flate"

	"stanch/rules"
)

// peopleCSV is a list of n people.
func peopleCSV(n int) []byte {
	var out bytes.Buffer
	out.WriteString("name,email,phone,postcode\n")
	for i := range n {
		fmt.Fprintf(&out, "Person %d,person.%d@example.org,+44 20 7946 %04d,SW%dA %dAA\n", i, i*7919, i%10000, i%20, i%9)
	}
	return out.Bytes()
}

// BenchmarkInflate is what reading a member costs at least.
func BenchmarkInflate(b *testing.B) {
	list := peopleCSV(30_000)
	body := deflated(b, string(list))
	b.SetBytes(int64(len(list)))
	reader := flate.NewReader(nil)
	for b.Loop() {
		reader.(flate.Resetter).Reset(bytes.NewReader(body), nil)
		io.Copy(io.Discard, reader)
	}
}

// BenchmarkZIP opens an archive, checks it, and reads the list in it.
func BenchmarkZIP(b *testing.B) {
	list := peopleCSV(30_000)
	body := packed(b, map[string][]byte{"people.csv": list})
	b.SetBytes(int64(len(list)))
	b.ReportAllocs()
	for b.Loop() {
		document{rules.ZIP}.Read(bytes.NewReader(body), int64(len(body)), Options{}, func(*Batch) {})
	}
}

// BenchmarkZIPMember opens and inflates a member as the readers of packages do.
func BenchmarkZIPMember(b *testing.B) {
	list := peopleCSV(30_000)
	body := packed(b, map[string][]byte{"people.csv": list})
	b.SetBytes(int64(len(list)))
	b.ReportAllocs()
	for b.Loop() {
		z, err := openZIP(bytes.NewReader(body), int64(len(body)), newMeter(Limits{}, int64(len(body))))
		if err != nil {
			b.Fatal(err)
		}
		r, err := z.Open("people.csv")
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, r)
		r.Close()
	}
}

// BenchmarkZIPStandard is the same by the standard library, which checks less.
func BenchmarkZIPStandard(b *testing.B) {
	list := peopleCSV(30_000)
	body := packed(b, map[string][]byte{"people.csv": list})
	b.SetBytes(int64(len(list)))
	for b.Loop() {
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			b.Fatal(err)
		}
		r, err := z.File[0].Open()
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, r)
	}
}

// BenchmarkPDF reads a file of one page with 2,000 lines.
func BenchmarkPDF(b *testing.B) {
	var content bytes.Buffer
	content.WriteString("BT /F1 10 Tf 12 TL\n")
	for i := range 2000 {
		fmt.Fprintf(&content, "T* (Person %d, person.%d@example.org) Tj\n", i, i)
	}
	content.WriteString("ET")
	body := pdfOf(content.String(), "")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		document{rules.PDF}.Read(bytes.NewReader(body), int64(len(body)), Options{}, func(*Batch) {})
	}
}
