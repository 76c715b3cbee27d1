package match

import "math"

// joinCosts say what it costs to make one of two sets, by a set and one before it.
type joinCosts [][]float64

// joinCheapest joins the two sets that cost the least, of more than one: it adds from to to and moves the last to the place of from, and
// then asks for the costs of both anew. Costs between others stay as they are.
func (c *joinCosts) joinCheapest(join func(to, from, last int), cost func(a, b int) float64) {
	to, from, least := 0, 0, math.Inf(1)
	for a, costs := range *c {
		for b, cost := range costs {
			if cost < least {
				to, from, least = b, a, cost
			}
		}
	}
	last := len(*c) - 1
	join(to, from, last)
	*c = (*c)[:last]
	c.weigh(to, cost)
	if from < last {
		c.weigh(from, cost)
	}
}

// add adds a set behind the others.
func (c *joinCosts) add(cost func(a, b int) float64) {
	*c = append(*c, make([]float64, len(*c)))
	c.weigh(len(*c)-1, cost)
}

// weigh asks for the costs of a changed set with each other.
func (c *joinCosts) weigh(changed int, cost func(a, b int) float64) {
	for other := range *c {
		if other != changed {
			(*c)[max(changed, other)][min(changed, other)] = cost(changed, other)
		}
	}
}
