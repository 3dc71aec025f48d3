# Make sure that `node` (20 or newer) and `npm` are here: the system's, else the pinned wheel in the environment.
set -eu

usable() {
    npm --version >/dev/null 2>&1 &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' >/dev/null 2>&1
}

usable && exit 0
echo 'No Node 20 or newer with npm on PATH: installing one into .venv ...'
.venv/bin/python -m pip install --disable-pip-version-check --no-input --quiet \
    --require-hashes -r tests/tools/requirements-node.txt
hash -r
usable || {
    echo 'Node does not run here. Install Node 20 or newer with npm, then start again.' >&2
    exit 1
}
