"""A real browser (Debian's Chromium through Playwright) against the whole portal in processes of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from config import env
from demo.databases import login_address
from privacy.tenants.models import Organisation
from tests.sample import SampleDesk, sample_desk
from tests.stack import Stack, running_stack

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium as Debian ships it. Without it these tests are skipped, or fail where they must not be."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        message = "no Chromium found; install Debian's package chromium"
        pytest.fail(message) if env.require_browser() else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
