"""A model field whose column holds ciphertext."""

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from privacy.subjects.crypto import decrypt, encrypt

if TYPE_CHECKING:
    _Bytes = models.TextField  # what a model's attribute holds; the column holds bytes
else:
    _Bytes = models.BinaryField


class EncryptedTextField(_Bytes):
    """Text, encrypted for the current organisation. Cannot be searched; use a keyed index beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    @property
    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self._decode(decrypt(bytes(value), context=self._context))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None:
            value = encrypt(self._encode(value), context=self._context)
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is a value can be asked: a comparison with fresh ciphertext never finds anything."""
        if lookup_name != "isnull":
            raise FieldError(f"{self._context} is encrypted and cannot be searched: use a keyed index beside it")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self._context} is encrypted and cannot be searched: use a keyed index beside it")

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("encrypted fields are not serialised: the result would be personal data in the clear")

    def to_python(self, value: Any) -> Any:
        return value

    def _encode(self, value: Any) -> str:
        return str(value)

    def _decode(self, text: str) -> Any:
        return text


def encrypted(model: type[models.Model], name: str, value: str) -> bytes:
    """What the column of an encrypted field would hold, for rows that are written without the model."""
    field = model._meta.get_field(name)
    assert isinstance(field, EncryptedTextField)
    return encrypt(field._encode(value), context=field._context)


class EncryptedJSONField(EncryptedTextField):
    """JSON, encrypted for the current organisation."""

    if TYPE_CHECKING:  # what a model's attribute takes and gives
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def _encode(self, value: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    def _decode(self, text: str) -> Any:
        return json.loads(text)


class EncryptedBytesField(EncryptedTextField):
    """Bytes, encrypted for the current organisation; for small files that live and go with their row."""

    if TYPE_CHECKING:  # what a model's attribute takes and gives
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def _encode(self, value: Any) -> str:
        return b64encode(value).decode()

    def _decode(self, text: str) -> Any:
        return b64decode(text)
