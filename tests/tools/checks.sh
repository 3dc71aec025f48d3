# Run the checks: `quick` (style, types, layers) or `all`. Stop at the first that fails and name it.
set -eu

began=$(date +%s)

check() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    start=$(date +%s)
    if "$@"; then
        printf -- '-- %s: fine, %d s\n' "$name" $(($(date +%s) - start))
    else
        printf '\nFAILED: %s, after %d s. Again alone: %s\n' "$name" $(($(date +%s) - start)) "$*" >&2
        exit 1
    fi
}

if [ "$1" = all ]; then
    # The wheel mostly waits for the disk: it is built, installed and used beside the checks that use one processor.
    wheel=$(mktemp)
    trap 'wait; rm -f "$wheel"' EXIT
    (check 'wheel' .venv/bin/python tests/tools/wheel.py) >"$wheel" 2>&1 &
fi
check 'style' .venv/bin/ruff check
check 'format' .venv/bin/ruff format --check
check 'layers' .venv/bin/lint-imports --no-logo
check 'types' .venv/bin/mypy
check 'types of the browser code' npm run --silent check
if [ "$1" = all ]; then
    check 'tests of the browser code' npm test --silent
    wait $! || { cat "$wheel" >&2 && exit 1; }
    cat "$wheel"
    check 'tests' .venv/bin/pytest -n "${TEST_WORKERS:-auto}" --maxprocesses 8 --dist worksteal
fi
printf '\nAll checks passed in %d s.\n' $(($(date +%s) - began))
