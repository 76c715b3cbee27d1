package detect

import (
	"bytes"

	"stanch/rules"
)

// secrets lists credentials that open something by themselves.
func secrets() []Detector {
	return []Detector{
		{
			ID: "secret.private_key", Title: "Private key", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns: []string{`-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |ANY )?PRIVATE KEY-----` + keyBody,
				`-----BEGIN PGP PRIVATE KEY BLOCK-----` + keyBody, `PuTTY-User-Key-File-[23]: [a-z0-9\-]{3,40}`},
			Context:         []string{"private key"},
			Source:          "RFC 7468 (textual encodings), RFC 9580 section 6.2, PuTTY manual appendix C",
			Examples:        []string{"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn", `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n`},
			CounterExamples: []string{"-----BEGIN PRIVATE KEY-----", "-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----"},
		},
		{
			ID: "secret.jwt", Title: "JSON web token", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns:        []string{`eyJ[A-Za-z0-9_\-]{10,160}\.eyJ[A-Za-z0-9_\-]{10,240}\.[A-Za-z0-9_\-]{10,90}`},
			Context:         []string{"token", "jwt", "bearer", "id token", "access token"},
			Source:          "RFC 7519 section 3 and RFC 7515 section 7.1 (compact serialization of JSON objects)",
			Examples:        []string{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"},
			CounterExamples: []string{"eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.abc.def"},
		},
		{
			ID: "secret.aws_access_key", Title: "AWS access key", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns:        []string{`(?:AKIA|ASIA)[A-Z2-7]{16}`},
			Valid:           func(value []byte) bool { return !bytes.HasSuffix(value, []byte("EXAMPLE")) },
			Context:         []string{"aws", "access key", "aws access key id", "access key id"},
			Source:          "AWS, IAM user guide: unique identifiers (prefixes AKIA and ASIA)",
			Examples:        []string{"AKIAIOSFODNN7ABCDEFG", "ASIAQWERTYUIOP234567"},
			CounterExamples: []string{"AKIAIOSFODNN7EXAMPLE", "AKIA1234", "AKIAIOSFODNN7abcdefg"},
		},
		{
			ID: "secret.github_token", Title: "GitHub token", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns:        []string{`gh[pousr]_[A-Za-z0-9]{36,80}`, `github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}`},
			Valid:           isRandom,
			Context:         []string{"github", "token", "github token", "personal access token"},
			Source:          "GitHub, About authentication to GitHub: token formats",
			Examples:        []string{"ghp_16C7e42F292c6912E7710c838347Ae178B4a"},
			CounterExamples: []string{"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ghp_short"},
		},
		{
			ID: "secret.slack_token", Title: "Slack token", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns:        []string{`xox[abeoprs]-[A-Za-z0-9\-]{10,120}`, `xapp-\d-[A-Z0-9]{8,16}-\d{8,16}-[a-f0-9]{32,72}`, `hooks\.slack\.com/services/T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/[A-Za-z0-9]{20,28}`},
			Valid:           isRandom,
			Context:         []string{"slack", "token", "slack token", "bot token"},
			Source:          "Slack, Token types (prefixes) and Incoming webhooks",
			Examples:        []string{"xoxb-2903479128-4781203947-aB3dE5fG7hJ9kL1mN3pQ5rS7"},
			CounterExamples: []string{"xoxb-xxxxxxxxxxxx", "xoxb-1"},
		},
		{
			ID: "secret.gcp_api_key", Title: "Google API key", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns:        []string{`AIza[A-Za-z0-9_\-]{35}`, `GOCSPX-[A-Za-z0-9_\-]{28}`},
			Valid:           isRandom,
			Context:         []string{"api key", "google", "google api key", "gcp"},
			Source:          "Google Cloud, API keys overview (prefix AIza, 39 characters)",
			Examples:        []string{"AIzaSyD3xQ9rT7uV5wX1yZ2aB4cE6fG8hJ0kLmN"},
			CounterExamples: []string{"AIzaSyD3xQ9", "AIzaXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"},
		},
		{
			ID: "secret.stripe_key", Title: "Stripe key", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns:        []string{`(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,120}`, `whsec_[A-Za-z0-9]{32,64}`},
			Valid:           isRandom,
			Context:         []string{"stripe", "secret key", "stripe key"},
			Source:          "Stripe, API keys (prefixes of secret and restricted keys)",
			Examples:        []string{"sk_live_4eC39HqLyjWDarjtT1zdp7dc"},
			CounterExamples: []string{"pk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx"},
		},
		{
			ID: "secret.connection_string", Title: "Connection string with a password", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns: []string{
				`(?:postgres|postgresql|mysql|mariadb|mongodb|mongodb\+srv|redis|rediss|amqp|amqps|mssql|sqlserver|jdbc:[a-z]{2,12})://[A-Za-z0-9._~%\-]{0,64}:[A-Za-z0-9._~%!$&'*+,;=\-]{1,96}@[A-Za-z0-9.,:\-\[\]]{1,190}`,
				`(?i:server|data source|host|accountname)=[A-Za-z0-9.,:\\\-()]{1,96};[A-Za-z0-9 ._=;,\-]{0,160}(?i:password|pwd|accountkey)=[A-Za-z0-9+/=._~%!$&*\-]{3,96}`,
			},
			Examine:         examineConnection,
			Context:         []string{"connection string", "dsn", "database url"},
			Source:          "libpq, MongoDB and AMQP URI specifications; Microsoft, Connection string syntax",
			Examples:        []string{"postgres://app:9vQ2kLx7@db.example.org:5432/main", "Server=db1;Database=hr;User Id=app;Password=9vQ2kLx7;"},
			CounterExamples: []string{"postgres://localhost:5432/main", "postgres://user:password@host/db", "Server=db1;Database=hr"},
		},
		{
			ID: "secret.generic", Title: "Password or secret beside its name", Category: Credential, Strength: rules.Weak, Literal: true, Embedded: true,
			Typical: []string{`(?i:password|passwd|passphrase|secret|secret_key|client_secret|api_key|api-key|apikey|access_token|auth_token|private_token)["']? ?(?:=>|[:=]|is) ?["']?[A-Za-z0-9+/_=.~!@#$%^&*\-]{8,96}`},
			Examine: examineSecret,
			Context: []string{"password", "passwd", "passphrase", "secret", "api key", "apikey", "access token", "client secret", "secret key"},
			Columns: []Column{{Headers: []string{"password", "passwd", "passphrase", "pwd", "kennwort", "passwort", "mot de passe", "contrasena", "senha", "wachtwoord", "haslo", "пароль", "密码"},
				Accept: acceptPassword}},
			Source:          "NIST SP 800-63B section 5.1.1 (memorized secrets, at least eight characters); the usual names of configuration keys",
			Examples:        []string{"kX9#vQ2mLp7z", "Tr0ub4dor&3x"},
			CounterExamples: []string{"password: required", "secret = os.environ", "true", "password=********"},
		},
	}
}

// keyBody is how a key goes on behind its first line: at least the beginning of a line of Base64 or of a header, with line ends plain or escaped.
const keyBody = `(?:[\r\n]|\\r|\\n){1,4}[A-Za-z0-9+/=:\-]{4}(?:[A-Za-z0-9+/=:\-\r\n]|\\r|\\n){4,200}`

// isRandom reports whether a token has letters and digits, and no character too often, as placeholders have.
func isRandom(value []byte) bool {
	var counts [128]uint8
	digitsSeen, lettersSeen, most := 0, 0, 0
	for _, c := range value {
		if isDigit(c) {
			digitsSeen++
		} else if asciiLetter[c] != 0 {
			lettersSeen++
		}
		counts[c&127]++
		most = max(most, int(counts[c&127]))
	}
	return digitsSeen > 0 && lettersSeen > 0 && most*3 <= len(value)
}

// examineConnection refuses placeholders where the password stands.
func examineConnection(text []byte, start, end int) Reading {
	value := text[start:end]
	from, to := 0, len(value)
	if at := bytes.LastIndexByte(value, '@'); at >= 0 && bytes.Contains(value, []byte("://")) {
		to = at
		from = bytes.LastIndexByte(value[:at], ':') + 1
	} else {
		from = bytes.LastIndexByte(bytes.TrimRight(value, "="), '=') + 1
	}
	if from >= to || isPlaceholder(value[from:to]) {
		return Reading{}
	}
	return Reading{start, end, Distinctive}
}

// examineSecret finds the value behind the name, which is a part of the pattern, and grades it by how random it looks.
func examineSecret(text []byte, start, end int) Reading {
	at := bytes.IndexAny(text[start:end], ":= ")
	if at < 0 || start > 0 && text[start-1] == ':' { // "arn:aws:secretsmanager:eu-west-1:123456789012:secret:name"
		return Reading{}
	}
	at += start + 1
	if bytes.HasPrefix(text[at:end], []byte("is ")) {
		at += len("is ")
	}
	for at < end && (text[at] == ' ' || text[at] == '"' || text[at] == '\'' || text[at] == '>' || text[at] == '=') {
		at++
	}
	if end-at < 8 || end < len(text) && (text[end] == '(' || text[end] == '[' || text[end] == ')') || acceptPassword(text[at:end]) == Rejected {
		return Reading{}
	}
	if c := strengthOf(text[at:end]); c < 3 {
		return Reading{}
	}
	return Reading{at, end, Distinctive}
}

// strengthOf counts the kinds of characters: digits, lower case, upper case, others.
func strengthOf(value []byte) int {
	var kinds [4]bool
	for _, c := range value {
		switch {
		case isDigit(c):
			kinds[0] = true
		case c >= 'a' && c <= 'z':
			kinds[1] = true
		case c >= 'A' && c <= 'Z':
			kinds[2] = true
		case c != '.' && c != '_' && c != '-':
			kinds[3] = true
		}
	}
	n := 0
	for _, k := range kinds {
		if k {
			n++
		}
	}
	return n
}

// acceptPassword grades a value below a header that speaks of passwords: what no dictionary holds.
func acceptPassword(value []byte) Grade {
	const shortest, longest = 6, 128
	if len(value) < shortest || len(value) > longest || bytes.IndexByte(value, ' ') >= 0 || isPlaceholder(value) || strengthOf(value) < 2 || !isRandom(value) {
		return Rejected
	}
	return Plain
}
