#!/usr/bin/env bash
# The whole suite, several processes at a time (each waits now and then: two cores are kept busy): on SQLite with the browser, and beside
# it, in the time that it leaves, what asks the database again on a throw-away PostgreSQL.
# Both halves run, whatever becomes of one; the end says what became of each.
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
beside=""
leave() {
    if [ -n "$beside" ]; then
        kill -- "-$beside" 2>/dev/null
        wait "$beside"
    fi
    rm -rf "$report" ${own:+"$own"}
}
trap leave EXIT

# half FILE NAME COMMAND…: run a half of the suite, and note how it ended in files of that name.
half() {
    local file="$report/$1" name="$2" code=0 begun=$SECONDS last outcome=passed
    shift 2
    echo "== $name"
    "$@" 2>&1 | tee "$file.said"
    code="${PIPESTATUS[0]}"
    if [ "$code" != 0 ]; then
        outcome="FAILED (code $code)"
        grep -E '^(FAILED|ERROR) [a-z]+/' "$file.said" >"$file.failures"
    fi
    last="$(grep -E '^=+ .* in [0-9.]+s' "$file.said" | tail -n 1 | tr -d '=')"
    echo "$name: $outcome, $(((SECONDS - begun) / 60)) min $(((SECONDS - begun) % 60)) s${last:+ ·${last% }}" >"$file.outcome"
    return "$code"
}

on_postgresql() (
    set -e
    trap stop_postgresql EXIT
    start_postgresql
    # Left out: what asks no database or nothing of its own (tests/another_database.py), what recounts the demonstration's figures, and
    # pages and doors that read through rooms asked here.
    PARVIS_DATABASE_URL="$POSTGRESQL_URL" nice -n 5 "$pytest" -n 2 --dist loadfile --no-loadscope-reorder -m "not browser and not slow" \
        --on-another-database \
        --ignore src/parvis/hub/packs/tests/test_demo_pages.py --ignore src/parvis/domains/indicators/tests/test_demo.py \
        src/parvis/hub src/parvis/domains src/parvis/web/api src/parvis/web/backoffice src/parvis/config
)

# shellcheck source=scripts/postgresql.sh
source scripts/postgresql.sh

status=0
# Beside the first, in a group of processes of its own, which the end of this script ends; it is told whole once it is over. It gives way:
# the first waits for browsers, servers and clocks, and some of its tests keep a time.
set -m
half postgresql "PostgreSQL" on_postgresql >"$report/told" 2>&1 &
beside=$!
set +m
# In the order of collection: by number of tests, the long journeys would come last and alone.
half sqlite "SQLite, robustness and browser" "$pytest" -n 3 --dist loadfile --no-loadscope-reorder || status=1
wait "$beside" || status=1
beside=""
cat "$report/told"

echo "== Summary"
for half in sqlite postgresql; do [ ! -e "$report/$half.failures" ] || cat "$report/$half.failures"; done
cat "$report/sqlite.outcome" "$report/postgresql.outcome"
exit "$status"
