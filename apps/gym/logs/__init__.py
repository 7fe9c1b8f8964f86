"""Workout logs: the files of other apps that sets are imported from.

units     kilograms or pounds, kilometres or miles: decided for the file, never assumed
times     when a workout began, as a file writes it
modes     what kind of exercise the rows of a file speak of
logged    what the intakes of all of them have in common
strong    the exports of Strong, in their four shapes
hevy      the export of Hevy
fitnotes  the export of FitNotes
opened    which of these a file is
"""
