package extract

// Cells of tables that take several rows or columns, and rows of headings below the first.

// endLater keeps the name of one column that stands below the first row of headings, as "Email" does below "Contact".
func (t *gridTable) endLater(name []byte) {
	if len(t.columns) > 0 || t.span > 1 || t.column > maxColumns {
		return
	}
	for len(t.later) < t.column {
		t.later = append(t.later, "")
	}
	for len(t.names) < t.column {
		t.names = append(t.names, "")
	}
	t.later[t.column-1] = string(name)
}

// nextRow lets go of the columns that cells above no longer take.
func (t *gridTable) nextRow() {
	for i, rows := range t.taken {
		t.taken[i] = max(rows-1, 0)
	}
}

// nextColumn moves to the next column that no cell above takes.
func (t *gridTable) nextColumn() {
	t.column = min(t.column+max(t.span, 1), maxColumns+1)
	t.span = 0
	for t.column <= len(t.taken) && t.taken[t.column-1] > 0 {
		t.column++
	}
}

// spread says how many columns and rows the cell takes that was begun; 0 is one.
func (g *grid) spread(columns, rows int) {
	n := len(g.tables)
	if n == 0 || g.tables[n-1].cell == noCell {
		return
	}
	t := &g.tables[n-1]
	t.span = min(columns, maxSpan)
	if rows < 2 {
		return
	}
	end := min(t.column+max(t.span, 1)-1, maxSpan)
	for len(t.taken) < end {
		t.taken = append(t.taken, 0)
	}
	for i := t.column - 1; i < end; i++ {
		t.taken[i] = rows
	}
}
