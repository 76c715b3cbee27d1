package configs

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// text is a string that parse turns into a T.
type text[T any] struct {
	to     *T
	parse  func(string) (T, error)
	format func(T) string // for the reference
	want   string         // what is allowed, for people
}

func (v text[T]) set(decoded any, problem func(int, error)) {
	s, ok := decoded.(string)
	if !ok {
		problem(whole, errType(v.want, decoded))
		return
	}
	parsed, err := v.parse(s)
	if err != nil {
		problem(whole, err)
		return
	}
	*v.to = parsed
}

func (v text[T]) kind() string   { return v.want }
func (v text[T]) String() string { return quoteSet(v.format(*v.to)) }

// quoteSet quotes what is not empty.
func quoteSet(s string) string {
	if s == "" {
		return ""
	}
	return strconv.Quote(s)
}

// list is an array of strings that parse turns into Ts.
type list[T any] struct {
	to     *[]T
	parse  func(string) ([]T, error) // one element may stand for several
	format func(T) string
	want   string // what an element may be
}

func (v list[T]) set(decoded any, problem func(int, error)) {
	elements, ok := decoded.([]any)
	if !ok {
		problem(whole, errType("a list of "+v.want, decoded))
		return
	}
	values := make([]T, 0, len(elements))
	for i, element := range elements {
		s, ok := element.(string)
		if !ok {
			problem(i, fmt.Errorf("must hold only %s, not %s", v.want, typeName(element)))
			continue
		}
		parsed, err := v.parse(s)
		if err != nil {
			problem(i, err)
			continue
		}
		values = append(values, parsed...)
	}
	*v.to = values
}

func (v list[T]) kind() string { return "a list of " + v.want }

func (v list[T]) String() string {
	if len(*v.to) == 0 {
		return ""
	}
	quoted := make([]string, len(*v.to))
	for i, element := range *v.to {
		quoted[i] = strconv.Quote(v.format(element))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// integer is a whole number within bounds.
type integer struct {
	to       *int
	min, max int
}

func (v integer) set(decoded any, problem func(int, error)) {
	n, ok := decoded.(int64)
	switch {
	case !ok:
		problem(whole, errType(v.kind(), decoded))
	case n < int64(v.min) || n > int64(v.max):
		problem(whole, fmt.Errorf("%d is out of range; allowed is %s", n, v.kind()))
	default:
		*v.to = int(n)
	}
}

func (v integer) kind() string { return fmt.Sprintf("a whole number from %d to %d", v.min, v.max) }

func (v integer) String() string {
	if *v.to == 0 {
		return ""
	}
	return strconv.Itoa(*v.to)
}

// oneOf is a whole number out of a few.
type oneOf struct {
	to      *int
	allowed []int
}

func (v oneOf) set(decoded any, problem func(int, error)) {
	n, ok := decoded.(int64)
	if !ok {
		problem(whole, errType(v.kind(), decoded))
		return
	}
	for _, allowed := range v.allowed {
		if n == int64(allowed) {
			*v.to = allowed
			return
		}
	}
	problem(whole, fmt.Errorf("%d is not allowed; it must be %s", n, v.kind()))
}

func (v oneOf) kind() string {
	names := make([]string, len(v.allowed))
	for i, n := range v.allowed {
		names[i] = strconv.Itoa(n)
	}
	return strings.Join(names, " or ")
}

func (v oneOf) String() string { return strconv.Itoa(*v.to) }

// boolean is true or false.
type boolean struct{ to *bool }

func trueOrFalse(to *bool) value { return boolean{to} }

func (v boolean) set(decoded any, problem func(int, error)) {
	b, ok := decoded.(bool)
	if !ok {
		problem(whole, errType(v.kind(), decoded))
		return
	}
	*v.to = b
}

func (v boolean) kind() string   { return "true or false" }
func (v boolean) String() string { return strconv.FormatBool(*v.to) }

// optional is a value that may be left out: the pointer stays nil then.
type optional[T any] struct {
	to   **T
	make func(*T) value
}

func (v optional[T]) set(decoded any, problem func(int, error)) {
	set := new(T)
	v.make(set).set(decoded, func(index int, err error) {
		problem(index, err)
		set = nil
	})
	*v.to = set
}

func (v optional[T]) kind() string   { return v.make(new(T)).kind() }
func (v optional[T]) String() string { return "" }

// day is a date, or a date with a time and zone.
type day struct{ to *time.Time }

func (v day) set(decoded any, problem func(int, error)) {
	t, ok := decoded.(time.Time)
	if !ok {
		problem(whole, errType(v.kind(), decoded))
		return
	}
	if name := t.Location().String(); name == "date-local" || name == "datetime-local" { // the TOML library's names
		t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	} else if name == "time-local" {
		problem(whole, errType(v.kind(), decoded))
		return
	}
	*v.to = t
}

func (v day) kind() string {
	return "a date such as 2027-03-31 (without quotes; the day begins in UTC)"
}
func (v day) String() string { return "" }

// typeName names a decoded value's TOML type, with its article.
func typeName(decoded any) string {
	switch decoded := decoded.(type) {
	case string:
		return "a string"
	case int64:
		return "a whole number"
	case float64:
		return "a fraction"
	case bool:
		return "true or false"
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	case time.Time:
		if decoded.Location().String() == "time-local" {
			return "a time of day"
		}
		return "a date"
	}
	return "something else"
}
