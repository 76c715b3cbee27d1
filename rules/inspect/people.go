package inspect

import (
	"math/bits"
	"slices"

	"stanch/rules"
	"stanch/rules/detect"
)

// people counts data subjects: records (rows, objects) with one strong identifier or two different weak ones, and distinct
// strong identifiers of one kind in running text. One repeated value never counts twice.
type people struct {
	seen      distinctSet // identifiers and pairs of weak ones that were counted
	records   int         // people counted by record, in the exact range
	inText    []int       // distinct strong values of running text by detector
	byKind    []int       // records with a new value, by detector
	mostText  int
	mostKind  int
	open      []recordState // the record that is being read and those around it
	discounts distinctSet   // identifiers that came in with the request
	special   bool          // somebody who was counted has special category data
}

// recordState is what is known of one record while it is read.
type recordState struct {
	id       int64
	counted  bool // it is a person already
	known    bool // its identifiers stood in an earlier record
	special  bool // it holds special category data
	attached bool // counted, but only for what a person has (phone, card, account), not for who the person is
	held     int  // records inside it that are attached
	weak     weakKind
	weakKey  uint64
	kinds    []int // detectors counted in it
	values   []int // how many new values each of them had
	most     int   // the largest of values
	people   int   // how many it was counted for
	names    int   // different names in full, in it and in records inside it
	nameKeys [crowd]uint64
	fresh    uint16 // the relations that new values had, as a set
	familiar uint16 // those that known values had
	phoned   bool   // it has what may be a telephone
	named    bool   // a record inside it is nothing but somebody's name
	lends    bool   // counted for an identifier of a record inside it
	lent     bool   // known by an identifier that was counted for the record around it
}

// crowd is how many identifiers of one kind a record may hold that still is one person: addresses for home, work and study. Beyond
// it each is somebody's: the record is a list, such as a column written as a line, or people under keys of one object. Below it they are as many
// people as the record has names in full, or columns for relations of somebody: a patient and the next of kin.
const crowd = 4

// weakKind is a set of kinds of weak identifiers. Two places are one kind: a street and its postcode name a house, not a person.
type weakKind uint8

const (
	weakName weakKind = 1 << iota
	weakBirth
	weakPlace
	weakOther
)

func (p *people) reset(detectors int) {
	p.seen.reset()
	p.discounts.reset()
	p.records, p.mostText, p.mostKind, p.open, p.special = 0, 0, 0, p.open[:0], false
	p.inText = resized(p.inText, detectors)
	p.byKind = resized(p.byKind, detectors)
}

func resized(counts []int, n int) []int {
	counts = slices.Grow(counts[:0], n)[:n]
	clear(counts)
	return counts
}

// count is the estimate so far.
func (p *people) count() int { return max(p.records+p.seen.estimate()+p.mostText, p.mostKind) }

// isPerson reports whether a record that is being read is a person.
func (p *people) isPerson(record int64) bool {
	return slices.ContainsFunc(p.open, func(r recordState) bool { return r.id == record && (r.counted || r.known) })
}

// within reports whether the record that is being read, or one around it, is a person.
func (p *people) within() bool {
	return slices.ContainsFunc(p.open, func(r recordState) bool { return r.counted || r.known })
}

// enter makes record the one that is being read. Records that it does not lie in have ended.
func (p *people) enter(record, parent int64) *recordState {
	for len(p.open) > 0 {
		top := &p.open[len(p.open)-1]
		if top.id == record {
			return top
		}
		if top.id == parent {
			break
		}
		p.leave()
	}
	if len(p.open) == 0 && parent != 0 {
		p.begin(parent)
	}
	return p.begin(record)
}

// begin opens a record inside those that are open.
func (p *people) begin(record int64) *recordState {
	if len(p.open) < cap(p.open) {
		p.open = p.open[:len(p.open)+1]
		top := &p.open[len(p.open)-1]
		*top = recordState{id: record, kinds: top.kinds[:0], values: top.values[:0]}
		return top
	}
	p.open = append(p.open, recordState{id: record})
	return &p.open[len(p.open)-1]
}

// leave ends the innermost record.
func (p *people) leave() {
	last := len(p.open) - 1
	if state := &p.open[last]; last > 0 {
		around := &p.open[last-1]
		if state.attached {
			around.held++
		}
		if state.weak == weakName && !state.counted && !state.known {
			around.named = true
			around.addNameKey(state.weakKey)
		}
	}
	p.open = p.open[:last]
}

// addNameKey notes a name in full and reports whether the record did not have it.
func (s *recordState) addNameKey(key uint64) bool {
	if s.names == len(s.nameKeys) || slices.Contains(s.nameKeys[:s.names], key) {
		return false
	}
	s.nameKeys[s.names] = key
	s.names++
	return true
}

// addName takes a name in full, by its key, that stands below a header which says so, and returns what add does. One that is not sure, as it may
// be that of a thing, counts only beside a date of birth or what may be a telephone.
func (p *people) addName(key uint64, record, parent int64, sure bool) (person uint64, isNew bool) {
	if p.discounts.has(key) {
		return 0, false
	}
	state := p.enter(record, parent)
	before := p.count()
	if state.addNameKey(key) {
		p.addOthers(state)
	}
	if sure || state.weak&weakBirth != 0 || state.phoned {
		if person, isNew = p.addWeak(state, weakName, key); isNew {
			return person, true
		}
	}
	return key, p.count() > before
}

// settled reports whether an identifier changes nothing any more, whatever its value: a weak one in running text, or of a kind that
// the record has, or in a record that is a person; and a strong one in such a record once no further key is remembered.
func (p *people) settled(t *traits, record int64) bool {
	if record == 0 {
		return t.strength == rules.Weak
	}
	if len(p.open) == 0 {
		return false
	}
	top := &p.open[len(p.open)-1]
	if top.id != record {
		return false
	}
	switch person := top.counted || top.known; t.strength {
	case rules.Weak:
		return person || top.weak&t.kind != 0
	case rules.Strong:
		return person && p.seen.full() && p.discounts.used == 0
	}
	return false
}

// add takes one identifier of a detector, by its key, and returns the key of a person that was not known before, if it makes one.
func (p *people) add(t *traits, detector int, key uint64, record, parent int64, relation uint8) (person uint64, isNew bool) {
	if p.discounts.has(key) {
		return 0, false
	}
	if record == 0 {
		return p.addToText(detector, key, t.strength)
	}
	state := p.enter(record, parent)
	switch t.strength {
	case rules.Strong:
		return p.addStrong(state, t, detector, key, relation)
	case rules.Weak:
		state.phoned = state.phoned || t.phone
		return p.addWeak(state, t.kind, key)
	}
	p.addSpecial(record, parent)
	return 0, false
}

// addSpecial notes that a record holds special category data.
func (p *people) addSpecial(record, parent int64) {
	p.enter(record, parent).special = true
	p.special = p.special || p.within()
}

func (p *people) addToText(detector int, key uint64, strength rules.Strength) (uint64, bool) {
	if strength == rules.Special {
		p.special = p.special || p.mostText > 0
	}
	if strength != rules.Strong || !p.seen.add(key) {
		return 0, false
	}
	before := p.count()
	switch {
	case !p.seen.full():
		p.inText[detector]++
		p.mostText = max(p.mostText, p.inText[detector])
	case p.inText[detector] == p.mostText: // the kind that the people in the text are counted by
		p.seen.count(key)
	}
	return key, p.count() > before
}

func (p *people) addStrong(state *recordState, t *traits, detector int, key uint64, relation uint8) (uint64, bool) {
	if p.seen.full() && (state.counted || state.known) { // what is attached matters no more
		return key, false
	}
	fresh := p.seen.add(key)
	before := p.count()
	if around := p.around(state); fresh && !t.attribute && around != nil {
		state.known, state.lent = true, true
		state = around
	}
	switch {
	case t.attribute || p.seen.full():
	case fresh:
		p.addValue(state, detector)
		state.fresh |= 1 << relation
	default:
		state.familiar |= 1 << relation
	}
	switch {
	case state.counted || state.known:
		state.attached = state.attached && t.attribute
	case !fresh:
		state.known = true
	case t.attribute && p.within():
		state.known = true // a phone of the person around it
	default:
		state.attached = t.attribute
		p.countRecord(state, key)
	}
	if !p.seen.full() {
		p.addOthers(state)
	}
	return key, p.count() > before
}

// around returns the record around one that has nothing but an identifier, where that has a name and no identifier of its own: its
// addresses stand in records of their own then, with what sort they are. It is nil for others.
func (p *people) around(state *recordState) *recordState {
	last := len(p.open) - 1
	if last < 1 || state.counted || state.known && !state.lent || state.weak != 0 || state.names > 0 {
		return nil
	}
	around := &p.open[last-1]
	if around.known || around.weak&weakName == 0 && !around.named || around.counted && !around.lends {
		return nil
	}
	around.lends = true
	return around
}

// addOthers counts the people of a record beyond the first: all of a crowd, of fewer those that it has names for.
func (p *people) addOthers(state *recordState) {
	if !state.counted && !state.known {
		return
	}
	n := state.most
	if n <= crowd {
		names, relations := state.names, state.fresh
		if state.known { // one of them is who was known
			names, relations = names-1, relations&^max(state.familiar, 1)
		}
		n = min(n, max(names, bits.OnesCount16(relations)))
	}
	if n > state.people {
		p.records += n - state.people
		state.people = n
	}
}

// addValue counts a new value of a record by its detector.
func (p *people) addValue(state *recordState, detector int) {
	i := slices.Index(state.kinds, detector)
	if i < 0 {
		i = len(state.kinds)
		state.kinds, state.values = append(state.kinds, detector), append(state.values, 0)
		p.byKind[detector]++
		p.mostKind = max(p.mostKind, p.byKind[detector])
	}
	state.values[i]++
	state.most = max(state.most, state.values[i])
}

func (p *people) addWeak(state *recordState, kind weakKind, key uint64) (uint64, bool) {
	if state.counted || state.known || state.weak&kind != 0 {
		return 0, false
	}
	state.weak |= kind
	state.weakKey += key
	if (kind == weakBirth || state.phoned) && kind != weakName && state.weak&weakName == 0 && state.names > 0 {
		state.weak |= weakName
		state.weakKey += state.nameKeys[0]
	}
	if state.weak == kind {
		return 0, false
	}
	if !p.seen.add(state.weakKey) {
		state.known = true
		return 0, false
	}
	before := p.count()
	p.countRecord(state, state.weakKey)
	return state.weakKey, p.count() > before
}

// countRecord counts the record, which key stands for where people are estimated. Records inside it that were counted only for what a person has were this person's.
func (p *people) countRecord(state *recordState, key uint64) {
	state.counted = true
	p.special = p.special || slices.ContainsFunc(p.open, func(r recordState) bool { return r.special })
	if p.seen.full() {
		p.seen.count(key)
		return
	}
	p.records++
	state.people = 1
	if !state.attached {
		p.records -= min(state.held, p.records-1)
		state.held = 0
	}
}

// traits are what matters of a detector for the count of people.
type traits struct {
	strength  rules.Strength
	kind      weakKind // as a weak identifier
	attribute bool     // something that a person has several of, in records of their own
	phone     bool
	nobody    bool // it names nobody
}

func traitsOf(d *detect.Detector) traits {
	phone := d.ID == "phone"
	return traits{strength: d.Strength, kind: weakKindOf(d), attribute: phone || d.Category == detect.Financial, phone: phone,
		nobody: d.Category == detect.Credential || d.Category == detect.OnlineIdentifier}
}

func weakKindOf(d *detect.Detector) weakKind {
	switch {
	case d.ID == "person_name":
		return weakName
	case d.ID == "date_of_birth":
		return weakBirth
	case d.Category == detect.Location:
		return weakPlace
	}
	return weakOther
}
