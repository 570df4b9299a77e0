"""Step 5 in a real browser: the film plays, the strip counts, and the tasks are worked wrong answer first."""

from playwright.sync_api import Page, expect

from tests.browser.lesson_page import LOADED, LessonPage
from ui.checks import training as checks
from ui.film import record


def opened(page: Page, address: str) -> LessonPage:
    lesson = LessonPage(page, address, "training").open()
    expect(page.get_by_test_id("film")).to_have_attribute("data-epoch", "0", timeout=LOADED)
    return lesson


def run_20(page: Page) -> None:
    """Press the button and wait for the strip."""
    expect(page.get_by_text("not run yet", exact=True)).to_be_visible(timeout=LOADED)  # Plotly is there
    page.get_by_role("button", name="Run 20 starts").click()
    expect(page.get_by_text("of 20 starts", exact=False).first).to_be_visible(timeout=LOADED)
    expect(page.locator(".js-plotly-plot .textpoint").first).to_be_visible(timeout=LOADED)


def test_the_film_plays_to_the_end_is_moved_by_keys_and_python_learns_where_it_rests(app, page):
    opened(page, app.address)
    film = page.get_by_test_id("film")
    film.get_by_role("button", name="Play").click()
    expect(film).to_have_attribute("data-playing", "true")
    expect(film).not_to_have_attribute("data-epoch", "0")
    film.get_by_role("button", name="Pause").click()
    assert 0 < int(film.get_attribute("data-epoch")) < 1000
    expect(film).to_have_attribute("data-playing", "false")
    film.get_by_role("button", name="Play").click()
    expect(film).to_have_attribute("data-epoch", "1000", timeout=LOADED)
    expect(film).to_have_attribute("data-playing", "false")
    recorded = record(checks.experiment_of(checks.START), checks.EPOCHS, 5)
    for output in recorded.outputs[-1]:
        expect(film.get_by_text(f"{output:.4g}")).to_be_visible()
    expect(film.get_by_text(f"accuracy {recorded.correct[-1]}/3")).to_be_visible()
    page.get_by_text("Explain: what flows back").click()
    expect(page.get_by_text("After 1000 epochs. δ")).to_be_visible()

    before = film.get_attribute("data-loss")  # another rate is shown at the same epoch
    page.get_by_role("radio", name="0.1", exact=True).click()
    expect(film).not_to_have_attribute("data-loss", before)
    expect(film).to_have_attribute("data-epoch", "1000")
    expect(film).to_have_attribute("data-correct", "3")

    film.get_by_role("slider").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(film).to_have_attribute("data-epoch", "10")
    expect(page.get_by_text("After 10 epochs. δ")).to_be_visible()

    before = film.get_attribute("data-loss")
    page.get_by_role("radio", name="3", exact=True).click()  # with it the loss begins at the very top of its chart
    expect(film).not_to_have_attribute("data-loss", before)
    film.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(film).to_have_attribute("data-epoch", "0")
    title, number = film.locator("svg text").first.bounding_box(), film.locator("svg text.here").bounding_box()
    assert title["y"] + title["height"] <= number["y"], "the number stands on the title"


def test_the_two_tasks_wrong_answer_first_and_a_click_on_a_square_shows_that_start(app, page):
    lesson = opened(page, app.address)
    lesson.answer(1, "100", "Nothing is measured yet")
    run_20(page)
    words = page.get_by_text("of 20 starts", exact=False).first.inner_text()
    good = int(words.split(" ")[0])
    squares = page.locator(".js-plotly-plot .scatterlayer .trace").first.locator(".point")
    squares.first.click(force=True)
    seed = record_of_first_success()
    expect(page.get_by_role("heading", name=f"One start, seed {seed}")).to_be_visible()
    lesson.shows(page.get_by_role("spinbutton", name="Seed of the start"), str(seed))
    expect(page.get_by_text("After 1000 epochs. δ")).to_be_attached()  # the end, which the square counts
    lesson.answer(1, str(good), "divide by the number of starts")
    lesson.answer(1, f"{5 * good},0", f"Right: {good} of 20")

    lesson.check(2, "try a larger rate")
    page.get_by_role("radio", name="0.1", exact=True).click()
    expect(page.get_by_text("No start was run with these settings yet")).to_be_visible()
    run_20(page)
    lesson.check(2, "Right: at 0.1 all 20 of 20")
    lesson.is_done(2)
    lesson.nothing_is_wider_than_a_phone()


def record_of_first_success() -> int:
    for seed in range(20):
        film = record(checks.experiment_of(checks.START | {"seed": seed}), checks.EPOCHS, 5)
        if film.correct[-1] == 3:
            return seed
    raise AssertionError("no start of the first twenty gets all three right")
