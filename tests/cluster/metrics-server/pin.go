//go:build pin

// Package pin holds no code. Its import keeps the command's module and
// checksums in go.mod and go.sum, so that "go build" of the command from this
// folder is reproducible.
package pin

import _ "sigs.k8s.io/metrics-server/cmd/metrics-server"
