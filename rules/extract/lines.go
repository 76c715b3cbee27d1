package extract

// A lineCopier is the copier of readers that read line by line. It cuts lines that are too long to be read at once.
type lineCopier struct {
	copier
	within bool // the line that is read has begun in an earlier piece
}

// readLines is Reader.Read. It calls line with the indices of each line into the body, without its end, or of each piece of a long one; within says that
// the piece goes on with the one before. It holds back a line whose end has not come.
func (c *lineCopier) readLines(batch *Batch, body []byte, offset int64, final bool, line func(start, end int, within bool)) int {
	i := c.copier.begin(batch, body, offset)
	for i < len(body) {
		end := next(body, i, '\n')
		switch {
		case end-i > cutLength:
			end = max(c.copier.settled(i+cutLength), i+1)
			line(i, end, c.within)
			c.within = true
		case end == len(body) && !final:
			return c.copier.end(i, final)
		default:
			line(i, end, c.within)
			c.within = false
			end = min(end+1, len(body))
		}
		i = end
	}
	return c.copier.end(i, final)
}
