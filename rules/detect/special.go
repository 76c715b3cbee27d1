package detect

import "stanch/rules"

// special lists the special categories of personal data (GDPR Articles 9 and 10). They are told by what heads a column and by the
// form of the values below it: a header alone is as often about goods or code.
func special() []Detector {
	const source = "GDPR Article 9(1); ICO, Special category data; the answers are those of the ONS harmonised standards and the census"
	answers := vocabulary("yes", "no", "none", "ja", "nein", "oui", "non", "si", "sim", "nao", "tak", "nie", "prefer not to say", "not stated", "declined")
	detector := func(id, title string, known func([]byte) bool, clear, unclear []string, yes bool, examples, counter []string) Detector {
		sure := func(value []byte) Grade {
			switch {
			case known(value):
				return Distinctive
			case yes && answers(value):
				return Plain
			case isWording(value):
				return Plain
			}
			return Rejected
		}
		unsure := func(value []byte) Grade {
			if known(value) && isWording(value) {
				return Plain
			}
			return Rejected
		}
		return Detector{
			ID: id, Title: title, Category: SpecialCategory, Strength: rules.Special, Source: source, Examples: examples, CounterExamples: counter,
			Columns: []Column{{Headers: clear, Accept: sure}, {Headers: unclear, Accept: unsure}},
		}
	}
	all := []Detector{
		detector("special.religion", "Religion or belief", vocabulary(
			"christian", "christianity", "catholic", "protestant", "anglican", "church of england", "muslim", "islam", "jewish", "judaism", "hindu", "hinduism", "sikh", "sikhism",
			"buddhist", "buddhism", "atheist", "agnostic", "humanist", "orthodox", "baptist", "methodist", "presbyterian", "lutheran", "evangelical", "pentecostal", "mormon", "quaker",
			"jain", "bahai", "pagan", "jehovah", "no religion", "sunni", "shia", "katholisch", "evangelisch", "konfessionslos", "muslimisch", "judisch", "catholique", "musulman",
			"juif", "juive", "protestante", "catolico", "catolica", "musulmana", "cattolico", "cattolica", "ebreo", "ebraico", "katolik", "muzulmanin", "katolicka", "hindoe", "moslim"),
			[]string{"religion", "religious belief", "religious beliefs", "religious affiliation", "religion or belief", "faith", "konfession", "religionszugehorigkeit", "croyance",
				"confession", "religione", "religiao", "religie", "geloof", "religia", "wyznanie", "nabozenstvi", "вероисповедание", "религия", "宗教", "종교"},
			[]string{"belief", "denomination"}, false, []string{"Christian", "Muslim"}, []string{"12.50", "{}"}),
		detector("special.ethnicity", "Racial or ethnic origin", vocabulary(
			"white", "black", "asian", "african", "caribbean", "arab", "gypsy", "roma", "traveller", "hispanic", "latino", "latina", "latinx", "mixed", "caucasian", "indian",
			"pakistani", "bangladeshi", "chinese", "native american", "american indian", "alaska native", "pacific islander", "native hawaiian", "maori", "aboriginal", "british",
			"irish", "multiracial", "biracial", "kurdish", "tamil", "jewish", "turkish", "romani", "sinti", "weiss", "schwarz", "afrikanisch", "asiatisch"),
			[]string{"ethnicity", "ethnic origin", "ethnic group", "ethnic background", "racial origin", "race ethnicity", "race or ethnicity", "ethnie", "origine ethnique", "etnia",
				"origen etnico", "origine etnica", "ethnische herkunft", "ethnizitat", "etniciteit", "etnisk bakgrunn", "pochodzenie etniczne", "национальность", "этническая принадлежность", "民族", "민족"},
			[]string{"race", "ethnic", "heritage", "raza", "rasse"}, false, []string{"White British", "Asian or Asian British - Indian"}, []string{"100m", "3.5"}),
		detector("special.orientation", "Sex life or sexual orientation", vocabulary(
			"heterosexual", "straight", "gay", "lesbian", "bisexual", "homosexual", "asexual", "pansexual", "queer", "bi", "hetero", "schwul", "lesbisch", "bisexuell",
			"heterosexuell", "homosexuell", "heterosexuel", "bisexuel", "homosexuel", "lesbienne", "heterosexuale", "bisessuale", "eterosessuale", "omosessuale", "gay man", "gay woman"),
			[]string{"sexual orientation", "sexuality", "sexual preference", "sex life", "sexuelle orientierung", "orientation sexuelle", "orientacion sexual", "orientamento sessuale",
				"orientacao sexual", "seksuele geaardheid", "orientacja seksualna", "seksuell orientering", "сексуальная ориентация", "性取向", "性的指向", "성적 지향"},
			[]string{"orientation"}, false, []string{"Heterosexual", "Gay or lesbian"}, []string{"90deg", "90"}),
		detector("special.politics", "Political opinion", vocabulary(
			"labour", "conservative", "conservatives", "tory", "liberal democrat", "liberal democrats", "lib dem", "green party", "snp", "plaid cymru", "sinn fein", "dup", "reform uk", "ukip",
			"republican", "democrat", "democratic", "libertarian", "independent", "socialist", "social democrat", "communist", "christian democrat", "cdu", "csu", "spd", "afd", "fdp",
			"die linke", "grune", "left", "right", "centre", "liberal", "progressive", "nationalist", "anarchist", "psoe", "podemos", "vox", "renaissance", "rassemblement national"),
			[]string{"political opinion", "political opinions", "political affiliation", "political party", "political view", "political views", "party membership", "party affiliation",
				"voting intention", "politische meinung", "parteizugehorigkeit", "opinion politique", "opinions politiques", "afiliacion politica", "ideologia politica", "opinione politica",
				"politieke voorkeur", "poglady polityczne", "политические взгляды", "政治面貌", "支持政党", "정치 성향"},
			[]string{"party", "politics", "vote", "voted for", "partei", "parti", "partido"}, false, []string{"Labour", "Liberal Democrats"}, []string{"42", "12 people"}),
		detector("special.union", "Trade union membership", vocabulary(
			"unite", "unison", "gmb", "usdaw", "bma", "rcn", "rcm", "nasuwt", "neu", "ucu", "pcs", "rmt", "aslef", "cwu", "equity", "prospect", "verdi", "ver di", "ig metall", "dgb", "gew",
			"teamsters", "seiu", "afscme", "uaw", "afl cio", "cgt", "cfdt", "ccoo", "ugt", "cgil", "cisl", "solidarnosc", "member"),
			[]string{"trade union", "trade union membership", "trade union member", "union membership", "union member", "labor union", "labour union", "gewerkschaft",
				"gewerkschaftszugehorigkeit", "gewerkschaftsmitglied", "syndicat", "afiliacion sindical", "sindicato", "sindacato", "vakbond", "fagforening", "zwiazek zawodowy", "профсоюз", "工会"},
			[]string{"union"}, true, []string{"UNISON", "Unite the Union"}, []string{"a=b", "3.1"}),
		detector("special.convictions", "Criminal convictions and offences", vocabulary(
			"theft", "assault", "fraud", "burglary", "robbery", "caution", "cautioned", "conviction", "convicted", "dui", "drink driving", "drunk driving", "speeding", "shoplifting",
			"possession", "spent", "unspent", "arrested", "arson", "murder", "manslaughter", "criminal damage", "affray", "harassment", "battery", "misdemeanor", "felony", "probation",
			"imprisonment", "suspended sentence", "reprimand", "vorbestraft", "diebstahl", "betrug", "korperverletzung", "vol", "escroquerie", "robo", "hurto", "furto", "kradziez"),
			[]string{"conviction", "convictions", "previous convictions", "criminal convictions", "criminal record", "criminal history", "criminal offence", "criminal offences", "offences",
				"unspent convictions", "police record", "arrest record", "dbs result", "dbs disclosure", "cautions", "vorstrafen", "strafregister", "casier judiciaire",
				"antecedents judiciaires", "condamnations", "antecedentes penales", "precedenti penali", "antecedentes criminais", "strafblad", "karalnosc", "судимость", "犯罪记录", "前科", "전과"},
			[]string{"offence", "offense", "crime"}, true, []string{"Theft 1998 (spent)", "Yes"}, []string{"0.0.1", "17"}),
		detector("special.health", "Health", vocabulary(
			"diabetes", "diabetic", "asthma", "cancer", "hiv", "aids", "depression", "anxiety", "epilepsy", "hypertension", "arthritis", "copd", "dementia", "alzheimer", "parkinson",
			"schizophrenia", "bipolar", "autism", "adhd", "dyslexia", "dyslexic", "hepatitis", "tuberculosis", "covid", "stroke", "angina", "leukaemia", "leukemia", "lymphoma", "melanoma",
			"pregnant", "pregnancy", "allergy", "allergic", "eczema", "migraine", "psoriasis", "anaemia", "anemia", "obesity", "fracture", "infection", "blind", "deaf", "wheelchair",
			"disabled", "disability", "sclerosis", "syndrome", "insulin", "metformin", "penicillin", "ibuprofen", "sertraline", "fluoxetine", "positive", "negative", "krebs", "asthme",
			"diabete", "grossesse", "cancro", "embarazo", "schwanger", "nut allergy", "none known"),
			[]string{"diagnosis", "diagnoses", "medical condition", "medical conditions", "health condition", "health conditions", "medical history", "health problems",
				"disability", "disabilities", "allergies", "allergy", "medication", "medications", "illness", "blood type", "blood group", "hiv status", "pregnancy status", "pregnant",
				"symptoms", "prescription", "mental health", "vaccination status", "sickness reason", "absence reason", "diagnose", "krankheit", "behinderung", "allergien", "blutgruppe",
				"diagnostic", "maladie", "handicap", "groupe sanguin", "diagnostico", "enfermedad", "discapacidad", "grupo sanguineo", "diagnosi", "malattia", "disabilita", "gruppo sanguigno",
				"doenca", "deficiencia", "ziekte", "diagnoza", "choroba", "niepelnosprawnosc", "диагноз", "болезнь", "инвалидность", "诊断", "病名", "疾病", "진단", "질병"},
			[]string{"condition", "treatment", "health", "health status", "disease", "test result", "impairment"}, true, []string{"Type 2 diabetes", "Asthma"}, []string{"200", "4.5"}),
	}
	all[len(all)-1].Columns = append(all[len(all)-1].Columns, Column{Headers: []string{"blood type", "blood group", "blutgruppe", "groupe sanguin", "grupo sanguineo", "gruppo sanguigno", "bloodtype", "blood", "icd10", "icd 10", "icd 10 code", "icd code"}, Accept: acceptMedicalCode})
	return all
}

// vocabulary returns a function that reports whether one of the phrases stands in a value, in any case and with or without accents.
func vocabulary(list ...string) func(value []byte) bool {
	p := newPhrases(len(list))
	for _, phrase := range list {
		p.add(phrase)
	}
	return func(value []byte) bool {
		for at := 0; ; {
			w, ok := nextWord(value, at, len(value))
			if !ok {
				return false
			}
			at = w.end
			for m := p.follow(0, w); m != 0; m = p.follow(m, w) {
				if p.meanings[m].letters > 0 {
					return true
				}
				if w, ok = nextWord(value, w.end, len(value)); !ok {
					break
				}
			}
		}
	}
}

// longestAnswer is the longest answer in words, in bytes.
const longestAnswer = 160

// isWording reports whether a value reads like an answer in words: it begins with a letter, and most of it is letters and spaces.
func isWording(value []byte) bool {
	if len(value) < 3 || len(value) > longestAnswer || asciiLetter[value[0]] == 0 && value[0] < 0x80 {
		return false
	}
	letters := 0
	for _, c := range value {
		switch {
		case asciiLetter[c] != 0 || c >= 0x80 || c == ' ':
			letters++
		case c == '{' || c == '<' || c == '=' || c == '_' || c == '\\' || c == '@':
			return false
		}
	}
	return letters*5 >= len(value)*4
}

// acceptMedicalCode grades blood groups ("A+", "0 neg") and codes of the International Classification of Diseases ("E11.9").
func acceptMedicalCode(value []byte) Grade {
	if len(value) < 1 || len(value) > 12 {
		return Rejected
	}
	if n := len(value); n <= 3 && (value[n-1] == '+' || value[n-1] == '-') && hasByte("ABO0", value[0]) {
		return Distinctive
	}
	if len(value) >= 3 && value[0] >= 'A' && value[0] <= 'Z' && isDigit(value[1]) && isDigit(value[2]) && (len(value) == 3 || value[3] == '.') {
		return Distinctive
	}
	return Rejected
}
