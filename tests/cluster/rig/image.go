package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// tree is the file system of an image under construction: one layer.
type tree struct {
	tar  *tar.Writer
	buf  bytes.Buffer
	seen map[string]bool
	err  error
}

func newTree() *tree {
	t := &tree{seen: map[string]bool{}}
	t.tar = tar.NewWriter(&t.buf)
	for _, d := range []string{"dev", "etc", "home", "proc", "root", "run", "sys", "var"} {
		t.dir(d, 0o755)
	}
	t.dir("tmp", 0o1777)
	t.file("etc/passwd", 0o644, []byte("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"))
	t.file("etc/group", 0o644, []byte("root:x:0:\nnogroup:x:65534:\n"))
	return t
}

func (t *tree) put(h tar.Header, body []byte) {
	if t.seen[h.Name] || t.err != nil {
		return
	}
	t.seen[h.Name] = true
	if parent := filepath.Dir(h.Name); parent != "." && !t.seen[parent] {
		t.dir(parent, 0o755)
	}
	h.Size = int64(len(body))
	if t.err = t.tar.WriteHeader(&h); t.err == nil {
		_, t.err = t.tar.Write(body)
	}
}

func (t *tree) dir(name string, mode int64) {
	t.put(tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: mode}, nil)
}

func (t *tree) file(name string, mode int64, body []byte) {
	t.put(tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode}, body)
}

func (t *tree) link(name, to string) {
	t.put(tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: to, Mode: 0o777}, nil)
}

// copy takes a file of this machine to the same place in the image; links
// are followed, since what they point to may be named otherwise there.
func (t *tree) copy(path, to string) {
	body, err := os.ReadFile(path)
	if err != nil {
		t.err = errors.Join(t.err, err)
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		t.err = errors.Join(t.err, err)
		return
	}
	t.file(strings.TrimPrefix(to, "/"), int64(info.Mode().Perm()), body)
}

// program copies an executable of this machine and the libraries it asks for.
func (t *tree) program(name string) {
	path, err := exec.LookPath(name)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		t.err = errors.Join(t.err, err)
		return
	}
	t.copy(path, "/usr/bin/"+name)
	out, _ := exec.Command("ldd", path).Output() // fails for static programs
	for _, lib := range regexp.MustCompile(`/\S+`).FindAllString(string(out), -1) {
		t.copy(lib, lib)
	}
}

// folder copies a folder, except for what the filter rejects.
func (t *tree) folder(path string, keep func(string) bool) {
	filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // optional
		case !keep(p):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir():
			if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
				t.copy(p, p)
			}
		}
		return nil
	})
}

func (t *tree) busybox() {
	path, err := exec.LookPath("busybox")
	if err != nil {
		t.err = errors.Join(t.err, err)
		return
	}
	t.copy(path, "/bin/busybox")
	list, err := exec.Command(path, "--list").Output()
	t.err = errors.Join(t.err, err)
	for _, applet := range strings.Fields(string(list)) {
		if applet != "busybox" && !t.seen["usr/bin/"+applet] {
			t.link("bin/"+applet, "busybox")
		}
	}
}

func (t *tree) layer() ([]byte, error) {
	return t.buf.Bytes(), errors.Join(t.err, t.tar.Close())
}

// image is a name for a layer and what to run in it.
type image struct {
	ref        string
	layer      []byte
	entrypoint []string
	cmd        []string
	env        []string
}

func digest(b []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(b)) }

// writeImages makes one archive in the OCI layout. Blobs are named by their
// digest, so a layer shared by several images is in there once.
func writeImages(path string, images []image) error {
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	defer f.Close()
	w := tar.NewWriter(f)
	seen := map[string]bool{}
	var errs []error
	put := func(name string, body []byte) {
		if !seen[name] {
			seen[name] = true
			_, err := io.Copy(onlyAfter(w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(body))}), w), bytes.NewReader(body))
			errs = append(errs, err)
		}
	}
	blob := func(kind string, body []byte) object {
		put("blobs/sha256/"+strings.TrimPrefix(digest(body), "sha256:"), body)
		return object{"mediaType": "application/vnd.oci.image." + kind, "size": len(body), "digest": digest(body)}
	}
	var index list
	for _, i := range images {
		config, _ := json.Marshal(object{
			"created": "2026-01-01T00:00:00Z", "os": "linux", "architecture": "amd64",
			"config": object{"Entrypoint": i.entrypoint, "Cmd": i.cmd, "WorkingDir": "/",
				"Env": append([]string{"PATH=/usr/local/bin:/usr/bin:/bin"}, i.env...)},
			"rootfs":  object{"type": "layers", "diff_ids": []string{digest(i.layer)}},
			"history": list{object{"created_by": "rig"}},
		})
		manifest, _ := json.Marshal(object{
			"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
			"config": blob("config.v1+json", config),
			"layers": list{blob("layer.v1.tar", i.layer)},
		})
		entry := blob("manifest.v1+json", manifest)
		entry["platform"] = object{"os": "linux", "architecture": "amd64"}
		entry["annotations"] = object{"io.containerd.image.name": i.ref}
		index = append(index, entry)
	}
	raw, _ := json.Marshal(object{"schemaVersion": 2, "manifests": index})
	put("index.json", raw)
	put("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`))
	if err := errors.Join(append(errs, w.Close(), f.Close())...); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// onlyAfter is w, or a writer that fails if the step before it did.
func onlyAfter(err error, w io.Writer) io.Writer {
	if err == nil {
		return w
	}
	r, p := io.Pipe()
	r.CloseWithError(err)
	return p
}

// makeImages writes images/all.tar. Nothing is pulled: the programs are our
// own or this machine's.
func (r *rig) makeImages() error {
	path := r.path("images/all.tar")
	if made, err := os.Stat(path); err == nil {
		if actor, err := os.Stat(bin("actor")); err == nil && made.ModTime().After(actor.ModTime()) {
			return nil
		}
	}
	if err := installPackages(); err != nil {
		return err
	}
	bare := newTree()
	bare.copy(bin("actor"), "/actor")
	bareLayer, err1 := bare.layer()

	box := newTree()
	box.busybox()
	boxLayer, err2 := box.layer()

	tools := newTree()
	for _, p := range []string{"bash", "vim", "less", "tmux"} {
		tools.program(p)
	}
	tools.link("bin/bash", "/usr/bin/bash")
	tools.busybox()
	all := func(string) bool { return true }
	for _, d := range []string{"/lib/terminfo", "/usr/share/terminfo", "/usr/lib/locale/C.utf8", "/etc/vim"} {
		tools.folder(d, all)
	}
	runtime, _ := filepath.Glob("/usr/share/vim/vim[0-9]*")
	for _, d := range runtime {
		tools.folder(d, func(p string) bool { // without manuals, translations and rarely used languages
			rel, _ := filepath.Rel(d, p)
			top, _, _ := strings.Cut(rel, "/")
			return !regexp.MustCompile(`^(doc|lang|spell|tutor|keymap|print|compiler|syntax|ftplugin|indent|pack|macros|tools)$`).MatchString(top) ||
				regexp.MustCompile(`^(syntax|ftplugin|indent)(/(\w*syn\w*|sh|conf|yaml|json|markdown|html)\.vim)?$`).MatchString(rel)
		})
	}
	tools.file("root/.bashrc", 0o644, []byte("PS1='tools:\\w\\$ '\n"))
	toolsLayer, err3 := tools.layer()
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	act := func(name, part string) image {
		return image{ref: "qd.test/" + name + ":1", layer: bareLayer, entrypoint: []string{"/actor", part}}
	}
	images := []image{
		act("pause", "pause"), act("talker", "talk"), act("crasher", "crash"), act("hog", "hog"), act("slow", "slow"), act("web", "web"),
		act("bare", "pause"), // no shell, no anything
		{ref: "qd.test/busybox:1", layer: boxLayer, cmd: []string{"sh"}},
		{ref: "qd.test/tools:1", layer: toolsLayer, cmd: []string{"bash"}, env: []string{"LANG=C.UTF-8", "HOME=/root"}},
	}
	return writeImages(path, images)
}
