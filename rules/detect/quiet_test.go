package detect

import (
	"encoding/binary"
	"math/bits"
	"math/rand"
	"strings"
	"testing"
)

// markPlain is a marker without assembly.
func markPlain(l *leads, text []byte, at, blocks int, h *heads) {
	*l = leads{}
	first := at
	for to := at + blocks*headBlock; at < to; {
		c := classify(text, at)
		if c.letters&firstByte == 0 {
			at += bits.TrailingZeros64(c.letters) / 8
			continue
		}
		if at > first || beginsWord(text, at) {
			if h.has(c.lead()) {
				l.marks[(at-first)/headBlock] |= 1 << ((at - first) % headBlock)
			}
			_, size := c.head()
			if size < 8*headLetters {
				at += size / 8
				continue
			}
			at += headLetters - 1
		}
		at = wordEnd(text, at, to)
	}
	for i := 0; i < (blocks+1)*headBlock; i += headLetters {
		for foreign := binary.LittleEndian.Uint64(text[first+i:]) & everyByte; foreign != 0; foreign &= foreign - 1 {
			l.foreign[i/headBlock] |= 1 << (i%headBlock + bits.TrailingZeros64(foreign)/8)
		}
	}
}

// beginsWord reports whether a word begins with the ASCII letter text[at], as far as the ASCII letters before say.
func beginsWord(text []byte, at int) bool {
	if at == 0 || asciiLetter[text[at-1]] == 0 {
		return true
	}
	return at > 1 && asciiLetter[text[at]] != text[at] && asciiLetter[text[at-1]] == text[at-1] && asciiLetter[text[at-2]] != 0
}

// checkLeads compares the marker of this processor, where it has one, with the plain one, and holds that no phrase that means something begins at a word
// that the plain one does not mark. It returns how many words begin none.
func checkLeads(t *testing.T, p *phrases, text []byte) (quiet int) {
	t.Helper()
	blocks := min(leadBlocks, len(text)/headBlock-1)
	if blocks < 1 {
		return 0
	}
	for at := 0; p.mark != nil && at+(blocks+1)*headBlock <= len(text); at++ {
		var fast, plain leads
		p.mark(&fast, text, at, blocks, &p.naming)
		markPlain(&plain, text, at, blocks, &p.naming)
		for b := range blocks {
			ascii := fast.foreign[b] == 0 && fast.foreign[b+1] == 0 && (at == 0 || text[at-1] < 0x80)
			if fast.foreign != plain.foreign || ascii && fast.marks[b] != plain.marks[b] {
				t.Fatalf("%q from %d:\nfast  %x\nplain %x", text, at, fast, plain)
			}
		}
	}
	listening := *p
	listening.mark = markPlain
	var h hush
	for h.to < hushBlocks && listening.listen(&h, text) {
	}
	for at := 0; at < h.to*headBlock && h.from == 0; {
		w, ok := nextWord(text, at, len(text))
		if !ok || w.start >= h.to*headBlock {
			break
		}
		at = w.end
		if h.maybe[w.start/headBlock]>>(w.start%headBlock)&1 != 0 {
			continue
		}
		if quiet++; p.follow(0, w) != 0 && p.begins(text, w.start) {
			t.Fatalf("%q: the word %q at %d is not marked", text, text[w.start:w.end], w.start)
		}
	}
	return quiet
}

func TestLeadsMissNoPhrase(t *testing.T) {
	s := compiledCatalogue(t)
	r := rand.New(rand.NewSource(5))
	quiet := 0
	check := func(text []byte) { quiet += checkLeads(t, s.phrases, text[:min(len(text), hushBlocks*headBlock)]) }
	for _, text := range skipTexts(s) {
		before := strings.Repeat(string("x 9A\n-"[r.Intn(6)]), r.Intn(headBlock))
		check([]byte(before + text + strings.Repeat(" ", 2*headBlock)))
	}
	for _, text := range benchmarkTexts() {
		check(text)
	}
	if quiet == 0 {
		t.Fatal("no word was left out")
	}
}

func FuzzLeads(f *testing.F) {
	s := compiledCatalogue(f)
	texts := skipTexts(s)
	for i := 0; i < len(texts); i += len(texts)/100 + 1 {
		f.Add([]byte(strings.Repeat(texts[i]+" ", 1+3*headBlock/len(texts[i]))))
	}
	f.Fuzz(func(t *testing.T, text []byte) { checkLeads(t, s.phrases, text[:min(len(text), hushBlocks*headBlock)]) })
}

// TestQuietIsWhereNothingIsRead asks at values in any order, in text that grows, and holds that no phrase is read around a value where it is quiet.
func TestQuietIsWhereNothingIsRead(t *testing.T) {
	s := compiledCatalogue(t)
	listening := *s.phrases
	if listening.mark == nil {
		listening.mark = markPlain
	}
	set := &Set{phrases: &listening}
	r := rand.New(rand.NewSource(7))
	words := []string{"GET", "/api/v1", "Mozilla/5.0", "phone", "nhs", "number", "e", "mail", "x", "passport", "\n", "a4f09c", "Straße", "service", "NI", "no", "date of", "birth", "tel"}
	asked, quiet := 0, 0
	for range 400 {
		text, rare := "", 1+r.Intn(20)
		for len(text) < 1500 {
			text += " xyzzy"[:1+r.Intn(6)] + []string{" ", "-", "", "9", ", "}[r.Intn(5)]
			if r.Intn(rare) == 0 {
				text += words[r.Intn(len(words))]
			}
			if r.Intn(4) == 0 {
				text += " 12345678 "
			}
		}
		var n Nearby
		for start, grown := 0, 300; start < len(text)-200; start += r.Intn(90) {
			grown = min(len(text), max(grown, start+100)+r.Intn(70))
			end := start + 1 + r.Intn(20)
			low, high := 0, grown
			if r.Intn(3) == 0 {
				low, high = start-r.Intn(min(start, 30)+1), end+r.Intn(40)
			}
			asked++
			if set.mayNameAround(&n, []byte(text[:grown]), low, high, start, end) {
				continue
			}
			quiet++
			var near surrounding
			set.around(&near, &Nearby{}, []byte(text[:grown]), low, high, start, end)
			if near.labelled || !near.context.empty() {
				t.Fatalf("something is named around %q in %q", text[start:end], text[low:high])
			}
		}
	}
	if quiet < asked/20 || quiet > asked*19/20 {
		t.Fatalf("%d of %d are quiet", quiet, asked)
	}
}
