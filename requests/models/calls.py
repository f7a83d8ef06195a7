"""Which call of the API made which case, so that a call that is repeated makes none."""

from django.db import models

from requests.models.cases import SubjectRequest


class IntakeCall(models.Model):
    """An Idempotency-Key under which a case was made, remembered as long as the case is."""

    case = models.OneToOneField(SubjectRequest, on_delete=models.CASCADE, related_name="call")
    key_digest = models.BinaryField(max_length=32, unique=True)
    body_digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.pk)
