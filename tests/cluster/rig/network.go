package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"syscall"
	"time"
)

// Every network namespace is held by a small process that does nothing else.
// Nothing is mounted or named on the host, and when the holder ends, be it by
// down or by the end of the machine, the kernel takes the namespace, its
// links, routes and packet filters with it.
func cmdHold([]string) error {
	signal.Ignore(syscall.SIGHUP)
	for {
		time.Sleep(time.Hour)
	}
}

func nodeName(i int) string { return fmt.Sprintf("node-%d", i) }

func (r *rig) hold(name string) (string, error) {
	p, err := r.start(launch{name: "net-" + name, argv: []string{bin("rig"), "hold"}, clone: syscall.CLONE_NEWNET})
	return fmt.Sprintf("/proc/%d/ns/net", p.Pid), err
}

// makeNetwork lays a bridge in the control plane's namespace and a cable from
// there to each node. There is no way out of the machine.
func (r *rig) makeNetwork() error {
	control, err := r.hold("control")
	if err != nil {
		return err
	}
	ipc := func(args ...string) error {
		return inNetns(control, func() error { return sh(append([]string{"ip"}, args...)...) })
	}
	for _, step := range [][]string{
		{"link", "set", "lo", "up"},
		{"link", "add", "bridge", "type", "bridge"},
		{"addr", "add", r.cpIP() + "/24", "dev", "bridge"},
		{"link", "set", "bridge", "up"},
	} {
		if err := ipc(step...); err != nil {
			return err
		}
	}
	n := r.state.Options.Nodes
	for i := 1; i <= n; i++ {
		node, err := r.hold(nodeName(i))
		if err != nil {
			return err
		}
		cable := fmt.Sprintf("cable%d", i)
		for _, step := range [][]string{
			{"link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", node},
			{"link", "set", cable, "master", "bridge", "up"},
		} {
			if err := ipc(step...); err != nil {
				return err
			}
		}
		steps := [][]string{
			{"link", "set", "lo", "up"},
			{"addr", "add", r.nodeIP(i) + "/24", "dev", "eth0"},
			{"link", "set", "eth0", "up"},
			{"route", "add", "default", "via", r.cpIP()},
		}
		for j := 1; j <= n; j++ {
			if j != i {
				steps = append(steps, []string{"route", "add", r.podNet(j), "via", r.nodeIP(j)})
			}
		}
		err = inNetns(node, func() error {
			for _, s := range steps {
				if err := sh(append([]string{"ip"}, s...)...); err != nil {
					return err
				}
			}
			return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
		})
		if err != nil {
			return err
		}
		// Only now: a route wants its gateway to be reachable.
		if err := ipc("route", "add", r.podNet(i), "via", r.nodeIP(i)); err != nil {
			return err
		}
	}
	return nil
}

// plug connects or disconnects a node's cable. A node without power answers
// nothing at all; with the cable in, the kernel would still refuse politely.
func (r *rig) plug(i int, in bool) error {
	to := map[bool]string{true: "up", false: "down"}[in]
	return inNetns(r.controlNet(), func() error {
		return sh("ip", "link", "set", fmt.Sprintf("cable%d", i), to)
	})
}

// dropPackets makes packets to and from a loopback port vanish, as a broken
// route does: no reset, no acknowledgement. The rule sits in a table of its
// own, so that removing the table removes every trace. Input only: what is
// dropped on output is reported to the sender.
func (r *rig) dropPackets(what, port string) error {
	table := r.label()
	if what == "clear" {
		if r.state.Slot < 0 || os.Geteuid() != 0 || sh("nft", "list", "table", "inet", table) != nil {
			return nil
		}
		return sh("nft", "delete", "table", "inet", table)
	}
	rules := fmt.Sprintf(`table inet %[1]s {
		chain lost {
			type filter hook input priority 0; policy accept;
			iif "lo" tcp dport %[2]s drop
			iif "lo" tcp sport %[2]s drop
		}
	}`, table, port)
	if err := r.dropPackets("clear", ""); err != nil {
		return err
	}
	return sh("nft", rules)
}

// Control groups (version 1, as these machines have it): one folder per node
// in each hierarchy.
var cgroupKinds = []string{"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd"}

func (r *rig) cgroup(i int) string { return r.label() + "-" + nodeName(i) }

func (r *rig) makeCgroups(i int) error {
	for _, kind := range cgroupKinds {
		dir := filepath.Join("/sys/fs/cgroup", kind, r.cgroup(i))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("control groups (version 1 is expected): %w", err)
		}
	}
	// A new cpuset is empty and takes no process before it is filled.
	for _, f := range []string{"cpuset.cpus", "cpuset.mems"} {
		root := "/sys/fs/cgroup/cpuset/"
		raw, err := os.ReadFile(root + f)
		if err != nil {
			return err
		}
		if err := os.WriteFile(root+r.cgroup(i)+"/"+f, raw, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// removeCgroups deletes the nodes' groups, deepest first. A group of
// processes killed a moment ago stays busy until the kernel is through.
func (r *rig) removeCgroups() error {
	var last error
	for range 50 {
		last = nil
		tops, _ := filepath.Glob("/sys/fs/cgroup/*/" + r.label() + "-node-*")
		for _, top := range tops {
			var dirs []string
			filepath.WalkDir(top, func(path string, d os.DirEntry, err error) error {
				if err == nil && d.IsDir() {
					dirs = append(dirs, path)
				}
				return nil
			})
			sort.Sort(sort.Reverse(sort.StringSlice(dirs)))
			for _, d := range dirs {
				if err := syscall.Rmdir(d); err != nil {
					last = fmt.Errorf("rmdir %s: %w", d, err)
				}
			}
		}
		if last == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return last
}
