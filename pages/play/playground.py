"""The playground: a neural network that learns while you watch."""

from ui import address
from ui.board import board
from ui.controls import controls
from ui.state import playground
from ui.study import study

pg = playground()
address.read(pg)
pg.page_runs()
controls(pg)
address.write(pg)
board(pg)
study(pg)
