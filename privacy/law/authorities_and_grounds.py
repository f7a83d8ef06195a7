"""Reads the lists of authorities and of grounds of refusal."""

from pathlib import Path

from privacy.law.enums import Alternative, Confidence, KindOfRequest
from privacy.law.parts import read_span
from privacy.law.reading import Fields, read_yaml
from privacy.law.shapes import Authority, RefusalGround


def read_authorities(path: Path) -> tuple[Authority, ...]:
    """Raises RuleFileError naming file and key for whatever is wrong."""
    entries = Fields(read_yaml(path), file=path.name, at="")
    return tuple(_authority(entries, code) for code in entries.names())


def _authority(entries: Fields, code: str) -> Authority:
    fields = entries.child(code)
    if fields is None:
        raise entries.wrong(code, "must be a mapping with name and url")
    url, complaint_url = fields.text("url"), fields.text_or_none("complaint_url")
    for address in filter(None, (url, complaint_url)):
        if not address.startswith("https://"):
            raise fields.wrong("url", f"must begin with https://, not {address!r}")
    authority = Authority(
        code=code,
        name=fields.text("name"),
        url=url,
        complaint_url=complaint_url,
        postal_address=fields.text_or_none("postal_address"),
        phone=fields.text_or_none("phone"),
        email=fields.text_or_none("email"),
    )
    fields.done()
    return authority


def read_grounds(path: Path) -> tuple[RefusalGround, ...]:
    """Read one file of grounds, that of one law or `any.yaml` for those that hold under all of them.

    Raises RuleFileError naming file and key for whatever is wrong.
    """
    top = Fields(read_yaml(path), file=path.name, at="")
    sources, grounds = top.child("sources"), top.child("grounds")
    if sources is None or grounds is None:
        raise top.wrong("grounds", "and sources must both be there")
    top.done()
    words = {key: sources.text(key) for key in sources.names()}
    return tuple(_ground(grounds, code, words) for code in grounds.names())


def _ground(grounds: Fields, code: str, sources: dict[str, str]) -> RefusalGround:
    fields = grounds.child(code)
    if fields is None:
        raise grounds.wrong(code, "must be a mapping")
    source, law = fields.text("source"), fields.text_or_none("law")
    if source not in sources:
        raise fields.wrong("source", f"{source!r} is not among the sources of this file: {', '.join(sources)}")
    if code.partition(".")[0] != (law or "ANY"):
        raise fields.wrong("law", f"must be the part of the code before the dot: {code!r}")
    ground = RefusalGround(
        code=code,
        law=law,
        section=fields.text("section"),
        words=fields.text("words"),
        kinds=fields.words("kinds", KindOfRequest) or tuple(KindOfRequest),
        must_refuse=fields.yes_or_no("must_refuse", False),
        must_sever=fields.yes_or_no("must_sever", False),
        gives_evidence=fields.yes_or_no("gives_evidence", False),
        disclosable=fields.yes_or_no("disclosable", True),
        notify_authority=fields.yes_or_no("notify_authority", False),
        wait=fields.build("wait", read_span),
        exceptions=fields.texts("exceptions"),
        alternatives=fields.words("alternatives", Alternative),
        source=sources[source],
        confidence=fields.word("confidence", Confidence),
    )
    fields.done()
    return ground
