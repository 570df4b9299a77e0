"""A lesson without a browser: opened as by a link to it, and asked after every action whether anything has failed."""

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from ui import errors
from ui.lesson import LESSONS

MENU = Path(__file__).parent.parent / "ui" / "menu.py"


def opened(name: str, done: str = "") -> AppTest:
    """The lesson pages/learn/{name}.py for a new visitor; done: the progress in the link."""
    app = AppTest.from_file(MENU, default_timeout=60)
    if done:
        app.query_params["done"] = done
    return go_to(app, name)


def go_to(app: AppTest, name: str) -> AppTest:
    """The same visitor on another lesson."""
    return sound(app.switch_page(f"../pages/learn/{name}.py").run())


def sound(app: AppTest) -> AppTest:
    """The page, which has neither a stack trace nor the sentence that stands for one."""
    assert not app.exception
    assert errors.SENTENCE not in [error.value for error in app.error]
    return app


def press(app: AppTest, label: str, place: int = 1) -> AppTest:
    """Press the first button of this label, or the second, ...; "Check" is "Check task 1", "Check task 2", ..."""
    found = [button for button in app.button if label in (button.label, re.sub(r" task \d+$", "", button.label))]
    return sound(found[place - 1].click().run())


def answered(app: AppTest, ident: str, answer: str) -> str:
    """What the page says when this is typed or chosen at a task, "losses.1" as links name it, and checked."""
    path, number = ident.split(".")
    (field,) = [one for one in (*app.text_input, *app.radio) if one.key == f"answer_{path}_{number}"]
    field.set_value(answer)
    return texts(press(app, f"Check task {LESSONS[path].place(int(number))}"))


def tasks_of(app: AppTest) -> int:
    """How many tasks the page asks to check."""
    return len([button for button in app.button if button.label.startswith("Check task ")])


def texts(app: AppTest) -> str:
    """Everything said on the page but its formulas."""
    return "\n".join(element.value for element in [*app.markdown, *app.text, *app.caption])


def formulas(app: AppTest) -> str:
    return "\n".join(element.value for element in app.latex)
