"""The tutorial's Django gallery and a browser to use it with."""

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import pail

SEED = Path(__file__).resolve().parent / "seed"
VENVS = Path(os.environ.get("PAIL_E2E_VENVS", pail.ROOT / ".build/e2e-venv"))
SUPERUSER, PASSWORD = "piusoruko", "a-password-of-the-tests"
STARTED = re.compile(r"Starting development server at (http://127\.0\.0\.1:\d+)/")

# Every name but this machine's own is unknown to the browser: the page's CDN links never leave the machine.
RESOLVE = "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost , EXCLUDE *.localhost"


class Project:
    """The tutorial's project, typed into a new folder, on one version of Django."""

    def __init__(self, folder: Path, django: str, **environment: str):
        self.folder, self.django = folder / "django_project", django
        self.bin = VENVS / f"django-{django}/bin"
        self.environment = pail.clean_environment(
            PYTHONUNBUFFERED="1", DJANGO_SUPERUSER_PASSWORD=PASSWORD, PATH=os.environ["PATH"], **environment
        )
        self._run(self.bin / "django-admin", "startproject", "django_project", cwd=folder)
        self.manage("startapp", "gallery")
        shutil.copytree(SEED / "gallery", self.folder / "gallery", dirs_exist_ok=True)
        shutil.copytree(SEED / "django_project", self.folder / "django_project", dirs_exist_ok=True)
        self.add_settings("settings-local.py")
        self.manage("makemigrations")
        self.manage("migrate")
        self.manage("createsuperuser", "--noinput", "--username", SUPERUSER, "--email", "pius@example.com")

    def _run(self, *command, cwd=None) -> str:
        done = subprocess.run(
            list(map(str, command)), cwd=cwd or self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        return self._run(self.bin / "python", "manage.py", *arguments)

    def add_settings(self, name: str) -> None:
        with (self.folder / "django_project/settings.py").open("a") as settings:
            settings.write((SEED / name).read_text())

    @contextlib.contextmanager
    def server(self):
        """`runserver` on a port that is free; gives its URL once it has said it."""
        command = [self.bin / "python", "manage.py", "runserver", "--noreload", "127.0.0.1:0"]
        log = (self.folder / "runserver.log").open("ab")
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            found = next(filter(None, map(STARTED.search, process.stdout)), None)
            assert found, (self.folder / "runserver.log").read_text()
            yield found[1]
        finally:
            process.terminate()
            process.wait(timeout=30)
            process.stdout.close()
            log.close()


class Browser:
    """Headless Chromium, and what a person does in it."""

    def __init__(self, profile: Path):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        switches = ["headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu", "no-first-run", "disable-sync"]
        switches += ["disable-background-networking", "disable-component-update", f"user-data-dir={profile}"]
        for switch in [*switches, f"host-resolver-rules={RESOLVE}"]:
            options.add_argument(f"--{switch}")
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))

    def quit(self) -> None:
        self.driver.quit()

    def open(self, url: str) -> None:
        self.driver.get(url)

    def type(self, name: str, text: str) -> None:
        self.driver.find_element(By.NAME, name).send_keys(text)

    def press(self, css: str, leads_to: str) -> None:
        """Presses a button and waits for the page that it leads to."""
        self.driver.find_element(By.CSS_SELECTOR, css).click()
        waiting = WebDriverWait(self.driver, 30, poll_frequency=0.05)
        waiting.until(lambda driver: urlsplit(driver.current_url).path == leads_to, self.driver.page_source)

    def log_in(self, site: str) -> None:
        self.open(f"{site}/admin/")
        self.type("username", SUPERUSER)
        self.type("password", PASSWORD)
        self.press("input[type=submit]", "/admin/")

    def add_post(self, site: str, title: str, image: Path) -> None:
        """Fills in the admin's own form, as the tutorial's reader does."""
        self.open(f"{site}/admin/gallery/post/add/")
        self.type("title", title)
        self.type("image", str(image))
        self.press("input[name=_save]", "/admin/gallery/post/")
        said = self.driver.find_element(By.CSS_SELECTOR, ".messagelist .success").text
        assert title in said and "added successfully" in said, said

    def images(self) -> dict[str, int]:
        """The page's images and the width to which each was decoded; 0 is a broken one."""
        script = "return [...document.images].map(image => [image.src, image.complete ? image.naturalWidth : 0])"
        return dict(map(tuple, self.driver.execute_script(script)))
