package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"stanch/bench/patterns"
	"stanch/bench/process"
)

// The names of the subjects.
const (
	direct       = "the application itself"
	reverseProxy = "httputil.ReverseProxy"
	nginx        = "nginx"
	haproxy      = "haproxy"
	stanchOff    = "stanch, inspection off"
	stanchOn     = "stanch, inspection on"
	stanchSame   = "stanch, the same 15 kinds"
	stanchWatch  = "stanch, default rules in monitor mode"
	modSecurity  = "nginx with ModSecurity 3, 15 patterns"
	coraza       = "Coraza, 15 patterns"
)

// A subject is what is measured.
type subject struct {
	name    string
	address string
	process *process.Process // nil for the application itself
	missing string           // why it is not measured; "" when it is
	densest bool             // false: it does not take the dense body
	only    bool             // it takes nothing but the dense body
}

func (s *subject) takes(b body) bool {
	if b.dense {
		return s.densest
	}
	return !s.only
}

// setup is what subjects are started with.
type setup struct {
	folder, stanch string // the folder for their files, and the binary
	core           int
	upstream       string
	only           string
}

// startSubjects starts all that are installed. The stanch with the default rules would stop the dense body; there the one with a monitoring
// rule stands in its place under the same name.
func startSubjects(s setup) ([]*subject, error) {
	subjects := []*subject{{name: direct, address: s.upstream, densest: true}}
	for _, c := range []struct {
		name    string
		dense   bool
		only    bool
		prepare func(setup, string) (process.Command, error)
	}{
		{reverseProxy, true, false, library(reverseProxy)},
		{nginx, true, false, prepareNginx},
		{haproxy, true, false, prepareHaproxy},
		{stanchOff, true, false, stanchWith("off.toml", "\n[route.everything]\npaths = [\"/**\"]\nskip = true\n", false)},
		{stanchOn, false, false, stanchWith("on.toml", "", false)},
		{stanchOn, true, true, stanchWith("monitor.toml", monitoringRule, true)},
		{stanchSame, true, false, stanchWith("same.toml", monitoringRule+sameKinds, true)},
		{stanchWatch, true, true, stanchWith("watch.toml", "", false)},
		{modSecurity, true, false, prepareModSecurity},
		{coraza, true, false, library(coraza)},
	} {
		if !strings.Contains(c.name, s.only) {
			continue
		}
		added := &subject{name: c.name, densest: c.dense, only: c.only}
		subjects = append(subjects, added)
		address, err := process.FreeAddress()
		if err != nil {
			return subjects, err
		}
		command, err := c.prepare(s, address)
		if missing, ok := err.(missingError); ok {
			added.missing = string(missing)
			continue
		} else if err != nil {
			return subjects, err
		}
		command.Core, command.Address = s.core, address
		added.address = address
		if added.process, err = process.Start(command); err != nil {
			added.missing = err.Error()
		}
	}
	return subjects, nil
}

func stopSubjects(subjects []*subject) {
	for _, s := range subjects {
		if s.process != nil {
			s.process.Stop()
		}
	}
}

// A missingError says what has to be installed for a peer to be measured.
type missingError string

func (e missingError) Error() string { return string(e) }

// monitoringRule is the whole configuration of the stanch that takes the dense body.
const monitoringRule = "version = 1\n[rule.bulk]\nwhen = { people = 50 }\naction = \"block\"\nmode = \"monitor\"\n"

// sameKinds makes stanch look for what the peers' patterns look for, and nothing else.
const sameKinds = "[inspect]\ndetectors = [\"email\", \"phone\", \"uk.postcode\", \"uk.nino\", \"uk.nhs_number\", \"payment_card\", \"iban\", \"us.ssn\", " +
	"\"date_of_birth\", \"ip_address\", \"uk.sort_code_account\", \"uk.passport\", \"secret.jwt\", \"secret.aws_access_key\", \"secret.private_key\"]\n"

// stanchWith prepares the binary with a configuration: the text alone, or behind the default rules.
func stanchWith(file, text string, alone bool) func(setup, string) (process.Command, error) {
	return func(s setup, address string) (process.Command, error) {
		config := text
		if !alone {
			standard, err := os.ReadFile(filepath.Join("..", "configs", "stanch.toml"))
			if err != nil {
				return process.Command{}, err
			}
			config = string(standard) + text
			if file == "watch.toml" {
				config = strings.Replace(config, `mode         = "enforce"`, `mode = "monitor"`, 1)
			}
		}
		path, err := write(s, file, config)
		if err != nil {
			return process.Command{}, err
		}
		admin, err := process.FreeAddress()
		return process.Command{Path: s.stanch, Environment: []string{"GOMAXPROCS=1"},
			Args: []string{"serve", "-config", path, "-listen", address, "-admin", admin, "-upstream", "http://" + s.upstream}}, err
	}
}

// library prepares a peer that is a Go library: this command serves it.
func library(name string) func(setup, string) (process.Command, error) {
	return func(s setup, address string) (process.Command, error) {
		self, err := os.Executable()
		return process.Command{Path: self, Environment: []string{"GOMAXPROCS=1"}, Args: []string{"-serve", name, "-listen", address, "-upstream", s.upstream}}, err
	}
}

func prepareHaproxy(s setup, address string) (process.Command, error) {
	binary, err := installed("haproxy", "haproxy")
	if err != nil {
		return process.Command{}, err
	}
	path, err := write(s, "haproxy.cfg", fmt.Sprintf(`global
	nbthread 1
	maxconn 1000
defaults
	mode http
	timeout connect 5s
	timeout client 60s
	timeout server 120s
	option forwardfor
	option http-no-delay
	http-reuse always
frontend in
	bind %s
	default_backend application
backend application
	server one %s
`, address, s.upstream))
	return process.Command{Path: binary, Args: []string{"-db", "-f", path}}, err
}

func prepareNginx(s setup, address string) (process.Command, error) {
	return nginxWith(s, address, "nginx", "", "")
}

// modSecurityModule is where Debian's libnginx-mod-http-modsecurity puts it.
const modSecurityModule = "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so"

func prepareModSecurity(s setup, address string) (process.Command, error) {
	if _, err := os.Stat(modSecurityModule); err != nil {
		return process.Command{}, missingError("not installed: apt-get install libnginx-mod-http-modsecurity")
	}
	path, err := write(s, "modsecurity-rules.conf", directives("SecResponseBodyLimitAction ProcessPartial\nSecAuditEngine Off\n"))
	if err != nil {
		return process.Command{}, err
	}
	return nginxWith(s, address, "modsecurity", "load_module "+modSecurityModule+";\n", "modsecurity on; modsecurity_rules_file "+path+";")
}

// directives are the rules that ModSecurity and Coraza both read: the patterns on response bodies, none of which stops anything.
func directives(more string) string {
	var b strings.Builder
	b.WriteString("SecRuleEngine On\nSecRequestBodyAccess Off\nSecResponseBodyAccess On\nSecResponseBodyLimit 67108864\n" +
		"SecResponseBodyMimeType text/html text/javascript application/json text/csv\n" + more)
	for i, expression := range patterns.Fifteen() {
		fmt.Fprintf(&b, "SecRule RESPONSE_BODY \"@rx %s\" \"id:%d,phase:4,pass,nolog\"\n", expression, i+1)
	}
	return b.String()
}

func nginxWith(s setup, address, name, load, inside string) (process.Command, error) {
	binary, err := installed("nginx", "nginx-light")
	if err != nil {
		return process.Command{}, err
	}
	path, err := write(s, name+".conf", fmt.Sprintf(`%[1]sdaemon off;
master_process off;
worker_processes 1;
pid %[2]s/%[3]s.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
	access_log off;
	default_type application/octet-stream;
	client_body_temp_path %[2]s/%[3]s-body;
	proxy_temp_path %[2]s/%[3]s-proxy;
	fastcgi_temp_path %[2]s/%[3]s-fastcgi;
	uwsgi_temp_path %[2]s/%[3]s-uwsgi;
	scgi_temp_path %[2]s/%[3]s-scgi;
	keepalive_requests 1000000;
	upstream application { server %[4]s; keepalive 64; }
	server {
		listen %[5]s;
		%[6]s
		location / {
			proxy_pass http://application;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_set_header Host $host;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
		}
		location = %[7]s {
			proxy_pass http://application;
			proxy_http_version 1.1;
			proxy_buffering off;
		}
	}
}
`, load, s.folder, name, s.upstream, address, inside, eventsPath))
	return process.Command{Path: binary, Args: []string{"-p", s.folder, "-e", "stderr", "-c", path}}, err
}

// installed finds a program, or says which of Debian's packages has it.
func installed(program, debian string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", missingError("not installed: apt-get install " + debian)
	}
	return path, nil
}

func write(s setup, name, text string) (string, error) {
	path := filepath.Join(s.folder, name)
	return path, os.WriteFile(path, []byte(text), 0o600)
}
