package inspect

import (
	"stanch/rules"
	"stanch/rules/detect"
	"stanch/rules/extract"
)

// What a cell is depends on nothing but the cell and its column, so that the cells of one column are read one behind the other: what their
// automaton and their checks need stays near, and they take the same course. They are booked in the order of the text.

const (
	// listedCells is how many cells of a column are read at once: so few that those of all columns and their text stay in the nearest caches.
	listedCells = 64
	// listedColumns bounds how many columns are listed at once, and keptColumns how many the next body has room for: of 2 KiB each.
	listedColumns = 64
	keptColumns   = 16
)

// A columnListing lists cells by their columns, which know their places in it.
type columnListing struct {
	columns []listedColumn
	used    int // of columns
}

type listedColumn struct {
	column *extract.Column
	n      int // of cells
	cells  [listedCells]detect.CellReading
}

// place returns where the cells of a column are listed; nil when there is no room.
func (l *columnListing) place(column *extract.Column) *listedColumn {
	if column.Listed == 0 {
		if l.used == listedColumns {
			return nil
		}
		if l.used == len(l.columns) {
			l.columns = append(l.columns, listedColumn{})
		}
		l.columns[l.used].column = column
		l.used++
		column.Listed = int32(l.used)
	}
	return &l.columns[column.Listed-1]
}

// kept is the listing for the next body, without what only a wide table needs.
func (l *columnListing) kept() columnListing {
	if len(l.columns) > keptColumns {
		return columnListing{}
	}
	return *l
}

// list lists a cell, by its index, to be read by readListed, if not before.
func (in *Inspector) list(index int, cell *extract.Cell) {
	listed := in.listing.place(cell.Column)
	if listed == nil {
		in.readListed()
		listed = in.listing.place(cell.Column)
	}
	reading := &listed.cells[listed.n]
	reading.Start, reading.End, reading.Index = cell.Start, cell.End, index
	if listed.n++; listed.n == listedCells {
		in.readColumn(listed)
	}
}

// readListed reads the cells that are listed, and forgets their columns, which belong to a body.
func (in *Inspector) readListed() {
	l := &in.listing
	for i := range l.columns[:l.used] {
		listed := &l.columns[i]
		in.readColumn(listed)
		listed.column.Listed = 0
		listed.column = nil
	}
	l.used = 0
}

// readColumn reads the cells of a column that are listed.
func (in *Inspector) readColumn(listed *listedColumn) {
	if listed.n == 0 {
		return
	}
	readings, meaning := listed.cells[:listed.n], in.meaning(listed.column)
	listed.n = 0
	in.engine.options.Detectors.ReadColumn(labelOf(meaning), in.leastOfWords(meaning), in.batch.Text, readings)
	foreseen := !in.people.seen.full()
	for i := range readings {
		reading := &readings[i]
		cell := &in.batch.Cells[reading.Index]
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
