package proxy

import (
	"hash/maphash"
	"sync/atomic"

	"stanch/rules/inspect"
)

// cleanSlots is how many sets of fields are remembered.
const cleanSlots = 4096

// cleanFields remembers, by keyed hashes, sets of fields in which one engine found nothing: applications send the same few with every answer.
// It holds no text. It is safe for concurrent use.
type cleanFields struct {
	engine *inspect.Engine
	seed   maphash.Seed
	usable bool // what is clean for one exchange is clean for all
	slots  [cleanSlots]atomic.Uint64
}

// cleanFor returns what is remembered for an engine. After a reload that is nothing.
func (p *Proxy) cleanFor(engine *inspect.Engine) *cleanFields {
	if known := p.clean.Load(); known != nil && known.engine == engine {
		return known
	}
	fresh := &cleanFields{engine: engine, seed: maphash.MakeSeed(), usable: engine.Policy().JudgesFindings()}
	p.clean.Store(fresh)
	return fresh
}

// hash is the part of a set's key that one field makes. The key is their sum, whatever their order.
func (c *cleanFields) hash(name, value string) uint64 {
	return maphash.Comparable(c.seed, [2]string{name, value})
}

// has reports whether a set of fields is known to be clean.
func (c *cleanFields) has(key uint64) bool { return c.usable && c.slots[key%cleanSlots].Load() == key }

// add remembers a set of fields.
func (c *cleanFields) add(key uint64) { c.slots[key%cleanSlots].Store(key) }
