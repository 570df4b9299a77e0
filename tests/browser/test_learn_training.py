"""Step 5 in a real browser: the film plays, the strip counts, and the tasks are worked wrong answer first."""

from playwright.sync_api import Page, expect

from ui.checks import training as checks
from ui.film import record

LOADED = 60_000  # ms; other tests share the machine


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/training")
    expect(page.get_by_role("heading", level=2, name="Training the Neural Network")).to_be_visible()
    expect(page.get_by_test_id("film")).to_have_attribute("data-epoch", "0", timeout=LOADED)
    return page


def task(page: Page, place: int):
    return page.locator(f".st-key-task_training_{place}")


def run_20(page: Page) -> None:
    """Press the button and wait for the strip."""
    expect(page.get_by_text("not run yet", exact=True)).to_be_visible(timeout=LOADED)  # Plotly is there
    page.get_by_role("button", name="Run 20 starts").click()
    expect(page.get_by_text("of 20 starts", exact=False).first).to_be_visible(timeout=LOADED)
    expect(page.locator(".js-plotly-plot .textpoint").first).to_be_visible(timeout=LOADED)


def test_the_film_plays_to_the_end_and_shows_what_the_run_answers(app, page):
    film = opened(page, app.address).get_by_test_id("film")
    film.get_by_role("button", name="Play").click()
    expect(film).to_have_attribute("data-playing", "true")
    page.wait_for_timeout(1500)
    film.get_by_role("button", name="Pause").click()
    middle = int(film.get_attribute("data-epoch"))
    assert 0 < middle < 1000
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


def test_the_film_is_moved_by_keys_and_python_learns_where_it_rests(app, page):
    film = opened(page, app.address).get_by_test_id("film")
    page.get_by_text("Explain: what flows back").click()
    expect(page.get_by_text("After 0 epochs. δ")).to_be_visible()
    film.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(film).to_have_attribute("data-epoch", "10")
    expect(page.get_by_text("After 10 epochs. δ")).to_be_visible()


def test_another_rate_is_shown_at_the_same_epoch(app, page):
    film = opened(page, app.address).get_by_test_id("film")
    film.get_by_role("slider").focus()
    page.keyboard.press("End")
    before = film.get_attribute("data-loss")
    page.get_by_role("radio", name="0.1", exact=True).click()
    expect(film).not_to_have_attribute("data-loss", before)
    expect(film).to_have_attribute("data-epoch", "1000")
    expect(film).to_have_attribute("data-correct", "3")


def test_the_two_tasks_wrong_answer_first(app, page):
    opened(page, app.address)
    answer = task(page, 1).get_by_role("textbox")
    answer.fill("100")
    answer.press("Enter")
    expect(task(page, 1)).to_contain_text("Nothing is measured yet")
    run_20(page)
    words = page.get_by_text("of 20 starts", exact=False).first.inner_text()
    good = int(words.split(" ")[0])
    answer.fill(str(good))
    answer.press("Enter")
    expect(task(page, 1)).to_contain_text("divide by the number of starts")
    answer.fill(f"{5 * good},0")
    answer.press("Enter")
    expect(task(page, 1)).to_contain_text(f"Right: {good} of 20")

    task(page, 2).get_by_role("button", name="Check").click()
    expect(task(page, 2)).to_contain_text("try another one")
    page.get_by_role("radio", name="0.1", exact=True).click()
    expect(page.get_by_text("No start was run with these settings yet")).to_be_visible()
    run_20(page)
    task(page, 2).get_by_role("button", name="Check").click()
    expect(task(page, 2)).to_contain_text("Right: at 0.1 all 20 of 20")
    expect(page).to_have_url(f"{app.address}/training?done=training.1-training.2")


def test_a_click_on_a_square_shows_that_start(app, page):
    opened(page, app.address)
    run_20(page)
    squares = page.locator(".js-plotly-plot .scatterlayer .trace").first.locator(".point")
    squares.first.click(force=True)
    seed = record_of_first_success()
    expect(page.get_by_role("heading", name=f"One start, seed {seed}")).to_be_visible()
    expect(page.get_by_label("Seed of the start")).to_have_value(str(seed))


def record_of_first_success() -> int:
    for seed in range(20):
        film = record(checks.experiment_of(checks.START | {"seed": seed}), checks.EPOCHS, 5)
        if film.correct[-1] == 3:
            return seed
    raise AssertionError("no start of the first twenty gets all three right")


def test_nothing_is_wider_than_a_phone(app, new_page):
    page = opened(new_page(viewport={"width": 390, "height": 844}), app.address)
    run_20(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
