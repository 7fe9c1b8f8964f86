"""The report for spreadsheets: one row a meter, one a resource without a price, nothing else."""

import csv
from io import StringIO

from trackstack_infra.costs.report.rows import COLUMNS, rows
from trackstack_infra.costs.report.summary import Report


def as_csv(report: Report) -> str:
    """Comma-separated, with a line of headers."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows(report):
        writer.writerow({key: str(value).lower() if isinstance(value, bool) else value for key, value in row.items()})
    return out.getvalue()
