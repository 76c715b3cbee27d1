package main

import (
	"slices"

	"stanch/configs"
	"stanch/rules/detect"
	"stanch/rules/extract"
	"stanch/rules/inspect"
)

// loadConfig reads the file, or the embedded default when there is none.
func loadConfig(path string) (*configs.Config, error) {
	if path == "" {
		return configs.Default(), nil
	}
	return configs.Load(path)
}

// newEngine compiles the catalogue with the operator's own detectors and the policy.
// A surveying engine goes through whole bodies and keeps each finding with its place.
func newEngine(config *configs.Config, surveying bool) (*inspect.Engine, error) {
	set, err := detect.Compile(slices.Concat(detect.Catalogue(), config.Detectors))
	if err != nil {
		return nil, err
	}
	return inspect.NewEngine(inspect.Options{
		Policy:     &config.Policy,
		Detectors:  set,
		Window:     config.Inspect.Window,
		Document:   config.Inspect.MaxDocument,
		SpoolDir:   config.Inspect.Spool,
		Limits:     extract.Limits{},
		Places:     surveying,
		Throughout: surveying,
	})
}
