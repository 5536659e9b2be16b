#!/usr/bin/env bash
# The whole suite, several processes at a time (each waits now and then: two cores are kept busy): on SQLite with the browser, then what
# asks the database again on a throw-away PostgreSQL.
# Both halves run, whatever becomes of the first; the end says what became of each.
set -u -o pipefail
cd "$(dirname "$0")/.."
pytest="${PYTEST:-.venv/bin/pytest}"

# What tests write goes to memory where there is plenty: thousands of small homes wait for a disk at each of their writes.
memory=/dev/shm
room() { df --output=avail --block-size=1G "$1" 2>/dev/null | tail -n 1; }
own=""
if [ -z "${TMPDIR:-}" ] && [ "$(room $memory || echo 0)" -ge 8 ] && [ "$(awk '/MemAvailable/ {print int($2 / 2 ^ 20)}' /proc/meminfo)" -ge 12 ] &&
    ! findmnt --noheadings --output OPTIONS --target $memory | grep -qw noexec; then
    own="$(mktemp -d -p $memory parvis-tests-XXXXXX)"
    chmod 711 "$own" # PostgreSQL runs as a user of its own
    export TMPDIR="$own"
fi

report="$(mktemp -d)"
trap 'rm -rf "$report" ${own:+"$own"}' EXIT
status=0
summary=()

# half NAME COMMAND…: run a half of the suite, and remember how it ended.
half() {
    local name="$1" code=0 begun=$SECONDS last outcome=passed
    shift
    echo "== $name"
    "$@" 2>&1 | tee "$report/half"
    code="${PIPESTATUS[0]}"
    if [ "$code" != 0 ]; then
        status=1
        outcome="FAILED (code $code)"
        grep -E '^(FAILED|ERROR) [a-z]+/' "$report/half" >>"$report/failures"
    fi
    last="$(grep -E '^=+ .* in [0-9.]+s' "$report/half" | tail -n 1 | tr -d '=')"
    summary+=("$name: $outcome, $(((SECONDS - begun) / 60)) min $(((SECONDS - begun) % 60)) s${last:+ ·${last% }}")
}

on_postgresql() (
    set -e
    trap stop_postgresql EXIT
    start_postgresql
    # Left out: what asks no database, what recounts the demonstration's figures, and pages and doors that read through rooms asked here.
    # Three processes: these tests seldom wait, and a fourth would only collect them once more.
    PARVIS_DATABASE_URL="$POSTGRESQL_URL" "$pytest" -n 3 --dist loadfile --no-loadscope-reorder -m "not browser and not slow" \
        --on-another-database \
        --ignore src/parvis/hub/packs/tests/test_demo_pages.py --ignore src/parvis/domains/indicators/tests/test_demo.py \
        --ignore src/parvis/web/api/console \
        src/parvis/hub src/parvis/domains src/parvis/web/api src/parvis/web/backoffice src/parvis/config
)

# shellcheck source=scripts/postgresql.sh
source scripts/postgresql.sh

# In the order of collection: by number of tests, the long journeys would come last and alone.
half "SQLite, robustness and browser" "$pytest" -n 4 --dist loadfile --no-loadscope-reorder
half "PostgreSQL" on_postgresql

echo "== Summary"
[ -s "$report/failures" ] && cat "$report/failures"
printf '%s\n' "${summary[@]}"
exit "$status"
