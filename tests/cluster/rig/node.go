package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// machine is what the first process of a node has to know.
type machine struct {
	Name   string
	Folder string            // the node's own files
	Images []string          // archives to import
	Sysctl map[string]string // name below /proc/sys to file with the value to show
	Daemon map[string][]string
}

// startNode switches a node on. Its kubelet starts at once or on command.
func (r *rig) startNode(i int, kubelet bool) error {
	name := nodeName(i)
	if r.find(name).alive() {
		return fmt.Errorf("%s is on already", name)
	}
	dir := r.path("nodes/" + name)
	for _, d := range []string{"lib/kubelet", "lib/containerd", "log", "cni"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	write := func(file, text string) error {
		return os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644)
	}
	fill := strings.NewReplacer(
		"NODE", name, "CGROUP", r.cgroup(i), "PKI", r.path("pki"), "DIR", dir,
		"PODS", r.podNet(i), "DNS", r.serviceIP(10)).Replace
	m := machine{Name: name, Folder: dir, Sysctl: map[string]string{}, Daemon: map[string][]string{
		"containerd": {"containerd", "--config=" + filepath.Join(dir, "containerd.toml")},
		"kubelet": {bin("hyper"), "kubelet", "--config=" + filepath.Join(dir, "kubelet.yaml"),
			"--kubeconfig=" + r.path("kube/"+name+".conf"), "--hostname-override=" + name, "--node-ip=" + r.nodeIP(i),
			"--cert-dir=/var/lib/kubelet/pki",
			fmt.Sprintf("--node-labels=topology.kubernetes.io/region=harbour,topology.kubernetes.io/zone=pier-%d", i)},
		"kube-proxy": {bin("hyper"), "kube-proxy", "--kubeconfig=" + r.path("kube/kube-proxy.conf"), "--hostname-override=" + name,
			"--proxy-mode=iptables", "--cluster-cidr=" + r.allPods(),
			// Zero leaves the connection tracking limits of the machine alone.
			"--conntrack-max-per-core=0", "--conntrack-tcp-timeout-established=0", "--conntrack-tcp-timeout-close-wait=0",
			"--healthz-bind-address=127.0.0.1:10256", "--metrics-bind-address=127.0.0.1:10249"},
	}}
	var errs []error
	// The kubelet insists on some settings that hold for the whole machine.
	// Inside the node the files show the wanted values; the machine keeps
	// its own.
	for name, value := range map[string]string{"vm/overcommit_memory": "1", "kernel/panic": "10", "kernel/panic_on_oops": "1"} {
		file := strings.ReplaceAll(name, "/", "-")
		errs = append(errs, write(file, value+"\n"))
		m.Sysctl[name] = filepath.Join(dir, file)
	}
	m.Images, _ = filepath.Glob(r.path("images/*.tar"))
	raw, _ := json.Marshal(m)
	errs = append(errs,
		write("machine.json", string(raw)),
		write("kubelet.yaml", fill(kubeletConfig)),
		write("containerd.toml", fill(containerdConfig)),
		write("cni/10-pods.conflist", fill(podNetwork)),
		// Nobody answers there, so a missing image fails at once instead
		// of after the time-outs of a name server out of reach.
		write("resolv.conf", "nameserver 127.0.0.1\n"),
		r.makeCgroups(i))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	argv := []string{bin("rig"), "node-init", dir}
	if kubelet {
		argv = append(argv, "kubelet")
	}
	_, err := r.start(launch{name: name, argv: argv,
		netns: fmt.Sprintf("/proc/%d/ns/net", r.find("net-"+name).Pid),
		clone: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC})
	return err
}

// tellNode sends one command to the first process of a node.
func (r *rig) tellNode(i int, command string) error {
	if !r.find(nodeName(i)).alive() {
		return fmt.Errorf("%s is off", nodeName(i))
	}
	var reply string
	// The process may have been started a moment ago.
	err := r.wait(nodeName(i), 20*time.Second, func() (err error) {
		reply, err = ask(r.path("nodes/"+nodeName(i)+"/socket"), command)
		return err
	})
	if err == nil && reply != "ok" {
		err = fmt.Errorf("%s: %s: %s", nodeName(i), command, reply)
	}
	return err
}

const kubeletConfig = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: PKI/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: PKI/NODE.crt
tlsPrivateKeyFile: PKI/NODE.key
containerRuntimeEndpoint: unix:///run/containerd.sock
# Control groups version 1 are on their way out, but are what there is here.
failCgroupV1: false
cgroupDriver: cgroupfs
cgroupRoot: /CGROUP
protectKernelDefaults: true
failSwapOn: false
clusterDNS: [DNS]
clusterDomain: cluster.local
healthzBindAddress: 127.0.0.1
nodeStatusUpdateFrequency: 4s
volumePluginDir: /var/lib/kubelet/plugins-exec
serializeImagePulls: false
# The disk is the developer's own; how full it is is no business of the tests.
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
# Logs are rotated while a test looks on: a fast talker's every few seconds.
containerLogMaxSize: 5Mi
containerLogMonitorInterval: 5s
# Node logs through the API.
featureGates: {NodeLogQuery: true}
enableSystemLogHandler: true
enableSystemLogQuery: true
`

const containerdConfig = `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp",
]
[grpc]
  address = "/run/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "qd.test/pause:1"
  disable_apparmor = true
  # Lowering the score takes a capability that virtual machines may lack.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "DIR/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      Root = "/run/runc"
      SystemdCgroup = false
`

const podNetwork = `{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [
    {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
     "ipam": {"type": "host-local", "ranges": [[{"subnet": "PODS"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
`

// From here on: the life of process 1 of a node.

// daemon is a program process 1 looks after.
type daemon struct {
	pid    int  // 0: not running
	wanted bool // false: stopped on purpose
}

type initd struct {
	m      machine
	daemon map[string]*daemon
	event  chan any
	images error
}

type exited struct{ pid int }
type retry struct{ name string }
type imported struct{ err error }
type request struct {
	words []string
	reply chan string
}

var errImporting = errors.New("still importing images")

// cmdNodeInit is process 1 of a node: node-init FOLDER [kubelet].
func cmdNodeInit(args []string) error {
	if len(args) == 0 || os.Getpid() != 1 {
		return errors.New("node-init is started by the rig, as process 1")
	}
	d := &initd{daemon: map[string]*daemon{}, event: make(chan any, 64), images: errImporting}
	raw, err := os.ReadFile(filepath.Join(args[0], "machine.json"))
	if err == nil {
		err = json.Unmarshal(raw, &d.m)
	}
	if err != nil {
		return err
	}
	// Before the mounts: the folder may be reached through one of them later,
	// but the socket must be where the launcher looks.
	if err := listen(filepath.Join(d.m.Folder, "socket"), func(line string) string {
		q := request{strings.Fields(line), make(chan string, 1)}
		d.event <- q
		return <-q.reply
	}); err != nil {
		return err
	}
	if err := d.mounts(); err != nil {
		return fmt.Errorf("mounts: %w", err)
	}
	for name := range d.m.Daemon {
		d.daemon[name] = &daemon{wanted: name != "kubelet" || len(args) > 1}
	}
	go d.reap()
	for name := range d.daemon {
		d.run(name)
	}
	go func() { d.event <- imported{d.importImages()} }()
	for e := range d.event {
		switch e := e.(type) {
		case exited:
			for name, p := range d.daemon {
				if p.pid == e.pid {
					p.pid = 0
					// A pause: a program that cannot start would
					// otherwise eat a core.
					time.AfterFunc(time.Second, func() { d.event <- retry{name} })
				}
			}
		case retry:
			d.run(e.name)
		case imported:
			d.images = e.err
		case request:
			e.reply <- d.obey(e.words)
		}
	}
	return nil
}

// mounts gives the node its own /var/lib, /var/log and /run. Two kubelets on
// one /var/log delete each other's container logs.
func (d *initd) mounts() error {
	var errs []error
	mount := func(from, to, kind string, flags uintptr) {
		if err := syscall.Mount(from, to, kind, flags, ""); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", to, err))
		}
	}
	own := func(name string) string { return filepath.Join(d.m.Folder, name) }
	mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE) // nothing leaks to the host
	mount("proc", "/proc", "proc", 0)
	mount(own("lib"), "/var/lib", "", syscall.MS_BIND)
	mount(own("log"), "/var/log", "", syscall.MS_BIND)
	mount("tmpfs", "/run", "tmpfs", 0) // gone after a power loss, as it should be
	mount(own("resolv.conf"), "/etc/resolv.conf", "", syscall.MS_BIND)
	for name, file := range d.m.Sysctl {
		mount(file, "/proc/sys/"+name, "", syscall.MS_BIND)
	}
	mount("", "/", "", syscall.MS_REC|syscall.MS_SHARED) // volumes propagate into containers
	return errors.Join(append(errs, syscall.Sethostname([]byte(d.m.Name)))...)
}

// reap collects the dead, our own children and the orphans every process 1
// inherits.
func (d *initd) reap() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil: // no children now
			time.Sleep(100 * time.Millisecond)
		default:
			d.event <- exited{pid}
		}
	}
}

func (d *initd) run(name string) {
	p := d.daemon[name]
	if p.pid != 0 || !p.wanted {
		return
	}
	argv := d.m.Daemon[name]
	path, err := exec.LookPath(argv[0])
	if err == nil {
		var log *os.File
		if log, err = os.OpenFile("/var/log/"+name+".log", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644); err == nil {
			p.pid, err = syscall.ForkExec(path, argv, &syscall.ProcAttr{
				Env: os.Environ(), Dir: "/", Files: []uintptr{0, log.Fd(), log.Fd()}, Sys: &syscall.SysProcAttr{Setsid: true}})
			log.Close()
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, name, err)
		p.pid = 0
		time.AfterFunc(time.Second, func() { d.event <- retry{name} })
	}
}

// importImages waits for containerd and hands it the archives, unless its
// store is from before a power loss and has them.
func (d *initd) importImages() error {
	done := "/var/lib/containerd/imported"
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	// These children are collected by reap, so their status is not ours to
	// read: judge by what they leave.
	run := func(args ...string) string {
		read, write, err := os.Pipe()
		if err != nil {
			return err.Error()
		}
		defer read.Close()
		path, err := exec.LookPath("ctr")
		if err == nil {
			_, err = syscall.ForkExec(path, append([]string{"ctr", "--address=/run/containerd.sock", "--namespace=k8s.io"}, args...),
				&syscall.ProcAttr{Env: os.Environ(), Dir: "/", Files: []uintptr{0, write.Fd(), write.Fd()}})
		}
		write.Close()
		if err != nil {
			return err.Error()
		}
		var out strings.Builder
		buf := make([]byte, 4096)
		for {
			n, err := read.Read(buf)
			out.Write(buf[:n])
			if err != nil {
				return out.String()
			}
		}
	}
	for try := 0; !strings.Contains(run("version"), "Server:"); try++ {
		if try > 200 {
			return errors.New("containerd does not answer")
		}
		time.Sleep(100 * time.Millisecond)
	}
	for _, tar := range d.m.Images {
		if out := run("images", "import", tar); strings.Contains(out, "ctr: ") {
			return fmt.Errorf("%s: %s", filepath.Base(tar), out)
		}
	}
	return os.WriteFile(done, nil, 0o644)
}

func (d *initd) obey(words []string) string {
	switch {
	case len(words) == 1 && words[0] == "images":
		if d.images != nil {
			return d.images.Error()
		}
	case len(words) == 2 && d.daemon[words[1]] != nil:
		p := d.daemon[words[1]]
		switch words[0] {
		case "start":
			p.wanted = true
			d.run(words[1])
		case "stop":
			p.wanted = false
			if p.pid != 0 {
				syscall.Kill(p.pid, syscall.SIGKILL)
			}
		default:
			return "unknown command"
		}
	default:
		return "unknown command"
	}
	return "ok"
}
