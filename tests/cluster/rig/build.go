package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"syscall"
	"time"
)

// release is the Kubernetes release linked into hyper. Unless told, the
// binaries would call themselves v0.0.0 and turn kubelets of "newer" nodes
// away.
const release = "v1.35.4"

// program is one binary to build.
type program struct {
	name, module, pkg string
}

var programs = []program{
	{"hyper", "hyper", "."},
	{"kwok", "kwok", "sigs.k8s.io/kwok/cmd/kwok"},
	{"metrics-server", "metrics-server", "sigs.k8s.io/metrics-server/cmd/metrics-server"},
	{"actor", "actor", "."},
}

func linkFlags() string {
	v := "-X k8s.io/component-base/version."
	part := strings.Split(strings.TrimPrefix(release, "v"), ".")
	return "-s -w " + v + "gitVersion=" + release + " " + v + "gitMajor=" + part[0] + " " + v + "gitMinor=" + part[1] + " " + v + "gitTreeState=clean"
}

// fingerprint tells whether a binary still fits its source. Go would find out
// as well, but takes seconds to look at two thousand packages.
func (p program) fingerprint() string {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), p.pkg, linkFlags())
	files, _ := filepath.Glob(filepath.Join(sourceDir(), p.module, "*"))
	sort.Strings(files)
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			continue
		}
		fmt.Fprintln(h, filepath.Base(name))
		io.Copy(h, f)
		f.Close()
	}
	return fmt.Sprintf("%x\n", h.Sum(nil))
}

// buildAll builds what does not fit its source. The rig itself is not among
// them: the wrappers build it.
func buildAll(verbose bool) error {
	if err := os.MkdirAll(binDir(), 0o755); err != nil {
		return err
	}
	for _, p := range programs {
		stamp, want := bin(p.name+".stamp"), p.fingerprint()
		have, _ := os.ReadFile(stamp)
		if _, err := os.Stat(bin(p.name)); err == nil && string(have) == want {
			if verbose {
				say("%s is up to date", p.name)
			}
			continue
		}
		t := time.Now()
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", linkFlags(), "-o", bin(p.name), p.pkg)
		cmd.Dir = filepath.Join(sourceDir(), p.module)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("building %s: %w", p.name, err)
		}
		if p.name == "kwok" {
			if err := kwokStages(); err != nil {
				return err
			}
		}
		if err := os.WriteFile(stamp, []byte(want), 0o644); err != nil {
			return err
		}
		say("built %s in %.1f s", p.name, time.Since(t).Seconds())
	}
	return nil
}

// kwokStages collects how fake nodes and pods are to behave from kwok's own
// module, which has it as data but not in the binary.
func kwokStages() error {
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok")
	cmd.Dir = filepath.Join(sourceDir(), "kwok")
	raw, err := cmd.Output()
	if err != nil {
		return err
	}
	var all strings.Builder
	for _, pattern := range []string{"stage/node/fast/node-*.yaml", "stage/node/heartbeat-with-lease/node-*.yaml",
		"stage/pod/fast/pod-*.yaml", "metrics/resource/metrics-resource.yaml"} {
		files, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(raw)), "kustomize", pattern))
		if len(files) == 0 {
			return fmt.Errorf("kwok has no %s", pattern)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			all.Write(text)
			all.WriteString("\n---\n")
		}
	}
	return os.WriteFile(bin("kwok-stages.yaml"), []byte(all.String()), 0o644)
}

// debian is what real nodes need, and what goes into the image with tools.
var debian = []string{
	"containerd", "runc", "containernetworking-plugins", "iproute2", "iptables", "nftables", "conntrack", "kmod", "ethtool", "ipset",
	"busybox-static", "bash", "vim", "less", "tmux", "ncurses-base",
}

func installPackages() error {
	var missing []string
	for _, p := range debian {
		out, _ := exec.Command("dpkg-query", "-W", "-f", "${db:Status-Status}", p).Output()
		if string(out) != "installed" {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("missing packages, and only root can install them: %s", strings.Join(missing, " "))
	}
	for _, args := range [][]string{
		{"apt-get", "update", "-qq"},
		append([]string{"apt-get", "install", "-y", "-qq", "--no-install-recommends"}, missing...),
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		// dpkg is talkative; what it says matters only when it fails.
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	say("installed %s", strings.Join(missing, " "))
	return nil
}

// cmdRun is what continuous integration calls: everything from nothing to
// nothing, with the status of the suite.
func cmdRun(args []string) (status error) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	// An interrupt reaches the suite as well, being in our group; it ends,
	// and we go on to take the cluster down.
	caught := make(chan os.Signal, 8)
	signal.Notify(caught, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	var times []string
	phase := func(name string, f func() error) error {
		t := time.Now()
		err := f()
		times = append(times, fmt.Sprintf("%s %.1f s", name, time.Since(t).Seconds()))
		return err
	}
	defer func() { say("times: %s", strings.Join(times, ", ")) }()
	interrupted := func() error {
		select {
		case s := <-caught:
			return fmt.Errorf("%s", s)
		default:
			return nil
		}
	}
	if err := phase("packages", installPackages); err != nil {
		return err
	}
	if err := phase("build", func() error { return buildAll(true) }); err != nil {
		return err
	}
	if err := interrupted(); err != nil {
		return err
	}
	defer func() {
		err := phase("stop", func() error { return cmdDown([]string{"--wipe"}) })
		status = errors.Join(status, err)
	}()
	if err := phase("start", func() error {
		if err := cmdDown([]string{"--wipe"}); err != nil { // never on old data
			return err
		}
		return cmdUp([]string{"--shop"})
	}); err != nil {
		return err
	}
	if err := interrupted(); err != nil {
		return err
	}
	return phase("suite", func() error {
		r, err := openRig()
		if err != nil {
			return err
		}
		cmd := exec.Command("cargo", append([]string{"test", "--test", "cluster"}, cargoArgs(args)...)...)
		cmd.Dir = repoDir()
		cmd.Env = append(os.Environ(), "QD_CLUSTER="+r.dir)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return err
		}
		stop := make(chan bool)
		defer close(stop)
		go func() { // a signal sent to us alone must end the suite too
			select {
			case s := <-caught:
				cmd.Process.Signal(s)
			case <-stop:
			}
		}()
		return cmd.Wait()
	})
}

// cargoArgs sees to it that the figures the suite prints are shown.
func cargoArgs(args []string) []string {
	for _, a := range args {
		if a == "--" {
			return append(args, "--nocapture")
		}
	}
	return append(append([]string{}, args...), "--", "--nocapture")
}
