package extract

import (
	"archive/tar"
	"io"

	"stanch/rules"
)

// readTAR reads the members of a tar archive (ustar, pax and GNU).
func readTAR(s *source) (rules.Format, outcome) {
	archive := tar.NewReader(&meteredReader{s.meter, io.NewSectionReader(s.file, 0, s.size)})
	var t tally
	w := s.text()
	defer w.flush()
	for {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.fail(s.errReason(err))
			break
		}
		if !s.meter.entry() {
			break
		}
		writeTARHeader(w, header)
		switch header.Typeflag {
		case tar.TypeReg, tar.TypeGNUSparse:
			w.flush()
			t.add(s.member(header.Name, archive))
		}
	}
	t.fail(s.meter.reason)
	return rules.TAR, t.outcome()
}

// writeTARHeader writes the texts of a header: any of them may hold what is sought.
func writeTARHeader(w *textWriter, header *tar.Header) {
	texts := []string{header.Name, header.Linkname, header.Uname, header.Gname}
	for key, value := range header.PAXRecords {
		if key != "path" && key != "linkpath" {
			texts = append(texts, value)
		}
	}
	for _, text := range texts {
		w.writeString(text)
		w.line()
	}
}
