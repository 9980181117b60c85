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
mkdir -p .build/fuzz/finds .build/fuzz/logs

# Fuzzes PARSER for SECONDS with what else libFuzzer is told; its code is 0 where nothing was found.
fuzz() {
    local parser=$1 seconds=$2; shift 2
    "$fuzz" --parser="$parser" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix=".build/fuzz/finds/$parser-" "$@" > ".build/fuzz/logs/$parser" 2>&1
}

# A fuzzer that does not step into a trap that is there proves nothing.
if fuzz self-test 30; then echo "self-test: the trap was not found" >&2; exit 1; fi
rm -f .build/fuzz/finds/self-test-*

for parser in "${parsers[@]}"; do
    corpus=.build/fuzz/corpus/$parser; mkdir -p "$corpus"
    if ! fuzz "$parser" "$seconds" "$corpus" "Fixtures/fuzz/$parser"; then
        tail -60 ".build/fuzz/logs/$parser" >&2
        echo "$parser: a find, in .build/fuzz/finds" >&2
        exit 1
    fi
    echo "$parser: $(sed -n 's/stat::number_of_executed_units: *//p' ".build/fuzz/logs/$parser") executions in $seconds s, nothing found"
    if [ "${KEEP:-0}" = 1 ]; then
        small=$(mktemp -d)
        "$fuzz" --parser="$parser" -merge=1 -max_len=2048 "$small" "Fixtures/fuzz/$parser" "$corpus" 2>/dev/null
        echo "$parser: $(ls "$small" | wc -l) files cover what $(ls "$corpus" "Fixtures/fuzz/$parser" | wc -l) did"
        find "$small" -type f | sort | head -60 | xargs -r cp -t "Fixtures/fuzz/$parser"
        rm -r "$small"
    fi
done
