// Package configs turns a TOML file into plain structs, and tells everything that is wrong with it at once.
//
//	config, err := configs.Load("stanch.toml")
//	if err != nil {
//		fmt.Fprintln(os.Stderr, err) // stanch.toml:12:10: people: 0 is out of range; allowed is …
//	}
//
// It starts nothing, opens no socket and compiles no detector: it says what the operator wants, in the types of the rooms
// that do it.
package configs

import (
	_ "embed"
	"net/netip"
	"net/url"
	"os"
	"time"

	"stanch/rules"
	"stanch/rules/detect"
)

// A Config is everything that a file says, with the defaults for what it leaves out. It is not changed after Parse.
type Config struct {
	Server   Server
	Listener Listener
	Inspect  Inspect
	Identity Identity
	Audit    Audit
	// Policy holds the rules and exemptions in the order of their ids, canaries' rules included, and one Route for each
	// path of a route, the most specific first: of several that match, the longest beginning without a wildcard wins.
	Policy rules.Policy
	// Sought are the ids of the catalogue's detectors that are looked for; none means all of them.
	Sought []string
	// Detectors are the operator's own and the canaries', to be compiled together with those of the catalogue.
	Detectors []detect.Detector
	// Hash names the configuration in metrics and audit: SHA-256 of all files, in hexadecimal.
	Hash string

	files []string // those that the configuration names, in the order in which Hash covers them, behind the configuration itself
}

// Server says where the proxy listens and what it allows an exchange.
type Server struct {
	Listen         string   // host:port
	Upstream       *url.URL // scheme and host only, or unix:///path
	UpstreamCA     string   // PEM file with the authorities of the application's certificate; "" means the system's
	Admin          string   // host:port
	TrustedProxies []netip.Prefix
	Hosts          []string      // host names answered; none means all
	PlainUpstream  bool          // asks the application for bodies without a coding
	HeadTimeout    time.Duration // for the head of the application's answer
	UpstreamIdle   time.Duration // for the application's silence within a body
	ClientIdle     time.Duration // for a client that takes nothing, or gives nothing
	Drain          time.Duration // for the exchanges in flight after SIGTERM
	Concurrency    int           // exchanges at the same time, past it 503; 0 means as many as memory allows
	Connections    int           // from clients at the same time; 0 means half of the files that may be open
	BlockStatus    int           // 403, 404 or 451
}

// Listener says how clients connect. Without a certificate they do so without TLS.
type Listener struct {
	Certificate string // PEM file with the certificate chain; "" means no TLS, and so for Key
	Key         string // PEM file with its private key
	ClientCA    string // PEM file with the authorities of clients' certificates; "" asks clients for none
	MinVersion  uint16 // tls.VersionTLS12 or tls.VersionTLS13
}

// Inspect bounds the inspection. What is enforced stands in the Policy.
type Inspect struct {
	Window      int    // bytes held back
	MaxDocument int64  // bytes spooled per document
	MaxSpooled  int64  // bytes spooled for all documents together
	MaxDecoded  int64  // bytes that one body in a content coding may decode to
	Repeats     int64  // bytes of recordings by which bodies are recognized; 0 means none
	Memory      int64  // bytes that all responses together may hold; past it 503
	Spool       string // folder for documents; "" means the system's temporary folder
}

// Identity says who a client is.
type Identity struct {
	From     []Source // the first that is present
	SignedIn []Source // any that is present means signed in
	KeyFile  string   // keys the pseudonyms; "" means a random key for each start
}

// Audit says where events go.
type Audit struct {
	File     string // "stdout", "stderr" or a path; "" means no events
	Required bool   // while events cannot be written requests get 503
}

//go:embed stanch.toml
var defaultFile []byte

// defaultName stands in the places of the embedded file.
const defaultName = "stanch.toml"

// maxFile bounds a configuration or canary file, in bytes.
const maxFile = 1 << 20

// Default is the embedded stanch.toml: a policy that is useful as it stands.
func Default() *Config {
	config, err := Parse(defaultName, defaultFile)
	if err != nil {
		panic("internal error: the embedded configuration is wrong: " + err.Error())
	}
	return config
}

// Load reads a configuration file. The error is an *Error with every problem, or says why the file cannot be read.
func Load(path string) (*Config, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse reads a configuration. Its name stands in the places of problems, and files named in it are looked for beside it.
// The error is an *Error.
func Parse(name string, data []byte) (*Config, error) {
	return parser{name: name, catalogue: detect.Catalogue(), now: time.Now(), read: readFile}.parse(data)
}

// readFile reads a file up to maxFile.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() || info.Size() > maxFile {
		return nil, &os.PathError{Op: "read", Path: path, Err: errTooLarge}
	}
	return os.ReadFile(path)
}
