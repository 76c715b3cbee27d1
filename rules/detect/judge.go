package detect

import (
	"stanch/rules"
	"stanch/rules/match"
)

// alone and supported are the confidences that grades lead to, without and with context.
var (
	alone     = [Distinctive + 1]rules.Confidence{Plain: rules.Low, Checked: rules.Low, Distinctive: rules.Medium}
	supported = [Distinctive + 1]rules.Confidence{Loose: rules.Medium, Plain: rules.Medium, Checked: rules.High, Distinctive: rules.High}
	inColumn  = [Distinctive + 1]rules.Confidence{Loose: rules.Low, Plain: rules.Medium, Checked: rules.High, Distinctive: rules.High}
)

// Judge appends to hits what the candidate is. It looks at most ContextBefore bytes before and ContextAfter bytes behind the
// candidate, and not past the end of its line or cell. A candidate may be several things: at a floor of Medium and above only
// those with the highest confidence are returned, below it all of them, and with Field.Lifts those that it names, too. It keeps
// no reference to text and allocates nothing but what hits needs to grow.
func (s *Set) Judge(hits []Hit, text []byte, candidate *match.Candidate, field *Field) []Hit {
	if candidate.Start < 0 || candidate.End > len(text) || candidate.Start >= candidate.End {
		return hits
	}
	p, column := s.planOf(candidate), s.column(field.Label)
	low, high := 0, len(text)
	if field.End > 0 {
		low, high = min(max(field.Start, 0), candidate.Start), max(min(field.End, len(text)), candidate.End)
	}
	if column != nil && field.Floor >= rules.Medium && field.Lifts == 0 && !labelBefore(text, low, candidate.Start) {
		if !p.suits(column, &s.distinctive) {
			return hits
		}
		var value occurrence
		value.set(text[:high], low, candidate.Start, candidate.End)
		return s.judgeInColumn(hits, &value, p, column, field.Floor)
	}
	glued := gluedBefore(text[low:candidate.Start]) || gluedAfter(text[candidate.End:high])
	if glued && !p.embedded {
		return hits
	}
	if column == nil && field.Floor >= rules.Medium {
		if p.certain == 0 && p.direct && !labelBefore(text, low, candidate.Start) {
			return hits
		}
		lettered := field.Nearby.hasLetters(text, low, high, candidate.Start, candidate.End)
		if lettered && p.only() {
			return s.judgeOnly(hits, text, candidate, field, p.owners[0], low, high)
		}
		if !lettered || !s.mayNameAround(field.Nearby, text, low, high, candidate.Start, candidate.End) {
			var value occurrence
			value.set(text[:high], low, candidate.Start, candidate.End)
			return s.judgeAlone(hits, &value, p, field, glued)
		}
	}
	if column == nil && p.only() {
		return s.judgeOnly(hits, text, candidate, field, p.owners[0], low, high)
	}
	var j judgement
	j.begin(s, text, candidate, field, column, low, high)
	certain, needy := p.certainSet, p.needySet
	if glued {
		certain.keep(&s.embedded)
		needy = detectorSet{}
	}
	if j.floor >= rules.Medium {
		j.narrow(p, &certain, &needy)
	}
	first := len(hits)
	if !certain.empty() {
		hits = j.weighAll(hits, p.owners[:p.certain], &certain)
	}
	if !needy.empty() {
		hits = j.weighAll(hits, p.owners[p.certain:], &needy)
	}
	if j.floor >= rules.Medium && field.Lifts == 0 {
		hits = keepBest(hits, first)
	}
	return hits
}

// judgeOnly is Judge where the form says what alone the value can be, and no column speaks: the words around it are read when it is that.
func (s *Set) judgeOnly(hits []Hit, text []byte, candidate *match.Candidate, field *Field, o owner, low, high int) []Hit {
	var value occurrence
	value.set(text[:high], low, candidate.Start, candidate.End)
	start, end, grade := s.detectors[o.detector].read(&value, o.grade)
	if grade == Rejected {
		return hits
	}
	var j judgement
	j.begin(s, text, candidate, field, nil, low, high)
	j.read = field.Floor >= rules.Medium && !s.mayNameAround(field.Nearby, text, low, high, candidate.Start, candidate.End)
	return j.book(hits, o, start, end, grade)
}

// judgeInColumn is Judge where nothing but the column speaks for or against a detector: only those that it names or that stand out
// everywhere can reach a floor of Medium.
func (s *Set) judgeInColumn(hits []Hit, value *occurrence, p *plan, column *meaning, floor rules.Confidence) []Hit {
	glued := gluedBefore(value.text[value.low:value.start]) || gluedAfter(value.text[value.end:])
	first := len(hits)
	for i := range p.owners {
		o := p.owners[i]
		named := column.headers.has(o.detector)
		d := &s.detectors[o.detector]
		if !named && (o.grade != Distinctive || !d.distinctive) || glued && (o.grade != Distinctive || !d.embedded) {
			continue
		}
		start, end, grade := d.read(value, o.grade)
		confidence := alone[grade]
		if named {
			confidence = supported[grade]
		}
		if confidence >= floor {
			hits = addHit(hits, o.detector, start, end, confidence, grade)
		}
	}
	return keepBest(hits, first)
}

// An occurrence is a candidate in its cell, which ends where the text does.
type occurrence struct {
	text            []byte
	low, start, end int
}

// set fills it field by field: a literal would be made elsewhere and copied, which has to wait for its parts.
func (v *occurrence) set(text []byte, low, start, end int) {
	v.text, v.low, v.start, v.end = text, low, start, end
}

// read returns what the owner of a pattern, with the grade that its form gives, makes of a candidate; the grade is Rejected when it
// is something else.
func (d *compiled) read(value *occurrence, form Grade) (start, end int, grade Grade) {
	start, end, grade = d.readAlone(value.text, value.low, value.start, value.end, form)
	if grade == Distinctive && !d.distinctive && value.inRow() {
		grade = Checked
	}
	return start, end, grade
}

// readAlone is read for a candidate text[start:end] that no figures stand beside, in a cell text[low:].
func (d *compiled) readAlone(text []byte, low, start, end int, form Grade) (from, to int, grade Grade) {
	switch {
	case d.examine != nil:
		r := d.examine(text, start, end)
		if r.Grade == Rejected || r.Start < low || r.End > len(text) || r.Start >= r.End {
			return start, end, Rejected
		}
		if form != Loose {
			form = min(r.Grade, max(form, Checked))
		}
		return r.Start, r.End, form
	case d.valid != nil && !d.valid(text[start:end]):
		return start, end, Rejected
	}
	return start, end, form
}

// column is what a label says; nil for nothing.
func (s *Set) column(label Label) *meaning {
	if label > 0 && int(label) < len(s.phrases.meanings) {
		if m := &s.phrases.meanings[label]; m.means() {
			return m
		}
	}
	return nil
}

// judgeAlone is Judge for a value without a column that means something, that nothing is named beside: only its form speaks, so that those that need
// context are found as the lowered detectors alone. When it is glued it is a part of a longer token: of a UUID, a version, a time.
func (s *Set) judgeAlone(hits []Hit, value *occurrence, p *plan, field *Field, glued bool) []Hit {
	var lowered detectorSet
	s.lower(&lowered, field, value.start == value.low && value.end == len(value.text))
	first := len(hits)
	for i := range p.owners[:p.certain] {
		o := p.owners[i]
		if !glued || s.detectors[o.detector].embedded {
			hits = s.weighAlone(hits, value, o, field.Floor, &lowered)
		}
	}
	if field.Lifts == 0 {
		return keepBest(hits, first)
	}
	if lowered.keep(&p.plain); glued || lowered.empty() {
		return hits
	}
	for _, o := range p.owners[p.certain:] {
		if lowered.has(o.detector) {
			hits = s.weighAlone(hits, value, o, field.Floor, &lowered)
		}
	}
	return hits
}

// weighAlone is weigh where nothing stands around the value, for a floor of Medium or above, which nothing but a Distinctive form reaches.
func (s *Set) weighAlone(hits []Hit, value *occurrence, o owner, floor rules.Confidence, lowered *detectorSet) []Hit {
	d, wanted := &s.detectors[o.detector], lowered.has(o.detector)
	if !wanted && !d.distinctive && value.inRow() {
		return hits
	}
	start, end, grade := d.read(value, o.grade)
	confidence := alone[grade]
	if confidence == 0 || confidence < floor && !wanted {
		return hits
	}
	return addHit(hits, o.detector, start, end, confidence, grade)
}

// lower adds the detectors to lowered whose hits are wanted however low they are. Only an Examine makes a whole value of a part.
func (s *Set) lower(lowered *detectorSet, field *Field, whole bool) {
	switch {
	case field.Lifts > 0 && field.Lifts <= len(s.detectors):
		lowered.add(field.Lifts - 1)
	case field.Lifts == LiftsAny && whole:
		*lowered = s.every
	case field.Lifts == LiftsAny:
		*lowered = s.examining
	}
}

// A judgement is one candidate while it is judged.
type judgement struct {
	set        *Set
	text       []byte
	start, end int // the candidate
	low, high  int // its cell, or the whole text
	nearby     *Nearby
	floor      rules.Confidence
	lowered    detectorSet // detectors without a floor
	column     *meaning    // what heads the column; nil for nothing
	read       bool        // near was filled, or nothing is named there
	near       surrounding
	inCell     bool
}

// begin fills a judgement that holds nothing, field by field: a literal would be made elsewhere and copied.
func (j *judgement) begin(s *Set, text []byte, candidate *match.Candidate, field *Field, column *meaning, low, high int) {
	j.set, j.text, j.nearby, j.column = s, text, field.Nearby, column
	j.start, j.end, j.low, j.high = candidate.Start, candidate.End, low, high
	j.floor, j.inCell = max(field.Floor, rules.Low), field.End > 0
	if j.floor >= rules.Medium {
		s.lower(&j.lowered, field, j.start == low && j.end == high)
	}
}

// narrow leaves only detectors that can reach a floor of Medium or above, or have none. Without support that is for certain
// detectors only, and in a column that means something else only for those that are Distinctive.
func (j *judgement) narrow(p *plan, certain, needy *detectorSet) {
	if needy.empty() && (j.column == nil || certain.empty()) {
		return
	}
	var free detectorSet
	if !j.lowered.empty() {
		free = p.plain
		free.keep(&j.lowered)
		free.keep(needy)
	}
	switch {
	case j.column != nil:
		j.readNear()
		named := j.column.headers
		named.addAll(&j.near.label)
		needy.keep(&named)
		named.addAll(&j.set.distinctive)
		named.addAll(&j.lowered)
		certain.keep(&named)
	case p.direct && !j.labelBefore():
		*needy = detectorSet{}
	default:
		j.readNear()
		if j.near.labelled {
			needy.keep(&j.near.label)
		} else {
			needy.keep(&j.near.context)
		}
	}
	needy.addAll(&free)
}

// weighAll weighs those owners whose detectors are wanted.
func (j *judgement) weighAll(hits []Hit, owners []owner, wanted *detectorSet) []Hit {
	for _, o := range owners {
		if wanted.has(o.detector) {
			hits = j.weigh(hits, o)
		}
	}
	return hits
}

// weigh appends a hit when the candidate is what the owner of its pattern describes.
func (j *judgement) weigh(hits []Hit, o owner) []Hit {
	d := &j.set.detectors[o.detector]
	var value occurrence
	value.set(j.text[:j.high], j.low, j.start, j.end)
	start, end, grade := d.read(&value, o.grade)
	if grade == Rejected {
		return hits
	}
	return j.book(hits, o, start, end, grade)
}

// book appends what weigh has read.
func (j *judgement) book(hits []Hit, o owner, start, end int, grade Grade) []Hit {
	d := &j.set.detectors[o.detector]
	confidence := alone[grade]
	if j.supports(o.detector, o.grade == Loose && d.direct) {
		confidence = supported[grade]
	} else if !d.distinctive {
		confidence = j.unsupported(confidence)
	}
	if confidence < j.floor && (confidence == 0 || !j.lowered.has(o.detector)) {
		return hits
	}
	return addHit(hits, o.detector, start, end, confidence, grade)
}

// supports reports whether the column or the words near the candidate speak for the detector. What stands directly before a
// value, or heads its column, overrules what is mentioned elsewhere; with directly set nothing else counts.
func (j *judgement) supports(detector int, directly bool) bool {
	if j.column != nil && j.column.headers.has(detector) {
		return true
	}
	j.readNear()
	if j.near.labelled {
		return j.near.label.has(detector)
	}
	return !directly && j.column == nil && j.near.context.has(detector)
}

// unsupported lowers a confidence that rests on the form alone where something else is named.
func (j *judgement) unsupported(confidence rules.Confidence) rules.Confidence {
	if confidence > rules.Low && (j.column != nil && j.column.means() || j.near.labelled) {
		return rules.Low
	}
	return confidence
}

// readNear reads the words around the candidate, unless there are none that could count: in a column that means something only a
// label directly before the value does.
func (j *judgement) readNear() {
	if j.read {
		return
	}
	j.read = true
	if j.column != nil && !j.labelBefore() || j.inCell && !j.nearby.hasLetters(j.text, j.low, j.high, j.start, j.end) {
		return
	}
	near := j.nearby
	if near == nil {
		near = &Nearby{}
	}
	j.set.around(&j.near, near, j.text, j.low, j.high, j.start, j.end)
}

func (j *judgement) labelBefore() bool { return labelBefore(j.text, j.low, j.start) }

// labelBefore reports whether a word may stand directly before a value in text[low:]: a letter is near, and no digit behind it.
func labelBefore(text []byte, low, start int) bool {
	for i := start - 1; i >= max(low, start-maxLabelGap-1); i-- {
		c := text[i]
		if mayBeLetter(c) {
			return true
		}
		if isDigit(c) {
			return false
		}
	}
	return false
}

// inRow reports whether the value is groups of digits with spaces between them in a longer row of such groups: figures of a
// table, or a dump.
func (v *occurrence) inRow() bool {
	return (numberEndsAt(v.text[v.low:v.start]) || numberBeginsAt(v.text[v.end:])) && hasByteIn(v.text[v.start:v.end], ' ')
}

// numberEndsAt reports whether a text ends with a short number or hexadecimal group between blanks, and a blank.
func numberEndsAt(before []byte) bool {
	n := len(before)
	if n < 2 || before[n-1] != ' ' && before[n-1] != '\t' {
		return false
	}
	digits := 0
	i := n - 2
	for ; i >= 0 && isHex(before[i]) && n-i < maxToken; i-- {
		if isDigit(before[i]) {
			digits++
		}
	}
	return digits > 0 && (i < 0 || before[i] <= ' ')
}

// numberBeginsAt is numberEndsAt for what stands behind.
func numberBeginsAt(after []byte) bool {
	if len(after) < 2 || after[0] != ' ' && after[0] != '\t' {
		return false
	}
	digits := 0
	i := 1
	for ; i < len(after) && isHex(after[i]) && i < maxToken; i++ {
		if isDigit(after[i]) {
			digits++
		}
	}
	return digits > 0 && (i == len(after) || after[i] <= ' ')
}

// maxToken is how far a neighbouring token is followed, in bytes.
const maxToken = 12

// gluedBefore and gluedAfter report whether a candidate goes on beyond a sign that does not part words.
func gluedBefore(before []byte) bool {
	n := len(before)
	if n < 2 {
		return false
	}
	switch before[n-1] {
	case '/', '+':
		return isDigit(before[n-2])
	case '-', '.':
		for i := n - 2; i >= 0 && i >= n-maxToken && isWordByte(before[i]); i-- {
			if isDigit(before[i]) {
				return true
			}
		}
	case '#', '%', '&':
		return before[n-1] != '#' || before[n-2] == '&'
	}
	return false
}

func gluedAfter(after []byte) bool {
	if len(after) < 2 {
		return false
	}
	switch after[0] {
	case '.', '/', '+', ':':
		return isDigit(after[1])
	case '-':
		for i := 1; i < len(after) && i < maxToken && isWordByte(after[i]); i++ {
			if isDigit(after[i]) {
				return true
			}
		}
	case '%':
		return isWordByte(after[1])
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWordByte reports whether c is an ASCII letter, digit or '_'.
func isWordByte(c byte) bool { return asciiLetter[c] != 0 || isDigit(c) || c == '_' }

// addHit appends a hit, field by field: a copy of the whole would have to wait for its parts.
func addHit(hits []Hit, detector, start, end int, confidence rules.Confidence, grade Grade) []Hit {
	n := len(hits)
	if n == cap(hits) {
		hits = append(hits, Hit{})
	}
	hits = hits[:n+1]
	hit := &hits[n]
	hit.Detector, hit.Start, hit.End, hit.Confidence, hit.Grade = detector, start, end, confidence, grade
	return hits
}

// keepBest keeps those of hits[first:] that no other exceeds.
func keepBest(hits []Hit, first int) []Hit {
	if len(hits)-first < 2 {
		return hits
	}
	best := rules.Low
	for _, h := range hits[first:] {
		best = max(best, h.Confidence)
	}
	kept := hits[:first]
	for _, h := range hits[first:] {
		if h.Confidence == best {
			kept = append(kept, h)
		}
	}
	return kept
}
