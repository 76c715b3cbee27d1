// Command proxy measures the stanch binary beside its peers, over loopback sockets, one core for each of them in its turn, in one run:
//
//	cd bench && go run ./proxy
//
// Every subject is a process of its own on one CPU; the application and the clients share another one, and this process. Each has short
// turns of load on each body, again and again; the median of the turns is printed, of CPU time the least. The ratios are of requests per
// second of CPU time: what a busy core can do, whatever else the machine does meanwhile. Peers that are not installed are named in the table.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"stanch/bench/process"
)

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "turns that each subject has on each body")
	flag.DurationVar(&o.turn, "turn", time.Second, "duration of one turn of load")
	flag.StringVar(&o.only, "only", "", "measure only subjects with this in their name")
	flag.StringVar(&o.body, "body", "", "measure only bodies with this in their name, such as html-10k")
	serve := flag.String("serve", "", "be one of the peers that are Go libraries: "+reverseProxy+" or "+coraza)
	listen := flag.String("listen", "", "its address")
	upstream := flag.String("upstream", "", "the application's address")
	flag.Parse()
	var err error
	if *serve != "" {
		err = servePeer(*serve, *listen, *upstream)
	} else {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "proxy: error:", err)
		os.Exit(1)
	}
}

type options struct {
	rounds int
	turn   time.Duration
	only   string
	body   string
}

func run(o options) error {
	measured, measuring, err := process.Cores()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "stanch-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary, err := process.BuildStanch(folder)
	if err != nil {
		return err
	}
	if err := process.Pin(measuring); err != nil {
		return err
	}
	bodies := slices.DeleteFunc(newBodies(), func(b body) bool { return !strings.Contains(b.name, o.body) })
	application, err := startApplication(bodies)
	if err != nil {
		return err
	}
	defer application.close()
	subjects, err := startSubjects(setup{folder: folder, stanch: binary, core: measured, upstream: application.address, only: o.only})
	defer stopSubjects(subjects)
	if err != nil {
		return err
	}
	if measured == measuring {
		fmt.Println("There is one CPU only: the load and what is measured share it.")
	}
	results, err := measureAll(o, subjects, bodies)
	if err != nil {
		return err
	}
	printTable(subjects, bodies, results)
	printFloors(results)
	return printEvents(o, application, subjects)
}

// measureAll gives every subject its turns on every body, one subject after another, so that all see the same weather.
func measureAll(o options, subjects []*subject, bodies []body) (map[key]*result, error) {
	results := map[key]*result{}
	for range o.rounds {
		for _, b := range bodies {
			for _, s := range subjects {
				if s.missing != "" || !s.takes(b) {
					continue
				}
				k := key{s.name, b.name}
				if results[k] == nil {
					results[k] = &result{size: len(b.bytes)}
				}
				if err := measure(results[k], s, b, o.turn); err != nil {
					return nil, fmt.Errorf("%s, %s: %w", s.name, b.name, err)
				}
			}
		}
	}
	if len(results) == 0 {
		return nil, errors.New("no subject or body has that in its name")
	}
	return results, nil
}
