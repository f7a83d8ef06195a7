"""The data map: where personal data lives, what each column is, and what erasure and retention do to it.

Names and types of a source are kept as long as the source has them: each product has limits of its own, SQLite none,
and a type that lists its values is as long as these.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.datamap.enums import FindingCode
from privacy.officers.models import Officer
from privacy.register.categories import DataCategory
from privacy.register.models import Purpose
from privacy.subjects.fields import EncryptedTextField
from privacy.subjects.identifiers import IdentifierKind


class SourceKind(models.TextChoices):
    POSTGRESQL = "postgresql", _("PostgreSQL database")
    MYSQL = "mysql", _("MariaDB database")
    SQLITE = "sqlite", _("SQLite file")
    MANUAL = "manual", _("done by a person")
    OPENDSR = "opendsr", _("processor (OpenDSR)")
    PORTAL = "portal", _("this portal itself")


class Source(models.Model):
    """A place with personal data. Its address holds a password: encrypted, and never shown again.

    A source that is no database has no address; what it needs is in `privacy.errands`. The portal's own tables need
    none: see `privacy.datamap.own_schema`. `look_failed_at` is when a look at it failed in a way nobody foresaw; empty
    once one has succeeded since.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=SourceKind.choices, default=SourceKind.POSTGRESQL)
    address = EncryptedTextField(_("address"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    last_seen_at = models.DateTimeField(_("last reached"), null=True, editable=False)
    problem = models.CharField(_("problem"), max_length=60, blank=True, editable=False)
    server_version = models.CharField(_("version"), max_length=40, blank=True, editable=False)
    look_failed_at = models.DateTimeField(_("last look failed"), null=True, editable=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


IMPERSONAL = frozenset({DataCategory.KEY, DataCategory.BUSINESS})
"""Categories of columns that may stay in rows that are called anonymous."""


class Strategy(models.TextChoices):
    """What happens to a column; the legal class of the result is the engine's to say."""

    KEEP = "keep", _("keep")
    NULL = "null", _("empty")
    CONSTANT = "constant", _("replace by a constant")
    TOKEN = "token", _("replace by a keyed token (pseudonymous)")
    RANDOM = "random", _("replace by random text")
    GENERALISE_DATE = "generalise_date", _("shorten the date")
    GENERALISE_IP = "generalise_ip", _("shorten the IP address")
    GENERALISE_NUMBER = "generalise_number", _("round the number")
    GENERALISE_POSTCODE = "generalise_postcode", _("shorten the postcode")
    EMAIL = "email", _("replace by an address nobody has")
    PHONE = "phone", _("replace by a number nobody has")


class Action(models.TextChoices):
    MASK = "mask", _("anonymise")
    DELETE = "delete", _("delete the rows")
    KEEP = "keep", _("keep")


class LetterRole(models.TextChoices):
    """What a column says about letters to the person that its row is about."""

    ADDRESS = "address", _("their mail address")
    LANGUAGE = "language", _("their language")


class Origin(models.TextChoices):
    """Where the values of a column come from: what a person takes along is what came from them (GDPR Art. 20(1))."""

    PROVIDED = "provided", _("given by the person")
    OBSERVED = "observed", _("arose from what the person did")
    DERIVED = "derived", _("made by the organisation")


class Dataset(models.Model):
    """One table of a source.

    `scope` is a list of {"column", "op", "value"}: a fixed predicate that is part of every statement, for tables shared
    with others. `link_columns` is a list of [own column, parent's column] pairs: the foreign key by which a row is
    reached from the dataset that names the person. `foreign_keys` is every key the source declares, as {"columns",
    "to", "to_columns"}: the ways by which a retention rule finds the event that starts its period.
    `created_column` says when a row came about: an erasure leaves rows that came after the request for it.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="datasets", verbose_name=_("source"))
    table_schema = models.CharField(_("schema"), default="public")
    table_name = models.CharField(_("table"))
    label = models.CharField(_("in plain words"), max_length=120)
    primary_key = models.JSONField(_("primary key"), default=list)
    scope = models.JSONField(_("scope"), default=list, blank=True)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
        verbose_name=_("reached from"),
    )
    link_columns = models.JSONField(_("by the columns"), default=list, blank=True)
    on_erasure = models.CharField(_("on erasure"), max_length=6, choices=Action.choices, default=Action.MASK)
    keep_reason = models.CharField(_("legal reason to keep"), max_length=200, blank=True)
    created_column = models.CharField(_("a row came about"), blank=True)
    row_estimate = models.BigIntegerField(_("rows, about"), null=True, editable=False)
    foreign_keys = models.JSONField(default=list, editable=False)
    suggestion_reason = models.CharField(_("why suggested"), max_length=200, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    is_new = models.BooleanField(_("came after the first look"), default=False, editable=False)
    vanished_at = models.DateTimeField(_("vanished"), null=True, editable=False)
    part_of = models.CharField(_("part of the table"), blank=True, editable=False)

    class Meta:
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")
        ordering = ["source", "table_schema", "table_name"]
        constraints = [
            models.UniqueConstraint(fields=["source", "table_schema", "table_name"], name="dataset_once"),
            models.CheckConstraint(
                condition=~Q(on_erasure="keep") | ~Q(keep_reason=""), name="dataset_kept_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.table_name

    @property
    def key(self) -> str:
        """The dataset's name in plans: schema and table."""
        return f"{self.table_schema}.{self.table_name}"


class Field(models.Model):
    """One column of a dataset."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="fields", verbose_name=_("dataset"))
    column = models.CharField(_("column"))
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    data_type = models.CharField(_("type"), editable=False)
    nullable = models.BooleanField(_("may be empty"), default=True, editable=False)
    label = models.CharField(_("in plain words"), max_length=120, blank=True)
    category = models.CharField(
        _("data category"), max_length=14, choices=DataCategory.choices, default=DataCategory.UNCLASSIFIED
    )
    identifier_kind = models.CharField(
        _("names the person by"), max_length=12, choices=IdentifierKind.choices, blank=True
    )
    purposes = models.ManyToManyField(Purpose, verbose_name=_("purposes"), blank=True, related_name="fields")
    on_erasure = models.CharField(_("on erasure"), max_length=20, choices=Strategy.choices, default=Strategy.KEEP)
    on_retention = models.CharField(
        _("at the end of its period"), max_length=20, choices=Strategy.choices, default=Strategy.KEEP
    )
    mask_params = models.JSONField(_("particulars of the mask"), default=dict, blank=True)
    keep_reason = models.CharField(_("reason to keep"), max_length=200, blank=True)
    suggestion_reason = models.CharField(_("why suggested"), max_length=200, blank=True, editable=False)
    is_quasi_identifier = models.BooleanField(
        _("singles people out"),
        default=False,
        help_text=_("With others it tells who somebody is, like birth year and postcode. Counted after anonymising."),
    )
    letter_role = models.CharField(
        _("for letters to the person"),
        max_length=8,
        choices=LetterRole.choices,
        blank=True,
        help_text=_("Where letters about a row of this table go, and in which language (a code like “en”)."),
    )
    coarser = models.JSONField(
        _("made coarser in small groups"),
        default=list,
        blank=True,
        help_text=_("Further steps for anonymised rows that still single somebody out, one after another."),
    )
    origin = models.CharField(
        _("comes from"),
        max_length=8,
        choices=Origin.choices,
        blank=True,
        help_text=_("Decides whether it goes along when a person takes their data elsewhere. Empty: as its category."),
    )
    confirmed_type = models.CharField(_("type when confirmed"), blank=True, editable=False)
    vanished_at = models.DateTimeField(_("vanished"), null=True, editable=False)

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ["dataset", "position"]
        constraints = [models.UniqueConstraint(fields=["dataset", "column"], name="field_once")]

    def __str__(self) -> str:
        return self.column


class Finding(models.Model):
    """Something about a source or the data map that somebody should look at. It resolves by itself with its cause.

    `place` is the table or column in the source, empty for the source itself. `names` are names of columns, keys or
    rights, `remedy` a statement for whoever runs the source; neither ever holds a value of a row. `count` is a number
    of rows. A dismissed finding stays dismissed until its cause grows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("what"), max_length=30, choices=FindingCode.choices)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="findings", verbose_name=_("source"))
    dataset = models.ForeignKey(
        Dataset, null=True, on_delete=models.CASCADE, related_name="findings", verbose_name=_("dataset")
    )
    place = models.CharField(_("where"), blank=True)
    names = models.JSONField(default=list)
    count = models.BigIntegerField(_("rows"), null=True)
    remedy = models.TextField(blank=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    dismissed_at = models.DateTimeField(_("dismissed"), null=True)
    dismissed_by = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("dismissed by")
    )
    dismissed_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-first_seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code", "place"], condition=Q(resolved_at__isnull=True), name="finding_once"
            ),
            models.CheckConstraint(
                condition=Q(dismissed_at__isnull=True) | ~Q(dismissed_reason=""), name="finding_dismissed_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()
