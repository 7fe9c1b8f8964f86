"""Which log a file is."""

from functools import partial

from apps.common.imports.formats import Format, open_sheet
from apps.common.imports.intake import Intake
from apps.common.imports.sheet import Sheet, read_text
from apps.common.problem import Unprocessable
from apps.gym.logged_set import LoggedSet
from apps.gym.logs import fitnotes, hevy, strong
from apps.gym.logs.logged import Given


def open_log(body: bytes, given: Given, encoding: str | None) -> tuple[Sheet, Intake[LoggedSet]]:
    """The rows of a file and their intake; 422 when no format knows its columns, as of a file without a header."""
    formats = [
        Format("strong", strong.REQUIRED, strong.OPTIONAL, partial(strong.StrongIntake, given=given)),
        Format("hevy", hevy.REQUIRED, hevy.OPTIONAL, partial(hevy.HevyIntake, given=given)),
        Format("fitnotes", fitnotes.REQUIRED, fitnotes.OPTIONAL, partial(fitnotes.FitNotesIntake, given=given)),
    ]
    sheet, intake = open_sheet(read_text(body, encoding), formats)
    for what in ("weight", "distance"):
        columns = [name for name in sheet.columns if name.startswith(what) and not name.endswith("unit")]
        if len(columns) > 1:
            raise Unprocessable(
                f"the file has {len(columns)} columns of {what}, {', '.join(columns)}; leave one of them"
            )
    return sheet, intake
