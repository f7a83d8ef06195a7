"""Access packages: what a person downloads, or is sent by post."""

import uuid

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests.models.cases import SubjectRequest


class AccessPackage(models.Model):
    """The answer to an access request: one encrypted ZIP file, kept for a while and then deleted.

    `for_post`: the person has no e-mail address, so an officer takes it, once, and posts it. Until then it stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(SubjectRequest, on_delete=models.CASCADE, related_name="package")
    file_name = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(_("bytes"), default=0)
    rows = models.BigIntegerField(_("rows"), default=0)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    downloads_left = models.PositiveSmallIntegerField(_("downloads left"))
    deleted_at = models.DateTimeField(_("deleted"), null=True)
    for_post = models.BooleanField(_("goes by post"), default=False)
    posted_on = models.DateField(_("posted on"), null=True)

    class Meta:
        verbose_name = _("access package")
        verbose_name_plural = _("access packages")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def size_words(self) -> str:
        """Its size for people, in the active language."""
        return filesizeformat(self.size)

    @property
    def is_available(self) -> bool:
        """Whether the person can still download it."""
        is_there = self.deleted_at is None and self.downloads_left > 0 and self.expires_at > timezone.now()
        return is_there and not self.for_post

    @property
    def waits_for_post(self) -> bool:
        """Whether an officer still has to post it."""
        return self.for_post and self.posted_on is None and self.deleted_at is None
