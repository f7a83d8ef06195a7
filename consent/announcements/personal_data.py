"""What personal data the tables of announcements hold; read by `privacy.register.own_data`."""

from django.db import models

from consent.announcements.models import NoticeAnnouncement, NoticeTold

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    NoticeAnnouncement: dict.fromkeys(
        (
            "id", "notice", "per_minute", "state", "pages", "after", "written", "unreachable", "begun_by", "begun_at",
            "ended_at",
        )
    ),
    NoticeTold: {
        "subject": "key",
        "told_at": "communication",
        "id": None,
        "announcement": None,
        "letter_id": None,
        "pdf_sha256": None,
    },
}  # fmt: skip
