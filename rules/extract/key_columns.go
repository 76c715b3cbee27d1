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
	last     uint64              // the last ones; the same when there are no more than eight
	lastAt   int                 // where those begin in the key
	mask     uint64              // of the bytes in both words; 0 when they do not tell all of a literal
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

// child returns the column behind one more key.
func (c *keyColumns) child(node *keyNode, key []byte) *keyNode {
	if node.next < len(node.children) {
		if expected := node.children[node.next]; expected.column.Header == string(key) {
			node.next++
			return expected
		}
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

// spell prepares isAt.
func (n *keyNode) spell() {
	const size = 8 // of a word
	key := n.column.Header
	if n.literal = len(key) < headerLength && !strings.ContainsAny(key, "\"\\\n"); !n.literal || len(key) >= 2*size {
		return
	}
	var quoted [2 * size]byte
	quoted[copy(quoted[:], key)] = '"'
	n.lastAt = max(len(key)+1-size, 0)
	n.word, n.last = binary.LittleEndian.Uint64(quoted[:]), binary.LittleEndian.Uint64(quoted[n.lastAt:])
	n.mask = ^uint64(0) >> (8 * max(size-1-len(key), 0))
}

// isAt reports whether the key, and a quote behind it, stand at body[start:]. It may miss one at the end of body.
func (n *keyNode) isAt(body []byte, start int) bool {
	if n.mask != 0 {
		last := start + n.lastAt
		return last+8 <= len(body) && (binary.LittleEndian.Uint64(body[start:])^n.word|binary.LittleEndian.Uint64(body[last:])^n.last)&n.mask == 0
	}
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
