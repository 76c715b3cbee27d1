package inspect

import (
	"runtime"
	"strconv"
)

// PanicPlace is where the panic being recovered began: the name and line of the nearest function of this program above the runtime's.
// It says nothing of the panic's own text, which may quote a body.
func PanicPlace() string {
	var callers [32]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers[:])])
	panicked := false
	for {
		frame, more := frames.Next()
		if frame.Function == "runtime.gopanic" {
			panicked = true
		} else if panicked && !isRuntime(frame.Function) {
			return frame.Function + ":" + strconv.Itoa(frame.Line)
		}
		if !more {
			return "unknown"
		}
	}
}

func isRuntime(function string) bool { return len(function) > 8 && function[:8] == "runtime." }
