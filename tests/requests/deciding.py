"""Cases whose plan was found in tables that exist in the data map alone: no source is asked."""

from itertools import count

from privacy.datamap.models import Dataset, Field, Source
from privacy.register.models import OrganisationProfile
from requests.deciding.given import LineDecision
from requests.enums import WITHOUT_GROUND, Verdict
from requests.enums import RequestState as S
from requests.models import SubjectRequest
from requests.traits import PORTAL_KINDS
from tests.requests.conftest import in_state

SECRET = "CA-FED.government_objection"
OPEN = {"access": "GH.third_party", "portability": "GH.third_party", "erasure": "GH.retention_required"}
_numbers = count()


def under(*laws: str, country: str = "CA") -> None:
    """The organisation answers under these laws."""
    OrganisationProfile.objects.update(laws=list(laws), country=country)


def mapped(*categories: str, columns: int = 2, tables: int = 1) -> Source:
    """A source with tables, in each of which every category has some columns; the only one that is on."""
    number = next(_numbers)
    Source.objects.update(is_active=False)
    source = Source.objects.create(name=f"Shop {number}", address="postgresql://nobody@127.0.0.1:1/nothing")
    for table in range(tables):
        dataset = Dataset.objects.create(
            source=source, table_name=f"table{table}", label=f"Table {table}", primary_key=["id"], on_erasure="mask"
        )
        Field.objects.create(dataset=dataset, column="id", data_type="bigint", category="key")
        for category in categories:
            for place in range(columns):
                Field.objects.create(
                    dataset=dataset, column=f"{category}_{place}", label=f"{category} number {place}",
                    category=category, data_type="text", on_erasure="null",
                )  # fmt: skip
    return source


def plan_over(source: Source, rows: int = 3) -> dict:
    """What a search in the source would have found."""
    steps = [
        {
            "dataset": each.key, "action": "mask", "expected_count": rows, "held_count": 0, "protected_count": 0,
            "masks": [
                {"column": one.column, "strategy": "null"} for one in each.fields.all() if one.on_erasure == "null"
            ],
        }
        for each in source.datasets.order_by("pk")
    ]  # fmt: skip
    return {"summary": [], "plans": [{"source": source.pk, "plan": {"steps": steps}}], "hash": "a" * 64}


def to_decide(*categories: str, kind: str = "access", columns: int = 2, tables: int = 1, **more) -> SubjectRequest:
    """A case that waits for its decision on these categories."""
    plan = plan_over(mapped(*categories, columns=columns, tables=tables))
    case = in_state(
        S.DECIDING, kind=kind if kind in PORTAL_KINDS else "access", email=f"person{next(_numbers)}@example.com",
        plan=plan, plan_hash="a" * 64, frozen_keys={}, **more,
    )  # fmt: skip
    SubjectRequest.objects.filter(pk=case.pk).update(kind=kind)
    case.refresh_from_db()
    return case


def said(line, verdict: str, *, ground: str = OPEN["access"], **more) -> LineDecision:
    """An officer's word on a found line, with everything that it needs."""
    category, source_id, dataset_key = line.key
    if verdict in WITHOUT_GROUND:
        return LineDecision(category, verdict, source_id, dataset_key)
    table = line.tables[0] if line.tables else None
    fields = {"reasons": f"Reasons of {category}", "nothing_severable": True, "own_alternative": "Call at our office."}
    if verdict == Verdict.PARTIAL:
        fields |= {"left_out": {table.place: [table.columns[0][0]]}, "severed": f"What {category} leaves out"}
    return LineDecision(category, verdict, source_id, dataset_key, ground=ground, **(fields | more))
