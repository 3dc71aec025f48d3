# Run the checks one after another: `quick` (style, types, layers) or `all`. Stop at the first that fails and name it.
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

javascript_tests() {
    # Files by name: what Node makes of a folder changed between its versions.
    # shellcheck disable=SC2046
    node --test --test-reporter=spec $(find tests/js -name '*.test.js' | sort)
}

check 'style' .venv/bin/ruff check
check 'format' .venv/bin/ruff format --check
check 'layers' .venv/bin/lint-imports --no-logo
check 'types' .venv/bin/mypy
check 'types of the browser code' node_modules/.bin/tsc --noEmit --project .
if [ "$1" = all ]; then
    check 'tests of the browser code' javascript_tests
    check 'wheel' .venv/bin/python tests/tools/wheel.py
    check 'tests' .venv/bin/pytest -n "${TEST_WORKERS:-auto}" --maxprocesses 8
fi
printf '\nAll checks passed in %d s.\n' $(($(date +%s) - began))
