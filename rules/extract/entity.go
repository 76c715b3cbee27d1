package extract

// longestName is one more than the longest name in entities: a name fills a word at most.
const longestName = 9

// An entityTable finds characters by name: a hash table with open addressing. A name is a word with its first letter in the lowest byte.
type entityTable struct {
	keys   [entitySlots]uint64 // 0 for none
	values [entitySlots]rune
}

// entitySlots is a power of two, and more than four times the number of names.
const entitySlots = 1 << entityBits

const entityBits = 10

// slot returns where the search for a name begins. The factor is 2^64 divided by the golden ratio, which spreads what is alike (Knuth,
// The Art of Computer Programming, volume 3, section 6.4).
func (*entityTable) slot(name uint64) int { return int(name * 0x9E3779B97F4A7C15 >> (64 - entityBits)) }

// find returns the character of a name, or 0.
func (t *entityTable) find(name uint64) rune {
	for i := t.slot(name); t.keys[i] != 0; i = (i + 1) % entitySlots {
		if t.keys[i] == name {
			return t.values[i]
		}
	}
	return 0
}

func (t *entityTable) add(name string, r rune) {
	var key uint64
	for i := range len(name) {
		key |= uint64(name[i]) << (8 * i)
	}
	i := t.slot(key)
	for t.keys[i] != 0 {
		i = (i + 1) % entitySlots
	}
	t.keys[i], t.values[i] = key, r
}

// latin1Entities are the names of U+00A0 to U+00FF, in order (HTML 4.01, section 24.2.1).
var latin1Entities = [...]string{"nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not",
	"shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14",
	"frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc",
	"Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave",
	"Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave",
	"eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide",
	"oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml"}

// entities are namedEntities, as they are looked up.
var entities = func() *entityTable {
	table := &entityTable{}
	for name, r := range namedEntities() {
		table.add(name, r)
	}
	return table
}()

// beginsEntity tells the first two letters of the names in entities, by entityBeginning: programs are full of '&' that begin none. It may say
// yes too often, for letters of the other case.
var beginsEntity = func() (begins [1 << 10]bool) {
	for name := range namedEntities() {
		begins[entityBeginning(name[0], name[1])] = true
	}
	return begins
}()

// entityBeginning is the index of two letters in beginsEntity.
func entityBeginning(first, second byte) int { return int(first&0x1F)<<5 | int(second&0x1F) }

// namedEntities are the named character references that stand for letters or for what identifiers are made of (the HTML
// standard, section 13.5). The others stay as they are.
func namedEntities() map[string]rune {
	named := map[string]rune{
		"apos":   '\'',
		"commat": '@', "period": '.', "comma": ',', "colon": ':', "semi": ';', "plus": '+', "lowbar": '_', "UnderBar": '_', "sol": '/',
		"bsol": '\\', "num": '#', "percnt": '%', "equals": '=', "lpar": '(', "rpar": ')', "lsqb": '[', "rsqb": ']', "lbrack": '[',
		"rbrack": ']', "lcub": '{', "rcub": '}', "verbar": '|', "vert": '|', "ast": '*', "excl": '!', "quest": '?', "dollar": '$',
		"Tab": '\t', "NewLine": '\n', "hyphen": 0x2010, "dash": 0x2010, "ndash": 0x2013, "mdash": 0x2014, "horbar": 0x2015, "minus": 0x2212,
		"ensp": 0x2002, "emsp": 0x2003, "numsp": 0x2007, "puncsp": 0x2008, "thinsp": 0x2009, "hairsp": 0x200A, "zwnj": 0x200C, "zwj": 0x200D,
		"lrm": 0x200E, "rlm": 0x200F, "lsquo": 0x2018, "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C, "rdquo": 0x201D, "bdquo": 0x201E,
		"hellip": 0x2026, "bull": 0x2022, "euro": 0x20AC, "trade": 0x2122, "OElig": 0x152, "oelig": 0x153, "Scaron": 0x160, "scaron": 0x161,
		"Yuml": 0x178, "fnof": 0x192, "Amacr": 0x100, "amacr": 0x101, "Abreve": 0x102, "abreve": 0x103, "Aogon": 0x104, "aogon": 0x105,
		"Cacute": 0x106, "cacute": 0x107, "Ccaron": 0x10C, "ccaron": 0x10D, "Dcaron": 0x10E, "dcaron": 0x10F, "Dstrok": 0x110, "dstrok": 0x111,
		"Emacr": 0x112, "emacr": 0x113, "Eogon": 0x118, "eogon": 0x119, "Ecaron": 0x11A, "ecaron": 0x11B, "Gbreve": 0x11E, "gbreve": 0x11F,
		"Imacr": 0x12A, "imacr": 0x12B, "Idot": 0x130, "imath": 0x131, "Lstrok": 0x141, "lstrok": 0x142, "Nacute": 0x143, "nacute": 0x144,
		"Ncaron": 0x147, "ncaron": 0x148, "Odblac": 0x150, "odblac": 0x151, "Rcaron": 0x158, "rcaron": 0x159, "Sacute": 0x15A, "sacute": 0x15B,
		"Scedil": 0x15E, "scedil": 0x15F, "Tcaron": 0x164, "tcaron": 0x165, "Umacr": 0x16A, "umacr": 0x16B, "Uring": 0x16E, "uring": 0x16F,
		"Udblac": 0x170, "udblac": 0x171, "Zacute": 0x179, "zacute": 0x17A, "Zdot": 0x17B, "zdot": 0x17C, "Zcaron": 0x17D, "zcaron": 0x17E,
	}
	for i, name := range latin1Entities {
		named[name] = rune(0xA0 + i)
	}
	return named
}
