package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// marker is put into the environment of everything the rig starts, with the
// work folder as its value. It tells our processes from all others even if
// the folder with the records was deleted under them.
const marker = "QD_RIG_FOLDER"

// record tells which process plays a part. The start time makes it safe to
// signal later: a number used again by the kernel has another start time.
type record struct {
	Name  string
	Pid   int
	Start uint64
}

// startTime reads when a process began, in clock ticks since boot; 0 if gone
// or dead and only waiting to be collected.
func startTime(pid int) uint64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The command name may hold spaces and brackets: count after the last one.
	f := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	if len(f) < 20 || f[0] == "Z" || f[0] == "X" {
		return 0
	}
	n, _ := strconv.ParseUint(f[19], 10, 64)
	return n
}

func (p record) alive() bool { return p.Start != 0 && startTime(p.Pid) == p.Start }

func residentMB(pid int) int {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	f := strings.Fields(string(raw))
	if len(f) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(f[1])
	return pages * os.Getpagesize() >> 20
}

// launch is how a process is to be started.
type launch struct {
	name  string
	argv  []string
	netns string  // path of the network namespace to start it in
	clone uintptr // further namespaces to make
}

// start runs a process that outlives the launcher, its output in log/NAME.log.
func (r *rig) start(l launch) (record, error) {
	log, err := os.OpenFile(r.path("log/"+l.name+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return record{}, err
	}
	defer log.Close()
	cmd := exec.Command(l.argv[0], l.argv[1:]...)
	cmd.Env = append(os.Environ(), marker+"="+r.dir)
	cmd.Dir = r.dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Cloneflags: l.clone}
	if err := inNetns(l.netns, cmd.Start); err != nil {
		return record{}, fmt.Errorf("%s: %w", l.name, err)
	}
	p := record{Name: l.name, Pid: cmd.Process.Pid, Start: startTime(cmd.Process.Pid)}
	go cmd.Wait() // collect it if it dies while we are still here
	raw, _ := json.Marshal(p)
	return p, os.WriteFile(r.path("run/"+l.name+".json"), raw, 0o644)
}

func (r *rig) find(name string) record {
	var p record
	if raw, err := os.ReadFile(r.path("run/" + name + ".json")); err == nil {
		json.Unmarshal(raw, &p)
	}
	return p
}

func (r *rig) running() []record {
	files, _ := filepath.Glob(r.path("run/*.json"))
	var out []record
	for _, f := range files {
		if p := r.find(strings.TrimSuffix(filepath.Base(f), ".json")); p.alive() {
			out = append(out, p)
		}
	}
	return out
}

// stop ends recorded processes: politely, then not. They are asked all at
// once and waited for together.
func (r *rig) stop(polite time.Duration, names ...string) {
	var ps []record
	for _, n := range names {
		if p := r.find(n); p.alive() {
			syscall.Kill(p.Pid, syscall.SIGCONT) // a stopped process hears nothing
			syscall.Kill(p.Pid, syscall.SIGTERM)
			ps = append(ps, p)
		}
	}
	gone := func(limit time.Duration) bool {
		for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
			left := false
			for _, p := range ps {
				left = left || p.alive()
			}
			if !left || time.Now().After(end) {
				return !left
			}
		}
	}
	if !gone(polite) {
		for _, p := range ps {
			if p.alive() {
				syscall.Kill(p.Pid, syscall.SIGKILL)
			}
		}
		gone(5 * time.Second)
	}
	for _, n := range names {
		os.Remove(r.path("run/" + n + ".json"))
	}
}

// marked lists the processes that carry the folder's marker.
func marked(folder string) []record {
	want := []byte(marker + "=" + folder)
	entries, _ := os.ReadDir("/proc")
	var out []record
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		// The start time first: if the number changes hands in between,
		// the later comparison notices.
		start := startTime(pid)
		env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err != nil || start == 0 {
			continue
		}
		for _, v := range bytes.Split(env, []byte{0}) {
			if bytes.Equal(v, want) {
				out = append(out, record{Name: "left over", Pid: pid, Start: start})
				break
			}
		}
	}
	return out
}

// sweep ends whatever still carries our marker, recorded or not.
func (r *rig) sweep() error {
	for range 50 {
		ps := marked(r.dir)
		if len(ps) == 0 {
			return nil
		}
		for _, p := range ps {
			if p.alive() {
				syscall.Kill(p.Pid, syscall.SIGKILL)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("processes of %s would not end", r.dir)
}

// stopAll ends everything, in an order that leaves the data whole, and takes
// back what was made outside the work folder.
func (r *rig) stopAll() error {
	ours := r.owns()
	if ours {
		r.dropPackets("clear", "")
	}
	var nodes []string
	for i := 1; i <= 9; i++ {
		nodes = append(nodes, nodeName(i))
	}
	r.stop(0, nodes...) // a node is switched off, not asked
	r.stop(3*time.Second, "kwok", "metrics-server", "gate", "kube-controller-manager", "kube-scheduler")
	r.stop(3*time.Second, "kube-apiserver")
	r.stop(5*time.Second, "etcd")
	if err := r.sweep(); err != nil { // holders of namespaces, and strays
		return err
	}
	files, _ := filepath.Glob(r.path("run/*"))
	for _, f := range files {
		os.Remove(f)
	}
	if !ours {
		return nil
	}
	if err := r.removeCgroups(); err != nil {
		return err
	}
	return r.release()
}

// inNetns runs f on a thread moved to the network namespace. Children started
// by f are born there. The thread is never handed back to the scheduler: it
// ends with the goroutine.
func inNetns(path string, f func() error) error {
	if path == "" {
		return f()
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		done <- func() error {
			if err := setns(path, syscall.CLONE_NEWNET); err != nil {
				return err
			}
			return f()
		}()
	}()
	return <-done
}

func setns(path string, kind uintptr) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	// The standard library has no name for this call; the number is that of
	// x86-64 and arm64 in turn.
	number := map[string]uintptr{"amd64": 308, "arm64": 268}[runtime.GOARCH]
	if _, _, e := syscall.RawSyscall(number, f.Fd(), kind, 0); e != 0 {
		return fmt.Errorf("setns %s: %w", path, e)
	}
	return nil
}

// sh runs a short helper to its end and returns what it printed on failure.
func sh(argv ...string) error {
	out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(argv, " "), err, bytes.TrimSpace(out))
	}
	return nil
}
