"""File systems of a test's own: in a file behind a loop device, to be cut off; in memory, to be full. Both need root."""

import fcntl
import os
import struct
import subprocess
import uuid
from pathlib import Path

# EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number, and so is what says that the journal is not to be flushed.
SHUTDOWN, WITHOUT_FLUSHING = 0x8004587D, 2
MAKERS = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}
SIZE = 512 * 1024 * 1024  # sparse; xfs takes no less than 300 MiB


class Unavailable(Exception):
    """This machine cannot do it, for the reason given; no fault of the daemon."""


def run(*command: object) -> None:
    try:
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise Unavailable(f"{command[0]} is not installed") from missing
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.stdout.strip()}")


def require_root() -> None:
    if os.geteuid() != 0:
        raise Unavailable("only root can mount a file system")


class Volume:
    """A mounted file system at `path`, unmounted when the block that made it ends."""

    def __init__(self, folder: Path, kind: str):
        self.path, self.kind = folder / f"{kind}-mounted", kind
        self.mounted = False

    def mount(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> "Volume":
        require_root()
        self.path.mkdir()
        self.mount()
        self.mounted = True
        return self

    def unmount(self) -> None:
        run("umount", self.path)
        self.mounted = False

    def __exit__(self, *_: object) -> None:
        if self.mounted:
            self.unmount()


class LoopVolume(Volume):
    """ext4 or xfs in a file, whose power can be cut."""

    def __init__(self, folder: Path, kind: str):
        super().__init__(folder, kind)
        self.image = folder / f"{kind}.img"

    def mount(self) -> None:
        if not self.image.exists():
            with self.image.open("wb") as file:
                file.truncate(SIZE)
            run(*MAKERS[self.kind], self.image)
        run("mount", "-o", "loop", "-t", self.kind, self.image, self.path)

    def shut_down(self) -> None:
        """From here on nothing reaches the disk: neither what is in the kernel's memory nor the journal's last entries."""
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUTDOWN, struct.pack("I", WITHOUT_FLUSHING))
        except OSError as error:
            raise Unavailable(f"{self.kind} cannot be shut down here: {error}") from error
        finally:
            os.close(folder)

    def mount_again(self) -> None:
        """What a machine does when its power is back: the file system replays its journal."""
        self.unmount()
        self.mount()
        self.mounted = True


class MemoryVolume(Volume):
    """A tmpfs of so many bytes and so many files."""

    def __init__(self, folder: Path, size: int, files: int):
        super().__init__(folder, "tmpfs")
        self.options = f"size={size},nr_inodes={files}"

    def mount(self) -> None:
        run("mount", "-t", "tmpfs", "-o", self.options, "tmpfs", self.path)

    def occupy(self) -> None:
        """Takes what is left, as another program on the same disk may: every byte, and every name for a file."""
        fill(lambda: self.append(bytes(65536)))
        fill(lambda: self.append(bytes(4096)))
        self.occupy_names()

    def occupy_names(self, but: int = 0) -> None:
        """Takes every name for a file but so many, and no bytes."""
        fill(lambda: (self.path / f"others-{uuid.uuid4().hex}").open("x").close())
        for path in sorted(self.path.glob("others-*"))[:but]:
            path.unlink()

    def append(self, more: bytes) -> None:
        with (self.path / "others").open("ab", buffering=0) as file:
            file.write(more)

    def release(self) -> None:
        for path in self.path.glob("others*"):
            path.unlink()


def fill(take) -> None:
    for _ in range(10_000_000):
        try:
            take()
        except OSError:
            return
