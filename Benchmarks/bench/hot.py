"""Which functions requests pass through, in the order in which the linker is to put them into the program.

What runs for a request is 300 KiB of code among 17 MiB. Side by side it fits into the processor's caches; spread as the
compiler leaves it, a request waits for most of it anew. The linker takes the names from `hot-functions`, and passes over
those that are no longer there: an old file costs speed, never correctness.
"""

import re
from collections import Counter
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "hot-functions"
HEAD = """# The functions that requests pass through, those that take most first; the release is linked in this order.
# Made by `make instructions ARGS="--record"`.
"""
# What is called less than this in any operation is left where it is: a start, and rare turns of a request.
LEAST = 1e-5


def shares(dump: str) -> dict[str, float]:
    """What part of all instructions each of the program's functions took itself, from a file that callgrind wrote."""
    names: dict[str, str] = {}
    own: Counter[str] = Counter()
    function, is_program, is_call, whole = "", False, False, 0
    for line in dump.splitlines():
        if found := re.match(r"(c?fn|c?ob)=\((\d+)\)(?: (.*))?$", line):
            kind, number, name = found.groups()
            key = kind[-2:] + number
            if name:
                # A function within its own recursion is the same function.
                names[key] = name.partition("'")[0]
            if kind == "fn":
                function = names[key]
            elif kind == "ob":
                is_program = names[key].endswith("/pail")
        elif line.startswith("calls="):
            is_call = True
        elif re.match(r"[+\-*\d]", line):
            if not is_call:
                whole += int(line.split()[1])
                if is_program:
                    own[function] += int(line.split()[1])
            is_call = False
    return {name: count / whole for name, count in own.items()}


def document(shares: dict[str, dict[str, float]]) -> str:
    """The file: every function that has a name and a part in an operation, by its part in all of them."""
    sums: Counter[str] = Counter()
    for operation, parts in shares.items():
        if operation != "start":
            sums.update({name: part for name, part in parts.items() if part >= LEAST and re.fullmatch(r"[A-Za-z_$][\w.$]*", name)})
    # By name where two are alike, so that the file changes no more than the program did.
    return HEAD + "".join(f"{name}\n" for name, _ in sorted(sums.items(), key=lambda item: (-item[1], item[0])))
