"""Imports of heating: files of what meters showed, or of what they used from one instant to the next.

layouts     which files, found by their columns
units       what a column's unit is worth, and how fast a meter of a kind can count at most
numbers     a cell as a number, its decimal sign still open where the text has two meanings
times       a cell as an instant, or as a local time whose order and zone are still open
rows        a file as columns of whole numbers: nothing else of it is held
aliases     a serial that a spreadsheet has changed
snapshot    what is kept of the meters of a file
agreement   which rows contradict each other, and which of them what follows proves false
levels      rows as what a meter showed
rhythm      how long intervals are
intervals   rows as what a meter used, added up to what it would have shown
likeness    files that look like something else than they say
wishes      what a caller decides
survey      what a file says, and proves about itself
deciding    what holds for a whole file
settling    local times and ambiguous numbers, once that is decided
intake      one file, from its first row to its last
taking      writing, and taking back
store       the SQL
"""
