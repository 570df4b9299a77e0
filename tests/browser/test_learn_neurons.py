"""Step 1 in a real browser: the tasks worked as a student would, wrong answer first, by mouse and keyboard."""

from playwright.sync_api import Page, expect

LOADED = 60_000  # ms; Plotly is a large script, and other tests share the machine


def opened(page: Page, address: str) -> Page:
    page.goto(f"{address}/neurons")
    expect(page.get_by_role("heading", level=2, name="Implementing Neurons and Activation Functions")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(3, timeout=LOADED)
    return page


def task(page: Page, place: int):
    return page.locator(f".st-key-task_neurons_{place}")


def type_into(page: Page, name: str, text: str) -> None:
    field = page.get_by_label(f"{name}, typed")
    field.fill(text)
    field.press("Enter")


def test_the_three_tasks_wrong_answer_first(app, page):
    opened(page, app.address)
    task(page, 1).get_by_role("button", name="Check").click()
    expect(task(page, 1)).to_contain_text("a is 0.6083 and must be above 0.9")
    type_into(page, "b", "2,5")
    expect(task(page, 1)).not_to_contain_text("must be above 0.9:")
    task(page, 1).get_by_role("button", name="Check").click()
    expect(task(page, 1)).to_contain_text("Right: with b = 2.5")
    expect(page.get_by_text("1 of 3 tasks done")).to_be_visible()

    answer = task(page, 2).get_by_role("textbox")
    answer.fill("-0.1")
    answer.press("Enter")
    expect(task(page, 2)).to_contain_text("the bias is still missing")
    answer.fill("-0,5")
    answer.press("Enter")
    expect(task(page, 2)).to_contain_text("Right: three products and the bias")

    task(page, 3).get_by_role("button", name="Check").click()
    expect(task(page, 3)).to_contain_text("b has moved")
    page.get_by_role("button", name="Start numbers").click()
    expect(page.get_by_label("b, typed")).to_have_value("0.1")
    type_into(page, "x1", "-5")
    type_into(page, "x2", "5")
    task(page, 3).get_by_role("button", name="Check").click()
    expect(task(page, 3)).to_contain_text("hardly answers")
    expect(page.get_by_text("3 of 3 tasks done")).to_be_visible()
    expect(page).to_have_url(f"{app.address}/neurons?done=neurons.1-neurons.2-neurons.3")


def test_a_link_with_progress_opens_with_it_in_another_visit(app, page):
    opened(page, f"{app.address}")
    page.goto(f"{app.address}/neurons?done=neurons.2-losses.1-%3Cscript%3E-neurons.9")
    expect(page.get_by_text("1 of 3 tasks done")).to_be_visible()
    expect(page).to_have_url(f"{app.address}/neurons?done=neurons.2-losses.1")


def test_bad_input_is_told_beside_its_field_and_the_picture_stays(app, page):
    opened(page, app.address)
    box = page.locator(".st-key-quantity_neurons_b")
    for text in ("", "text", "nan", "1e400", "7" * 10_000):
        type_into(page, "b", text)
        expect(box).to_contain_text("b: expected a number")
        expect(page.get_by_text("z 0.44, a 0.6083")).to_be_visible()
        type_into(page, "b", "0.1")
        expect(box).not_to_contain_text("expected")


def test_a_slider_moved_by_key_moves_sum_curve_and_formula(app, page):
    opened(page, app.address)
    slider = page.locator(".st-key-quantity_neurons_b").get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_text("z 0.54, a 0.6318")).to_be_visible()
    expect(page.get_by_label("b, typed")).to_have_value("0.2")
    expect(page.get_by_text("0.54").first).to_be_visible()


def test_nothing_is_wider_than_a_phone(app, new_page):
    page = opened(new_page(viewport={"width": 390, "height": 844}), app.address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
