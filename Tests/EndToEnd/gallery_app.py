"""The gallery in Swift: its commands, its server, and what a person does with it in a browser."""

import contextlib
import os
import re
import subprocess
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import pail
from gallery import PASSWORD, SUPERUSER, Browser

BINARY = os.environ.get("GALLERY_BINARY", str(pail.ROOT / ".build/debug/gallery"))
LISTENING = re.compile(r"gallery: listening on (http://127\.0\.0\.1:\d+)$")
POSTS = "/admin/gallery/post/"
# Where to put pictures of the pages for people to look at; nowhere by default.
SHOTS = os.environ.get("PAIL_E2E_SHOTS")


class Gallery:
    """A gallery in a folder of its own, with its database, and whatever storage the variables name."""

    def __init__(self, folder: Path, **environment: str):
        self.folder = folder
        self.log = folder / "gallery.log"
        self.environment = pail.clean_environment(**environment)
        self.process: subprocess.Popen | None = None

    def run(self, *arguments: str, typed: str = "", **extra: str) -> subprocess.CompletedProcess:
        """Runs one command of `gallery` to its end."""
        return subprocess.run(
            [BINARY, *arguments],
            cwd=self.folder,
            env=self.environment | extra,
            input=typed,
            capture_output=True,
            text=True,
            timeout=pail.PATIENCE,
            check=False,
        )

    def prepare(self) -> "Gallery":
        """Makes the database and the user, without a terminal."""
        migrated = self.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        user = {"GALLERY_SUPERUSER_USERNAME": SUPERUSER, "GALLERY_SUPERUSER_PASSWORD": PASSWORD}
        made = self.run("createsuperuser", "--noinput", **user)
        assert made.returncode == 0, made.stderr
        return self

    @contextlib.contextmanager
    def server(self, *flags: str):
        """`gallery serve` on a port that is free; gives its URL once it has said it, and sees it end well."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [BINARY, "serve", "--port", "0", *flags],
                cwd=self.folder,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        try:
            self.process = process
            line = process.stdout.readline().rstrip("\n")
            found = LISTENING.match(line)
            assert found, f"said {line!r} first\n{self.tail()}"
            yield found[1]
            process.terminate()
            assert process.wait(timeout=pail.PATIENCE) == 0, self.tail()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def resident_peak(self) -> int:
        """The most memory, in bytes, that the server ever had resident (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def tail(self, size: int = 4000) -> str:
        return self.log.read_text(errors="replace")[-size:] if self.log.exists() else ""


class Visitor(Browser):
    """A person with a browser, in the gallery."""

    def find(self, css: str):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def wait(self, condition, what: str = ""):
        return WebDriverWait(self.driver, 30, poll_frequency=0.05).until(lambda driver: condition(), what or self.driver.page_source)

    def log_in(self, site: str) -> None:
        self.open(f"{site}/admin/")
        self.type("username", SUPERUSER)
        self.type("password", PASSWORD)
        self.press("main button[type=submit]", POSTS)

    def message(self) -> str:
        return self.find(".message").text

    def add_plainly(self, site: str, title: str, image: Path) -> None:
        """Fills in the form as it is without scripts."""
        self.open(f"{site}{POSTS}add/")
        self.type("title", title)
        self.type("image", str(image))
        self.press("main button[name=_save]", POSTS)
        assert f"The post “{title}” was added successfully." in self.message()

    def choose(self, site: str, images: list[Path]) -> None:
        """Chooses several pictures at once, which the script queues."""
        self.open(f"{site}{POSTS}add/")
        self.find("input[type=file]").send_keys("\n".join(map(str, images)))
        self.wait(lambda: len(self.all(".queued")) == len(images))

    def drop(self, name: str) -> None:
        """Drops a picture on the page that was drawn just now, as a person drags one from a folder."""
        self.driver.execute_async_script(
            """
            const [name, done] = arguments;
            const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 });
            canvas.getContext("2d").fillRect(5, 5, 20, 20);
            canvas.toBlob((blob) => {
              const dataTransfer = new DataTransfer();
              dataTransfer.items.add(new File([blob], name, { type: blob.type }));
              for (const kind of ["dragenter", "dragover", "drop"]) {
                document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
              }
              done();
            });
            """,
            name,
        )

    def save_all(self) -> None:
        self.press("main button[name=_save]", POSTS)

    def use_scripts(self, are_used: bool) -> None:
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not are_used})

    def loaded_images(self) -> dict[str, int]:
        """The page's pictures and the width to which each was decoded, once all of them are there or have failed."""
        self.driver.execute_script("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
        script = "return [...document.querySelectorAll('main img')].filter(i => i.src).every(image => image.complete)"
        self.wait(lambda: self.driver.execute_script(script))
        found = "[...document.querySelectorAll('main img')].filter(i => i.src).map(i => [i.currentSrc || i.src, i.naturalWidth])"
        return dict(map(tuple, self.driver.execute_script(f"return {found}")))

    def shoot(self, name: str, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Takes a picture of the page at a size, where pictures are wanted."""
        if not SHOTS:
            return
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        scheme = {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
        # Two frames later the page is drawn as it was asked for.
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(Path(SHOTS) / f"{name}-{width}{'-dark' if dark else ''}.png"))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def shoot_all(self, name: str) -> None:
        """The same at a desk, on a phone, and in the dark."""
        self.shoot(name)
        self.shoot(name, 390, 844)
        self.shoot(name, dark=True)
