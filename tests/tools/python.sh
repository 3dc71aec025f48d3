# Print a Python that can make the environment: 3.11 or newer, with venv and pip. Without one, say what to install.
# A name on PATH is tried before it is believed: it may be a version manager's stand-in for nothing.
set -eu

incomplete=
for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14 python; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    if "$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        echo "$name"
        exit 0
    fi
    incomplete=${incomplete:-$name}
done

if [ -n "$incomplete" ]; then
    version=$("$incomplete" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Python $version is here without its venv module. On Debian and Ubuntu: apt-get install python$version-venv" >&2
else
    echo "Baraza needs Python 3.11 or newer, and none is on PATH." >&2
    echo "Debian, Ubuntu: apt-get install python3 python3-venv. macOS: brew install python3." >&2
    echo "If it is elsewhere: make PYTHON=/path/to/python3 ..." >&2
fi
exit 1
