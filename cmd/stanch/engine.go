package main

import (
	"reflect"
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
	var c compiled
	if err := c.compile(config); err != nil {
		return nil, err
	}
	return c.engine(config, surveying)
}

// compiled is what is sought of the catalogue with an operator's own detectors. Compiling it takes a second; most reloads change rules only.
type compiled struct {
	sought []string
	own    []detect.Detector
	set    *detect.Set // nil before the first
}

// compile does nothing when the detectors are those that it was made of.
func (c *compiled) compile(config *configs.Config) error {
	if c.set != nil && slices.Equal(c.sought, config.Sought) && reflect.DeepEqual(c.own, config.Detectors) {
		return nil
	}
	catalogue := detect.Catalogue()
	if len(config.Sought) > 0 {
		catalogue = slices.DeleteFunc(catalogue, func(d detect.Detector) bool { return !slices.Contains(config.Sought, d.ID) })
	}
	set, err := detect.Compile(slices.Concat(catalogue, config.Detectors))
	if err == nil {
		c.sought, c.own, c.set = config.Sought, config.Detectors, set
	}
	return err
}

func (c *compiled) engine(config *configs.Config, surveying bool) (*inspect.Engine, error) {
	return inspect.NewEngine(inspect.Options{
		Policy:     &config.Policy,
		Detectors:  c.set,
		Window:     config.Inspect.Window,
		Document:   config.Inspect.MaxDocument,
		Spooled:    config.Inspect.MaxSpooled,
		Repeats:    config.Inspect.Repeats,
		SpoolDir:   config.Inspect.Spool,
		Limits:     extract.Limits{},
		Places:     surveying,
		Throughout: surveying,
	})
}
