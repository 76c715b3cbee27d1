package k8s

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDockerfile: the image is built with the module's toolchain, from nothing, for the user and the ports that the manifests name.
func TestDockerfile(t *testing.T) {
	read := func(name string) string {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	dockerfile, module := read("Dockerfile"), read("../go.mod")
	toolchain := regexp.MustCompile(`(?m)^toolchain go(\S+)$`).FindStringSubmatch(module)
	if toolchain == nil {
		t.Fatal("go.mod names no toolchain")
	}
	for _, want := range []string{"golang:" + toolchain[1] + " AS build", "\nFROM scratch\n", "\nUSER 65532:65532\n", "\nEXPOSE 8080 9901\n",
		"CGO_ENABLED=0", "-trimpath", `ENTRYPOINT ["/stanch"]`} {
		if !strings.Contains(dockerfile, want) {
			t.Errorf("Dockerfile lacks %q", want)
		}
	}
}
