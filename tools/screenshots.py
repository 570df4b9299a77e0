"""Make the pictures that README.md shows: the playground after a few seconds of learning, light, dark and on a phone.

make screenshots
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tools import app_server, find_chromium

FOLDER = app_server.CHECKOUT / "docs"
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PICTURES: dict[str, dict] = {
    "playground.png": {"viewport": LAPTOP, "color_scheme": "light"},
    "playground-dark.png": {"viewport": LAPTOP, "color_scheme": "dark"},
    "playground-phone.png": {"viewport": PHONE, "color_scheme": "light", "device_scale_factor": 2},
}
LEARNING_SECONDS = 5


def main() -> int:
    chromium = find_chromium.find()
    if chromium is None:
        print("No Chromium was found: python tools/find_chromium.py installs one.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with app_server.running() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(find_chromium.FLAGS))
        for name, screen in PICTURES.items():
            take(browser, server.address, FOLDER / name, screen)
            print(f"docs/{name}")
        browser.close()
    return 0


def take(browser: Browser, address: str, file: Path, screen: dict) -> None:
    """One picture of a playground that has learned for LEARNING_SECONDS and stands still."""
    page = browser.new_context(**screen).new_page()
    page.goto(address)
    board = page.get_by_test_id("board")
    board.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1000 * LEARNING_SECONDS)
    if board.get_attribute("data-playing") == "true":  # it may have solved its task and stopped by itself
        board.get_by_role("button", name="Pause").click()
    expect(board).to_have_attribute("data-playing", "false")
    page.wait_for_timeout(1000)  # at rest the sharp maps arrive
    page.screenshot(path=file)
    page.context.close()


if __name__ == "__main__":
    sys.exit(main())
