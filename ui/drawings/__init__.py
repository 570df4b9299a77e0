"""Drawings: the Plotly figures of the pages of Learn. A file for each page; every curve comes from scratchnet."""
