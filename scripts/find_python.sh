#!/usr/bin/env bash
# Prints the path of a Python 3.13 able to make virtual environments, or says what is missing and how to get it.
set -eu
for candidate in /usr/bin/python3.13 python3.13 python3 /usr/local/bin/python3.13; do
    path="$(command -v "$candidate" 2>/dev/null || true)"
    [ -n "$path" ] || continue
    "$path" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null || continue
    if "$path" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "$path"
        exit 0
    fi
    without_venv="$path"
done
if [ -n "${without_venv:-}" ]; then
    echo "Python 3.13 est là ($without_venv), mais pas le module venv." >&2
    echo "Installez-le : sudo apt-get install python3-venv   puis relancez la même commande." >&2
else
    echo "Parvis a besoin de Python 3.13, introuvable sur cette machine." >&2
    echo "Debian 13 : sudo apt-get install python3 python3-venv" >&2
    echo "Ailleurs  : uv python install 3.13 (https://docs.astral.sh/uv/), puis placez-le dans le PATH." >&2
fi
exit 2
