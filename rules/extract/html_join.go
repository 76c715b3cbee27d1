package extract

import "bytes"

const (
	joinReach = 512 // bytes of markup in a row that may be left out inside a value
	maxJoins  = 16  // places in one value where markup is left out
	// shortMarkup is how many bytes of a tag are looked at one by one: most tags without attributes are shorter.
	shortMarkup = 12
	cellCut     = MaxToken - joinReach - 2*longestEscape
	// longestTagName is how many bytes tell which tag it is: "</figcaption" and what ends the name.
	longestTagName = 13
)

// A joining says whether markup stands inside a value.
type joining uint8

const (
	apart joining = iota
	joined
	undecided // more bytes are needed
)

// join decides whether the markup at body[open] stands inside a value, where a browser shows none of it: inline tags and
// comments between characters that identifiers are made of. It returns the index behind all markup that stands there.
func (r *htmlReader) join(open int, final bool) (end int, how joining) {
	near, far, farther := r.textBefore(open)
	left := leftClass(near, far, farther)
	if left == joinNever || left == joinLetter && !r.nearAddress(open) {
		return open, apart
	}
	body := r.copier.body
	if kind, _ := gridTag(body[open:]); kind != otherTag {
		return open, apart
	}
	reach := body[open:min(open+joinReach, len(body))]
	if (left == joinLetter || left == joinCapital || left == joinSpaceAfterLetter) && surelyApart(left, reach) {
		return open, apart
	}
	more := len(reach) < joinReach && !final // bytes may come that say more
	if end, how = passInline(reach, more); how != joined {
		return open, how
	}
	if !tornApart(left, reach[end]) {
		return open, apart
	}
	if how = r.goesOn(open, left, reach[:end], reach[end:], more); how != joined {
		return open, how
	}
	return open + end, joined
}

// passInline returns the index behind the inline markup that reach begins with, where something else follows.
func passInline(reach []byte, more bool) (end int, how joining) {
	for {
		size, inline, complete := inlineMarkup(reach[end:])
		end += size
		switch {
		case (!complete || inline && end == len(reach)) && more:
			return 0, undecided
		case !complete || !inline || end == len(reach):
			return 0, apart
		case reach[end] != '<':
			return end, joined
		}
	}
}

// goesOn decides whether a value goes on behind markup at body[open], by what stands to the right of it.
func (r *htmlReader) goesOn(open int, left uint8, markup, right []byte, more bool) joining {
	if (left == joinDigit || left == joinLetter || left == joinCapital) && beginsField(right[0]) {
		if how := r.betweenFields(open, markup, right); how == apart || how == undecided && more {
			return how
		}
	}
	if needsAddress(left, right[0]) && !r.behindAddress(open) {
		switch how := leadsToAddress(right); {
		case how == undecided && more:
			return undecided
		case how != joined:
			return apart
		}
	}
	if left == joinLetter && r.behindAddress(open) {
		if how := endsAddress(right); how == apart || how == undecided && more {
			return how
		}
	}
	return joined
}

// Lengths of a text between two tags that is a value of its own.
const (
	shortestField = 7
	longestField  = 40
)

// betweenFields tells whether markup at body[open] that ends an element and begins another one stands between two values: apart. Pages that are written by
// programs have no space there, as their style sheets show one. What is shorter may be a piece of a value, and so may figures without a sign of where
// a value begins.
func (r *htmlReader) betweenFields(open int, markup, right []byte) joining {
	last := bytes.LastIndexByte(markup, '<')
	if last == 0 || markup[1] != '/' || !isLetter(markup[last+1]) {
		return joined
	}
	if n := r.fieldBefore(open); n < shortestField {
		return joined
	}
	figures := right[0] != '0'
	for i := range shortestField {
		if i == len(right) {
			return undecided
		}
		if right[i] == '<' {
			return joined
		}
		figures = figures && right[i]-'0' < 10
	}
	if figures {
		return joined
	}
	return apart
}

// beginsField reports whether a value may begin with a byte: one that begins with a separator goes on with what stands before it.
func beginsField(b byte) bool { return isAlphanumeric(b) || b >= 0x80 || b == '+' || b == '(' }

// fieldBefore is the length of the text between a tag and body[open]; 0 when none begins within reach.
func (r *htmlReader) fieldBefore(open int) int {
	near := r.copier.body[max(0, open-longestField):open]
	if at := bytes.LastIndexByte(near, '>'); at >= 0 {
		return len(near) - 1 - at
	}
	tail := r.tail[max(0, len(r.tail)+len(near)-longestField):] // what lies within reach of the bytes before the body
	if at := bytes.LastIndexByte(tail, '>'); at >= 0 {
		return len(tail) - 1 - at + len(near)
	}
	return 0
}

// keepTail remembers the end of what was read.
func (r *htmlReader) keepTail(read []byte) {
	if len(read) >= longestField {
		r.tail = append(r.tail[:0], read[len(read)-longestField:]...)
		return
	}
	r.tail = append(r.tail, read...)
	r.tail = append(r.tail[:0], r.tail[max(0, len(r.tail)-longestField):]...)
}

// endsAddress tells whether an address that ends before markup, or may go on behind it with text, ends there: apart. What goes on
// with a digit needs a dot before its end, and what goes on with a word is the next field of a person rather than the rest of ".com".
func endsAddress(text []byte) joining {
	digit, capital := text[0]-'0' < 10, text[0]-'A' < 26
	if !digit && !capital {
		return joined
	}
	for i, n := 0, 0; i < addressReach; i++ {
		var ok bool
		if i, ok = behindTags(text, i); !ok {
			return undecided
		}
		switch b := text[i]; {
		case b == '.' || b == '@' || b == '&' || b == '%':
			return joined
		case isAlphanumeric(b) || b == '-':
			n++
		case digit || n >= shortestWord:
			return apart
		default:
			return joined
		}
	}
	return apart
}

// shortestWord is how many letters a word has that is not the rest of a domain.
const shortestWord = 4

// needsAddress reports whether what stands on both sides of markup is one value in addresses only. Words are not torn apart
// by markup otherwise: joining them would only cost.
func needsAddress(left uint8, right byte) bool {
	return left == joinLetter || left == joinCapital && classOf(right) != joinDigit
}

// leadsToAddress reports whether text goes on to an '@' with nothing but what stands in addresses, and markup, between.
func leadsToAddress(text []byte) joining {
	for i := 0; i < addressReach; i++ {
		var ok bool
		if i, ok = behindTags(text, i); !ok {
			return undecided
		}
		switch b := text[i]; {
		case b == '@' || b == '&' || b == '%':
			return joined
		case b == ' ' || b == '/' || classOf(b) == joinNever:
			return apart
		}
	}
	return apart
}

// behindTags returns the index of the first byte of text from i on that stands in no tag, and whether there is one.
func behindTags(text []byte, i int) (int, bool) {
	for i < len(text) && text[i] == '<' {
		end := bytes.IndexByte(text[i:], '>')
		if end < 0 {
			return i, false
		}
		i += end + 1
	}
	return i, i < len(text)
}

// classOf is the class of a byte on the right of markup.
func classOf(b byte) uint8 {
	switch {
	case b == '&':
		return joinDigit // a character reference, most likely
	case b >= 0x80:
		return joinLetter
	}
	return joinClasses[b]
}

// surelyApart tells, for most markup behind words, by what follows it that no value goes on there.
func surelyApart(left uint8, reach []byte) bool {
	for at := 0; ; {
		end := bytes.IndexByte(reach[at:], '>')
		if end < 0 {
			return false
		}
		at += end + 1
		if at+1 >= len(reach) {
			return false
		}
		if reach[at] != '<' {
			return !tornApart(left, reach[at])
		}
		if reach[at+1] == '!' {
			return false
		}
	}
}

// Further classes of what stands before markup.
const (
	joinSpaceAfterDigit  = joinSeparator + 1 + iota
	joinSpaceAfterLetter // a capital
	joinCapital
	joinBeyondASCII
)

// leftClass is the class of the text before markup, the nearest byte first; joinNever when no value can end there.
func leftClass(near, far, farther byte) uint8 {
	class := leftClasses[near]
	if class < joinSeparator || class == joinCapital {
		return class
	}
	if class == joinBeyondASCII {
		// Digits of other scripts, fullwidth forms, what cannot be seen.
		if farther == 0xEF || farther == 0xE2 || far == 0xD9 || far == 0xDB || far == 0xC2 || farther == 0xE0 || farther == 0xE1 || farther == 0x9D {
			return joinDigit
		}
		return joinLetter
	}
	switch {
	case joinClasses[far] == joinDigit:
		return joinSpaceAfterDigit
	case far-'A' < 26:
		return joinSpaceAfterLetter
	}
	return joinNever
}

// leftClasses are joinClasses for the byte before markup.
var leftClasses = func() [256]uint8 {
	classes := joinClasses
	classes[';'] = joinDigit // a character reference, most likely
	classes['+'] = joinAt
	for b := 'A'; b <= 'Z'; b++ {
		classes[b] = joinCapital
	}
	for b := 0x80; b < 0x100; b++ {
		classes[b] = joinBeyondASCII
	}
	return classes
}()

// tornApart reports whether what stands on both sides of markup may be one value.
func tornApart(left uint8, right byte) bool {
	class := classOf(right)
	switch left {
	case joinDigit, joinAt:
		return class != joinNever
	case joinLetter, joinCapital:
		return class != joinNever && right != ' '
	case joinSpaceAfterDigit:
		return class != joinNever && class != joinAt
	case joinSpaceAfterLetter:
		return class == joinDigit
	}
	return false
}

// inlineMarkup measures the markup that text begins with. It is not inline when it separates what stands around it, or
// when its attributes may hold a value themselves.
func inlineMarkup(text []byte) (size int, inline, complete bool) {
	if len(text) < 4 {
		return 0, false, false
	}
	if text[1] == '!' {
		if text[2] != '-' || text[3] != '-' {
			return 0, false, true
		}
		end := bytes.Index(text[4:], []byte("-->"))
		if end < 0 {
			return 0, false, false
		}
		return end + 7, !mayHoldValue(text[4 : end+4]), true
	}
	start := 1
	if text[1] == '/' {
		start = 2
	}
	nameEnd := start
	for nameEnd < len(text) && isAlphanumeric(text[nameEnd]) {
		nameEnd++
	}
	if nameEnd == len(text) {
		return 0, false, false
	}
	if nameEnd == start || separates(text[start:nameEnd]) {
		return 0, false, true
	}
	end, ok := tagEnd(text)
	if !ok {
		return 0, false, false
	}
	return end, !mayHoldValue(text[nameEnd:end]), true
}

// mayHoldValue reports whether an attribute or comment may hold an identifier of its own.
func mayHoldValue(text []byte) bool {
	digits := 0
	for _, b := range text {
		switch {
		case b == '@' || b == '%' || b == '&' || b == '\\' || b >= 0x80:
			return true
		case b-'0' < 10:
			if digits++; digits > 5 {
				return true
			}
		}
	}
	return false
}

// tagEnd returns the index behind the tag that text begins with: behind the first '>' that stands in no quotes.
func tagEnd(text []byte) (int, bool) {
	if len(text) > 3 && text[1] == '!' && text[2] == '-' && text[3] == '-' {
		end := bytes.Index(text[4:], []byte("-->"))
		return end + 7, end >= 0
	}
	for i, b := range text[:min(len(text), shortMarkup)] {
		if b == '>' {
			return i + 1, true
		}
		if b == '"' || b == '\'' {
			break
		}
	}
	close := bytes.IndexByte(text, '>')
	if close < 0 {
		return 0, false
	}
	if bytes.Count(text[:close], []byte{'"'})&1 == 0 && bytes.Count(text[:close], []byte{'\''})&1 == 0 {
		return close + 1, true
	}
	return quotedTagEnd(text)
}

// quotedTagEnd is tagEnd for tags in which a '>' may stand in quotes.
func quotedTagEnd(text []byte) (int, bool) {
	for i := 1; i < len(text); i++ {
		switch b := text[i]; b {
		case '>':
			return i + 1, true
		case '"', '\'':
			// A quote means a value only behind '='; elsewhere it is a stray.
			if before := bytes.TrimRight(text[:i], " \t\n"); before[len(before)-1] != '=' {
				continue
			}
			end := bytes.IndexByte(text[i+1:], b)
			if end < 0 {
				return 0, false
			}
			i += end + 1
		}
	}
	return 0, false
}

// separates reports whether an element stands apart from the text around it when shown (the HTML standard, section 15.3),
// or is shown as something else than text.
func separates(name []byte) bool {
	var lower [10]byte
	if len(name) > len(lower) {
		return false
	}
	for i, b := range name {
		lower[i] = b
		if b-'A' < 26 {
			lower[i] |= 0x20
		}
	}
	switch string(lower[:len(name)]) {
	case "p", "div", "br", "hr", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "thead",
		"tbody", "tfoot", "caption", "col", "colgroup", "header", "footer", "section", "article", "aside", "nav", "main", "form", "fieldset",
		"legend", "pre", "blockquote", "figure", "figcaption", "address", "option", "select", "optgroup", "textarea", "button", "input", "img",
		"iframe", "object", "video", "audio", "canvas", "svg", "math", "script", "style", "title", "head", "body", "html", "meta", "link", "base",
		"noscript", "template", "details", "summary", "dialog", "center", "menu", "hgroup", "search", "sup", "sub", "source", "track", "map", "area",
		"frame", "frameset", "noframes", "embed", "param", "label", "output", "progress", "meter", "ruby", "rt", "rp", "dir", "xmp", "plaintext":
		return true
	}
	return false
}
