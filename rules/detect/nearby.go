package detect

import "bytes"

// maxNearby is how many phrases are remembered. A window of ContextBefore and ContextAfter holds fewer.
const maxNearby = 64

// labelLine is the longest line, in bytes, that labels a value on the line below it.
const labelLine = 48

// maxLabelGap is how far a phrase may stand before the value it labels, in bytes: "NHS number (if known): 943".
const maxLabelGap = 24

// maxPhraseGap is how far two words of one phrase may stand apart, in bytes.
const maxPhraseGap = 3

// Nearby remembers the phrases around the candidates of one text, so that each word is read once however dense the candidates
// are. The zero value is ready. Reset it whenever the text changes in any other way than by growing at its end. It is for one
// goroutine and holds no text.
type Nearby struct {
	from, to int // the words that begin in text[from:to] were read
	n        int
	hits     [maxNearby]nearbyHit
}

// A nearbyHit is a phrase that stands in the text.
type nearbyHit struct {
	start, end int
	meaning    int32
}

// Reset forgets everything.
func (n *Nearby) Reset() { n.from, n.to, n.n = 0, 0, 0 }

// A surrounding is what the words around a value say.
type surrounding struct {
	context   detectorSet // detectors named anywhere near
	label     detectorSet // detectors named directly before the value
	labelled  bool        // something is named directly before the value
	unrelated bool        // what is named there is no identifier
}

// around reads the words around a value that lies in text[low:high], its line or cell.
func (s *Set) around(n *Nearby, text []byte, low, high, start, end int) (found surrounding) {
	low = contextStart(text, low, start)
	high = min(high, end+ContextAfter)
	if i := bytes.IndexByte(text[end:high], '\n'); i >= 0 {
		high = end + i
	}
	s.readWords(n, text, low, start, end, high)
	labelEnd, labelStart := -1, 0
	for i := n.n - 1; i >= 0; i-- {
		hit := &n.hits[i]
		if hit.start < low {
			break // they are sorted by start
		}
		if hit.end > high || hit.start < end && hit.end > start {
			continue
		}
		m := &s.phrases.meanings[hit.meaning]
		found.context.addAll(&m.context)
		if hit.end > start || hit.end < labelEnd || hit.end == labelEnd && hit.start >= labelStart {
			continue
		}
		if hit.end == labelEnd || s.onlyQualifiers(text[hit.end:start]) {
			labelEnd, labelStart = hit.end, hit.start
			found.labelled, found.unrelated, found.label = true, m.unrelated, m.context
		}
	}
	return found
}

// contextStart returns where the words begin that may be context for a value at start: the line, or the line above it when that
// one is a label.
func contextStart(text []byte, low, start int) int {
	low = max(low, start-ContextBefore)
	newline := bytes.LastIndexByte(text[low:start], '\n')
	if newline < 0 {
		return low
	}
	line := low + newline + 1
	for _, c := range text[line:start] {
		if asciiLetter[c] != 0 || c >= '0' && c <= '9' {
			return line
		}
	}
	above := text[low : line-1]
	if i := bytes.LastIndexByte(above, '\n'); i >= 0 {
		above = above[i+1:]
	}
	if len(above) == 0 || len(above) > labelLine || bytes.ContainsAny(above, "0123456789") {
		return line
	}
	return line - 1 - len(above)
}

// readWords makes sure that the words of text[low:start] and text[end:high] were read. What lies in the value itself is no context.
func (s *Set) readWords(n *Nearby, text []byte, low, start, end, high int) {
	if low < n.from || low > n.to || n.to == 0 {
		n.from, n.to, n.n = low, low, 0
		if low > 0 && low < high && asciiLetter[text[low-1]] != 0 && asciiLetter[text[low]] != 0 {
			if w := readWord(text, low, high); w.end < high {
				n.to = w.end // the rest of a word is no word
			}
		}
	}
	for n.to < high {
		w, ok := nextWord(text, n.to, high)
		if !ok {
			n.to = high
			return
		}
		if w.end == high && high < len(text) && asciiLetter[text[high]] != 0 {
			return // cut off at the edge of the window: it is read when a later window holds the whole of it
		}
		n.to = w.end
		if m := s.phrases.follow(0, w); m != 0 {
			s.readPhrase(n, text, w, m, low)
		}
	}
}

// readPhrase remembers the phrases that begin with the word w, which leads to meaning m.
func (s *Set) readPhrase(n *Nearby, text []byte, w word, m int32, low int) {
	start := w.start
	for m != 0 {
		if s.phrases.meanings[m].means() {
			n.remember(nearbyHit{start, w.end, m}, low)
		}
		next, ok := nextWord(text, w.end, min(len(text), w.end+maxPhraseGap+1))
		if !ok || bytes.IndexByte(text[w.end:next.start], '\n') >= 0 {
			return
		}
		if !standsAloneAt(text, next.start) {
			next = readWord(text, next.start, min(len(text), next.start+labelLine))
		}
		m = s.phrases.follow(m, next)
		w = next
	}
}

// remember adds a hit; when there is no room, the hits before low are forgotten, or else the oldest one.
func (n *Nearby) remember(hit nearbyHit, low int) {
	if n.n == maxNearby {
		drop := 1
		for drop < n.n && n.hits[drop].start < low {
			drop++
		}
		n.n = copy(n.hits[:], n.hits[drop:n.n])
	}
	n.hits[n.n] = hit
	n.n++
}

// onlyQualifiers reports whether a gap between a label and its value holds nothing but punctuation and words like "no", "is".
func (s *Set) onlyQualifiers(gap []byte) bool {
	if len(gap) > maxLabelGap {
		return false
	}
	for _, c := range gap {
		if c >= '0' && c <= '9' {
			return false
		}
	}
	for at := 0; ; {
		w, ok := nextWord(gap, at, len(gap))
		if !ok {
			return true
		}
		if !s.qualifies(w) {
			return false
		}
		at = w.end
	}
}
