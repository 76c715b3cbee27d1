package match

import "sync/atomic"

// A processor reads several texts at once faster than one behind the other: each step of an automaton waits for the one before it.

// wholeLanes is how many texts a Four reads at once.
const wholeLanes = 4

// A Four reads four short texts at once, which is faster the more alike their lengths are. It is for one goroutine; the zero value is ready.
type Four struct {
	states [MaxWhole][wholeLanes]uint32 // behind each byte. The assembly depends on this order.
}

// Read is Whole.Read for each of text[starts[i]:ends[i]]. Outcomes are negative where they are not known.
func (f *Four) Read(w *Whole, text []byte, starts, ends *[4]int, outcomes *[4]int) {
	longest, last := 0, 0
	for i, start := range starts {
		longest, last = max(longest, ends[i]-start), max(last, start)
	}
	if longest == 0 || longest > MaxWhole || last+longest > len(text) {
		for i, start := range starts {
			outcomes[i] = w.read(text[start:ends[i]])
		}
		return
	}
	cells := w.table.Load().cells
	followFour(&f.states, text, starts, longest, cells, &w.classes, w.first())
	for i, start := range starts {
		name := w.first()
		if n := ends[i] - start; n > 0 {
			name = f.states[n-1][i]
		}
		if name == w.row { // lost
			outcomes[i] = -1
		} else if end := cells[name+w.row-1].Load(); end != unmade && name != unmade {
			outcomes[i] = int(end) - firstOutcome
		} else {
			outcomes[i] = w.read(text[start:ends[i]])
		}
	}
}

// read is Read with a negative outcome for what is not known.
func (w *Whole) read(text []byte) int {
	if outcome, known := w.Read(text); known {
		return outcome
	}
	return -1
}

// followFourPlain is followFour without assembly: it follows an automaton from four starts in text for a number of steps, and keeps the states.
// No text is read behind its end, but for those that begin before others. The states that are none lead nowhere else.
func followFourPlain(states *[MaxWhole][wholeLanes]uint32, text []byte, starts *[wholeLanes]int, steps int, cells []atomic.Uint32, classes *[256]uint8, begin uint32) {
	for lane, start := range starts {
		name := begin
		for i, b := range text[start:][:steps] {
			name = cells[name+uint32(classes[b])].Load()
			states[i][lane] = name
		}
	}
}
