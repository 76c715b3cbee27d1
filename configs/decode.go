package configs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"stanch/rules"
)

// A key is one key of a table: what it is called, what its value sets, and what it means.
type key struct {
	name     string
	value    value  // nil for a table
	table    []key  // the keys of a nested table; nil for a plain value
	required bool   // the table is wrong without it
	doc      string // one sentence for the reference
}

// A value takes what the TOML library decoded (string, int64, float64, bool, time.Time, []any, map[string]any).
type value interface {
	// set checks and stores it. Problems of single elements of a list are told with their index, all others with whole.
	set(decoded any, problem func(index int, err error))
	// kind names what is allowed, for errors and for the reference.
	kind() string
	// String is the value as it stands, as TOML: the default, for the reference. It is "" when nothing is set.
	String() string
}

// whole is the index of a problem that concerns the whole value.
const whole = -1

// A decoder walks a document and collects its problems.
type decoder struct {
	problems
	places positions
	// damaged says that parts of the document could not be read: what is missing may have stood there.
	damaged bool
}

// table stores the values of one table by its keys and reports those that are unknown, missing or wrong.
func (d *decoder) table(path []string, values map[string]any, keys []key) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
		if i < 0 {
			d.unknown(append(path, name), keys)
			continue
		}
		d.key(append(slices.Clone(path), name), values[name], keys[i])
	}
	for _, k := range keys {
		if _, present := values[k.name]; k.required && !present && !d.damaged {
			d.add(d.keyPlace(path), fmt.Errorf("%s needs %s: %s", tableName(path), k.name, k.doc))
		}
	}
}

// key stores one value.
func (d *decoder) key(path []string, decoded any, k key) {
	if k.table != nil {
		if nested, ok := d.nested(path, decoded); ok {
			d.table(path, nested, k.table)
		}
		return
	}
	k.value.set(decoded, func(index int, err error) {
		d.add(d.valuePlace(path, index), fmt.Errorf("%s: %w", k.name, err))
	})
}

// nested expects a table.
func (d *decoder) nested(path []string, decoded any) (map[string]any, bool) {
	if values, ok := decoded.(map[string]any); ok {
		return values, true
	}
	name := path[len(path)-1]
	d.add(d.valuePlace(path, whole), fmt.Errorf("%s must be a table, such as %s = { … } or [%s], not %s",
		name, name, strings.Join(path, "."), typeName(decoded)))
	return nil, false
}

// group stores tables that are named by their id: [rule.<id>].
func (d *decoder) group(name string, decoded any, each func(path []string, id string, values map[string]any)) {
	switch decoded := decoded.(type) {
	case map[string]any:
		for _, id := range slices.Sorted(maps.Keys(decoded)) {
			path := []string{name, id}
			if err := checkID(id); err != nil {
				d.add(d.keyPlace(path), err)
				continue
			}
			values, ok := decoded[id].(map[string]any)
			if !ok {
				d.add(d.keyPlace(path), fmt.Errorf("[%s] has no keys of its own: each %s is a table [%s.<id>]", name, name, name))
				continue
			}
			each(path, id, values)
		}
	default:
		d.add(d.keyPlace([]string{name}), fmt.Errorf("each %s is a table named by its id, [%s.<id>], not %s", name, name, typeName(decoded)))
	}
}

func (d *decoder) unknown(path []string, keys []key) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	last := len(path) - 1
	d.add(d.keyPlace(path), &hinted{
		message: fmt.Sprintf("unknown key %q in %s; allowed are %s", path[last], tableName(path[:last]), strings.Join(names, ", ")),
		hint:    rules.Nearest(path[last], names),
	})
}

// keyPlace is where a key or a table's name stands.
func (d *decoder) keyPlace(path []string) position {
	for ; len(path) > 0; path = path[:len(path)-1] {
		if at, ok := d.places.keys[pathOf(path...)]; ok {
			return at
		}
	}
	return position{1, 1}
}

// valuePlace is where a value, or one element of it, stands.
func (d *decoder) valuePlace(path []string, index int) position {
	if at, ok := d.places.values[pathOf(append(slices.Clone(path), element(index))...)]; ok && index != whole {
		return at
	}
	if at, ok := d.places.values[pathOf(path...)]; ok {
		return at
	}
	return d.keyPlace(path)
}

func tableName(path []string) string {
	if len(path) == 0 {
		return "the file"
	}
	return "[" + strings.Join(path, ".") + "]"
}

// maxID bounds ids: they become metric labels.
const maxID = 64

// checkID keeps ids fit for labels, logs and URLs.
func checkID(id string) error {
	ok := id != "" && len(id) <= maxID && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == ""
	if !ok {
		return fmt.Errorf("id %q: allowed are 1 to %d of a-z, 0-9, '-', '_' and '.'", id, maxID)
	}
	return nil
}

// errType is returned when a value has the wrong TOML type.
func errType(allowed string, decoded any) error {
	return errors.New("must be " + allowed + ", not " + typeName(decoded))
}
