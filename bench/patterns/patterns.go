// Package patterns holds the expressions that every peer is given, so that all look for the same.
//
//	for _, expression := range patterns.Fifteen() { regexp.MustCompile(expression) }
package patterns

// Fifteen returns fifteen identifiers, as operators of other tools write them, in the syntax that PCRE and RE2 share.
func Fifteen() []string {
	return []string{
		`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,24}`,
		`(?:\+44 ?|\b0)(?:[0-9] ?){9,10}\b`,
		`\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b`,
		`\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b`,
		`\b[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\b`,
		`\b(?:[0-9][ -]?){12,18}[0-9]\b`,
		`\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\b`,
		`\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b`,
		`\b[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:19|20)[0-9]{2}\b`,
		`\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b`,
		`\b[0-9]{2}-[0-9]{2}-[0-9]{2}[ ,;:]{1,3}[0-9]{8}\b`,
		`[Pp]assport[^0-9]{0,20}[0-9]{9}\b`,
		`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`,
		`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
		`-----BEGIN (?:[A-Z ]{1,20} )?PRIVATE KEY-----`,
	}
}
