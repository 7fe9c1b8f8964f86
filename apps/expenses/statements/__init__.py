"""Statements: the files expenses are imported from.

amounts    what an amount means
reading    what the intakes of all of them have in common
household  files that say category and direction themselves
mapping    how the columns of a bank's file are to be read
bank       a bank's file, read with a mapping
opened     which of these a file is
"""
