"""The page of step 6, worked without a browser: as a student would, with wrong answers first."""

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

import scratchnet as sn
from tests.lesson_app import answered, opened, press, sound, tasks_of, texts
from tests.widgets import named
from ui import lesson
from ui.checks import evaluation as checks
from ui.drawings import evaluation as drawings


@pytest.fixture(scope="module")
def visitor() -> AppTest:
    """Somebody who stays on the page, for tests that change one thing and look at that."""
    return opened("evaluation")


def with_values(app: AppTest, **values) -> AppTest:
    app.session_state["lesson_evaluation"] |= values
    return sound(app.run())


def at(epoch: int) -> sn.Run:
    run = checks.EXPERIMENT.start()
    run.advance(epochs=epoch)
    return run


def test_the_page_opens_with_counts_of_training_and_test_points():
    app = opened("evaluation")
    assert app.header[0].value == lesson.STEPS["evaluation"].title
    seen = at(checks.START["epoch"]).evaluate()
    assert [metric.value for metric in app.metric] == [f"{seen.train_correct}/40", f"{seen.test_correct}/160"]
    assert tasks_of(app) == lesson.STEPS["evaluation"].tasks


@pytest.mark.parametrize("rows", checks.ROWS)
@pytest.mark.parametrize(("epoch", "threshold"), [(0, 0.5), (20, 0.0), (57, 0.33), (200, 1.0)])
def test_matrix_counts_and_formulas_are_those_of_scratchnet(visitor, rows, epoch, threshold):
    app = with_values(visitor, epoch=epoch, threshold=threshold, rows=rows)
    run = at(epoch)
    x, y = (run.x_test, run.y_test) if rows == "test" else (run.x_train, run.y_train)
    (tn, fp), (fn, tp) = sn.confusion_matrix(y, run.network.predict(x), threshold).tolist()
    accuracy, precision, recall = (element.value for element in app.latex)
    assert rf"\frac{{{tn} + {tp}}}{{{tn + fp + fn + tp}}}" in accuracy
    assert rf"\frac{{{tp}}}{{{fp} + {tp}}}" in precision
    assert rf"\frac{{{tp}}}{{{fn} + {tp}}}" in recall
    place = list(checks.ROWS).index(rows)
    assert app.metric[place].value == f"{tn + tp}/{len(y)}"


def test_the_prediction_is_judged_once_training_went_on():
    app = opened("evaluation")
    app.button_group(key="guess_evaluation.1").set_value("it falls too").run()
    assert "Now see" in texts(app)
    assert "You predicted “it falls too”, but it is “it rises”" in texts(with_values(app, epoch=200))


def test_an_epoch_typed_with_a_fraction_is_refused_and_the_last_one_stays():
    app = opened("evaluation")
    field = next(field for field in app.text_input if field.label == "epoch, typed")
    sound(field.set_value("57").run())
    field = next(field for field in app.text_input if field.label == "epoch, typed")
    sound(field.set_value("57,5").run())
    assert "epoch: expected a whole number such as 50, got 57,5; leave the fraction out." in texts(app)
    assert app.session_state["lesson_evaluation"]["epoch"] == 57


def test_perfect_predictions_score_0556_and_scratchnet_refuses_the_same_arrays():
    app = opened("evaluation")
    assert "9 comparisons of shape (3, 3), 5 agree: it prints **0.5556**." in texts(app)
    assert "y_true and y_pred must have the same shape, got (3, 1) and (3,); reshape one." in texts(app)
    assert "**0.3533** instead of **0.02**" in texts(app)
    with_values(app, shape="column")
    assert "3 comparisons of shape (3, 1), 3 agree: it prints **1**." in texts(app)
    assert app.success[0].value == "1, 3/3 right"


def test_one_neuron_learns_every_labeling_of_the_three_points():
    table = next(table.value for table in opened("evaluation").table if "one neuron, right" in table.value)
    assert list(table["one neuron, right"]) == ["3/3"] * 8
    assert table["targets"].nunique() == 8


def test_the_page_does_not_show_what_it_asks_to_predict():
    """The curves end where she has trained to, and stay when she goes back; nothing on the page says how it goes on."""
    app = opened("evaluation")
    history = at(checks.EPOCHS).history

    def drawn(app):
        epoch = app.session_state["lesson_evaluation"]["epoch"]
        farthest = app.session_state["lesson_evaluation"]["farthest"]
        train, test, _ = drawings.curves_picture(history, epoch, farthest, at(epoch).evaluate())["items"]
        for curve, losses in ((train, history.train_loss), (test, history.test_loss)):
            rows = list(zip(history.epoch, losses, strict=True))
            assert curve["points"] == [[k, loss] for k, loss in rows if k <= farthest]
        return test["points"][-1][0]

    assert drawn(app) == 20
    for word in ("overfitting", "it rises", "rises", "138"):
        assert word not in texts(app)
    assert drawn(with_values(app, epoch=60)) == 60
    assert drawn(with_values(app, epoch=10)) == 60
    assert drawn(with_values(app, epoch=199)) == 198, "a history of many epochs holds every second one"
    assert drawn(with_values(app, epoch=200)) == 200


def test_there_is_one_word_for_points_that_were_not_trained_on():
    app = opened("evaluation")
    said = [texts(app), *(box.label for box in [*app.button, *app.metric, *app.button_group]), *checks.ROWS.values()]
    assert not [words for words in said if "held" in words.lower()]


def test_more_tasks_are_about_evaluation_than_about_shapes_of_arrays():
    asked = [element.value for element in opened("evaluation").markdown if element.value.startswith("**Task")]
    assert [words[: len("**Task 1.**")] for words in asked] == [f"**Task {place}.**" for place in range(1, 8)]
    assert ["tutorial’s accuracy" in words or "trap" in words for words in asked] == [False] * 5 + [True] * 2


def test_a_task_keeps_its_number_in_links_wherever_it_stands_on_the_page():
    app = opened("evaluation", done="evaluation.2")
    (done,) = [element.value for element in app.markdown if "✓ done" in element.value]
    assert done.startswith("**Task 7.** :green-badge[✓ done] Four samples")


def test_all_tasks_worked_wrong_answer_first():
    app = opened("evaluation")
    assert "Slide the epoch to 200 first" in answered(app, "evaluation.4", "13.75")
    with_values(app, epoch=200)
    assert "So many test points are wrong" in answered(app, "evaluation.4", "22")
    assert "Right: 100 % less 86.25 %" in answered(app, "evaluation.4", "13,75")

    assert "Choose a cause" in texts(press(app, "Check", 2))
    assert "have a smaller loss than before" in answered(app, "evaluation.5", checks.CAUSES[0])
    assert "The accuracy only counts them" in answered(app, "evaluation.5", checks.SURER)

    assert "That is the precision" in answered(app, "evaluation.3", "0.735")
    assert "25 of the 39" in answered(app, "evaluation.3", "0,641")

    assert "Asked are the 160 test points at epoch 20" in texts(press(app, "Check", 4))
    with_values(app, epoch=20)
    assert "At the threshold 0.5, 10 of class 1 are missed" in texts(press(app, "Check", 4))
    with_values(app, threshold=0.2)
    assert "Right: at the threshold 0.2, 4 of class 1 are missed and 8 of class 0 let in" in texts(
        press(app, "Check", 4)
    )
    with_values(app, threshold=0.5)

    assert "how many percent of 20 is that" in answered(app, "evaluation.7", "3")
    assert "17/20 and 20/20 are the very same network" in answered(app, "evaluation.7", "15")

    assert "Choose a reason" in texts(press(app, "Check", 6))
    assert "right side of 0.5: any threshold" in answered(app, "evaluation.1", checks.REASONS[2])
    assert "stretched to 9 comparisons" in answered(app, "evaluation.1", checks.WHY)

    assert "16 comparisons, not 4" in answered(app, "evaluation.2", "1")
    assert "though every prediction is perfect" in answered(app, "evaluation.2", "0,625")
    assert "7 of 7 tasks done" in texts(app)


@pytest.mark.parametrize("text", ["", "text", "nan", "1e400", "2", "7" * 10_000])
def test_a_bad_threshold_gets_one_sentence_and_the_picture_keeps_the_last_good_state(visitor, text):
    app = visitor
    before = [element.value for element in app.latex]
    sound(named(app.text_input, "type_evaluation_threshold").set_value(text).run())
    assert any(element.value.startswith("threshold: expected a number") for element in app.text)
    assert [element.value for element in app.latex] == before


def test_outputs_are_drawn_in_the_row_of_their_class_and_crossed_when_wrong():
    y, outputs = np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([[0.1], [0.8], [0.4], [0.9]])
    matrix = sn.confusion_matrix(y, outputs, 0.5)
    zero, one, _ = drawings.counts_figure(y, outputs, sn.Decision(2, 1, 0.5), True, matrix)["data"]
    assert zero["marker"]["symbol"] == ["circle-open", "x-thin"]
    assert one["marker"]["symbol"] == ["x-thin", "circle-open"]
    assert list(one["customdata"]) == ["false negative", "true positive"]
    assert all(abs(place - 0) < 0.5 for place in zero["y"]) and all(abs(place - 1) < 0.5 for place in one["y"])
    lower = drawings.counts_figure(y, outputs, sn.Decision(2, 1, 0.3), False, sn.confusion_matrix(y, outputs, 0.3))
    assert lower["layout"]["shapes"][0]["x0"] == 0.3
    assert lower["data"][1]["marker"]["symbol"] == ["circle"] * 2


def test_the_matrix_is_drawn_with_its_counts_and_the_shares_of_its_rows():
    one = np.array([[0.0]])
    figure = drawings.counts_figure(one, one, sn.Decision(2, 1, 0.5), False, np.array([[6, 2], [0, 0]]))
    heat = figure["data"][-1]
    go.Figure(figure)
    np.testing.assert_array_equal(heat["z"], [[0.75, 0.25], [0, 0]])
    assert heat["text"][0] == ["<b>6</b><br>true negative", "<b>2</b><br>false positive"]


def test_the_badge_of_a_task_done_is_no_row_of_the_table_that_its_question_ends_with():
    app = opened("evaluation", done="evaluation.3")
    question = next(element.value for element in app.markdown if "Read this matrix" in element.value)
    assert "done" in question.split("\n")[0] and "done" not in question.rsplit("|---", 1)[1]


def test_what_is_said_of_the_mse_is_true_of_the_shape_that_was_chosen():
    app = opened("evaluation")
    flat = next(element.value for element in app.markdown if "The MSE falls into" in element.value)
    assert "against the flat predictions it is **0.3533** instead of **0.02**" in flat
    named(app.button_group, "choose_evaluation_shape").set_value("column")
    sound(app.run())
    column = next(element.value for element in app.markdown if "The MSE has the same trap" in element.value)
    assert column.endswith("it is right as well: **0.02**.") and "flat" not in column
