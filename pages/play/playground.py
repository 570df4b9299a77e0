"""The playground: a neural network that learns while you watch."""

import time

from ui import address
from ui.board import YIELD_SECONDS, board
from ui.controls import controls
from ui.state import conversation
from ui.study import study

spoken = conversation()
pg = spoken.playground
address.read(pg)
pg.page_runs()
controls(pg)
address.write(pg)
board(spoken)
study(pg)
# The browser may have asked for more frames by now. An answer that begins before this page has been sent would take the
# board out of it, and the board's place in the page would for a moment be empty.
time.sleep(YIELD_SECONDS)
