package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// A crowd is what a big company's cluster looks like to a client: a thousand
// nodes, ten thousand pods with long specs, their owners. kwok keeps the nodes
// alive; the pods are written as if a kubelet had started them.

const podsPerApp = 20

// members calls f for 0..n-1 with some at a time, prints how long it took and
// returns the first errors.
func members(what string, n, workers int, f func(int) error) error {
	began := time.Now()
	var next atomic.Int64
	var mu sync.Mutex
	var errs []error
	var all sync.WaitGroup
	for range min(workers, n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	d := time.Since(began).Seconds()
	say("%d %s in %.1f s (%.0f/s)", n, what, d, float64(n)/d)
	if len(errs) > 3 {
		errs = append(errs[:3], fmt.Errorf("and %d more", len(errs)-3))
	}
	return errors.Join(errs...)
}

// app is one invented service of one invented team.
type app struct {
	n        int
	name, ns string
	hash     string // of the pod template
	replicas int
}

func fakeNode(i int) string { return fmt.Sprintf("fake-%04d", i) }

func (a app) labels(extra ...string) object {
	l := object{"app": a.name, "crowd": "yes", "app.kubernetes.io/name": a.name, "app.kubernetes.io/part-of": "fleet",
		"app.kubernetes.io/instance": a.name + "-live", "app.kubernetes.io/component": "service",
		"app.kubernetes.io/version": fmt.Sprintf("2.%d.0", a.n%30), "app.kubernetes.io/managed-by": "Helm"}
	for i := 0; i < len(extra); i += 2 {
		l[extra[i]] = extra[i+1]
	}
	return l
}

func (a app) annotations() object {
	return object{
		"kwok.x-k8s.io/usage-cpu":    fmt.Sprintf("%dm", 5+a.n*41%390), // read by kwok's metrics
		"kwok.x-k8s.io/usage-memory": fmt.Sprintf("%dMi", 30+a.n*67%450),
		"prometheus.io/scrape":       "true", "prometheus.io/port": "9102",
		"checksum/settings": fmt.Sprintf("%064x", a.n*2654435761),
	}
}

func (a app) spec() object {
	container := func(name string, settings int) object {
		env := list{object{"name": "POD_IP", "valueFrom": object{"fieldRef": object{"fieldPath": "status.podIP"}}}}
		for i := range settings {
			env = append(env, object{"name": fmt.Sprintf("UPSTREAM_%d_URL", i), "value": fmt.Sprintf("https://upstream-%d.%s.svc.cluster.local:8443/v2/resources", i, a.ns)})
		}
		probe := func(path string, every int) object {
			return object{"httpGet": object{"path": path, "port": "http"}, "periodSeconds": every, "timeoutSeconds": 2}
		}
		return object{"name": name, "image": fmt.Sprintf("images.example/fleet/%s-%s:2.%d.0", a.name, name, a.n%30), "env": env,
			"ports":          list{object{"name": "http", "containerPort": 8080}, object{"name": "metrics", "containerPort": 9102}},
			"readinessProbe": probe("/ready", 5), "livenessProbe": probe("/alive", 20),
			"resources":       object{"requests": object{"cpu": "100m", "memory": "128Mi"}, "limits": object{"cpu": "1", "memory": "512Mi"}},
			"volumeMounts":    list{object{"name": "settings", "mountPath": "/etc/settings", "readOnly": true}, object{"name": "work", "mountPath": "/work"}},
			"securityContext": object{"runAsNonRoot": true, "readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false, "capabilities": object{"drop": []string{"ALL"}}}}
	}
	containers := list{container("main", 9)}
	if a.n%3 == 1 {
		containers = append(containers, container("mesh", 3))
	}
	return object{"containers": containers, "nodeSelector": object{"type": "kwok"},
		"tolerations":     list{object{"key": "qd.test/fake", "operator": "Exists"}},
		"securityContext": object{"runAsUser": 10001, "fsGroup": 10001},
		"volumes":         list{object{"name": "settings", "configMap": object{"name": "settings"}}, object{"name": "work", "emptyDir": object{}}}}
}

func crowdApp(i, pods int) app {
	apps := (pods + podsPerApp - 1) / podsPerApp
	a := app{n: i, name: fmt.Sprintf("svc-%04d", i), hash: fmt.Sprintf("%x", 0x6b000000+i), replicas: min(podsPerApp, pods-i*podsPerApp)}
	a.ns = fmt.Sprintf("fleet-%02d", i%max(1, min(50, apps/10)))
	return a
}

// make posts an object and returns what the server made of it.
func (c *client) make(path, manager string, o object) ([]byte, error) {
	raw, _ := json.Marshal(o)
	made, err := c.call("POST", path+"?fieldManager="+manager, "application/json", raw)
	if isCode(err, 409) { // from an earlier, shorter fill
		made, err = c.call("GET", path+"/"+o["metadata"].(object)["name"].(string), "", nil)
	}
	return made, err
}

func ownedBy(kind, name string, raw []byte) list {
	var o struct{ Metadata struct{ UID string } }
	json.Unmarshal(raw, &o)
	return list{object{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": o.Metadata.UID, "controller": true, "blockOwnerDeletion": true}}
}

// fillCrowd writes everything itself while the controller manager and kwok are
// stopped: the one would make pods of its own for every new ReplicaSet, the
// other writes a status at a tenth of the speed.
func (r *rig) fillCrowd(nodes, pods int) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	r.stop(3*time.Second, "kube-controller-manager", "kwok")
	err = c.fill(nodes, pods)
	if d, _ := time.ParseDuration(r.state.Options.Grace); d < 150*time.Second {
		// A thousand leases on two busy cores are renewed late.
		r.state.Options.Grace = "150s"
	}
	r.state.Options.Crowd = fmt.Sprintf("%dx%d", nodes, pods)
	if err := errors.Join(err, r.setPhase(r.state.Phase), r.startControllerManager(), r.startKwok()); err != nil {
		return err
	}
	if err := r.wait("fake nodes", 5*time.Minute, func() error {
		ready, all, err := r.countNodes("type=kwok")
		if err == nil && ready < nodes {
			err = fmt.Errorf("%d of %d Ready", ready, all)
			time.Sleep(time.Second)
		}
		return err
	}); err != nil {
		return err
	}
	say("all fake nodes Ready")
	for _, p := range r.running() {
		if mb := residentMB(p.Pid); mb > 40 {
			say("%-24s %5d MB", p.Name, mb)
		}
	}
	return nil
}

func (r *rig) countNodes(selector string) (ready, all int, err error) {
	var l struct {
		Items []struct {
			Status struct {
				Conditions []struct{ Type, Status string }
			}
		}
	}
	err = r.get("/api/v1/nodes?resourceVersion=0&labelSelector="+url.QueryEscape(selector), &l)
	for _, n := range l.Items {
		for _, c := range n.Status.Conditions {
			if c.Type == "Ready" && c.Status == "True" {
				ready++
			}
		}
	}
	return ready, len(l.Items), err
}

func (c *client) fill(nodes, pods int) error {
	if err := members("nodes", nodes, 24, func(i int) error {
		_, err := c.make("/api/v1/nodes", "kubelet", nodeObject(i))
		return err
	}); err != nil || pods == 0 {
		return err
	}
	apps := (pods + podsPerApp - 1) / podsPerApp
	if err := members("namespaces", max(1, min(50, apps/10)), 8, func(i int) error {
		ns := crowdApp(i, pods).ns
		_, err := c.make("/api/v1/namespaces", "kubectl", object{"metadata": object{"name": ns, "labels": object{"crowd": "yes"}}})
		if err == nil { // usually the work of the controller manager, and pods want it
			_, err = c.make("/api/v1/namespaces/"+ns+"/serviceaccounts", "kubectl", object{"metadata": object{"name": "default"}})
		}
		return err
	}); err != nil {
		return err
	}
	owner := make([]list, apps)
	if err := members("Deployments with ReplicaSets", apps, 24, func(i int) error {
		a := crowdApp(i, pods)
		at := "/apis/apps/v1/namespaces/" + a.ns
		template := func(l object) object {
			return object{"metadata": object{"labels": l, "annotations": a.annotations()}, "spec": a.spec()}
		}
		raw, err := c.make(at+"/deployments", "helm", object{
			"metadata": object{"name": a.name, "labels": a.labels(), "annotations": object{"deployment.kubernetes.io/revision": "1"}},
			"spec":     object{"replicas": a.replicas, "selector": object{"matchLabels": object{"app": a.name}}, "template": template(a.labels())}})
		if err != nil {
			return err
		}
		set, hashed := a.name+"-"+a.hash, a.labels("pod-template-hash", a.hash)
		raw, err = c.make(at+"/replicasets", "kube-controller-manager", object{
			"metadata": object{"name": set, "labels": hashed, "ownerReferences": ownedBy("Deployment", a.name, raw),
				"annotations": object{"deployment.kubernetes.io/revision": "1", "deployment.kubernetes.io/desired-replicas": strconv.Itoa(a.replicas)}},
			"spec": object{"replicas": a.replicas, "selector": object{"matchLabels": object{"app": a.name, "pod-template-hash": a.hash}}, "template": template(hashed)}})
		owner[i] = ownedBy("ReplicaSet", set, raw)
		return err
	}); err != nil {
		return err
	}
	return members("pods", pods, 48, func(i int) error {
		a := crowdApp(i/podsPerApp, pods)
		at := "/api/v1/namespaces/" + a.ns + "/pods"
		name := a.name + "-" + a.hash + "-" + strconv.FormatInt(60466176+int64(i)*7919, 36)[1:]
		spec := a.spec()
		spec["nodeName"] = fakeNode(i % nodes)
		raw, err := c.make(at, "kube-controller-manager", object{
			"metadata": object{"name": name, "generateName": a.name + "-" + a.hash + "-", "ownerReferences": owner[a.n],
				"labels": a.labels("pod-template-hash", a.hash), "annotations": a.annotations()},
			"spec": spec})
		if err != nil {
			return err
		}
		// The status comes last in the server's answer. Putting another in
		// its place spares taking ten kilobytes apart and together again,
		// and a PUT is cheaper for the server than a PATCH.
		cut := bytes.LastIndex(raw, []byte(`"status":{`))
		if cut < 0 {
			return fmt.Errorf("%s: an answer without status", name)
		}
		status, _ := json.Marshal(podStatus(i, spec["containers"].(list)))
		full := append(append(append(raw[:cut:cut], `"status":`...), status...), '}')
		_, err = c.call("PUT", at+"/"+name+"/status?fieldManager=kubelet", "application/json", full)
		if isCode(err, 409) {
			err = nil // written by someone else meanwhile
		}
		return err
	})
}

func nodeObject(i int) object {
	name := fakeNode(i)
	var images list
	for j := range 12 {
		images = append(images, object{"names": []string{fmt.Sprintf("images.example/fleet/svc-%04d-main:2.%d.0", j, j)}, "sizeBytes": 30000000 + j})
	}
	room := object{"cpu": "64", "memory": "256Gi", "pods": "110", "ephemeral-storage": "1Ti"}
	return object{
		"metadata": object{"name": name,
			"annotations": object{"kwok.x-k8s.io/node": "fake", "metrics.k8s.io/resource-metrics-path": "/metrics/nodes/" + name + "/metrics/resource"},
			"labels": object{"type": "kwok", "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name,
				"node-role.kubernetes.io/fake": "", "topology.kubernetes.io/region": "harbour", "topology.kubernetes.io/zone": fmt.Sprintf("pier-%d", 1+i%3),
				"node.kubernetes.io/instance-type": []string{"small", "medium", "large"}[i%3]}},
		"spec": object{"taints": list{object{"key": "qd.test/fake", "effect": "NoSchedule"}}},
		"status": object{"capacity": room, "allocatable": room, "images": images, "nodeInfo": object{
			"architecture": "amd64", "operatingSystem": "linux", "osImage": "Fake OS 1.0", "kernelVersion": "6.12.0",
			"containerRuntimeVersion": "containerd://2.1.0", "kubeletVersion": release, "kubeProxyVersion": "",
			"bootID": name, "machineID": name, "systemUUID": name}}}
}

// podStatus is what a kubelet would say. One pod in a hundred or so crashes.
func podStatus(i int, containers list) object {
	now := time.Now().UTC().Format(time.RFC3339)
	crashing := i%101 == 7
	condition := func(kind string, good bool) object {
		o := object{"type": kind, "status": "True", "lastTransitionTime": now, "observedGeneration": 1}
		if !good {
			o["status"], o["reason"], o["message"] = "False", "ContainersNotReady", "containers with unready status: [main]"
		}
		return o
	}
	var statuses list
	for k, c := range containers {
		c := c.(object)
		s := object{"name": c["name"], "image": c["image"], "imageID": fmt.Sprintf("images.example/fleet@sha256:%064x", i/podsPerApp),
			"containerID": fmt.Sprintf("containerd://%064x", i*4+k), "ready": true, "started": true, "restartCount": 0,
			"state": object{"running": object{"startedAt": now}}}
		if i%29 == 0 {
			s["restartCount"] = i % 7
		}
		if crashing && k == 0 {
			s["ready"], s["started"], s["restartCount"] = false, false, 4+i%20
			s["state"] = object{"waiting": object{"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container=main"}}
			s["lastState"] = object{"terminated": object{"exitCode": 1, "reason": "Error", "startedAt": now, "finishedAt": now}}
		}
		statuses = append(statuses, s)
	}
	ip := fmt.Sprintf("10.%d.%d.%d", 64+i>>16, i>>8&255, i&255)
	return object{"phase": "Running", "qosClass": "Burstable", "startTime": now, "observedGeneration": 1,
		"hostIP": "10.63.0.1", "podIP": ip, "podIPs": list{object{"ip": ip}}, "containerStatuses": statuses,
		"conditions": list{condition("PodReadyToStartContainers", true), condition("Initialized", true), condition("PodScheduled", true),
			condition("ContainersReady", !crashing), condition("Ready", !crashing)}}
}

type named struct {
	Metadata struct{ Name, Namespace string }
	Spec     struct {
		Containers []struct{ Name, Image string }
	}
}

// clearCrowd ends the namespaces before what is in them: in a namespace that
// ends no controller makes new pods. The server takes its time with thousands
// of pods, longer than it gives a single request, so it is told again.
func (r *rig) clearCrowd() error {
	c, err := r.client()
	if err != nil {
		return err
	}
	now := []byte(`{"gracePeriodSeconds":0,"propagationPolicy":"Background"}`)
	if err := r.wait("crowd's namespaces gone", 15*time.Minute, func() error {
		var spaces struct{ Items []named }
		if err := r.get("/api/v1/namespaces?labelSelector=crowd%3Dyes", &spaces); err != nil || len(spaces.Items) == 0 {
			return err
		}
		return errors.Join(fmt.Errorf("%d are left", len(spaces.Items)), members("namespaces told to go", len(spaces.Items), 8, func(i int) error {
			at := "/api/v1/namespaces/" + spaces.Items[i].Metadata.Name
			for _, path := range []string{at, at + "/pods"} {
				if _, err := c.call("DELETE", path, "application/json", now); err != nil && !isCode(err, 404) && !isCode(err, 409) {
					return err
				}
			}
			time.Sleep(time.Second)
			return nil
		}))
	}); err != nil {
		return err
	}
	_, err = c.call("DELETE", "/api/v1/nodes?labelSelector=type%3Dkwok", "application/json", now)
	r.state.Options.Crowd = ""
	return errors.Join(err, r.setPhase(r.state.Phase))
}

// churn patches the status of random crowd pods at a steady rate and prints
// what the server made of it.
func (r *rig) churn(args []string) error {
	rate, err1 := strconv.ParseFloat(args[0], 64)
	seconds, err2 := strconv.ParseFloat(args[1], 64)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if rate <= 0 || rate > 1000 || seconds <= 0 || seconds > 3600 {
		return errors.New("churn wants RATE up to 1000 a second, SECONDS up to 3600")
	}
	c, err := r.client()
	if err != nil {
		return err
	}
	var pods []named
	for next := ""; ; {
		var page struct {
			Metadata struct{ Continue string }
			Items    []named
		}
		if err := r.get("/api/v1/pods?labelSelector=crowd%3Dyes&limit=500&continue="+url.QueryEscape(next), &page); err != nil {
			return err
		}
		pods = append(pods, page.Items...)
		if next = page.Metadata.Continue; next == "" {
			break
		}
	}
	if len(pods) == 0 {
		return errors.New("no crowd here")
	}
	say("%d pods, %.0f changes a second for %.0f s", len(pods), rate, seconds)
	var mu sync.Mutex
	var took []time.Duration
	var failed []error
	var all sync.WaitGroup
	room := make(chan bool, 64) // no more than that at once, however slow the server
	began, total := time.Now(), int(rate*seconds)
	for i := range total {
		time.Sleep(time.Until(began.Add(time.Duration(float64(i) / rate * float64(time.Second)))))
		if time.Since(began).Seconds() > seconds*1.5 {
			break
		}
		room <- true
		p := pods[rand.Intn(len(pods))]
		all.Go(func() {
			defer func() { <-room }()
			body, _ := json.Marshal(object{"status": flip(p, i)})
			t := time.Now()
			_, err := c.call("PATCH", "/api/v1/namespaces/"+p.Metadata.Namespace+"/pods/"+p.Metadata.Name+"/status?fieldManager=kubelet",
				"application/strategic-merge-patch+json", body)
			mu.Lock()
			defer mu.Unlock()
			if took = append(took, time.Since(t)); err != nil {
				failed = append(failed, err)
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	say("%d changes, %.0f/s, p50 %s, p99 %s, max %s, %d failed", len(took), float64(len(took))/time.Since(began).Seconds(),
		took[len(took)/2].Round(time.Millisecond), took[len(took)*99/100].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond), len(failed))
	if len(failed) > 0 {
		fmt.Fprintln(os.Stderr, failed[0])
	}
	return nil
}

// flip is a restart: every other change leaves the pod ready.
func flip(p named, n int) object {
	now := time.Now().UTC().Format(time.RFC3339)
	ready := n%2 == 0
	word := map[bool]string{true: "True", false: "False"}[ready]
	var statuses list
	for _, c := range p.Spec.Containers {
		state := object{"running": object{"startedAt": now}}
		if !ready {
			state = object{"waiting": object{"reason": "CrashLoopBackOff", "message": "back-off 10s restarting failed container=" + c.Name}}
		}
		statuses = append(statuses, object{"name": c.Name, "image": c.Image, "imageID": "", "ready": ready, "started": ready, "restartCount": n%90 + 1, "state": state,
			"lastState": object{"terminated": object{"exitCode": 1, "reason": "Error", "startedAt": now, "finishedAt": now}}})
	}
	return object{"containerStatuses": statuses, "conditions": list{
		object{"type": "Ready", "status": word, "lastTransitionTime": now},
		object{"type": "ContainersReady", "status": word, "lastTransitionTime": now}}}
}
