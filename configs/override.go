package configs

import (
	"errors"
	"fmt"
)

// Override lets the command line win over the file. Empty values leave what the file says. The error names each flag that is wrong.
func (s *Server) Override(listen, upstream, admin string) error {
	var problems []error
	if listen != "" {
		s.Listen = listen
	}
	if admin != "" {
		s.Admin = admin
	}
	if upstream != "" {
		u, err := parseUpstream(upstream)
		if err != nil {
			problems = append(problems, fmt.Errorf("--upstream %w", err))
		} else {
			s.Upstream = u
		}
	}
	return errors.Join(problems...)
}
