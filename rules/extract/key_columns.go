package extract

import (
	"encoding/binary"
	"strings"
)

const (
	maxKeys       = 256  // keys of one object that are told apart; those behind share one column
	maxKeyColumns = 8192 // columns of one body
)

// A keyNode is a column of a document: all values behind the same keys, whatever the indices between.
type keyNode struct {
	column   Column
	children []*keyNode
	byKey    map[string]*keyNode // the children once there are many
	next     int                 // the child expected next: objects of one array mostly have the same keys in the same order
	others   *keyNode            // for keys past maxKeys
	literal  bool                // the key stands in quotes as it is: it has no quotes and backslashes, and is shorter than headerLength
	word     uint64              // the first bytes of the key and a quote behind it, as a little-endian word
	mask     uint64              // of the bytes in word
	whole    bool                // those are all
	repeats  bool                // of an XML element: it stands beside others of its name
}

// fewKeys is how many children are looked through one by one.
const fewKeys = 32

// What is made at once for the next columns.
const (
	spareNodes = 8
	spareNames = 128 // bytes of keys
)

// A keyColumns hands out the columns of one body.
type keyColumns struct {
	root  keyNode
	other keyNode // shared by all columns past maxKeyColumns
	count int
	spare []keyNode
	names strings.Builder // of keys
}

// node makes the node of a column.
func (c *keyColumns) node(column Column) *keyNode {
	if len(c.spare) == 0 {
		c.spare = make([]keyNode, spareNodes)
	}
	node := &c.spare[0]
	c.spare = c.spare[1:]
	node.column = column
	c.count++
	return node
}

// keep returns a key that stays.
func (c *keyColumns) keep(key []byte) string {
	if c.names.Cap()-c.names.Len() < len(key) {
		c.names.Reset()
		c.names.Grow(max(spareNames, len(key)))
	}
	from := c.names.Len()
	c.names.Write(key)
	return c.names.String()[from:]
}

// expected is the child that stands next in order; nil when there is none.
func (n *keyNode) expected() *keyNode {
	if n.next < len(n.children) {
		return n.children[n.next]
	}
	return nil
}

// child returns the column behind one more key.
func (c *keyColumns) child(node *keyNode, key []byte) *keyNode {
	if expected := node.expected(); expected != nil && expected.column.Header == string(key) {
		node.next++
		return expected
	}
	if node.byKey == nil {
		for range node.children { // from the one expected on: it may be left out
			if node.next >= len(node.children) {
				node.next = 0
			}
			child := node.children[node.next]
			if node.next++; child.column.Header == string(key) {
				return child
			}
		}
	} else if child := node.byKey[string(key)]; child != nil {
		node.next = child.column.Number // keys come in order mostly
		return child
	}
	return c.add(node, key)
}

func (c *keyColumns) add(node *keyNode, key []byte) *keyNode {
	if node == &c.other || c.count >= maxKeyColumns {
		return &c.other
	}
	n := len(node.children)
	if n >= maxKeys {
		if node.others == nil {
			node.others = c.node(Column{Container: keysTo(node)})
		}
		return node.others
	}
	column := Column{Header: c.keep(key), Number: n + 1}
	if n == 0 {
		node.children = make([]*keyNode, 0, spareNodes)
		column.Container = keysTo(node)
	} else {
		column.Container = node.children[0].column.Container
	}
	child := c.node(column)
	child.spell()
	node.children = append(node.children, child)
	node.next = n + 1
	if n >= fewKeys {
		if node.byKey == nil {
			node.byKey = make(map[string]*keyNode, 2*fewKeys)
			for _, sibling := range node.children {
				node.byKey[sibling.column.Header] = sibling
			}
		}
		node.byKey[column.Header] = child
	}
	return child
}

// keyWord is how many bytes of a key, and of the quote behind it, are compared at once.
const keyWord = 8

// spell prepares isAt.
func (n *keyNode) spell() {
	key := n.column.Header
	n.literal = len(key) < headerLength && !strings.ContainsAny(key, "\"\\\n")
	var quoted [keyWord + 1]byte
	copy(quoted[copy(quoted[:], key):], `"`)
	n.word = binary.LittleEndian.Uint64(quoted[:])
	n.mask = ^uint64(0) >> (8 * max(keyWord-1-len(key), 0))
	n.whole = n.literal && len(key) < keyWord
}

// isAt reports whether the key, and a quote behind it, stand at body[start:]. It may miss one at the end of body.
func (n *keyNode) isAt(body []byte, start int) bool {
	return start+keyWord <= len(body) && (binary.LittleEndian.Uint64(body[start:start+keyWord:start+keyWord])^n.word)&n.mask == 0 && (n.whole || n.isLongAt(body, start))
}

// isLongAt is isAt for a key that is longer than a word.
func (n *keyNode) isLongAt(body []byte, start int) bool {
	end := start + len(n.column.Header)
	return n.literal && end < len(body) && body[end] == '"' && string(body[start:end]) == n.column.Header
}

// element returns the column of the values at one place in an array of arrays.
func (c *keyColumns) element(node *keyNode, index int) *keyNode {
	for len(node.children) <= index && len(node.children) < maxKeys && c.count < maxKeyColumns {
		node.children = append(node.children, c.node(Column{Container: keysTo(node), Number: len(node.children) + 1}))
	}
	if index < len(node.children) {
		return node.children[index]
	}
	return node
}

// keysTo returns the keys that lead to a node.
func keysTo(node *keyNode) string {
	switch {
	case node.column.Container == "":
		return node.column.Header
	case node.column.Header == "":
		return node.column.Container
	}
	return node.column.Container + "." + node.column.Header
}
