#!/bin/bash
# Runs the end-to-end tests: real clients against the real daemon. Arguments go to pytest.
#   Tests/EndToEnd/run.sh                    everything but the slow ones
#   Tests/EndToEnd/run.sh -m extended        5 GiB objects, a million keys; more rounds with PAIL_E2E_CRASH_ROUNDS=50
# Needs Debian's packages: python3-venv chromium chromium-driver libnss-myhostname openssl curl. The pinned Python packages
# go into virtual environments under .build/e2e-venv, which are made again only when a requirements file changes.
# PAIL_BINARY names the daemon to test; the default is .build/debug/pail.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venvs=${PAIL_E2E_VENVS:-$root/.build/e2e-venv}

missing=()
for pair in chromium:chromium chromedriver:chromium-driver openssl:openssl curl:curl; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
getent hosts pail.s3.localhost >/dev/null || missing+=(libnss-myhostname)
if [ ${#missing[@]} -gt 0 ]; then
  echo "run.sh: first install: apt-get install ${missing[*]}" >&2
  exit 1
fi

# Makes the environment NAME from a requirements file, unless the one that is there was made from the same text.
environment() {
  local folder=$venvs/$1 requirements=$2
  if ! cmp -s "$requirements" "$folder/made-from.txt"; then
    rm -rf "$folder"
    "${PYTHON:-python3}" -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$folder/made-from.txt"
  fi
}
environment tests "$here/requirements.txt"
environment django-4.2 "$here/seed/requirements-django-4.2.txt"
environment django-5.2 "$here/seed/requirements-django-5.2.txt"

export PAIL_BINARY=${PAIL_BINARY:-$root/.build/debug/pail} PAIL_E2E_VENVS=$venvs PYTHONDONTWRITEBYTECODE=1
cd "$here"
exec "$venvs/tests/bin/python" -m pytest "$@"
