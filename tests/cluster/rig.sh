# Sourced by up, down, lever, run and kubectl. Builds the launcher (a moment,
# it needs the standard library only) and says where everything is.
set -e
export QD_RIG_SOURCE
QD_RIG_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=${QD_CLUSTER_BIN:-$QD_RIG_SOURCE/../../target/cluster/bin}
rig() {
	command -v go >/dev/null || { echo "the test cluster needs Go" >&2; exit 1; }
	mkdir -p "$bin" && bin=$(cd "$bin" && pwd)
	# Written aside and renamed: the old file may be running.
	(cd "$QD_RIG_SOURCE/rig" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -o "$bin/.rig.$$" . && mv "$bin/.rig.$$" "$bin/rig")
	exec "$bin/rig" "$@"
}
