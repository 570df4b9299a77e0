"""Every control, used while the network plays: the run goes on or starts anew, and the numbers stay true."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import scratchnet as sn
from tests.browser.live_board import PATIENCE, LiveBoard, computed


def choose(label: str, option: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role("combobox", name=label, exact=True).click()
        page.get_by_role("option", name=option, exact=True).click()

    return act


def type_text(label: str, text: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        field = page.get_by_role("textbox", name=label, exact=True)
        field.fill(text)
        field.press("Enter")

    return act


def switch(label: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_text(label, exact=True).click()


def slide(label: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("slider", name=label).press("ArrowRight")


# drawer ("" for the row itself), label, what a visitor does, what the experiment in the address then says
CONTROLS = [
    ("", "Data set", choose("Data set", "Circle"), {"dataset": "circle"}),
    ("", "Activation", choose("Activation", "ReLU"), {"activation": "relu"}),
    ("", "Learning rate", choose("Learning rate", "0.03"), {"learning_rate": 0.03}),
    ("Data", "Noise", slide("Noise"), {"noise": 0.01}),
    ("Data", "Samples", choose("Samples", "100"), {"samples": 100}),
    ("Data", "Share for training", slide("Share for training"), {"train_fraction": 0.51}),
    ("Data", "Share for validation", slide("Share for validation"), {"validation_fraction": 0.01}),
    ("Data", "Scaling", choose("Scaling", "Mean 0, spread 1"), {"scaling": "standard"}),
    ("Data", "Seed of the data", type_text("Seed of the data", "7"), {"data_seed": 7}),
    ("Network", "Units of the hidden layers", type_text("Units of the hidden layers", "3, 2"), {"hidden": (3, 2)}),
    ("Network", "Layer 1", choose("Layer 1", "Sigmoid"), {"activation": ("sigmoid", "tanh")}),
    ("Network", "Layer 2", choose("Layer 2", "ReLU"), {"activation": ("sigmoid", "relu")}),
    ("Network", "Output", choose("Output", "Tanh"), {"output": "tanh"}),
    ("Network", "Loss", choose("Loss", "Mean absolute error"), {"loss": "mae"}),
    ("Network", "First weights", choose("First weights", "He normal"), {"initializer": "he_normal"}),
    ("Network", "Seed of the first weights", type_text("Seed of the first weights", "5"), {"init_seed": 5}),
    ("Training", "Weight decay", type_text("Weight decay", "0,01"), {"optimizer_settings": {"weight_decay": 0.01}}),
    ("Training", "Beta 1", type_text("Beta 1", "0.5"), {"optimizer_settings": {"betas": (0.5, 0.999)}}),
    ("Training", "Beta 2", type_text("Beta 2", "0.9"), {"optimizer_settings": {"betas": (0.5, 0.9)}}),
    ("Training", "Epsilon", type_text("Epsilon", "1e-6"), {"optimizer_settings": {"eps": 1e-6}}),
    ("Training", "Schedule", choose("Schedule", "Exponential"), {"schedule": "exponential"}),
    ("Training", "Seed", type_text("Seed", "3"), {"order_seed": 3}),
    ("Training", "Shuffle", switch("Shuffle"), {"shuffle": False}),
    ("Training", "L1", choose("L1", "0.001"), {"l1": 0.001}),
    ("Training", "L2", choose("L2", "0.001"), {"l2": 0.001}),
    ("Training", "Longest gradient", choose("Longest gradient", "0.5"), {"clip_norm": 0.5}),
    ("Training", "Regularisation", choose("Regularisation", "L2 0.01"), {"l1": 0.0, "l2": 0.01}),
    ("Training", "Batch size", choose("Batch size", "20"), {"batch_size": 20}),
    ("Training", "Optimizer", choose("Optimizer", "SGD"), {"optimizer": "sgd"}),
    ("Training", "When solved", switch("When solved"), {}),
    ("Training", "On a plateau", switch("On a plateau"), {}),
    ("Training", "After so many epochs", choose("After so many epochs", "1000"), {}),
]


SMALL = "hidden=4-3&samples=200"


def open_drawer(page: Page, drawer: str) -> None:
    if drawer:
        page.get_by_role("button", name=drawer, exact=True).click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()


def labels(page: Page) -> set[str]:
    """Names of all controls that can be seen, those of the board apart."""
    names = page.locator("[data-testid=stWidgetLabel]:visible").all_inner_texts()
    return {name.strip() for name in names} - {"", "Logarithmic loss axis"}  # the latter is a chart's


def in_force(experiment: sn.Experiment) -> sn.Experiment:
    """The settings after all events."""
    return experiment.at(10**11)


def holds(settings: sn.Experiment, changes: dict) -> bool:
    """Whether the settings say what was chosen; of an optimizer's settings, whether they hold it among others."""
    for name, value in changes.items():
        found = getattr(settings, name)
        if found != value and not (isinstance(value, dict) and value.items() <= dict(found).items()):
            return False
    return True


def wait_for_address(board: LiveBoard, changes: dict) -> None:
    latest = time.monotonic() + PATIENCE
    while not holds(in_force(board.experiment()), changes) and time.monotonic() < latest:
        board.page.wait_for_timeout(50)
    assert holds(in_force(board.experiment()), changes), f"{changes} in {board.experiment()}"


def check_while_playing(board: LiveBoard) -> None:
    """The losses on screen are those of the address's experiment at the update on screen."""
    shown = board.numbers()
    evaluation = computed(board.experiment(), shown.update).evaluate()
    assert shown.playing
    assert (shown.train_loss, shown.test_loss) == (evaluation.train_loss, evaluation.test_loss)


@pytest.mark.parametrize("drawer", ["", "Data", "Network", "Training"], ids=lambda drawer: drawer or "row")
def test_every_control_may_be_used_while_playing(app, page, drawer):
    board = LiveBoard(page).open(app.address, SMALL)
    # What is played must be computed again here; and where less is painted, more time is left for the many controls.
    board.set_speed("1 epoch/s" if drawer else "10 epochs/s")
    board.play_until("playing && update >= 12")
    open_drawer(page, drawer)
    tried = {label for where, label, _, _ in CONTROLS if where == drawer}
    row = {label for where, label, _, _ in CONTROLS if where == ""}
    names = page.locator("[data-testid=stWidgetLabel]:visible")
    for label in tried:  # a drawer is filled when it opens
        expect(names.get_by_text(label, exact=True)).to_be_visible()
    assert labels(page) == tried | row, "a control is not tried here"
    for where, _, act, changes in CONTROLS:
        if where != drawer:
            continue
        generation = board.numbers().generation
        act(page)
        if changes:
            wait_for_address(board, changes)
            board.wait(f"playing && generation > {generation} && update > 0")
            check_while_playing(board)
    board.pause()
    board.check()


def test_next_takes_the_next_seed(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    for drawer, seed in (("Data", "data_seed"), ("Network", "init_seed"), ("Training", "order_seed")):
        before, _ = board.check()
        open_drawer(page, drawer)
        page.get_by_test_id("stPopoverBody").get_by_role("button", name="Next", exact=True).click()
        wait_for_address(board, {seed: 1})
        after, _ = board.check()
        assert (after.parameters != before.parameters) == (seed == "init_seed")
        assert (after.train_loss != before.train_loss) == (seed != "order_seed")
        page.keyboard.press("Escape")


def test_a_field_keeps_the_focus_when_what_was_typed_is_written_otherwise_or_refused(app, page):
    LiveBoard(page).open(app.address, SMALL)
    for role, label, typed, shown in (
        ("combobox", "Learning rate", "0,02", "0.02"),
        ("combobox", "Learning rate", "fast", "0.02"),
        ("textbox", "Weight decay", "0,10", "0.1"),
        ("textbox", "Weight decay", "-1", "0.1"),
    ):
        field = page.get_by_role(role, name=label, exact=True)
        if label == "Weight decay" and not field.is_visible():
            open_drawer(page, "Training")
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        field.fill(typed)
        if role == "combobox":
            # Enter takes the option that the list has marked, once it has.
            expect(page.get_by_role("option")).to_contain_text([typed])
            expect(field).to_have_attribute("aria-activedescendant", re.compile("."))
        field.press("Enter")
        expect(field).to_have_value(shown)
        expect(field).to_be_focused()


def test_an_open_drawer_stays_open_while_one_plays_steps_and_pauses(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    open_drawer(page, "Training")
    drawer = page.get_by_test_id("stPopoverBody")
    for press in ("Play", "Pause", "Step one update", "Reset"):
        generation = board.numbers().generation
        board.press(press)
        board.wait("playing && update > 20" if press == "Play" else f"!playing && generation > {generation}")
        expect(drawer).to_be_visible()
    board.check()  # the page around the board has run again since
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    open_drawer(page, "Data")
    page.get_by_role("heading", name="Playground").click()  # anywhere else a click still closes it
    expect(drawer).to_have_count(0)


@pytest.mark.parametrize(
    ("role", "name", "inside"), [("button", "Training", "Shuffle"), ("tab", "Parameters", "Layer 1")]
)
def test_what_is_opened_in_the_instant_in_which_the_board_speaks_fills_while_it_plays(app, page, role, name, inside):
    """The browser makes one message of both, which runs the board alone."""
    board = LiveBoard(page).open(app.address, SMALL)
    opener = page.get_by_role(role, name=name, exact=True)
    opener.wait_for()
    page.evaluate(
        "([play, opener]) => { play.click(); opener.click(); }",
        [board.button("Play").element_handle(), opener.element_handle()],
    )
    expect(page.locator(":visible").get_by_text(inside).first).to_be_visible()
    board.wait("playing")
