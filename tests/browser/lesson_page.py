"""A lesson as a student has it before her: open it, type numbers, answer a task, read what is said."""

import re

from playwright.sync_api import Locator, Page, expect

from ui.lesson import LESSONS

PHONE = {"width": 390, "height": 844}
LOADED = 60_000  # ms; Plotly is a large script, and other tests share the machine


class LessonPage:
    """The page of a lesson, and the means to use it."""

    def __init__(self, page: Page, address: str, path: str):
        self.page, self.path, self.address = page, path, f"{address}/{path}"

    def open(self, done: str = "", motion: str = "reduce") -> "LessonPage":
        """Open it, with the progress of a link, and wait for its pictures.

        They stand still unless motion is "no-preference": a fade of fifty texts, drawn in software, takes more time
        than what a test does between two of them.
        """
        self.page.emulate_media(reduced_motion=motion)
        self.page.goto(f"{self.address}?done={done}" if done else self.address)
        expect(self.page.get_by_role("heading", level=2, name=LESSONS[self.path].title)).to_be_visible(timeout=LOADED)
        pictures = self.page.locator(".js-plotly-plot, [data-testid=sketch], [data-testid=graph], [data-testid=film]")
        expect(pictures.first).to_be_visible(timeout=LOADED)
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=LOADED)
        return self

    def field(self, name: str) -> Locator:
        """The field in which a quantity is typed; the one it has replaced may stand hidden beside it for a moment."""
        return self.page.get_by_label(f"{name}, typed", exact=True).filter(visible=True)

    def shows(self, field: Locator, value: str) -> None:
        """One field, with this in it; while Python answers, the one that it replaces may stand beside it."""
        expect(field.and_(self.page.locator(f'[value="{value}"]'))).to_have_count(1)
        expect(field).to_have_count(1)

    def settled(self) -> None:
        """Wait until Python has said everything: before that, a field may yet be replaced by a new one."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def type(self, name: str, typed: str) -> None:
        self.settled()
        self.field(name).fill(typed)
        self.field(name).press("Enter")

    def slider(self, name: str) -> Locator:
        return self.page.locator(f".st-key-quantity_{self.path}_{name}").get_by_role("slider")

    def press(self, name: str) -> None:
        self.settled()
        self.page.get_by_role("button", name=name).click()

    def predict(self, choice: str) -> Locator:
        """Choose a prediction; what is said about it appears in the box that this returns."""
        box = self.page.locator(f".st-key-predict_{self.path}_1")
        box.get_by_text(choice, exact=True).click()
        return box

    def task(self, place: int) -> Locator:
        return self.page.locator(f".st-key-task_{self.path}_{place}")

    def check(self, place: int, told: str) -> None:
        """Press Check, and read this."""
        self.settled()
        self.task(place).get_by_role("button", name="Check").click()
        expect(self.task(place)).to_contain_text(told)

    def answer(self, place: int, typed: str, told: str) -> None:
        """Type an answer and press Enter, and read this."""
        self.settled()
        field = self.task(place).get_by_role("textbox")
        field.fill(typed)
        field.press("Enter")
        expect(self.task(place)).to_contain_text(told)

    def is_done(self, count: int) -> None:
        """So many tasks are done, as the page and its address say."""
        expect(self.page.get_by_text(f"{count} of {LESSONS[self.path].tasks} tasks done")).to_be_visible()
        done = "-".join(rf"{self.path}\.[1-9]" for _ in range(count))
        held = rf"(?=.*[?&]done={done}(&|$))" if count else "(?!.*[?&]done=)"
        expect(self.page).to_have_url(re.compile(rf"^{held}.*/{self.path}(\?|$)"))

    def nothing_is_wider_than_a_phone(self) -> None:
        """Turned to a phone's width, no part of the page reaches beyond the screen, or can be pushed sideways."""
        self.page.set_viewport_size(PHONE)
        self.page.wait_for_function(
            """() => {
              const main = document.querySelector("[data-testid=stMain]");
              return document.documentElement.scrollWidth <= innerWidth && main.scrollWidth <= main.clientWidth;
            }"""
        )
