"""The function at CloudFront's edge, run as it is deployed."""

import json
from pathlib import Path

import pytest
import quickjs

from trackstack_infra.components.site import PAGES


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("/", "/index.html"),
        ("/gym", "/gym/index.html"),
        ("/gym/", "/gym/index.html"),
        ("/gym/records", "/gym/records/index.html"),
        ("/v1.2/notes", "/v1.2/notes/index.html"),
        ("/style.css", "/style.css"),
        ("/_astro/index.C3fXyqHk.css", "/_astro/index.C3fXyqHk.css"),
    ],
)
def test_a_folder_is_its_page(asked: str, key: str) -> None:
    """With or without its slash; what has a suffix is left alone."""
    context = quickjs.Context()
    context.eval(PAGES.read_text())
    event = {"version": "1.0", "request": {"method": "GET", "uri": asked, "querystring": {}, "headers": {}}}
    assert json.loads(context.eval(f"JSON.stringify(handler({json.dumps(event)}))"))["uri"] == key


def test_the_function_is_small() -> None:
    """CloudFront takes 10 KB."""
    assert Path(PAGES).stat().st_size < 10_240
