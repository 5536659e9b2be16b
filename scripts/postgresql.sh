# A throw-away PostgreSQL cluster on the loopback, for tests. Sourced: start_postgresql sets POSTGRESQL_URL.
POSTGRESQL_PORT="${POSTGRESQL_PORT:-55432}"

_as_postgres() {
    if [ "$(id -u)" = 0 ]; then su postgres -s /bin/bash -c "$*"; else bash -c "$*"; fi
}

start_postgresql() {
    local bin
    bin="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
    PG_FOLDER="$(mktemp -d)"
    [ "$(id -u)" = 0 ] && chown postgres "$PG_FOLDER"
    PG_BIN="$bin"
    _as_postgres "$bin/initdb -D $PG_FOLDER/data --auth=trust --username=parvis --encoding=UTF8 --locale=C.UTF-8 --no-sync" >/dev/null
    _as_postgres "$bin/pg_ctl -D $PG_FOLDER/data -w -l $PG_FOLDER/log -o '-p $POSTGRESQL_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=$PG_FOLDER -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c jit=off -c wal_level=minimal -c max_wal_senders=0' start" >/dev/null
    POSTGRESQL_URL="postgresql://parvis@127.0.0.1:$POSTGRESQL_PORT/postgres"
}

stop_postgresql() {
    _as_postgres "$PG_BIN/pg_ctl -D $PG_FOLDER/data -m immediate stop" >/dev/null 2>&1 || true
    rm -rf "$PG_FOLDER"
}
