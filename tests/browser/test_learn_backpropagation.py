"""Step 4 in a real browser: frames by button, mark and key; graph, arrays and code lead to each other; the tasks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from ui.checks import backpropagation as checks
from ui.lesson import LESSONS


@pytest.fixture
def lesson(page, app) -> Page:
    page.goto(f"{app.address}/backpropagation")
    page.get_by_test_id("bar").wait_for()
    return page


@pytest.fixture(scope="module")
def opened(returning, app) -> Iterator[Page]:
    page = returning.new_page()
    page.goto(f"{app.address}/backpropagation")
    page.get_by_test_id("bar").wait_for()
    yield page
    page.close()


@pytest.fixture
def frames(opened, watch) -> Page:
    """The lesson at its first frame, for tests that only look at frames: a page takes seconds to open."""
    watch(opened)
    opened.get_by_test_id("player").get_by_role("button", name="Compute gradients").click()
    bar(opened).locator(".mark").first.click()
    at_frame(opened, "start")
    return opened


def bar(page: Page):
    return page.get_by_test_id("bar")


def at_frame(page: Page, key: str) -> None:
    expect(bar(page)).to_have_attribute("data-frame", key)


def link(page: Page, layer: int, unit: int, source: int | str):
    place = f'[data-kind=link][data-layer="{layer}"][data-unit="{unit}"][data-source="{source}"]'
    return page.get_by_test_id("player").locator(f".item{place}")


def test_frames_follow_each_other_by_button_by_mark_and_by_key(frames):
    at_frame(frames, "start")
    bar(frames).get_by_role("button", name="Next frame").click()
    at_frame(frames, "z1")
    frames.keyboard.press("ArrowRight")
    at_frame(frames, "a1")
    frames.keyboard.press("ArrowLeft")
    at_frame(frames, "z1")
    frames.keyboard.press("End")
    at_frame(frames, "db1")
    bar(frames).locator(".mark").nth(9).click()
    expect(bar(frames)).to_have_attribute("data-index", "9")
    expect(frames.locator(".badge", has_text="old weights")).to_be_visible()


# Clicks Next and reads, before anybody else can do anything, what each part of the player shows.
NEXT = """bar => {
  const player = bar.closest('[data-testid=player]');
  const seen = () => ['formula', 'graph', 'arrays', 'listing'].map((name) =>
    name === 'graph' ? [...player.querySelectorAll('.item[data-kind=unit]')].map((unit) => unit.dataset.text).join()
      : name === 'listing' ? player.querySelector('.listing .marked')?.textContent ?? ''
      : player.querySelector(`[data-testid=${name}]`).innerText);
  const before = seen();
  bar.querySelector('button[aria-label="Next frame"]').click();
  const after = seen();
  return { changed: before.map((text, i) => text !== after[i]), frame: bar.dataset.frame };
}"""


def test_the_whole_picture_of_the_next_frame_is_there_with_the_click(frames):
    frames.get_by_test_id("formula").locator(".katex").first.wait_for()
    for key in ("z1", "a1"):
        found = bar(frames).evaluate(NEXT)
        assert found == {"changed": [True] * 4, "frame": key}


def test_the_frame_that_was_reached_is_there_again_after_another_page(lesson):
    player = lesson.get_by_test_id("player")
    answers = int(player.get_attribute("data-updates"))
    player.get_by_role("button", name="Apply update").click()  # an action is told to Python at once
    expect(player).to_have_attribute("data-updates", str(answers + 1))
    bar(lesson).get_by_role("button", name="Next frame").click()
    at_frame(lesson, "loss_after")
    expect(player).to_have_attribute("data-updates", str(answers + 2))  # a frame when it has been at rest for a while
    lesson.get_by_role("link", name="Next: Training the Neural Network").click()
    lesson.get_by_role("link", name="Back: Backpropagation and Gradient Descent").click()
    at_frame(lesson, "loss_after")


def test_it_plays_by_itself_to_the_end_and_stops_there(frames):
    bar(frames).get_by_label("Speed of the frames").select_option("500")
    bar(frames).locator(".mark").nth(12).click()
    bar(frames).get_by_role("button", name="Play frames").click()
    at_frame(frames, "db1")
    expect(bar(frames)).to_have_attribute("data-playing", "false")


def test_a_link_marks_its_cell_and_line_and_a_cell_and_a_line_lead_back(frames):
    bar(frames).locator(".mark").nth(1).click()
    at_frame(frames, "z1")
    frames.locator(".item[data-kind=link]").first.wait_for()
    link(frames, 0, 1, 2).dispatch_event("click")
    arrays, listing = frames.get_by_test_id("arrays"), frames.get_by_test_id("listing")
    marked = arrays.locator('figure[data-name^="W"] td.marked button')
    expect(arrays.locator('figure[data-name^="W"] td.marked button[data-at="0,1,2"]')).to_have_text("0.7")
    expect(marked).to_have_count(1)
    expect(listing.locator(".marked")).to_contain_text("z.append(a[l] @ W[l].T + b[l])")
    # a cell leads to its link
    arrays.locator('figure[data-name^="W"] button[data-at="0,0,1"]').click()
    expect(link(frames, 0, 0, 1)).to_have_attribute("aria-pressed", "true")
    # from the gradient's frame, a line of code leads to the frame it computed
    bar(frames).locator(".mark").nth(14).click()
    at_frame(frames, "dW1")
    expect(listing.locator(".marked")).to_contain_text("dW[l] = delta.T @ a[l]")
    listing.locator("button.linked", has_text="da = delta @ W[l]").click()
    at_frame(frames, "da1")


def test_numbers_come_onto_the_graph_as_they_are_computed(frames):
    output = frames.locator('.item[data-kind=unit][data-layer="1"][data-unit="0"]').first
    expect(output).to_have_attribute("data-text", "")
    bar(frames).locator(".mark").nth(4).click()
    expect(output).to_have_attribute("data-text", "0.5826, z 0.3335")
    bar(frames).locator(".mark").nth(8).click()
    expect(output).to_have_attribute("data-text", "0.5826, z 0.3335, δ −0.4174")


def test_gradients_and_update_are_apart_and_the_loss_falls_as_predicted(frames):
    frames.get_by_test_id("player").get_by_role("button", name="Apply update").click()
    at_frame(frames, "update")
    expect(frames.locator(".badge", has_text="new weights")).to_be_visible()
    expect(frames.get_by_text("0.540218").first).to_be_visible()
    expect(frames.get_by_text("0.512854").first).to_be_visible()


def test_a_task_by_hand_wrong_answer_first(lesson):
    exact = checks.step_by_hand().backward.delta[1][0, 0]
    task = lesson.locator(".st-key-task_backpropagation_2")
    field = task.get_by_label("delta")
    field.fill(f"{-exact:.3g}")
    task.get_by_role("button", name="Check").click()
    expect(task).to_contain_text("sign")
    field.fill(f"{exact:.3g}".replace(".", ","))
    field.press("Enter")
    expect(task).to_contain_text("Right")
    expect(lesson.get_by_text(f"1 of {LESSONS['backpropagation'].tasks} tasks done")).to_be_visible()


def test_the_prediction_is_judged_when_the_update_is_applied(lesson):
    box = lesson.locator(".st-key-predict_backpropagation_1")
    box.get_by_text("down, away from 0", exact=True).click()
    expect(box).to_contain_text("Now see")
    lesson.get_by_test_id("player").get_by_role("button", name="Apply update").click()
    expect(box).to_contain_text("You predicted “down, away from 0”, but it is “up, towards 0”")
    at_frame(lesson, "update")
    bar(lesson).get_by_role("button", name="Next frame").click()
    at_frame(lesson, "loss_after")


def test_the_prediction_of_all_signs(lesson):
    task = lesson.locator(".st-key-task_backpropagation_1")
    task.get_by_role("button", name="Check").click()
    expect(task).to_contain_text("Choose the parameters that will move up")
    for name in sorted(checks.growing(checks.step_of(checks.START | {"y": 0}))):
        pill = lesson.locator(".st-key-backpropagation_signs").get_by_role("button", name=name, exact=True)
        pill.click()
        expect(pill).to_have_attribute("aria-pressed", "true")
    task.get_by_role("button", name="Check").click()
    expect(task).to_contain_text("Right, all 11")


def test_nothing_is_wider_than_a_phone(phone, lesson):
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_table_of_the_whole_update_is_whole_on_a_phone_and_explains_its_first_wrong_cell(phone, lesson):
    task = lesson.locator(".st-key-task_backpropagation_7")
    exact = checks.step_by_hand().backward.dW[1][0, 0]
    task.get_by_label("gradient of W2[1,1]").fill(f"{exact:.4g}".replace(".", ","))
    task.get_by_label("new value of b1[2]").fill("-0.2")
    task.get_by_role("button", name="Check").click()
    expect(task).to_contain_text("1 of 18 cells are right. The first wrong one is the new value of b1[2].")
    expect(task).to_contain_text("That is the old value")
    box = task.bounding_box()
    fields = task.get_by_role("textbox").all()
    assert len(fields) == 18
    for field in fields:
        cell = field.bounding_box()
        assert box["x"] < cell["x"]
        assert cell["x"] + cell["width"] + 20 < box["x"] + box["width"], "the mark stands to the right of it"
    assert task.evaluate(
        "task => [...task.querySelectorAll('*')].every(e => e.scrollWidth <= e.clientWidth + 1"
        " || getComputedStyle(e).overflowX === 'visible' || e.tagName === 'INPUT')"
    ), "nothing in it is cut"
