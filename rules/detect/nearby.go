package detect

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

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
	from, to int // the words that begin in text[from:to] were read, with the phrases that they begin
	n        int // how many hits they made
	beyond   int // how many further hits were made for the last candidate only, of phrases that may go on behind its window
	hits     [maxNearby]nearbyHit

	lineFrom, lineTo int // text[lineFrom:lineTo] has no line end

	letter, letterTo     int // behind the last letter of the ContextBefore bytes before letterTo; 0 when there is none
	barrenFrom, barrenTo int // text[barrenFrom:barrenTo] has no letter

	hush hush
}

// A nearbyHit is a phrase that stands in the text.
type nearbyHit struct {
	start, end int
	meaning    int32
}

// Reset forgets everything.
func (n *Nearby) Reset() {
	n.from, n.to, n.n, n.beyond = 0, 0, 0, 0
	n.lineFrom, n.lineTo = 0, 0
	n.letter, n.letterTo = 0, 0
	n.barrenFrom, n.barrenTo = 0, 0
	n.hush.from, n.hush.to = 0, 0
}

// hasLetters reports whether there may be a letter around a value, in its line or cell text[low:high]. Each byte is looked at once however dense
// the values are. It may be asked of nil, which remembers nothing.
func (n *Nearby) hasLetters(text []byte, low, high, start, end int) bool {
	from, to := max(low, start-ContextBefore), min(high, end+ContextAfter)
	if n == nil {
		return firstLetter(text[from:start]) < start-from || firstLetter(text[end:to]) < to-end
	}
	if start < n.letterTo {
		n.letter, n.letterTo = 0, 0
	}
	for i := start - 1; i >= max(n.letterTo, start-ContextBefore); i-- {
		if mayBeLetter(text[i]) {
			n.letter = i + 1
			break
		}
	}
	if n.letterTo = start; n.letter > from {
		return true
	}
	if end < n.barrenFrom || end > n.barrenTo {
		n.barrenFrom, n.barrenTo = end, end
	}
	if n.barrenTo < to {
		n.barrenTo += firstLetter(text[n.barrenTo:to])
	}
	return n.barrenTo < to
}

// firstLetter returns the index of the first byte that may be of a letter; the length of the text when there is none.
func firstLetter(text []byte) int {
	for i, c := range text {
		if mayBeLetter(c) {
			return i
		}
	}
	return len(text)
}

func mayBeLetter(c byte) bool { return asciiLetter[c] != 0 || c >= utf8.RuneSelf }

// A surrounding is what the words around a value say.
type surrounding struct {
	context  detectorSet // detectors named anywhere near
	label    detectorSet // detectors named directly before the value
	labelled bool        // something is named directly before the value
}

// around reads the words around a value that lies in text[low:high], its line or cell, into found, which is empty before.
func (s *Set) around(found *surrounding, n *Nearby, text []byte, low, high, start, end int) {
	low = n.contextStart(text, low, start)
	high = min(high, end+ContextAfter)
	if i := bytes.IndexByte(text[end:high], '\n'); i >= 0 {
		high = end + i
	}
	low = wordStart(text, low, start)
	s.readWords(n, text, low, high, high == end+ContextAfter)
	labelEnd, labelStart := -1, 0
	for i := n.n + n.beyond - 1; i >= 0; i-- {
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
			found.labelled, found.label = true, m.context
		}
	}
}

// contextStart returns where the words begin that may be context for a value at start: the line, or the line above it when that
// one is a label.
func (n *Nearby) contextStart(text []byte, low, start int) int {
	low = max(low, start-ContextBefore)
	line := n.lineStart(text, low, start)
	if line == low {
		return low
	}
	for _, c := range text[line:start] {
		if asciiLetter[c] != 0 || c >= '0' && c <= '9' {
			return line
		}
	}
	above := text[max(low, line-1-labelLine-1) : line-1] // more than a label may have
	if i := lastLineEnd(above); i >= 0 {
		above = above[i+1:]
	}
	if len(above) == 0 || len(above) > labelLine || bytes.ContainsAny(above, "0123456789") {
		return line
	}
	return line - 1 - len(above)
}

// lineStart returns where the line begins that start lies in, or low when that is before low.
func (n *Nearby) lineStart(text []byte, low, start int) int {
	if start < n.lineTo || n.lineTo < low || low < n.lineFrom && text[n.lineFrom-1] != '\n' {
		n.lineFrom, n.lineTo = low, low
	}
	if i := lastLineEnd(text[n.lineTo:start]); i >= 0 {
		n.lineFrom = n.lineTo + i + 1
	}
	n.lineTo = start
	return max(n.lineFrom, low)
}

// lastLineEnd returns the index of the last line end, -1 for none, which is mostly so and found out fast.
func lastLineEnd(text []byte) int {
	if bytes.IndexByte(text, '\n') < 0 {
		return -1
	}
	return bytes.LastIndexByte(text, '\n')
}

// wordStart returns the first offset from low on that does not lie within a word, so that the edge of a window makes no words.
func wordStart(text []byte, low, limit int) int {
	for low < limit && low > 0 && !utf8.RuneStart(text[low]) {
		low++
	}
	if before, _ := utf8.DecodeLastRune(text[:low]); low == 0 || !unicode.IsLetter(before) || standsAlone(before) {
		return low
	}
	for low < limit {
		r, size := utf8.DecodeRune(text[low:limit])
		if !unicode.IsLetter(r) || standsAlone(r) {
			break
		}
		low += size
	}
	return low
}

// readWords makes sure that the words of text[low:high] were read. When open is set the text may go on in the middle of a word.
func (s *Set) readWords(n *Nearby, text []byte, low, high int, open bool) {
	n.beyond = 0
	if low < n.from || low > n.to || n.to == 0 {
		n.from, n.to, n.n = low, low, 0
	}
	at, whole := n.to, true
	for at < high {
		if at = s.phrases.heads.skip(text, at, high); whole {
			n.to = at
		}
		w, ok := nextWord(text, at, high)
		if !ok {
			at = high
			break
		}
		at = w.end
		m := s.phrases.follow(0, w)
		if open && w.end == high {
			return
		}
		if m == 0 && at < high {
			continue
		}
		if whole = whole && !s.readPhrase(n, text, w, m, low, high, open); whole {
			n.n += n.beyond
			n.beyond = 0
			n.to = at
		}
	}
	if whole {
		n.to = max(n.to, at)
	}
}

// readPhrase remembers the phrases that begin with the word w, which leads to meaning m, as hits beyond the settled ones. It
// reports whether the edge of the window cuts the word or a phrase that it may begin.
func (s *Set) readPhrase(n *Nearby, text []byte, w word, m int32, low, high int, open bool) (cut bool) {
	start := w.start
	for {
		if w.end == high {
			cut = true
		}
		if m == 0 {
			return cut
		}
		if s.phrases.meanings[m].means() && (!open || w.end < high) {
			n.remember(nearbyHit{start, w.end, m}, low)
		}
		if w.end+maxPhraseGap >= high {
			cut = true
		}
		var ok bool
		if w, m, ok = s.phrases.goOn(text, w, m, high); !ok {
			return cut
		}
	}
}

// goOn returns the word behind w in text[:high], if it stands near enough for a phrase to go on, and the meaning that it leads to from m.
func (p *phrases) goOn(text []byte, w word, m int32, high int) (next word, meaning int32, ok bool) {
	next, ok = nextWord(text, w.end, min(high, w.end+maxPhraseGap+1))
	if !ok || bytes.IndexByte(text[w.end:next.start], '\n') >= 0 {
		return w, 0, false
	}
	if !standsAloneAt(text, next.start) {
		next = readWord(text, next.start, high)
	}
	return next, p.follow(m, next), true
}

// remember adds a hit; when there is no room, the hits before low are forgotten, or else the oldest one.
func (n *Nearby) remember(hit nearbyHit, low int) {
	if n.n+n.beyond == maxNearby {
		drop := 1
		for drop < n.n && n.hits[drop].start < low {
			drop++
		}
		copy(n.hits[:], n.hits[drop:])
		settled := min(drop, n.n)
		n.n -= settled
		n.beyond -= drop - settled
	}
	n.hits[n.n+n.beyond] = hit
	n.beyond++
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
