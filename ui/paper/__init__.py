"""Paper: documents to print, each one file of HTML that loads nothing: a worksheet with its key, a report of a run."""
