"""What the system says of a process and of the machine, out of /proc."""

import os
import re
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cpu_seconds(stat: str) -> float:
    """utime and stime of a process, of all its threads, in seconds, from the text of /proc/PID/stat."""
    # The name stands in brackets and may hold blanks and brackets of its own.
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def status_bytes(status: str, name: str) -> int:
    """A size, in bytes, from the text of /proc/PID/status: VmRSS is what is resident now, VmHWM the most that ever was."""
    found = re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def parent(stat: str) -> int:
    return int(stat.rpartition(")")[2].split()[1])


def family(root: int) -> list[int]:
    """A process and all that descend from it: nginx and SeaweedFS serve in children."""
    parents = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = parent((entry / "stat").read_text())
            except OSError:
                continue
    members = [root]
    for member in members:
        members += [pid for pid, above in parents.items() if above == member]
    return members


def cpu(pids: list[int]) -> float:
    """The processor time, in seconds, that processes have taken together."""
    return sum(cpu_seconds((PROC / str(pid) / "stat").read_text()) for pid in pids)


def memory(pids: list[int], name: str = "VmRSS") -> int:
    return sum(status_bytes((PROC / str(pid) / "status").read_text(), name) for pid in pids)


def machine() -> dict[str, str]:
    """What a reader must know of the machine to judge the figures."""
    info = (PROC / "cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", info)
    total = status_bytes((PROC / "meminfo").read_text(), "MemTotal")
    system = re.search(r'PRETTY_NAME="(.*)"', Path("/etc/os-release").read_text())
    release = os.uname().release.split("-")[0]
    return {
        "processor": f"{model[1] if model else os.uname().machine}, {os.cpu_count()} cores",
        "memory": f"{total / 2**30:.0f} GiB",
        "system": f"{system[1] if system else 'Linux'}, Linux {release}",
    }
