#!/usr/bin/env bash
# Traces examples/calculate.py in each way that swifttrace can be used.
#
# PYTHON: a Python that has swifttrace; SWIFTTRACE_HOST: the Swift program `swifttrace`.
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:?the Python to use}
host=${SWIFTTRACE_HOST:?the Swift program to use}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

heading() { printf '\n== %s\n' "$*"; }

heading "Python: import swifttrace (examples/api.py)"
"$python" api.py

heading "Command line: python -m swifttrace --function evaluate calculate.py 'x = 2 + 3' 'x / 0'"
"$python" -m swifttrace -o - --function evaluate calculate.py 'x = 2 + 3' 'x / 0'

heading "Swift: swifttrace --events --format sentences calculate.py '7'"
"$host" --events --format sentences -o "$folder/swift.txt" calculate.py '7'
grep -A 4 'function: evaluate' "$folder/swift.txt"

# The same program under the same strategy is the same text, whoever starts it.
"$python" -m swifttrace --events --format sentences -o "$folder/python.txt" calculate.py '7' \
  >/dev/null
cmp "$folder/swift.txt" "$folder/python.txt"
printf '\nThe %s lines of this trace are the same from Python.\n' "$(wc -l <"$folder/swift.txt")"
