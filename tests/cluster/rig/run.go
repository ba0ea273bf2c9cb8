package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// crowd is what run --crowd measures on.
const crowd = "1000x10000"

// trial is one way to run the suite: what is started, which cases are run on
// it, and how it ends.
type trial struct {
	packages bool     // whether real nodes are wanted
	cases    []string // arguments of cargo test that choose them
	start    func() (folder string, err error)
	stop     func() error
}

// cmdRun is what continuous integration calls: everything from nothing to
// nothing, with the status of the suite.
func cmdRun(args []string) (status error) {
	f := flag.NewFlagSet("run", flag.ContinueOnError)
	big := f.Bool("crowd", false, "the figures of "+crowd+" instead, on a cluster without real nodes")
	demo := f.Bool("demo", false, "the cases any cluster can be judged by, on qd demo-server")
	if err := f.Parse(args); err != nil {
		return err
	}
	// An interrupt reaches the suite as well, being in our group; it ends,
	// and we go on to take the cluster down.
	caught := make(chan os.Signal, 8)
	signal.Notify(caught, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	t := realTrial([]string{"--shop"}, nil)
	switch {
	case *big && *demo:
		return errors.New("--crowd or --demo, not both")
	case *big:
		t = realTrial([]string{"--lite", "--crowd", crowd}, []string{"real::crowd", "--", "--ignored"})
		t.packages = false
	case *demo:
		t = demoTrial()
	}
	var times []string
	phase := func(name string, f func() error) error {
		t := time.Now()
		err := f()
		times = append(times, fmt.Sprintf("%s %.1f s", name, time.Since(t).Seconds()))
		return err
	}
	defer func() { say("times: %s", strings.Join(times, ", ")) }()
	interrupted := func() error {
		select {
		case s := <-caught:
			return fmt.Errorf("%s", s)
		default:
			return nil
		}
	}
	if t.packages {
		if err := phase("packages", installPackages); err != nil {
			return err
		}
	}
	if err := phase("build", func() error { return buildAll(true) }); err != nil {
		return err
	}
	if err := interrupted(); err != nil {
		return err
	}
	defer func() {
		status = errors.Join(status, phase("stop", t.stop))
	}()
	var folder string
	if err := phase("start", func() (err error) {
		folder, err = t.start()
		return err
	}); err != nil {
		return err
	}
	if err := interrupted(); err != nil {
		return err
	}
	return phase("suite", func() error {
		cmd := exec.Command("cargo", append([]string{"test", "--locked", "--test", "cluster"}, cargoArgs(t.cases, f.Args())...)...)
		cmd.Dir = repoDir()
		cmd.Env = append(os.Environ(), "QD_CLUSTER="+folder)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return err
		}
		stop := make(chan bool)
		defer close(stop)
		go func() { // a signal sent to us alone must end the suite too
			select {
			case s := <-caught:
				cmd.Process.Signal(s)
			case <-stop:
			}
		}()
		return cmd.Wait()
	})
}

// realTrial starts a cluster on fresh data.
func realTrial(up, cases []string) trial {
	return trial{packages: true, cases: cases,
		start: func() (string, error) {
			r, err := openRig()
			if err == nil {
				err = cmdDown([]string{"--wipe"})
			}
			if err == nil {
				err = cmdUp(up)
			}
			if err != nil {
				return "", err
			}
			return r.dir, nil
		},
		stop: func() error { return cmdDown([]string{"--wipe"}) }}
}

// demoTrial puts the simulated cluster's kubeconfig where the suite looks for
// one. There are no levers then, and no real containers.
func demoTrial() trial {
	var server *exec.Cmd
	var folder string
	return trial{cases: []string{"--", "panes::", "acting::"},
		start: func() (string, error) {
			r, err := openRig()
			if err != nil {
				return "", err
			}
			folder = r.path("demo")
			file := filepath.Join(folder, "kube", "admin.conf")
			if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(filepath.Dir(file), 0o755)); err != nil {
				return "", err
			}
			// The very program the cases will drive: cargo run would build
			// another, without what the tests' own dependencies turn on.
			build := exec.Command("cargo", "test", "--locked", "--no-run", "--test", "cluster")
			build.Dir, build.Stdout, build.Stderr = repoDir(), os.Stdout, os.Stderr
			if err := build.Run(); err != nil {
				return "", err
			}
			target := os.Getenv("CARGO_TARGET_DIR")
			if target == "" {
				target = "target"
			}
			if !filepath.IsAbs(target) {
				target = filepath.Join(repoDir(), target)
			}
			server = exec.Command(filepath.Join(target, "debug", "qd"), "demo-server", "--listen", "127.0.0.1:0", "--kubeconfig-out", file)
			server.Dir, server.Stdout, server.Stderr = repoDir(), os.Stdout, os.Stderr
			if err := server.Start(); err != nil {
				return "", err
			}
			ended := make(chan error, 1)
			go func() { ended <- server.Wait() }()
			for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
				select {
				case err := <-ended:
					return "", fmt.Errorf("the simulated cluster ended: %w", err)
				default:
				}
				if _, err := os.Stat(file); err == nil {
					return folder, nil
				}
			}
			return "", errors.New("the simulated cluster does not come up")
		},
		stop: func() error {
			if server != nil && server.Process != nil {
				server.Process.Signal(syscall.SIGTERM)
			}
			return os.RemoveAll(folder)
		}}
}

// cargoArgs puts together what cargo test is told: the trial's own choice of
// cases unless another is given, figures shown, and more cases at once than
// there are processors, since most of them wait for something.
func cargoArgs(cases, given []string) []string {
	if len(given) > 0 {
		cases = given
	}
	args := append([]string{}, cases...)
	if !slices.Contains(args, "--") {
		args = append(args, "--")
	}
	return append(args, "--nocapture", "--test-threads=8")
}
