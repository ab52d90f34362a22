#!/bin/bash
# Fuzzes the reader of recordings with libFuzzer for a number of seconds: Fuzzing/run.sh 60
# SwiftPM does not support `--sanitize=fuzzer`, so this script calls the compiler itself. The fuzzer
# is not part of the package.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
build=build/fuzz
corpus=$build/corpus
mkdir -p $corpus
swiftc=$(dirname "$(command -v "${SWIFT:-swift}")")/swiftc
flags=(-O -wmo -swift-version 6 -parse-as-library -strict-memory-safety
  -enable-experimental-feature Lifetimes -package-name swifttrace -I $build)

library() { # NAME FLAGS...: builds the target NAME of Sources
  "$swiftc" "${flags[@]}" "${@:2}" -module-name "$1" -emit-module \
    -emit-module-path "$build/$1.swiftmodule" -c $(find "Sources/$1" -name '*.swift') \
    -o "$build/$1.o"
}

cat > $build/module.modulemap <<END
module CArrow { header "$PWD/Sources/CArrow/include/CArrow.h" }
module CPlatform { header "$PWD/Sources/CPlatform/include/CPlatform.h" }
END
for source in CArrow/layout CPlatform/bus_errors CPlatform/systems/linux; do
  "$(dirname "$swiftc")/clang" -O2 -c -I Sources/CArrow/include -I Sources/CPlatform/include \
    "Sources/$source.c" -o "$build/$(basename $source).o"
done
platform=($build/bus_errors.o $build/linux.o)
library TraceFormat -sanitize=fuzzer
library TraceReading -sanitize=fuzzer
"$swiftc" "${flags[@]}" -sanitize=fuzzer Fuzzing/FuzzReading.swift \
  Tests/TraceReadingTests/{Drawing,RenewedChecks}.swift \
  $build/Trace*.o $build/layout.o "${platform[@]}" -o $build/fuzz
library TraceFormat
"$swiftc" "${flags[@]}" Fuzzing/WriteSample.swift Tests/TraceReadingTests/RecordingBuilder.swift \
  $build/TraceFormat.o "${platform[@]}" -o $build/write-sample
$build/write-sample $corpus
$build/fuzz -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 -malloc_limit_mb=128 \
  -max_len=65536 -print_final_stats=1 -artifact_prefix=$build/ $corpus
