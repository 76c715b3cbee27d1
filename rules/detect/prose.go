package detect

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stanch/rules"
)

// prose knows the words of names and addresses.
type prose struct {
	words   map[uint32]wordKind
	name    int // index of person_name, -1 for none
	address int // index of postal_address, -1 for none
}

// wordKind says what a word may be; it may be several things.
type wordKind uint16

const (
	givenName  wordKind = 1 << iota
	familyName          // a surname
	title               // stands before a name
	introducer          // a name follows
	copula              // may stand between: "my name is"
	particle            // stands within a name: "van", "de la"
	everyday            // a name that is also an ordinary word, or a word that begins sentences
	streetWord
	unitWord // stands before the number of a flat
	roadWord // stands before the name of a street, as in "Rue de Tanger"
	codeWord // stands before the number of a delivery area
	articled // stands within the name of a street: "de la", "delle"
)

func newProse(detectors []Detector) *prose {
	index := func(id string) int {
		return slices.IndexFunc(detectors, func(d Detector) bool { return d.ID == id })
	}
	p := &prose{words: map[uint32]wordKind{}, name: index("person_name"), address: index("postal_address")}
	for kind, list := range map[wordKind]string{
		givenName: givenNames, familyName: familyNames, streetWord: strings.Join(streetWords, " "),
		title:      "mr mrs ms miss mx dr prof professor doctor sir madam lord lady rev reverend captain sergeant judge herr frau monsieur madame mlle mme senor senora signor signora dhr mevr",
		introducer: "name named called dear hi hello",
		copula:     "is was ist est es e",
		particle:   "van von de der den del della di da dos das du la le ten ter al el bin ibn af av y e",
		everyday: "will may mark grace rose penny joy faith hope summer art bill grant dean dale june april drew chase sue pat gene guy don rob frank christian jordan georgia virginia " +
			"carolina austin madison chelsea sydney florence victoria paris london logan troy chad israel dallas houston brooklyn india max can ana an in on so do the this that these those my " +
			"your our his her its how why what who when where which please could would should are it he she they we you if as at by for from to and or but not no yes one all " +
			"god king queen church west north south east long day gill lane park hall wood bell rich ming lei hong star jade amber ruby crystal dawn eve ivy lily daisy iris violet olive hazel " +
			"java perl apache debian linux windows python oracle trace merge norm clay cliff forest glen heath ray rusty sandy sky stone wade",
		unitWord: "apt apartment suite unit flat box appartement wohnung",
		roadWord: "rue avenue boulevard allee chemin impasse quai via viale piazza corso vicolo largo calle avenida avda paseo carretera camino carrer rua travessa praca estrada ulica aleja strada ul al",
		codeWord: "zip zipcode postcode plz cap",
		articled: "de la le les du des d l del della delle dei degli di da do das dos los las san santa saint st y e i",
	} {
		for hash := range hashNames(list) {
			p.words[hash] |= kind
		}
	}
	return p
}

// A token is a word of running text with the marks that hold it together: "O'Neil", "Jean-Luc".
type token struct {
	start, end int
	kind       wordKind // of its first part
	capital    bool     // it begins with a capital and goes on in small letters, or is an initial
	initial    bool
}

// nextToken returns the first token that begins at or after an offset.
func (p *prose) nextToken(text []byte, at int) (t token, ok bool) {
	var r rune
	size := 0
	for ; at < len(text); at += size {
		if text[at] < utf8.RuneSelf && asciiLetter[text[at]] == 0 {
			size = 1
			continue
		}
		if r, size = utf8.DecodeRune(text[at:]); unicode.IsLetter(r) {
			break
		}
	}
	if at >= len(text) {
		return token{}, false
	}
	t = token{start: at, capital: unicode.IsUpper(r)}
	hash := uint32(fnvOffset)
	letters, upper, part := 0, 0, true
	for at < len(text) {
		if lower := asciiLetter[text[at]]; lower != 0 {
			letters++
			if text[at] != lower {
				upper++
			}
			if part {
				hash = (hash ^ uint32(lower)) * fnvPrime
			}
			at++
			continue
		}
		r, size = utf8.DecodeRune(text[at:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			next, _ := utf8.DecodeRune(text[min(at+size, len(text)):])
			if r != '-' && r != '\'' && r != 0x2019 || !unicode.IsLetter(next) {
				break
			}
			part = false
		} else {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
			if part {
				hash = hashRune(hash, r)
			}
		}
		at += size
	}
	t.end, t.kind = at, p.words[hash]
	t.initial = letters == 1 && t.capital
	t.capital = t.capital && (upper < letters || t.initial)
	return t, true
}

// The bounds of a name in running text, in words.
const mostProseWords = 6

// JudgeProse appends to hits the names of people and the addresses that stand in running text from offset from on, told by lists of
// frequent names and words of streets alone. All of it is low, but for
// names with a title or a word like "named" before them. It reads every word, which Judge does not: it is for looking closely, not for serving.
func (s *Set) JudgeProse(hits []Hit, text []byte, from int, field Field) []Hit {
	high := len(text)
	if field.End > 0 {
		from, high = max(from, field.Start), min(field.End, high)
	}
	p := s.prose
	var before token
	for at := max(from, 0); at < high; {
		t, ok := p.nextToken(text[:high], at)
		if !ok {
			break
		}
		at = t.end
		if t.kind&copula != 0 && before.kind&introducer != 0 {
			before.end = t.end // "name is"
			continue
		}
		if start, end := p.readAddress(text[:high], t); p.address >= 0 && end > 0 {
			hits = s.addWords(hits, text, p.address, start, end, rules.Low, field)
		}
		if p.name >= 0 && t.capital && !t.initial {
			start, end, confidence := p.readName(text[:high], t, before)
			if confidence > 0 {
				hits = s.addWords(hits, text, p.name, start, end, confidence, field)
				at = max(at, end)
			}
		}
		if p.name >= 0 && !t.capital {
			if end := p.smallName(text[:high], t); end > 0 {
				hits = s.addWords(hits, text, p.name, t.start, end, rules.Low, field)
				at = end
			}
		}
		before = t
	}
	return hits
}

// smallName returns the end of a given name and a surname that are written in small letters, both on the lists; 0 for none.
func (p *prose) smallName(text []byte, t token) (end int) {
	if t.kind&givenName == 0 || t.kind&everyday != 0 || t.end >= len(text) || text[t.end] != ' ' {
		return 0
	}
	next, ok := p.nextToken(text, t.end+1)
	if !ok || next.start != t.end+1 || next.capital || next.kind&(everyday|particle) != 0 {
		return 0
	}
	if next.kind&familyName == 0 && !hasEnding(text[next.start:next.end], surnameEndings[:]) {
		return 0
	}
	return next.end
}

func (s *Set) addWords(hits []Hit, text []byte, detector, start, end int, confidence rules.Confidence, field Field) []Hit {
	if confidence < field.Floor {
		return hits
	}
	return append(hits, Hit{Detector: detector, Start: start, End: end, Confidence: confidence, Grade: Plain})
}

// readName reads the name that begins with t, which is capitalized. The confidence is 0 when it is none.
func (p *prose) readName(text []byte, t, before token) (start, end int, confidence rules.Confidence) {
	titled := t.kind&title != 0
	words, given, family, first := 0, 0, 0, -1
	last := t
	for current := t; words < mostProseWords; words++ {
		switch {
		case words == 0 && titled:
		case current.kind&givenName != 0 && (given <= family || current.kind&familyName == 0):
			given++
			if first < 0 {
				first = current.start
			}
		case current.kind&familyName != 0 || hasEnding(text[current.start:current.end], surnameEndings[:]) || isDescent(text[current.start:current.end]):
			family++
		}
		last = current
		next, ok := p.follows(text, current)
		if !ok {
			break
		}
		current = next
	}
	introduced := before.end > 0 && before.kind&introducer != 0 && closeTo(text, before.end, t.start)
	switch {
	case titled && last.start > t.start:
		return t.start, last.end, rules.Medium
	case titled:
		return 0, 0, 0
	case introduced && t.kind&everyday == 0 && (given > 0 || family > 0):
		return t.start, last.end, rules.Medium
	case introduced && (t.kind&(everyday|title) == 0 && t.end-t.start > shortestName && p.introduces(text, before) || t.kind&givenName != 0):
		return t.start, last.end, rules.Low
	case given > 0 && (first < last.start || t.kind&everyday == 0):
		return first, last.end, rules.Low
	case family > 0 && t.kind&everyday == 0:
		return t.start, last.end, rules.Low
	}
	return 0, 0, 0
}

// introduces reports whether a name that no list knows may follow an introducer: "called" and greetings alone are enough, "name"
// stands before much else when no "is" follows it.
func (p *prose) introduces(text []byte, introducer token) bool {
	word := text[introducer.start:introducer.end]
	return bytes.IndexByte(word, ' ') >= 0 || len(word) != len("name") || !equalFold(word, "name")
}

// surnameEndings are endings that few other words have, of patronymics and of surnames of Eastern Europe, the Caucasus and Greece.
var surnameEndings = [...]string{"ović", "ovic", "ević", "evic", "ovich", "evich", "jić", "nić", "sson", "dóttir", "dottir", "enko", "owski", "ewski", "inski", "ński", "owska", "ewska",
	"inska", "ńska", "owicz", "ewicz", "opoulos", "opoulou", "idis", "akis", "shvili", "adze", "escu", "yan", "ová", "sky", "ski", "mäki", "nen", "quist", "qvist", "ström", "gård"}

// isDescent reports whether a word is a surname with a mark of descent before it: "O'Connell", "D'Angelo".
func isDescent(word []byte) bool {
	const shortest = len("O'Dea")
	if len(word) < shortest || word[0] != 'O' && word[0] != 'D' {
		return false
	}
	mark, size := utf8.DecodeRune(word[1:])
	next, _ := utf8.DecodeRune(word[1+size:])
	return (mark == '\'' || mark == 0x2019) && unicode.IsUpper(next)
}

// hasEnding reports whether a capitalized word is longer than one of the endings by two letters or more.
func hasEnding(word []byte, endings []string) bool {
	for _, ending := range endings {
		if len(word) > len(ending)+2 && string(word[len(word)-len(ending):]) == ending {
			return true
		}
	}
	return false
}

// closeTo reports whether at most " is ", a colon or a quote stands between two offsets.
func closeTo(text []byte, from, to int) bool {
	const widest = 5
	if to-from > widest {
		return false
	}
	for _, c := range text[from:to] {
		if c == '\n' || c == '.' || c == ',' {
			return false
		}
	}
	return true
}

// follows returns the token that continues a name behind t: capitalized, after one space, with at most two particles before it.
func (p *prose) follows(text []byte, t token) (token, bool) {
	const mostParticles = 2
	at := t.end
	for range mostParticles + 1 {
		if at < len(text) && text[at] == '.' && (t.initial || t.kind&title != 0) {
			at++
		}
		if at >= len(text) || text[at] != ' ' {
			return token{}, false
		}
		next, ok := p.nextToken(text, at+1)
		if !ok || next.start != at+1 {
			return token{}, false
		}
		if next.capital {
			return next, true
		}
		if next.kind&particle == 0 {
			return token{}, false
		}
		at = next.end
	}
	return token{}, false
}

// streetEndings are the ends of compound words for streets in Germanic and Nordic languages and Hungarian.
var streetEndings = []string{"strasse", "straße", "straat", "laan", "gatan", "gade", "vej", "vegen", "veien", "vägen", "utca", "weg", "plein", "stræde", "katu", "bakken", "allé", "gasse", "platz",
	"allee", "alléen", "vænget", "toften", "gaten", "ufer", "damm", "dreef", "gracht", "kade", "steenweg", "vägen", "stigen", "gränd", "backen", "vangen", "svinget", "stien", "haugen", "vegur", "braut", "gata", "tie", "kuja", "polku", "aukio", "körút", "enparantza"}

// The most that stands between a house number and its street, in words and bytes.
const (
	mostStreetWords = 4
	longestStreet   = 64
	longestHouse    = 6
)

// readAddress returns the span of the address that the word t belongs to; the end is 0 for none.
func (p *prose) readAddress(text []byte, t token) (start, end int) {
	behind := numberBehind(text, t.end)
	switch {
	case t.kind&codeWord != 0:
		return numberNamed(text, t.end)
	case t.kind&roadWord != 0:
		if start, end := p.readRoad(text, t); end > 0 {
			return start, end
		}
	}
	switch {
	case t.kind&unitWord != 0 && behind > 0:
		return t.start, behind
	case t.kind&streetWord == 0 && !(t.capital && hasEnding(text[t.start:t.end], streetEndings)) && !abbreviatedStreet(text, t):
		return 0, 0
	}
	if number := numberBefore(text, t.start); number >= 0 && t.capital {
		return number, max(t.end, behind)
	}
	if behind > 0 && t.capital && t.end-t.start > 3 {
		return t.start, behind
	}
	return 0, 0
}

// abbreviatedStreet reports whether a token is a German street with its last part cut short: "Chausseestr."
func abbreviatedStreet(text []byte, t token) bool {
	return t.capital && t.end < len(text) && text[t.end] == '.' && hasEnding(text[t.start:t.end], []string{"str"})
}

// readRoad reads the street that begins with the word t for a street, with the number before or behind its name; the end is 0 for none.
// In small letters it needs more than one word and a number: "via Post 3".
func (p *prose) readRoad(text []byte, t token) (start, end int) {
	start, end = t.start, 0
	if number := numberBefore(text, t.start); number >= 0 && bytes.Count(text[number:t.start], []byte(" ")) == 1 {
		start = number
	}
	at, words := t.end, 0
	abbreviated := at < len(text) && text[at] == '.'
	if abbreviated {
		at++
	}
	for range mostStreetWords + 1 {
		next, ok := p.nextToken(text, at)
		if !ok || next.start > at+1 || text[at] != ' ' && text[at] != '\'' {
			break
		}
		if next.capital {
			end = next.end
		} else if next.kind&articled == 0 {
			break
		}
		at = next.end
		words++
	}
	if end == 0 || !t.capital && start == t.start && words < 2 && !abbreviated {
		return 0, 0
	}
	if behind := numberBehind(text, end); behind > 0 {
		return start, behind
	}
	if start < t.start {
		return start, end
	}
	return 0, 0
}

// numberNamed returns the span of the number of four to six digits that follows a word for it: "zip code is 70637".
func numberNamed(text []byte, at int) (start, end int) {
	const widest, shortest = 12, 4
	for start = at; start < len(text) && start-at < widest && !isDigit(text[start]); start++ {
		if c := text[start]; c == '\n' || c == ',' || c == ';' {
			return 0, 0
		}
	}
	if end = numberBehind(text, start); end-start < shortest {
		return 0, 0
	}
	return start, end
}

// numberBehind returns the end of the number that follows after ". " at most; 0 for none.
func numberBehind(text []byte, at int) int {
	for skipped := 0; at < len(text) && (text[at] == ' ' || text[at] == '.') && skipped < 2; skipped++ {
		at++
	}
	end := at
	for end < len(text) && isDigit(text[end]) && end-at <= longestHouse {
		end++
	}
	if end == at || end-at > longestHouse || end < len(text) && isWordByte(text[end]) && (end+1 < len(text) && isWordByte(text[end+1])) {
		return 0
	}
	return end
}

// numberBefore returns where a house number begins that stands a few words before an offset on the same line; -1 for none.
func numberBefore(text []byte, at int) int {
	words, limit := 0, max(0, at-longestStreet)
	for i := at - 1; i >= limit && words <= mostStreetWords; i-- {
		switch c := text[i]; {
		case isDigit(c):
			end := i + 1
			for i >= limit && isDigit(text[i]) {
				i--
			}
			if end-i-1 > longestHouse || i >= 0 && (isWordByte(text[i]) || text[i] == '.' || text[i] == '-') {
				return -1
			}
			return i + 1
		case c == ' ':
			words++
		case c == '\n' || c == ',' || c == ';' || c == ':' || c == '(' || c == '/' || c == '=':
			return -1
		}
	}
	return -1
}
