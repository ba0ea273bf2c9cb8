package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The gate listens on the host's loopback and connects to the API server,
// which with real nodes lives in another network namespace. It has two ports:
// a plain one, and one that misbehaves on command.

// listen answers commands, one line each, on a Unix socket.
func listen(path string, answer func(string) string) error {
	os.Remove(path)
	at, done, err := shortPath(path)
	if err != nil {
		return err
	}
	defer done()
	l, err := net.Listen("unix", at)
	if err != nil {
		return err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if line, err := bufio.NewReader(c).ReadString('\n'); err == nil {
					fmt.Fprintln(c, answer(strings.TrimSpace(line)))
				}
			}()
		}
	}()
	return nil
}

// ask sends one command to such a socket.
func ask(path, command string) (string, error) {
	at, done, err := shortPath(path)
	if err != nil {
		return "", err
	}
	defer done()
	c, err := net.DialTimeout("unix", at, 2*time.Second)
	if err != nil {
		return "", err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	fmt.Fprintln(c, command)
	line, err := bufio.NewReader(c).ReadString('\n')
	return strings.TrimSpace(line), err
}

// shortPath goes around the limit of 108 bytes for socket names: work folders
// may lie deep.
func shortPath(path string) (string, func(), error) {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path)), func() { dir.Close() }, nil
}

// cmdGate: gate SOCKET PLAIN-ADDRESS FAULTY-ADDRESS TARGET [NETNS]. The plain
// address is "-" where the API server itself listens on the loopback.
func cmdGate(args []string) error {
	if len(args) < 4 {
		return errors.New("gate is started by the rig")
	}
	dial := dialer(args[3], strings.Join(args[4:], ""))
	plain := &door{address: args[1], dial: dial}
	faulty := &door{address: args[2], dial: dial}
	for _, d := range []*door{plain, faulty} {
		if d.address != "-" {
			if err := d.open(); err != nil {
				return err
			}
		}
	}
	return errors.Join(listen(args[0], func(line string) string {
		words := strings.Fields(line)
		var err error
		switch {
		case line == "plain off" || line == "plain on":
			if plain.address == "-" {
				break
			}
			if plain.close(); line == "plain on" {
				err = plain.open()
			}
		case len(words) > 0:
			var reply string
			if reply, err = faulty.set(words); err == nil {
				return reply
			}
		}
		if err != nil {
			return err.Error()
		}
		return "ok"
	}), waitForever())
}

func waitForever() error {
	select {}
}

// dialer connects to the target from within a network namespace. A socket
// belongs for life to the namespace of the thread that made it, so one
// goroutine keeps its thread there and makes them all.
func dialer(target, netns string) func() (net.Conn, error) {
	if netns == "" {
		return func() (net.Conn, error) { return net.DialTimeout("tcp", target, 5*time.Second) }
	}
	type result struct {
		c   net.Conn
		err error
	}
	ask := make(chan chan result)
	go func() {
		runtime.LockOSThread()
		err := setns(netns, syscall.CLONE_NEWNET)
		for reply := range ask {
			if err != nil {
				reply <- result{nil, err}
				continue
			}
			c, err := net.DialTimeout("tcp", target, 5*time.Second)
			reply <- result{c, err}
		}
	}()
	return func() (net.Conn, error) {
		reply := make(chan result)
		ask <- reply
		got := <-reply
		return got.c, got.err
	}
}

// faults of a door. The zero value is a good connection.
type faults struct {
	latency time.Duration // each way
	rate    int           // bytes a second, each way and connection; 0: no limit
	stall   bool          // accept and acknowledge everything, forward nothing
}

type door struct {
	address string
	dial    func() (net.Conn, error)

	mu       sync.Mutex
	listener net.Listener
	faults   faults
	changed  chan struct{} // closed when faults change
	conns    map[net.Conn]bool
	total    int
}

func (d *door) open() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listener != nil {
		return nil
	}
	l, err := net.Listen("tcp", d.address)
	if err != nil {
		return err
	}
	d.listener = l
	if d.conns == nil {
		d.conns, d.changed = map[net.Conn]bool{}, make(chan struct{})
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go d.serve(c)
		}
	}()
	return nil
}

// close stops listening: new connections are refused.
func (d *door) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listener != nil {
		d.listener.Close()
		d.listener = nil
	}
}

// reset ends a connection at once, with RST instead of a goodbye.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	c.Close()
}

// cut resets every open connection; new ones go through.
func (d *door) cut() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.conns)
	for c := range d.conns {
		reset(c)
	}
	clear(d.conns)
	return n / 2
}

// set obeys a command for the misbehaving port.
func (d *door) set(words []string) (string, error) {
	number := func() (int, error) {
		if len(words) != 2 {
			return 0, fmt.Errorf("%s wants a number", words[0])
		}
		n, err := strconv.Atoi(words[1])
		if err == nil && n < 0 {
			err = errors.New("negative")
		}
		return n, err
	}
	d.mu.Lock()
	f := d.faults
	d.mu.Unlock()
	switch words[0] {
	case "latency":
		n, err := number()
		if err != nil {
			return "", err
		}
		f.latency = time.Duration(n) * time.Millisecond
	case "throttle":
		n, err := number()
		if err != nil {
			return "", err
		}
		f.rate = n
	case "stall":
		f.stall = true
	case "cut":
		return fmt.Sprintf("ok: %d connections reset", d.cut()), nil
	case "refuse":
		d.close()
		return fmt.Sprintf("ok: %d connections reset, new ones refused", d.cut()), nil
	case "clear":
		f = faults{}
		if err := d.open(); err != nil {
			return "", err
		}
	case "status":
		d.mu.Lock()
		defer d.mu.Unlock()
		return fmt.Sprintf("ok: open=%d total=%d latency=%s throttle=%d stall=%v refuse=%v",
			len(d.conns)/2, d.total, f.latency, f.rate, f.stall, d.listener == nil), nil
	default:
		return "", fmt.Errorf("unknown fault %q", words[0])
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = f
	close(d.changed)
	d.changed = make(chan struct{})
	return "ok", nil
}

func (d *door) now() (faults, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.faults, d.changed
}

func (d *door) serve(client net.Conn) {
	server, err := d.dial()
	if err != nil {
		reset(client) // as if nobody listened
		return
	}
	d.mu.Lock()
	d.conns[client], d.conns[server] = true, true
	d.total++
	d.mu.Unlock()
	var both sync.WaitGroup
	both.Add(2)
	go func() { defer both.Done(); d.pump(server, client) }()
	go func() { defer both.Done(); d.pump(client, server) }()
	both.Wait()
	client.Close()
	server.Close()
	d.mu.Lock()
	delete(d.conns, client)
	delete(d.conns, server)
	d.mu.Unlock()
}

// parcel is data on its way, not to be delivered before due.
type parcel struct {
	data []byte
	due  time.Time
}

// pump moves data one way. Reader and writer are apart so that latency delays
// what is sent without slowing down how much is sent. The queue is bounded:
// with a stalled writer the reader stops too, and the sender sees its window
// close, acknowledged byte by byte until then.
func (d *door) pump(dst, src net.Conn) {
	queue := make(chan parcel, 256)
	gone := make(chan struct{}) // the writer gave up
	go func() {
		defer close(queue)
		for {
			buf := make([]byte, 16<<10)
			n, err := src.Read(buf)
			if n > 0 {
				f, _ := d.now()
				select {
				case queue <- parcel{buf[:n], time.Now().Add(f.latency)}:
				case <-gone:
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	defer close(gone)
	for p := range queue {
		time.Sleep(time.Until(p.due))
		for len(p.data) > 0 {
			f, changed := d.now()
			if f.stall {
				<-changed
				continue
			}
			n := len(p.data)
			if f.rate > 0 {
				n = min(n, max(1, f.rate/20))
				time.Sleep(time.Duration(n) * time.Second / time.Duration(f.rate))
			}
			if _, err := dst.Write(p.data[:n]); err != nil {
				reset(src)
				reset(dst)
				return
			}
			p.data = p.data[n:]
		}
	}
	if t, ok := dst.(*net.TCPConn); ok {
		t.CloseWrite()
	}
}

func (r *rig) startGate() error {
	socket := r.path("run/gate")
	local := func(p int) string { return fmt.Sprintf("127.0.0.1:%d", r.port(p)) }
	argv := []string{bin("rig"), "gate", socket,
		inside(r, local(portAPI), "-"), local(portProxy), inside(r, "127.0.0.1:6443", local(portAPI))}
	if net := r.controlNet(); net != "" {
		argv = append(argv, net)
	}
	_, err := r.start(launch{name: "gate", argv: argv})
	return err
}
