package main

import (
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// promises are what the most trusted proxies promise, and which of our tests holds each. Figures that depend on the machine are held by benchmarks.
var promises = []struct{ number, promise, tests string }{
	{"P1", "small input cannot buy big memory", "TestBombs TestBombsAreRefused TestArchiveMemory TestZstdWindowIsBounded TestXLSXMemory"},
	{"P2", "small input cannot buy big CPU", "TestFlatBodyThatTakesTooLongIsGivenUp BenchmarkHostile"},
	{"P3", "back-pressure, not buffering", "TestSlowClientHoldsTheApplicationBack"},
	{"P4", "buffers of a connection are small", "TestLongBodiesTakeLittleMemory TestBoundedMemory"},
	{"P5", "sheds before memory ends", "TestFullMemoryShedsAndComesBack TestOverloadShedsAndNothingPassesUninspected"},
	{"P6", "the memory limit is soft", "TestFullMemoryShedsAndComesBack"},
	{"P7", "idle connections are cheap", "TestIdleConnectionsAreCheap TestSilentConnectionsAreParked TestParkedConnectionsEnd"},
	{"P8", "little time is added", "TestBoundedDelay BenchmarkProxy"},
	{"P9", "little work per load", "BenchmarkProxy BenchmarkInspection"},
	{"P10", "circuits break", "TestOverloadShedsAndNothingPassesUninspected TestSilentUpstreamIsGatewayTimeout"},
	{"P11", "unsafe requests are sent once", "TestUnsafeRequestsAreSentOnce"},
	{"P12", "a reload loses nothing", "TestReloadsUnderLoadLoseNothing"},
	{"P13", "a bad configuration never serves", "TestBad TestServeKeepsItsRulesWhenNewOnesAreWrong TestWatcherWaitsForAHalfWrittenFile"},
	{"P14", "a drain truncates nothing", "TestDrainTruncatesNothing TestDrainLetsAnswersEnd"},
	{"P15", "slow clients cannot hold it", "TestSlowClientsHoldUpNobody TestClientThatSendsNothingIsGivenUp TestSlowClientHoldsTheApplicationBack"},
	{"P16", "abuse of HTTP/2 is bounded", "TestFloodsEndTheConnection TestStreamsAndHeadsAreBounded"},
	{"P17", "HTTP/2 as the standard has it", "TestConformanceEqualsNetHTTP"},
	{"P18", "no two readings of one request", "TestAmbiguousFramingIsRefused TestFramingIsTheSameForEverySplit FuzzFraming"},
	{"P19", "hop-by-hop headers cannot strip ours", "TestRequestHopByHopHeadersAreStripped TestResponseHopByHopHeadersAreStripped"},
	{"P20", "a client's identity cannot be forged", "TestOriginIsToldAnewUnlessAProxyIsTrusted TestClientIsAPseudonymOfTheFirstSourcePresent TestHostsThatAreNotOursAreRefused"},
	{"P21", "no parser crashes", "FuzzReader FuzzAnySplit FuzzXLS FuzzXLSB FuzzPDF FuzzZIP FuzzMail FuzzRTF FuzzParquet FuzzSQLite FuzzOLE FuzzParse"},
	{"P22", "every fuzz target has seeds and runs", "FuzzSplit FuzzSniff FuzzInflate64"},
	{"P23", "the prefilter loses no match", "FuzzNeverFalseNo TestAnySplitIsTheSame"},
	{"P24", "a panic is neither an outage nor a way around", "TestFaultyDetectorCostsOneAnswer TestFaultCostsOneBody TestPanicInADecoderReachesTheStreamAsAnError TestNothingIsSetAfterTheEnd TestChaos"},
	{"P25", "fails as configured", "TestEveryCellOfTheMatrix TestEvaluate"},
	{"P26", "clean pages stay clean", "TestCleanCorpus"},
	{"P27", "rules have regression tests", "TestScripts TestCorpus TestExamples"},
	{"P28", "faults of what it depends on are injected", "TestEveryToxicOfTheLinkToTheApplication TestEveryCellOfTheMatrix TestTruncationNeverLooksComplete"},
	{"P29", "counts are right", "TestAddFromManyGoroutines TestAddCountsDistinctPeopleOverTheWindow"},
	{"P30", "a store that is down opens nothing", "TestThereIsNoSharedStore"},
	{"P31", "faults of the application are told cleanly", "TestTruncationNeverLooksComplete TestTruncationBeforeTheHeadIsBadGateway TestHugeResponseHeadIsBadGateway TestUnsolicitedBytesAreNotLogged"},
	{"P32", "a client that leaves frees everything", "TestAbortedClientsLeaveNothing TestServeLeavesNothingOfAbortedClients"},
	{"P33", "streaming stays streaming", "TestServePassesEventsOn TestMessagesAreFlushed"},
	{"P34", "a bounded leak before a cut", "TestBoundedLeak TestBulkIsBlockedOrCut TestServeCutsABulkLeak"},
	{"P35", "logs hold no personal data", "TestCanariesReachNoOutputOfTheProcess TestCanariesReachNoOutput TestObserveKeepsNothing"},
	{"P36", "log lines cannot be forged", "TestHostileFields"},
	{"P37", "the audit trail shows every change", "TestVerifyFindsEveryChange TestOpenContinuesTheTrail"},
	{"P38", "metrics stay bounded", "TestSeriesAreConstant TestExpositionStaysSmall TestReloadsDoNotPileUpSeries"},
	{"P39", "the admin port changes nothing", "TestAdminChangesNothing"},
	{"P40", "certificates rotate", "TestCertificatesAreTakenOverOrRefused TestNewCertificateCountsFromTheNextConnection"},
	{"P41", "clocks cannot be played with", "TestAddCountsDistinctPeopleOverTheWindow TestEvaluate"},
	{"P42", "a full disk is safe", "TestFullDiskStopsOnlyWhatMustBeRecorded TestRequiredEventsWaitForTheDisk TestNothingIsServedThatCannotBeRecorded TestWriteErrorsAreCountedAndAlarmed TestFullQueueNeverBlocksAndIsToldOf"},
	{"P43", "reports of weaknesses are answered", "TestSecurityPolicySaysWhen"},
	{"P44", "the build can be repeated", "TestDockerfile"},
	{"P45", "it degrades by request, not as a whole", "TestManyUnscannablesChangeNothingForOthers"},
}

// faults are those to inject, and the conditions of the fail-closed matrix, each with the tests that do it.
var faults = []struct{ fault, tests string }{
	{"the application resets, closes half, lies about length, sends huge or endless heads", "TestTruncationNeverLooksComplete TestTruncationBeforeTheHeadIsBadGateway TestHugeResponseHeadIsBadGateway TestFloodOfInformationalHeadsIsBadGateway"},
	{"the application is slow or silent", "TestEveryToxicOfTheLinkToTheApplication TestSilentUpstreamIsGatewayTimeout TestSilenceInMidBodyIsCut"},
	{"the client is gone or slow", "TestSlowClientsHoldUpNobody TestAbortedClientsLeaveNothing TestSlowClientHoldsTheApplicationBack TestClientThatSendsNothingIsGivenUp"},
	{"many idle connections, more than there are files for", "TestIdleConnectionsAreCheap TestConnectionsAreBounded"},
	{"memory is short", "TestFullMemoryShedsAndComesBack TestFaultyDetectorCostsOneAnswer TestOverloadShedsAndNothingPassesUninspected"},
	{"time is short", "TestEveryCellOfTheMatrix TestFlatBodyThatTakesTooLongIsGivenUp"},
	{"a shared store is down, lies or lags", "TestThereIsNoSharedStore"},
	{"an answer to another request", "TestUnsolicitedBytesAreNotLogged"},
	{"reloads without end, half-written files, exchanged links", "TestReloadsUnderLoadLoseNothing TestWatcherWaitsForAHalfWrittenFile TestWatcherFollowsSymbolicLinks"},
	{"the process ends in mid-audit", "TestKilledProcessLeavesATrailThatVerifies TestOpenContinuesTheTrail"},
	{"the disk is full or read-only, and the audit trail required or not", "TestFullDiskStopsOnlyWhatMustBeRecorded TestNothingIsServedThatCannotBeRecorded TestWriteErrorsAreCountedAndAlarmed"},
	{"certificates rotate, end, or have another's key", "TestCertificatesAreTakenOverOrRefused"},
	{"the clock jumps", "TestAddCountsDistinctPeopleOverTheWindow"},
	{"a detector panics, hangs or fills the memory", "TestFaultyDetectorCostsOneAnswer"},
	{"goroutines leak", "TestServeLeavesNothingOfAbortedClients TestFloodsEndTheConnection"},
	{"codings and documents that cannot be read", "TestEveryCellOfTheMatrix TestServeTrustsNoCoding"},
	{"the configuration is wrong at the start", "TestScripts TestBad"},
	{"the configuration is wrong at a reload", "TestServeKeepsItsRulesWhenNewOnesAreWrong"},
	{"1xx heads, trailers, 101, CONNECT, 206", "TestEarlyHintsAreDropped TestDeclaredTrailersPassUndeclaredDoNot TestUpgradeIsRefusedWhereNoRouteAllowsIt TestConnectIsRefused TestUnsolicitedPartsFollowThePolicy"},
	{"applications and clients that do anything at any time", "TestChaos"},
	{"many bodies that cannot be inspected", "TestManyUnscannablesChangeNothingForOthers"},
}

// fidelity is what must work as through a plain proxy, without and with TLS (eachProtocol runs HTTP/1.1, h2c and both with TLS).
var fidelity = []struct{ what, tests string }{
	{"ETag and 304", "TestValidatorsAndConditionsPass"}, {"HEAD, 204, 304", "TestHeadNoContentAndNotModifiedAreLeftAlone TestEmptyAnswersOfHTTP2ThatStayOpen"},
	{"bytes, codings and lengths", "TestUntouchedBodiesPassByteForByte"}, {"trailers", "TestDeclaredTrailersPassUndeclaredDoNot TestRequestBodyAndTrailersPass"},
	{"gRPC", "TestGRPCPasses"}, {"WebSocket", "TestWebSocketMessagesAreInspected TestWhatAWebSocketClientSaysPasses"}, {"server-sent events", "TestMessagesAreFlushed"},
	{"Expect", "TestExpectContinuePasses TestExpectContinueWithDeadUpstreamAnswers"}, {"uploads", "TestSlowUploadsAndAnswersBehindThemPass"},
	{"kinds of applications", "TestUpstreamKinds TestUpstreamTLS"}, {"odd paths and queries", "TestOptionsStarAndOddPathsPass TestQueriesOfTooManyParametersAreRefused"},
	{"redirects", "TestRedirectsToTheApplicationLeadBack"},
}

// promised is how many promises there are.
const promised = 45

// TestEveryPromiseHasItsTests fails when a promise or a fault names no test, or one that is gone.
func TestEveryPromiseHasItsTests(t *testing.T) {
	exists := testNames(t)
	check := func(what, tests string) {
		names := strings.Fields(tests)
		if len(names) == 0 {
			t.Errorf("%s: no test", what)
		}
		for _, name := range names {
			if !exists[name] {
				t.Errorf("%s: there is no %s", what, name)
			}
		}
	}
	if len(promises) != promised {
		t.Errorf("%d promises, want %d", len(promises), promised)
	}
	for i, p := range promises {
		if i > 0 && slices.ContainsFunc(promises[:i], func(q struct{ number, promise, tests string }) bool { return q.number == p.number }) {
			t.Errorf("%s stands twice", p.number)
		}
		check(p.number+" "+p.promise, p.tests)
	}
	for _, f := range faults {
		check(f.fault, f.tests)
	}
	for _, f := range fidelity {
		check(f.what, f.tests)
	}
}

// testNames are the tests, benchmarks and fuzz targets of all modules.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	names := map[string]bool{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, match := range declared.FindAllSubmatch(text, -1) {
			names[string(match[1])] = true
		}
		return err
	})
	if err != nil || len(names) < 100 {
		t.Fatalf("found %d tests (%v)", len(names), err)
	}
	return names
}

// TestThereIsNoSharedStore: budgets are kept in memory. Whoever adds a store adds the tests of its faults, and their rows above.
func TestThereIsNoSharedStore(t *testing.T) {
	module, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, store := range []string{"redis", "valkey", "memcache", "etcd"} {
		if bytes.Contains(module, []byte(store)) {
			t.Errorf("there is a client of %s: what happens when it is down, slow, or lies?", store)
		}
	}
}

func TestSecurityPolicySaysWhen(t *testing.T) {
	policy, err := os.ReadFile(filepath.Join("..", "..", "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"three working days", "90 days"} {
		if !bytes.Contains(policy, []byte(what)) {
			t.Errorf("SECURITY.md does not say %q", what)
		}
	}
}

// TestAdminChangesNothing asks the admin port to change something, in every way.
func TestAdminChangesNothing(t *testing.T) {
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) {}), "")
	before := p.metric(t, "stanch_config_reloads_total")
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE"} {
		for _, path := range []string{"/", "/metrics", "/livez", "/readyz", "/reload", "/config", "/quit", "/debug/pprof/", "/api/x"} {
			request, err := http.NewRequest(method, p.admin+path, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode < 400 {
				t.Errorf("%s %s: status %d", method, path, response.StatusCode)
			}
		}
	}
	if response, _, err := fetch(t, http.DefaultClient, p.admin+"/debug/pprof/"); err != nil || response.StatusCode != http.StatusNotFound {
		t.Errorf("profiles are served: %v, %v", response.Status, err)
	}
	if p.metric(t, "stanch_config_reloads_total") != before {
		t.Error("a request reloaded the configuration")
	}
}

// TestIdleConnectionsAreCheap keeps connections open that asked once.
func TestIdleConnectionsAreCheap(t *testing.T) {
	const idle, each = 2000, 8 << 10
	p := startServe(t, newApplication(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "a page") }), "")
	fetch(t, http.DefaultClient, p.site)
	before := p.residentMemory(t)
	for range idle {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.site, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
	}
	grown := p.residentMemory(t) - before
	for deadline := time.Now().Add(20 * time.Second); grown > idle*each+8<<20 && time.Now().Before(deadline); grown = p.residentMemory(t) - before {
		time.Sleep(100 * time.Millisecond) // they are parked when they have been silent, and then memory is given back
	}
	t.Logf("%d idle connections take %d KiB, %d KiB each", idle, grown>>10, grown/idle>>10)
	if grown > idle*each+8<<20 {
		t.Errorf("%d idle connections take %d MiB", idle, grown>>20)
	}
}
