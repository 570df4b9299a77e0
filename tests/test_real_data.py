"""The real data: what is in the files is what was published, and what the cards say of them is so."""

import gzip
import statistics

import numpy as np
import pytest

import scratchnet as sn
from scratchnet.real_data import FOLDER, REAL_DATA, load_real_data

ROWS = {"digits": (1797, 64), "penguins": (342, 4), "wine": (178, 13), "breast_cancer": (569, 30)}


@pytest.mark.parametrize("name", REAL_DATA)
def test_a_table_has_the_published_size_and_its_arrays_are_read_only(name):
    data = load_real_data(name)
    rows, columns = ROWS[name]
    assert data.x.shape == (rows, columns) and data.x.dtype == np.float64 and np.isfinite(data.x).all()
    assert data.y.shape == (rows,) and data.y.dtype == np.int64
    assert sorted(set(data.y.tolist())) == list(range(len(data.classes)))
    assert len(set(data.names)) == columns
    for array in (data.x, data.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


# As published: UCI's pages of the data sets, and the table of Gorman, Williams and Fraser (2014) for the penguins.
PUBLISHED_CLASSES = {
    "digits": [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
    "penguins": [151, 68, 123],
    "wine": [59, 71, 48],
    "breast_cancer": [357, 212],
}


@pytest.mark.parametrize("name", REAL_DATA)
def test_each_class_has_as_many_rows_as_published(name):
    assert [load_real_data(name).y.tolist().count(k) for k in range(len(REAL_DATA[name].classes))] == (
        PUBLISHED_CLASSES[name]
    )


# (column, least, most, mean, standard deviation), rounded as in the descriptions that come with the data.
PUBLISHED_WINE = [
    ("alcohol", 11.0, 14.8, 13.0, 0.8),
    ("malic acid", 0.74, 5.80, 2.34, 1.12),
    ("ash", 1.36, 3.23, 2.36, 0.27),
    ("alcalinity of ash", 10.6, 30.0, 19.5, 3.3),
    ("magnesium", 70.0, 162.0, 99.7, 14.3),
    ("total phenols", 0.98, 3.88, 2.29, 0.63),
    ("flavanoids", 0.34, 5.08, 2.03, 1.00),
    ("nonflavanoid phenols", 0.13, 0.66, 0.36, 0.12),
    ("proanthocyanins", 0.41, 3.58, 1.59, 0.57),
    ("colour intensity", 1.3, 13.0, 5.1, 2.3),
    ("hue", 0.48, 1.71, 0.96, 0.23),
    ("OD280/OD315", 1.27, 4.00, 2.61, 0.71),
    ("proline", 278, 1680, 746, 315),
]


def decimals(number):
    return len(str(number).partition(".")[2])


@pytest.mark.parametrize(("column", "least", "most", "mean", "deviation"), PUBLISHED_WINE)
def test_each_column_of_the_wine_has_the_published_figures(column, least, most, mean, deviation):
    data = load_real_data("wine")
    values = data.x[:, data.names.index(column)].tolist()
    for published, found in (
        (least, min(values)),
        (most, max(values)),
        (mean, statistics.fmean(values)),
        (deviation, statistics.stdev(values)),
    ):
        assert found == pytest.approx(published, abs=10 ** -decimals(published))  # some were cut, not rounded


@pytest.mark.parametrize(
    ("column", "least", "most"),
    [
        ("mean radius", 6.981, 28.11),
        ("mean area", 143.5, 2501.0),
        ("error of texture", 0.36, 4.885),
        ("error of area", 6.802, 542.2),
        ("worst concave points", 0.0, 0.291),
        ("worst fractal dimension", 0.055, 0.208),
    ],
)
def test_columns_of_the_breast_cancer_table_have_the_published_bounds(column, least, most):
    data = load_real_data("breast_cancer")
    values = data.x[:, data.names.index(column)]
    assert round(values.min(), decimals(least)) == least and round(values.max(), decimals(most)) == most


def test_digits_are_counts_of_0_to_16_and_rows_say_the_pixels_from_left_to_right_and_down():
    data = load_real_data("digits")
    assert set(np.unique(data.x)) == set(range(17))
    assert (
        data.names[0] == "row 1 column 1" and data.names[9] == "row 2 column 2" and data.names[-1] == "row 8 column 8"
    )
    zeros, ones = (data.x[data.y == k].mean(axis=0).reshape(8, 8) for k in (0, 1))
    assert zeros[3:5, 3:5].max() < 2 < 10 < ones[3:5, 3:5].min()  # a 0 is hollow, a 1 is not
    sevens = data.x[data.y == 7].mean(axis=0).reshape(8, 8)
    assert sevens[0].sum() > 2 * sevens[7].sum()  # a 7 is wide at its top and narrow at its foot


# What the cards say


def share_of_the_largest(name):
    return max(PUBLISHED_CLASSES[name]) / sum(PUBLISHED_CLASSES[name])


def card(name, field):
    return getattr(REAL_DATA[name].card, field)


@pytest.mark.parametrize("name", REAL_DATA)
def test_a_card_says_how_many_rows_there_are_and_leaves_nothing_out(name):
    assert str(ROWS[name][0]) in REAL_DATA[name].card.what
    assert all(vars(REAL_DATA[name].card).values())


def test_three_pixels_of_the_digits_are_empty_in_every_row():
    data = load_real_data("digits")
    empty = [name for name, column in zip(data.names, data.x.T, strict=True) if all(value == 0 for value in column)]
    assert empty == ["row 1 column 1", "row 5 column 1", "row 5 column 8"]
    assert "Three of the 64 pixels are empty in every row." in card("digits", "known_faults")


def correlation(a, b):
    return statistics.correlation(a.tolist(), b.tolist())


def test_a_longer_bill_is_less_deep_over_all_penguins_and_deeper_within_each_species():
    data = load_real_data("penguins")
    length, depth = data.x[:, 0], data.x[:, 1]
    assert data.names[:2] == ("bill length (mm)", "bill depth (mm)")
    assert correlation(length, depth) < -0.2
    assert all(correlation(length[data.y == k], depth[data.y == k]) > 0.35 for k in range(3))
    assert "longer bill is less deep; within each species it is deeper" in card("penguins", "to_try")


def test_the_answer_of_the_largest_class_is_as_often_right_as_the_cards_say():
    assert f"(151, 68 and 123): always answering Adelie is right for {100 * share_of_the_largest('penguins'):.0f}" in (
        card("penguins", "known_faults")
    )
    assert f"benign is right for {100 * share_of_the_largest('breast_cancer'):.0f} in 100" in (
        card("breast_cancer", "known_faults")
    )


def test_radius_perimeter_and_area_of_the_nuclei_say_nearly_the_same():
    data = load_real_data("breast_cancer")
    radius, perimeter, area = (data.x[:, data.names.index(f"mean {name}")] for name in ("radius", "perimeter", "area"))
    assert min(correlation(radius, perimeter), correlation(radius, area), correlation(perimeter, area)) > 0.98
    assert "Radius, perimeter and area say nearly the same" in card("breast_cancer", "known_faults")


def test_the_wines_proline_and_hue_are_as_large_as_the_card_says():
    data = load_real_data("wine")
    proline, hue = (data.x[:, data.names.index(name)].mean() for name in ("proline", "hue"))
    assert round(proline, -1) == 750 and round(hue) == 1
    assert "proline is about 750, hue about 1" in card("wine", "to_try")


# As data sets of an Experiment


@pytest.mark.parametrize("name", REAL_DATA)
def test_as_a_data_set_each_row_is_in_one_part_and_each_part_has_its_share_of_each_class(name):
    table = load_real_data(name)
    data = sn.load_dataset(name, samples=7, noise=0.5, train_fraction=0.6, seed=3, validation_fraction=0.2)
    parts = ((data.x_train, data.y_train), (data.x_validation, data.y_validation), (data.x_test, data.y_test))
    found = sorted((*row, int(k)) for x, y in parts for row, k in zip(x.tolist(), y.ravel(), strict=True))
    assert found == sorted((*row, k) for row, k in zip(table.x.tolist(), table.y.tolist(), strict=True))
    for (_, y), share in zip(parts, (0.6, 0.2, 0.2), strict=True):
        for k, count in enumerate(PUBLISHED_CLASSES[name]):
            assert y.ravel().tolist().count(k) == pytest.approx(share * count, abs=2)
    assert data.class_names == table.classes and data.names == table.names
    for (low, high), column in zip(data.domain, table.x.T, strict=True):
        assert low < min(column) and max(column) < high


def test_a_malignant_sample_is_class_1_so_that_recall_is_the_share_of_cancers_found():
    data = sn.load_dataset("breast_cancer")
    assert (data.task, data.class_names[1]) == ("binary", "malignant")
    radius = data.names.index("mean radius")
    large, small = (data.x_train[data.y_train[:, 0] == k, radius].mean() for k in (1, 0))
    assert large > small + 4  # published: the nuclei of malignant samples are larger


# The files


def test_every_file_and_its_licence_are_in_the_notice_and_no_other_file_is_there():
    notice = (FOLDER / "NOTICE").read_text(encoding="utf-8")
    assert {file.name for file in FOLDER.iterdir()} == {"NOTICE", *(f"{name}.csv.gz" for name in REAL_DATA)}
    parts = {part.split("\n", 1)[0]: part for part in notice.split("\n\n")}
    for name in REAL_DATA:
        part = parts[f"{name}.csv.gz"]
        for word in ("Title", "Creators", "Source", "Licence", "Changes"):
            assert f"\n  {word} " in part
        doi = REAL_DATA[name].card.source.split("doi.org/")[1].split()[0]
        assert doi in part
        written_out = {"CC BY 4.0": "Creative Commons Attribution 4.0", "CC0 1.0": "Creative Commons CC0 1.0"}
        assert written_out[REAL_DATA[name].card.licence] in part


def test_the_files_together_are_small():
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 120_000


@pytest.mark.parametrize("name", REAL_DATA)
def test_a_row_of_the_file_is_the_row_of_the_table(name):
    with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    data = load_real_data(name)
    for row in (0, 100, len(data.y) - 1):
        *numbers, answer = lines[row + 1].split(",")
        assert data.x[row].tolist() == [float(number) for number in numbers]
        assert data.classes[data.y[row]] == answer


@pytest.mark.parametrize("name", ["iris", "", None, 3, "../digits"])
def test_a_name_that_no_table_has_is_refused_in_one_sentence(name):
    with pytest.raises(ValueError, match="The real data set must be one of digits, penguins, wine, breast_cancer; got"):
        load_real_data(name)
