"""The menu: the script of every visit. It sets up the browser tab, shows the menu and runs the chosen page."""

from pathlib import Path

import streamlit as st

from ui import address, admission, allowance, errors, following, lesson, present
from ui.kit import palette

PAGES = Path(__file__).resolve().parent.parent / "pages"  # absolute: also right where app.py is the script
ICON = Path(__file__).resolve().parent / "icon.svg"  # a file of ours: a named icon would be asked from another machine
# Streamlit writes white on its primary colour, which in the dark is bright, for it writes with that on the page too:
# no colour is dark enough for the one and bright enough for the other.
FILLED_STYLE = f"""<style>
[kind="primary"]:enabled, [data-testid="stMultiSelect"] [data-tag] {{
  background: {palette.PLUM}; border-color: {palette.PLUM}; color: {palette.WHITE};
}}
[kind="primary"]:enabled:hover {{ filter: brightness(1.15); }}
@media (hover: none) {{ [data-has-shortcut] kbd {{ display: none; }} }} /* a finger has no keys */
</style>"""

page = st.navigation(
    {
        "": [  # a link of its own: a menu called Play would stand beside the button Play
            st.Page(PAGES / "play/playground.py", title="Playground", default=True),
        ],
        "Learn": [
            st.Page(PAGES / "learn/neurons.py", title=lesson.menu_title("neurons")),
            st.Page(PAGES / "learn/forward.py", title=lesson.menu_title("forward")),
            st.Page(PAGES / "learn/losses.py", title=lesson.menu_title("losses")),
            st.Page(PAGES / "learn/backpropagation.py", title=lesson.menu_title("backpropagation")),
            st.Page(PAGES / "learn/training.py", title=lesson.menu_title("training")),
            st.Page(PAGES / "learn/evaluation.py", title=lesson.menu_title("evaluation")),
            st.Page(PAGES / "learn/gradient_check.py", title=lesson.menu_title("gradient_check")),
            st.Page(PAGES / "learn/learning_rate.py", title=lesson.menu_title("learning_rate")),
            st.Page(PAGES / "learn/optimizers.py", title=lesson.menu_title("optimizers")),
            st.Page(PAGES / "learn/luck.py", title=lesson.menu_title("luck")),
            st.Page(PAGES / "learn/exercise.py", title="Exercise: one update by hand"),
        ],
        "Lab": [
            st.Page(PAGES / "lab/compare.py", title="Compare"),
            st.Page(PAGES / "lab/data.py", title="Your own data"),
            st.Page(PAGES / "lab/digits.py", title="Digits"),
            st.Page(PAGES / "lab/landscape.py", title="Loss landscape"),
            st.Page(PAGES / "lab/sweep.py", title="Sweep"),
            st.Page(PAGES / "lab/seeds.py", title="Luck"),
        ],
        "Teach": [
            st.Page(PAGES / "teach/check.py", title="Check the connection"),
            st.Page(PAGES / "teach/hand_ins.py", title="Hand-ins"),
        ],
    },
    position="hidden" if present.is_projected() else "top",
)

st.set_page_config(page_title=f"{page.title} · a neural network from scratch", page_icon=ICON, layout="wide")

st.html(FILLED_STYLE)
with allowance.shared(), errors.caught():
    if admission.is_let_in():
        address.page_runs(page.url_path)
        address.say_what_was_left_out()
        page.run()
        following.page_has_run()
