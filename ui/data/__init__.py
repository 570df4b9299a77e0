"""A visitor's own table: its bytes become text (decoding), the text cells (reading), the cells columns of numbers and
words (columns), and what is chosen of these becomes data to learn from (choosing); export makes a file for a
spreadsheet.

clevercsv says which separator it is, the standard library's csv takes the lines apart, pandas holds the cells; here
they are joined, within bounds, and what cannot be used is refused in one sentence. Without Streamlit.
"""
