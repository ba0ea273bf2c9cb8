// Command rig starts, stops and torments the test cluster. It needs nothing
// but the standard library, so that it builds in a second or two and can in
// turn build everything else. The wrappers beside this folder (up, down,
// lever, run, kubectl) are how people call it; README.md there tells the use.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

var began = time.Now()

// say prints one progress line with the seconds since the start.
func say(format string, args ...any) {
	fmt.Printf("%7.1f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
}

// subcommand is one verb of the command line.
type subcommand struct {
	help string
	do   func(args []string) error
}

// The map is filled in init because some verbs print the list of verbs.
var verbs map[string]subcommand

func init() {
	verbs = map[string]subcommand{
		"build":    {"compile what is missing or stale", func([]string) error { return buildAll(true) }},
		"packages": {"install the Debian packages that are missing", func([]string) error { return installPackages() }},
		"up":       {"[--nodes N] [--crowd NODESxPODS] [--lite] [--shop] [--grace D]", cmdUp},
		"down":     {"[--wipe]", cmdDown},
		"run":      {"[-- ARGS of cargo test]", cmdRun},
		"lever":    {"NAME [ARGS], see lever help", cmdLever},

		// Long-running roles. The rig starts these itself.
		"hold":      {"(internal) keep a network namespace alive", cmdHold},
		"gate":      {"(internal) loopback ports into the cluster", cmdGate},
		"node-init": {"(internal) process 1 of a node", cmdNodeInit},
	}
}

func main() {
	if len(os.Args) < 2 || verbs[os.Args[1]].do == nil {
		fmt.Fprintln(os.Stderr, "usage: rig VERB ...")
		for name, v := range verbs {
			fmt.Fprintf(os.Stderr, "  %-10s %s\n", name, v.help)
		}
		os.Exit(2)
	}
	err := verbs[os.Args[1]].do(os.Args[2:])
	var status *exec.ExitError
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case errors.As(err, &status) && status.ExitCode() > 0 && os.Args[1] == "run":
		os.Exit(status.ExitCode()) // the suite's own status
	default:
		fmt.Fprintln(os.Stderr, "rig:", err)
		os.Exit(1)
	}
}

// options of up, kept in the state file so that levers and later runs agree.
type options struct {
	Nodes int
	Lite  bool
	Crowd string // NODESxPODS, empty for none
	Shop  bool
	Grace string // node-monitor-grace-period of the controller manager
}

func parseUp(args []string) (options, error) {
	o := options{}
	f := flag.NewFlagSet("up", flag.ContinueOnError)
	f.IntVar(&o.Nodes, "nodes", 2, "real nodes")
	f.BoolVar(&o.Lite, "lite", false, "control plane and kwok only; no root, no namespaces")
	f.StringVar(&o.Crowd, "crowd", "", "fake nodes and pods, as NODESxPODS")
	f.BoolVar(&o.Shop, "shop", false, "apply the manifests")
	f.StringVar(&o.Grace, "grace", "", "how long a silent node stays Ready (40s, or 150s with a crowd)")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	if o.Lite {
		o.Nodes = 0
	} else if o.Nodes < 1 || o.Nodes > 9 {
		return o, errors.New("--nodes wants 1 to 9")
	}
	if o.Crowd != "" {
		if _, _, err := crowdSize(o.Crowd); err != nil {
			return o, err
		}
	}
	if o.Grace == "" {
		// kwok renews a thousand leases with some delay; a short grace
		// would have the controller manager declare fake nodes dead.
		o.Grace = map[bool]string{true: "150s", false: "40s"}[o.Crowd != ""]
	}
	_, err := time.ParseDuration(o.Grace)
	return o, err
}

func crowdSize(s string) (nodes, pods int, err error) {
	a, b, found := strings.Cut(s, "x")
	if nodes, err = strconv.Atoi(a); err == nil {
		pods, err = strconv.Atoi(b)
	}
	if !found || err != nil || nodes < 1 || pods < 0 || nodes > 5000 || pods > 110*nodes {
		return 0, 0, fmt.Errorf("crowd size %q: want NODESxPODS, at most 110 pods a node", s)
	}
	return nodes, pods, nil
}

func cmdUp(args []string) error {
	o, err := parseUp(args)
	if err != nil {
		return err
	}
	if err := buildAll(false); err != nil {
		return err
	}
	return withRig(func(r *rig) error { return r.up(o) })
}

func (r *rig) up(o options) error {
	if r.state.Phase == "up" && r.apiReady() == nil {
		if o.Lite != r.state.Options.Lite || (!o.Lite && o.Nodes != r.state.Options.Nodes) {
			return fmt.Errorf("a different cluster is up in %s; run down first", r.dir)
		}
		say("already up")
		return r.extras(o)
	}
	if !o.Lite && os.Geteuid() != 0 {
		return errors.New("real nodes need root; --lite does not")
	}
	// Whatever an earlier run left, be it crashed or stopped halfway.
	if err := r.stopAll(); err != nil {
		return err
	}
	if err := r.claim(); err != nil {
		return err
	}
	if r.state.Options.Lite != o.Lite && r.state.Phase != "" {
		if err := r.wipe(); err != nil { // addresses in the old data do not fit
			return err
		}
	}
	for _, d := range folders {
		if err := os.MkdirAll(r.path(d), 0o755); err != nil {
			return err
		}
	}
	r.state.Options = o
	if err := r.setPhase("starting"); err != nil {
		return err
	}
	if err := r.makePKI(); err != nil {
		return err
	}
	say("keys and kubeconfigs")
	if !o.Lite {
		if err := r.makeImages(); err != nil {
			return fmt.Errorf("images: %w", err)
		}
		say("images")
		if err := r.makeNetwork(); err != nil {
			return fmt.Errorf("network: %w", err)
		}
		say("network")
	}
	if err := r.startControlPlane(); err != nil {
		return err
	}
	if !o.Lite {
		// containerd and the image import need no API server: let them
		// use the seconds it takes to come up.
		for i := 1; i <= o.Nodes; i++ {
			if err := r.startNode(i, false); err != nil {
				return err
			}
		}
	}
	if err := r.wait("API server", 120*time.Second, r.apiReady); err != nil {
		return err
	}
	say("API server ready")
	if err := r.startControllers(); err != nil {
		return err
	}
	for i := 1; i <= o.Nodes; i++ {
		if err := r.tellNode(i, "start kubelet"); err != nil {
			return err
		}
	}
	if err := r.basics(); err != nil {
		return err
	}
	if err := r.startKwok(); err != nil {
		return err
	}
	if !o.Lite {
		if err := r.startMetrics(); err != nil {
			return err
		}
		if err := r.wait("nodes Ready", 120*time.Second, r.nodesReady); err != nil {
			return err
		}
		for i := 1; i <= o.Nodes; i++ { // a kubelet may not give itself a role
			if err := r.setLabel(nodeName(i), "node-role.kubernetes.io/worker"); err != nil {
				return err
			}
		}
		say("%d nodes Ready, images imported", o.Nodes)
	}
	if err := r.wait("default ServiceAccount", 60*time.Second, func() error {
		return r.get("/api/v1/namespaces/shop/serviceaccounts/default", nil)
	}); err != nil {
		return err
	}
	if err := r.setPhase("up"); err != nil {
		return err
	}
	say("up; export KUBECONFIG=%s", r.path("kube/admin.conf"))
	return r.extras(o)
}

// extras fills a running cluster with what the flags ask for.
func (r *rig) extras(o options) error {
	if o.Shop {
		if err := r.applyShop(); err != nil {
			return err
		}
		say("manifests applied")
	}
	if o.Crowd != "" {
		nodes, pods, _ := crowdSize(o.Crowd)
		return r.fillCrowd(nodes, pods)
	}
	return nil
}

// applyShop hands the manifests to kubectl: the definition of the custom
// kind first, since its objects cannot be sent before the kind is served.
func (r *rig) applyShop() error {
	dir := filepath.Join(sourceDir(), "manifests")
	for _, step := range [][]string{
		{"apply", "-f", filepath.Join(dir, "kinds.yaml")},
		{"wait", "--for=condition=Established", "--timeout=30s", "crd/voyages.qd.test"},
		{"apply", "-f", dir},
	} {
		if err := r.kubectl(step...); err != nil {
			return fmt.Errorf("kubectl %s: %w", strings.Join(step, " "), err)
		}
	}
	return nil
}

func cmdDown(args []string) error {
	f := flag.NewFlagSet("down", flag.ContinueOnError)
	wipe := f.Bool("wipe", false, "also delete data, keys, logs and images")
	if err := f.Parse(args); err != nil {
		return err
	}
	return withRig(func(r *rig) error {
		if err := r.stopAll(); err != nil {
			return err
		}
		if *wipe {
			if err := r.wipe(); err != nil {
				return err
			}
		} else if r.state.Phase != "" {
			if err := r.setPhase("down"); err != nil {
				return err
			}
		}
		say("down")
		return nil
	})
}
