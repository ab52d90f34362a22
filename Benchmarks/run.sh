#!/usr/bin/env bash
# Measures what tracing costs: time, allocations, import. `make bench` calls this.
#
# PYTHON: a Python that has swifttrace. SWIFTTRACE_HOST is not measured: it runs the same engine.
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:?the Python to use}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What is measured against: an extension with an empty trace function, made for this interpreter.
compiler=${CC:-$(command -v cc || command -v clang)}
suffix=$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))')
headers=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
"$compiler" -O2 -Wall -Wextra -Werror -shared -fPIC -I"$headers" empty_hook.c \
  -o "$folder/empty_hook$suffix"
"$compiler" -O2 -Wall -Wextra -Werror -shared -fPIC native/count_malloc.c \
  -o "$folder/count_malloc.so"

export PYTHONPATH="$folder${PYTHONPATH:+:$PYTHONPATH}"
# An import is measured as users have it: compiled before.
unset PYTHONDONTWRITEBYTECODE
"$python" speed.py
# Every allocation of the interpreter goes through malloc, so that Python objects count too.
LD_PRELOAD="$folder/count_malloc.so" PYTHONMALLOC=malloc "$python" allocations.py
"$python" import_cost.py
