"""The digits page: what is drawn is read by the network on screen, training goes on by messages, a link says it all."""

import json
import math
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from scratchnet.strokes import bitmap_of_canvas, counted, digit_of_strokes
from tests.drawn_digits import DRAWN
from tests.lesson_app import sound
from tests.menu_pages import MENU
from ui.digits.reading import EPOCHS, FIRST, MISTAKES, PEN, SHADES, Reading


def said_strokes(digit):
    """A drawn digit as the browser says it."""
    return [[value for x, y, _ in stroke for value in (x, y)] for stroke in DRAWN[digit]]


def square(digit):
    return digit_of_strokes([[(x, y) for x, y, _ in stroke] for stroke in DRAWN[digit]], PEN).ravel()


class Browser:
    """What the component says, message after message, and what it keeps."""

    def __init__(self, reading=None):
        self.reading = reading or Reading()
        self.n = self.ids = 0
        self.data = self.reading.answer(None)

    def say(self, **message):
        self.n += 1
        self.data = self.reading.answer({"n": self.n, "visit": self.data["visit"], **message})
        return self.data

    def command(self, kind):
        self.ids += 1
        return self.say(outbox=[{"id": self.ids, "kind": kind}])

    def train(self):
        """Press Train, and go on asking until it rests: the data of every answer."""
        answers = [self.command("train")]
        while answers[-1]["playing"]:
            answers.append(self.say())
            assert len(answers) < 500
        return answers


@pytest.fixture(scope="module")
def trained():
    browser = Browser()
    browser.train()
    return browser


def by_hand(run, digit):
    """(probabilities, hidden activations) of 64 counts: scaled, tanh and softmax, with plain sums."""
    mean, spread = run.dataset.x_train.mean(), run.dataset.x_train.std()
    x = [(ink - mean) / spread for ink in digit]
    (W1, W2), (b1, b2) = run.network.weights, run.network.biases
    hidden = [math.tanh(sum(w * v for w, v in zip(row, x, strict=True)) + b) for row, b in zip(W1, b1, strict=True)]
    z = [sum(w * v for w, v in zip(row, hidden, strict=True)) + b for row, b in zip(W2, b2, strict=True)]
    powers = [math.exp(value - max(z)) for value in z]
    return [power / sum(powers) for power in powers], hidden


# What is drawn


@pytest.mark.parametrize("strokes", [[], [[]]])
def test_an_empty_canvas_has_no_answer(trained, strokes):
    assert trained.say(strokes=strokes)["drawn"] == {"seen": None, "problem": ""}


@pytest.mark.parametrize("digit", [2, 7])
def test_a_drawing_is_answered_with_what_the_network_makes_of_its_64_numbers(trained, digit):
    drawn = trained.say(strokes=said_strokes(digit))["drawn"]
    assert drawn["seen"] == square(digit).tolist()
    probabilities, hidden = by_hand(trained.reading.playground.run, square(digit))
    assert drawn["outputs"] == pytest.approx(probabilities, abs=1e-6)
    assert drawn["hidden"] == pytest.approx(hidden, abs=1e-6)
    assert drawn["answer"] == drawn["why"] == probabilities.index(max(probabilities)) == digit


def test_what_speaks_for_the_digit_asked_about_is_its_slope_times_the_ink(trained):
    run, digit = trained.reading.playground.run, square(3)
    drawn = trained.say(strokes=said_strokes(3), why=8)["drawn"]
    assert drawn["why"] == 8

    def score(counts):
        logs = [math.log(p) for p in by_hand(run, counts)[0]]
        return logs[8] - sum(logs) / 10

    largest = drawn["largest_pull"]
    for place in (0, 10, 20, 28, 35, 44):  # the first is empty
        up, down = digit.copy(), digit.copy()
        up[place], down[place] = digit[place] + 1e-4, digit[place] - 1e-4
        expected = digit[place] * (score(up) - score(down)) / 2e-4
        assert drawn["pulls"][place] * largest / SHADES == pytest.approx(expected, abs=largest / SHADES)
    assert max(abs(pull) for pull in drawn["pulls"]) == SHADES


def test_at_least_9_of_the_10_drawn_digits_are_read_right_after_one_press_of_train(trained):
    answers = [trained.say(strokes=said_strokes(digit))["drawn"]["answer"] for digit in DRAWN]
    assert sum(digit == answer for digit, answer in zip(DRAWN, answers, strict=True)) >= 9, answers


def test_digits_that_are_drawn_half_as_wide_again_as_those_it_learned_from_are_read_too(trained):
    """Each test digit as a shape of 140 by 210 pixels. With a scale for each pixel, half of them were read right."""
    run, seen = trained.reading.playground.run, []
    for counts in run.dataset.x_test.reshape(-1, 8, 8):
        across = np.array([np.interp(np.linspace(-0.5, 7.5, 210), range(8), row) for row in counts])
        shape = np.array([np.interp(np.linspace(-0.5, 7.5, 140), range(8), column) for column in across.T]).T >= 8
        seen.append(counted(bitmap_of_canvas(shape)).ravel())
    answers = run.network.predict(sn.apply_features(seen, FIRST.features, run.dataset.scale)).argmax(axis=1)
    assert np.mean(answers == run.dataset.y_test) >= 0.7


def test_a_test_digit_can_be_looked_at_instead_of_the_drawing(trained):
    data = trained.reading.playground.run.dataset
    drawn = trained.say(strokes=said_strokes(3), chosen=5)["drawn"]
    assert drawn["seen"] == data.x_test[5].tolist()
    beyond = trained.say(strokes=said_strokes(3), chosen=len(data.x_test))["drawn"]
    assert beyond["seen"] == square(3).tolist()


@pytest.mark.parametrize(
    "strokes",
    ["0,1", {"a": 1}, [3], [[1, 2, 3]], [["a", "b"]], [[math.nan, 1]], [[1e300, 1]], [[[1], [2]]], [{}], None],
)
def test_what_is_no_drawing_is_told_in_one_sentence_and_not_read(trained, strokes):
    drawn = trained.say(strokes=strokes)["drawn"]
    assert drawn["seen"] is None
    assert drawn["problem"].startswith("strokes: expected") and drawn["problem"].endswith("draw anew.")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
names = st.sampled_from(["n", "strokes", "chosen", "why", "has", "studied", "outbox", "address", "visit"])
UNTRAINED = Reading()


@given(json_values | st.dictionaries(names, json_values))
def test_whatever_a_browser_says_it_gets_an_answer_that_is_json(message):
    json.dumps(UNTRAINED.answer(message), allow_nan=False)


# Training


def test_training_goes_on_an_epoch_an_answer_at_most_and_rests_after_twenty():
    browser = Browser()
    assert browser.data["trained"]["update"] == 0 and not browser.data["playing"]
    answers = browser.train()
    epochs = [answer["trained"]["epoch"] for answer in answers]
    assert epochs[-1] == EPOCHS == 20
    assert all(0 <= later - epoch <= 1 for epoch, later in zip([0, *epochs], epochs, strict=False))
    assert answers[-1]["trained"]["correct"] / answers[-1]["trained"]["total"] >= 0.95
    assert [answer["playing"] for answer in answers] == [True] * (len(answers) - 1) + [False]
    again = browser.train()
    assert again[-1]["trained"]["epoch"] == 2 * EPOCHS


def test_a_message_that_is_said_twice_trains_once():
    browser = Browser()
    browser.command("train")
    update = browser.data["trained"]["update"]
    message = {"n": browser.n, "visit": browser.data["visit"], "outbox": [{"id": 1, "kind": "train"}]}
    assert browser.reading.answer(message)["trained"]["update"] == update
    assert browser.reading.playground.run.update == update > 0


@pytest.mark.parametrize("rate", [1e3, 1e30])
def test_a_run_that_diverges_says_so_and_rests_and_every_number_on_the_way_is_finite(rate):
    browser = Browser()
    browser.reading.playground.apply(optimizer="sgd", activation="relu", learning_rate=rate)
    for answer in [*browser.train(), browser.say(strokes=said_strokes(3))]:
        json.dumps(answer, allow_nan=False)
    assert not browser.data["playing"]
    assert browser.data["trained"]["words"].startswith("Diverged")


def test_pause_and_reset_are_obeyed_and_what_another_visit_was_told_is_not():
    browser = Browser()
    browser.command("train")
    browser.command("pause")
    update = browser.data["trained"]["update"]
    assert not browser.data["playing"] and update > 0
    browser.say(outbox=[{"id": 9, "kind": "reset"}], visit="another")
    assert browser.reading.playground.run.update == update
    assert browser.command("reset")["trained"]["update"] == 0


def test_a_link_opened_by_somebody_else_has_the_same_network_bit_for_bit():
    first = Browser()
    first.reading.playground.apply(hidden=(16,), init_seed=3)
    first.train()
    other = Reading()
    other.playground.open(first.reading.playground.link)
    while other.playground.playing:
        other.answer({"n": other._answered + 1})
    mine, theirs = first.reading.playground.run, other.playground.run
    assert mine.update == theirs.update > 0 and mine.experiment == theirs.experiment
    assert mine.network.theta.tobytes() == theirs.network.theta.tobytes()


def test_a_long_way_back_is_trained_in_pieces_while_messages_come(monkeypatch):
    monkeypatch.setattr("ui.play.playground.REACH_SECONDS", 0.01)  # the way is long, however fast the machine
    reading = Reading()
    slow = FIRST.replace(hidden=(128, 128), batch_size=1)
    reading.playground.open(f"{slow.to_query()}&at=1000")
    assert reading.playground.playing and 0 < reading.playground.run.update < 1000
    for n in range(1, 300):
        if not reading.answer({"n": n})["playing"]:
            break
    assert reading.playground.run.update == 1000


@pytest.mark.parametrize("change", [{"dataset": "wine"}, {"features": ("x1", "x2")}, {"dataset": "spiral"}])
def test_a_link_of_other_data_opens_the_pages_own_experiment_and_says_so(change):
    name = change.get("dataset", "digits")
    other = sn.Experiment(**{"dataset": name, **sn.defaults_for(name), **change})
    reading = Reading()
    reading.playground.open(other.to_query())
    reading.keeps_to_digits()
    assert reading.playground.run.experiment == FIRST
    assert "another data set" in reading.playground.notice
    assert not reading.playground.can_undo  # to what this page cannot show


# What is shown of the network


def test_weights_are_said_as_shares_of_the_largest_and_only_to_who_has_not_got_them(trained):
    data = trained.say()
    run = trained.reading.playground.run
    weights, largest = np.array(data["trained"]["weights"]), data["trained"]["largest"]
    assert largest == max(abs(weight) for row in run.network.weights[0].tolist() for weight in row)
    assert np.abs(weights * largest / SHADES - run.network.weights[0]).max() <= 0.5001 * largest / SHADES
    assert "trained" not in trained.say(has=data["network"]) and "study" in trained.data
    assert "study" not in trained.say(studied=data["network"]) and "trained" in trained.data


def test_without_hidden_units_the_pictures_are_those_of_the_ten_answers():
    reading = Reading()
    reading.playground.apply(hidden=())
    data = reading.answer({"n": 1, "strokes": said_strokes(3)})
    assert not data["trained"]["has_hidden"] and len(data["trained"]["weights"]) == 10
    assert data["drawn"]["hidden"] == []


def test_the_table_counts_truth_and_answer_and_the_mistakes_come_the_surest_first(trained):
    run, study = trained.reading.playground.run, trained.say()["study"]
    counts, wrong = [[0] * 10 for _ in range(10)], []
    for row, (digit, truth) in enumerate(zip(run.dataset.x_test, run.dataset.y_test.tolist(), strict=True)):
        probabilities, _ = by_hand(run, digit)
        answer = probabilities.index(max(probabilities))
        counts[truth][answer] += 1
        if answer != truth:
            wrong.append((max(probabilities), row, truth, answer))
    assert study["confusion"] == counts
    assert study["wrong"] == len(wrong) > 2
    found = [(one["row"], one["truth"], one["answer"]) for one in study["mistakes"]]
    assert found == [tuple(one[1:]) for one in sorted(wrong, reverse=True)[:MISTAKES]]
    assert study["mistakes"][0]["digit"] == run.dataset.x_test[found[0][0]].tolist()


def test_while_it_trains_nothing_is_counted_below():
    browser = Browser()
    assert "study" not in browser.command("train")


# The page


def opened(query: str = "") -> AppTest:
    app = AppTest.from_file(MENU, default_timeout=60).run()
    app.query_params.clear()
    app.query_params.update(dict(parse_qsl(query)))
    app = sound(app.switch_page("../pages/lab/digits.py").run())
    n = 0
    while (data := given_to_browser(app))[
        "playing"
    ]:  # on a busy machine the way to an update takes more than one answer
        app.session_state["digits_canvas"] = {"said": {"n": (n := n + 1), "visit": data["visit"]}}
        sound(app.run())
    return app


def given_to_browser(app: AppTest) -> dict:
    found = [json.loads(one.proto.json or "{}") for one in app.get("bidi_component")]
    return next(data for data in found if "drawn" in data)


def test_the_page_opens_untrained_in_the_menu_and_its_address_says_the_experiment():
    app = opened()
    data = given_to_browser(app)
    assert data["trained"]["update"] == 0 and data["drawn"]["seen"] is None
    assert app.query_params["dataset"] in ("digits", ["digits"])
    assert "13 people wrote" in " ".join(one.value for one in app.markdown)


def test_the_page_answers_a_drawing_by_the_network_of_its_link():
    app = opened(f"{FIRST.to_query()}&at=430")
    data = given_to_browser(app)
    assert data["trained"]["update"] == 430
    app.session_state["digits_canvas"] = {"said": {"n": 999, "visit": data["visit"], "strokes": said_strokes(0)}}
    drawn = given_to_browser(sound(app.run()))["drawn"]
    assert drawn["answer"] == 0 and drawn["seen"] == square(0).tolist()


def test_the_same_network_is_one_click_away_on_the_playground():
    link = f"{FIRST.to_query()}&at=43"
    (way,) = opened(link).get("page_link")
    assert dict(parse_qsl(way.proto.query_string)) == dict(parse_qsl(link))


def test_when_training_ends_the_page_runs_so_that_its_link_and_address_lead_to_what_is_on_screen():
    browser = Browser()
    pg = browser.reading.playground
    pg.page_runs()
    browser.command("train")
    assert not pg.page_is_stale() and browser.data["playing"]
    browser.command("pause")
    assert pg.page_is_stale() and pg.moment.update == browser.data["trained"]["update"] > 0
    browser.train()
    assert pg.page_is_stale() and pg.moment.update == browser.data["trained"]["update"]
    help = opened(f"{FIRST.to_query()}&at=43").get("page_link")[0].proto.help
    assert "at update 43," in help


def test_new_weights_start_anew_and_undo_brings_the_old_ones_back():
    app = opened(f"{FIRST.to_query()}&at=43")
    before = given_to_browser(app)["trained"]
    anew = given_to_browser(sound(app.button(key="digits_new_weights").click().run()))["trained"]
    assert anew["update"] == 0 and anew["weights"] != before["weights"]
    back = given_to_browser(sound(app.button(key="digits_undo").click().run()))["trained"]
    assert (back["update"], back["weights"]) == (43, before["weights"])
