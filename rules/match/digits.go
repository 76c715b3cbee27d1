package match

// Where the digits of matches stand. Most identifiers are digits with little between them; text has few places that look so.
const (
	// denseDigits is how many digits the matches of a dense pattern have at least.
	denseDigits = 4
	// maxReach is how many bytes may stand before the first digit, and maxGap how many between one of the first denseDigits
	// and the next. The shifts in runs.go depend on both.
	maxReach, maxGap = 15, 7
	// denseLength is how far the last of these digits may reach.
	denseLength = maxReach + 1 + (denseDigits-1)*(maxGap+1)
)

// A digitStep is a place in a match: the digits before it, and the other bytes since the last one.
type digitStep struct {
	node        int32
	digits, run uint8
}

// aroundDigits returns the bytes, other than digits, that may stand before the first digit of the matches from the nodes, and between the
// first so many; or false when a match may have fewer digits, or more than maxReach and maxGap of these bytes.
func (p *program) aroundDigits(nodes []int32, digits uint8) (before, between byteSet, ok bool) {
	seen := map[digitStep]bool{}
	var steps []digitStep
	push := func(nodes []int32, digits, run uint8) {
		for _, i := range nodes {
			if step := (digitStep{i, digits, run}); !seen[step] {
				seen[step] = true
				steps = append(steps, step)
			}
		}
	}
	push(nodes, 0, 0)
	for i := 0; i < len(steps); i++ {
		step := steps[i]
		n := &p.nodes[step.node]
		switch n.kind {
		case nodeMatch:
			return before, between, false
		case nodeBoundary, nodeNotBoundary:
			push(p.follows[n.follow], step.digits, step.run)
			continue
		}
		if n.set.intersects(&digitBytes) && step.digits+1 < digits {
			push(p.follows[n.follow], step.digits+1, 0)
		}
		others := n.set.without(digitBytes)
		if others.empty() {
			continue
		}
		bytes := &before
		if step.digits > 0 {
			bytes = &between
		}
		bytes.union(&others)
		if step.run++; step.run > maxReach || step.digits > 0 && step.run > maxGap {
			return before, between, false
		}
		push(p.follows[n.follow], step.digits, step.run)
	}
	return before, between, true
}

// stretch returns the bytes that the first so many bytes of the matches from the nodes are; or false when a match may be shorter.
func (p *program) stretch(nodes []int32, length int) (bytes byteSet, ok bool) {
	for range length {
		var next []int32
		seen := map[int32]bool{}
		for _, i := range p.unconditional(nodes) {
			n := &p.nodes[i]
			if n.kind == nodeMatch {
				return bytes, false
			}
			bytes.union(&n.set)
			if !seen[n.follow] {
				seen[n.follow] = true
				next = append(next, p.follows[n.follow]...)
			}
		}
		nodes = next
	}
	return bytes, true
}

// longRun reports whether all matches from the nodes begin with at least runLength word bytes.
func (p *program) longRun(nodes []int32) bool {
	for range runLength {
		var next []int32
		seen := map[int32]bool{}
		for _, i := range p.unconditional(nodes) {
			n := &p.nodes[i]
			if others := n.set.without(wordBytes); n.kind == nodeMatch || !others.empty() {
				return false
			}
			if !seen[n.follow] {
				seen[n.follow] = true
				next = append(next, p.follows[n.follow]...)
			}
		}
		nodes = next
	}
	return true
}
