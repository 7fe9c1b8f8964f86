"""Imports: files taken row by row, as a thing with an id that can be undone.

sheet      a CSV file as records, read lazily
formats    which files a domain takes
intake     what a domain says about one file
decisions  what holds for a file as a whole
decimals   decimal signs
upload     one request that brings a file
runs       the SQL of imports
history    the list of imports, and undoing one
report     what a caller hears
"""
