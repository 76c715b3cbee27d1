// Package k8s holds the tests of the manifests in ../../k8s that need more than the standard library: it builds them as kustomize
// does, decodes each object strictly into its API type, and has promtool read the alerts. It has no code of its own, and is a
// module apart from the product so that the product does not depend on Kubernetes.
//
//	cd tools && STANCH_E2E=1 go test -count=1 ./k8s
//
// With -count=1, because Go's cache of test results does not look at files outside the module that is tested.
package k8s
