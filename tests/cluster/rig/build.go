package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
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
