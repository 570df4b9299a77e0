"""The playground page without a browser: every control changes the Experiment as it says, and a link opens it again."""

import dataclasses
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
import segno
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.widgets import named
from ui import controls, errors, labels
from ui.gallery import FIRST, GALLERY
from ui.kit.palette import BLACK, WHITE
from ui.loss_axis import wants_log
from ui.play.conversation import Conversation
from ui.play.playground import Playground

DRAWERS = ("playground_drawer_data", "playground_drawer_network", "playground_drawer_training")
MENU = Path(__file__).parent.parent / "ui" / "menu.py"


def opened(query: str = "") -> AppTest:
    """The page as a visitor with this address sees it."""
    app = AppTest.from_file(MENU, default_timeout=60)
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    for drawer in DRAWERS:
        app.session_state[drawer] = True
    return checked(app.run())


def whole(query: str = "") -> AppTest:
    """The page with its charts, which come when they are scrolled to."""
    app = opened(query)
    app.session_state["playground_study_seen"] = True
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    """The page, after making sure that nothing failed and that the address bar holds what is on screen."""
    assert not app.exception
    assert errors.SENTENCE not in [error.value for error in app.error]
    address = {name: values[-1] if isinstance(values, list) else values for name, values in app.query_params.items()}
    address.pop("done", None)  # the lessons' part
    address.pop("draft", None)  # what a teacher is making
    assert address == dict(parse_qsl(pg(app).link, keep_blank_values=True))
    return app


def pg(app: AppTest) -> Playground:
    return talk(app).playground


def talk(app: AppTest) -> Conversation:
    return app.session_state["conversations"]["playground"]


def select(app: AppTest, field: str, value: str) -> AppTest:
    """Choose from a list, or type into one that takes other values, too."""
    return choose(app, f"playground_choose_{field}", value)


def choose(app: AppTest, name: str, value: str) -> AppTest:
    box = named(app.selectbox, name)
    if box.proto.accept_new_options and value not in box.options:
        box.options.append(value)  # AppTest itself cannot type
    return checked(box.set_value(value).run())


def enter(app: AppTest, field: str, text: str) -> AppTest:
    return checked(named(app.text_input, f"playground_choose_{field}").set_value(text).run())


def texts(app: AppTest) -> str:
    return " ".join(element.value for element in app.text)


@pytest.fixture(scope="module")
def shared() -> AppTest:
    """A page for tests that change one thing and look at that."""
    return opened()


@pytest.fixture(scope="module")
def trained() -> AppTest:
    """The same, ten epochs on, for tests of what does not start the run anew."""
    app = opened()
    for _ in range(10):
        pg(app).step("epoch")
    return checked(app.run())


# ---- every control says what it does ---------------------------------------------------------------------------------


def widgets_without_help(app: AppTest) -> list[str]:
    """Labels of everything on the page that can be set and has no sentence to explain it."""
    kinds = (app.selectbox, app.text_input, app.slider, app.toggle, app.checkbox, app.button, app.number_input)
    return [widget.label for kind in kinds for widget in kind if not widget.help.endswith(".")]


@pytest.mark.parametrize(
    "settings",
    [{"optimizer": name} for name in sn.OPTIMIZERS]
    + [{"schedule": name} for name in sn.SCHEDULES]
    + [
        {"dataset": "xor_gate", "hidden": ()},
        {"dataset": "sine", "features": ("x1",), "output": "identity", "loss": "mse", "hidden": (3, 2)},
        {"activation": ("tanh", "relu"), "hidden": (3, 2)},
    ],
    ids=lambda settings: "-".join(str(value) for value in settings.values()),
)
def test_every_widget_has_a_sentence_that_says_what_it_does(settings):
    app = whole(sn.Experiment(**settings).to_query())
    assert len(app.selectbox) > 12 and len(app.text_input) > 3 and len(app.toggle) > 3  # the drawers are open
    assert widgets_without_help(app) == []


def test_the_button_that_takes_a_notice_away_says_so():
    assert widgets_without_help(opened("foo=1")) == []


# ---- opening ---------------------------------------------------------------------------------------------------------


def test_it_opens_with_the_first_experiment_untrained_at_rest_and_with_an_invitation():
    app = opened()
    assert pg(app).run.settings == FIRST
    assert pg(app).run.update == 0
    assert not pg(app).playing
    assert "These dots are the data" in texts(app) and "Press Play" in texts(app)


def test_a_link_opens_the_same_start_elsewhere():
    experiment = sn.Experiment(
        dataset="xor", hidden=(3,), activation="relu", optimizer="sgd", optimizer_settings={"momentum": 0.9}, l2=0.01
    )
    app = opened(experiment.to_query())
    assert pg(app).run.experiment == experiment
    assert pg(app).run.update == 0
    again = opened(pg(app).query)
    assert np.array_equal(pg(again).run.network.theta, pg(app).run.network.theta)


def test_a_link_keeps_the_changes_on_the_way():
    app = opened()
    pg(app).step("epoch")
    select(app, "learning_rate", "0.1")
    pg(app).edit(0, 1, None, 0.25)
    checked(app.run())
    assert pg(app).run.experiment.events
    assert pg(opened(pg(app).query)).run.experiment == pg(app).run.experiment


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("learning_rate=nan", "learning_rate"),
        ("learning_rate=1e400", "learning_rate"),
        ("dataset=%3Cscript%3Ealert(1)%3C/script%3E", "<script>"),
        ("activation=" + "x" * 10_000, "activation"),
        ("hidden=9999-9999", "hidden"),
        ("foo=**bold**", "foo"),
        ("output=softmax&loss=bce", "softmax"),
        ("5.edit.0.0.0=inf", "edit"),
    ],
)
def test_a_hostile_link_opens_a_working_page_and_one_sentence_names_the_value_as_plain_text(query, named):
    app = whole(query)
    assert named in pg(app).notice
    assert named in texts(app)
    assert named not in " ".join(element.value for element in (*app.markdown, *app.caption))


def test_a_long_notice_is_shortened_on_its_line_and_whole_in_its_drawer():
    app = opened("&".join(f"nothing{number}=1" for number in range(15)))
    line, whole = (element.value for element in app.text)
    assert len(line) <= controls.LONGEST_LINE
    assert whole == pg(app).notice
    assert all(f"nothing{number}" in whole for number in range(15))


def test_a_notice_can_be_dismissed():
    app = opened("foo=1")
    checked(app.button(key="playground_dismiss").click().run())
    assert pg(app).notice == ""
    assert "foo" not in texts(app)


def test_an_address_typed_or_gone_back_to_later_is_opened():
    app = opened()
    first = dict(app.query_params)
    select(app, "dataset", "spiral")
    checked(app.run())  # the browser has the new address by now
    app.query_params.clear()
    for name, value in first.items():
        app.query_params[name] = value
    checked(app.run())
    assert pg(app).settings["dataset"] == "circle"
    checked(app.run())
    assert pg(app).settings["dataset"] == "circle"


def test_an_address_that_the_browser_has_not_replaced_yet_undoes_nothing():
    app = opened()
    old = dict(app.query_params)
    select(app, "learning_rate", "0.1")
    app.query_params.clear()
    for name, value in old.items():
        app.query_params[name] = value
    select(app, "batch_size", "20")
    assert pg(app).settings["learning_rate"] == 0.1
    assert pg(app).settings["batch_size"] == 20


def test_an_address_that_was_taken_back_before_the_browser_had_it_is_written_again():
    app = opened("dataset=circle&samples=60&batch_size=10")
    old = dict(app.query_params)
    select(app, "learning_rate", "0.1")
    assert app.session_state["playground_address"][-1] != app.session_state["playground_address"][0]
    app.query_params.clear()
    for name, value in old.items():
        app.query_params[name] = value  # the browser has not put the new one there yet, and is about to
    pg(app).undo()
    app.run()
    assert app.session_state["playground_address"][-1] == pg(app).link, (
        "else the address of what was undone stays there"
    )


# ---- controls --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "chosen", "value"),
    [
        ("activation", "relu", "relu"),
        ("learning_rate", "0.3", 0.3),
        ("learning_rate", "0,025", 0.025),
        ("learning_rate", " 3e-4 ", 0.0003),
        ("optimizer", "sgd", "sgd"),
        ("batch_size", "20", 20),
        ("batch_size", "7", 7),
        ("samples", "200", 200),
        ("samples", "123", 123),
        ("initializer", "he_normal", "he_normal"),
        ("schedule", "cosine", "cosine"),
        ("l1", "0.003", 0.003),
        ("l2", "0,02", 0.02),
        ("clip_norm", "0.5", 0.5),
        ("clip_norm", "none", None),
    ],
)
def test_a_list_sets_its_setting_and_shows_it(shared, field, chosen, value):
    select(shared, field, chosen)
    assert pg(shared).settings[field] == value
    shown = named(shared.selectbox, f"playground_choose_{field}").value
    assert shown == (value if isinstance(value, str) else controls.written(value))


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("hidden", "4, 3", (4, 3)),
        ("hidden", "5 4 3", (5, 4, 3)),
        ("hidden", "", ()),
        ("hidden", "8", (8,)),
        ("data_seed", "12", 12),
        ("init_seed", "13", 13),
        ("order_seed", "14", 14),
    ],
)
def test_a_text_sets_its_setting(shared, field, typed, value):
    enter(shared, field, typed)
    assert pg(shared).settings[field] == value


@pytest.mark.parametrize(("field", "percent", "value"), [("noise", 25.0, 0.25), ("train_fraction", 80.0, 0.8)])
def test_a_slider_in_percent_sets_a_share(shared, field, percent, value):
    checked(named(shared.slider, f"playground_choose_{field}").set_value(percent).run())
    assert pg(shared).settings[field] == value
    assert named(shared.slider, f"playground_choose_{field}").value == percent


@pytest.mark.parametrize(("words", "l1", "l2"), [("L1 0.01", 0.01, 0.0), ("L2 0.1", 0.0, 0.1), ("none", 0.0, 0.0)])
def test_regularisation_is_one_choice(shared, words, l1, l2):
    select(shared, "regularisation", words)
    assert (pg(shared).settings["l1"], pg(shared).settings["l2"]) == (l1, l2)


def test_all_samples_in_one_batch_stays_all_when_there_are_more_samples():
    app = opened("samples=50")
    select(app, "batch_size", "all")
    select(app, "samples", "1000")
    assert named(app.selectbox, "playground_choose_batch_size").value == "all"
    assert pg(app).settings["batch_size"] >= 1000


def test_switching_off_the_shuffle(shared):
    checked(named(shared.toggle, "playground_choose_shuffle").set_value(False).run())
    assert pg(shared).settings["shuffle"] is False


def test_the_next_buttons_take_the_next_seed():
    app = opened()
    for field in ("data_seed", "init_seed", "order_seed"):
        checked(app.button(key=f"playground_next_{field}").click().run())
        assert pg(app).settings[field] == 1
        assert named(app.text_input, f"playground_choose_{field}").value == "1"


def test_each_layer_can_have_its_own_activation():
    app = opened("hidden=4-4-4")
    select(app, "activation_1", "relu")
    assert pg(app).settings["activation"] == ("tanh", "relu", "tanh")
    assert named(app.selectbox, "playground_choose_activation").value == "mixed"
    enter(app, "hidden", "4, 4, 4, 4")
    assert pg(app).settings["activation"] == ("tanh", "relu", "tanh", "tanh")
    enter(app, "hidden", "")
    assert pg(app).settings["hidden"] == ()
    enter(app, "hidden", "4")
    select(app, "activation", "elu")
    assert pg(app).settings["activation"] == "elu"


@pytest.mark.parametrize("name", sn.OPTIMIZERS)
def test_every_setting_of_every_optimizer_can_be_set(name):
    app = opened(f"optimizer={name}")
    prefix = f"playground_choose_optimizer_{name}_"
    fields = [widget.key.split(":")[0] for widget in app.text_input if str(widget.key).startswith(prefix)]
    assert fields
    for key in fields:
        checked(named(app.text_input, key).set_value("0,25").run())
        assert named(app.text_input, key).value == "0.25"
    settings = pg(app).settings["optimizer_settings"]
    assert {value for given in settings.values() for value in (given if isinstance(given, tuple) else (given,))} == {
        0.25
    }
    experiment, ignored = sn.Experiment.from_query(pg(app).query)
    assert experiment.at(0).optimizer_settings == settings and not ignored


def test_a_switch_among_the_settings_of_an_optimizer():
    app = opened("optimizer=sgd&optimizer.momentum=0.9")
    checked(named(app.toggle, "playground_choose_optimizer_sgd_nesterov_0").set_value(True).run())
    assert pg(app).settings["optimizer_settings"] == {"momentum": 0.9, "nesterov": True}


def test_a_setting_at_its_default_is_not_written_into_the_link():
    app = opened("optimizer=sgd&optimizer.momentum=0.9")
    checked(named(app.text_input, "playground_choose_optimizer_sgd_momentum_0").set_value("0").run())
    assert pg(app).settings["optimizer_settings"] == {}


@pytest.mark.parametrize("name", sn.SCHEDULES)
def test_every_schedule_opens_with_its_settings(name):
    app = opened(f"schedule={name}")
    prefix = f"playground_choose_schedule_{name}_"
    keys = [widget.key.split(":")[0] for widget in app.text_input if str(widget.key).startswith(prefix)]
    for key in keys:
        old = named(app.text_input, key).value
        checked(named(app.text_input, key).set_value("1").run())
        assert named(app.text_input, key).value == "1", f"{key} was {old}"


def test_every_setting_of_an_optimizer_or_a_schedule_is_explained():
    kinds = [*sn.OPTIMIZERS.values(), *sn.SCHEDULES.values()]
    named = {field.name for kind in kinds for field in dataclasses.fields(kind)}
    assert named - {"learning_rate"} == set(controls.MEANING)


@pytest.mark.parametrize("name", sn.DATASETS)
def test_every_data_set_brings_the_output_and_loss_of_its_task(shared, name):
    select(shared, "dataset", name)
    settings = pg(shared).settings
    assert settings["dataset"] == name
    assert {"output": settings["output"], "loss": settings["loss"]}.items() <= sn.defaults_for(name).items()


@pytest.mark.parametrize(
    ("query", "field", "chosen", "pair"),
    [
        ("", "output", "softmax", ("softmax", "cross_entropy")),
        ("", "loss", "hinge", ("identity", "hinge")),
        ("", "loss", "mse", ("sigmoid", "mse")),
        ("output=tanh&loss=mse", "loss", "mae", ("tanh", "mae")),
        ("output=identity&loss=hinge", "output", "sigmoid", ("sigmoid", "bce")),
    ],
)
def test_a_new_output_or_loss_comes_with_its_usual_partner_or_keeps_the_present_one(query, field, chosen, pair):
    app = opened(query)
    select(app, field, chosen)
    assert (pg(app).settings["output"], pg(app).settings["loss"]) == pair


def test_an_unusual_pair_is_said_in_a_sentence():
    app = opened("output=sigmoid&loss=mse")
    sentence = "With the output sigmoid, mean squared error learns slowly where the answer is surely wrong"
    sentence += "; sigmoid with binary cross-entropy is the usual choice."
    assert sentence in [caption.value for caption in app.caption]


def test_only_outputs_and_losses_that_go_with_the_data_are_offered():
    app = opened("dataset=plane")
    assert set(named(app.selectbox, "playground_choose_loss").options) == {
        labels.loss_title(name) for name in ("mse", "half_squared_error", "mae", "huber")
    }


# ---- what a change does to the run -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        ("learning_rate", "0.1"),
        ("batch_size", "20"),
        ("optimizer", "sgd"),
        ("regularisation", "L2 0.01"),
        ("schedule", "step"),
        ("clip_norm", "1"),
    ],
)
def test_a_live_setting_goes_on_from_the_update_on_screen(trained, field, chosen):
    before = pg(trained).run
    select(trained, field, chosen)
    after = pg(trained).run
    assert after.settings != before.settings
    assert after.update == before.update > 0
    assert np.array_equal(after.network.theta, before.network.theta)
    assert pg(trained).notice == ""


@pytest.mark.parametrize(("field", "chosen"), [("dataset", "spiral"), ("activation", "relu"), ("samples", "200")])
def test_any_other_setting_starts_anew_and_says_so(field, chosen):
    app = opened()
    select(app, field, chosen)
    assert pg(app).run.update == 0
    assert "Started anew" in texts(app)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("abc", "abc"),
        ("", "a number"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("1e400", "too large"),
        ("1_000", "1_000"),
        ("9" * 10_000, "10000 characters"),
        ("0", "above 0"),
        ("-1", "above 0"),
        ("<b>1</b>", "<b>1</b>"),
    ],
)
def test_a_bad_number_is_refused_in_one_sentence_and_the_last_good_state_stays(trained, typed, reason):
    pg(trained).notice = ""
    before, theta = pg(trained).query, pg(trained).run.network.theta
    shown = named(trained.selectbox, "playground_choose_learning_rate").value
    select(trained, "learning_rate", typed)
    assert reason in pg(trained).notice
    assert pg(trained).notice.count("expected") == 1
    assert pg(trained).query == before and pg(trained).run.network.theta is theta
    assert named(trained.selectbox, "playground_choose_learning_rate").value == shown


@pytest.mark.parametrize("typed", ["8, many", "0", "9999", "-3", "1.5", "8," * 100])
def test_bad_layers_are_refused_in_one_sentence(trained, typed):
    pg(trained).notice = ""
    enter(trained, "hidden", typed)
    assert "expected" in pg(trained).notice
    assert pg(trained).settings["hidden"] == FIRST.hidden
    assert named(trained.text_input, "playground_choose_hidden").value == "6"


def test_undo_brings_back_the_run_and_the_controls_follow():
    app = opened()
    theta = pg(app).run.network.theta
    select(app, "dataset", "xor")
    pg(app).undo()
    checked(app.run())
    assert named(app.selectbox, "playground_choose_dataset").value == "circle"
    assert np.array_equal(pg(app).run.network.theta, theta)


def test_the_controls_follow_what_the_board_changes():
    app = opened()
    pg(app).apply(hidden=(5, 4, 3), features=("x1",), init_seed=9)
    checked(app.run())
    assert named(app.text_input, "playground_choose_hidden").value == "5, 4, 3"
    assert named(app.text_input, "playground_choose_init_seed").value == "9"


def test_every_starting_point_opens_with_its_sentence():
    app = opened()
    for name, start in GALLERY.items():
        checked(app.menu_button(key="playground_start_from").set_value(name).run())
        assert pg(app).run.experiment == start.experiment
        assert pg(app).run.update == 0
        assert start.sentence in texts(app)


def test_the_link_to_share_is_the_experiment():
    app = opened()
    app.session_state["playground_drawer_share"] = True
    checked(app.run())
    assert [code.value for code in app.code] == [f"/?{pg(app).query}"]
    ((picture,),) = [image.proto.imgs for image in app.get("image")]
    wanted = segno.make(f"/?{pg(app).query}", error="l", micro=False)
    assert picture.url == wanted.svg_data_uri(scale=4, border=4, dark=BLACK, light=WHITE)


def test_stop_rules_are_chosen_without_touching_the_run():
    app = opened()
    run = pg(app).run
    checked(named(app.toggle, "playground_stop_solved").set_value(True).run())
    checked(named(app.toggle, "playground_stop_plateau").set_value(True).run())
    choose(app, "playground_stop_epochs", "25")
    assert pg(app).stop_rule == {"solved": True, "plateau": True, "epochs": 25}
    assert pg(app).run is run
    for bad in ("0", "-5", "many", "1e30", "2.5"):
        choose(app, "playground_stop_epochs", bad)
        assert "After so many epochs" in pg(app).notice
        assert named(app.selectbox, "playground_stop_epochs").value == "25"
    choose(app, "playground_stop_epochs", "none")
    assert pg(app).stop_rule["epochs"] is None


def at_rest(app: AppTest, n: int) -> dict:
    """What the board says when it has stood still for a while."""
    shown = pg(app).shown
    return {"visit": talk(app)._visit, "generation": pg(app).generation, "n": n, "tail": shown, "shown": shown} | {
        "rest": "page"
    }


def test_a_page_that_has_run_for_a_change_is_not_run_again_for_it():
    app = opened()
    select(app, "learning_rate", "0.1")
    talk(app).answer(at_rest(app, 1))
    assert not pg(app).page_is_stale()
    pg(app).step("update")
    talk(app).answer(at_rest(app, 2))
    assert pg(app).page_is_stale()


def test_a_control_whose_change_reaches_the_board_alone_has_the_page_run_afterwards():
    app = opened()
    pg(app).apply(learning_rate=0.1)  # as a control's callback does in a run of the board's fragment only
    assert pg(app).page_is_stale()


def what_the_browser_has(app: AppTest):
    """The page's widgets with the values they show now, to be sent later."""
    for widget in (*app.selectbox, *app.text_input, *app.slider, *app.toggle):
        widget._value = widget.value
    return app._tree


def test_what_the_browser_had_before_it_learned_of_a_change_is_not_taken_for_a_choice():
    app = opened()
    select(app, "learning_rate", "0.1")
    before = what_the_browser_has(app)
    pg(app).undo()
    checked(app.run())
    app._tree = before
    checked(app.run())
    assert pg(app).settings["learning_rate"] == FIRST.learning_rate
    before = what_the_browser_has(app)
    pg(app).replace(GALLERY["bumps"].experiment)
    checked(app.run())
    app._tree = before
    checked(app.run())
    assert pg(app).run.experiment == GALLERY["bumps"].experiment


def test_two_visitors_do_not_disturb_each_other():
    one, other = opened(), opened()
    select(one, "dataset", "spiral")
    checked(other.run())
    assert pg(other).settings["dataset"] == "circle"
    select(other, "learning_rate", "1")
    checked(one.run())
    assert pg(one).settings["learning_rate"] == FIRST.learning_rate
    assert "Started anew" not in texts(other)


# ---- below the board -------------------------------------------------------------------------------------------------


def captions(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def test_charts_at_rest_show_the_run_and_say_which_update():
    app = whole()
    study = app.session_state["playground_study"]
    run = pg(app).run
    assert study.network.theta is run.network.theta
    loss = study.figures["loss", wants_log(run.history.train_loss, run.history.test_loss)]
    assert np.array_equal(loss["data"][0]["y"], run.history.train_loss)
    assert f"These show update {run.update} ({run.epoch} complete epochs)." in captions(app)
    pg(app).step("update")
    checked(app.run())
    assert app.session_state["playground_study"].network.theta is pg(app).run.network.theta
    assert f"These show update {run.update + 1} ({run.epoch} complete epochs)." in captions(app)


@pytest.mark.parametrize(("query", "is_same"), [("dataset=xor_gate", True), ("dataset=xor", False)])
def test_the_charts_say_where_the_test_data_are_the_training_data(query, is_same):
    said = " ".join(captions(whole(query)))
    assert "These show update 0" in said
    assert ("Test and training points are the same here" in said) == is_same


def test_the_chart_of_three_inputs_shows_the_slice_that_the_board_shows():
    app = whole("dataset=tutorial&features=x1-x2-x3")

    def drawn(command):
        talk(app)._obey(command)
        assert pg(app).page_is_stale(), "the charts below the board are drawn anew"
        checked(app.run())
        slices = [key[1] for key in app.session_state["playground_study"].figures if key[0] == "answers"]
        assert slices[-1] == sn.slice_at(pg(app).columns, pg(app).held)
        return " ".join(captions(app))

    assert "A slice" not in " ".join(captions(app)) and "slice along x1 and x2, at x3 = 0.1667 (the mean" in " ".join(
        captions(app)
    )
    assert "slice along x3 and x1, at x2 = 0.2667 (the mean" in drawn({"kind": "slice", "columns": [2, 0]})
    assert "at x2 = 0.7 (as in the input that is followed" in drawn({"kind": "probe", "x": [0.5, 0.7, 0.1]})


@pytest.mark.parametrize(
    ("tab", "changes"),
    [
        ("Charts", {"dataset": "xor"}),
        ("Charts", {"hidden": (2,)}),
        ("Charts", {"init_seed": 5}),
        ("Microscope", {"learning_rate": 1.0}),
        ("Parameters", {"learning_rate": 1.0}),
    ],
)
def test_what_is_changed_while_it_plays_is_what_charts_and_microscope_show(tab, changes):
    app = whole("hidden=3&samples=60")
    app.session_state["playground_study_tab"] = tab
    pg(app).play()
    pg(app).apply(**changes)
    app.run()
    study = app.session_state["playground_study"]
    assert {name: getattr(study.settings, name) for name in changes} == changes
    assert study.next.step.learning_rate == study.settings.learning_rate
    assert study.data is pg(app).run.dataset
    assert study.update == pg(app).run.update


def test_charts_of_what_was_keep_still_while_another_rate_decides_what_comes():
    app = whole("hidden=3&samples=60&learning_rate=0.1&at=7")
    before = app.session_state["playground_study"]
    assert before.update == 7
    pg(app).play()
    for changes in ({"learning_rate": 1.0}, {"optimizer": "sgd"}):
        pg(app).apply(**changes)
        checked(app.run())
        assert app.session_state["playground_study"] is before
        assert any("These show update 7 (" in caption and "pause to bring" in caption for caption in captions(app))
    app.session_state["playground_study_tab"] = "Microscope"
    checked(app.run())
    now = app.session_state["playground_study"]
    assert (now.settings.learning_rate, now.settings.optimizer) == (1.0, "sgd")
    assert now.next.step.learning_rate == 1.0


def test_a_weight_that_is_set_while_it_plays_is_in_the_charts():
    app = whole("hidden=3&samples=60&at=7")
    before = app.session_state["playground_study"]
    pg(app).play()
    pg(app).edit(0, 0, 0, 5.0)
    checked(app.run())
    edited = app.session_state["playground_study"]
    assert edited is not before
    assert edited.network.weights[0][0, 0] == pg(app).run.network.weights[0][0, 0]


def test_charts_do_not_show_what_lies_ahead_once_it_plays_from_the_start_again():
    app = whole("hidden=3&samples=60&at=5000")
    pg(app).reset()
    pg(app).play()
    checked(app.run())
    assert app.session_state["playground_study"].update == pg(app).run.update < 5000


def test_charts_keep_still_while_it_plays_and_say_so():
    app = whole()
    before = app.session_state["playground_study"]
    pg(app).play()
    select(app, "learning_rate", "0.01")
    assert pg(app).playing
    assert app.session_state["playground_study"] is before
    assert any("pause to bring them up to date" in caption for caption in captions(app))
    pg(app).pause()
    checked(app.run())
    assert app.session_state["playground_study"].update == pg(app).run.update


def test_the_tables_hold_the_parameters_of_the_update_on_screen():
    app = opened()
    app.session_state["playground_study_tab"] = "Parameters"
    checked(app.run())
    net = pg(app).run.network
    for table, weights, biases in zip(app.dataframe, net.weights, net.biases, strict=True):
        assert np.array_equal(table.value.to_numpy(), np.column_stack([weights, biases]))


def test_the_switch_of_the_axis_begins_with_its_value_in_every_run_for_the_browser_may_have_missed_the_first():
    app = whole("dataset=gauss&learning_rate=0.03")
    pg(app).run.advance(epochs=300)
    pg(app).step("epoch")
    for _ in range(2):
        switch = named(checked(app.run()).toggle, "playground_study_log")
        assert (switch.proto.default, switch.value) == (True, True)


def test_the_learners_choice_of_the_axis_stays():
    app = whole()
    assert named(app.toggle, "playground_study_log").value is False
    checked(named(app.toggle, "playground_study_log").set_value(True).run())
    pg(app).step("epoch")
    checked(app.run())
    assert named(app.toggle, "playground_study_log").value is True
    assert ("loss", True) in app.session_state["playground_study"].figures


# ---- reading what was typed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1 + 0.2, 1e-8, 123456.789, 1e300, -0.5, 3, 10**15])
def test_a_number_as_written_reads_back_as_the_same(value):
    assert controls.number(controls.written(value), "It") == value


def test_a_number_is_read_with_a_point_or_a_comma():
    assert controls.number("0,5", "It") == controls.number("0.5", "It") == controls.number(" .5", "It") == 0.5
    assert controls.number("\u22122", "It") == -2
    for bad in ("1,5,5", "1.000,5.0", "\uff11", "0x10", "--1", "1e", "e5", "true", None):
        with pytest.raises(ValueError, match=r"^It: expected a number"):
            controls.number(bad, "It")


# ---- the moment ------------------------------------------------------------------------------------------------------


def address_of(app: AppTest) -> str:
    """What stands in the address bar."""
    pairs = [(name, value) for name, values in app.query_params.items() for value in np.atleast_1d(values).tolist()]
    return urlencode(pairs)


def gone_to(app: AppTest, page: str) -> AppTest:
    """The visitor chooses a page of the menu, whose link has no query."""
    app.switch_page(page)
    app.query_params.clear()
    return app.run()


def test_the_address_at_rest_opens_the_update_on_screen_in_another_visit_to_the_last_bit():
    app = opened("hidden=3&samples=60")
    for _ in range(3):
        pg(app).step("epoch")
    pg(app).edit(0, 1, 0, 0.75)
    pg(app).step()
    pg(app).apply(learning_rate=0.3)
    pg(app).set_speed("1e")
    pg(app).set_stop(solved=True, epochs=200)
    checked(app.run())
    there = opened(address_of(app))
    assert pg(there).run.update == pg(app).run.update == 10
    assert np.array_equal(pg(there).run.network.theta, pg(app).run.network.theta)
    assert pg(there).run.experiment == pg(app).run.experiment
    assert (pg(there).speed, pg(there).stop_rule) == ("1e", {"solved": True, "plateau": False, "epochs": 200})
    assert pg(there).notice == "" and not pg(there).playing


@pytest.mark.parametrize("query", ["", "hidden=3&samples=60"])
def test_a_visit_to_a_lesson_and_back_changes_nothing(query):
    app = opened(query)
    select(app, "learning_rate", "0.3")
    for _ in range(3):
        pg(app).step()
    checked(app.run())
    address, experiment, theta = address_of(app), pg(app).run.experiment, pg(app).run.network.theta
    gone_to(app, "../pages/learn/neurons.py")
    assert not app.exception
    checked(gone_to(app, "../pages/play/playground.py"))
    assert pg(app).run.experiment == experiment and pg(app).run.update == 3
    assert np.array_equal(pg(app).run.network.theta, theta)
    assert address_of(app) == address
    app.query_params.clear()  # the browser has not heard of the address yet
    checked_state = pg(app).generation
    app.run()
    assert pg(app).generation == checked_state


def test_an_older_view_that_the_browser_still_has_in_its_address_does_not_come_back():
    app = opened("hidden=3&samples=60")
    for probe in ([0.5, 0.0], [0.5, 1.0], [0.5, -2.0]):
        talk(app)._obey({"kind": "probe", "x": probe})
        pg(app).address = pg(app).link  # as the board told before
        app.run()
        older = dict(app.query_params)
    talk(app)._obey({"kind": "probe", "x": [3.0, 3.0]})
    app.run()
    pg(app).address = pg(app).link
    app.query_params.clear()
    for name, value in older.items():
        app.query_params[name] = value
    checked(app.run())
    assert pg(app).probe == (3.0, 3.0)
    assert dict(app.query_params)["input"] in ("3_3", ["3_3"])


def test_the_lessons_progress_stays_in_the_playgrounds_address():
    app = opened("done=neurons.1-losses.2&hidden=3")
    assert "done=neurons.1-losses.2" in address_of(app)
    assert pg(app).settings["hidden"] == (3,)
    assert pg(app).notice == ""


def test_back_goes_through_the_experiments_one_by_one_once_the_browser_has_told_that_it_has_the_address():
    app = opened("hidden=3&samples=60")
    addresses = [address_of(app)]
    for rate in ("0.1", "0.3", "1"):
        select(app, "learning_rate", rate)
        addresses.append(address_of(app))
    pg(app).address = "?" + addresses[-1]  # the board says so
    for address in reversed(addresses[:-1]):
        app.query_params.clear()
        for name, value in parse_qsl(address):
            app.query_params[name] = value
        checked(app.run())
        assert address_of(app) == address
        pg(app).address = "?" + address


def test_back_to_where_the_visit_began_neither_changes_anything_nor_holds_the_visitor_there():
    app = opened()
    select(app, "learning_rate", "0.3")
    pg(app).address = "?" + address_of(app)
    checked(app.run())
    theta = pg(app).run.network.theta
    app.query_params.clear()
    app.run()
    assert address_of(app) == ""  # no new address in her way
    assert np.array_equal(pg(app).run.network.theta, theta) and pg(app).settings["learning_rate"] == 0.3
    select(app, "learning_rate", "1")
    assert "learning_rate=1.0" in address_of(app)


def test_a_moment_beyond_a_divergence_opens_at_the_last_update_with_usable_numbers():
    app = opened("dataset=plane&hidden=none&optimizer=sgd&learning_rate=0.3&at=100000")
    assert pg(app).run.status == "diverged" and 0 < pg(app).run.update < 100_000


def test_a_run_that_diverged_is_diverged_after_a_reload_too():
    app = opened("dataset=plane&hidden=none&optimizer=sgd&learning_rate=0.3")
    while pg(app).run.status != "diverged":
        pg(app).step("epoch")
    checked(app.run())
    there = opened(address_of(app))
    assert pg(there).run.status == "diverged" and pg(there).run.reason == pg(app).run.reason
    assert pg(there).run.update == pg(app).run.update
    assert np.array_equal(pg(there).run.network.theta, pg(app).run.network.theta)
    assert address_of(there) == address_of(app)


def test_where_each_layer_has_its_own_activation_new_layers_take_the_last_one():
    app = opened("hidden=4-3&activation=relu-sigmoid")
    enter(app, "hidden", "5, 4, 3, 2")
    assert pg(app).settings["activation"] == ("relu", "sigmoid", "sigmoid", "sigmoid")
    enter(app, "hidden", "7")
    assert pg(app).run.experiment.activations == ("relu",)


def test_both_penalties_and_a_batch_of_exactly_all_training_points_are_named():
    app = opened("samples=100&l1=0.001&l2=0.03&batch_size=50")
    assert len(pg(app).run.x_train) == 50
    assert named(app.selectbox, "playground_choose_regularisation").value == "L1 0.001 + L2 0.03"
    assert named(app.selectbox, "playground_choose_batch_size").value == "all"
    app = opened("samples=100&batch_size=49")
    assert named(app.selectbox, "playground_choose_batch_size").value == "49"


def test_share_says_whether_the_link_holds_the_other_branches_of_the_run(monkeypatch):
    playground = Playground(sn.Experiment(dataset="circle", hidden=(2,), samples=40))
    playground.step("epoch")
    playground.back()
    assert playground.apply(learning_rate=0.1)
    monkeypatch.setattr("tests.test_playground_page.DRAWERS", (*DRAWERS, "playground_drawer_share"))
    app = opened(playground.link)
    assert pg(app).forks.every == playground.forks.every and "forks" in app.query_params
    assert "It holds the run's other branch, too." in [words.value for words in app.markdown]
    monkeypatch.setattr("scratchnet.forks.LONGEST_TEXT", 10)
    app = checked(app.run())
    assert "forks" not in app.query_params
    assert any("do not fit into it: it holds the one on screen alone." in words.value for words in app.markdown)
    assert len(pg(app).forks.every) == 2  # the visit still has both
