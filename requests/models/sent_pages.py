"""Which pages were sent, so that one that is sent twice does nothing the second time."""

from django.db import models

from requests.models.cases import SubjectRequest


class SentPage(models.Model):
    """A page that somebody filled in and sent, by the number it was shown with; remembered as long as its case is."""

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="sent_pages")
    number = models.UUIDField(unique=True)
    content_digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.number)
