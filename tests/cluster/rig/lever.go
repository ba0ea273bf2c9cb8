package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lever is one way to make life hard for a client.
type lever struct {
	args, help string
	count      int // arguments it wants
	do         func(*rig, []string) error
}

var levers map[string]lever

func init() {
	node := func(f func(*rig, int) error) func(*rig, []string) error {
		return func(r *rig, a []string) error {
			i, err := strconv.Atoi(strings.TrimPrefix(a[0], "node-"))
			if err != nil || i < 1 || i > r.state.Options.Nodes {
				return fmt.Errorf("no node %q here", a[0])
			}
			return f(r, i)
		}
	}
	server := func(f func(*rig) error) func(*rig, []string) error {
		return func(r *rig, _ []string) error { return f(r) }
	}
	fault := func(name string) func(*rig, []string) error {
		return func(r *rig, a []string) error { return r.tellGate(strings.Join(append([]string{name}, a...), " ")) }
	}
	levers = map[string]lever{
		"node-off":      {"N", "cut a node's power", 1, node((*rig).nodeOff)},
		"node-on":       {"N", "give it back", 1, node((*rig).nodeOn)},
		"kubelet-stop":  {"N", "end a node's kubelet; containers run on", 1, node(func(r *rig, i int) error { return r.tellNode(i, "stop kubelet") })},
		"kubelet-start": {"N", "start it again", 1, node(func(r *rig, i int) error { return r.tellNode(i, "start kubelet") })},

		"kill": {"NAMESPACE POD CONTAINER", "kill a container's processes; its kubelet restarts it as its pod wants", 3, toContainer(syscall.SIGKILL)},
		"end":  {"NAMESPACE POD CONTAINER", "ask a container's processes to end", 3, toContainer(syscall.SIGTERM)},

		"api-stop":    {"", "end the API server; its port refuses", 0, server((*rig).apiStop)},
		"api-start":   {"", "start it again and wait until ready", 0, server((*rig).apiStart)},
		"api-restart": {"", "both at once", 0, server(func(r *rig) error { return errors.Join(r.apiStop(), r.apiStart()) })},
		"api-pause":   {"", "freeze the API server; the kernel goes on acknowledging", 0, server(func(r *rig) error { return r.signal("kube-apiserver", syscall.SIGSTOP) })},
		"api-resume":  {"", "thaw it", 0, server(func(r *rig) error { return r.signal("kube-apiserver", syscall.SIGCONT) })},
		"compact":     {"", "drop etcd's history; old versions and continue tokens get 410", 0, server((*rig).compact)},

		"latency":  {"MS", "proxy: delay, each way", 1, fault("latency")},
		"throttle": {"BYTES", "proxy: so many bytes a second, each way and connection", 1, fault("throttle")},
		"stall":    {"", "proxy: accept and acknowledge, forward nothing", 0, fault("stall")},
		"cut":      {"", "proxy: reset open connections, once", 0, fault("cut")},
		"refuse":   {"", "proxy: reset open connections and refuse new ones", 0, fault("refuse")},
		"drop":     {"", "proxy: packets vanish, both ways (root)", 0, server(func(r *rig) error { return r.dropPackets("set", strconv.Itoa(r.port(portProxy))) })},
		"drop-api": {"", "the same for the port in admin.conf (root)", 0, server(func(r *rig) error { return r.dropPackets("set", strconv.Itoa(r.port(portAPI))) })},
		"clear":    {"", "proxy: all well again, dropped packets included", 0, func(r *rig, _ []string) error { return errors.Join(r.dropPackets("clear", ""), r.tellGate("clear")) }},
		"proxy":    {"", "proxy: say what is set and how many connections are open", 0, fault("status")},

		"status": {"", "what runs, and where", 0, server((*rig).status)},

		"token": {"SECONDS", "write kube/short.conf, a user of namespace shop whose token lives that long", 1, (*rig).shortToken},
		"crowd": {"NODESxPODS", "add fake nodes and pods", 1, func(r *rig, a []string) error {
			nodes, pods, err := crowdSize(a[0])
			if err != nil {
				return err
			}
			return r.fillCrowd(nodes, pods)
		}},
		"crowd-clear": {"", "remove them", 0, server((*rig).clearCrowd)},
		"churn":       {"RATE SECONDS", "change the status of random fake pods", 2, (*rig).churn},
	}
}

func cmdLever(args []string) error {
	l, known := levers[strings.Join(args[:min(1, len(args))], "")]
	if !known || len(args) != l.count+1 {
		var names []string
		for n := range levers {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			fmt.Printf("  %-24s %s\n", n+" "+levers[n].args, levers[n].help)
		}
		if len(args) == 1 && args[0] == "help" {
			return nil
		}
		return errors.New("which lever?")
	}
	pull := func(r *rig) error {
		if r.state.Phase != "up" && args[0] != "status" {
			return fmt.Errorf("no cluster is up in %s", r.dir)
		}
		return l.do(r, args[1:])
	}
	if args[0] == "churn" { // long, and harmless beside other levers
		r, err := openRig()
		if err != nil {
			return err
		}
		return pull(r)
	}
	return withRig(pull)
}

func (r *rig) status() error {
	fmt.Printf("folder %s\nphase  %s\nslot   %d\n", r.dir, r.state.Phase, r.state.Slot)
	for _, p := range r.running() {
		fmt.Printf("%-24s pid %-7d %5d MB\n", p.Name, p.Pid, residentMB(p.Pid))
	}
	return nil
}

func (r *rig) tellGate(command string) error {
	reply, err := ask(r.path("run/gate"), command)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(reply, "ok") {
		return errors.New(reply)
	}
	if reply != "ok" {
		fmt.Println(strings.TrimPrefix(reply, "ok: "))
	}
	return nil
}

func (r *rig) signal(name string, s syscall.Signal) error {
	p := r.find(name)
	if !p.alive() {
		return fmt.Errorf("%s does not run", name)
	}
	return syscall.Kill(p.Pid, s)
}

func (r *rig) nodeOff(i int) error {
	if !r.find(nodeName(i)).alive() {
		return fmt.Errorf("%s is off already", nodeName(i))
	}
	if err := r.plug(i, false); err != nil {
		return err
	}
	r.stop(0, nodeName(i)) // the kernel ends every process in there with process 1
	return nil
}

func (r *rig) nodeOn(i int) error {
	if err := r.plug(i, true); err != nil {
		return err
	}
	return r.startNode(i, true)
}

func toContainer(s syscall.Signal) func(*rig, []string) error {
	return func(r *rig, args []string) error { return r.signalContainer(args, s) }
}

// signalContainer tells what runs in a container, as the kernel does when
// memory runs out: not by way of its kubelet.
func (r *rig) signalContainer(args []string, s syscall.Signal) error {
	var pod struct {
		Status struct {
			ContainerStatuses []struct{ Name, ContainerID string }
		}
	}
	if err := r.get(fmt.Sprintf("/api/v1/namespaces/%s/pods/%s", args[0], args[1]), &pod); err != nil {
		return err
	}
	id := ""
	for _, c := range pod.Status.ContainerStatuses {
		if _, after, found := strings.Cut(c.ContainerID, "://"); found && c.Name == args[2] {
			id = after
		}
	}
	if id == "" {
		return fmt.Errorf("%s/%s has no container %s that has run", args[0], args[1], args[2])
	}
	told := 0
	groups, err := filepath.Glob("/proc/[0-9]*/cgroup")
	for _, file := range groups {
		// A process may have ended meanwhile.
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), id) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if syscall.Kill(pid, s) == nil {
				told++
			}
		}
	}
	if err == nil && told == 0 {
		err = errors.New("nothing runs in it")
	}
	return err
}

func (r *rig) apiStop() error {
	if err := r.tellGate("plain off"); err != nil {
		return err
	}
	// Not asked politely for long: with watches open it would take a minute.
	r.stop(2*time.Second, "kube-apiserver")
	return nil
}

func (r *rig) apiStart() error {
	if r.find("kube-apiserver").alive() {
		return errors.New("kube-apiserver runs already")
	}
	if err := r.startAPI(); err != nil {
		return err
	}
	if err := r.tellGate("plain on"); err != nil {
		return err
	}
	return r.wait("API server", 60*time.Second, r.apiReady)
}

// compact asks etcd, through its JSON gateway, to forget everything before
// now.
func (r *rig) compact() error {
	hc := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		Dial: func(_, _ string) (net.Conn, error) {
			var c net.Conn
			err := inNetns(r.controlNet(), func() (err error) {
				c, err = net.Dial("tcp", strings.TrimPrefix(r.etcdURL(), "http://"))
				return err
			})
			return c, err
		}}}
	post := func(path string, in object, out any) error {
		raw, _ := json.Marshal(in)
		res, err := hc.Post(r.etcdURL()+path, "application/json", bytes.NewReader(raw))
		if err != nil {
			return err
		}
		defer res.Body.Close()
		raw, err = io.ReadAll(res.Body)
		if err == nil && res.StatusCode != 200 {
			err = fmt.Errorf("etcd: %s: %.300s", res.Status, raw)
		}
		if err == nil {
			err = json.Unmarshal(raw, out)
		}
		return err
	}
	var now struct{ Header struct{ Revision string } }
	if err := post("/v3/kv/range", object{"key": "AA=="}, &now); err != nil {
		return err
	}
	if err := post("/v3/kv/compaction", object{"revision": now.Header.Revision, "physical": true}, &struct{}{}); err != nil {
		return err
	}
	fmt.Println("compacted up to", now.Header.Revision)
	return nil
}

// shortToken makes an account that may look at namespace shop, and a
// kubeconfig with a token about to expire. The server remembers a good token
// for ten seconds, so it may work that much longer.
func (r *rig) shortToken(args []string) error {
	seconds, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	at := "/api/v1/namespaces/shop/serviceaccounts"
	rbac := "rbac.authorization.k8s.io"
	if err := errors.Join(
		r.create(at, object{"metadata": object{"name": "visitor"}}),
		r.create("/apis/"+rbac+"/v1/namespaces/shop/rolebindings", object{"metadata": object{"name": "visitor"},
			"roleRef":  object{"apiGroup": rbac, "kind": "Role", "name": "onlooker"},
			"subjects": list{object{"kind": "ServiceAccount", "namespace": "shop", "name": "visitor"}}}),
	); err != nil {
		return err
	}
	var account struct{ Metadata struct{ UID string } }
	if err := r.get(at+"/visitor", &account); err != nil {
		return err
	}
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	// The server forgives clocks that are a minute off, so the date written
	// into the token lies a minute before the end that is meant.
	t, err := r.token("shop", "visitor", account.Metadata.UID, end.Add(-time.Minute))
	if err != nil {
		return err
	}
	url := fmt.Sprintf("https://127.0.0.1:%d", r.port(portAPI))
	if err := r.kubeconfig("short", r.label()+"-short", url, "    token: "+t); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, r.path("kube/short.conf"), "until", end.Format(time.TimeOnly))
	return nil
}
