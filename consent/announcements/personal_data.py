"""What personal data the tables of announcements hold; read by `privacy.register.own_data`."""

from django.db import models

from consent.announcements.models import AnnouncedDataset, NoticeAcceptance, NoticeAnnouncement, NoticeTold

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    NoticeAnnouncement: dict.fromkeys(
        (
            "id", "notice", "translations", "per_minute", "state", "pages", "after", "written", "unreachable",
            "left_out", "begun_by", "begun_at", "ended_at", "next_at",
        )
    ),
    NoticeAcceptance: {
        "subject": "key",
        "how": "decision",
        "activity": "technical",
        "occurred_at": "decision",
        "recorded_at": "decision",
        "actor_id": "key",
        "id": None,
        "notice": None,
        "actor_kind": None,
    },
    AnnouncedDataset: {
        "after": "key",
        **dict.fromkeys(
            (
                "id", "announcement", "dataset", "name", "turn", "rows", "written", "known", "left_out",
                "without_address", "problem", "done_at",
            )
        ),
    },
    NoticeTold: {
        "subject": "key",
        "address_index": "key",
        "told_at": "communication",
        "id": None,
        "announcement": None,
        "letter_id": None,
        "pdf_sha256": None,
    },
}  # fmt: skip
