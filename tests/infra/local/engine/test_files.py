"""What is made of files is files again when the program reads it back."""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from trackstack_infra.graph import Asset, record
from trackstack_infra.local.engine.desired import desired


def test_a_function_made_of_files_is_shown_with_its_files(tmp_path: Path) -> None:
    """The provider gets paths, the state keeps paths, and the program the archive that it gave."""
    (tmp_path / "one.py").write_text("def handler(event, context): ...")

    def program() -> None:
        code = pulumi.AssetArchive({"one.py": pulumi.FileAsset(tmp_path / "one.py")})
        aws.lambda_.Function(
            "one", code=code, handler="one.handler", runtime="python3.13", role="arn:aws:iam::1:role/x"
        )

    resource = record(program, stack="pragmatic", outputs="fabricated").one("aws:lambda/function:Function", "one")
    wanted = desired(resource, None, None)
    assert wanted.inputs["code"] == {"assets": {"one.py": {"path": str(tmp_path / "one.py")}}}
    shown = wanted.shown({"code": wanted.inputs["code"], "arn": "an ARN"})
    assert shown["arn"] == "an ARN"
    assert isinstance(shown["code"], Asset)
    assert shown["code"].archive
