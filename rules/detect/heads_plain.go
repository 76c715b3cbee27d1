//go:build !amd64

package detect

// markLeads is nil: no assembly marks leads on this processor.
var markLeads marker
