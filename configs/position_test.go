package configs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestPositions(t *testing.T) {
	const document = "# comment\n" +
		"a = 1\n" +
		"b.c = [ 1, [ 'x]', \"y\\\"]\" ], # ]\n  { d = 2 } ]\n" +
		"[t.\"u.v\"] # here\n" +
		"  w = '''\n]\nz = 1'''\n" +
		"ä = 1\n" +
		"[[n]]\n[[n]]\nm = 2027-03-31 10:00:00\n[n.sub]\nk = { l = true, \"é\" = 0 }\n"
	places := indexPositions(document)
	tests := []struct {
		path       []string
		key, value position
	}{
		{[]string{"a"}, position{2, 1}, position{2, 5}},
		{[]string{"b", "c"}, position{3, 1}, position{3, 7}},
		{[]string{"b", "c", element(1), element(1)}, position{}, position{3, 20}},
		{[]string{"b", "c", element(2), "d"}, position{4, 5}, position{4, 9}},
		{[]string{"t", "u.v"}, position{5, 2}, position{}},
		{[]string{"t", "u.v", "w"}, position{6, 3}, position{6, 7}},
		{[]string{"t", "u.v", "ä"}, position{9, 1}, position{9, 5}},
		{[]string{"n", element(1), "m"}, position{12, 1}, position{12, 5}},
		{[]string{"n", element(1), "sub", "k", "é"}, position{14, 17}, position{14, 23}},
	}
	for _, test := range tests {
		if got := places.keys[pathOf(test.path...)]; got != test.key {
			t.Errorf("key %q: %v, want %v", test.path, got, test.key)
		}
		if got := places.values[pathOf(test.path...)]; got != test.value {
			t.Errorf("value %q: %v, want %v", test.path, got, test.value)
		}
	}
}

// FuzzParse: no document panics or hangs; every problem of a document has a place within it; and of every document that the
// TOML library accepts, the place of each key is known.
func FuzzParse(f *testing.F) {
	seeds := 0
	for _, pattern := range []string{"testdata/bad/*.toml", "examples/*.toml", "stanch.toml"} {
		files, _ := filepath.Glob(pattern)
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(data))
			seeds++
		}
	}
	f.Add(everything)
	f.Add("a = \"\"\"x\"\"\"\"\"\n'b' = [[[{ c = '}' }]]]\n[[d]]\n[d.e]\nf.g = 1\n[[d.h]]\ni = { }\n")
	if seeds < 50 {
		f.Fatalf("only %d seeds", seeds)
	}
	f.Fuzz(func(t *testing.T, document string) {
		places := indexPositions(document)
		values := map[string]any{}
		if _, err := toml.Decode(document, &values); err == nil {
			checkPlaces(t, places, nil, values)
		}
		_, err := parser{name: "fuzz.toml", catalogue: testCatalogue(), now: today, read: func(string) ([]byte, error) { return []byte("planted value"), nil }}.parse([]byte(document))
		if problems, ok := err.(*Error); ok {
			for _, p := range problems.Problems {
				if p.Line < 1 || p.Column < 1 || p.Message == "" {
					t.Errorf("a problem without a place: %+v", p)
				}
			}
		}
	})
}

func checkPlaces(t *testing.T, places positions, path []string, decoded any) {
	switch decoded := decoded.(type) {
	case map[string]any:
		for name, value := range decoded {
			child := append(append([]string(nil), path...), name)
			if _, known := places.keys[pathOf(child...)]; !known {
				t.Errorf("no place of %q", child)
			}
			checkPlaces(t, places, child, value)
		}
	case []any:
		for i, value := range decoded {
			checkPlaces(t, places, append(append([]string(nil), path...), element(i)), value)
		}
	case []map[string]any:
		for i, value := range decoded {
			checkPlaces(t, places, append(append([]string(nil), path...), element(i)), value)
		}
	}
}
