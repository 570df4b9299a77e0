"""Tables that people measured: four small real data sets, each with a card that says what it is.

``REAL_DATA[name]`` describes a table without reading it, ``load_real_data(name)`` reads it. Who made each and under
which licence it is passed on is said in data/NOTICE beside the files.

A card is part of the lesson. Data sets made from a formula have no past; these have makers, a purpose, and faults that
a good score does not show.
"""

import csv
import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .values import find

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Card:
    """What a learner should know of a table before trusting a number that comes out of it; each a few sentences."""

    what: str
    made_by: str
    source: str
    licence: str
    to_try: str
    known_faults: str


@dataclass(frozen=True)
class Description:
    """A table that has not been read yet. sentence: what it is, in one; the card says it at length. classes: their
    names; a row's class number is the place in it.
    """

    name: str
    title: str
    sentence: str
    classes: tuple[str, ...]
    card: Card


@dataclass(frozen=True, eq=False)
class RealData:
    """A table: x (n, columns) float64 in the makers' units, y (n,) int64 class numbers; both read-only.

    names: of the columns. classes: the name of class 0, 1, ...
    """

    description: Description
    x: np.ndarray
    y: np.ndarray
    names: tuple[str, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        return self.description.classes


CC_BY = "CC BY 4.0"

REAL_DATA: dict[str, Description] = {
    description.name: description
    for description in (
        Description(
            "digits",
            "Digits",
            "1797 digits written by 13 people, each a picture of 8 by 8 pixels.",
            tuple("0123456789"),
            Card(
                "1797 digits that 13 people wrote on a form. Each was cropped, brought to 32 by 32 black and white "
                "pixels, and the ink counted in blocks of 4 by 4: 64 numbers from 0 to 16.",
                "Ethem Alpaydin and Cenk Kaynak, Bogazici University, Istanbul, 1998.",
                "UCI Machine Learning Repository, doi.org/10.24432/C50P49 (the test half of their data)",
                CC_BY,
                "Train, then draw digits of your own. Draw one small, in a corner, slanted, or as nobody on the form "
                "did, and see which of these the network minds.",
                "A row does not say who wrote it. Split by chance, the same 13 people write for training and for "
                "testing, so the test accuracy is too good for a stranger's hand. Three of the 64 pixels are empty in "
                "every row. And there are ten answers only: whatever you draw, one of them is given.",
            ),
        ),
        Description(
            "penguins",
            "Penguins",
            "342 penguins of three species: bill, flipper and body mass.",
            ("Adelie", "Chinstrap", "Gentoo"),
            Card(
                "342 penguins of three species near Palmer Station, Antarctica: length and depth of the bill, length "
                "of the flipper, and body mass.",
                "Kristen Gorman and the Palmer Station LTER, 2007 to 2009; made a table by Allison Horst, Alison Hill "
                "and Kristen Gorman.",
                "palmerpenguins, doi.org/10.5281/zenodo.3960218",
                "CC0 1.0",
                "Train with bill depth alone, then with bill length as well. Over all birds a longer bill is less "
                "deep; within each species it is deeper.",
                "The species are not equally many (151, 68 and 123): always answering Adelie is right for 44 in 100. "
                "The birds were measured by pairs, the two of a nest, so a test bird's mate is often in the training "
                "part. Two birds of the study without measurements are left out.",
            ),
        ),
        Description(
            "wine",
            "Wine",
            "178 wines from three kinds of vine: 13 results of a chemical analysis.",
            ("cultivar 1", "cultivar 2", "cultivar 3"),
            Card(
                "178 Italian wines of one region, made from three kinds of vine: 13 results of a chemical analysis.",
                "M. Forina and others, Genoa (PARVUS); given to the repository by Stefan Aeberhard, 1991.",
                "UCI Machine Learning Repository, doi.org/10.24432/C5PC7J",
                CC_BY,
                "Train without scaling, then with it: proline is about 750, hue about 1, and a network that is not "
                "told sees little but proline.",
                "It is easy, and a test part of a few dozen rows cannot tell a good network from a better one: in 1992 "
                "simple methods already had 96 to 100 in 100 right. Its donor wrote that about 30 measurements had "
                "been made, and that he lost the list. Some copies name R. A. Fisher as its maker, a slip from the "
                "iris data.",
            ),
        ),
        Description(
            "breast_cancer",
            "Breast cancer",
            "569 samples of breast tissue, benign or malignant: 30 numbers on the cell nuclei.",
            ("benign", "malignant"),
            Card(
                "569 samples of breast tissue taken with a fine needle. Ten properties of the cell nuclei were "
                "measured on a picture of each; the table has their mean, their standard error, and the mean of the "
                "three largest: 30 numbers.",
                "William H. Wolberg, W. Nick Street and Olvi L. Mangasarian, University of Wisconsin, 1995.",
                "UCI Machine Learning Repository, doi.org/10.24432/C5DW2B",
                CC_BY,
                "Look at recall, not accuracy alone: a missed cancer and a false alarm are not the same mistake. Move "
                "the threshold and see what each costs.",
                "Always answering benign is right for 63 in 100. Radius, perimeter and area say nearly the same. All "
                "samples are from one hospital, and were published in 1995. This is an exercise: nothing here may be "
                "used to judge anybody's health.",
            ),
        ),
    )
}


@lru_cache(maxsize=len(REAL_DATA))
def _table(name: str) -> RealData:
    description = REAL_DATA[name]
    with gzip.open(FOLDER / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    x = np.array([row[:-1] for row in rows], dtype=np.float64)
    y = np.array([description.classes.index(row[-1]) for row in rows], dtype=np.int64)
    for array in (x, y):
        array.setflags(write=False)
    return RealData(description, x, y, tuple(header[:-1]))


def load_real_data(name: str) -> RealData:
    """The table of this name, a key of REAL_DATA; ValueError with one sentence for any other name."""
    find(name, REAL_DATA, "The real data set")
    return _table(name)
