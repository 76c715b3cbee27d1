package audit

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// maxLine bounds a line that Verify reads, in bytes.
const maxLine = 1 << 20

// A Break is a place where a trail is not what was written.
type Break struct {
	Line   int // 1-based
	Reason string
}

// String names the line.
func (b Break) String() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// Verify reads a trail and returns every break of its chain, and where it ends. A first line that continues an earlier file is no
// break. The error says why the trail could not be read to its end.
func Verify(trail io.Reader) (Position, []Break, error) {
	lines := bufio.NewScanner(trail)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	var end Position
	var breaks []Break
	number := 0
	for lines.Scan() {
		number++
		if len(lines.Bytes()) == 0 {
			continue
		}
		var event Event
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			breaks = append(breaks, Break{number, "is no event"}) // the error could quote the line
			continue
		}
		if reason := follows(end, &event); reason != "" {
			breaks = append(breaks, Break{number, reason})
		}
		end = Position{Sequence: event.Metadata.Sequence, Hash: hashOf(lines.Bytes())}
	}
	return end, breaks, lines.Err()
}

// follows says why an event does not follow the end of a trail; "" when it does.
func follows(end Position, event *Event) string {
	sequence, previous := event.Metadata.Sequence, event.Stanch.Chain.Previous
	switch {
	case end.Hash == "": // the first line of a file
		return ""
	case sequence == 1 && previous == "":
		return "begins a new trail within the file"
	case sequence != end.Sequence+1:
		return fmt.Sprintf("has sequence %d behind %d: lines are missing or moved", sequence, end.Sequence)
	case previous != end.Hash:
		return "does not continue the line before it: that line was changed"
	}
	return ""
}
