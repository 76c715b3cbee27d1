package extract

import (
	"bytes"
	"testing"
)

// TestSetsOfBytesAreWalkedBothWays compares the walks over bits with those over bytes, for every stretch of a text.
func TestSetsOfBytesAreWalkedBothWays(t *testing.T) {
	body := []byte("<a>" + string(bytes.Repeat([]byte("x"), 60)) + "<b><c>" + string(bytes.Repeat([]byte("y"), 130)) + "<d>z<")
	var batch Batch
	c := copier{table: htmlTable}
	c.begin(&batch, body, 0)
	for i := range len(body) + 1 {
		for end := i; end <= len(body); end++ {
			first, last := bytes.IndexByte(body[i:end], '<'), bytes.LastIndexByte(body[i:end], '<')
			if want := i + last; c.lastIn(tagSet, i, end) != want {
				t.Errorf("lastIn(%d, %d) = %d, want %d", i, end, c.lastIn(tagSet, i, end), want)
			}
			want := end
			if first >= 0 {
				want = i + first
			}
			if got := c.nextBefore(tagSet, i, end); got != want {
				t.Errorf("nextBefore(%d, %d) = %d, want %d", i, end, got, want)
			}
		}
	}
	c.end(len(body), true)
}

// TestEveryNameBeginsAnEntity holds that the quick look at two letters misses no name.
func TestEveryNameBeginsAnEntity(t *testing.T) {
	c := copier{}
	for name, r := range namedEntities() {
		if !c.begins([]byte("&" + name + ";")) {
			t.Errorf("&%s; (%q) is not looked at", name, r)
		}
	}
	for _, text := range []string{"&&", "&x.y", "&xq.y", "& ", "&1a"} {
		if c.begins([]byte(text)) {
			t.Errorf("%q is taken for the beginning of a reference", text)
		}
	}
}
