package inspect

import (
	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// What a cell is depends on nothing but the cell and its column, so that the cells of one column are read one behind the other: what their
// automaton and their checks need stays near, and they take the same course. They are booked in the order of the text.

// cellBlock is how many cells are read at once, column by column: so many that a column has several, and so few that they and their text stay
// in the nearest caches.
const cellBlock = 384

// A columnListing lists cells by their columns.
type columnListing struct {
	columns  []*extract.Column // that have cells
	cells    []listedCell
	readings []detect.CellReading // scratch
	places   []int32              // of the readings: indices into batch.Cells
}

type listedCell struct{ index, before int32 } // into batch.Cells, and into cells plus one: that of the same column before it; 0 for none

func (l *columnListing) add(index int, column *extract.Column) {
	if column.Listed == 0 {
		l.columns = append(l.columns, column)
	}
	l.cells = append(l.cells, listedCell{int32(index), column.Listed})
	column.Listed = int32(len(l.cells))
}

// reset empties the listing.
func (l *columnListing) reset() {
	clear(l.columns) // they belong to a body
	l.columns, l.cells = l.columns[:0], l.cells[:0]
}

// readColumns reads the cells that were listed, column by column.
func (in *Inspector) readColumns() {
	l, cells := &in.listing, in.batch.Cells
	for _, column := range l.columns {
		l.readings, l.places = l.readings[:0], l.places[:0]
		for i := column.Listed; i > 0; i = l.cells[i-1].before {
			place := l.cells[i-1].index
			l.readings = append(l.readings, detect.CellReading{Start: cells[place].Start, End: cells[place].End})
			l.places = append(l.places, place)
		}
		column.Listed = 0
		in.readColumn(column)
	}
	l.reset()
}

// readColumn reads the cells of a column.
func (in *Inspector) readColumn(column *extract.Column) {
	l, cells, meaning := &in.listing, in.batch.Cells, in.meaning(column)
	in.engine.options.Detectors.ReadColumn(labelOf(meaning), in.leastOfWords(meaning), in.batch.Text, l.readings)
	foreseen := !in.people.seen.full()
	for i := range l.readings {
		reading, cell := &l.readings[i], &cells[l.places[i]]
		cell.Form, cell.Hits = int32(reading.Form), uint32(reading.Hits)
		if foreseen && reading.Form != detect.Unknown {
			cell.Key = in.keyAhead(reading)
		}
	}
}

// keyAhead returns the key of the first hit that a cell is, where that is a strong identifier of somebody, and otherwise 0.
func (in *Inspector) keyAhead(reading *detect.CellReading) uint64 {
	first, _, ok := reading.Hits.Next()
	if !ok {
		return 0
	}
	if t := in.engine.traitsOf(first.Detector, first.Confidence); t.strength != rules.Strong || t.nobody {
		return 0
	}
	hit := detect.Hit{Detector: first.Detector, Start: reading.Start, End: reading.End}
	return in.engine.options.Detectors.Key(in.batch.Text, &hit)
}
