package detect

import (
	"math/bits"
	"unicode/utf8"
)

// Before the words around a value are read, it is asked whether one is there that may begin a phrase. That is found out for many words at once,
// by their first letters, and is mostly not so. Where no assembly does that, words are read one by one when a value needs them: that is faster than
// to do so for all.

const (
	headBlock  = 64 // bytes whose words are marked together
	leadBlocks = 4  // how many such blocks are marked at once, at most
	hushBlocks = 16 // how many are remembered: a window of context has four or five
)

// A hush remembers where phrases may begin in a text, block by block. The zero value knows nothing.
type hush struct {
	from, to int                // the blocks from:to are known; block b is text[b*headBlock:]
	maybe    [hushBlocks]uint64 // the bytes of block b at which a phrase may begin that means something, by b%hushBlocks
	sure     [hushBlocks]uint64 // those of them where that was found to be so
	leads    leads              // scratch
}

// mayNameAround reports whether something may be named around a value that lies in text[low:high], its line or cell.
func (s *Set) mayNameAround(n *Nearby, text []byte, low, high, start, end int) bool {
	to := min(high, end+ContextAfter)
	return n == nil || s.phrases.mark == nil || !s.phrases.quiet(&n.hush, text, max(low, start-ContextBefore), to, to < end+ContextAfter)
}

// quiet reports whether no phrase that means something begins in text[low:high]; ends says that words end at high even where the text goes on
// with a letter. It says no where that cannot be told ahead: near the end of the text, and beside letters that are not ASCII.
func (p *phrases) quiet(h *hush, text []byte, low, high int, ends bool) bool {
	first, last := low/headBlock, (high-1)/headBlock
	if last-first > hushBlocks-leadBlocks || ends && high < len(text) && mayBeLetter(text[high-1]) && mayBeLetter(text[high]) {
		return false
	}
	if first < h.from || first > h.to {
		h.from, h.to = first, first
	}
	for h.to <= last {
		if !p.listen(h, text) {
			return false
		}
	}
	for b := first; b <= last; b++ {
		within := ^uint64(0)
		if b == first {
			within <<= low % headBlock
		}
		if b == last {
			within &= ^uint64(0) >> (headBlock - 1 - (high-1)%headBlock)
		}
		if h.maybe[b%hushBlocks]&within != 0 && p.speaks(h, text, b, within) {
			return false
		}
	}
	return true
}

// speaks reports whether a phrase that means something begins within block b.
func (p *phrases) speaks(h *hush, text []byte, b int, within uint64) bool {
	maybe, sure := &h.maybe[b%hushBlocks], &h.sure[b%hushBlocks]
	if *sure&within != 0 {
		return true
	}
	for left := *maybe & within; left != 0; left &= left - 1 {
		bit := left & -left
		if p.begins(text, b*headBlock+bits.TrailingZeros64(bit)) {
			*sure |= bit
			return true
		}
		*maybe &^= bit
	}
	return false
}

// begins reports whether a phrase that means something begins with the word at text[at], or may do so with what comes behind the text or
// where it is not ASCII. The phrases are settled.
func (p *phrases) begins(text []byte, at int) bool {
	if asciiLetter[text[at]] == 0 {
		return true
	}
	w := readWord(text, at, len(text))
	m, ok := p.follow(0, w), true
	for ok && w.end+maxPhraseGap < len(text) && p.ways[m]&wayMeans == 0 {
		if !p.leadsOn(m, text[w.end:w.end+maxPhraseGap+1]) {
			return false
		}
		w, m, ok = p.goOn(text, w, m, len(text))
	}
	return ok
}

// leadsOn reports whether what stands behind a word that leads to m may be a word that goes on; it says yes where letters are not ASCII.
func (p *phrases) leadsOn(m int32, behind []byte) bool {
	for _, c := range behind {
		if lower := asciiLetter[c]; lower != 0 {
			return p.ways[m]>>(lower-'a')&1 != 0
		}
		if c >= utf8.RuneSelf {
			return p.ways[m] != 0
		}
	}
	return false
}

// listen marks the next blocks of the text, and reports whether there are such: that another stands behind.
func (p *phrases) listen(h *hush, text []byte) bool {
	at := h.to * headBlock
	blocks := min(leadBlocks, (len(text)-at)/headBlock-1)
	if blocks < 1 {
		return false
	}
	l := &h.leads
	p.mark(l, text, at, blocks, &p.naming)
	foreignBefore := false
	for _, c := range text[max(0, at-2):at] {
		foreignBefore = foreignBefore || c >= utf8.RuneSelf
	}
	for b := range blocks {
		maybe := l.marks[b]
		if foreignBefore || l.foreign[b] != 0 || l.foreign[b+1]&0xff != 0 { // to the end of a head that begins with the last byte
			maybe = ^uint64(0)
		}
		foreignBefore = l.foreign[b]>>(headBlock-2) != 0
		h.maybe[h.to%hushBlocks], h.sure[h.to%hushBlocks] = maybe, 0
		h.to++
	}
	h.from = max(h.from, h.to-hushBlocks)
	return true
}

// leads are what is known of some blocks of a text.
type leads struct {
	marks   [leadBlocks]uint64     // bytes at which words begin that may lead a phrase
	foreign [leadBlocks + 1]uint64 // bytes that are not ASCII, also in the block behind; where such are near marks mean nothing
}

// A marker fills leads for some blocks of text[at:], behind which there is another: the words whose leads are in h.
type marker func(l *leads, text []byte, at, blocks int, h *heads)
