package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// rig is one cluster: its work folder and what is known about it.
type rig struct {
	dir   string
	state state
	api   *client
}

// state is what must outlive the launcher.
type state struct {
	Phase   string // "", starting, up, down
	Slot    int    // see claim
	Options options
}

// folders of the work folder, binaries aside.
var folders = []string{"data", "images", "kube", "log", "nodes", "pki", "run"}

// sourceDir is tests/cluster; the wrappers say where it is.
func sourceDir() string {
	s := os.Getenv("QD_RIG_SOURCE")
	if s == "" {
		fmt.Fprintln(os.Stderr, "rig: call me through the scripts in tests/cluster")
		os.Exit(2)
	}
	return s
}

func repoDir() string {
	abs, _ := filepath.Abs(filepath.Join(sourceDir(), "..", ".."))
	return abs
}

// binDir is shared by all work folders of a checkout: a second cluster
// beside the first need not be linked again.
func binDir() string {
	if s := os.Getenv("QD_CLUSTER_BIN"); s != "" {
		abs, _ := filepath.Abs(s)
		return abs
	}
	return filepath.Join(repoDir(), "target", "cluster", "bin")
}

func bin(name string) string { return filepath.Join(binDir(), name) }

func openRig() (*rig, error) {
	dir := os.Getenv("QD_CLUSTER")
	if dir == "" {
		dir = filepath.Join(repoDir(), "target", "cluster")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	// A node mounts its own folders over these, which would hide ours.
	for _, hidden := range []string{"/run/", "/var/lib/", "/var/log/", "/var/run/"} {
		if strings.HasPrefix(dir+"/", hidden) {
			return nil, fmt.Errorf("the work folder cannot be below %s", hidden)
		}
	}
	r := &rig{dir: dir, state: state{Slot: -1}}
	raw, err := os.ReadFile(r.path("state.json"))
	if err == nil {
		err = json.Unmarshal(raw, &r.state)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", r.path("state.json"), err)
	}
	if r.state.Slot < 0 { // the folder was deleted under a running cluster
		for n := range slotCount {
			if owner, err := os.ReadFile(slotFile(n)); err == nil && string(owner) == r.dir {
				r.state.Slot = n
			}
		}
	}
	return r, nil
}

// withRig runs f with the work folder locked: two launchers at work on one
// cluster would undo each other.
func withRig(f func(*rig) error) error {
	r, err := openRig()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return err
	}
	lock, err := lockFile(r.path("lock"))
	if err != nil {
		return err
	}
	defer lock.Close()
	if r, err = openRig(); err != nil { // the state may have changed while we waited
		return err
	}
	return f(r)
}

func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (r *rig) path(name string) string { return filepath.Join(r.dir, name) }

func (r *rig) setPhase(phase string) error {
	r.state.Phase = phase
	raw, _ := json.MarshalIndent(r.state, "", "  ")
	tmp := r.path("state.json.new")
	if err := os.WriteFile(tmp, append(raw, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, r.path("state.json"))
}

// wipe deletes everything but the binaries and the lock we hold.
func (r *rig) wipe() error {
	for _, d := range append(folders, "state.json") {
		if err := os.RemoveAll(r.path(d)); err != nil {
			return err
		}
	}
	r.state = state{Slot: r.state.Slot}
	r.api = nil
	return nil
}

// Slots.
//
// Clusters beside each other must not share ports, cgroups, addresses or
// namespace names. All of these follow from one small number, the slot. A
// claimed slot is a file below slotRoot that names the work folder; the file
// is worth nothing once no process of that folder is alive, so a crash or a
// deleted folder blocks nothing.
const (
	slotRoot  = "/tmp/quarterdeck-cluster"
	slotCount = 16
	firstPort = 17000 // below the kernel's range for outgoing connections
	slotPorts = 16
)

const (
	portAPI = iota
	portProxy
	portEtcd
	portEtcdPeer
	portControllers
	portScheduler
	portKwok
)

func (r *rig) port(which int) int { return firstPort + r.state.Slot*slotPorts + which }

// label names this cluster's things outside the work folder.
func (r *rig) label() string { return fmt.Sprintf("qd%d", r.state.Slot) }

// Addresses, all private and none of them routed out of the machine.
func (r *rig) cpIP() string           { return fmt.Sprintf("10.%d.0.1", 160+r.state.Slot) }
func (r *rig) nodeIP(i int) string    { return fmt.Sprintf("10.%d.0.%d", 160+r.state.Slot, 10+i) }
func (r *rig) podNet(i int) string    { return fmt.Sprintf("10.%d.%d.0/24", 176+r.state.Slot, i) }
func (r *rig) allPods() string        { return fmt.Sprintf("10.%d.0.0/16", 176+r.state.Slot) }
func (r *rig) services() string       { return fmt.Sprintf("10.%d.0.0/16", 192+r.state.Slot) }
func (r *rig) serviceIP(n int) string { return fmt.Sprintf("10.%d.0.%d", 192+r.state.Slot, n) }

// lockSlots serialises claims. The folder goes away with the last cluster, so
// after locking we check that the lock file is still the one on disk.
func lockSlots() (*os.File, error) {
	for {
		if err := os.MkdirAll(slotRoot, 0o777); err != nil {
			return nil, err
		}
		os.Chmod(slotRoot, 0o777) // other users run --lite; fails if not ours, harmless
		f, err := lockFile(filepath.Join(slotRoot, "lock"))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		f.Chmod(0o666)
		mine, err1 := f.Stat()
		disk, err2 := os.Stat(f.Name())
		if err1 == nil && err2 == nil && os.SameFile(mine, disk) {
			return f, nil
		}
		f.Close()
	}
}

func slotFile(n int) string { return filepath.Join(slotRoot, fmt.Sprintf("slot-%d", n)) }

// claim takes a slot, by preference the one of last time: the data in the
// work folder remembers its addresses.
func (r *rig) claim() error {
	lock, err := lockSlots()
	if err != nil {
		return err
	}
	defer lock.Close()
	old := r.state.Slot
	order := []int{}
	if old >= 0 {
		order = append(order, old)
	}
	for i := range slotCount {
		order = append(order, i)
	}
	for _, n := range order {
		owner, err := os.ReadFile(slotFile(n))
		if err == nil && string(owner) != r.dir && len(marked(string(owner))) > 0 {
			continue
		}
		r.state.Slot = n
		if !r.portsFree() {
			continue
		}
		os.Remove(slotFile(n)) // it may belong to another user
		if err := os.WriteFile(slotFile(n), []byte(r.dir), 0o644); err != nil {
			continue
		}
		if old >= 0 && old != n {
			say("slot %d is taken; starting afresh in slot %d", old, n)
			return r.wipe()
		}
		return nil
	}
	r.state.Slot = old
	return errors.New("no free slot: too many clusters, or their ports are taken")
}

// owns tells whether the slot is ours still, or has become another cluster's
// since this one went down: what bears its label is then not ours to undo.
func (r *rig) owns() bool {
	if r.state.Slot < 0 {
		return false
	}
	owner, err := os.ReadFile(slotFile(r.state.Slot))
	return err == nil && string(owner) == r.dir
}

func (r *rig) portsFree() bool {
	for p := range portKwok + 1 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", r.port(p)))
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}

func (r *rig) release() error {
	lock, err := lockSlots()
	if err != nil {
		return err
	}
	defer lock.Close()
	for n := range slotCount {
		if owner, err := os.ReadFile(slotFile(n)); err == nil && string(owner) == r.dir {
			os.Remove(slotFile(n))
		}
	}
	if left, err := os.ReadDir(slotRoot); err == nil && len(left) == 1 {
		os.RemoveAll(slotRoot)
	}
	return nil
}

// wait polls until check is content.
func (r *rig) wait(what string, limit time.Duration, check func() error) error {
	end := time.Now().Add(limit)
	for {
		err := check()
		if err == nil {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s: not within %s: %w (logs in %s)", what, limit, err, r.path("log"))
		}
		time.Sleep(100 * time.Millisecond)
	}
}
