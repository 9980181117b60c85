#!/usr/bin/env bash
# Fuzzes every parser, or those named, for SECONDS each:  Tests/Fuzz/run.sh SECONDS [PARSER]...
# The corpus is Fixtures/fuzz/PARSER; what is found new goes to .build/fuzz/corpus/PARSER, and what makes a parser trap, hang or
# leak into .build/fuzz/finds. KEEP=1 takes the smallest set of files with the same coverage into Fixtures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:?SECONDS for each parser}; shift

# Optimised, with checks for memory and arithmetic; -enable-testing is what lets the parsers into the modules.
swift build --product fuzz --scratch-path .build/fuzz -Xswiftc -O -Xswiftc -DFUZZING -Xswiftc -sanitize=fuzzer,address
fuzz=.build/fuzz/debug/fuzz
parsers=("$@"); [ $# -gt 0 ] || mapfile -t parsers < <(ls Fixtures/fuzz)
# Swift's runtime keeps what it makes once; a leak that grows shows in rss_limit_mb.
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 SWIFT_BACKTRACE=enable=no
mkdir -p .build/fuzz/finds
for parser in "${parsers[@]}"; do
    corpus=.build/fuzz/corpus/$parser; mkdir -p "$corpus"
    echo "==> $parser for $seconds s"
    "$fuzz" --parser="$parser" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix=".build/fuzz/finds/$parser-" "$corpus" "Fixtures/fuzz/$parser" 2>&1 | grep -E 'stat::number_of_executed_units|ERROR|SUMMARY|Fatal|artifact|Test unit' \
        || true
    [ "${PIPESTATUS[0]}" = 0 ] || { echo "$parser: a find; see .build/fuzz/finds"; exit 1; }
    if [ "${KEEP:-0}" = 1 ]; then
        small=$(mktemp -d)
        "$fuzz" --parser="$parser" -merge=1 -max_len=2048 "$small" "Fixtures/fuzz/$parser" "$corpus" 2>/dev/null
        echo "$parser: $(ls "$small" | wc -l) files cover what $(ls "$corpus" "Fixtures/fuzz/$parser" | wc -l) did"
        find "$small" -type f | sort | head -60 | xargs -r cp -t "Fixtures/fuzz/$parser"
        rm -r "$small"
    fi
done
