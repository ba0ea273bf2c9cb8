package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"
)

type object = map[string]any
type list = []any

// client speaks plain JSON to the API server as admin.
type client struct {
	base string
	http *http.Client
}

func (r *rig) newClient() (*client, error) {
	pair, err := tls.LoadX509KeyPair(r.path("pki/admin.crt"), r.path("pki/admin.key"))
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(r.path("pki/ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	return &client{
		base: fmt.Sprintf("https://127.0.0.1:%d", r.port(portAPI)),
		http: &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{
			ForceAttemptHTTP2: true,
			TLSClientConfig:   &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: pool},
		}},
	}, nil
}

// answer is an unexpected HTTP status.
type answer struct {
	code int
	text string
}

func (a answer) Error() string { return a.text }

// call sends one request. Overload and server trouble are retried a few
// times: a cluster that has just started has plenty of both.
func (c *client) call(method, path, kind string, body []byte) ([]byte, error) {
	for try := 1; ; try++ {
		req, err := http.NewRequest(method, c.base+path, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		// The server indents its answers for clients it takes for curl
		// or a browser; a name of our own avoids that.
		req.Header.Set("User-Agent", "qd-rig")
		res, err := c.http.Do(req)
		if err != nil {
			return nil, err
		}
		raw, err := io.ReadAll(res.Body)
		res.Body.Close()
		switch {
		case err != nil:
			return nil, err
		case res.StatusCode < 300:
			return raw, nil
		case (res.StatusCode == 429 || res.StatusCode >= 500) && try < 20 && path != "/readyz":
			time.Sleep(time.Duration(try) * 100 * time.Millisecond)
		default:
			return raw, answer{res.StatusCode, fmt.Sprintf("%s %s: %d %.300s", method, path, res.StatusCode, raw)}
		}
	}
}

func isCode(err error, code int) bool {
	var a answer
	return errors.As(err, &a) && a.code == code
}

func (r *rig) client() (*client, error) {
	if r.api == nil {
		c, err := r.newClient()
		if err != nil {
			return nil, err
		}
		r.api = c
	}
	return r.api, nil
}

func (r *rig) get(path string, into any) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	raw, err := c.call("GET", path, "", nil)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// create posts an object; one that is there already is left as it is.
func (r *rig) create(path string, o object) error {
	c, err := r.client()
	if err != nil {
		return err
	}
	raw, _ := json.Marshal(o)
	if _, err = c.call("POST", path, "application/json", raw); isCode(err, 409) {
		return nil
	}
	return err
}

func (r *rig) apiReady() error {
	c, err := r.client()
	if err != nil {
		return err
	}
	// A fresh connection each time would be truer, but also slower; the
	// timeout guards against a paused server.
	probe := *c.http
	probe.Timeout = 3 * time.Second
	raw, err := (&client{c.base, &probe}).call("GET", "/readyz", "", nil)
	if err == nil && string(raw) != "ok" {
		err = fmt.Errorf("readyz says %q", raw)
	}
	return err
}

// nodesReady is content when every real node is Ready and has its images.
func (r *rig) nodesReady() error {
	for i := 1; i <= r.state.Options.Nodes; i++ {
		var n struct {
			Status struct {
				Conditions []struct {
					Type, Status      string
					LastHeartbeatTime time.Time
				}
			}
		}
		if err := r.get("/api/v1/nodes/"+nodeName(i), &n); err != nil {
			return err
		}
		ready := false
		for _, c := range n.Status.Conditions {
			// What a node said before an earlier down does not count.
			ready = ready || c.Type == "Ready" && c.Status == "True" && !c.LastHeartbeatTime.Before(began.Truncate(time.Second))
		}
		if !ready {
			return fmt.Errorf("%s is not Ready", nodeName(i))
		}
		if err := r.tellNode(i, "images"); err != nil {
			return err
		}
	}
	return nil
}

func (r *rig) setLabel(node, label string) error {
	c, err := r.client()
	if err == nil {
		body, _ := json.Marshal(object{"metadata": object{"labels": object{label: ""}}})
		_, err = c.call("PATCH", "/api/v1/nodes/"+node, "application/merge-patch+json", body)
	}
	return err
}

// basics makes what every cluster here has: the namespace of the sample
// workloads and the rights of the user who has few.
func (r *rig) basics() error {
	rbac := "rbac.authorization.k8s.io"
	read := []string{"get", "list", "watch"}
	return errors.Join(
		r.create("/api/v1/namespaces", object{"metadata": object{"name": "shop"}}),
		r.create("/apis/"+rbac+"/v1/namespaces/shop/roles", object{"metadata": object{"name": "onlooker"}, "rules": list{
			object{"apiGroups": []string{""}, "verbs": read, "resources": []string{
				"pods", "pods/log", "services", "configmaps", "events", "endpoints", "persistentvolumeclaims"}},
			object{"apiGroups": []string{"apps"}, "verbs": read, "resources": []string{
				"deployments", "replicasets", "statefulsets", "daemonsets"}},
			object{"apiGroups": []string{"batch"}, "verbs": read, "resources": []string{"jobs", "cronjobs"}},
			object{"apiGroups": []string{"events.k8s.io"}, "verbs": read, "resources": []string{"events"}},
		}}),
		r.create("/apis/"+rbac+"/v1/namespaces/shop/rolebindings", object{"metadata": object{"name": "onlooker"},
			"roleRef":  object{"apiGroup": rbac, "kind": "Role", "name": "onlooker"},
			"subjects": list{object{"kind": "User", "apiGroup": rbac, "name": "viewer"}}}),
	)
}

// kubectl runs the client of the same release.
func (r *rig) kubectl(args ...string) error {
	cmd := exec.Command(bin("hyper"), append([]string{"kubectl", "--kubeconfig=" + r.path("kube/admin.conf")}, args...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
