# Make sure that the parts the checks need from the system are here: Python with venv, a Redis server, Chromium.
# As root on Debian they are installed; anywhere else this says exactly what is missing and how to get it.
set -eu

missing=
sh tests/tools/python.sh >/dev/null 2>&1 || missing="$missing python3 python3-venv"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
if [ -z "${BARAZA_CHROMIUM:-}" ] && ! command -v chromium >/dev/null 2>&1 &&
    ! command -v chromium-browser >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then
    missing="$missing chromium"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "The checks need:$missing. Install them with the package manager of this system, for example" >&2
    echo "  brew install python3 redis chromium   or   dnf install python3 redis chromium" >&2
    echo "A browser elsewhere is named by BARAZA_CHROMIUM=/path/to/chromium." >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "The checks need packages that only root can install:  sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "Installing with apt-get:$missing ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for attempt in stored fresh; do
    # The stored package lists may be absent or too old: then, and only then, fetch them.
    if [ "$attempt" = fresh ] && ! apt-get update >"$log" 2>&1 </dev/null; then
        break
    fi
    # shellcheck disable=SC2086
    if apt-get install --yes --no-install-recommends $missing >"$log" 2>&1 </dev/null; then
        exit 0
    fi
done
cat "$log" >&2
echo "apt-get could not install:$missing" >&2
exit 1
