package extract

import (
	"bytes"
	"io"
	"slices"

	"stanch/rules"
)

// Limits of one PDF file.
const (
	maxPDFObjects      = 200_000
	maxPDFObjectStream = 8 << 20 // decoded bytes of one object stream
	maxPDFReferences   = 32      // references to references
)

// A pdfPlace is where an object stands: in the file, or in an object stream.
type pdfPlace struct {
	offset     int64 // behind "obj"; within the object stream's content when stream is set
	stream     int32 // number of the object stream, 0 for none
	generation int32
}

// A pdfFile knows where each object stands. It trusts no cross-reference table: it looks for the objects themselves, all over
// the file, so that what one program reads by the table and another by repairing the file is read either way.
type pdfFile struct {
	*source
	places   map[int32]pdfPlace // the last object of each number
	older    []pdfPlace         // objects that a later one of the same number replaces
	trailers []pdfValue
	lexer    *pdfLexer
	tally    tally
	crypt    *pdfCrypt // nil when the file is not encrypted

	cached      int32 // number of the object stream whose content is held
	cachedBytes []byte
}

// A pdfObject is an object with the place of its stream's data.
type pdfObject struct {
	number int32
	place  pdfPlace
	value  pdfValue
	data   int64 // offset of the stream's data in the file; 0 when it has none
}

// dict returns an entry of the object's dictionary, null when there is none.
func (o *pdfObject) get(key string) pdfValue { return o.value.dict[key] }

// scan finds all objects and trailers of the file.
func (f *pdfFile) scan() {
	const overlap = 64 // more than "1234567890 65535 obj" needs
	buffer := make([]byte, 64<<10)
	for base := int64(0); base < f.size && f.meter.ok(); base += int64(len(buffer) - overlap) {
		n, _ := f.file.ReadAt(buffer, base)
		window := buffer[:n]
		last := base+int64(n) >= f.size
		for at := 0; ; {
			i := bytes.Index(window[at:], []byte("obj"))
			if i < 0 {
				break
			}
			at += i + 3
			if at > len(window)-overlap/2 && !last {
				break // the next window sees it whole
			}
			if number, generation, ok := objectNumber(window[:at-3]); ok {
				f.place(number, pdfPlace{offset: base + int64(at), generation: generation})
			}
		}
		for at := 0; ; {
			i := bytes.Index(window[at:], []byte("trailer"))
			if i < 0 || at+i > len(window)-overlap/2 && !last {
				break
			}
			at += i + 7
			f.lexer.reset(io.NewSectionReader(f.file, base+int64(at), f.size-base-int64(at)))
			if v := f.lexer.next(0); v.kind == pdfDict && len(f.trailers) < maxPDFElements {
				f.trailers = append(f.trailers, v)
			}
		}
	}
}

// place notes an object.
func (f *pdfFile) place(number int32, place pdfPlace) {
	if len(f.places)+len(f.older) >= maxPDFObjects {
		f.tally.fail(rules.TooLarge)
		return
	}
	old, again := f.places[number]
	if again && old.offset >= place.offset {
		return // seen in the window before
	}
	if again {
		f.older = append(f.older, old)
	}
	f.places[number] = place
}

// objectNumber reads "number generation " backwards from the end of head.
func objectNumber(head []byte) (number, generation int32, ok bool) {
	generation, head, ok = numberBefore(head)
	if !ok {
		return 0, 0, false
	}
	number, _, ok = numberBefore(head)
	return number, generation, ok && number > 0
}

func numberBefore(head []byte) (int32, []byte, bool) {
	end := len(head)
	for end > 0 && pdfSpace(head[end-1]) {
		end--
	}
	start := end
	for start > 0 && head[start-1] >= '0' && head[start-1] <= '9' && end-start < 9 {
		start--
	}
	if start == end {
		return 0, nil, false
	}
	number := int32(0)
	for _, digit := range head[start:end] {
		number = number*10 + int32(digit-'0')
	}
	return number, head[:start], true
}

// object reads the object of a number; its value is null when there is none.
func (f *pdfFile) object(number int32) pdfObject {
	place, ok := f.places[number]
	if !ok {
		return pdfObject{number: number}
	}
	return f.objectAt(number, place)
}

func (f *pdfFile) objectAt(number int32, place pdfPlace) pdfObject {
	o := pdfObject{number: number, place: place}
	if place.stream != 0 {
		content := f.objectStream(place.stream)
		if place.offset < int64(len(content)) {
			f.lexer.reset(bytes.NewReader(content[place.offset:]))
			o.value = f.lexer.next(0)
		}
		return o
	}
	f.lexer.reset(io.NewSectionReader(f.file, place.offset, f.size-place.offset))
	o.value = f.lexer.next(0)
	if o.value.kind == pdfDict {
		o.data = f.streamStart(place.offset)
	}
	f.crypt.strings(&o)
	return o
}

// streamStart returns where the data start behind the keyword stream, 0 when the object has no stream.
func (f *pdfFile) streamStart(base int64) int64 {
	word := f.lexer.next(0)
	if word.kind != pdfWord || string(word.text) != "stream" {
		return 0
	}
	if b, ok := f.lexer.byte(); ok && b == '\r' {
		if b, ok = f.lexer.byte(); ok && b != '\n' {
			f.lexer.back()
		}
	} else if ok && b != '\n' {
		f.lexer.back()
	}
	return base + f.lexer.at
}

// resolve follows references.
func (f *pdfFile) resolve(v pdfValue) pdfValue {
	for range maxPDFReferences {
		if v.kind != pdfRef {
			return v
		}
		v = f.object(int32(v.number)).value
	}
	return pdfValue{}
}

// resolveObject follows a reference to an object with its stream; a direct value becomes an object without number.
func (f *pdfFile) resolveObject(v pdfValue) pdfObject {
	for range maxPDFReferences {
		if v.kind != pdfRef {
			return pdfObject{value: v}
		}
		o := f.object(int32(v.number))
		if o.value.kind != pdfRef {
			return o
		}
		v = o.value
	}
	return pdfObject{}
}

// get resolves an entry of a dictionary.
func (f *pdfFile) get(v pdfValue, key string) pdfValue { return f.resolve(v.dict[key]) }

// length is how long a stream's data are: as announced when the keyword endstream follows there, else up to that keyword.
func (f *pdfFile) length(o *pdfObject) int64 {
	announced := f.get(o.value, "Length").integer()
	var tail [32]byte
	if announced >= 0 && announced <= f.size-o.data {
		n, _ := f.file.ReadAt(tail[:], o.data+announced)
		if bytes.HasPrefix(bytes.TrimLeft(tail[:n], "\r\n \t\x00"), []byte("endstream")) {
			return announced
		}
	}
	buffer := make([]byte, 32<<10)
	for at := o.data; at < f.size && f.meter.ok(); at += int64(len(buffer) - 16) {
		n, _ := f.file.ReadAt(buffer, at)
		if i := bytes.Index(buffer[:n], []byte("endstream")); i >= 0 {
			return at + int64(i) - o.data
		}
	}
	return f.size - o.data
}

// open decodes an object's stream. The error says which filter cannot be undone.
func (f *pdfFile) open(o *pdfObject) (io.Reader, error) {
	if o.data == 0 {
		return nil, errCorrupt
	}
	raw := io.Reader(io.NewSectionReader(f.file, o.data, f.length(o)))
	raw, err := f.crypt.stream(o, raw)
	if err != nil {
		return nil, err
	}
	return f.decode(o, raw)
}

// objectStream returns the content of an object stream from its first object on.
func (f *pdfFile) objectStream(number int32) []byte {
	if f.cached == number {
		return f.cachedBytes
	}
	o := f.object(number)
	f.cached, f.cachedBytes = number, nil
	from, err := f.open(&o)
	if err != nil {
		f.tally.fail(f.errReason(err))
		return nil
	}
	content, err := io.ReadAll(io.LimitReader(from, maxPDFObjectStream))
	if err != nil && len(content) == 0 {
		f.tally.fail(f.errReason(err))
	}
	first := f.get(o.value, "First").integer()
	if first < 0 || first > int64(len(content)) {
		first = int64(len(content))
	}
	f.cached, f.cachedBytes = number, content[first:] // again: reading Length may have changed it
	f.indexStream(number, content[:first])
	return f.cachedBytes
}

// indexStream notes the objects of an object stream, unless a later version of them stands in the file itself.
func (f *pdfFile) indexStream(number int32, header []byte) {
	lexer := newPDFLexer(bytes.NewReader(header))
	for len(f.places) < maxPDFObjects {
		object, offset := lexer.next(0), lexer.next(0)
		if object.kind != pdfNumber || offset.kind != pdfNumber || offset.number < 0 {
			return
		}
		n := int32(object.integer())
		place := pdfPlace{offset: offset.integer(), stream: number}
		if old, ok := f.places[n]; !ok {
			f.places[n] = place
		} else if old != place && !slices.Contains(f.older, place) && len(f.older) < maxPDFObjects {
			f.older = append(f.older, place)
		}
	}
	f.tally.fail(rules.TooLarge)
}

// numbers lists the objects in the order of their numbers.
func (f *pdfFile) numbers() []int32 {
	numbers := make([]int32, 0, len(f.places))
	for n := range f.places {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}
