"""What is chosen of a table becomes inputs and answers, and what happened to its rows is said in numbers."""

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.data.choosing import CLASSES, DROP, FILL, NUMBERS, choose, usual_inputs, usual_scaling, usual_target, usual_task
from ui.data.columns import columns_of
from ui.data.reading import read

BIRDS = """height;mass;place;sex;kind
1,5;10;north;f;tern
2,5;;south;m;auk
3,5;30;north;;auk
;40;east;f;tern
5,5;50;south;m;
6,5;60;north;f;gull
"""


def columns(text: str = BIRDS):
    table = read(text)
    return columns_of(table.cells, table.decimal, table.decimal_is_said)


def column(cells, name="c"):
    written = io.StringIO()
    csv.writer(written).writerows([[name, "rest"], *([cell, "x"] for cell in cells)])
    return columns_of(read(written.getvalue(), has_header=True).cells, ".")[0]


def test_numbers_and_words_become_inputs_row_by_row():
    chosen = choose("birds", columns(), "kind", ("height", "place"), CLASSES)
    assert chosen.points.names == ("height", "place = north", "place = south")
    assert chosen.points.kinds == ("number", "flag", "flag")
    assert chosen.points.x.tolist() == [[1.5, 1, 0], [2.5, 0, 1], [3.5, 1, 0], [6.5, 1, 0]]
    assert chosen.points.classes == ("auk", "gull", "tern")
    assert chosen.points.y.tolist() == [2, 0, 0, 1]
    assert chosen.points.y.dtype == np.int64
    assert chosen.rows.tolist() == [0, 1, 2, 5]
    assert chosen.points.target == "kind"
    assert chosen.said == ("1 row without a target left out.", "1 row with a missing value left out.")


def test_missing_values_are_kept_for_the_training_mean_where_that_is_chosen():
    chosen = choose("birds", columns(), "kind", ("height", "mass", "sex"), CLASSES, FILL)
    nan = math.nan
    expected = [[1.5, 10, 1, 0], [2.5, nan, 0, 1], [3.5, 30, nan, nan], [nan, 40, 1, 0], [6.5, 60, 1, 0]]
    np.testing.assert_array_equal(chosen.points.x, expected)
    assert chosen.said == (
        "1 row without a target left out.",
        "3 rows with a missing value kept: the mean of the training rows stands there.",
    )


def test_numbers_are_learned_as_they_are_and_classes_made_of_numbers_are_called_by_them():
    chosen = choose("birds", columns(), "mass", ("height",), NUMBERS)
    assert chosen.points.y.tolist() == [10.0, 30.0, 50.0, 60.0]
    assert chosen.points.classes == ()
    grades = choose("birds", columns("x,grade\n1,2\n2,10\n3,1.5\n4,10\n"), "grade", ("x",), CLASSES)
    assert grades.points.classes == ("1.5", "2", "10")
    assert grades.points.y.tolist() == [1, 2, 0, 2]


def test_arrays_that_were_handed_out_cannot_be_written_into():
    chosen = choose("birds", columns(), "kind", ("height",), CLASSES)
    for array in (chosen.points.x, chosen.points.y, *(one.values for one in columns())):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("text", "target", "inputs", "task", "words"),
    [
        (BIRDS, "kind", (), CLASSES, "No column is chosen to learn from: choose at least one"),
        (BIRDS, "kind", ("kind",), CLASSES, "Column 'kind' is the target and an input"),
        (
            BIRDS,
            "kind",
            ("height",),
            NUMBERS,
            "The target 'kind' holds words: learn classes, or choose a column of num",
        ),
        (BIRDS, "kind", ("height", "mass", "sex"), CLASSES, "^2 rows of 6 can be used"),
        ("a,b\n1,2\n", "b", ("a",), NUMBERS, "The target 'b' has the same number in every row: expected at least two"),
        (
            "a,b\n1,x\n",
            "b",
            ("a",),
            CLASSES,
            "The target 'b' has one class only: expected at least two; choose another",
        ),
        ("a,b\n1,x\n2,y\n", "b", ("a",), CLASSES, "^2 rows can be used, and at least 3 are needed, to train, validate"),
        ("a,b\n1,3\n2,4\n", "b", ("a",), NUMBERS, "^2 rows can be used, and at least 3 are needed"),
        (
            "a,b\n1,x\n2,y\n,x\n",
            "b",
            ("a",),
            CLASSES,
            "^2 rows of 3 can be used, .*: add rows, or fill missing values",
        ),
        ("a,b\n1,x\n2,x\n3,x\n4,?\n", "b", ("a",), CLASSES, "one class only"),
        ("a,b\n1,x\n2,x\n3,x\n,y\n", "b", ("a",), CLASSES, "one class only in the rows that are left"),
        ("a,b\n1,7\n2,7\n3,7\n,8\n", "b", ("a",), NUMBERS, "the same number in every row that is left"),
        ("a,b\n1,\n2,\n3,NA\n", "b", ("a",), CLASSES, "The target 'b' has no values: choose another column"),
        (
            "a,b\n" + "".join(f"{i},text {i}\n" for i in range(200)),
            "b",
            ("a",),
            CLASSES,
            "The target 'b' has 200 different values in 200 rows, and at most 10 classes are learned: choose another",
        ),
        (
            "a,b\n" + "".join(f"{i},{i % 300}\n" for i in range(900)),
            "b",
            ("a",),
            CLASSES,
            "has 300 different values in 900 rows, and at most 10 classes are learned: learn numbers instead, or c",
        ),
        (
            "a,b\n" + "".join(f"text {i},{i}\n" for i in range(21)),
            "b",
            ("a",),
            NUMBERS,
            "Column 'a' has 21 different words, and an input is needed for each; at most 20 are taken: leave it out",
        ),
        ("a,b\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n", "b", ("a",), NUMBERS, "Column 'a' holds dates or times"),
        ("a,b,c\n,1,1\n,2,2\n,3,4\n", "b", ("a",), NUMBERS, "Column 'a' has no values: leave it out"),
        (
            "t,a,b,c\n" + "".join(f"{i},a{i % 18},b{i % 18},c{i % 18}\n" for i in range(36)),
            "t",
            ("a", "b", "c"),
            NUMBERS,
            "These columns make 54 inputs, and at most 50 are taken: leave out columns of words",
        ),
    ],
)
def test_what_cannot_be_learned_gets_one_sentence(text, target, inputs, task, words):
    with pytest.raises(ValueError, match=words) as caught:
        choose("birds", columns(text), target, inputs, task)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "task"),
    [
        (["a", "b", "a"], CLASSES),
        (["0", "1", "1"], CLASSES),
        (["1.5", "2.5", "3.5"], NUMBERS),
        ([str(i) for i in range(11)], NUMBERS),
        ([str(i) for i in range(10)], CLASSES),
        (["0.5", "1", "1"], NUMBERS),
    ],
)
def test_words_and_a_few_whole_numbers_are_classes_at_first(cells, task):
    assert usual_task(column(cells)) == task


def test_at_first_the_last_column_that_can_be_learned_is_the_target_and_numbers_that_vary_are_inputs():
    found = columns(
        "when,same,a,b,name,kind,remark\n" + "".join(f"2020-01-0{i},1,{i},{i}.5,n,k{i % 2},t{i}\n" for i in range(1, 8))
    )
    assert usual_target(found) == "kind"  # seven words in seven rows are names rather than classes
    assert usual_inputs(found, "kind") == ("a", "b")
    long = columns("a,kind,remark\n" + "".join(f"{i},k{i % 2},t{i}\n" for i in range(30)))
    assert usual_target(long) == "kind"
    words = columns("place,kind\n" + "n,a\ns,b\nn,a\n")
    assert usual_inputs(words, "kind") == ("place",)


@pytest.mark.parametrize(
    ("rows", "scaling"),
    [
        ([[1.0, 2.0], [-3.0, 4.0]], "none"),
        ([[1e6, 2.0], [-3.0, 4.0]], "standard"),
        ([[1.0, 0.001], [3.0, 0.002]], "standard"),
        ([[math.nan, 2.0], [10.0, 4.0]], "none"),
        ([[11.0, 2.0], [3.0, 4.0]], "standard"),
    ],
)
def test_scaling_is_advised_for_large_values_and_for_very_different_ones(rows, scaling):
    text = "a,b,t\n" + "".join(f"{a},{b},{i}\n" for i, (a, b) in enumerate([*rows, [2.0, rows[1][1]]]))
    assert usual_scaling(choose("birds", columns(text), "t", ("a", "b"), CLASSES, FILL).points) == scaling


def test_large_numbers_to_be_learned_are_to_be_scaled_as_well():
    text = "a,t\n" + "".join(f"{i / 9},{i}000.5\n" for i in range(12))
    assert usual_scaling(choose("birds", columns(text), "t", ("a",), NUMBERS).points) == "standard"
    assert (
        usual_scaling(choose("birds", columns(text.replace("000.5", ".5")), "t", ("a",), NUMBERS).points) == "standard"
    )
    assert usual_scaling(choose("birds", columns("a,t\n.1,.5\n.2,.7\n.3,.9\n"), "t", ("a",), NUMBERS).points) == "none"


def test_names_of_one_hot_inputs_and_classes_are_short_and_no_two_are_equal():
    long = "x" * 500
    chosen = choose("birds", columns(f"w,t\n{long}1,{long}a\n{long}2,{long}b\ny,c\n"), "t", ("w",), CLASSES)
    assert chosen.points.names == ("w = " + "x" * 56, "w = " + "x" * 54 + " 2", "w = y")
    assert chosen.points.classes == ("c", "x" * 60, "x" * 58 + " 2")


def test_a_table_without_a_usable_name_gets_one():
    assert choose(" \u200b\n", columns(), "kind", ("height",), CLASSES).points.name == "My table"
    assert choose("a" * 99, columns(), "kind", ("height",), CLASSES).points.name == "a" * 60


@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(-1e6, 1e6), st.sampled_from(["a", "b", "c", ""]), st.sampled_from(["u", "v", ""])
        ),
        min_size=1,
        max_size=15,
    ),
    st.sampled_from([DROP, FILL]),
)
def test_any_table_gives_what_plain_loops_give(rows, missing):
    written = io.StringIO()
    csv.writer(written).writerows(
        [["number", "word", "target"], *(["" if n is None else repr(n), w, t] for n, w, t in rows)]
    )
    if not any(cell for n, w, t in rows for cell in (n is not None, w, t)):
        return
    used = [(n, w, t) for n, w, t in rows if t and (missing == FILL or (n is not None and w))]
    words = sorted({w for _, w, _ in used if w})
    targets = sorted({t for _, _, t in used})
    try:
        chosen = choose("birds", columns(written.getvalue()), "target", ("number", "word"), CLASSES, missing)
    except ValueError:
        has_values = all(any(row[place] not in (None, "") for row in rows) for place in (0, 1))
        assert len(used) < 3 or len(targets) < 2 or not has_values
        return
    assert chosen.points.names == ("number", *(f"word = {word}" for word in words))
    assert chosen.points.classes == tuple(targets)
    for x, y, (n, w, t) in zip(chosen.points.x.tolist(), chosen.points.y.tolist(), used, strict=True):
        wanted = [math.nan if n is None else n, *(float(w == word) if w else math.nan for word in words)]
        np.testing.assert_array_equal(x, wanted)
        assert targets[y] == t
