package detect

// categoryNames are the words of the ICO's breach report form.
var categoryNames = [...]string{"basic identifier", "official document", "financial", "health", "location", "credential", "online identifier",
	"special category", "criminal offence"}

// String is the category in the words of the ICO's breach report form.
func (c Category) String() string {
	if int(c) < len(categoryNames) {
		return categoryNames[c]
	}
	return "unknown"
}
