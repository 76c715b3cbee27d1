// Package inspect joins extraction, matching, detection and the policy: bytes are written in, bytes that may leave come out,
// and a verdict stands at every moment.
//
//	engine, err := inspect.NewEngine(inspect.Options{Policy: policy, Detectors: set})
//	inspector := engine.Inspect(exchange, inspect.Body{ContentType: "text/csv"})
//	defer inspector.Free()
//	inspector.Write(chunk)
//	inspector.Release(client)
//
// It speaks no protocol and decodes no content coding.
package inspect
