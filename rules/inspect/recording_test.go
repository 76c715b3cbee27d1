package inspect_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"stanch/rules"
	"stanch/rules/inspect"
	"stanch/rules/match/corpus"
)

// TestRecordingsRest holds that bodies which begin alike and go on otherwise each time are not recorded each time.
func TestRecordingsRest(t *testing.T) {
	engine := repeatEngine(t, block(3), testRepeats)
	page := corpus.HTML(40 << 10)
	recorded := 0
	for i := range 1000 {
		in := engine.Inspect(rules.Exchange{}, inspect.Body{})
		course, record := in.Recall(page, "")
		if record {
			recorded++
		}
		own := append(bytes.Clone(page), fmt.Sprint(i)...)
		if course != nil {
			if course.Continue(own) {
				t.Fatal("another body is followed")
			}
			course.Leave()
		}
		in.Record(own)
		in.Write(own)
		in.Close()
		in.Free()
	}
	if recorded == 0 || recorded > 20 {
		t.Errorf("%d of 1000 bodies were recorded", recorded)
	}
	for i := range 2000 { // one that settles is recorded again in the end
		if visitIn(t, engine, inspect.Body{}, page, []byte("the same")).followed {
			return
		}
		_ = i
	}
	t.Error("a body that has settled is never followed")
}

// TestRecordingsAreForgotten holds that a recording which nobody asks for goes away by itself.
func TestRecordingsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := repeatEngine(t, block(3), testRepeats)
		pieces := inPieces(corpus.HTML(40<<10), 16<<10)
		teach(t, engine, inspect.Body{}, pieces...)
		for range 3 {
			time.Sleep(9 * time.Minute)
			if !visitIn(t, engine, inspect.Body{}, pieces...).followed {
				t.Fatal("what was asked for within ten minutes is forgotten")
			}
		}
		time.Sleep(11 * time.Minute)
		if visitIn(t, engine, inspect.Body{}, pieces...).followed {
			t.Error("what nobody has asked for is still there")
		}
	})
}

// TestRecordingsAreBounded asks for many more bodies than recordings may take, while clients follow some of them for ever.
func TestRecordingsAreBounded(t *testing.T) {
	const limit = 1 << 20
	engine := repeatEngine(t, block(3), limit)
	base := corpus.HTML(100 << 10)
	bodyOf := func(n int) [][]byte { return inPieces(append([]byte(fmt.Sprintf("<p>%d", n)), base...), 16<<10) }
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	teach(t, engine, inspect.Body{}, bodyOf(0)...)
	before := heap()
	var stalled []*inspect.Course
	for n := range 200 {
		pieces := bodyOf(n + 1)
		for range 2 {
			visitIn(t, engine, inspect.Body{}, pieces...)
		}
		in := engine.Inspect(rules.Exchange{}, inspect.Body{})
		if course, _ := in.Recall(pieces[0], ""); course != nil {
			stalled = append(stalled, course)
		}
	}
	if grown := int64(heap()) - int64(before); grown > 2*limit {
		t.Errorf("the heap grew by %d bytes; recordings may take %d", grown, limit)
	}
	if len(stalled) == 0 || len(stalled) > limit/len(base) {
		t.Errorf("%d bodies are followed", len(stalled))
	}
	for _, course := range stalled {
		course.Leave()
	}
	teach(t, engine, inspect.Body{}, bodyOf(1000)...)
	if !visitIn(t, engine, inspect.Body{}, bodyOf(1000)...).followed {
		t.Error("when nobody follows the old recordings any more, there is no room for a new one")
	}
}

// TestRecordingsThatAreAskedForStay lets many bodies that come once pass between two visits of one that comes again, more than are known at a time:
// what goes is what was not asked for.
func TestRecordingsThatAreAskedForStay(t *testing.T) {
	engine := repeatEngine(t, block(3), testRepeats)
	page := corpus.HTML(40 << 10)
	kept, gone := append([]byte("kept"), page...), append([]byte("gone"), page...)
	teach(t, engine, inspect.Body{}, kept)
	teach(t, engine, inspect.Body{}, gone)
	for i := range 3000 {
		noteBeginning(engine, i)
		if i%500 == 0 && !visitIn(t, engine, inspect.Body{}, kept).followed {
			t.Fatalf("what is asked for again and again is forgotten behind %d others", i)
		}
	}
	if visitIn(t, engine, inspect.Body{}, gone).followed {
		t.Error("what nobody asked for is still there")
	}
}

// noteBeginning shows an engine the beginning of a body, another for each n.
func noteBeginning(engine *inspect.Engine, n int) {
	var beginning [1 << 10]byte
	binary.BigEndian.PutUint64(beginning[:], uint64(n)+1)
	in := engine.Inspect(rules.Exchange{}, inspect.Body{})
	in.Recall(beginning[:], "")
	in.Free()
}

// BenchmarkNewBeginnings shows bodies that have not been seen before, when as many are known as may be.
func BenchmarkNewBeginnings(b *testing.B) {
	engine := repeatEngine(b, block(3), testRepeats)
	n := 0
	for ; n < 2000; n++ {
		noteBeginning(engine, n)
	}
	for b.Loop() {
		noteBeginning(engine, n)
		n++
	}
}
