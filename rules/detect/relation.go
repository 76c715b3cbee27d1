package detect

// relations are words that make what a column holds another person's than the one the row is about: an address below "mother email" is
// not the pupil's. Each line is one relation, in several languages.
var relations = [...][]string{
	{"mother", "mum", "mom", "mutter", "mère", "madre", "mãe", "moeder"},
	{"father", "dad", "vater", "père", "padre", "pai", "vader"},
	{"parent", "guardian", "carer", "eltern", "erziehungsberechtigter", "elternteil", "tuteur", "progenitor", "genitore", "ouder"},
	{"spouse", "husband", "wife", "partner", "ehepartner", "ehemann", "ehefrau", "conjoint", "époux", "épouse", "cónyuge", "esposo", "esposa", "coniuge"},
	{"kin", "relative", "angehöriger", "angehörige", "proche", "pariente", "familiar"},
	{"emergency", "notfall", "notfallkontakt", "urgence", "emergencia", "emergenza"},
	{"manager", "supervisor", "vorgesetzter", "vorgesetzte", "responsable", "jefe"},
	{"co", "joint", "coapplicant", "coborrower", "cosigner"},
	{"referee", "referrer"},
	{"witness", "zeuge", "témoin", "testigo"},
	{"child", "son", "daughter", "kind", "enfant", "hijo", "hija"},
}

// Relations is how many values Relation has.
const Relations = 16

// Relation says whose the values below a header are: 0 for those of the one that a row is about, and otherwise a number below Relations
// that the headers of one relation share. "Parent 1" and "Parent 2" are two.
func Relation(header []byte) uint8 {
	header = header[:min(len(header), maxHeader)]
	for at := 0; ; {
		w, ok := nextWord(header, at, len(header))
		if !ok {
			return 0
		}
		at = w.end
		if i, known := relationsByWord[w.singular]; known {
			return uint8((i+distanceOfNumbers*ordinalBehind(header[w.end:]))%(Relations-1)) + 1
		}
	}
}

// relationsByWord holds the indices of relations by the hashes of their words.
var relationsByWord = func() map[uint32]int {
	byWord := make(map[uint32]int)
	for i, names := range relations {
		for _, name := range names {
			byWord[readWord([]byte(name), 0, len(name)).singular] = i
		}
	}
	return byWord
}()

// distanceOfNumbers keeps the numbers of one relation apart: it shares no factor with Relations - 1.
const distanceOfNumbers = 7

// ordinalBehind returns the digit that text begins with, behind one separator at most; 0 for none.
func ordinalBehind(text []byte) int {
	if len(text) > 0 && (text[0] == ' ' || text[0] == '_' || text[0] == '-') {
		text = text[1:]
	}
	if len(text) > 0 && isDigit(text[0]) {
		return int(text[0] - '0')
	}
	return 0
}
