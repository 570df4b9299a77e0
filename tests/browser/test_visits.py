"""Visits: links, two visitors at once, a connection that is cut, and how it looks on other screens."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import scratchnet as sn
from tests.browser.lesson_page import PHONE
from tests.browser.line import line_to
from tests.browser.live_board import LiveBoard
from tools import app_server
from ui import moment
from ui.gallery import GALLERY
from ui.play.playground import SPEEDS

SMALL = "hidden=4-3&samples=200"
ARTEFACTS = app_server.CHECKOUT / "test-artefacts"


@pytest.fixture(scope="module")
def second_tab(returning) -> Iterator[Page]:
    page = returning.new_page()
    yield page
    page.close()


@pytest.fixture
def elsewhere(second_tab, page, watch) -> Iterator[Page]:
    """An empty page beside `page`, for another visit."""
    yield watch(second_tab)
    second_tab.goto("about:blank")


def test_a_link_opened_elsewhere_starts_the_same_run_with_the_same_numbers(app, page, elsewhere):
    experiment = sn.Experiment(
        dataset="moons", samples=120, noise=0.1, hidden=(3, 2), activation=("relu", "tanh"), init_seed=7, l2=0.001
    )
    board = LiveBoard(page).open(app.address, experiment.to_query())
    board.press("Step one epoch")
    board.wait("epoch === 1")
    at_rest(board)
    here, _ = board.check()
    assert board.experiment() == experiment
    there = LiveBoard(elsewhere)
    there.page.goto(page.url)
    there.wait("paints > 0")
    shown, _ = there.check()
    assert shown.update == here.update > 0
    assert shown.parameters == here.parameters
    assert (shown.train_loss, shown.test_loss) == (here.train_loss, here.test_loss)


def test_a_link_keeps_what_was_edited_on_the_way(app, page):
    edited = sn.Experiment(samples=100, hidden=(3,)).with_edit(2, 0, 1, 0, 4.0).with_event(3, learning_rate=0.1)
    board = LiveBoard(page).open(app.address, edited.to_query())
    for update in range(1, 6):
        board.press("Step one update")
        board.wait(f"update === {update}")
    _, run = board.check()
    assert run.experiment == edited


def test_what_share_offers_opens_the_same_run_elsewhere(app, page, elsewhere):
    edited = sn.Experiment(samples=100, hidden=(3,)).with_edit(2, 0, 1, 0, 4.0)
    board = LiveBoard(page).open(app.address, edited.to_query())
    board.press("Step one epoch")
    board.wait("epoch === 1")
    at_rest(board)
    here, _ = board.check()
    page.get_by_role("button", name="Share", exact=True).click()
    drawer = page.get_by_test_id("stPopoverBody")
    expect(drawer).to_contain_text(f"opens update {here.update:,} of this experiment")
    link = drawer.get_by_test_id("stCode").inner_text().strip()
    there, ignored = moment.read(link.partition("?")[2], SPEEDS)
    assert (there.experiment, there.update, ignored) == (edited, here.update, ())
    there = LiveBoard(elsewhere)
    there.page.goto(link)
    there.wait("paints > 0")
    assert there.check()[0].parameters == here.parameters


def at_rest(board: LiveBoard) -> sn.Run:
    """Wait until the address holds what is on screen, and check every number."""
    board.page.wait_for_function(
        """root => {
          const at = new URLSearchParams(window.location.search).get("at") || "0";
          return window.location.search && at === root.dataset.update && root.dataset.playing === "false";
        }""",
        arg=board.root.element_handle(),
    )
    return board.check()[1]


def stays(board: LiveBoard) -> None:
    """Wait until everything has been said: what changes after that, or took another address, came by itself."""
    board.wait_until_nothing_is_painted()
    board.wait_until_python_knows_the_address()
    board.page.wait_for_timeout(1000)


def test_a_reload_and_a_visit_to_a_lesson_bring_back_the_update_and_every_number(app, page):
    board = LiveBoard(page).open(app.address, f"{SMALL}&speed=max&done=neurons.1")
    board.play_until("epoch >= 3")
    board.pause()
    before, _ = board.check()
    run = at_rest(board)
    page.reload()
    board.wait("paints > 0")
    assert board.check()[0].parameters == before.parameters
    assert at_rest(board).update == run.update
    assert board.root.get_by_label("Speed", exact=True).input_value() == "max"
    page.get_by_role("button", name="Learn", exact=True).click()
    page.get_by_test_id("stTopNavDropdownLink").nth(1).click()
    expect(page.get_by_test_id("graph").first).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Playground").first.click()
    board.wait("paints > 0")
    assert board.check()[0].parameters == before.parameters
    assert at_rest(board).update == run.update
    assert "done=neurons.1" in page.url


def test_what_is_ticked_below_the_map_is_in_the_link_and_outlasts_a_reload(app, page, elsewhere):
    def ticked(root):
        return [root.get_by_label(name, exact=True).is_checked() for name in ("Test points", "Discretize", "Log loss")]

    board = LiveBoard(page).open(app.address, SMALL)
    assert ticked(board.root) == [False, False, False]
    for name in ("Test points", "Log loss"):
        board.root.get_by_label(name, exact=True).check()
    expect(page).to_have_url(re.compile("show=test-log"))
    page.reload()
    board.wait("paints > 0")
    expect(board.root.get_by_label("Log loss", exact=True)).to_be_checked()
    assert ticked(board.root) == [True, False, True]
    board.play_until("update > 20")  # what is ticked while it plays is in the address at rest
    board.root.get_by_label("Log loss", exact=True).uncheck()
    board.root.get_by_label("Discretize", exact=True).check()
    board.pause()
    expect(page).to_have_url(re.compile("show=test-discretize-linear"))
    at_rest(board)
    there = LiveBoard(elsewhere)
    there.page.goto(page.url)
    there.wait("paints > 0")
    expect(there.root.get_by_label("Discretize", exact=True)).to_be_checked()
    assert ticked(there.root) == [True, True, False]


def test_a_reload_while_it_plays_goes_on_from_the_update_that_was_on_screen(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    board.set_speed("1 epoch/s")
    board.play_until("update > 20")
    before = board.numbers().update
    page.reload()
    board.wait(f"playing && update > {before}")
    after = board.numbers().update
    assert after < before + 100, "it went on, and did not begin anew at another speed"
    expect(page.get_by_text("lost this visit")).to_be_hidden()
    board.pause()
    board.check()
    at_rest(board)
    page.reload()  # at rest the address holds it all, and nothing plays by itself
    board.wait("paints > 0 && update > 20")
    assert not board.numbers().playing


def test_a_reload_of_a_lesson_does_not_lose_what_was_trained_in_the_playground(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    board.play_until("update > 20")
    board.pause()
    run = at_rest(board)
    page.get_by_role("button", name="Learn", exact=True).click()
    page.get_by_test_id("stTopNavDropdownLink").nth(0).click()
    expect(page.get_by_role("heading", name="Implementing Neurons")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Implementing Neurons")).to_be_visible()
    page.get_by_role("link", name="Playground").first.click()
    board.wait(f"paints > 0 && update === {run.update} && !playing")
    assert at_rest(board).experiment == run.experiment


def test_a_lesson_opens_though_the_board_was_used_in_the_same_instant(app, page):
    """What the board says to Streamlit then was taken for a run of the page that is left: the new one stayed empty."""
    for _ in range(4):
        board = LiveBoard(page).open(app.address, SMALL)
        page.get_by_role("button", name="Learn", exact=True).click()
        lesson = page.get_by_test_id("stTopNavDropdownLink").nth(0)
        lesson.wait_for()
        step = board.button("Step one update").element_handle()
        lesson.evaluate("(lesson, step) => { lesson.click(); step.click(); }", step)
        expect(page.get_by_role("heading", name="Implementing Neurons")).to_be_visible(timeout=10_000)
    page.go_back()
    board.wait("paints > 0")
    board.play_until("update > 20")  # after the way back it speaks as before


# The update that the board prints last, while the page is there: it stays known after the board has gone.
LAST_PRINTED = """() => {
  const find = (root) => root.querySelector("[data-testid=board]")
    ?? [...root.querySelectorAll("*")].filter((one) => one.shadowRoot).map((one) => find(one.shadowRoot)).find(Boolean);
  const look = () => {
    const board = find(document);
    if (!board) return;
    window.lastPrinted = Number([...board.querySelectorAll(".counters output")].at(-1).textContent.replace(",", ""));
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.mark.parametrize("way", ["Back", "the menu", "a reload of the lesson and Back"])
def test_who_comes_back_from_a_lesson_finds_the_board_at_rest_on_the_picture_that_she_left(app, page, way):
    board = LiveBoard(page).open(app.address, f"{SMALL}&speed=5u")
    board.play_until("update > 4")
    page.evaluate(LAST_PRINTED)
    page.get_by_role("button", name="Learn", exact=True).click()
    page.get_by_test_id("stTopNavDropdownLink").nth(0).click()
    expect(page.get_by_role("heading", name="Implementing Neurons")).to_be_visible()
    last = page.evaluate("() => window.lastPrinted")
    assert last > 4
    if way.startswith("a reload"):
        page.wait_for_timeout(1000)
        page.reload()
        expect(page.get_by_role("heading", name="Implementing Neurons")).to_be_visible()
    if way == "the menu":
        page.get_by_role("link", name="Playground").first.click()
    else:
        page.go_back()
    board.wait("paints > 0")
    stays(board)
    shown = at_rest(board)
    assert shown.update in (last, last + 1), "what came as it went was painted, and not printed yet"
    board.check()
    board.play_until(f"update > {last + 3}")  # one press, and it goes on


def test_back_and_forward_go_through_the_experiments_one_by_one(app, page):
    board = LiveBoard(page).open(app.address, f"{SMALL}&speed=max")
    hidden = [board.experiment().hidden]
    for layer in (0, 1, 0):
        board.root.get_by_role("button", name=f"Add a unit to layer {layer + 1}").click()
        expect(page).not_to_have_url(re.compile(f"hidden={'-'.join(map(str, hidden[-1]))}&"))
        hidden.append(at_rest(board).experiment.hidden)
        board.wait_until_python_knows_the_address()
    assert len(set(hidden)) == 4
    for there in reversed(hidden[:-1]):
        page.go_back()
        expect(page).to_have_url(re.compile(f"hidden={'-'.join(map(str, there))}&"))
        assert at_rest(board).experiment.hidden == there
        stays(board)
    for there in hidden[1:]:
        page.go_forward()
        expect(page).to_have_url(re.compile(f"hidden={'-'.join(map(str, there))}&"))
        assert at_rest(board).experiment.hidden == there
        stays(board)


def test_a_branch_that_was_left_is_one_press_of_back_away_and_a_reload_has_them_all(app, page):
    def tree():
        at_rest(board)
        return board.moment().tree

    board = LiveBoard(page).open(app.address, f"{SMALL}&at=26&until=30")
    board.wait("update === 26 && !playing")
    first = at_rest(board).experiment
    page.get_by_role("combobox", name="Learning rate").click()
    page.get_by_role("option", name="0.03", exact=True).click()
    expect(page).to_have_url(re.compile(r"26\.learning_rate=0\.03.*forks="))
    board.press("Step one update")
    board.wait("update === 27")
    both = tree()
    second = both.here.experiment
    assert (both.here.at, [fork.experiment for fork in both.every]) == (26, [first, second])
    assert both.every[0].furthest == 30
    board.wait_until_python_knows_the_address()
    for way, there, expected in (
        (page.go_back, 26, first),
        (page.go_forward, 27, second),
        (page.go_back, 26, first),
    ):
        way()
        board.wait(f"update === {there} && !playing")
        stays(board)
        now = tree()
        assert now.here.experiment == expected and {fork.experiment for fork in now.every} == {first, second}
    page.reload()
    board.wait("update === 26 && !playing")
    again = tree()
    assert {fork.experiment for fork in again.every} == {first, second} and again.here.furthest == 30


def test_where_the_slider_comes_to_rest_is_no_step_of_back_which_leads_to_the_experiment_and_the_page_before(
    app, new_page
):
    page = new_page()  # a tab of its own: 50 entries are the most that one counts

    def rests_at(update):
        slider.evaluate(
            "(node, update) => { node.value = update; for (const name of ['input', 'change']) "
            "node.dispatchEvent(new Event(name)); }",
            update,
        )
        board.wait(f"update === {update} && generation >= 0")
        expect(page).to_have_url(re.compile(f"at={update}&"))
        board.wait_until_python_knows_the_address()

    page.goto(f"{app.address}/forward")
    expect(page.get_by_role("heading", name="Forward Propagation")).to_be_visible()
    board = LiveBoard(page).open(app.address, f"dataset=spiral&{SMALL}&at=40")  # a part of an address, written by hand
    slider = board.root.get_by_role("slider", name="Time")
    first = at_rest(board).experiment
    entries = page.evaluate("history.length")
    for update in (30, 10, 20):
        rests_at(update)
    board.set_speed("10 epochs/s")
    board.press("Step one update")
    expect(page).to_have_url(re.compile("at=21&"))
    assert page.evaluate("history.length") == entries
    board.root.get_by_role("button", name="Add a unit to layer 1").click()
    expect(page).not_to_have_url(re.compile("hidden=4-3&"))
    board.press("Step one update")
    board.wait("update === 1")
    expect(page).to_have_url(re.compile("[?&]at=1(&|$)"))
    stays(board)
    assert page.evaluate("history.length") == entries + 1
    for way, update, hidden in (
        (page.go_back, 21, (4, 3)),
        (page.go_forward, 1, (5, 3)),
        (page.reload, 1, (5, 3)),
        (page.go_back, 21, (4, 3)),
        (page.reload, 21, (4, 3)),
    ):
        way()
        board.wait(f"update === {update} && !playing")
        stays(board)
        assert at_rest(board).experiment.hidden == hidden
    rests_at(15)  # after the way back, too
    link = page.url
    page.goto(link.replace("at=15", "at=5"))  # a link to another update of what is on screen
    board.wait("update === 5 && !playing")
    for _ in range(2):
        page.goto(link)  # the same one twice
        board.wait("update === 15 && !playing")
        stays(board)
        assert at_rest(board).experiment == first and "at=15&" in page.url
    page.go_back()
    board.wait("update === 5 && !playing")
    page.go_back()
    board.wait("update === 15 && !playing")
    page.go_back()  # to what was written by hand: made whole it takes its own place, and holds nobody there
    board.wait("update === 40 && !playing")
    expect(page).to_have_url(re.compile("order_seed=0&at=40"))
    stays(board)
    page.go_back()
    expect(page.get_by_role("heading", name="Forward Propagation")).to_be_visible()


def test_each_page_of_the_menu_is_one_press_of_back_with_its_own_address(app, page):
    def is_playground():
        board.wait("paints > 0")
        expect(page).to_have_url(re.compile(r"/\?dataset="))

    def is_lesson(title):
        expect(page.get_by_role("heading", level=2, name=title)).to_be_visible()
        expect(page).not_to_have_url(re.compile("dataset="))

    def goes_to(place):
        page.get_by_role("button", name="Learn", exact=True).click()
        page.get_by_test_id("stTopNavDropdownLink").nth(place).click()

    board = LiveBoard(page).open(app.address, f"{SMALL}&done=neurons.1&numbers=neurons.b:2")
    goes_to(1)
    is_lesson("Forward Propagation")
    page.get_by_role("link", name="Playground").first.click()
    is_playground()
    goes_to(2)
    is_lesson("Implementing Loss Functions")
    for step, there in (
        (page.go_back, is_playground),
        (page.go_back, lambda: is_lesson("Forward Propagation")),
        (page.go_back, is_playground),
        (page.go_forward, lambda: is_lesson("Forward Propagation")),
        (page.go_forward, is_playground),
    ):
        step()
        there()
        assert "done=neurons.1" in page.url
        page.wait_for_timeout(700)
    board.play_until("update > 20")  # the board of a page come back to is heard


def test_back_and_what_lies_beyond_it_outlast_the_address_of_a_change_that_was_under_way(app, page):
    def seeds_of_the_entries():
        found = page.evaluate("() => navigation.entries().map(({ url }) => new URL(url).searchParams.get('init_seed'))")
        return found[-4:]

    def goes_while_a_change_is_under_way(by):
        line.hold_answers()
        board.press("New weights")
        page.wait_for_timeout(2000)  # at rest the server writes the address
        page.evaluate("by => history.go(by)", by)
        page.wait_for_timeout(500)  # it hears of it
        line.mend()
        page.wait_for_timeout(2000)

    with line_to(app.address) as line:
        board = LiveBoard(page).open(line.address, SMALL)
        page.wait_for_function("() => document.documentElement.dataset.wayBack")
        page.get_by_role("button", name="Learn", exact=True).click()
        page.get_by_test_id("stTopNavDropdownLink").nth(1).click()
        expect(page.get_by_role("heading", name="Forward Propagation")).to_be_visible()
        page.wait_for_timeout(1000)  # the query of the page before comes along, and is taken away then
        expect(page).not_to_have_url(re.compile("dataset="))
        page.get_by_role("link", name="Playground").first.click()
        for seed in (0, 1, 2):
            board.wait("paints > 0")
            expect(page).to_have_url(re.compile(f"init_seed={seed}&"))
            page.wait_for_timeout(1000)
            if seed < 2:
                board.press("New weights")
        entries = seeds_of_the_entries()
        assert entries == [None, "0", "1", "2"]
        goes_while_a_change_is_under_way(by=-1)
        assert at_rest(board).experiment.init_seed == 1
        assert seeds_of_the_entries() == entries
        page.go_forward()
        expect(page).to_have_url(re.compile("init_seed=2&"))
        page.wait_for_timeout(1000)
        assert at_rest(board).experiment.init_seed == 2
        goes_while_a_change_is_under_way(by=-3)
        expect(page.get_by_role("heading", name="Forward Propagation")).to_be_visible()
        expect(page).to_have_url(re.compile("/forward"))
        assert seeds_of_the_entries() == entries
        page.goto("about:blank")  # before the line ends


def test_start_from_opens_the_experiment_and_says_what_is_to_be_seen(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    start = GALLERY["xor_product"]
    page.get_by_role("button", name="Start from").click()
    page.get_by_text(start.title, exact=True).click()
    expect(page.get_by_text(start.sentence, exact=True)).to_be_visible()
    shown, run = board.check()
    assert run.experiment == start.experiment
    assert (shown.update, shown.playing) == (0, False)
    board.press("Undo")  # a start taken by mistake costs nothing
    board.wait(f"generation > {shown.generation}")
    assert board.check()[1].experiment.hidden == (4, 3)


def test_a_hostile_link_is_ignored_in_sentences_and_the_page_works(app, page):
    query = (
        "dataset=%3Cscript%3Ealert(1)%3C/script%3E&hidden=999999-999999&samples=1e99&learning_rate=nan"
        "&batch_size=-1&init_seed=0x41&features=x1-__import__(%27os%27)&nonsense=1&l2=inf"
    )
    board = LiveBoard(page).open(app.address, query)
    page.get_by_role("button", name="Read all").click()
    said = page.get_by_test_id("stPopoverBody")
    for name in ("dataset", "hidden", "samples", "learning_rate", "batch_size", "init_seed", "features", "l2"):
        expect(said).to_contain_text(f"{name}: expected")
    expect(said).to_contain_text("'<script>alert(1)</script>'")  # quoted as text
    page.keyboard.press("Escape")
    assert page.locator("script", has_text="alert(1)").count() == 0
    board.play_until("epoch >= 2")
    board.pause()
    board.check()


def test_a_link_of_more_parameters_than_streamlit_hands_on_is_not_dropped_in_silence(app, page):
    edits = "&".join(f"{update}.edit.0.0.0=0.5" for update in range(1, 1199))
    LiveBoard(page).open(app.address, f"{SMALL}&speed=max&{edits}")
    told = "The link was ignored: expected at most 1,000 parameters, got 1,201; use a shorter one."
    expect(page.get_by_text(told)).to_be_visible()


def test_two_visitors_do_not_disturb_each_other(app, page, new_page):
    first = LiveBoard(page).open(app.address, SMALL)
    second = LiveBoard(new_page()).open(app.address, "hidden=2&samples=100&dataset=circle")
    for board in (first, second):  # both paint on the same two cores
        board.set_speed("10 epochs/s")
    first.play_until("epoch >= 3")
    second.play_until("epoch >= 3")
    first.wait("epoch >= 6")
    second.pause()
    still, run = second.check()
    assert run.experiment.dataset == "circle"
    epoch = first.numbers().epoch
    first.wait(f"playing && epoch > {epoch + 2}")  # a pause of the one is no pause of the other
    first.pause()
    first.check()
    assert second.numbers() == still


@pytest.mark.parametrize("playing", [True, False])
def test_a_cut_connection_resumes_where_it_was(app, new_page, console_errors, playing):
    page = new_page()  # its connection goes through this test
    sockets = []
    page.route_web_socket(
        re.compile("_stcore/stream"), lambda socket: sockets.append((socket, socket.connect_to_server()))
    )
    board = LiveBoard(page).open(app.address, SMALL)
    board.play_until("epoch >= 3")
    if not playing:
        board.pause()
        board.check()
    before = board.numbers()
    for socket, server in sockets:
        server.close()
        socket.close()
    if not playing:
        board.press("Step one update")  # what is wanted meanwhile is not lost
        board.wait(f"update === {before.update + 1}")
    else:
        board.wait(f"playing && epoch > {before.epoch + 3}")
        board.pause()
    assert len(sockets) > 1  # the browser had to connect again
    shown, _ = board.check()
    assert shown.update > before.update
    console_errors[:] = [error for error in console_errors if "WebSocket" not in error and "disconnected" not in error]


@pytest.mark.parametrize("name", ["light", "dark", "phone"])
def test_the_board_can_be_used_and_photographed_on(app, page, new_page, name):
    ARTEFACTS.mkdir(exist_ok=True)
    if name == "phone":
        page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    else:
        page.emulate_media(color_scheme=name)
    board = LiveBoard(page).open(app.address)
    before = board.numbers().epoch
    board.play_until(f"epoch >= {before + 10}")
    board.press("Pause")
    expect(board.root).to_have_attribute("data-playing", "false")
    board.check()
    board.wait_until_nothing_is_painted()
    page.screenshot(path=ARTEFACTS / f"playground-{name}.png", full_page=name == "phone")
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = board.root.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
