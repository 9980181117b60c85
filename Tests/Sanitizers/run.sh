#!/usr/bin/env bash
# run.sh [address] [thread]: builds the Swift tests under a sanitizer and runs all of them; both where none is named.
# PAIL_SANITIZER_FILTER=FaultSweep runs only the tests whose names match. Fails at whatever a sanitizer or a test finds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ $# -gt 0 ] || set -- address thread

# Every thread of a test costs the thread sanitizer hundreds of mappings, of which the kernel gives a process 65,530.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8
# What is named there is not lost, and why.
export LSAN_OPTIONS=suppressions=$PWD/Tests/Sanitizers/leaks.txt:print_suppressions=0
# All races are told before the run fails.
export TSAN_OPTIONS=halt_on_error=0:exitcode=66:history_size=4

# finds WORD WHAT: whether the sanitizer says so of a part of the trap.
finds() { ! LD_PRELOAD=$preload "$folder/trap" "$1" >"$folder/trap.log" 2>&1 && grep -q "Sanitizer: $2" "$folder/trap.log"; }
fail() { echo "sanitizers: $*" >&2; exit 1; }

for kind; do
    folder=.build/$kind
    swift build --build-tests --sanitize="$kind" --scratch-path "$folder"
    preload=
    if [ "$kind" = thread ] && [ "$(uname)" = Linux ]; then
        preload=$PWD/$folder/mutex.so
        clang -shared -fPIC -O1 -Wall -Werror -o "$preload" Tests/Sanitizers/mutex.c -ldl
    fi
    swiftc -swift-version 5 -use-ld=lld -sanitize="$kind" -o "$folder/trap" Tests/Sanitizers/trap.swift
    case $kind in
        address)
            finds freed heap-use-after-free || fail "a use after free is not found"
            [ "$(uname)" != Linux ] || finds leaked "detected memory leaks" || fail "a leak is not found"
            ;;
        thread)
            finds race ".*race" || fail "a race is not found"
            LD_PRELOAD=$preload "$folder/trap" locked || fail "what a lock guards is called a race"
            ;;
    esac
    echo "==> the tests under the $kind sanitizer"
    # TidyTests read the text of this repository and run nothing of Pail.
    LD_PRELOAD=$preload swift test --skip-build --sanitize="$kind" --scratch-path "$folder" --skip TidyTests \
        ${PAIL_SANITIZER_FILTER:+--filter "$PAIL_SANITIZER_FILTER"}
done
