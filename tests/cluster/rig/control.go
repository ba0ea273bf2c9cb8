package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

const tokenIssuer = "https://kubernetes.default.svc"

// controlNet is the network namespace of the control plane; none in lite.
func (r *rig) controlNet() string {
	if r.state.Options.Lite {
		return ""
	}
	return fmt.Sprintf("/proc/%d/ns/net", r.find("net-control").Pid)
}

// inside picks the value for the control plane's own network, or the one for
// the host's loopback where everything shares one address and the ports have
// to differ.
func inside[T any](r *rig, own, lite T) T {
	if r.state.Options.Lite {
		return lite
	}
	return own
}

func (r *rig) etcdURL() string {
	return fmt.Sprintf("http://127.0.0.1:%d", inside(r, 2379, r.port(portEtcd)))
}

// startControlPlane starts what needs no API server: etcd, the server itself
// and the gate.
func (r *rig) startControlPlane() error {
	peer := fmt.Sprintf("http://127.0.0.1:%d", inside(r, 2380, r.port(portEtcdPeer)))
	_, err := r.start(launch{name: "etcd", netns: r.controlNet(), argv: []string{bin("hyper"), "etcd",
		"--name=" + r.label(), "--data-dir=" + r.path("data/etcd"),
		"--listen-client-urls=" + r.etcdURL(), "--advertise-client-urls=" + r.etcdURL(),
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer,
		"--initial-cluster=" + r.label() + "=" + peer,
		// Nobody mourns this data after a power cut; waiting for the disk
		// is most of the time of a write.
		"--unsafe-no-fsync",
		"--quota-backend-bytes=4294967296", // a crowd with some churn exceeds the default
		"--log-level=warn",
	}})
	if err != nil {
		return err
	}
	if err := r.startAPI(); err != nil {
		return err
	}
	return r.startGate()
}

func (r *rig) startAPI() error {
	pki := r.path("pki") + "/"
	argv := []string{bin("hyper"), "kube-apiserver",
		"--etcd-servers=" + r.etcdURL(),
		"--bind-address=" + inside(r, "0.0.0.0", "127.0.0.1"),
		"--advertise-address=" + inside(r, r.cpIP(), "127.0.0.1"),
		fmt.Sprintf("--secure-port=%d", inside(r, 6443, r.port(portAPI))),
		"--tls-cert-file=" + pki + "apiserver.crt", "--tls-private-key-file=" + pki + "apiserver.key",
		"--client-ca-file=" + pki + "ca.crt", "--cert-dir=" + r.path("data/apiserver"),
		"--kubelet-certificate-authority=" + pki + "ca.crt",
		"--kubelet-client-certificate=" + pki + "apiserver-kubelet.crt", "--kubelet-client-key=" + pki + "apiserver-kubelet.key",
		"--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=" + tokenIssuer,
		"--service-account-key-file=" + pki + "accounts.pub", "--service-account-signing-key-file=" + pki + "accounts.key",
		"--service-cluster-ip-range=" + r.services(),
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction",
		"--allow-privileged=true",
		// Kubernetes' own page on aggregation asks for these seven.
		"--requestheader-client-ca-file=" + pki + "front-ca.crt", "--requestheader-allowed-names=front-proxy",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + pki + "front-proxy.crt", "--proxy-client-key-file=" + pki + "front-proxy.key",
		// Filling a crowd goes far beyond what is meant for clients.
		"--max-requests-inflight=1600", "--max-mutating-requests-inflight=800",
	}
	if !r.state.Options.Lite {
		// metrics-server sits behind a Service, but no kube-proxy runs in
		// the control plane's network: dial its endpoint instead.
		argv = append(argv, "--enable-aggregator-routing=true")
	}
	_, err := r.start(launch{name: "kube-apiserver", netns: r.controlNet(), argv: argv})
	return err
}

// clientFlags are common to the controller manager and the scheduler.
func (r *rig) clientFlags(name string, port int) []string {
	conf := r.path("kube/" + name + ".conf")
	flags := []string{"--kubeconfig=" + conf, "--authentication-kubeconfig=" + conf, "--authorization-kubeconfig=" + conf,
		"--leader-elect=false", "--bind-address=127.0.0.1", "--cert-dir=" + r.path("data/"+name),
		"--kube-api-qps=400", "--kube-api-burst=800"}
	if r.state.Options.Lite {
		flags = append(flags, fmt.Sprintf("--secure-port=%d", r.port(port)))
	}
	return flags
}

// startControllers waits for no one: the API server must be ready, or the
// controller manager gives up.
func (r *rig) startControllers() error {
	if err := r.startControllerManager(); err != nil {
		return err
	}
	argv := append([]string{bin("hyper"), "kube-scheduler"}, r.clientFlags("scheduler", portScheduler)...)
	_, err := r.start(launch{name: "kube-scheduler", netns: r.controlNet(), argv: argv})
	return err
}

func (r *rig) startControllerManager() error {
	pki := r.path("pki") + "/"
	argv := append([]string{bin("hyper"), "kube-controller-manager"}, r.clientFlags("controllers", portControllers)...)
	argv = append(argv,
		"--use-service-account-credentials=true", "--service-account-private-key-file="+pki+"accounts.key",
		"--root-ca-file="+pki+"ca.crt",
		"--cluster-signing-cert-file="+pki+"ca.crt", "--cluster-signing-key-file="+pki+"ca.key",
		"--node-monitor-grace-period="+r.state.Options.Grace,
		"--flex-volume-plugin-dir="+r.path("data/flex"), // its default is a folder of the host
	)
	_, err := r.start(launch{name: "kube-controller-manager", netns: r.controlNet(), argv: argv})
	return err
}

// startKwok runs the program that plays nodes. It serves only nodes that
// carry its annotation, so real ones are left alone.
func (r *rig) startKwok() error {
	stages, err := os.ReadFile(bin("kwok-stages.yaml"))
	if err != nil {
		return err
	}
	var fake strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&fake, "2026-01-01T00:%02d:%02d.%09dZ stdout F request %d served in %d ms\n", i/60%60, i%60, i, i, 3+i*7%90)
	}
	if err := os.WriteFile(r.path("data/fake.log"), []byte(fake.String()), 0o644); err != nil {
		return err
	}
	conf := strings.ReplaceAll(kwokConfig, "FAKELOG", r.path("data/fake.log")) + string(stages)
	if err := os.WriteFile(r.path("data/kwok.yaml"), []byte(conf), 0o644); err != nil {
		return err
	}
	ip, port := inside(r, r.cpIP(), "127.0.0.1"), inside(r, 10247, r.port(portKwok))
	// A lease is renewed after a quarter of its length: often enough for the
	// grace, and no oftener than a thousand of them can be.
	lease := 40
	if r.state.Options.Crowd != "" {
		lease = 200
	}
	_, err = r.start(launch{name: "kwok", netns: r.controlNet(), argv: []string{bin("kwok"),
		"--config=" + r.path("data/kwok.yaml"), "--kubeconfig=" + r.path("kube/inside.conf"),
		"--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
		"--cidr=10.64.0.0/14", "--node-ip=" + ip, fmt.Sprintf("--node-port=%d", port),
		fmt.Sprintf("--server-address=%s:%d", ip, port),
		"--tls-cert-file=" + r.path("pki/kwok.crt"), "--tls-private-key-file=" + r.path("pki/kwok.key"),
		fmt.Sprintf("--node-lease-duration-seconds=%d", lease), "-v=WARN",
	}})
	return err
}

// With kwok's own four workers a thousand leases are not renewed in time on
// two busy cores, nodes flap, and the flapping makes it worse.
const kwokConfig = `kind: KwokConfiguration
apiVersion: config.kwok.x-k8s.io/v1alpha1
options:
  nodePlayStageParallelism: 16
  podPlayStageParallelism: 16
  nodeLeaseParallelism: 16
  enableDebuggingHandlers: true
---
kind: ClusterLogs
apiVersion: kwok.x-k8s.io/v1alpha1
metadata:
  name: every-pod
spec:
  logs:
  - logsFile: FAKELOG
    follow: true
---
kind: ClusterResourceUsage
apiVersion: kwok.x-k8s.io/v1alpha1
metadata:
  name: from-annotations
spec:
  usages:
  - usage:
      cpu:
        expression: '"kwok.x-k8s.io/usage-cpu" in pod.metadata.annotations ? Quantity(pod.metadata.annotations["kwok.x-k8s.io/usage-cpu"]) : Quantity("1m")'
      memory:
        expression: '"kwok.x-k8s.io/usage-memory" in pod.metadata.annotations ? Quantity(pod.metadata.annotations["kwok.x-k8s.io/usage-memory"]) : Quantity("1Mi")'
---
`

// startMetrics runs metrics-server beside the control plane and tells the
// aggregator where: a Service without selector, with its one endpoint given.
func (r *rig) startMetrics() error {
	conf := r.path("kube/inside.conf")
	_, err := r.start(launch{name: "metrics-server", netns: r.controlNet(), argv: []string{bin("metrics-server"),
		"--kubeconfig=" + conf, "--authentication-kubeconfig=" + conf, "--authorization-kubeconfig=" + conf,
		"--bind-address=" + r.cpIP(), "--secure-port=4443",
		"--tls-cert-file=" + r.path("pki/metrics.crt"), "--tls-private-key-file=" + r.path("pki/metrics.key"),
		"--kubelet-certificate-authority=" + r.path("pki/ca.crt"),
		"--kubelet-preferred-address-types=InternalIP", "--kubelet-use-node-status-port",
		"--metric-resolution=15s",
	}})
	if err != nil {
		return err
	}
	ca, err := os.ReadFile(r.path("pki/ca.crt"))
	if err != nil {
		return err
	}
	at := "/api/v1/namespaces/kube-system"
	if err := r.wait("kube-system", 30*time.Second, func() error { return r.get(at, nil) }); err != nil {
		return err
	}
	return errors.Join(
		r.create(at+"/services", object{"metadata": object{"name": "metrics-server"},
			"spec": object{"ports": list{object{"name": "https", "port": 443, "targetPort": 4443}}}}),
		r.create("/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices", object{
			"metadata":    object{"name": "metrics-server-rig", "labels": object{"kubernetes.io/service-name": "metrics-server"}},
			"addressType": "IPv4",
			"ports":       list{object{"name": "https", "port": 4443, "protocol": "TCP"}},
			"endpoints":   list{object{"addresses": []string{r.cpIP()}, "conditions": object{"ready": true}}}}),
		r.create("/apis/apiregistration.k8s.io/v1/apiservices", object{"metadata": object{"name": "v1beta1.metrics.k8s.io"},
			"spec": object{"group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": 100, "versionPriority": 100,
				"service":  object{"name": "metrics-server", "namespace": "kube-system", "port": 443},
				"caBundle": base64.StdEncoding.EncodeToString(ca)}}),
	)
}
