"""Demonstrations rely on these people and dates; so the samples must have them exactly."""

from datetime import date, timedelta

import phonenumbers
import pytest

from demo.crm.back_office import known as office
from demo.crm.offixpro import known as crm
from tests.demo.crm.conftest import TODAY
from tests.demo.crm.helpers import one, rows


@pytest.mark.parametrize("who", crm.KNOWN_CUSTOMERS, ids=lambda who: f"{who.email}-{who.workspace.operated_by}")
def test_a_known_customer_has_exactly_the_records_announced(offixpro, who):
    found = rows(
        offixpro,
        """SELECT c.full_name, w.business_name,
                  (SELECT count(*) FROM invoice i WHERE i.customer_id = c.customer_id),
                  (SELECT count(*) FROM ticket t WHERE t.customer_id = c.customer_id),
                  (SELECT count(*) FROM login_event l JOIN crm_user u USING (user_id)
                    WHERE u.customer_id = c.customer_id),
                  (SELECT count(*) FROM marketing_preference m WHERE m.customer_id = c.customer_id)
             FROM customer c JOIN workspace w USING (workspace_id)
            WHERE c.email = %s AND c.operated_by = %s""",
        who.email,
        who.workspace.operated_by,
    )

    assert found == [(who.full_name, who.workspace.business_name, who.invoices, who.tickets, who.logins, 3)]


def test_a_known_customer_signs_in_with_the_same_address_in_capitals(offixpro):
    assert rows(
        offixpro,
        "SELECT email FROM crm_user WHERE lower(email) = %s AND operated_by = 'offixpro'",
        crm.AMA_MENSAH.email,
    ) == [("Ama.Mensah@Example.Com",)]


def test_three_people_are_called_ama_mensah_and_two_share_an_address_under_different_operators(offixpro):
    assert rows(
        offixpro,
        """SELECT email, operated_by FROM customer WHERE customer_id <= %s AND full_name = 'Ama Mensah'
            ORDER BY customer_id""",
        len(crm.KNOWN_CUSTOMERS),
    ) == [
        ("ama.mensah@example.com", "offixpro"),
        ("ama.mensah.tema@example.org", "offixpro"),
        ("ama.mensah@example.com", "sankofa_cloud"),
    ]


def test_kofi_boateng_answers_both_tickets_of_ama_and_tickets_of_many_others(offixpro):
    agents = """SELECT e.email, count(*) FROM ticket t JOIN customer c USING (customer_id)
                  JOIN employee e ON e.employee_id = t.agent_id
                 WHERE c.email = %s AND c.operated_by = 'offixpro' GROUP BY 1"""
    others = """SELECT count(DISTINCT customer_id) FROM ticket t JOIN employee e ON e.employee_id = t.agent_id
                 WHERE e.email = %s"""

    assert rows(offixpro, agents, crm.AMA_MENSAH.email) == [(crm.KOFI_BOATENG.email, 2)]
    assert one(offixpro, others, crm.KOFI_BOATENG.email) > 10


def test_ama_is_named_in_each_of_her_tickets_and_pays_every_invoice_by_mobile_money(offixpro):
    naming = """SELECT count(DISTINCT ticket_id) FROM ticket_message JOIN ticket USING (ticket_id)
                 WHERE customer_id = 1 AND body LIKE '%%this is Ama Mensah%%+233240009001%%'"""

    assert one(offixpro, naming) == 2
    assert (
        rows(
            offixpro,
            "SELECT momo_number, momo_reference ~ '^MM[0-9]{11}$', billing_name FROM invoice WHERE customer_id = 1",
        )
        == [("+233240009001", True, "Ama Mensah")] * 3
    )


def test_namesakes_can_be_told_apart_by_their_birthday_and_one_person_has_one(offixpro):
    assert rows(offixpro, "SELECT date_of_birth FROM customer WHERE customer_id <= 3 ORDER BY customer_id") == [
        (date(1992, 10, 13),),
        (date(1968, 8, 1),),
        (date(1992, 10, 13),),
    ]


def test_the_known_contact_works_for_a_company_in_a_workspace_past_its_thirty_days(offixpro):
    assert rows(
        offixpro,
        """SELECT c.full_name, w.cancelled_on FROM contact p JOIN customer c USING (customer_id)
             JOIN workspace w USING (workspace_id) WHERE p.email = %s""",
        crm.ESI_QUAYE.email,
    ) == [("Kakum Farms Ltd", TODAY - timedelta(days=45))]


def test_offixpro_cancellations_lie_on_both_sides_of_the_thirty_days_and_on_them(offixpro):
    days = rows(
        offixpro,
        """SELECT %s - cancelled_on, export_pending FROM workspace
            WHERE operated_by = 'offixpro' AND subscription_status = 'cancelled' ORDER BY 1""",
        TODAY,
    )

    assert days == [
        (1, False), (12, False), (29, False), (30, False), (31, False), (45, False), (60, True), (75, False),
        (120, False), (400, False),
    ]  # fmt: skip
    assert one(offixpro, "SELECT count(*) FROM workspace") == 40
    assert one(offixpro, "SELECT count(*) FROM workspace WHERE subscription_status = 'active'") == 25


def test_nothing_happens_in_a_workspace_after_it_is_cancelled(offixpro):
    late = """SELECT count(*) FILTER (WHERE created_at::date > cancelled_on), count(*) > 0 FROM customer
                JOIN workspace w USING (workspace_id) WHERE w.cancelled_on IS NOT NULL"""
    invoiced_late = """SELECT count(*) FILTER (WHERE issued_on > cancelled_on), count(*) > 0 FROM invoice
                JOIN customer USING (customer_id) JOIN workspace w USING (workspace_id)
               WHERE cancelled_on IS NOT NULL"""

    assert rows(offixpro, late) == [(0, True)]
    assert rows(offixpro, invoiced_late) == [(0, True)]


def test_only_the_known_minor_is_under_eighteen(offixpro):
    assert rows(offixpro, "SELECT email FROM customer WHERE date_of_birth > %s - interval '18 years'", TODAY) == [
        (crm.KOJO_ANTWI_A_MINOR.email,)
    ]


def test_there_are_invoices_older_and_younger_than_the_six_years_of_the_tax_law(offixpro, back_office):
    for connection in (offixpro, back_office):
        assert one(connection, "SELECT count(*) > 0 FROM invoice WHERE issued_on < '2020-01-01'")
        assert one(connection, "SELECT count(*) > 0 FROM invoice WHERE issued_on >= '2020-01-01'")


@pytest.mark.parametrize("who", office.KNOWN_CLIENTS, ids=lambda who: who.email)
def test_a_known_client_has_exactly_the_records_announced(back_office, who):
    found = rows(
        back_office,
        """SELECT c.full_name, %s - closed_on,
                  (SELECT array_agg(%s - decided_on) FROM decision d WHERE d.client_id = c.client_id),
                  (SELECT count(*) FROM engagement e WHERE e.client_id = c.client_id),
                  (SELECT count(*) FROM invoice i WHERE i.client_id = c.client_id),
                  (SELECT count(*) FROM call_note n WHERE n.client_id = c.client_id)
             FROM client c WHERE email = %s""",
        TODAY,
        TODAY,
        who.email,
    )

    assert found == [
        (who.full_name, who.closed_days_ago, [who.decided_days_ago], who.engagements, who.invoices, who.calls)
    ]


def test_the_known_person_on_the_mailing_list_is_no_client(back_office):
    assert rows(
        back_office, "SELECT client_id FROM mailing_list_member WHERE email = %s", office.NADIA_HADDAD.email
    ) == [(None,)]


def test_hannah_morrison_looks_after_claire_and_after_others(back_office):
    clients = """SELECT c.email FROM engagement e JOIN client c USING (client_id)
                   JOIN staff s ON s.staff_id = e.account_manager_id WHERE s.email = %s"""
    found = {email for (email,) in rows(back_office, clients, office.HANNAH_MORRISON.email)}

    assert office.CLAIRE_TREMBLAY.email in found
    assert len(found) > 10


def test_every_telephone_number_has_the_form_of_its_country(offixpro, back_office):
    ghanaian = rows(offixpro, "SELECT DISTINCT phone FROM customer WHERE phone IS NOT NULL")
    canadian = rows(back_office, "SELECT DISTINCT phone FROM client WHERE phone IS NOT NULL")

    for numbers, country in ((ghanaian, 233), (canadian, 1)):
        assert len(numbers) > 50
        for (number,) in numbers:
            parsed = phonenumbers.parse(number)
            assert (parsed.country_code, phonenumbers.is_valid_number(parsed)) == (country, True), number
