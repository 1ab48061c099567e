#!/bin/sh
# Create a virtual environment with the first Python that is new enough. PYTHON=... overrules.
set -eu
venv=${1:-.venv}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# An environment whose Python was removed or is too old is made anew.
if new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    if new_enough "$candidate"; then
        echo "Creating $venv with $("$candidate" --version)"
        if "$candidate" -m venv --clear "$venv"; then
            exit 0
        fi
        echo "$candidate could not create $venv. On Debian and Ubuntu, first run:" \
            "apt-get install python3-venv" >&2
        exit 1
    fi
done

echo "Homeroom needs Python 3.11 or newer; tried ${PYTHON:-python3 (found" \
    "$(python3 --version 2>/dev/null || echo 'none')), python3.14 to python3.11 and python}." \
    "Install one from python.org, or name one: make PYTHON=/path/to/python3.12 ..." >&2
exit 1
