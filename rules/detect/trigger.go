package detect

import "stanch/rules/match"

// Untriggered returns those patterns of the detector whose matches need hold neither digits nor a literal nor a rare byte that the engine
// could look for: it looks at every word for them. It takes detectors that Compile accepts; of others it may leave out patterns.
func (d *Detector) Untriggered() (expressions []string) {
	for _, form := range d.forms() {
		engine, err := match.Compile([]match.Pattern{{Expression: form.expression}})
		if err == nil && len(engine.Unfiltered()) > 0 {
			expressions = append(expressions, form.expression)
		}
	}
	return expressions
}
