package extract

const (
	maxKeys          = 256  // keys of one object that are told apart; those behind share one column
	maxColumnsOfJSON = 8192 // columns of one body
)

// A jsonNode is a column of a JSON body: all values behind the same keys, whatever the indices between.
type jsonNode struct {
	column   Column
	children []*jsonNode
	byKey    map[string]*jsonNode // the children once there are more than a few
	next     int                  // the child expected next: objects of one array mostly have the same keys in the same order
	others   *jsonNode            // for keys past maxKeys
}

// fewKeys is how many children are looked through one by one.
const fewKeys = 8

// A jsonColumns hands out the columns of one body.
type jsonColumns struct {
	root  jsonNode
	other jsonNode // shared by all columns past maxColumnsOfJSON
	count int
}

// child returns the column behind one more key.
func (c *jsonColumns) child(node *jsonNode, key []byte) *jsonNode {
	if node.next < len(node.children) {
		if expected := node.children[node.next]; expected.column.Header == string(key) {
			node.next++
			return expected
		}
	}
	if node.byKey == nil {
		for i, child := range node.children {
			if child.column.Header == string(key) {
				node.next = i + 1
				return child
			}
		}
	} else if child := node.byKey[string(key)]; child != nil {
		node.next = child.column.Number // keys come in order mostly
		return child
	}
	return c.add(node, string(key))
}

func (c *jsonColumns) add(node *jsonNode, key string) *jsonNode {
	if node == &c.other || c.count >= maxColumnsOfJSON {
		return &c.other
	}
	if len(node.children) >= maxKeys {
		if node.others == nil {
			c.count++
			node.others = &jsonNode{column: Column{Container: keysTo(node)}}
		}
		return node.others
	}
	c.count++
	child := &jsonNode{column: Column{Container: keysTo(node), Header: key, Number: len(node.children) + 1}}
	node.children = append(node.children, child)
	node.next = len(node.children)
	if len(node.children) > fewKeys {
		if node.byKey == nil {
			node.byKey = make(map[string]*jsonNode, 2*fewKeys)
			for _, sibling := range node.children {
				node.byKey[sibling.column.Header] = sibling
			}
		}
		node.byKey[key] = child
	}
	return child
}

// element returns the column of the values at one place in an array of arrays.
func (c *jsonColumns) element(node *jsonNode, index int) *jsonNode {
	for len(node.children) <= index && len(node.children) < maxKeys && c.count < maxColumnsOfJSON {
		c.count++
		node.children = append(node.children, &jsonNode{column: Column{Container: keysTo(node), Number: len(node.children) + 1}})
	}
	if index < len(node.children) {
		return node.children[index]
	}
	return node
}

// keysTo returns the keys that lead to a node.
func keysTo(node *jsonNode) string {
	switch {
	case node.column.Container == "":
		return node.column.Header
	case node.column.Header == "":
		return node.column.Container
	}
	return node.column.Container + "." + node.column.Header
}
