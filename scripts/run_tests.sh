#!/usr/bin/env bash
# The whole suite, two processes at a time: on SQLite with the browser, then what touches the database again on a throw-away PostgreSQL.
set -eu
cd "$(dirname "$0")/.."
pytest="${PYTEST:-.venv/bin/pytest}"

echo "== SQLite, robustness and browser"
# In the order of collection: by number of tests, the long journeys would come last and alone.
"$pytest" -n 3 --dist loadfile --no-loadscope-reorder

echo "== PostgreSQL"
# shellcheck source=scripts/postgresql.sh
source scripts/postgresql.sh
start_postgresql
trap stop_postgresql EXIT
# Left out: what recounts the demonstration's figures, and pages and doors that read through rooms asked here.
PARVIS_DATABASE_URL="$POSTGRESQL_URL" "$pytest" -n 3 --dist loadfile --no-loadscope-reorder -m "not browser and not slow" \
  --ignore src/parvis/hub/packs/tests/test_demo_pages.py --ignore src/parvis/domains/indicators/tests/test_demo.py \
  --ignore src/parvis/web/api/console \
  src/parvis/hub src/parvis/domains src/parvis/web/api src/parvis/web/backoffice src/parvis/config
