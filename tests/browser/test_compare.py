"""The page Compare in a real browser: boards that go together, each equal to its own run computed here."""

import re
from random import Random

import pytest
from playwright.sync_api import Locator, Page, expect

import scratchnet as sn
from scratchnet.forks import Forks
from tests.browser.conftest import SCREEN
from tests.browser.lesson_page import PHONE
from tests.browser.live_board import LiveBoard, computed, difference
from ui.compare.comparison import link
from ui.compare.presets import PRESETS
from ui.moment import Moment

# All of their weights are drawn, so a board's parameters can be read; other batch sizes, so they train at other speeds.
SMALL = sn.Experiment(dataset="circle", hidden=(4,), samples=200)
THREE = (SMALL, SMALL.replace(learning_rate=0.1, batch_size=20), SMALL.replace(optimizer="sgd", hidden=(3, 3)))


class Comparison:
    """The page with these experiments, as a visitor uses it."""

    def __init__(self, page: Page, experiments=THREE):
        self.page, self.experiments = page, experiments
        self.root = page.get_by_test_id("comparing")
        self.boards = [LiveBoard(page, f"compare{number + 1}") for number in range(len(experiments))]

    def open(self, address: str, update: int = 0, speed: str = "10e") -> "Comparison":
        self.page.goto(f"{address}/compare?{link(self.experiments, update, speed)}")
        return self.ready()

    def ready(self) -> "Comparison":
        for board in self.boards:
            board.wait("paints > 0")
        return self

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name).click()

    def wait_at(self, update: int) -> None:
        """Until Python has answered, too: a frame that the browser has kept may be on screen before."""
        for board in self.boards:
            board.wait(f"update === {update} && generation >= 0 && !playing")

    def stand(self) -> int:
        """Pause, and give the update at which all stand."""
        self.press("Pause all")
        expect(self.root).to_have_attribute("data-playing", "false")
        for board in self.boards:
            board.wait("!playing")
            board.wait_until_nothing_is_painted(900)
        (update,) = {board.numbers().update for board in self.boards}
        return update

    def check(self, update: int) -> None:
        """Each board shows its own run, to the last bit."""
        for board, experiment in zip(self.boards, self.experiments, strict=True):
            assert difference(board.numbers(), computed(experiment, update)) == ""

    def slide_to(self, update: int) -> None:
        slider = self.root.get_by_role("slider", name="Update of all boards")
        slider.fill(str(update))
        slider.dispatch_event("change")


# What boards show, and what each of them holds at most, at many paints.
WATCH = """([boards, seconds]) => new Promise((done) => {
  const [began, seen] = [performance.now(), []];
  const look = (now) => {
    const updates = boards.map((node) => Number(node.dataset.update));
    if (boards.every((node) => node.dataset.playing === "true")) seen.push(updates);
    if (now - began < 1000 * seconds) requestAnimationFrame(look);
    else done(seen);
  };
  requestAnimationFrame(look);
})"""


def test_all_play_together_pause_at_one_update_and_are_what_their_runs_are_there(app, page):
    all_ = Comparison(page).open(app.address)
    all_.press("Play all")
    for board in all_.boards:
        board.wait("playing && update > 20")
    seen = page.evaluate(WATCH, [[board.root.element_handle() for board in all_.boards], 4])
    assert len(seen) > 10 and len({tuple(updates) for updates in seen}) > 5
    # A frame covers some updates at this speed; none is further ahead of another than a few frames.
    assert max(max(updates) - min(updates) for updates in seen) < 60
    update = all_.stand()
    assert update > 20
    all_.check(update)

    for _ in range(3):  # quicker than the answers come
        all_.press("Step one update")
    update += 2
    all_.wait_at(update + 1)
    all_.check(update + 1)
    all_.slide_to(7)
    all_.wait_at(7)
    all_.check(7)
    all_.slide_to(update + 1)  # nothing is forgotten
    all_.wait_at(update + 1)
    all_.press("Back to update 0")
    all_.wait_at(0)
    all_.check(0)


# Presses Pause as soon as boards that play show different updates: what each showed then, and all that it showed later.
PAUSE_APART = """([boards, bar, seconds]) => new Promise((done) => {
  let before = null;
  const [began, later] = [performance.now(), boards.map(() => [])];
  const look = (now) => {
    const updates = boards.map((node) => Number(node.dataset.update));
    if (before) updates.forEach((update, i) => later[i].push(update));
    else if (Math.max(...updates) > Math.min(...updates) && boards.every((node) => node.dataset.playing === "true")) {
      before = updates;
      bar.querySelector(".play").click();
    }
    if (now - began < 1000 * seconds) requestAnimationFrame(look);
    else done([before, later]);
  };
  requestAnimationFrame(look);
})"""


def test_pause_takes_no_board_back_and_brings_all_to_where_the_furthest_was(app, page):
    all_ = Comparison(page).open(app.address, speed="max")
    for _ in range(3):
        all_.press("Play all")
        for board in all_.boards:
            board.wait("playing")
        page.wait_for_timeout(700)
        boards = [board.root.element_handle() for board in all_.boards]
        before, later = page.evaluate(PAUSE_APART, [boards, all_.root.element_handle(), 5])
        assert before, "the test needs boards that are painted apart"
        for update, seen in zip(before, later, strict=True):
            assert seen == sorted(seen) and seen[0] >= update, f"{update}: {seen}"
        assert {seen[-1] for seen in later} == {max(before)}
        all_.wait_at(max(before))
        all_.check(max(before))


def test_a_reload_opens_the_same_comparison_at_the_same_update(app, page):
    all_ = Comparison(page).open(app.address, update=30)
    all_.wait_at(30)
    all_.press("Step one epoch")
    all_.wait_at(40)  # ten updates are an epoch of the first
    expect(page).to_have_url(re.compile(r"[?&]at=40(&|$)"))
    page.reload()
    all_.ready()
    all_.wait_at(40)
    all_.check(40)


def test_the_step_of_an_epoch_and_the_axes_follow_a_batch_size_that_changed_on_the_way(app, page):
    changed = SMALL.with_event(4, batch_size=20)  # of 100 points: four updates of 10, then three of 20 end the epoch
    all_ = Comparison(page, (changed, SMALL)).open(app.address)
    for update in (7, 12, 17):
        all_.press("Step one epoch")
        all_.wait_at(update)
    all_.check(17)
    for axis in ("epochs", "multiplications"):
        all_.root.get_by_label("What lies across the chart").select_option(axis)
        page.wait_for_timeout(300)
    # Frames say where they lie: 3 epochs of A are 17 updates, of B 1.7.
    expect(all_.root.get_by_role("listitem").filter(has_text="epoch 3")).to_have_count(1)
    expect(all_.root.get_by_role("listitem").filter(has_text="epoch 1")).to_have_count(1)


def test_a_change_on_one_board_reaches_no_other_and_its_control_is_marked(app, page):
    two = (SMALL, SMALL)
    all_ = Comparison(page, two).open(app.address, update=12)
    all_.wait_at(12)
    page.get_by_role("button", name="Rate B: 0.01").click()
    field = page.get_by_role("combobox", name="Learning rate")
    field.fill("0.3")
    field.press("Enter")
    expect(page.get_by_role("button", name="Rate B: 0.3 ≠")).to_be_visible()
    page.keyboard.press("Escape")
    all_.experiments = (SMALL, SMALL.with_event(12, learning_rate=0.3))
    all_.press("Step one update")
    all_.wait_at(13)
    all_.check(13)
    first, second = (board.numbers().parameters for board in all_.boards)
    assert first != second


def test_from_the_playground_in_one_click_and_on_to_a_preset(app, page):
    board = LiveBoard(page).open(app.address, f"{SMALL.to_query()}&at=9")
    board.wait("update === 9")
    page.get_by_role("button", name="Compare", exact=True).click()
    all_ = Comparison(page, (SMALL, SMALL)).ready()
    all_.wait_at(9)
    all_.check(9)
    page.get_by_role("button", name="Start from").click()
    page.get_by_role("menuitem", name=PRESETS["optimizers"].title).click()
    expect(page.get_by_text(PRESETS["optimizers"].text)).to_be_visible()
    expect(page.get_by_test_id("board")).to_have_count(3)


def test_a_name_that_was_given_stands_on_its_board_and_beside_its_losses_and_goes_back_to_the_playground(app, page):
    tree = Forks.of(SMALL, 12, 12).renamed(0, "<b>slow</b>").stands(6, 12)
    tree = tree.changed(SMALL.with_event(6, learning_rate=0.1), 6).stands(9)
    alone = LiveBoard(page).open(app.address, Moment(tree.here.experiment, 9, forks=tree).query)
    alone.wait("update === 9")
    page.get_by_role("button", name="Compare", exact=True).click()
    all_ = Comparison(page, (SMALL, tree.here.experiment)).ready()
    all_.wait_at(9)
    legend = all_.root.get_by_role("list", name="Losses").get_by_role("listitem")
    expect(legend.first).to_have_text(re.compile("^A<b>slow</b>"))
    first, second = (board.root.locator(".branch") for board in all_.boards)
    expect(first).to_have_text(["1<b>slow</b>"])
    expect(all_.boards[0].root.get_by_role("button", name="Delete branch")).to_have_count(0)
    expect(second).to_have_count(0)
    all_.boards[0].root.get_by_role("button", name="Rename branch").click()
    field = all_.boards[0].root.get_by_role("textbox", name="New name of branch")
    field.fill("slower")
    field.press("Enter")
    expect(legend.first).to_have_text(re.compile("^Aslower"))
    expect(page).to_have_url(re.compile("forks=a.*slower"))
    all_.check(9)
    page.get_by_role("button", name="Open A").click()
    alone.wait("paints > 0 && update === 9")
    chips = alone.root.locator(".branch")
    expect(chips).to_have_text(["Aslower", re.compile("^Brate 0.1 from update 6")])
    assert difference(alone.numbers(), computed(SMALL, 9)) == ""


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name="Start from").click()
    page.get_by_role("menuitem", name=PRESETS[name].title).click()


@pytest.mark.parametrize("name", ["rates", "scaling"])  # of four boards, which leaves no button to add one, and of two
def test_on_a_phone_the_words_of_a_preset_have_the_whole_width(app, page, name):
    page.set_viewport_size(PHONE)
    page.goto(f"{app.address}/compare?{link(PRESETS[name].experiments, 0, '10e')}")
    words = page.get_by_text(PRESETS[name].text)
    expect(words).to_be_visible()
    has_it = "([node, width]) => node.getBoundingClientRect().width >= width"  # a moment later, perhaps
    page.wait_for_function(has_it, arg=[words.element_handle(), PHONE["width"] - 40])


def test_keys_of_undo_stand_beside_it_where_there_are_keys_and_nowhere_on_a_phone(app, new_page):
    for settings, shown in (({}, 2), ({"viewport": PHONE, "has_touch": True, "is_mobile": True}, 0)):
        page = new_page(**settings)
        page.goto(f"{app.address}/compare")
        expect(page.get_by_role("button", name="Redo")).to_be_visible()
        hints = page.get_by_test_id("stButton").locator("kbd")
        expect(hints.first).to_be_attached()
        expect(hints.filter(visible=True)).to_have_count(shown)


# Pixels that are left in a list beside the words that it shows, and its arrow.
SPARE = """(select) => {
  const context = document.createElement("canvas").getContext("2d");
  context.font = getComputedStyle(select).font;
  return select.clientWidth - 26 - context.measureText(select.selectedOptions[0].text).width;
}"""


def test_which_component_lies_along_an_axis_can_be_read_below_each_board(app, page):
    page.goto(f"{app.address}/compare?{link(PRESETS['scaling'].experiments, 0, '10e')}")
    lists = page.locator(".slice select")
    expect(lists).to_have_count(4)
    expect(lists.first).to_be_visible()
    for shown in lists.all():
        assert shown.evaluate(SPARE) >= 0
    said = [shown.evaluate("select => select.selectedOptions[0].text") for shown in lists.all()]
    assert said == ["comp. 1", "comp. 2"] * 2


def check_preset(page: Page, name: str) -> None:
    """All boards are those of a preset at their start, in the page's words, in the address and on the boards."""
    preset = PRESETS[name]
    expect(page.get_by_text(preset.text)).to_be_visible()
    expect(page).to_have_url(re.compile(f"/compare[?]{re.escape(link(preset.experiments))}(&speed=[0-9a-z]+)?$"))
    expect(page.get_by_test_id("board")).to_have_count(len(preset.experiments))
    for number, experiment in enumerate(preset.experiments):
        board = LiveBoard(page, f"compare{number + 1}")
        board.wait(f"update === 0 && !playing && trainLoss === {experiment.start().evaluate().train_loss!r}")


def act(page: Page, what: str, random: Random) -> None:
    if what in PRESETS:
        choose(page, what)
    elif what in ("Back", "Forward"):
        page.go_back() if what == "Back" else page.go_forward()
    elif what == "reload":
        page.reload()
    else:
        page.get_by_test_id("comparing").locator(".play").click()
    page.wait_for_timeout(random.choice([50, 400, 1500]))


# First what was found: boards that one preset has not got were remembered, and came back over the next one that has.
FOUND = ("rates", "scaling", "reload", "activations")
ORDERS = (FOUND, ("rates", "play", "scaling", "Back", "reload", "initializers"), 1, 2)


@pytest.mark.parametrize("order", ORDERS, ids=["found", "back", "drawn 1", "drawn 2"])
def test_a_preset_is_that_on_all_boards_whatever_was_done_before(app, page, order):
    random = Random(str(order))
    few = ["rates", "scaling", "optimizers"]  # of four boards, two and three
    if isinstance(order, int):
        order = [random.choice([*few, *few, "Back", "Forward", "reload", "play"]) for _ in range(6)] + ["initializers"]
        print(order)
    page.goto(f"{app.address}/compare")
    for what in order:
        LiveBoard(page, "compare1").wait("paints > 0")
        act(page, what, random)
        if "/compare" not in page.url:  # further back than the visit began
            page.goto(f"{app.address}/compare")
    check_preset(page, order[-1])
    choose(page, "depth")  # two at once: the second counts, for all
    choose(page, "rates")
    check_preset(page, "rates")


def parts_at_12(page: Page) -> Locator:
    """Give board B another rate there, where it has a future. The field in which it was typed."""
    page.get_by_role("button", name="Rate B: 0.01").click()
    field = page.get_by_role("combobox", name="Learning rate")
    field.fill("0.3")
    field.press("Enter")
    expect(page.get_by_text("Board B goes another way from update 12 on.")).to_be_visible()
    page.keyboard.press("Escape")
    return field


def test_the_link_that_share_offers_opens_the_same_boards_with_their_branches_in_another_browser(app, page, new_page):
    two = (SMALL, SMALL.replace(optimizer="sgd", hidden=(3, 3)))
    all_ = Comparison(page, two).open(app.address, update=30)
    all_.slide_to(12)
    all_.wait_at(12)
    parts_at_12(page)
    all_.experiments = (SMALL, two[1].with_event(12, learning_rate=0.3))
    all_.press("Step one update")
    all_.wait_at(13)
    page.get_by_role("button", name="Share", exact=True).focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_test_id("stPopoverBody")
    expect(drawer).to_contain_text("This link opens update 13 of this comparison anywhere")
    expect(drawer).to_contain_text("It holds board B's other branch, too.")
    expect(drawer.get_by_role("img", name="QR code of the link to this comparison")).to_be_visible()
    shared = drawer.get_by_test_id("stCode").inner_text().strip()
    all_.check(13)

    there = Comparison(new_page(), all_.experiments)
    there.page.goto(shared)
    there.ready()
    there.wait_at(13)
    there.check(13)
    expect(there.root).to_have_attribute("data-furthest", "30")
    for mine, theirs in zip(all_.boards, there.boards, strict=True):
        assert theirs.numbers().parameters == mine.numbers().parameters
        losses = [(board.numbers().train_loss, board.numbers().test_loss) for board in (mine, theirs)]
        assert losses[0] == losses[1]
    branches = there.boards[1].root.locator(".branch")
    expect(branches).to_have_count(2)
    branches.first.click()  # the way that was left, as far as it had gone
    there.boards[1].wait(f"trainLoss === {computed(two[1], 13).evaluate().train_loss!r}")
    there.experiments = two
    there.slide_to(30)
    there.wait_at(30)
    there.check(30)


def test_back_leads_from_an_opened_board_to_its_comparison_and_from_there_to_the_playground(app, page):
    alone = LiveBoard(page, "playground")
    page.goto(f"{app.address}/?{SMALL.to_query()}&at=7")
    alone.wait("update === 7")
    page.get_by_role("button", name="Compare").click()
    compared = Comparison(page, (SMALL, SMALL)).ready()
    compared.wait_at(7)
    page.get_by_role("button", name="Open B").click()
    alone.wait("paints > 0 && update === 7")
    page.go_back()
    compared.ready().wait_at(7)
    expect(page.get_by_role("button", name="Open B")).to_be_visible()
    expect(page.get_by_text("The link holds")).to_have_count(0)
    page.go_back()
    alone.wait("paints > 0 && update === 7")
    expect(page).to_have_url(re.compile(r"/\?dataset=circle.*at=7$"))


def test_what_plays_goes_on_after_a_reload_on_all_boards(app, page):
    all_ = Comparison(page).open(app.address)
    all_.press("Play all")
    for board in all_.boards:
        board.wait("playing && update > 30")
    page.reload()
    all_.ready()
    for board in all_.boards:
        board.wait("playing && update > 60")
    all_.check(all_.stand())


def test_a_change_in_the_past_keeps_the_other_future_on_the_board_through_a_reload_and_undo_takes_it_back(app, page):
    two = (SMALL, SMALL)
    all_ = Comparison(page, two).open(app.address, update=30)
    all_.wait_at(30)
    all_.slide_to(12)
    all_.wait_at(12)
    field = parts_at_12(page)
    branches = all_.boards[1].root.locator(".branch")
    expect(branches).to_have_text([re.compile("^1"), re.compile("^2.*0.3 from update 12")])
    expect(page).to_have_url(re.compile("forks="))  # it is written at rest
    page.reload()
    all_.ready()
    expect(branches).to_have_count(2)
    expect(all_.root).to_have_attribute("data-furthest", "30")
    all_.slide_to(30)
    all_.wait_at(30)
    all_.experiments = (SMALL, SMALL.with_event(12, learning_rate=0.3))
    all_.check(30)
    branches.first.click()
    all_.experiments = two
    all_.wait_at(30)
    all_.boards[1].wait(f"trainLoss === {computed(SMALL, 30).evaluate().train_loss!r}")
    all_.check(30)

    all_.slide_to(20)
    all_.wait_at(20)
    page.get_by_role("button", name="Add a board").click()
    expect(page.get_by_test_id("board")).to_have_count(3)
    page.get_by_role("button", name="Rate A: 0.01").click()
    field.fill("0.7")
    field.press("Control+z")  # who types takes back what she typed
    page.wait_for_timeout(1500)
    expect(page.get_by_test_id("board")).to_have_count(3)
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Compare").click()
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("board")).to_have_count(2)
    all_.wait_at(20)


def test_who_leaves_while_they_play_gets_the_other_page_and_finds_them_standing_still(app, page):
    all_ = Comparison(page).open(app.address)
    all_.press("Play all")
    for board in all_.boards:
        board.wait("playing && update > 10")
    page.get_by_test_id("stTopNav").get_by_text("Playground", exact=True).click()
    LiveBoard(page).wait("paints > 0")
    page.wait_for_timeout(1500)  # nobody learns on a page that nobody sees
    page.get_by_test_id("stTopNav").get_by_text("Lab", exact=True).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text="Compare").click()
    all_.ready()
    left = []
    for board, experiment in zip(all_.boards, all_.experiments, strict=True):
        board.wait("!playing")
        left.append(board.numbers().update)
        assert difference(board.numbers(), computed(experiment, left[-1])) == ""
    assert min(left) > 10 and max(left) - min(left) < 60
    all_.press("Step one update")  # and together again
    all_.wait_at(max(left) + 1)


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["laptop", "phone"])
def test_bar_chart_and_two_boards_are_on_one_screen_and_nothing_is_wider_than_it(app, page, size):
    page.set_viewport_size(size)
    all_ = Comparison(page, (SMALL, SMALL.replace(learning_rate=0.1))).open(app.address)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    for board in all_.boards:
        box = board.root.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"] + 1
        if size is SCREEN:
            assert box["y"] + box["height"] <= size["height"]
    play = all_.root.get_by_role("button", name="Play all").bounding_box()
    assert play["y"] + play["height"] < size["height"]
