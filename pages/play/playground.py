"""The playground: a neural network that learns while you watch."""

import time

import streamlit as st

from ui import address, microscope, present
from ui.board import YIELD_SECONDS, board
from ui.classroom import invitation
from ui.classroom.panel import panel
from ui.controls import controls
from ui.state import conversation
from ui.study import study

spoken = conversation()
pg = spoken.playground
address.read(pg)
pg.page_runs()
wall = present.what()  # a window for the projector has one of these alone
above = st.container()
if wall == present.MICROSCOPE:
    microscope.alone(pg)
elif wall == present.TASK and pg.assignment is not None:
    invitation.on_the_wall(pg.assignment)
else:
    board(spoken)  # before all else, for in the browser the charts of the page take longer than a change may
if not wall:
    with above:
        controls(pg)
        panel(pg)
address.write(pg)
if wall:
    present.stage()
else:
    study(pg)
# The browser may have asked for more frames by now. An answer that begins before this page has been sent would take the
# board out of it, and the board's place in the page would for a moment be empty.
time.sleep(YIELD_SECONDS)
