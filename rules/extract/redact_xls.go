package extract

import (
	"io"
)

func redactXLS(w io.Writer, file io.ReaderAt, size int64, r *reading) error { return ErrNotRedactable }
