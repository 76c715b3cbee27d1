package inspect

import (
	"bytes"
	"fmt"

	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// A column whose values are mostly what a detector says lifts its findings; one whose values mostly are not lowers those
// that rest on a check digit alone.
const (
	columnSample = 8  // values seen before a column says anything
	columnLift   = 80 // per cent
	columnLower  = 30
)

// accept books a hit: as a finding, towards people, and as what a redaction would change. What is below the least confidence that
// anybody asks for is no finding.
func (in *Inspector) accept(hit *detect.Hit, cell *extract.Cell, at int) {
	if in.stage == stopped {
		return
	}
	if cell != nil {
		hit.Confidence = in.byColumn(hit, cell)
	}
	if in.inside != nil {
		in.acceptEncoded(hit, cell)
		return
	}
	redacted := in.mayRedact && (hit.Confidence >= rules.Medium || in.isWordOf(cell))
	named := in.isWholeName(hit, cell)
	if hit.Confidence < in.leastAsked && !redacted && !named {
		return
	}
	document := in.stage == spooling
	if !document {
		position := in.batch.BodyOffset(at)
		record := position
		if cell != nil {
			record = in.recordStart(cell, position)
		}
		in.raiseFloor(position, record)
	}
	if redacted {
		if document {
			in.addCellEdit(hit, cell)
		} else {
			in.addEdits(hit, cell)
		}
	}
	if in.engine.options.Places {
		in.addPlace(hit, cell)
	}
	changed := in.addCount(hit.Detector, hit.Confidence)
	if named || hit.Confidence >= rules.Medium {
		changed = in.addPerson(hit, cell, 0) || changed
	}
	if in.tentative > 0 && cell != nil && in.people.isPerson(cell.Record) {
		in.confirmEdits(cell.Record)
	}
	if changed {
		in.judge(in.floor)
	}
}

// acceptInColumn books in.hits, which are what a cell is in a column that has a meaning. Where hits are only counted, in a record of a
// table, clear raises the floor, unless the verdict changes here.
func (in *Inspector) acceptInColumn(cell *extract.Cell) {
	for i := range in.hits {
		if hit := &in.hits[i]; hit.Confidence >= rules.Medium && in.countsCell(cell) {
			in.countInColumn(detect.CellHit{Detector: hit.Detector, Confidence: hit.Confidence}, hit.Start, hit.End, cell, 0)
		} else {
			in.accept(hit, cell, cell.Start)
		}
	}
}

// countsCell reports whether what a cell holds is only counted, in a record of a table.
func (in *Inspector) countsCell(cell *extract.Cell) bool {
	return in.countsOnly && in.inside == nil && cell.Parent == 0
}

// countInColumn counts a hit at text[start:end] in a cell; key is 0 when it is not known.
func (in *Inspector) countInColumn(of detect.CellHit, start, end int, cell *extract.Cell, key uint64) {
	if in.stage == stopped {
		return
	}
	changed := in.addCount(of.Detector, of.Confidence)
	hit := detect.Hit{Detector: of.Detector, Start: start, End: end, Confidence: of.Confidence}
	if !in.addPerson(&hit, cell, key) && !changed {
		return
	}
	if in.stage != spooling {
		position := in.batch.BodyOffset(cell.Start)
		in.raiseFloor(position, in.recordStart(cell, position))
	}
	in.judge(in.floor)
}

// isWordOf reports whether a cell is words below a header that names them, in a record. A name that no list of names knows is
// low by itself; it is a name all the same when its record turns out to be a person.
func (in *Inspector) isWordOf(cell *extract.Cell) bool {
	return cell != nil && cell.Record != 0 && in.meaning(cell.Column)&wordy != 0
}

// isWholeName reports whether a hit is what stands, in a record, below the header of names in full.
func (in *Inspector) isWholeName(hit *detect.Hit, cell *extract.Cell) bool {
	return cell != nil && in.inside == nil && cell.Record != 0 && in.engine.traits[hit.Detector].kind == weakName && in.meaning(cell.Column)&namesWhole != 0
}

// byColumn is the confidence in the light of the other values of the column. Only a detector that takes whole values gains
// by it, and one column serves one detector. A value that stands in one row after the other, as the number of an account that owns
// all of them, says no more than once.
func (in *Inspector) byColumn(hit *detect.Hit, cell *extract.Cell) rules.Confidence {
	if labelOf(in.meaning(cell.Column)) != 0 {
		return hit.Confidence
	}
	column, detector := cell.Column, int32(hit.Detector)+1
	if hit.Start == cell.Start && hit.End == cell.End && (column.Valid == 0 || column.Detector == detector) {
		switch key := in.engine.options.Detectors.Key(in.batch.Text, hit); {
		case column.Valid == 0:
			column.Detector, column.Valid, column.Last = detector, 1, key
		case column.Last == key:
			column.Repeated++
		default:
			column.Valid, column.Last = column.Valid+1, key
		}
	}
	different := column.Seen - column.Repeated
	if different < columnSample {
		return hit.Confidence
	}
	share := column.Valid * 100 / different
	switch {
	case column.Detector == detector && share >= columnLift && hit.Confidence < rules.High && hit.Grade >= detect.Checked:
		return hit.Confidence + 1
	case share < columnLower && hit.Confidence == rules.Medium && !in.engine.options.Detectors.Detectors()[hit.Detector].Distinctive:
		return rules.Low
	}
	return hit.Confidence
}

// addPerson counts a data subject and reports whether that could change the verdict. The key of the hit is made when it is 0.
func (in *Inspector) addPerson(hit *detect.Hit, cell *extract.Cell, key uint64) bool {
	t := in.engine.traitsOf(hit.Detector, hit.Confidence)
	if t.nobody {
		return false
	}
	var record, parent int64
	if cell != nil {
		record, parent = cell.Record, cell.Parent
	}
	if in.inside != nil {
		record, parent = in.inside.of(record, parent)
	}
	named := in.isWholeName(hit, cell)
	if !named && in.people.settled(t, record) {
		return false
	}
	special := in.people.special
	if t.strength == rules.Special && record != 0 && in.people.discounts.used == 0 { // whatever its value
		in.people.addSpecial(record, parent)
		in.evidence.Special = in.people.special
		return special != in.people.special
	}
	if key == 0 {
		key = in.engine.options.Detectors.Key(in.batch.Text, hit)
	}
	person, isNew := uint64(0), false
	if named {
		person, isNew = in.people.addName(key, record, parent, hit.Confidence >= rules.Medium)
	} else {
		person, isNew = in.people.add(t, hit.Detector, key, record, parent, in.relationOf(cell))
	}
	if isNew && in.body.Budget != nil {
		in.body.Budget.Read(person, in.evidence.Budgets)
		in.notePerson(person)
		special = !in.people.special // its counts may have changed the verdict
	}
	in.evidence.People, in.evidence.Special = in.people.count(), in.people.special
	return special != in.people.special || in.evidence.People < in.fewest || in.evidence.People >= in.most
}

// relationOf returns the detect.Relation of what a cell holds; 0 outside of cells.
func (in *Inspector) relationOf(cell *extract.Cell) uint8 {
	if cell == nil {
		return 0
	}
	return uint8(in.meaning(cell.Column) / relation % detect.Relations)
}

// addCount counts a finding and reports whether that could change the verdict.
func (in *Inspector) addCount(detector int, confidence rules.Confidence) bool {
	if confidence < in.leastAsked {
		return false
	}
	i := in.ordinal[detector]
	if i == 0 {
		i = in.firstOf(detector)
	}
	in.evidence.Counts[i-1].By[confidence]++
	asked := in.asked[i-1]
	return asked > 0 && confidence >= asked
}

// firstOf makes room for the findings of a detector, and returns its ordinal.
func (in *Inspector) firstOf(detector int) int16 {
	id := in.engine.options.Detectors.Detectors()[detector].ID
	in.evidence.Counts = append(in.evidence.Counts, rules.DetectorCount{Detector: id})
	in.asked = append(in.asked, in.scope.Asks(id))
	in.ordinal[detector] = int16(len(in.evidence.Counts))
	return in.ordinal[detector]
}

// addPlace keeps the finding for people to read.
func (in *Inspector) addPlace(hit *detect.Hit, cell *extract.Cell) {
	detector := &in.engine.options.Detectors.Detectors()[hit.Detector]
	value := in.batch.Text[hit.Start:hit.End]
	finding := rules.Finding{Detector: detector.ID, Confidence: hit.Confidence, Strength: detector.Strength, Start: -1,
		Masked: string(in.engine.options.Detectors.Mask(nil, hit.Detector, value))}
	if cell != nil {
		finding.Where = cell.Where
	}
	if in.stage != spooling {
		finding.Start, finding.End = in.batch.BodyOffset(hit.Start), in.batch.BodyEnd(hit.End)
		finding.Line = in.lines.at(&in.window, finding.Start)
		if finding.Where == "" {
			finding.Where = fmt.Sprintf("line %d", finding.Line)
		}
	}
	in.places = append(in.places, finding)
}

// discount makes values that came in with the request count for nobody.
func (in *Inspector) discount(echo [][]byte) {
	set := in.engine.options.Detectors
	for _, value := range echo {
		candidates, _ := set.Engine().Scan(nil, value, 0, true)
		for i := range candidates {
			in.hits = set.Judge(in.hits[:0], value, &candidates[i], &detect.Field{})
			for i := range in.hits {
				in.people.discounts.add(set.Key(value, &in.hits[i]))
			}
		}
	}
}

// A lineCounter knows the line of one offset and finds those near it.
type lineCounter struct {
	offset int64
	ends   int // line ends before offset
}

// at returns the 1-based line of an offset that is still in the window.
func (l *lineCounter) at(w *window, offset int64) int {
	l.pass(w, offset)
	return l.ends + 1
}

// pass moves to an offset in the window, forwards or back. What was never in the window has no lines.
func (l *lineCounter) pass(w *window, offset int64) {
	switch {
	case l.offset < w.base:
	case offset >= l.offset:
		l.ends += bytes.Count(w.between(l.offset, offset), []byte{'\n'})
	case offset >= w.base:
		l.ends -= bytes.Count(w.between(offset, l.offset), []byte{'\n'})
	}
	l.offset = offset
}
