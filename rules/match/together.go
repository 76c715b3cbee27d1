package match

import "math/bits"

// A processor follows several automata at once faster than one behind the other: each step waits for the one before it.
const (
	// togetherSteps is how many bytes are followed from each start before anything is asked: most matches and near misses are over by then.
	togetherSteps = 13
	// togetherLanes is how many starts are followed at once, togetherStarts how many before their ends are read.
	togetherLanes, togetherStarts = 4, 32
)

// A track is where the automaton went from a start. The assembly depends on the order and size of the fields.
type track struct {
	states     [16]uint32 // behind each byte; only togetherSteps are used. The first one is where the automaton begins until it is followed.
	before     uint16     // by byte: the state behind it accepts before a byte that is no word byte; not to be read beyond togetherSteps
	beforeWord uint16     // and before a word byte
}

// A follower follows automata for togetherSteps bytes from the first count starts, which are offsets in text, and fills their tracks.
// It may do so for up to togetherLanes-1 more. cells are those of a table of the automaton, classes its columns.
type follower func(tracks *[togetherStarts]track, starts *[togetherStarts]uint16, count int, text []byte, t *table, classes *[256]uint8)

// followPlain needs no assembly.
func followPlain(tracks *[togetherStarts]track, starts *[togetherStarts]uint16, count int, text []byte, t *table, classes *[256]uint8) {
	for i, start := range starts[:count] {
		r := &tracks[i]
		name := r.states[0]
		r.before, r.beforeWord = 0, 0
		for k, b := range text[start:][:togetherSteps] {
			name = t.cells[name>>flagBits+uint32(classes[b])].Load()
			r.states[k] = name
			r.before |= uint16(name&acceptsBefore) << k
			r.beforeWord |= uint16(name&acceptsBeforeWord) >> 1 << k
		}
	}
}

// ended returns the bytes of a track behind which patterns end, as bits. words says which of the bytes from its start on are word bytes.
func (r *track) ended(words uint64) uint16 {
	word := uint16(words >> 1) // behind each byte
	return (r.before&^word | r.beforeWord&word) & (1<<togetherSteps - 1)
}

// end returns the end behind byte k of a track from a start.
func (a *automaton) end(t *table, r *track, start, k int, words uint64) end {
	return end{start + k + 1, a.info(t, r.states[k], uint32(words>>(k+1)&1))}
}

// ends appends to ends where patterns end by a track from text[start:], and goes on behind it. words says which of the bytes from start on
// are word bytes. The rest is as in run.
func (a *automaton) ends(ends []end, r *track, text []byte, start int, words uint64, final bool) (_ []end, open bool) {
	last := r.states[togetherSteps-1]
	if last == 0 { // the track came to a state that is not made yet
		return a.run(ends, text, start, final)
	}
	t := a.table.Load()
	for ended := r.ended(words); ended != 0; ended &= ended - 1 {
		ends = appendEnd(ends, a.end(t, r, start, bits.TrailingZeros16(ended), words))
	}
	if last == a.dead {
		return ends, false
	}
	return a.goOn(ends, text, start+togetherSteps, last, final)
}
