package match

// A shapeClass is one of the four classes that the prefilter reduces bytes to. Two bit planes hold them.
type shapeClass uint8

// The classes. Bit 0 is the low plane, bit 1 the high plane. They do not divide word bytes from others wrongly.
const (
	shapeOther shapeClass = iota // no word byte
	shapeLower                   // a-z
	shapeUpper                   // A-Z and _
	shapeDigit                   // 0-9
	shapeClasses
)

var shapeSets = [shapeClasses]byteSet{
	shapeOther: {^uint64(0x03ff_0000_0000_0000), ^uint64(0x07ff_fffe_87ff_fffe), ^uint64(0), ^uint64(0)},
	shapeLower: {0, 0x07ff_fffe_0000_0000},
	shapeUpper: {0, 0x0000_0000_87ff_fffe},
	shapeDigit: digitBytes,
}
