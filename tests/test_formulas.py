"""Formulas as text: a number takes the place of its letter, and brackets stand where a reader needs them."""

import re

import numpy as np
import pytest

import scratchnet as sn
from tests.latex_reader import exact_sides, sides
from ui import formulas as tex


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        (r"\frac{1}{1+e^{-z}}", {"z": 0.44}, r"\frac{1}{1+e^{-0.44}}"),
        (r"\frac{1}{1+e^{-z}}", {"z": -2.0}, r"\frac{1}{1+e^{-(-2)}}"),
        (r"\max(0,z)", {"z": -2.0}, r"\max(0,-2)"),
        (r"0.01\,z", {"z": -2.0}, r"0.01\cdot (-2)"),
        (r"z\,\Phi(z)", {"z": -2.0}, r"(-2)\cdot \Phi(-2)"),
        (r"\tanh(a)", {"a": 1.0}, r"\tanh(1)"),
        (r"\max(a,1)", {"a": 3.0}, r"\max(3,1)"),
        (r"a\,(1-a)", {"z": 3.0}, r"a\cdot (1-a)"),
        (r"\sum_k (a_k-y_k)^{2}", {"a": 3.0, "y": 1.0}, r"\sum_k (a_k-y_k)^{2}"),
    ],
)
def test_a_number_takes_the_place_of_its_letter_and_of_no_other(formula, values, expected):
    assert tex.with_numbers(formula, **values) == expected


@pytest.mark.parametrize("z", [-2.5, -0.3, 0.0, 0.44, 3.0])
@pytest.mark.parametrize("name", [name for name in sn.ACTIVATIONS if name != "softmax"])
def test_every_activation_written_with_numbers_is_its_value(name, z):
    activation = sn.ACTIVATIONS[name]
    a = activation.f(np.array([z]))
    slope = activation.derivative(np.array([z]), a).item()
    for formula, value in ((activation.formula, a.item()), (activation.derivative_formula, slope)):
        values = {"z": z, "a": a.item()}
        line = tex.line("f", tex.fill(tex.slotted(formula), values), value=value)
        if len(line.numbers) > 1:
            assert line.latex.startswith(f"f={tex.with_numbers(formula, **values)}=")
        *shown, result = sides(line)
        assert all(side.meets(result) for side in shown)
        assert exact_sides(line)[0] == pytest.approx(value, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", sn.ACTIVATIONS)
def test_every_sign_in_the_formula_of_an_activation_and_of_its_slope_is_put_in_words(name):
    activation = sn.ACTIVATIONS[name]
    for formula in filter(None, (activation.formula, activation.derivative_formula)):
        in_text = re.sub(r"\\text\{[^}]*\}", "", formula)
        signs = set(re.findall(r"\\[A-Za-z]+|\[", in_text)) - {r"\frac", r"\left", r"\right"}
        signs |= set(re.findall("e(?=\\^)", in_text))
        for sign in signs:
            assert f"${sign}" in tex.in_words(formula), "its words begin with the sign"


def test_signs_that_do_not_stand_there_are_not_explained():
    assert tex.in_words("z", "1") == ""
    assert "sigma" not in tex.in_words(sn.ACTIVATIONS["gelu"].formula)
