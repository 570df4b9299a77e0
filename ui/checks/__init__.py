"""Checks: whether a task of Learn is done. A file for each page; pure functions, tested without a browser.

Every one is `check(state, answer) -> (passed, why)`. state: the page's values, a mapping of plain numbers and names.
answer: what was typed (text) or chosen, or None. why: one sentence: what is right, or what is missing, never a number
that would give the answer away. A check raises nothing, whatever was typed.
"""
