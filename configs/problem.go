package configs

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one mistake in a configuration, where it stands.
type Problem struct {
	File    string
	Line    int // 1-based; 0 when the problem is the file's as a whole
	Column  int // 1-based, in characters; 0 with Line 0
	Message string
	Hint    string // what was probably meant; "" when there is nothing to say
}

// String is the problem on one line, without its hint: file:line:column: message.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// An Error is returned when a configuration has problems. It holds all of them, in the order of the file.
type Error struct{ Problems []Problem }

// Error is every problem on a line of its own, each with its hint in the line after it.
func (e *Error) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
		if p.Hint != "" {
			b.WriteString("\n  hint: " + p.Hint)
		}
	}
	return b.String()
}

// problems collects mistakes. The zero value with a file name is ready for use.
type problems struct {
	file  string
	found []Problem
}

// add records err at a place. The hint is asked of the error itself.
func (p *problems) add(at position, err error) {
	problem := Problem{File: p.file, Line: at.line, Column: at.column, Message: err.Error()}
	if hinted := (interface{ Hint() string })(nil); errors.As(err, &hinted) {
		problem.Hint = hintText(hinted.Hint())
	}
	p.found = append(p.found, problem)
}

// hintText makes a sentence of a hint that is a bare word: the near miss of a wrong name.
func hintText(hint string) string {
	if hint == "" || strings.ContainsRune(hint, ' ') {
		return hint
	}
	return fmt.Sprintf("did you mean %q?", hint)
}

// err is nil when nothing was found.
func (p *problems) err() error {
	if len(p.found) == 0 {
		return nil
	}
	slices.SortStableFunc(p.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &Error{Problems: p.found}
}

// hinted is an error that knows what was meant.
type hinted struct {
	message string
	hint    string
}

func (e *hinted) Error() string { return e.message }

// Hint says what was meant.
func (e *hinted) Hint() string { return e.hint }
