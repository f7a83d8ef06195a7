"""What may be the address of a source, and what an officer who tries something else is told."""

import pytest

from privacy.datamap.addresses import checked_address
from privacy.datamap.errors import AddressRefused


@pytest.fixture(autouse=True)
def _no_sockets(settings):
    settings.SOURCE_SOCKETS_ALLOWED = False


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://desk:secret@db.example.com:5432/crm",
        "postgresql://desk:p%40ss%3Aword@10.0.0.7/crm",
        "postgresql://desk:secret@db.example.com:6543/crm?sslmode=verify-full",
        "postgresql://desk@[::1]:5432/crm",
        "mysql://desk:secret@db.example.com:3306/crm",
        "mysql://desk:p%40ss%3Aword@10.0.0.7/crm?ssl-mode=VERIFY_IDENTITY",
        "mysql://desk@[::1]:3306/crm",
    ],
)
def test_a_database_on_the_network_is_an_address(address):
    assert checked_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///crm?host=/var/run/postgresql&user=postgres",
        "postgresql://postgres@%2Fvar%2Frun%2Fpostgresql/crm",
        "postgresql://postgres@/crm",
        "postgresql://desk:hunter2@db.example.com/crm?passfile=/etc/passwd",
        "postgresql://desk:hunter2@db.example.com/crm?sslrootcert=/etc/shadow",
        "postgresql://desk:hunter2@db.example.com/crm?service=portal",
        "postgresql://desk:hunter2@db.example.com/crm?hostaddr=127.0.0.1",
        "postgresql://desk:hunter2@a.example.com,b.example.com/crm",
        "postgresql://desk:hunter2@db.example.com/",
        "postgresql://db.example.com/crm",
        "postgresql://desk:hunter2@db.example.com:many/crm",
        "postgresql://desk:hunter2@db.example.com:65536/crm",
        "mysql://desk:hunter2@db.example.com/crm?unix_socket=/run/mysqld/mysqld.sock",
        "mysql://desk:hunter2@db.example.com/crm?read_default_file=/root/.my.cnf",
        "mysql://desk:hunter2@db.example.com/crm?ssl_ca=/etc/shadow",
        "mysql://desk:hunter2@db.example.com/crm?local_infile=1",
        "mysql://desk:hunter2@db.example.com/crm?ssl-mode=sometimes",
        "mysql://desk:hunter2@a.example.com,b.example.com/crm",
        "mysql://desk:hunter2@/crm",
        "mysql://desk:hunter2@db.example.com/",
        "mysql://db.example.com/crm",
        "mysql+pymysql://desk:hunter2@db.example.com/crm",
        "sqlite:////tmp/x",
        "host=/var/run/postgresql user=postgres dbname=crm",
        "",
        "nonsense",
    ],
)
def test_anything_else_is_refused_and_never_repeated(address):
    with pytest.raises(AddressRefused) as refused:
        checked_address(address)
    assert "hunter2" not in str(refused.value)


def test_sockets_are_for_the_demo_and_the_tests(settings):
    address = "postgresql://desk@/crm?host=/run/db&port=5433"
    with pytest.raises(AddressRefused):
        checked_address(address)
    settings.SOURCE_SOCKETS_ALLOWED = True
    assert checked_address(address) == "postgresql://desk@/crm?host=%2Frun%2Fdb&port=5433"


def test_mariadb_is_another_name_of_the_same_kind():
    assert checked_address("mariadb://desk@db.example.com/crm") == "mysql://desk@db.example.com/crm"
