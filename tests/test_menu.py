"""The menu: both ways to start the app show the same pages, and a failing page is one sentence."""

import base64
import os
import re
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.menu_pages import menu_pages
from ui import errors
from ui.kit import assets

CHECKOUT = Path(__file__).parent.parent
SCRIPTS = ("app.py", "ui/menu.py")


def shown_by(script: str) -> AppTest:
    return AppTest.from_file(CHECKOUT / script, default_timeout=60).run()


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_home_page_opens_without_an_error(script):
    app = shown_by(script)
    assert not app.exception
    assert not [error.value for error in app.error]


def test_a_host_without_st_app_shows_the_same_elements_as_the_menu():
    plain, menu = (shown_by(script) for script in SCRIPTS)
    assert [element.type for element in plain.main] == [element.type for element in menu.main]
    assert len(list(plain.main)) > 0


def test_the_app_wraps_the_menu_and_not_a_script_beside_the_pages_folder():
    app = runpy.run_path(str(CHECKOUT / "app.py"), run_name="app")["app"]
    assert isinstance(app, st.App)
    assert app.script_path.is_file()
    assert not (app.script_path.parent / "pages").exists()


def test_every_path_in_the_address_belongs_to_one_page():
    pages = menu_pages()
    assert pages, "the menu shows no page"
    assert [path for path, count in Counter(page.url_path for page in pages).items() if count > 1] == []
    assert [page.url_path for page in pages].count("") == 1, "exactly one page is home"


def test_every_script_in_the_pages_folder_is_in_the_menu():
    menu = (CHECKOUT / "ui" / "menu.py").read_text(encoding="utf-8")
    scripts = [file.relative_to(CHECKOUT / "pages").as_posix() for file in (CHECKOUT / "pages").rglob("*.py")]
    assert [script for script in scripts if f'"{script}"' not in menu] == []


def failing_page():
    import streamlit as st

    from ui import errors

    with errors.caught():
        st.write("before")
        raise RuntimeError("secret detail")


def stopping_page():
    import streamlit as st

    from ui import errors

    with errors.caught():
        st.write("before")
        st.stop()
    st.write("after")


def test_an_unforeseen_error_is_shown_as_one_sentence_without_its_details():
    app = AppTest.from_function(failing_page).run()
    assert [element.value for element in app.error] == [errors.SENTENCE]
    assert not app.exception
    assert "secret" not in str(app.main)


def test_stopping_a_page_is_not_an_error():
    app = AppTest.from_function(stopping_page).run()
    assert not app.error
    assert [element.value for element in app.markdown] == ["before"]


def test_an_error_reaches_the_log_in_full(caplog):
    with errors.caught():
        raise RuntimeError("what happened")
    assert "what happened" in caplog.text


def test_a_script_is_fetched_from_the_server_only_when_the_visit_came_through_the_app():
    def page():
        import streamlit as st

        from ui.kit import assets

        st.write(f"served: {assets.served()}")

    assert AppTest.from_function(page).run().markdown[0].value == "served: False"
    assert assets.served() is False, "no visit, so nothing is served"


def test_an_inline_script_carries_the_modules_it_imports_and_the_styles_it_fetches(tmp_path):
    (tmp_path / "number.js").write_text("export const number = 42;\n")
    (tmp_path / "double.js").write_text('import { number } from "./number.js";\nexport const double = 2 * number;\n')
    (tmp_path / "board.css").write_text(".board { color: red; }\n")
    style = 'const STYLES = await sheet(new URL("./board.css", import.meta.url));\n'
    script = "import { double } from './double.js';\n" + style + "export default () => double;\n"
    (tmp_path / "board.js").write_text(script)
    source = assets.inlined(tmp_path / "board.js")
    assert "./double.js" not in source and "./board.css" not in source
    assert 'from "data:text/javascript;charset=utf-8;base64,' in source
    sent = re.search(r'new URL\("data:text/css;charset=utf-8;base64,([^"]+)", import.meta.url\)', source)[1]
    assert base64.b64decode(sent) == b".board { color: red; }\n"
    assert source.endswith("export default () => double;\n")


def test_every_component_carries_all_its_files_where_none_can_be_fetched():
    """No import and no address of an inline script is relative, however deep; what is fetched only ahead of time is."""
    scripts = [path for path in assets.FOLDER.rglob("*.js") if "export default mount(" in path.read_text("utf-8")]
    assert len(scripts) >= 7
    for path in scripts:
        todo = [assets.inlined(path)]
        while todo:
            source = todo.pop()
            assert not re.search(r"""(from |import |URL\()["']\.""", source), path
            encoded = re.findall(r'data:text/javascript;charset=utf-8;base64,([^"]+)"', source)
            todo += [base64.b64decode(text).decode() for text in encoded]


SEE_THREADS_WHEN_NUMPY_COMES = """
import os, runpy, sys
class Watcher:
    def find_spec(name, *_):
        if name == "numpy":
            print("numpy comes, threads:", os.environ.get("OPENBLAS_NUM_THREADS"))
sys.meta_path.insert(0, Watcher)
import streamlit.web.cli, streamlit.web.bootstrap
runpy.run_path("app.py", run_name="app")
import numpy
"""


def test_a_plain_start_pins_the_threads_before_numpy_is_imported():
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    answer = subprocess.run(
        [sys.executable, "-c", SEE_THREADS_WHEN_NUMPY_COMES],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.stdout.splitlines()[:1] == ["numpy comes, threads: 1"], answer.stderr
