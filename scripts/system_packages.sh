#!/usr/bin/env bash
# Chromium, PostgreSQL, MariaDB and the French of Tesseract, that the tests really use: installed when they are missing and we may, else how to get them.
set -eu
export DEBIAN_FRONTEND=noninteractive
missing=()
command -v chromium >/dev/null 2>&1 || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
[ -x /usr/sbin/mariadbd ] || command -v mariadbd >/dev/null 2>&1 || missing+=(mariadb-server-core)
ls /usr/share/tesseract-ocr/*/tessdata/fra.traineddata >/dev/null 2>&1 || missing+=(tesseract-ocr-fra)
# The browser without its windows asks a third less of the processor; where it cannot be had, Chromium does as well.
lighter=chromium-headless-shell
command -v "$lighter" >/dev/null 2>&1 && lighter=""
[ ${#missing[@]} -eq 0 ] && [ -z "$lighter" ] && exit 0
if [ "$(id -u)" = 0 ]; then
    as_root=()
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root=(sudo)
else
    [ ${#missing[@]} -eq 0 ] && exit 0
    echo "Paquets Debian manquants pour les tests : ${missing[*]}"
    echo "Installez-les : sudo apt-get install --no-install-recommends ${missing[*]}   puis relancez make test." >&2
    exit 2
fi
updated=0
"${as_root[@]}" apt-get update -qq >/dev/null 2>&1 || updated=$?
if [ ${#missing[@]} -ne 0 ]; then
    echo "Paquets Debian manquants pour les tests : ${missing[*]}"
    [ "$updated" = 0 ] || exit "$updated"
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
[ -z "$lighter" ] || "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$lighter" >/dev/null 2>&1 || true
