"""One whole update by hand, the last task of step 4: cells, slips and recipe, held to plain loops."""

import pytest

from tests.test_checks_backpropagation import plain_update
from ui.checks import backpropagation as by_hand
from ui.checks import whole_update as checks
from ui.checks.answers import read
from ui.kit.numbers import text
from ui.recipe import recipe

GIVEN = by_hand.BY_HAND
A, DELTA, DW, NEW_W, NEW_B = plain_update(GIVEN)


def plain_cells() -> dict:
    """(parameter, column) -> the number, by plain loops."""
    cells = {}
    for layer in range(2):
        for unit, bias_slope in enumerate(DELTA[layer]):
            cells[f"b{layer + 1}[{unit + 1}]", "gradient"] = bias_slope
            cells[f"b{layer + 1}[{unit + 1}]", "new value"] = NEW_B[layer][unit]
            for source in range(2):
                name = f"W{layer + 1}[{unit + 1},{source + 1}]"
                cells[name, "gradient"] = DW[layer][unit][source]
                cells[name, "new value"] = NEW_W[layer][unit][source]
    return cells


RIGHT = {cell: f"{number:.4g}" for cell, number in plain_cells().items()}


def one_wrong(cell, number) -> str:
    passed, why = checks.whole_update({}, RIGHT | {cell: repr(float(number))})
    assert not passed
    return why


def test_every_gradient_and_new_value_of_all_nine_parameters_is_asked_and_passes_as_plain_loops_have_it():
    assert set(checks.cells()) == set(RIGHT)
    assert len(RIGHT) == 18
    assert list(checks.rows()) == [
        *("W2[1,1]", "W2[1,2]", "b2[1]"),
        *("W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "b1[1]", "b1[2]"),
    ]
    assert checks.rows()["W1[1,2]"] == "W1[1,2] = −0.4"
    for digits in (3, 4, 9):
        passed, why = checks.whole_update({}, {cell: f"{n:.{digits}g}" for cell, n in plain_cells().items()})
        assert passed
        assert "18 of 18" in why
    assert checks.whole_update({}, {cell: typed.replace(".", ",") for cell, typed in RIGHT.items()})[0]
    as_fractions = {cell: f"{n * 1000:.6f}/1000".replace("-", "\u2212") for cell, n in plain_cells().items()}
    assert checks.whole_update({}, as_fractions)[0]


def test_an_empty_table_is_told_where_to_begin_and_a_half_full_one_what_is_next():
    for nothing in (None, {}, dict.fromkeys(RIGHT, ""), dict.fromkeys(RIGHT, "  ")):
        passed, why = checks.whole_update({}, nothing)
        assert not passed
        assert "begin with the gradient of W2[1,1]" in why
    half = {cell: typed for cell, typed in RIGHT.items() if cell[0].startswith(("W2", "b2")) and cell[1] == "gradient"}
    passed, why = checks.whole_update({}, half)
    assert not passed
    assert why == "3 of 18 cells are right, none is wrong. Next: the gradient of W1[1,1]."


@pytest.mark.parametrize("cell", RIGHT, ids="-".join)
def test_each_cell_is_checked_and_no_sentence_tells_its_number(cell):
    exact = plain_cells()[cell]
    for wrong in (exact * 1.02, -exact, exact + 1, 0.0, "two", "1e400", "9" * 1000):
        passed, why = checks.whole_update({}, RIGHT | {cell: str(wrong)})
        assert not passed
        assert why.startswith("17 of 18 cells are right. The first wrong one is the " + f"{cell[1]} of {cell[0]}. ")
        assert f"{abs(exact):.3g}" not in why.split(". ", 2)[2]
        assert len(why) < 400
        assert not checks.is_right(cell, str(wrong))
    assert checks.is_right(cell, RIGHT[cell])


@pytest.mark.parametrize("cell", RIGHT, ids="-".join)
def test_a_lost_sign_is_recognised_in_every_cell(cell):
    assert "sign" in one_wrong(cell, -plain_cells()[cell]) or cell[1] == "new value"


@pytest.mark.parametrize("name", checks.rows())
def test_a_new_value_has_its_slips_recognised_for_every_parameter(name):
    exact = plain_cells()
    old, slope = read(checks.rows()[name].split(" = ")[1]), exact[name, "gradient"]
    cell = (name, "new value")
    assert "That is the old value" in one_wrong(cell, old)
    assert "goes up the slope" in one_wrong(cell, old + 0.5 * slope)
    assert "learning rate is missing" in one_wrong(cell, old - slope)
    assert "change alone" in one_wrong(cell, -0.5 * slope)
    assert "step alone" in one_wrong(cell, 0.5 * slope)
    assert "learning rate does not belong" in one_wrong((name, "gradient"), 0.5 * slope)
    assert "next column" in one_wrong((name, "gradient"), exact[cell])


def test_the_slips_of_the_walk_back_are_recognised_in_every_cell_of_the_hidden_layer():
    out, W2, new_W2, x, other = DELTA[1][0], GIVEN["weights"][1][0], NEW_W[1][0], GIVEN["x"], (1, 0)
    for unit in range(2):
        f = A[0][unit] * (1 - A[0][unit])
        for name, factor in ((f"W1[{unit + 1},1]", x[0]), (f"W1[{unit + 1},2]", x[1]), (f"b1[{unit + 1}]", 1.0)):
            cell = (name, "gradient")
            assert "f' of the hidden unit is missing" in one_wrong(cell, out * W2[unit] * factor)
            assert "weight on the way back is missing" in one_wrong(cell, out * f * factor)
            assert "new weight" in one_wrong(cell, out * new_W2[unit] * f * factor)
            assert "belongs to hidden unit" in one_wrong(cell, DELTA[0][other[unit]] * factor)
        for source in range(2):
            wrong = one_wrong((f"W1[{unit + 1},{source + 1}]", "gradient"), DELTA[0][unit] * x[other[source]])
            assert f"multiplies x{source + 1}, not x{other[source] + 1}" in wrong
            assert "delta itself" in one_wrong((f"W1[{unit + 1},{source + 1}]", "gradient"), DELTA[0][unit])


def test_the_slips_of_the_output_are_recognised():
    out, a = DELTA[1][0], A[0]
    f = A[1][0] * (1 - A[1][0])
    for source, other in ((0, 1), (1, 0)):
        cell = (f"W2[1,{source + 1}]", "gradient")
        assert "wrong input" in one_wrong(cell, out * a[other])
        assert "delta itself" in one_wrong(cell, out)
        assert "once too often" in one_wrong(cell, out * f * a[source])
        assert "f' is missing" in one_wrong(cell, out / f * a[source])
        assert "target" in one_wrong(cell, (1 - A[1][0]) * a[source])
    assert "A bias multiplies 1" in one_wrong(("b2[1]", "gradient"), out * a[0])


def test_the_first_wrong_cell_is_a_gradient_before_the_new_value_that_was_made_from_it():
    out = DELTA[1][0] * GIVEN["weights"][1][0][0] * GIVEN["x"][0]  # without f'
    cells = {("W1[1,1]", "gradient"): repr(out), ("W1[1,1]", "new value"): repr(0.5 - 0.5 * out)}
    why = checks.whole_update({}, RIGHT | cells)[1]
    assert why.startswith("16 of 18 cells are right. The first wrong one is the gradient of W1[1,1]. f' of the hidden")
    alone = checks.whole_update({}, {("W1[1,1]", "new value"): repr(0.5 - 0.5 * out)})[1]
    assert "The gradient in it is not right. f' of the hidden unit is missing" in alone


def test_the_four_digits_on_the_picture_are_enough_for_every_cell():
    seen = [[read(text(a)) for a in layer] for layer in A]
    out, W2 = seen[1][0] - GIVEN["y"], GIVEN["weights"][1][0]
    deltas = [[out * w * a * (1 - a) for w, a in zip(W2, seen[0], strict=True)], [out]]
    typed = {}
    for name in checks.rows():
        layer, unit = int(name[1]) - 1, int(name[3]) - 1
        times = 1.0 if name[0] == "b" else (GIVEN["x"], seen[0])[layer][int(name[5]) - 1]
        slope = deltas[layer][unit] * times
        typed[name, "gradient"] = f"{slope:.4g}"
        typed[name, "new value"] = f"{read(checks.rows()[name].split(' = ')[1]) - 0.5 * slope:.4g}"
    assert checks.whole_update({}, typed)[0]


def test_the_recipe_has_every_number_of_the_worked_reference_in_the_order_of_the_work():
    page = recipe(by_hand.step_of(by_hand.START))
    places = [
        page.index(words)
        for words in (
            "z = (0.44, −0.38), a = (0.6083, 0.4061)",
            "z = 0.3335, a = 0.5826",
            "f′(z) = (0.2383, 0.2412)",
            "δ = −0.4174",
            "δ = (−0.07956, 0.05033)",
            "weights (−0.2539, −0.1695), bias −0.4174",
            "weights (−0.03978, 0.01591, −0.007956) and (0.02517, −0.01007, 0.005033), biases (−0.07956, 0.05033)",
            "weights (0.8254, −0.4830), bias 0.09174",
            "loss before 0.5402, after 0.5129",
        )
    ]
    assert places == sorted(places)
    assert len(page.splitlines()) < 45, "one page"
    assert all(len(line) <= 120 for line in page.splitlines())
