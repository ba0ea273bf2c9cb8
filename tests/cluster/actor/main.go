// Command actor plays parts in containers of the test cluster: one static
// program, the only file in its images.
//
//	actor pause                          do nothing until told to end
//	actor talk [-rate N] [-form F] [-count N]
//	                                     log N lines a second (0: as fast as possible)
//	actor crash [-after D] [-code N]     log a little, then fail
//	actor hog [-step MIB] [-every D]     eat memory until killed
//	actor slow [-for D]                  take that long to end
//	actor web [-port N]                  answer HTTP: /, /ready, /slow?ms=, /status/CODE, /stream
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	parts := map[string]func([]string){"pause": pause, "talk": talk, "crash": crash, "hog": hog, "slow": slow, "web": web}
	if len(os.Args) < 2 || parts[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: actor pause|talk|crash|hog|slow|web ...")
		os.Exit(2)
	}
	parts[os.Args[1]](os.Args[2:])
}

func parse(f *flag.FlagSet, args []string) {
	if f.Parse(args) != nil {
		os.Exit(2)
	}
}

// ending is closed when the container is asked to stop.
func ending() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM, syscall.SIGINT)
	return c
}

// pause is also process 1 of every pod: it has to collect orphans where
// containers share their processes.
func pause([]string) {
	end := ending()
	dead := make(chan os.Signal, 1)
	signal.Notify(dead, syscall.SIGCHLD)
	for {
		select {
		case <-end:
			return
		case <-dead:
			for {
				if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
					break
				}
			}
		}
	}
}

// form writes line number n, at time t. A form may write several lines.
type form func(w io.Writer, n int, t time.Time)

var levels = []string{"info", "info", "info", "debug", "warn", "info", "error"}

var forms = map[string]form{
	"plain": func(w io.Writer, n int, t time.Time) {
		fmt.Fprintf(w, "%s %-5s order %06d shipped in %d ms\n", t.Format(time.RFC3339), strings.ToUpper(levels[n%7]), n, n*37%900)
	},
	"json": func(w io.Writer, n int, t time.Time) {
		fmt.Fprintf(w, `{"ts":"%s","level":"%s","msg":"order shipped","n":%d,"ms":%d,"user":{"id":%d,"name":"Zoë \"Z\" O'Neil"},"tags":["a","b"]}`+"\n",
			t.Format(time.RFC3339Nano), levels[n%7], n, n*37%900, n%50)
	},
	"logfmt": func(w io.Writer, n int, t time.Time) {
		fmt.Fprintf(w, "ts=%s level=%s msg=\"order shipped\" n=%d dur=%dms err=\"%s\"\n", t.Format(time.RFC3339Nano), levels[n%7], n, n*37%900,
			map[bool]string{true: `quota \"eu\" is used up`}[n%7 == 6])
	},
	// Beyond the 16 KiB at which container runtimes split lines.
	"long": func(w io.Writer, n int, t time.Time) {
		fmt.Fprintf(w, "long %d %s end-of-%d\n", n, strings.Repeat("0123456789abcdef", 64<<(n%6)), n)
	},
	"ansi": func(w io.Writer, n int, t time.Time) {
		fmt.Fprintf(w, "\x1b[2m%s\x1b[0m \x1b[1;3%dm%s\x1b[0m \x1b[38;5;%dmorder\x1b[39m \x1b[48;2;10;%d;90m%d\x1b[0m\n",
			t.Format("15:04:05"), 1+n%6, levels[n%7], n%256, n%256, n)
	},
	"cjk": func(w io.Writer, n int, t time.Time) {
		fmt.Fprintf(w, "%d 注文を出荷しました 订单已发货 주문 발송 ｆｕｌｌ 👩‍👩‍👧 🇯🇵 e\u0301 ไทย עברית\n", n)
	},
	"multiline": func(w io.Writer, n int, t time.Time) {
		fmt.Fprintf(w, "%s ERROR order %d failed\njava.lang.IllegalStateException: no stock\n", t.Format(time.RFC3339), n)
		for i := range 3 + n%4 {
			fmt.Fprintf(w, "\tat test.qd.Order.step%d(Order.java:%d)\n", i, 10+i)
		}
		fmt.Fprintf(w, "Caused by: java.io.IOException: disk\n\t... %d more\n", 3+n%9)
	},
	// What must never reach the reader's terminal as it is: titles, clipboard
	// and palette, cursor movement, screen switching, questions the terminal
	// would answer, 8-bit controls, broken UTF-8, direction overrides.
	"hostile": func(w io.Writer, n int, t time.Time) {
		tricks := []string{
			"\x1b]0;owned\x07title", "\x1b]52;c;b3duZWQ=\x07clipboard", "\x1b]4;1;rgb:00/00/00\x1b\\palette",
			"\x1b[2J\x1b[Hcleared", "\x1b[?1049hother screen", "\x1b[6n\x1b[c\x1b[>qanswers", "\x1bP+q544e\x1b\\dcs", "\x1b_Gi=1\x1b\\apc",
			"\x1bc reset", "\u009b31mC1 csi\u009c", "\xff\xfe\xc3(bad utf-8", "\u202egnp.exe\u202c bidi", "back\b\b\b\bspace \rreturn", "\x00nul \x0e shift \x7f del",
			"\x1b[999999999999999999999mbig", "\x1b[?2004l\x1b[?1000h modes", "open \x1b[", "\x1b]8;;http://qd.test/x\x1b\\link\x1b]8;;\x1b\\",
		}
		fmt.Fprintf(w, "hostile %d <%s>\n", n, tricks[n%len(tricks)])
	},
}

func talk(args []string) {
	f := flag.NewFlagSet("talk", flag.ExitOnError)
	rate := f.Float64("rate", 1, "lines a second; 0: no limit")
	name := f.String("form", "plain", "plain, json, logfmt, long, ansi, cjk, multiline, hostile, or all of them in turn: mixed")
	count := f.Int("count", 0, "end after so many; 0: never")
	parse(f, args)
	order := []string{"plain", "json", "logfmt", "ansi", "cjk", "multiline", "long", "hostile"}
	if *name != "mixed" {
		order = []string{*name}
	}
	if forms[order[0]] == nil {
		fmt.Fprintln(os.Stderr, "no such form:", *name)
		os.Exit(2)
	}
	end := ending()
	out := bufio.NewWriterSize(os.Stdout, 64<<10)
	// Lines of fast talkers are written in batches, twenty a second.
	tick := 50 * time.Millisecond
	if *rate > 0 && *rate < 20 {
		tick = time.Duration(float64(time.Second) / *rate)
	}
	start, n := time.Now(), 0
	for next := start; ; next = next.Add(tick) {
		select {
		case <-end:
			return
		case <-time.After(time.Until(next)):
		}
		due := n + 1000
		if *rate > 0 {
			due = int(time.Since(start).Seconds()**rate) + 1
		} else {
			next = time.Now().Add(-tick)
		}
		for ; n < due; n++ {
			if *count > 0 && n == *count {
				out.Flush()
				return
			}
			forms[order[n%len(order)]](out, n, time.Now().UTC())
		}
		out.Flush()
	}
}

func crash(args []string) {
	f := flag.NewFlagSet("crash", flag.ExitOnError)
	after := f.Duration("after", time.Second, "live that long")
	code := f.Int("code", 3, "exit status")
	parse(f, args)
	fmt.Println("starting; config from /etc/app.conf")
	time.Sleep(*after)
	fmt.Fprintln(os.Stderr, "fatal: cannot reach the database: connection refused")
	os.Exit(*code)
}

func hog(args []string) {
	f := flag.NewFlagSet("hog", flag.ExitOnError)
	step := f.Int("step", 4, "MiB at a time")
	every := f.Duration("every", 100*time.Millisecond, "pause between steps")
	parse(f, args)
	var kept [][]byte
	for total := 0; ; total += *step {
		b := make([]byte, *step<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1 // memory counts only once touched
		}
		kept = append(kept, b)
		fmt.Printf("holding %d MiB in %d pieces\n", total+*step, len(kept))
		time.Sleep(*every)
	}
}

func slow(args []string) {
	f := flag.NewFlagSet("slow", flag.ExitOnError)
	long := f.Duration("for", 20*time.Second, "time from the signal to the end")
	parse(f, args)
	fmt.Println("working")
	<-ending()
	fmt.Println("asked to end; finishing up for", *long)
	time.Sleep(*long)
	fmt.Println("done")
}

func web(args []string) {
	f := flag.NewFlagSet("web", flag.ExitOnError)
	port := f.Int("port", 8080, "TCP port")
	parse(f, args)
	host, _ := os.Hostname()
	handle := func(path string, h http.HandlerFunc) {
		http.HandleFunc(path, func(w http.ResponseWriter, q *http.Request) {
			t := time.Now()
			h(w, q)
			fmt.Printf("%s %s %s %s\n", q.Method, q.URL, q.RemoteAddr, time.Since(t).Round(time.Microsecond))
		})
	}
	handle("/", func(w http.ResponseWriter, q *http.Request) { fmt.Fprintln(w, "hello from", host) })
	http.HandleFunc("/ready", func(w http.ResponseWriter, q *http.Request) {}) // probes are not worth a line
	handle("/slow", func(w http.ResponseWriter, q *http.Request) {
		ms, _ := strconv.Atoi(q.FormValue("ms"))
		time.Sleep(time.Duration(min(ms, 60000)) * time.Millisecond)
		fmt.Fprintln(w, "at last")
	})
	handle("/status/", func(w http.ResponseWriter, q *http.Request) {
		code, _ := strconv.Atoi(strings.TrimPrefix(q.URL.Path, "/status/"))
		w.WriteHeader(min(max(code, 200), 599))
	})
	handle("/stream", func(w http.ResponseWriter, q *http.Request) {
		for i := range 600 {
			if _, err := fmt.Fprintln(w, i); err != nil {
				return
			}
			http.NewResponseController(w).Flush()
			time.Sleep(100 * time.Millisecond)
		}
	})
	go func() {
		fmt.Println(http.ListenAndServe(fmt.Sprintf(":%d", *port), nil))
		os.Exit(1)
	}()
	fmt.Printf("%s listening on %d\n", host, *port)
	<-ending()
}
