"""The time slider: what it shows on the way is true, and where one lets go the numbers are exact."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

import scratchnet as sn
from scratchnet.jumps import jumps
from tests.browser.live_board import LiveBoard, painted
from tests.browser.test_controls_while_playing import choose
from tests.browser.test_draw import link as link_of_points
from tests.browser.test_draw import pen
from tests.browser.test_draw import place as place_on_map
from ui import moment
from ui.play.playground import SPEEDS, Playground

SMALL = "dataset=circle&samples=200&batch_size=10&hidden=4-3&optimizer=sgd&learning_rate=0.1"
# Keeps what was drawn, and by which answer or, of a kept frame, by none.
RECORD = """root => {
  root.seen = [];
  new MutationObserver(() => {
    const { update, trainLoss, testLoss, playing, generation, points } = root.dataset;
    const units = root.querySelectorAll("[data-z]").length;
    const answer = root.querySelector(".answer").textContent;
    root.seen.push([+update, +trainLoss, +testLoss, playing === "true", +generation, +points, units, answer]);
  }).observe(root, { attributes: true, attributeFilter: ["data-paints"] });
}"""
KEPT = -2  # the generation of a frame that was kept


def slider(board: LiveBoard) -> Locator:
    return board.root.get_by_role("slider", name="Time")


def place_of(board: LiveBoard, share: float) -> tuple[float, float]:
    """Where on the page a share of the way lies on the curve."""
    box = slider(board).bounding_box()
    return box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 3


def played(page: Page, address: str, query: str = SMALL, until: int = 1500) -> LiveBoard:
    board = LiveBoard(page).open(address, query)
    board.set_speed("100 epochs/s")
    board.play_until(f"update > {until}")
    return board


def drag(board: LiveBoard, first: float, last: float, steps: int = 40) -> list[list]:
    """Press at one share of the way and move to another, without letting go. Gives what was seen of kept frames."""
    board.root.evaluate(RECORD)
    board.page.mouse.move(*place_of(board, first))
    board.page.mouse.down()
    for step in range(steps):
        board.page.mouse.move(*place_of(board, first + (last - first) * (step + 1) / steps))
        painted(board.page)
    return [row for row in board.root.evaluate("root => root.seen") if row[4] == KEPT]


def check_frames(experiment: sn.Experiment, seen: list[list]) -> None:
    """Each picture that was seen has the losses of a fresh run at its update."""
    run = experiment.start()
    for update, train, test, *_ in sorted(seen):
        run.goto(update)
        now = run.evaluate()
        assert (train, test) == (now.train_loss, now.test_loss), f"update {update}"


def test_dragging_while_it_plays_shows_true_pictures_and_ends_exactly_and_play_goes_on_along_the_same_future(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    board.play_until("update > 3000")  # at full speed, so that an answer is always under way
    board.wait(f"paints > {60 + int(board.root.get_attribute('data-paints'))}")  # each of them is kept for a while
    board.root.evaluate(RECORD)
    page.mouse.move(*place_of(board, 0.9))
    page.mouse.down()
    for step in range(60):
        page.mouse.move(*place_of(board, 0.9 - 0.01 * step))
        painted(page)
    dragged = board.root.evaluate("root => root.seen.splice(0)")
    assert not board.numbers().playing
    kept = [row for row in dragged if row[4] == KEPT]
    assert len({row[0] for row in kept}) > 8
    first = dragged.index(kept[0])
    rest = [row for row in dragged[first:] if row[4] != KEPT]
    assert not [row for row in rest if row[3]], "it played on under the pointer"
    assert slider(board).evaluate("node => +node.value !== +node.max")
    board.wait("generation >= 0 && !playing")  # the pointer rests: the exact frame comes before it lets go
    resting = board.numbers().update
    page.mouse.move(*place_of(board, 0.35))
    board.wait(f"generation === {KEPT} && update > {resting}")
    page.mouse.move(*place_of(board, 0.31))
    page.mouse.up()
    board.wait("generation >= 0 && !playing")
    wanted = int(slider(board).input_value())
    assert board.numbers().update == wanted
    furthest = int(board.root.get_attribute("data-furthest"))
    assert abs(wanted - 0.31 * furthest) < 0.01 * furthest
    _, run = board.check()
    board.check_map(run)
    check_frames(run.experiment, kept)
    expect(slider(board)).to_have_attribute(
        "aria-valuetext", re.compile(f"^update {wanted:,} of {furthest:,}, training loss 0\\.")
    )
    expect(board.root.locator(".unseen[role=status]")).to_contain_text(f"Update {wanted:,} of {furthest:,}.")
    board.set_speed("10 epochs/s")
    board.play_until(f"update > {wanted + 100}")
    assert int(board.root.get_attribute("data-furthest")) == furthest
    board.pause()
    after, _ = board.check()
    assert wanted < after.update < furthest


def test_a_click_on_the_curve_and_the_keys_go_there_and_the_last_of_quick_moves_wins(app, page):
    board = played(page, app.address)
    board.pause()
    board.check()
    furthest = int(board.root.get_attribute("data-furthest"))
    page.mouse.click(*place_of(board, 0.5))
    board.wait(f"Math.abs(update - {furthest / 2}) < {furthest / 100} && generation >= 0")
    shown, _ = board.check()
    time = slider(board)
    time.focus()
    for key, update in (("ArrowLeft", shown.update - 1), ("ArrowRight", shown.update), ("Home", 0), ("End", furthest)):
        time.press(key)
        board.wait(f"update === {update} && generation >= 0")
        board.check()
    time.press("PageDown")
    board.wait(f"update < {0.95 * furthest} && generation >= 0")
    board.check()
    generation = board.numbers().generation
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    last = int(time.input_value())
    board.wait(f"update === {last} && generation > {generation}")
    board.check()
    assert board.numbers().update == last
    page.keyboard.press(" ")
    board.wait(f"playing && update > {last}")


def test_a_finger_moves_through_time_too(app, new_page):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    board = played(page, app.address, until=600)
    board.pause()
    board.root.locator(".loss").scroll_into_view_if_needed()
    board.check()
    furthest = int(board.root.get_attribute("data-furthest"))
    device = page.context.new_cdp_session(page)

    def touch(kind: str, *place: float) -> None:
        points = [{"x": place[0], "y": place[1]}] if place else []
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(16)

    def swipe(across: float, down: float) -> None:
        x, y = place_of(board, 0.8)
        touch("touchStart", x, y)
        for step in range(1, 21):
            touch("touchMove", x + across * step, y + down * step)
        touch("touchEnd")

    before = page.get_by_test_id("stMain").evaluate("main => main.scrollTop")
    swipe(0, -5)  # a finger that scrolls the page
    page.wait_for_function(
        "([main, before]) => main.scrollTop !== before", arg=[page.get_by_test_id("stMain").element_handle(), before]
    )
    assert (board.numbers().update, int(slider(board).input_value())) == (furthest, furthest)
    swipe(-0.03 * slider(board).bounding_box()["width"], 0)
    board.wait(f"update < {furthest / 2} && generation >= 0")
    assert board.numbers().update == int(slider(board).input_value())
    board.check()
    x, y = place_of(board, 0.5)
    touch("touchStart", x, y)
    touch("touchEnd")
    board.wait(f"Math.abs(update - {furthest / 2}) < {furthest / 50} && generation >= 0")


def test_who_opens_a_link_late_in_a_run_drags_through_pictures_that_python_makes_of_it(app, page):
    board = LiveBoard(page).open(app.address, f"{SMALL}&at=3000")
    board.wait("update === 3000 && !playing")
    board.check()
    page.mouse.move(*place_of(board, 0.9))  # which has the board ask for the film
    expect(board.root).to_have_attribute("data-waits", "false")
    seen = drag(board, 0.9, 0.1)
    page.mouse.up()
    board.wait("generation >= 0")
    _, run = board.check()
    assert len({row[0] for row in seen}) > 8
    check_frames(run.experiment, seen)


def test_of_a_kept_picture_nothing_is_shown_that_belongs_to_another_input_or_to_later_points(app, page):
    board = played(page, app.address, until=600)
    board.pause()
    page.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_role("button", name="Take these points", exact=True).click()
    board.wait("update === 0")
    board.play_until("update > 400")
    board.pause()
    drawn = board.numbers().update  # how far it has come says the machine
    points = int(board.root.get_attribute("data-points"))
    box = board.root.locator(".mapBox canvas").last.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"])
    board.wait(f"points === {points + 1}")
    board.play_until(f"update > {2 * drawn}")
    board.pause()
    furthest = int(board.root.get_attribute("data-furthest"))
    for name in ("Input x1", "Input x2"):
        board.root.get_by_label(name).fill("0.5")
    page.keyboard.press("Enter")
    expect(board.root.locator(".answer")).to_contain_text("output")
    *_, last = drag(board, 0.9, 0.5 * drawn / furthest)
    assert last[0] < drawn and last[5:] == [points, 0, "→ …"]
    page.mouse.up()
    board.wait(f"generation >= 0 && update < {drawn} && points === {points}")
    expect(board.root.locator(".answer")).to_contain_text("output")
    board.check((0.5, 0.5))


def test_a_change_in_the_past_begins_a_branch_and_each_is_gone_to_named_deleted_and_brought_back(app, page):
    board = played(page, app.address, until=800)
    board.pause()
    board.check()
    furthest = int(board.root.get_attribute("data-furthest"))
    branches = board.root.get_by_role("group", name="Branches of this run")
    expect(branches).to_have_count(0)
    page.mouse.click(*place_of(board, 0.5))
    board.wait(f"update < {0.6 * furthest} && generation >= 0")
    first, _ = board.check()
    choose("Learning rate", "0.3")(page)
    expect(branches.get_by_role("button", pressed=True)).to_have_text(
        re.compile(f"^Brate 0.3 from update {first.update:,}")
    )
    board.play_until(f"update > {first.update + 100}")
    board.pause()
    other, run = board.check()
    assert run.experiment.events
    branches.get_by_role("button", name="A as it began").click()
    board.wait(f"update === {first.update}")
    expect(page).not_to_have_url(re.compile(r"[?&]\d+\.learning_rate="))  # the numbers of this update are those of both
    back, run = board.check()
    assert (back.train_loss, run.experiment.events) == (first.train_loss, ())
    assert int(board.root.get_attribute("data-furthest")) == furthest
    page.reload()
    board.wait(f"furthest === {furthest} && update === {first.update}")
    expect(branches.get_by_role("button", pressed=True)).to_have_text("Aas it began")
    branches.get_by_role("button", name="Rename branch").click()
    page.keyboard.type("<b>slow</b>")
    page.keyboard.press("Enter")
    expect(branches.get_by_role("button", pressed=True)).to_have_text("A<b>slow</b>")
    branches.get_by_role("button", name="B rate 0.3").press("Enter")
    board.wait(f"update === {other.update} && trainLoss === {other.train_loss}")
    branches.get_by_role("button", name="Delete branch").click()
    expect(branches.locator(".branch")).to_have_text(["A<b>slow</b>"])  # the only one, and it has a name
    expect(branches.get_by_role("button", name="Delete branch")).to_have_count(0)
    board.button("Undo").click()
    expect(branches.get_by_role("button", pressed=True)).to_have_text(re.compile("^Brate 0.3"))
    board.check()


# Keeps the update on screen at a press of a link or button of the page, and where the link leads; it is not followed.
PRESSED = """(root, isFollowed) => {
  window.pressed = [];
  document.addEventListener("click", (event) => {
    if (!root.isConnected) return;
    const link = event.target.closest("a[href]");
    const update = Number(root.dataset.update);
    window.pressed.push([update, root.dataset.playing, link && link.href]);
    if (link && !isFollowed) event.preventDefault();
  }, true);
}"""


def test_present_that_is_pressed_while_it_plays_leads_to_what_is_on_screen_also_while_one_draws(app, page):
    board = LiveBoard(page).open(app.address, link_of_points() + "&speed=5u")
    board.wait_until_nothing_is_painted(1500)  # the page has run for the start
    board.root.evaluate(PRESSED, False)
    present = page.get_by_role("link", name="Present")
    assert "at=" not in present.get_attribute("href")
    pen(board).click()
    board.play_until("update > 12")
    for points in (8, 9):
        page.mouse.click(*place_on_map(board, 1, points - 7))
        board.wait(f"points === {points} && playing")
        board.wait(f"update > {board.numbers().update + 3}")
        present.click()
    present.focus()
    page.keyboard.press("Enter")
    shown = [row for row in page.evaluate("window.pressed") if row[2]]
    assert len(shown) == 3 and all(playing == "true" for _, playing, _ in shown)
    assert shown[0][0] < shown[1][0] <= shown[2][0]
    board.pause()
    _, run = board.check()
    for (update, _, href), points in zip(shown, (8, 9, 9), strict=True):
        there, ignored = moment.read(urlsplit(href).query.partition("&present=board")[0], SPEEDS)
        assert (there.update, ignored, there.speed) == (update, (), "5u") and "embed=true" in href
        assert len(there.experiment.at(update).dataset) == points
        assert there.experiment.events == run.experiment.events[: points - 7]


def test_compare_that_is_pressed_while_it_plays_begins_where_it_was_on_screen(app, page):
    board = LiveBoard(page).open(app.address, SMALL)
    board.set_speed("10 epochs/s")
    board.play_until("update > 150")
    board.root.evaluate(PRESSED, True)
    page.get_by_role("button", name="Compare", exact=True).click()
    LiveBoard(page, "compare1").wait("paints > 0")
    (update, _, _), *_ = page.evaluate("window.pressed")
    board = LiveBoard(page, "compare1")
    board.wait(f"update === {update} && !playing")
    expect(page).to_have_url(re.compile(f"[?&]at={update}(&|$)"))
    page.get_by_role("button", name="Play all").click()
    board.wait(f"playing && update > {update + 60}")
    board.root.evaluate(PRESSED, True)
    page.get_by_role("button", name="Open A").click()
    board = LiveBoard(page)
    board.wait("paints > 0")
    (opened, _, _), *_ = page.evaluate("window.pressed")
    board.wait(f"update === {opened} && !playing")
    board.check()


def test_names_of_branches_that_are_cut_stay_apart_and_are_told_whole_by_pointer_and_focus(app, page):
    pg = Playground(sn.Experiment.from_query(SMALL)[0])
    pg._stand_at(600)
    for update in (40, 400, 410):
        pg.branch(0, update)
        pg.edit(0, 1, None, 0.5)
    board = LiveBoard(page).open(app.address, pg.link)
    chips = board.root.get_by_role("group", name="Branches of this run").locator(".branch")
    expect(chips).to_have_count(4)
    parts = """node => [...node.querySelectorAll("span")].map((part) =>
      [part.textContent, part.scrollWidth > part.clientWidth])"""
    for chip, update in zip(chips.all()[1:], (40, 400, 410), strict=True):
        (head, is_cut), (tail, tail_is_cut) = chip.evaluate(parts)
        assert (head, tail) == ("weights set by hand from update ", str(update))
        assert is_cut and not tail_is_cut
    tip = board.root.get_by_role("tooltip")
    chips.nth(1).hover()
    expect(tip).to_have_text("weights set by hand from update 40")
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    chips.nth(1).focus()
    page.keyboard.press("Tab")
    expect(tip).to_have_text("weights set by hand from update 400")
    expect(chips.nth(2)).to_have_accessible_name("C weights set by hand from update 400")
    expect(page.get_by_text("≠ Differs from A (as it began): other weights set by hand.")).to_be_visible()


def test_where_the_loss_rose_a_mark_says_so_and_leads_there(app, page):
    experiment = sn.Experiment(dataset="circle", samples=200, hidden=(4, 3), learning_rate=0.01)
    run = experiment.start()
    run.advance(epochs=40)
    run.change(learning_rate=3.0)
    run.advance(epochs=10)
    rose = jumps(run.history.update, run.history.train_loss)[0]
    board = LiveBoard(page).open(app.address, f"{run.experiment.to_query()}&at={run.update}")
    mark = board.root.get_by_role("button", name=f"The training loss rose here, at update {rose:,}")
    mark.hover()
    expect(board.root.get_by_role("tooltip")).to_have_text(re.compile(f"rose here, at update {rose:,}: from .* to .*"))
    mark.click()
    board.wait(f"update === {rose} && generation >= 0")
    board.check()
