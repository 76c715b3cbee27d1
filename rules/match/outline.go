package match

import (
	"math/bits"
	"slices"
)

// An outline says which bytes may stand where in the beginning of a match and behind it, and within which chains that may begin. It
// leaves out what else depends on more than one byte.
type outline struct {
	bytes  [outlineLength]byteSet
	chains Chains
}

const (
	outlineLength  = 12
	outlineBuckets = 64 // sets of outlines that are told apart: the bits of a word
	maxOutlines    = 64 // of one pattern; what has more is joined

	// mixedChains is what it costs to join outlines that may begin within different chains, besides what fits both. Few patterns may begin within
	// any: what stands in the middle of a date or an address shall fit no others.
	mixedChains = 1e6
)

// outlines say of a byte at each place which buckets it fits.
type outlines struct {
	fits    [outlineLength][256]uint64
	chains  [Groups + 1]uint64 // what the bytes before say -> the buckets of what may begin there
	before  *beforeTables
	vectors outlineVectors // with more buckets
}

// keep keeps those offsets in text[from:] that fit a bucket in all places. Behind each there are outlineLength bytes. It has no
// branches that depend on the text.
func (o *outlines) keep(text []byte, from int, offsets []uint16) []uint16 {
	kept := 0
	for _, offset := range offsets {
		at := from + int(offset)
		b := (*[outlineLength]byte)(text[at:])
		fits := o.fits[0][b[0]] & o.fits[1][b[1]] & o.fits[2][b[2]] & o.fits[3][b[3]] & o.fits[4][b[4]] & o.fits[5][b[5]] &
			o.fits[6][b[6]] & o.fits[7][b[7]] & o.fits[8][b[8]] & o.fits[9][b[9]] & o.fits[10][b[10]] & o.fits[11][b[11]] &
			o.chains[o.before.at(text, at)]
		offsets[kept] = offset
		kept += int((fits | -fits) >> 63)
	}
	return offsets[:kept]
}

// newOutlines prepares outlines. What the bytes before a place say is a chain as outline.chains has it.
func newOutlines(all []outline, before *beforeTables) *outlines {
	o := &outlines{before: before}
	j := newBucketer(vectorBuckets)
	for i := range all {
		j.add(&all[i])
	}
	o.vectors.fill(j.buckets, before)
	j.reduce(outlineBuckets)
	for bucket := range j.buckets {
		joined := &j.buckets[bucket]
		for at := range joined.bytes {
			for b := range 256 {
				if joined.bytes[at].has(byte(b)) {
					o.fits[at][b] |= 1 << bucket
				}
			}
		}
		for chain := range o.chains {
			if joined.mayBeginWithin(Chains(chain)) {
				o.chains[chain] |= 1 << bucket
			}
		}
	}
	return o
}

// mayBeginWithin takes one chain, or 0 for none.
func (o *outline) mayBeginWithin(chain Chains) bool { return o.chains&chain == chain }

// A path is the outline of some ways through a pattern, as far as it is known.
type path struct {
	outline
	nodes []int32
	ended bool // a match ended: anything may follow
}

// outlines returns the outlines of the matches from the nodes, which may begin within some chains.
func (p *program) outlines(nodes []int32, bare bool, chains Chains) []outline {
	paths := []path{{nodes: slices.Clone(nodes)}}
	for at := range outlineLength {
		next, ok := p.followAll(paths, at, sameSet, maxOutlines, bare)
		if !ok {
			next, ok = p.followAll(paths, at, sameKinds, maxOutlines, bare)
		}
		if !ok { // a path has at most one way on then, and one that ends
			next, _ = p.followAll(paths, at, allSets, 2*len(paths), bare)
		}
		paths = next
	}
	all := make([]outline, len(paths))
	for i := range paths {
		all[i] = paths[i].outline
		all[i].chains = chains
	}
	return all
}

// followAll returns the ways on from all paths, or false when there are more than limit.
func (p *program) followAll(paths []path, at int, key func(*byteSet) byteSet, limit int, bare bool) (next []path, ok bool) {
	for i := range paths {
		if next = p.follow(next, &paths[i], at, key, bare); len(next) > limit {
			return nil, false
		}
	}
	return next, true
}

func sameSet(set *byteSet) byteSet { return *set }

// sameKinds names a set by the shape classes that it meets.
func sameKinds(set *byteSet) (kinds byteSet) {
	for class := range shapeSets {
		if set.intersects(&shapeSets[class]) {
			kinds.add(byte(class))
		}
	}
	return kinds
}

func allSets(*byteSet) byteSet { return byteSet{} }

// follow appends to paths the ways on from one by the byte at a place. Nodes with equal keys go together.
func (p *program) follow(paths []path, from *path, at int, key func(*byteSet) byteSet, bare bool) []path {
	if from.ended {
		from.outline.bytes[at] = everyByte
		return append(paths, *from)
	}
	of := map[byteSet]int{} // key -> index into paths
	type way struct {
		path   int
		follow int32
	}
	gone, ended := map[way]bool{}, false
	slices.Sort(from.nodes)
	for _, i := range p.unconditional(slices.Compact(from.nodes)) {
		n := &p.nodes[i]
		if n.kind == nodeMatch {
			if at > 0 && !ended { // an empty match is none
				ended = true
				paths = append(paths, from.end(at, bare))
			}
			continue
		}
		index, known := of[key(&n.set)]
		if !known {
			index = len(paths)
			of[key(&n.set)] = index
			paths = append(paths, path{outline: from.outline})
		}
		on := &paths[index]
		on.outline.bytes[at].union(&n.set)
		if to := (way{index, n.follow}); !gone[to] {
			gone[to] = true
			on.nodes = append(on.nodes, p.follows[n.follow]...)
		}
	}
	return paths
}

// end returns the path of a match that ended before a place: no word byte follows where it must not.
func (o *path) end(at int, bare bool) path {
	ended := path{outline: o.outline, ended: true}
	ended.outline.bytes[at] = everyByte
	if last := o.outline.bytes[at-1].without(wordBytes); last.empty() && !bare {
		ended.outline.bytes[at] = everyByte.without(wordBytes)
	}
	return ended
}

// A bucketer joins outlines where that lets the fewest texts through that fit none.
type bucketer struct {
	most    int              // buckets
	weights [32][256]float64 // by the byte's place in a set: how often its bits occur near digits
	buckets []outline
	alone   []float64 // by bucket: how many texts fit it
	costs   joinCosts // how many more fit two buckets when they are one
}

func newBucketer(most int) *bucketer {
	j := &bucketer{most: most}
	for place := range j.weights {
		for b := 1; b < 256; b++ {
			lowest := byte(place*8 + bits.TrailingZeros8(uint8(b)))
			j.weights[place][b] = j.weights[place][b&(b-1)] + startFrequency(lowest)
		}
	}
	return j
}

// reduce leaves fewer buckets.
func (j *bucketer) reduce(most int) {
	for j.most = most; len(j.buckets) > j.most; {
		j.costs.joinCheapest(j.join, j.cost)
	}
}

// startFrequency estimates how often a byte occurs at and behind the places where matches may begin, at a place where its kind
// may: words are next to words, and numbers next to numbers.
func startFrequency(b byte) float64 {
	switch {
	case digitBytes.has(b):
		return 0.08
	case b >= 'A' && b <= 'Z':
		return 0.02
	}
	return byteFrequency(b)
}

// fitting estimates how many texts fit an outline that is joined with another.
func (j *bucketer) fitting(a, b *outline) float64 {
	product := 1.0
	for at := range a.bytes {
		sum := 0.0
		for word := range a.bytes[at] {
			for set, place := a.bytes[at][word]|b.bytes[at][word], word*8; set != 0; set, place = set>>8, place+1 {
				sum += j.weights[place][byte(set)]
			}
		}
		product *= sum
	}
	return product
}

func (o *outline) covers(other *outline) bool {
	for at := range o.bytes {
		if rest := other.bytes[at].without(o.bytes[at]); !rest.empty() {
			return false
		}
	}
	return other.chains&^o.chains == 0
}

// add adds an outline to the buckets and joins two of these when there are too many.
func (j *bucketer) add(o *outline) {
	for i := range j.buckets {
		if j.buckets[i].covers(o) {
			return
		}
	}
	j.buckets = append(j.buckets, *o)
	j.alone = append(j.alone, j.fitting(o, o))
	j.costs.add(j.cost)
	j.reduce(j.most)
}

// cost says how many more texts fit two buckets when they are one.
func (j *bucketer) cost(a, b int) float64 {
	one, two := &j.buckets[a], &j.buckets[b]
	cost := j.fitting(one, two) - j.alone[a] - j.alone[b]
	if one.chains != two.chains {
		cost += mixedChains
	}
	return cost
}

func (j *bucketer) join(to, from, last int) {
	for at := range j.buckets[to].bytes {
		j.buckets[to].bytes[at].union(&j.buckets[from].bytes[at])
	}
	j.buckets[to].chains |= j.buckets[from].chains
	j.alone[to] = j.fitting(&j.buckets[to], &j.buckets[to])
	j.buckets[from], j.alone[from] = j.buckets[last], j.alone[last]
	j.buckets, j.alone = j.buckets[:last], j.alone[:last]
}
