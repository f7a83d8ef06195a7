"""What happens between a person who asks and the officers who answer, as steps in which tests tell their stories."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from demo.crm.offixpro.known import AMA_MENSAH
from requests.enums import Outcome, RequestState
from requests.models import SubjectRequest
from tests.browser.people import ask, carry_out, do_next_step, open_case, open_link, reload_until
from tests.sample import SampleDesk
from tests.stack import Stack, wait_for


@dataclass(frozen=True)
class Somebody:
    """A person with a mailbox."""

    name: str
    email: str
    phone: str = ""


AMA = Somebody(AMA_MENSAH.full_name, AMA_MENSAH.email, AMA_MENSAH.phone)


class Story:
    """One person who asks and the officers who answer, each with a browser, and the mails between them.

    `writes_from` is the address that our mails go to; another one than the person's when somebody asks for them.
    """

    def __init__(
        self, desk: SampleDesk, stack: Stack, new_visitor: Callable[..., Page], officer: Callable[[int], Page],
        who: Somebody = AMA,
    ) -> None:  # fmt: skip
        self.desk, self.stack, self.who = desk, stack, who
        self.writes_from = who.email
        self.reference = ""
        self.person = new_visitor(accept_downloads=True)
        self._officer, self._pages = officer, {}
        self.queue = stack.address(desk.host, "/officer/requests/subjectrequest/")

    @property
    def officer(self) -> Page:
        return self.officer_number(0)

    @property
    def second(self) -> Page:
        """The browser of another Privacy Officer, with the page of the case."""
        return self.officer_number(1)

    def officer_number(self, number: int) -> Page:
        if number not in self._pages:
            self._pages[number] = self._officer(number)
            open_case(self._pages[number], self.queue, self.reference)
        return self._pages[number]

    @property
    def case(self) -> SubjectRequest:
        return SubjectRequest.objects.get(reference=self.reference)

    def sends(self, kind: str, **answers: str) -> None:
        """The person goes through the form, and does not use the link of our mail yet."""
        home = self.stack.address(self.desk.host)
        self.reference = ask(self.person, home, kind, self.who.name, self.who.email, **answers)
        self.writes_from = answers.get("representative_email", self.who.email)
        self._pages.clear()

    def asks(self, kind: str, **answers: str) -> str:
        """The person asks and confirms; returns the reference."""
        self.sends(kind, **answers)
        open_link(self.person, self.stack.link_in_mail(self.writes_from, "/requests/confirm/"))
        expect(self.person.get_by_role("heading", name="Your request is confirmed")).to_be_visible()
        return self.reference

    def officer_knows_the_person(self, then: str = "To be decided") -> None:
        do_next_step(self.officer, "Confirm identity", "Confirm identity")
        reload_until(self.officer, then)

    def grants(self) -> None:
        do_next_step(self.officer, "Decide", "^Grant$")

    def refuses(self, ground: str = "", reasons: str = "We hold nothing that we may give.") -> None:
        """The officer says no to all of it; without a ground, on the first that is listed."""
        self.officer.get_by_role("link", name="Decide").first.click()
        grounds = self.officer.locator("select[name=ground]")
        grounds.select_option(ground) if ground else grounds.select_option(index=1)
        self.officer.locator("textarea[name=text]").fill(reasons)
        self.officer.wait_for_load_state()  # only some kinds ask for what follows, so there may be nothing to wait for
        for looked in self.officer.locator("form[action$='/refuse/'] input[name=nothing_severable]").all():
            looked.check()
        carry_out(self.officer, self.officer.get_by_role("button", name="Refuse and write to the person"))

    def does(self, act: str, button: str, **answers: str) -> None:
        """The officer does something beside the next step, and fills in what it asks for."""
        self.officer.get_by_role("link", name=act, exact=True).first.click()
        for name, value in answers.items():
            field = self.officer.locator(f"main [name={name}], #content-main [name={name}]").first
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.officer.get_by_role("button", name=button, exact=True).click()

    def follows(self) -> None:
        """The person opens the page of their case by the link of the newest mail that has one."""
        open_link(self.person, self.stack.link_in_mail(self.writes_from, "/requests/track/"))

    def reads(self, words: str) -> None:
        """The page of the case says this to the person, as the first thing."""
        self.follows()
        expect(self.person.locator("p.lead")).to_have_text(words)

    def gets_mail_that_says(self, words: str) -> None:
        """Words may be broken into lines differently."""

        def look() -> bool:
            return any(words in " ".join(mail.split()) for mail in self.stack.mails_to(self.writes_from))

        wait_for(look, f"a mail that says {words!r}")

    def ends(self, state: RequestState, outcome: Outcome | str = "") -> None:
        """The case is closed, as the officer sees it and as it is kept."""

        def look() -> bool:
            return SubjectRequest.objects.filter(reference=self.reference, closed_at__isnull=False).exists()

        wait_for(look, "the case to be closed", 90)
        case = self.case
        assert (case.state, case.outcome) == (state, outcome)
        page = self._pages.get(0) or self._officer(0)
        page.goto(self.queue + f"{case.pk}/change/")
        expect(page.locator(".pd-head").get_by_text(str(state.label)).first).to_be_visible()
