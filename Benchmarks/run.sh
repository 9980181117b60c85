#!/bin/bash
# Compares Pail with its peers and writes docs/benchmarks.md. Arguments go to `python3 -m bench`; --help lists them.
# Needs Debian's packages nginx-light, wrk, openssl, binutils and python3-venv. The peers from PyPI, pinned, go into a virtual
# environment that is made again only when their list changes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../.build/bench/venv

if ! cmp -s "$here/requirements.txt" "$venv/made-from.txt"; then
  rm -rf "$venv"
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/made-from.txt"
fi
export PYTHONDONTWRITEBYTECODE=1
cd "$here"
exec "${PYTHON:-python3}" -m "${MODULE:-bench}" "$@"
