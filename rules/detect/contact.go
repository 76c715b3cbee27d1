package detect

import (
	"bytes"

	"stanch/rules"
)

// contact lists the ways to reach a person.
func contact() []Detector {
	return []Detector{
		{
			ID: "email", Title: "E-mail address", Category: BasicIdentifier, Strength: rules.Strong, Distinctive: true, Literal: true,
			Patterns: []string{`[A-Za-z0-9_+][A-Za-z0-9._%+'\-]{0,63}@[A-Za-z0-9][A-Za-z0-9.\-]{0,189}\.[A-Za-z]{2,24}`,
				`[A-Za-z0-9_+][A-Za-z0-9._%+'\-]{0,63}@[A-Za-z0-9][A-Za-z0-9.\-]{0,189}\.xn--[A-Za-z0-9\-]{2,59}`},
			Examine: examineEmail,
			Context: []string{"email", "e mail", "mail", "email address", "mail address", "e mail address", "courriel", "correo", "correo electronico", "posta elettronica",
				"epost", "e post", "sahkoposti", "電子メール", "メール", "이메일", "电子邮件", "邮箱", "почта", "электронная почта"},
			Headers:         []string{"emailaddress", "mailto", "adresse email", "adresse mail", "email adresse", "adres email", "e mail adres"},
			Source:          "RFC 5321 section 4.5.3.1 (lengths), RFC 5322 section 3.4.1 (dot-atom), RFC 1035 section 2.3.4 (labels)",
			Examples:        []string{"References: <alice.jones@example.org>", "alice.jones@example.co.uk", "o'neil+list@mail.example.org", "info@xn--bcher-kva.example"},
			CounterExamples: []string{"Message-ID: <20260102.3f@mail.example.org>", "alice@localhost", "logo@2x.png", "alice..jones@", "@example.org", "react@18.2.0"},
		},
		phoneDetector(),
	}
}

// messageFields are the fields of messages and calendars whose values are written like addresses and name no mailbox: RFC 5322 section
// 3.6.4, RFC 5545 section 3.8.4.7. A directory's uid, in small letters, may be an address.
var messageFields = []struct {
	name  string
	exact bool
}{{"message-id", false}, {"message_id", false}, {"messageid", false}, {"in-reply-to", false}, {"references", false}, {"UID", true}}

// messageDigits is how many digits before the @ make it more likely made by a program than chosen by somebody: then the name of a field
// before it is believed. "References: jane@example.org" is who vouches for an applicant.
const messageDigits = 4

// localBytes is 1 for digits, and localDot for dots.
var localBytes = [256]uint32{'.': localDot, '0': 1, '1': 1, '2': 1, '3': 1, '4': 1, '5': 1, '6': 1, '7': 1, '8': 1, '9': 1}

const localDot = 1 << 16

// readLocal counts the digits of what stands before the @ of an address, and reports whether two dots stand side by side in it.
func readLocal(local []byte) (digits int, doubled bool) {
	pairs, before := uint32(0), uint32(0)
	for _, c := range local {
		kind := localBytes[c]
		digits += int(kind & 1)
		pairs |= kind & before
		before = kind & localDot
	}
	return digits, pairs != 0
}

// namesMessage reports whether text ends with the name of such a field and what stands between that and its value.
func namesMessage(text []byte) bool {
	end := len(text)
	if end == 0 || text[end-1] != '<' && text[end-1] != ':' && text[end-1] != ' ' && text[end-1] != '=' && text[end-1] != '"' {
		return false
	}
	text = bytes.TrimRight(text[max(0, end-longestField):], `<" `)
	if end = len(text); end == 0 || text[end-1] != ':' && text[end-1] != '=' {
		return false
	}
	text = bytes.TrimRight(text[:end-1], `" `)
	for _, field := range messageFields {
		start := len(text) - len(field.name)
		if start < 0 || start > 0 && (asciiLetter[text[start-1]] != 0 || text[start-1] == '-') {
			continue
		}
		if name := text[start:]; string(name) == field.name || !field.exact && bytes.EqualFold(name, []byte(field.name)) {
			return true
		}
	}
	return false
}

// longestField is how many bytes a field's name, and what stands behind it, have at most.
const longestField = 24

// fileEndings are what stands behind the last dot of file and unit names like "logo@2x.png"; none of them is a top-level domain.
var fileEndings = []string{"png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp", "ico", "css", "scss", "less", "js", "mjs", "jsx", "ts", "tsx", "json", "html",
	"htm", "xhtml", "php", "xml", "txt", "map", "woff", "ttf", "eot", "lock", "toml", "yaml", "yml", "service", "socket", "target", "timer", "mount", "slice",
	"device", "local", "localdomain", "internal", "invalid", "lan", "so", "tar", "gz", "tgz", "deb", "rpm", "pdf", "csv", "xlsx", "docx", "diff", "patch", "log", "conf", "cfg"}

// fileEndingsBy holds the file endings by their length and first letter.
var fileEndingsBy = func() (by [16][26][]string) {
	for _, ending := range fileEndings {
		of := &by[len(ending)][ending[0]-'a']
		*of = append(*of, ending)
	}
	return
}()

// isFileEnding reports whether what stands behind a last dot, in any case, is of a file rather than of a domain.
func isFileEnding(ending []byte) bool {
	if len(ending) == 0 || len(ending) >= len(fileEndingsBy) || asciiLetter[ending[0]] == 0 {
		return false
	}
	for _, known := range fileEndingsBy[len(ending)][asciiLetter[ending[0]]-'a'] {
		if equalFold(ending, known) {
			return true
		}
	}
	return false
}

// The lengths of RFC 5321 and RFC 1035, in bytes.
const (
	maxLocalPart = 64
	maxDomain    = 253
	maxLabel     = 63
)

// examineEmail checks the lengths and dots of an e-mail address.
func examineEmail(text []byte, start, end int) Reading {
	value := text[start:end]
	at := bytes.IndexByte(value, '@')
	if at <= 0 || bytes.IndexByte(value[at+1:], '@') >= 0 {
		return Reading{}
	}
	local, domain := value[:at], value[at+1:]
	digits, doubled := readLocal(local)
	if doubled {
		behind := bytes.LastIndex(local, []byte("..")) + len("..")
		start, local = start+behind, local[behind:]
		digits, _ = readLocal(local)
	}
	for len(local) > 0 && (local[0] == '\'' || local[0] == '.' || local[0] == '-') {
		start, local = start+1, local[1:]
	}
	if len(local) == 0 || len(local) > maxLocalPart || local[len(local)-1] == '.' || len(domain) > maxDomain || end < len(text) && text[end] == '@' {
		return Reading{}
	}
	label, dots := 0, 0
	for i, c := range domain {
		if c != '.' {
			label++
			continue
		}
		if label == 0 || label > maxLabel || domain[i-1] == '-' || i+1 < len(domain) && domain[i+1] == '-' {
			return Reading{}
		}
		label = 0
		dots++
	}
	if dots == 0 || isFileEnding(domain[len(domain)-label:]) || digits >= messageDigits && namesMessage(text[:start]) {
		return Reading{}
	}
	return Reading{start, end, Distinctive}
}
