package match

// These search the bits of a block together with the one behind it, next. Bits beyond next are none: the searches reach no further.

const (
	// stretchLength is how many bytes of a pattern's class are looked for where a digit may begin it, and little else is known.
	stretchLength = 8
	// runLength is how many word bytes make a long run.
	runLength = 12
)

// ahead moves the bits of a block and the next one by some places to the bytes before them.
func ahead(block, next uint64, by uint) uint64 { return block>>by | next<<(blockSize-by) }

// beforeOne returns where one of some places is at most maxReach passable bytes ahead.
func beforeOne(places, placesNext, through, throughNext uint64) uint64 {
	through2, through2Next := through&ahead(through, throughNext, 1), throughNext&(throughNext>>1)
	through4, through4Next := through2&ahead(through2, through2Next, 2), through2Next&(through2Next>>2)
	through8 := through4 & ahead(through4, through4Next, 4)
	places, placesNext = places|ahead(places, placesNext, 1)&through, placesNext|placesNext>>1&throughNext
	places, placesNext = places|ahead(places, placesNext, 2)&through2, placesNext|placesNext>>2&through2Next
	places, placesNext = places|ahead(places, placesNext, 4)&through4, placesNext|placesNext>>4&through4Next
	return places | ahead(places, placesNext, 8)&through8
}

// beforeNumbers returns where denseDigits digits are ahead: at most maxReach passable bytes before the first, and at most maxGap
// before each of the others.
func beforeNumbers(digits, digitsNext, through, throughNext uint64) uint64 {
	through2, through2Next := through&ahead(through, throughNext, 1), throughNext&(throughNext>>1)
	through4, through4Next := through2&ahead(through2, through2Next, 2), through2Next&(through2Next>>2)
	through8 := through4 & ahead(through4, through4Next, 4)
	places, placesNext := digits, digitsNext
	for range denseDigits - 1 {
		places, placesNext = places|ahead(places, placesNext, 1)&through, placesNext|placesNext>>1&throughNext
		places, placesNext = places|ahead(places, placesNext, 2)&through2, placesNext|placesNext>>2&through2Next
		places, placesNext = places|ahead(places, placesNext, 4)&through4, placesNext|placesNext>>4&through4Next
		places, placesNext = digits&ahead(places, placesNext, 1), digitsNext&(placesNext>>1)
	}
	if places|placesNext == 0 {
		return 0
	}
	places, placesNext = places|ahead(places, placesNext, 1)&through, placesNext|placesNext>>1&throughNext
	places, placesNext = places|ahead(places, placesNext, 2)&through2, placesNext|placesNext>>2&through2Next
	places, placesNext = places|ahead(places, placesNext, 4)&through4, placesNext|placesNext>>4&through4Next
	return places | ahead(places, placesNext, 8)&through8
}

// stretches returns where stretchLength bytes of a set begin.
func stretches(bytes, bytesNext uint64) uint64 {
	two, twoNext := bytes&ahead(bytes, bytesNext, 1), bytesNext&(bytesNext>>1)
	four, fourNext := two&ahead(two, twoNext, 2), twoNext&(twoNext>>2)
	return four & ahead(four, fourNext, 4)
}

// longRuns returns where runLength bytes of a set begin.
func longRuns(bytes, bytesNext uint64) uint64 {
	four := stretches(bytes, bytesNext)
	return four & ahead(bytes, bytesNext, 8) & ahead(bytes, bytesNext, 9) & ahead(bytes, bytesNext, 10) & ahead(bytes, bytesNext, 11)
}
