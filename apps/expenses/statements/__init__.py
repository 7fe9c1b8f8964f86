"""Statements: the files expenses are imported from.

days       what a date means, decided for the file
amounts    what an amount means
entry      one row, however its file wrote it
household  files that say category and direction themselves
mapping    how the columns of a bank's file are to be read
bank       a bank's file, read with a mapping
opened     which of these a file is
"""
