// Command hyper is a whole Kubernetes control plane, node agent and client in
// one file. Like busybox it looks at its first argument and becomes that
// program; linking them together costs one link step and one copy of the
// shared libraries instead of seven.
package main

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	// Client and version metrics register themselves; the components' own
	// main packages import them the same way.
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
)

// roles maps a subcommand to the command of the component it stands for.
// They are built lazily: several register flags and metrics globally, and two
// of them in one process would clash.
var roles = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllers.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
	"kube-proxy":              proxy.NewProxyCommand,
	"kubectl":                 kubectl.NewDefaultKubectlCommand,
}

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	// The components parse os.Args themselves, so the role name takes the
	// place of the program name.
	os.Args = os.Args[1:]
	if os.Args[0] == "etcd" {
		etcdmain.Main(os.Args) // never returns: it exits on its own
		return
	}
	build, known := roles[os.Args[0]]
	if !known {
		usage()
	}
	os.Exit(cli.Run(build()))
}

func usage() {
	names := []string{"etcd"}
	for name := range roles {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Fprintln(os.Stderr, "usage: hyper ROLE [FLAGS]\nroles:", strings.Join(names, " "))
	os.Exit(2)
}
