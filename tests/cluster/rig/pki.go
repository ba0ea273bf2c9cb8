package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

func readPEM(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, fmt.Errorf("%s: not PEM", path)
	}
	return block.Bytes, nil
}

func serial() *big.Int {
	n, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	return n
}

// issue writes pki/NAME.key and pki/NAME.crt unless they are there. A nil
// authority makes a self-signed one.
func (r *rig) issue(by *authority, name string, tmpl x509.Certificate) (*authority, error) {
	keyFile, certFile := r.path("pki/"+name+".key"), r.path("pki/"+name+".crt")
	if der, err := readPEM(certFile); err == nil {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		if der, err = readPEM(keyFile); err != nil {
			return nil, err
		}
		key, err := x509.ParseECPrivateKey(der)
		return &authority{cert, key}, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	tmpl.SerialNumber = serial()
	tmpl.NotBefore = time.Now().Add(-time.Hour) // clocks of suspended machines lag
	tmpl.NotAfter = time.Now().AddDate(5, 0, 0)
	tmpl.BasicConstraintsValid = true
	parent, signer := &tmpl, key
	if by == nil {
		tmpl.IsCA = true
		tmpl.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	} else {
		tmpl.KeyUsage = x509.KeyUsageDigitalSignature
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, &tmpl, parent, key.Public(), signer)
	if err != nil {
		return nil, err
	}
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(writePEM(keyFile, "EC PRIVATE KEY", raw), writePEM(certFile, "CERTIFICATE", der)); err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &authority{cert, key}, err
}

func subject(name string, groups ...string) pkix.Name {
	return pkix.Name{CommonName: name, Organization: groups}
}

var (
	asClient = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	asServer = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	asBoth   = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
)

func ips(list ...string) (out []net.IP) {
	for _, s := range list {
		out = append(out, net.ParseIP(s))
	}
	return out
}

// makePKI writes keys, certificates and kubeconfigs.
func (r *rig) makePKI() error {
	ca, err := r.issue(nil, "ca", x509.Certificate{Subject: subject(r.label() + "-ca")})
	if err != nil {
		return err
	}
	// The aggregation layer wants an authority of its own: a client that
	// could sign with the main one could claim to be any user.
	front, err := r.issue(nil, "front-ca", x509.Certificate{Subject: subject(r.label() + "-front-ca")})
	if err != nil {
		return err
	}
	here := ips("127.0.0.1", r.cpIP())
	type want struct {
		by   *authority
		name string
		tmpl x509.Certificate
	}
	all := []want{
		{ca, "apiserver", x509.Certificate{Subject: subject("kube-apiserver"), ExtKeyUsage: asServer,
			DNSNames:    []string{"kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"},
			IPAddresses: append(ips(r.serviceIP(1)), here...)}},
		{ca, "apiserver-kubelet", x509.Certificate{Subject: subject("apiserver-kubelet", "system:masters"), ExtKeyUsage: asClient}},
		{ca, "admin", x509.Certificate{Subject: subject("admin", "system:masters"), ExtKeyUsage: asClient}},
		{ca, "viewer", x509.Certificate{Subject: subject("viewer"), ExtKeyUsage: asClient}},
		{ca, "controllers", x509.Certificate{Subject: subject("system:kube-controller-manager"), ExtKeyUsage: asClient}},
		{ca, "scheduler", x509.Certificate{Subject: subject("system:kube-scheduler"), ExtKeyUsage: asClient}},
		{ca, "kube-proxy", x509.Certificate{Subject: subject("system:kube-proxy"), ExtKeyUsage: asClient}},
		{front, "front-proxy", x509.Certificate{Subject: subject("front-proxy"), ExtKeyUsage: asClient}},
		{ca, "metrics", x509.Certificate{Subject: subject("metrics-server"), ExtKeyUsage: asServer,
			DNSNames: []string{"metrics-server.kube-system.svc"}, IPAddresses: here}},
		{ca, "kwok", x509.Certificate{Subject: subject("kwok"), ExtKeyUsage: asServer, DNSNames: []string{"localhost"}, IPAddresses: here}},
	}
	for i := 1; i <= r.state.Options.Nodes; i++ {
		n := nodeName(i)
		all = append(all, want{ca, n, x509.Certificate{Subject: subject("system:node:"+n, "system:nodes"), ExtKeyUsage: asBoth,
			DNSNames: []string{n}, IPAddresses: ips("127.0.0.1", r.nodeIP(i))}})
	}
	for _, w := range all {
		if _, err := r.issue(w.by, w.name, w.tmpl); err != nil {
			return fmt.Errorf("certificate %s: %w", w.name, err)
		}
	}
	if err := r.accountKey(); err != nil {
		return err
	}
	return r.kubeconfigs()
}

// accountKey makes the key that signs ServiceAccount tokens.
func (r *rig) accountKey() error {
	if _, err := os.Stat(r.path("pki/accounts.key")); err == nil {
		return nil
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	pub, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return errors.Join(
		writePEM(r.path("pki/accounts.pub"), "PUBLIC KEY", pub),
		writePEM(r.path("pki/accounts.key"), "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
}

// token signs a ServiceAccount token. The API hands out none that live less
// than ten minutes; a test of expiry cannot wait that long.
func (r *rig) token(namespace, account, uid string, expires time.Time) (string, error) {
	der, err := readPEM(r.path("pki/accounts.key"))
	if err != nil {
		return "", err
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	if err != nil {
		return "", err
	}
	part := func(v any) string {
		raw, _ := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	issued := min(time.Now().Unix(), expires.Unix()) - 600
	text := part(object{"alg": "RS256", "typ": "JWT"}) + "." + part(object{
		"iss": tokenIssuer, "aud": []string{tokenIssuer},
		"sub": "system:serviceaccount:" + namespace + ":" + account,
		"iat": issued, "nbf": issued, "exp": expires.Unix(),
		"kubernetes.io": object{"namespace": namespace, "serviceaccount": object{"name": account, "uid": uid}},
	})
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return text + "." + base64.RawURLEncoding.EncodeToString(sig), err
}

// kubeconfigs writes kube/*.conf. Names of clusters, users and contexts hold
// the slot, so that the files of two clusters can be merged.
func (r *rig) kubeconfigs() error {
	outside := fmt.Sprintf("https://127.0.0.1:%d", r.port(portAPI))
	faulty := fmt.Sprintf("https://127.0.0.1:%d", r.port(portProxy))
	inside := outside
	if !r.state.Options.Lite {
		inside = fmt.Sprintf("https://%s:6443", r.cpIP())
	}
	type conf struct{ file, suffix, cert, url string }
	list := []conf{
		{"admin", "", "admin", outside},
		{"viewer", "-viewer", "viewer", outside},
		{"proxy", "-proxy", "admin", faulty},
		{"inside", "-inside", "admin", inside},
		{"controllers", "", "controllers", inside},
		{"scheduler", "", "scheduler", inside},
		{"kube-proxy", "", "kube-proxy", inside},
	}
	for i := 1; i <= r.state.Options.Nodes; i++ {
		list = append(list, conf{nodeName(i), "", nodeName(i), inside})
	}
	for _, c := range list {
		cert, err1 := os.ReadFile(r.path("pki/" + c.cert + ".crt"))
		key, err2 := os.ReadFile(r.path("pki/" + c.cert + ".key"))
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		user := "    client-certificate-data: " + base64.StdEncoding.EncodeToString(cert) +
			"\n    client-key-data: " + base64.StdEncoding.EncodeToString(key)
		if err := r.kubeconfig(c.file, r.label()+c.suffix, c.url, user); err != nil {
			return err
		}
	}
	// A token that ran out an hour ago, of an account that need not exist:
	// the server looks at the time first.
	old, err := r.token("default", "default", "00000000-0000-0000-0000-000000000000", time.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	return r.kubeconfig("expired", r.label()+"-expired", outside, "    token: "+old)
}

func (r *rig) kubeconfig(file, name, url, user string) error {
	ca, err := os.ReadFile(r.path("pki/ca.crt"))
	if err != nil {
		return err
	}
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
- name: %[1]s
  cluster:
    server: %[2]s
    certificate-authority-data: %[3]s
users:
- name: %[1]s
  user:
%[4]s
contexts:
- name: %[1]s
  context:
    cluster: %[1]s
    user: %[1]s
current-context: %[1]s
`, name, url, base64.StdEncoding.EncodeToString(ca), user)
	return os.WriteFile(r.path("kube/"+file+".conf"), []byte(text), 0o600)
}
