"""Addresses: each page opens what its address says, or has a sentence on what of it it does not open."""

import re
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import sound, texts
from tests.menu_pages import MENU, menu_pages
from ui import gallery
from ui.address import READ_WHOLE
from ui.classroom.hand_out import DRAFT
from ui.compare.comparison import link
from ui.digits.reading import FIRST

ONE = sn.Experiment(dataset="moons", samples=40, hidden=(3,), batch_size=5)
OTHER = ONE.replace(learning_rate=0.1)
LINK = ONE.to_query()
# What an address of a page may hold; of the lessons all may hold the same, and of the others nothing.
RIGHT = {"": f"{LINK}&at=5&until=9", "compare": link([ONE, OTHER], 5), "landscape": f"{LINK}&at=5", "sweep": LINK}
RIGHT |= {"digits": f"{FIRST.to_query()}&at=5", "seeds": f"{LINK}&at=5", "exercise": "seed=3", "hand_ins": ""}
FOLDERS = {"": "play", "Learn": "learn", "Lab": "lab", "Teach": "teach"}
PAGES = {page.url_path: page for page in menu_pages()}


def right(path):
    return RIGHT.get(path, "done=neurons.1" if PAGES[path].section == "Learn" else "")


def opened(path, query):
    app = AppTest.from_file(MENU, default_timeout=60)
    given = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        given.setdefault(name, []).append(text)
    app.query_params.update(given)
    return sound(app.switch_page(f"../pages/{FOLDERS[PAGES[path].section]}/{path or 'playground'}.py").run())


def boards(app):
    """Those on the page; of the page Compare the others are of what it opens without an address."""
    count = sum(bool(re.fullmatch(r"\*\*[A-D]\*\*", element.value)) for element in app.markdown)
    return [one.playground for one in app.session_state["conversations"].values()][: count or None]


def experiments(app):
    return [pg.run.experiment for pg in boards(app)]


@pytest.mark.parametrize("path", PAGES)
def test_of_an_address_that_is_right_nothing_is_said_to_be_left_out(path):
    app = opened(path, right(path))
    assert not re.search(r"In the link|The address holds|The link", texts(app).replace("Taken from the link", ""))
    if path in ("", "landscape"):
        assert experiments(app) == [ONE]
    if path == "digits":
        assert app.session_state["digits_reading"].playground.run.experiment == FIRST
    if path == "compare":
        assert experiments(app) == [ONE, OTHER]
    if path in ("sweep", "seeds"):
        assert app.session_state[f"{path}_base"] == ONE


@pytest.mark.parametrize("path", PAGES)
def test_whatever_is_wrong_with_an_address_its_page_says_what(path):
    rng = np.random.default_rng(list(PAGES).index(path))
    pairs = parse_qsl(right(path), keep_blank_values=True)
    word = "q" + "".join(rng.choice(list("abcdefxyz_0189"), 5))
    assert word in texts(opened(path, urlencode([*pairs, (word, "1")])))
    if pairs:
        name, _ = pairs[rng.integers(len(pairs))]
        assert re.search(
            rf"{name}' is given (twice|more than once)", texts(opened(path, urlencode([*pairs, (name, word)])))
        )
        at = rng.integers(len(pairs))
        damaged = [(name, word if place == at else text) for place, (name, text) in enumerate(pairs)]
        assert word in texts(opened(path, urlencode(damaged)))
    if path == "":
        assert "draft: " in texts(opened(path, urlencode([*pairs, (DRAFT, word)])))
    assert word in texts(opened(path, urlencode([*pairs, ("present", word)])))
    assert word in texts(opened(path, urlencode([*pairs, ("slide", word)])))


@pytest.mark.parametrize("path", [path for path in PAGES if path not in READ_WHOLE])
def test_a_link_to_the_playground_on_another_page_says_so_and_leads_there(path):
    app = opened(path, f"{LINK}&at=5")
    assert "The address holds an experiment, which this page does not take" in texts(app)
    ways = [one.proto for one in app.get("page_link") if one.proto.label == "Open it on the playground"]
    assert [sorted(parse_qsl(one.query_string)) for one in ways] == [sorted(parse_qsl(f"{LINK}&at=5"))]


def test_a_link_to_the_playground_is_that_of_board_a_on_the_page_compare():
    app = opened("compare", f"{LINK}&at=5")
    assert experiments(app) == [ONE, ONE] and "alone; what is missing is as usual or a copy" in texts(app)
    assert [pg.shown for pg in boards(app)] == [5, 5]


def test_a_page_of_sweeps_takes_the_settings_at_the_update_of_a_link_until_that_of_the_playground_is_taken():
    changed = ONE.replace(events=[(3, {"learning_rate": 0.1})])
    for at, expected in ((2, ONE), (3, OTHER)):
        app = opened("sweep", f"{changed.to_query()}&at={at}")
        assert app.session_state["sweep_base"] == expected
        assert f"Taken from the link: the settings at update {at}." in texts(app)
    (take,) = [button for button in app.button if button.key == "sweep_take"]
    app = sound(take.click().run())
    assert app.session_state["sweep_base"] == gallery.FIRST
    assert "Taken from the link" not in texts(app) and not app.query_params


def test_who_takes_the_settings_of_the_playground_keeps_what_was_done_in_the_lessons_and_the_window_for_the_wall():
    beside = "done=neuron&numbers=de&present=1"
    app = opened("sweep", f"{ONE.to_query()}&{beside}")
    before = {name: app.query_params[name] for name in ("done", "numbers", "present")}
    (take,) = [button for button in app.button if button.key == "sweep_take"]
    app = sound(take.click().run())
    assert app.session_state["sweep_base"] == gallery.FIRST
    assert dict(app.query_params) == before


@pytest.mark.parametrize(("path", "query"), [("sweep", "hidden=3"), ("seeds", "at=5"), ("compare", "at=5")])
def test_what_only_an_experiment_could_have_is_said_to_be_without_one(path, query):
    app = opened(path, query)
    assert re.search(r"expected an experiment (with its data set|for each board), got none", texts(app))
    assert path == "compare" or app.session_state[f"{path}_base"] == gallery.FIRST


@pytest.mark.parametrize(
    ("query", "told", "kept"),
    [
        ({"a": LINK, "b": "dataset=xor"}, "board B: expected the data of board A, got other data", 2),
        ({"a": LINK, "b": "samples=41"}, "board B: expected the data of board A, got other data", 2),
        ({"b": LINK, "c": "dataset=xor"}, "board C: expected the data of board B", 2),
        ({"a": "", "b": ""}, "expected an experiment for board A, got none", 4),
        ({"a": LINK, "c": "hidden=2"}, "(they are A, B here), expected boards A, B, got A, C", 2),
        ({"a": LINK, "b": "hidden=2", "e": "hidden=4"}, "'e' in a comparison", 2),
        ({"a": LINK, "b": "hidden=2", "hidden": "4"}, "'hidden' in a comparison", 2),
        ({"a": f"{LINK}&until=7", "b": "hidden=2"}, "board A: 'until' is said of all boards or of none", 2),
        ({"a": LINK, "b": "hidden=2&task=1.x"}, "board B: 'task' is said", 2),
        ({"a": LINK, "b": "hidden=2", "until": "9_9_9"}, "until: expected a number for each of 2 boards, got 3", 2),
        ({"a": LINK, "b": "hidden=2", "forks": "d=_0"}, "forks: expected those of a, b, got some of 'd'", 2),
        ({"a": LINK, "b": "hidden=2", "left": "many"}, "left: expected how many branches found no place", 2),
        ({"a": LINK, "b": "hidden=2&hidden=4"}, "'hidden' is given more than once", 2),
    ],
)
def test_what_a_comparison_cannot_have_as_its_address_says_has_a_sentence(query, told, kept):
    app = opened("compare", urlencode(query))
    assert told in texts(app) and len(boards(app)) == kept


def test_data_that_a_board_says_as_the_first_one_does_is_nothing_to_be_told():
    said = dict(parse_qsl(link([ONE, OTHER])))
    again = said | {"b": f"dataset=moons&samples=40&{said['b']}"}
    app = opened("compare", urlencode(again))
    assert experiments(app) == [ONE, OTHER] and "In the link" not in texts(app)
