#!/usr/bin/env bash
# Traces examples/calculate.py in each way that swifttrace can be used.
#
# PYTHON: a Python that has swifttrace; SWIFTTRACE_HOST: the Swift program `swifttrace-host`.
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:?the Python to use}
host=${SWIFTTRACE_HOST:?the Swift program to use}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

heading() { printf '\n== %s\n' "$*"; }

heading "Python: python api.py"
"$python" api.py

heading "Command line: python -m swifttrace -o - --function evaluate calculate.py 'x = 2 + 3' 'x / 0'"
"$python" -m swifttrace -o - --function evaluate calculate.py 'x = 2 + 3' 'x / 0'

heading "Swift: swifttrace-host -o - --calls --returns --format sentences --function evaluate" \
  "calculate.py '6 * 7'"
"$host" -o - --calls --returns --format sentences --function evaluate calculate.py '6 * 7'

heading "A recording: python -m swifttrace record -o run.swt --values safe calculate.py '6 * 7'"
"$python" -m swifttrace record -o "$folder/run.swt" --values safe calculate.py '6 * 7'
heading "python -m swifttrace show --times relative --function evaluate run.swt"
"$python" -m swifttrace show --times relative --function evaluate "$folder/run.swt"

# A program has one text under a strategy, whether Python or Swift starts it.
events=(--events --format sentences)
"$host" "${events[@]}" -o "$folder/swift.txt" calculate.py '6 * 7' >/dev/null
"$python" -m swifttrace "${events[@]}" -o "$folder/python.txt" calculate.py '6 * 7' >/dev/null
cmp "$folder/swift.txt" "$folder/python.txt"
heading "All $(wc -l <"$folder/swift.txt") events of this program: the same text from Swift and from Python"
