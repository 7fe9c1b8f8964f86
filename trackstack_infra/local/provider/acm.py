"""ACM: certificates, which the emulator issues by itself a second after they were asked for; nothing serves TLS.

One in us-east-1 for CloudFront is made in the stack's region all the same: the emulator does not ask where it is.
"""

from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.recipe import Found, Outputs, Recipe
from trackstack_infra.local.provider.shapes import Inputs
from trackstack_infra.local.provider.stub import Stub
from trackstack_infra.local.provider.tagging import shaped, tags


def _make(client: Client, inputs: Inputs) -> Found:
    how = {"DomainName": inputs["domainName"], "ValidationMethod": inputs["validationMethod"]}
    names, marks = inputs.get("subjectAlternativeNames"), tags(inputs)
    more = ({"SubjectAlternativeNames": names} if names else {}) | ({"Tags": marks} if marks else {})
    return _look(client, client.request_certificate(**how, **more)["CertificateArn"], inputs)


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_certificate(CertificateArn=ref)["Certificate"]
    return found


def _search(client: Client, inputs: Inputs) -> Found | None:
    every = client.list_certificates()["CertificateSummaryList"]
    mine = set((inputs.get("tags") or {}).items())
    for each in every:
        marks = client.list_tags_for_certificate(CertificateArn=each["CertificateArn"])["Tags"]
        if each["DomainName"] == inputs["domainName"] and mine <= {
            (mark["Key"], mark.get("Value", "")) for mark in marks
        }:
            return _look(client, each["CertificateArn"], inputs)
    return None


def _tag(client: Client, ref: str, outputs: Outputs, put: Any, drop: list[str]) -> None:
    if put:
        client.add_tags_to_certificate(CertificateArn=ref, Tags=shaped(put, "Key"))
    if drop:
        client.remove_tags_from_certificate(CertificateArn=ref, Tags=[{"Key": key} for key in drop])


def _validation(option: dict[str, Any]) -> dict[str, Any]:
    record = option.get("ResourceRecord") or {}
    return {
        "domainName": option["DomainName"],
        "resourceRecordName": record.get("Name", ""),
        "resourceRecordType": record.get("Type", "CNAME"),
        "resourceRecordValue": record.get("Value", ""),
    }


CERTIFICATE = Recipe(
    "aws:acm/certificate:Certificate",
    service="acm",
    fixed="domainName validationMethod subjectAlternativeNames",
    make=_make,
    look=_look,
    identify="CertificateArn",
    shown=lambda found, inputs: {
        "arn": found["CertificateArn"],
        "domainValidationOptions": [_validation(option) for option in found["DomainValidationOptions"]],
    },
    remove=lambda client, ref, outputs: client.delete_certificate(CertificateArn=ref),
    search=_search,
    tagging=_tag,
)

VALIDATION = Stub(
    "aws:acm/certificateValidation:CertificateValidation",
    fixed="certificateArn validationRecordFqdns",
    id="{certificateArn}",
)

RECIPES = (CERTIFICATE, VALIDATION)
