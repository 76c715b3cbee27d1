package process

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// BuildStanch builds the binary of the module around this one into a folder and returns its path.
// It must be called in the folder of this module.
func BuildStanch(folder string) (string, error) {
	binary, err := filepath.Abs(filepath.Join(folder, "stanch"))
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", binary, "./cmd/stanch")
	build.Dir = ".."
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building stanch (run this command in the folder bench): %w: %s", err, output)
	}
	return binary, nil
}
