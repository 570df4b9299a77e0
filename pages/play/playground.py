"""The playground: a neural network that learns while you watch."""

from ui import address
from ui.board import board
from ui.controls import controls, sentence
from ui.state import playground
from ui.study import study

pg = playground()
address.read(pg)
controls(pg)
sentence(pg)
address.write(pg)
board(pg)
study(pg)
