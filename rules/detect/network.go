package detect

import (
	"bytes"

	"stanch/rules"
)

// Dotted hardware addresses have a digit in one of their first two groups: of all addresses one in 2500 has none there, and without that
// each word before a full stop would be looked at. They are two patterns because digits and letters are looked for in different ways.
const (
	dottedMACDigit  = `\d[0-9A-Fa-f]{3}(?:\.[0-9A-Fa-f]{4}){2}`
	dottedMACLetter = `[A-Fa-f](?:(?:\d[0-9A-Fa-f]{2}|[A-Fa-f]\d[0-9A-Fa-f]|[A-Fa-f]{2}\d)\.[0-9A-Fa-f]{4}|[A-Fa-f]{3}\.(?:\d[0-9A-Fa-f]{3}|[A-Fa-f]\d[0-9A-Fa-f]{2}|[A-Fa-f]{2}\d[0-9A-Fa-f]|[A-Fa-f]{3}\d))\.[0-9A-Fa-f]{4}`
)

// network lists the identifiers of hosts and places on the network and on earth.
func network() []Detector {
	return []Detector{
		{
			ID: "ip_address", Title: "IP address", Category: OnlineIdentifier, Strength: rules.Weak, Embedded: true, Unchained: true,
			Typical: []string{
				`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:/\d{1,2})?`,
				// Neither more groups are an address nor some of them: examineIP refuses what begins or goes on beside a colon.
				`(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?:%[0-9A-Za-z]{1,15})?(?:/\d{1,3})?`,
				`(?:[0-9A-Fa-f]{1,4}:){1,7}:(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6})?(?:%[0-9A-Za-z]{1,15})?(?:/\d{1,3})?`,
				// "::" alone is nobody's, and stands between words of several programming languages.
				`::[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6}(?:%[0-9A-Za-z]{1,15})?(?:/\d{1,3})?`,
				`(?:[0-9A-Fa-f]{1,4}:){1,6}(?::(?:[0-9A-Fa-f]{1,4}:){0,5})?\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`,
				`::(?:[0-9A-Fa-f]{1,4}:){0,6}\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`,
			},
			Examine: examineIP,
			Context: []string{"ip", "ip address", "ipv4", "ipv6", "remote addr", "client ip", "host", "gateway", "server", "subnet", "x forwarded for", "remote address", "ip adresse", "adresse ip",
				"direccion ip", "indirizzo ip"},
			Headers:         []string{"ipaddress", "remote ip", "source ip", "src ip", "dst ip", "clientip"},
			Source:          "RFC 791, RFC 4291 section 2.2 and RFC 5952 (text forms), RFC 4632 (prefixes)",
			Examples:        []string{"203.0.113.77", "2001:db8:85a3::8a2e:370:7334", "fe80::1", "::ffff:192.0.2.1", "192.168.1.0/24"},
			CounterExamples: []string{"256.256.256.256", "12345:db8::1", "1:2:3:4", "2001::25de::cade", "12:34:56", "1.2.3", "std::vector"},
		},
		{
			ID: "mac_address", Title: "MAC address", Category: OnlineIdentifier, Strength: rules.Weak, Distinctive: true, Unchained: true,
			Patterns:        []string{`[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}`, `[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}`, dottedMACDigit, dottedMACLetter},
			Examine:         examineMAC,
			Context:         []string{"mac", "mac address", "ethernet", "hardware address", "hwaddr", "ether", "wifi", "bluetooth", "bssid"},
			Headers:         []string{"macaddress", "physical address"},
			Source:          "IEEE 802-2014 clause 8 (48-bit identifiers)",
			Examples:        []string{"00:1A:2B:3C:4D:5E", "d0-50-99-84-a2-a0", "001a.2b3c.4d5e"},
			CounterExamples: []string{"00:00:00:00:00:00", "00:1A:2B:3C:4D", "ff:ff:ff:ff:ff:ff", "de:ad:be:ef:00:11:22:33"},
		},
		{
			ID: "url_credentials", Title: "User name and password in a URL", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns:        []string{`(?:https?|ftps?|sftp|ssh|wss?|ldaps?|smb|git|svn)://[A-Za-z0-9._~%!$&'*+,;=\-]{1,64}:[A-Za-z0-9._~%!$&'*+,;=\-]{1,96}@[A-Za-z0-9.\-\[\]]{1,190}`},
			Valid:           validURLCredentials,
			Context:         []string{"url", "link"},
			Source:          "RFC 3986 section 3.2.1 (user information)",
			Examples:        []string{"https://alice:s3cr3t-pass@intranet.example.org", "ftp://bob:hunter22@ftp.example.org"},
			CounterExamples: []string{"https://user:password@example.com", "https://example.org/a:b@c", "http://localhost:8080"},
		},
		{
			ID: "geo_coordinates", Title: "Position of a person or device", Category: Location, Strength: rules.Weak,
			Loose:           []string{`[+\-]?\d{1,2}\.\d{3,12}[,;] ?[+\-]?\d{1,3}\.\d{3,12}`, `\d{1,2}°\d{1,2}['′]\d{1,2}(?:\.\d{1,6})?["″][NS][ ,]{0,2}\d{1,3}°\d{1,2}['′]\d{1,2}(?:\.\d{1,6})?["″][EW]`},
			Valid:           validCoordinates,
			Context:         []string{"gps", "geolocation", "last seen at", "last known location", "home location", "current location", "user location", "device location", "gps coordinates", "standort", "position gps"},
			Source:          "ISO 6709 (latitude before longitude, decimal degrees); a position alone is that of a place and needs context",
			Examples:        []string{"51.507351, -0.127758", "48.8566,2.3522"},
			CounterExamples: []string{"51.507351, -0.127758", "91.000123, 12.345678"},
		},
	}
}

// examineIP reads an IPv4 or IPv6 address with an optional zone and prefix length.
func examineIP(text []byte, start, end int) Reading {
	value := text[start:end]
	before, after := byte(0), byte(0)
	if start > 0 {
		before = text[start-1]
	}
	if end < len(text) {
		after = text[end]
	}
	if before == '.' || before == ':' && hasByteIn(value, ':') && start > 1 && (isHex(text[start-2]) || text[start-2] == ':') || after == ':' && end+1 < len(text) && (isHex(text[end+1]) || text[end+1] == ':') && hasByteIn(value, ':') ||
		value[0] == ':' && isWordByte(before) || value[len(value)-1] == ':' && isWordByte(after) ||
		after == '.' && isDigitAt(text, end+1) || before == '-' && start > 1 && isWordByte(text[start-2]) || after == '-' && end+1 < len(text) && isWordByte(text[end+1]) {
		return Reading{}
	}
	value, ok := cutPrefix(value)
	if !ok {
		return Reading{}
	}
	if !hasByteIn(value, ':') {
		return Reading{start, end, gradeIPv4(value)}
	}
	groups, empty := readIPv6(value)
	switch {
	case groups < 0:
		return Reading{}
	case groups < 3 && empty && isWordByte(before):
		return Reading{}
	}
	if groups == 1 && empty && end-start > 3 && value[0] != ':' && !hasDigit(value) {
		return Reading{} // "add::" reads like code
	}
	if !hasDigit(value) || groups == 1 && value[0] != ':' && !isGivenOut(value) {
		return Reading{start, end, Plain}
	}
	return Reading{start, end, Distinctive}
}

// isGivenOut reports whether a prefix of one group, such as "fe80::", lies in a part of the address space that is in use: 2000::/3
// and what begins with fc to ff (IANA's registry of the IPv6 address space). "f64::" is a module of a programming language.
func isGivenOut(prefix []byte) bool {
	if len(prefix) != len("fe80::") {
		return false
	}
	return prefix[0] == '2' || prefix[0] == '3' || prefix[0]|0x20 == 'f' && prefix[1]|0x20 >= 'c' && prefix[1]|0x20 <= 'f'
}

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func hasDigit(value []byte) bool {
	for _, c := range value {
		if isDigit(c) {
			return true
		}
	}
	return false
}

func hasByteIn(value []byte, c byte) bool { return bytes.IndexByte(value, c) >= 0 }

// The most bits of a network prefix.
const bitsIPv4, bitsIPv6 = 32, 128

// cutPrefix returns an address without its prefix length and zone.
func cutPrefix(value []byte) (address []byte, ok bool) {
	for i := len(value) - 1; i > 0 && i >= len(value)-4; i-- {
		if value[i] == '/' {
			most := bitsIPv4
			if hasByteIn(value, ':') {
				most = bitsIPv6
			}
			if number(value[i+1:]) > most {
				return nil, false
			}
			value = value[:i]
		}
	}
	for i, c := range value {
		if c == '%' {
			return value[:i], true
		}
	}
	return value, true
}

// gradeIPv4 checks four decimal octets. Addresses of small numbers are as often versions of programs.
func gradeIPv4(value []byte) Grade {
	const smallest = 20
	octet, length, dots, most := 0, 0, 0, 0
	for i := 0; i <= len(value); i++ {
		if i < len(value) && value[i] != '.' {
			if !isDigit(value[i]) {
				return Rejected
			}
			octet = octet*10 + int(value[i]-'0')
			length++
			continue
		}
		if length == 0 || length > 3 || octet > 255 || length > 1 && value[i-length] == '0' {
			return Rejected
		}
		most = max(most, octet)
		octet, length = 0, 0
		dots++
	}
	switch {
	case dots != 4:
		return Rejected
	case most < smallest && value[0] != '0':
		return Plain
	}
	return Distinctive
}

// readIPv6 counts the groups of an IPv6 address, -1 when it is none, and tells whether some were left out with "::".
func readIPv6(value []byte) (groups int, empty bool) {
	for i := 0; i < len(value); {
		if value[i] == ':' {
			if i+1 < len(value) && value[i+1] == ':' {
				if empty {
					return -1, false
				}
				empty = true
				i += 2
				continue
			}
			if i == 0 || i == len(value)-1 {
				return -1, false
			}
			i++
		}
		from := i
		for i < len(value) && isHex(value[i]) {
			i++
		}
		if i < len(value) && value[i] == '.' {
			if gradeIPv4(value[from:]) == Rejected {
				return -1, false
			}
			groups += 2
			break
		}
		if i-from < 1 || i-from > 4 {
			return -1, false
		}
		groups++
	}
	const full = 8
	if groups > full || groups == full && empty || groups < full && !empty {
		return -1, false
	}
	return groups, empty
}

// examineMAC refuses the null and the broadcast address, and parts of longer identifiers.
func examineMAC(text []byte, start, end int) Reading {
	separator := text[start+2]
	dotted := isHex(separator)
	if dotted && (start > 0 && text[start-1] == '.' || end < len(text) && text[end] == '.') {
		return Reading{} // a longer dotted number
	}
	if start > 1 && text[start-1] == separator && isHex(text[start-2]) || end+1 < len(text) && text[end] == separator && isHex(text[end+1]) {
		return Reading{}
	}
	if separator == ':' && continuesDump(text[:start]) {
		return Reading{}
	}
	first, alike := byte(0), true
	for _, c := range text[start:end] {
		if !isHex(c) {
			continue
		}
		if first == 0 {
			first = c
		}
		alike = alike && c|0x20 == first|0x20
	}
	switch {
	case alike:
		return Reading{}
	case dotted: // so are weights and keys of many tables
		return Reading{start, end, Plain}
	}
	return Reading{start, end, Distinctive}
}

// continuesDump reports whether a line goes on with the bytes that stand, with colons, at the end of the line above, as in the text of
// a certificate.
func continuesDump(before []byte) bool {
	const deepestIndent = 32
	i := len(before) - 1
	for i >= 0 && i >= len(before)-deepestIndent && (before[i] == ' ' || before[i] == '\n' || before[i] == '\r') {
		i--
	}
	return i > 0 && i < len(before)-1 && before[i] == ':' && isHex(before[i-1]) && bytes.IndexByte(before[i:], '\n') >= 0
}

// placeholderPasswords are what documentation writes where a password belongs.
var placeholderPasswords = []string{"password", "pass", "passwd", "pwd", "secret", "xxx", "xxxx", "changeme", "yourpassword", "your-password", "example", "token", "pw", "mypassword", "test"}

// validURLCredentials refuses the placeholders of documentation.
func validURLCredentials(value []byte) bool {
	colon, at := 0, 0
	for i, c := range value {
		switch {
		case c == ':' && i+1 < len(value) && value[i+1] != '/':
			if colon == 0 {
				colon = i
			}
		case c == '@':
			at = i
		}
	}
	return colon > 0 && at > colon && !isPlaceholder(value[colon+1:at])
}

// isPlaceholder reports whether a password is none: one of the usual words, a variable, stars.
func isPlaceholder(password []byte) bool {
	for _, word := range placeholderPasswords {
		if len(word) == len(password) && equalFold(password, word) {
			return true
		}
	}
	return len(password) < 3 || password[0] == '$' || password[0] == '<' || password[0] == '{' || password[0] == '%' && password[len(password)-1] == '%' || oneDigitOnly(password)
}

// equalFold compares ASCII letters without regard to case; word is in lower case.
func equalFold(value []byte, word string) bool {
	for i := range len(word) {
		c := value[i]
		if lower := asciiLetter[c]; lower != 0 {
			c = lower
		}
		if c != word[i] {
			return false
		}
	}
	return true
}

// validCoordinates checks that the latitude is at most 90 degrees, and the longitude at most 180.
func validCoordinates(value []byte) bool {
	const latitude, longitude = 90, 180
	whole, part, counting := [2]int{}, 0, true
	for _, c := range value {
		switch {
		case isDigit(c) && counting && part < 2:
			whole[part] = whole[part]*10 + int(c-'0')
		case c == '.':
			counting = false
		case c == ',' || c == ';':
			part++
			counting = true
		}
	}
	return whole[0] <= latitude && whole[1] <= longitude
}
