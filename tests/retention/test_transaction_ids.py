"""The id of a transaction in a source fits into the record, whatever the product."""

import pytest

from privacy.datamap.engine.dialects.mariadb import MariaDB
from privacy.datamap.engine.dialects.sqlite import SQLite
from retention.models import RunChunk
from retention.models.runs import LONGEST_TRANSACTION_ID

OF_POSTGRESQL = 2**64 - 1  # the largest xid8


@pytest.mark.parametrize("dialect", [MariaDB, SQLite])
def test_ids_of_our_own_choice_fit(dialect):
    (longest,) = {max(len(dialect().new_transaction_id()) for _number in range(20))}
    assert 20 < longest <= LONGEST_TRANSACTION_ID


def test_the_ids_of_postgresql_fit_and_the_record_has_room_for_all():
    assert len(str(OF_POSTGRESQL)) <= LONGEST_TRANSACTION_ID
    assert RunChunk._meta.get_field("transaction_id").max_length == LONGEST_TRANSACTION_ID
