"""What the learner sees and touches: menu, live board, controls, charts, tables. Formulas live in scratchnet."""
