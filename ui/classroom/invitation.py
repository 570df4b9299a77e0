"""Invitation: how a class comes to a task: by a picture for cameras, or an address to type; on the wall in one view."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import streamlit as st

import scratchnet as sn
from ui.classroom import assignment, reach, shelf, words
from ui.classroom.assignment import Assignment


def task_of(link: str, files: Mapping[str, sn.Points]) -> Assignment:
    """The task of a link, of the text behind its task=, or of its letters. ValueError with one sentence otherwise.

    files: tables that are at hand.
    """
    link = link.strip()
    text = parse_qs(urlsplit(link).query or link).get("task", [link])[0]
    if not text:
        raise ValueError("Expected the link that you handed out, got nothing; copy it from Use in class.")
    return assignment.read(shelf.text_of(text), files)


@dataclass(frozen=True)
class Ways:
    """The links to a task. here: for this browser; link: for the devices of a class, and holds the whole task.

    short: the link by its letters, "" where this app does not know them; known: what to know about both, "" if nothing.
    """

    here: str
    link: str
    short: str
    known: str


def ways(task: Assignment) -> Ways:
    """ValueError with one sentence for a task that is too long for a link."""
    here = (st.context.url or "").rstrip("/")
    address, known = reach.of_page()
    short = f"{address}/?task={task.fingerprint}" if shelf.is_kept(task) else ""
    return Ways(f"{here}/?task={task.text}", f"{address}/?task={task.text}", short, known)


def picture(task: Assignment, way: Ways, width: int) -> None:
    """The shortest of its links for cameras."""
    reach.by_camera(way.short or way.link, f"QR code of the link to task {task.fingerprint}", width)


def on_the_wall(task: Assignment) -> None:
    """What is to be done, and how to come to it, for a whole class to see."""
    way = ways(task)
    said, how = st.columns((3, 2), gap="large", vertical_alignment="center")
    with said:
        st.text(task.instruction)
        for condition in task.goal.conditions:
            st.text(f"○ {words.wanted(condition)}")
    with how:
        picture(task, way, 420)
        if way.short:
            st.code(way.short, language=None, wrap_lines=True)
        st.text(f"Task {task.fingerprint}")
