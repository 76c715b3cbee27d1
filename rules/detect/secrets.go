package detect

import "stanch/rules"

// secrets lists credentials that open something by themselves.
func secrets() []Detector {
	return []Detector{
		{
			ID: "secret.private_key", Title: "Private key", Category: Credential, Strength: rules.Weak, Distinctive: true, Literal: true,
			Patterns:        []string{`-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |ANY )?PRIVATE KEY-----`, `-----BEGIN PGP PRIVATE KEY BLOCK-----`, `PuTTY-User-Key-File-[23]: [a-z0-9\-]{3,40}`},
			Context:         []string{"private key"},
			Source:          "RFC 7468 (textual encodings), RFC 9580 section 6.2, PuTTY manual appendix C",
			Examples:        []string{"-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"},
			CounterExamples: []string{"-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----"},
		},
	}
}
