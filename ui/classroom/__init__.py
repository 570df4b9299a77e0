"""Classroom: tasks that a teacher hands out as a link: what is to be reached, what is locked, and where it begins."""
