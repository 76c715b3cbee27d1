package proxy

import (
	"bytes"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"stanch/rules"
)

func TestOriginIsToldAnewUnlessAProxyIsTrusted(t *testing.T) {
	base, requests := rawApplication(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	forged := "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 10.0.0.9\r\nX_Forwarded_For: 6.6.6.6\r\nx-real-ip: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n" +
		"X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nTrue-Client-IP: 6.6.6.6\r\nX-Forwarded-Uri: /x\r\n"
	request := "GET / HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n" + forged + "\r\n"
	for _, c := range []struct {
		trusted       []netip.Prefix
		address       string
		present, gone []string
	}{
		{nil, "127.0.0.1", []string{"X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n", "X-Forwarded-Host: site.example\r\n"},
			[]string{"6.6.6.6", "evil", "Forwarded: for"}},
		{[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, "10.0.0.9", []string{"X-Forwarded-For: 6.6.6.6, 10.0.0.9, 127.0.0.1\r\n",
			"X-Forwarded-Proto: https\r\n", "X-Forwarded-Host: evil.example\r\n", "Forwarded: for=6.6.6.6, for=127.0.0.1\r\n"}, []string{"X_Forwarded"}},
		{[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}, "6.6.6.6", nil, nil},
	} {
		w := newWorld(t, base, func(o *Options, _ *Proxy) { o.TrustedProxies = c.trusted })
		w.raw(request)
		head := <-requests
		for _, line := range c.present {
			if !strings.Contains(head, line) {
				t.Errorf("trusting %v: %q is missing in %q", c.trusted, line, head)
			}
		}
		for _, line := range c.gone {
			if strings.Contains(head, line) {
				t.Errorf("trusting %v: %q is in %q", c.trusted, line, head)
			}
		}
		if o := w.next(); o.Exchange.Address.String() != c.address {
			t.Errorf("trusting %v: the address is %v, want %s", c.trusted, o.Exchange.Address, c.address)
		}
	}
}

func TestClientIsAPseudonymOfTheFirstSourcePresent(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {}), func(o *Options, _ *Proxy) {
		o.Identity = []string{"cookie:sessionid", "header:authorization", "address"}
		o.SignedIn = []string{"cookie:sessionid", "header:Authorization"}
		o.Key = bytes.Repeat([]byte{7}, 16)
	})
	client := protocols(t)[0].client
	ask := func(header ...string) rules.Exchange {
		get(t, client, w.base, header...)
		return w.next().Exchange
	}
	session, again, other := ask("Cookie", "sessionid=abc"), ask("Cookie", "a=b; sessionid=abc", "Authorization", "x"), ask("Cookie", "sessionid=abd")
	token, nobody := ask("Authorization", "abc"), ask()
	if session.Client != again.Client {
		t.Error("one session has two pseudonyms")
	}
	distinct := map[string]bool{session.Client: true, other.Client: true, token.Client: true, nobody.Client: true}
	if len(distinct) != 4 || len(session.Client) != 2*pseudonymBytes || distinct[""] {
		t.Errorf("the pseudonyms are %v", distinct)
	}
	if !session.SignedIn || !token.SignedIn || nobody.SignedIn {
		t.Errorf("signed in: %v, %v, %v", session.SignedIn, token.SignedIn, nobody.SignedIn)
	}
}

func TestAmbiguousPathsGetNoException(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		io.WriteString(w, crowd(10))
	}), nil)
	for path, want := range map[string]struct {
		route     string
		ambiguous bool
		status    string
	}{
		"/skip/x":             {"/skip/x", false, "200"},
		"/skip/":              {"/skip/", false, "200"},
		"/skip/%C3%A9":        {"/skip/é", false, "200"},
		"/a":                  {"/a", false, "403"},
		"/skip/../people":     {"/people", true, "403"},
		"/skip/%2e%2e/people": {"/people", true, "403"},
		"/skip/..%2fpeople":   {"/people", true, "403"},
		"/skip/..%5cpeople":   {"/people", true, "403"},
		"/skip//x":            {"/skip/x", true, "403"},
		"/skip/x;y=z":         {"/skip/x;y=z", true, "403"},
		"/skip/./x":           {"/skip/x", true, "403"},
		"/skip/%252e%252e/x":  {"/skip/%2e%2e/x", true, "403"},
		"/people/../skip/x":   {"/skip/x", true, "403"},
		"/skip/x%00":          {"/skip/x\x00", true, "403"},
	} {
		answer := w.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		o := w.next()
		if !strings.HasPrefix(answer, "HTTP/1.1 "+want.status) || o.Exchange.Route != want.route || o.Exchange.Ambiguous != want.ambiguous {
			t.Errorf("%s: %.12q, route %q, ambiguous %v", path, answer, o.Exchange.Route, o.Exchange.Ambiguous)
		}
	}
}

func TestHostsThatAreNotOursAreRefused(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {}), func(o *Options, _ *Proxy) { o.Hosts = []string{"Site.example"} })
	for host, status := range map[string]string{"site.example": "200", "SITE.example:8080": "200", "evil.example": "421", "": "421"} {
		if answer := w.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 "+status) {
			t.Errorf("%q: got %q", host, answer)
		}
	}
}

// TestEchoedValuesDoNotCount asks for more people than may leave, in every form a request can hold them.
func TestEchoedValuesDoNotCount(t *testing.T) {
	w := newWorld(t, application(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/csv")
		io.WriteString(w, crowd(4))
	}), nil)
	var addresses []string
	for i := range 4 {
		addresses = append(addresses, word(i)+"@example.org")
	}
	form := url.Values{"who": addresses}.Encode()
	document := `{"who":["` + strings.Join(addresses, `","`) + `"],"more":{"n":1`
	eachProtocol(t, func(t *testing.T, client *http.Client) {
		for _, c := range []struct {
			name, query, kind, body string
			status                  int
		}{
			{"nothing", "", "", "", 403},
			{"query", form, "", "", 200},
			{"form", "", "application/x-www-form-urlencoded; charset=utf-8", form, 200},
			{"JSON, cut off", "", "application/json", document, 200},
			{"JSON of a kind", "", "application/vnd.api+json", document + "}}", 200},
			{"something else", "", "text/plain", form, 403},
			{"one of them", "who=" + addresses[0], "", "", 403},
		} {
			request, _ := http.NewRequest(http.MethodPost, w.base+"/?"+c.query, strings.NewReader(c.body))
			request.Header.Set("Content-Type", c.kind)
			if response, _, err := do(t, client, request); err != nil || response.StatusCode != c.status {
				t.Errorf("%s: %d %v, observed %+v", c.name, response.StatusCode, err, w.next())
				continue
			}
			w.next()
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	good := func() Options {
		return Options{Upstream: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, Rules: func() Rules { return Rules{} }}
	}
	if _, err := New(good()); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Options){
		"Upstream is missing":                  func(o *Options) { o.Upstream = nil },
		"allowed are http, https, h2c, unix":   func(o *Options) { o.Upstream = &url.URL{Scheme: "ftp", Host: "a"} },
		"without user, path or query":          func(o *Options) { o.Upstream = &url.URL{Scheme: "http", Host: "a", Path: "/x"} },
		"path of the socket":                   func(o *Options) { o.Upstream = &url.URL{Scheme: "unix"} },
		"Rules is missing":                     func(o *Options) { o.Rules = nil },
		"allowed are 403, 404, 451":            func(o *Options) { o.BlockStatus = 200 },
		"at least 16 are needed":               func(o *Options) { o.Key = []byte("short") },
		"Identity[1] is \"cookie\"":            func(o *Options) { o.Identity = []string{"address", "cookie"} },
		"SignedIn cannot be":                   func(o *Options) { o.SignedIn = []string{"address"} },
		"allowed are cookie:NAME, header:NAME": func(o *Options) { o.SignedIn = []string{"query:x"} },
	} {
		o := good()
		change(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
