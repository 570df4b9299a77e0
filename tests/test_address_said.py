"""Addresses: each page opens what its address says, or has a sentence on what of it it does not open."""

import functools
import re
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import go_to, sound, texts
from tests.menu_pages import MENU, menu_pages
from ui import gallery, moment
from ui.address import BESIDE, READ_WHOLE
from ui.classroom.hand_out import DRAFT
from ui.compare.comparison import SHARED, link
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


# What an address may say wrongly; None: the name is given twice.
NONSENSE = {"empty": "", "huge": "9" * 30, "nan": "nan", "negative": "-1", "separators": "~-~-~", "twice": None}
NONSENSE |= {"markup": "<b>**x**</b>[y](//z)$a$:red[q]"}
OF_A_RUN = (*moment.KEYS, "noise", "3.batch_size", "points")
NAMES = dict.fromkeys(("", "digits", "landscape", "sweep", "seeds"), OF_A_RUN)
NAMES |= {"compare": SHARED, "exercise": ("point",), "hand_ins": ("task",)}


@functools.cache
def told_of_a_right_address(path):
    return told(opened(path, right(path)))


def told(app):
    return frozenset(element.value for element in (*app.text, *app.error))


@pytest.mark.parametrize("kind", NONSENSE)
@pytest.mark.parametrize("path", PAGES)
def test_of_each_name_that_says_nonsense_a_page_has_a_sentence_once_and_shows_it_as_text(path, kind):
    names = (*BESIDE, DRAFT, "q", *NAMES.get(path, ()))
    said = ("nan", "1") if kind == "twice" else (NONSENSE[kind],)
    pairs = [pair for pair in parse_qsl(right(path), keep_blank_values=True) if pair[0] not in names]
    app = opened(path, urlencode([*pairs, *((name, text) for name in names for text in said)]))
    new = told(app) - told_of_a_right_address(path)
    if kind != "empty":  # which most pages take as nothing said
        for name in names:
            quoted = name.split(".")[-1]
            assert re.search(rf"\b{quoted}['.,:]|The {quoted} in", " ".join(new)), f"nothing is said of {name}"
    for element in new:
        sentences = re.split(r"\n|(?<=\.) (?=In the link)", element)
        assert len(set(sentences)) == len(sentences)
    if kind == "markup":
        shown = [node for node in app.main if node.type not in ("text", "text_input", "bidi_component")]
        assert not [node for node in shown if NONSENSE[kind] in str(getattr(node, "proto", ""))]


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


@pytest.mark.parametrize("path", ["sweep", "seeds"])
def test_a_page_of_sweeps_says_what_it_leaves_out_of_the_run_that_a_link_holds(path):
    text = texts(opened(path, f"{LINK}&at=5&5.learning_rate=0.1"))
    assert "(left out)" not in text
    text = texts(opened(path, f"{LINK}&at=5&20.l1=0.1&30.l1=0.2&3.edit.0.0.0=1&speed=max&forks=~~~~~&task=1.x"))
    assert text.count("(left out)") == 3
    assert "expected no change after update 5, got one at update 20." in text
    assert "expected weights drawn from a seed, got some set by hand at update 3." in text
    assert "only the playground has these: speed, forks, task." in text


def test_a_change_beyond_what_a_link_has_seen_of_its_run_is_the_future_that_play_goes_along():
    (pg,) = boards(opened("", f"{LINK}&at=5&until=9&20.learning_rate=0.1"))
    assert (pg.shown, pg.furthest, pg.run.experiment.events) == (5, 9, ((20, {"learning_rate": 0.1}),))
    pg.play()
    while pg.run.update < 25:
        pg.run.advance(updates=1)
    by_hand = ONE.start()
    by_hand.advance(updates=20)
    by_hand.change(learning_rate=0.1)
    by_hand.advance(updates=5)
    assert np.array_equal(pg.run.network.theta, by_hand.network.theta)
    assert "20.learning_rate=0.1" in pg.link


def test_a_sheet_of_ones_own_network_is_not_said_to_be_left_out():
    app = opened("exercise", "dataset=xor&hidden=2&point=2&done=neurons.1")
    assert "Equal signs, training point 2" in texts(app) and "The address holds" not in texts(app)
    assert "In the link" not in texts(app)
    assert "The address holds an experiment, which this page" in texts(opened("exercise", "dataset=xor&hidden=2"))


def test_what_was_done_in_the_lessons_is_taken_from_the_address_of_any_page_and_said_once():
    app = opened("data", "done=neurons.1-nan")
    assert texts(app).count("there is no task 'nan'") == 1
    app = go_to(app, "neurons")
    assert "1 of" in texts(app) and "there is no task" not in texts(app)


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
        ({"a": f"{LINK}&q=1", "b": "hidden=2", "forks": "d=_0"}, "some of 'd'. In the link (it is left out), there", 2),
        ({"a": f"{LINK}&q=1", "b": "hidden=2&z=1"}, "called 'q'. In the link (it is left out), there is nothing", 2),
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
