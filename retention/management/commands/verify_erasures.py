from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.errors import DatamapError
from privacy.datamap.models import Source
from privacy.ledger.actors import Actor, ActorKind
from privacy.register.selectors import local_date
from retention.erased.again import rows_held, rows_to_change
from retention.erased.returned import look_for_erased
from retention.errors import ExtentUnknown, NothingCameBack, RetentionError
from retention.management.choosing import add_organisation, chosen_organisations, chosen_sources, inside
from retention.services import plan_replay
from retention.there_again import ThereAgain, look_for_rows_again

OPERATOR = Actor(ActorKind.OPERATOR)


class Command(BaseCommand):
    help = (
        "Look through the sources for people who were erased, and for rows that rules had done, after a restore or an "
        "import. Exits 1 and counts by dataset when any came back, or when a source could not be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_organisation(parser)
        parser.add_argument("--source", metavar="NAME", help="only the source of this name")

    def handle(self, *args: Any, **options: Any) -> None:
        back, of_rules, unread, looked = 0, 0, 0, 0
        for organisation in inside(chosen_organisations(options["organisation"])):
            for source in chosen_sources(options["source"]):
                looked += 1
                found, again = self._look(organisation.slug, source), self._rules(organisation.slug, source)
                back, of_rules = back + (found or 0), of_rules + (again or 0)
                unread += found is None or again is None
        if options["source"] and not looked:
            raise CommandError(f"no active source is called {options['source']!r}; nothing was looked at")
        if unread:
            raise CommandError(f"{unread} sources could not be read, so nothing is known of them; look again later")
        words = []
        if back:
            words.append(
                f"{back} rows of erased people came back; `replay_erasures` shows what erasing them again would do"
            )
        if of_rules:
            words.append(f"{of_rules} rows that rules had done are there again; what becomes of them is said above")
        if words:
            raise CommandError("\n".join(words))

    def _look(self, slug: str, source: Source) -> int | None:
        """How many rows came back; None when nobody knows."""
        try:
            results = look_for_erased(source=source, actor=OPERATOR)
        except EngineError as error:
            self.stderr.write(f"{slug}, {source.name}: could not be read: {error}")
            return None
        for each in results:
            stays = f", {each.dismissed} may stay" if each.dismissed else ""
            self.stdout.write(
                f"{slug}, {source.name}, {each.dataset.key}: {each.back} rows of erased people{stays}, "
                f"{each.read} rows read"
            )
        back = sum(each.back for each in results)
        return back if back else self._parts(slug, source)

    def _parts(self, slug: str, source: Source) -> int | None:
        """Rows that may name their person, of whom a part was refused, and in which what was erased came back."""
        try:
            plan = plan_replay(source=source).plan
        except NothingCameBack:
            return 0
        except ExtentUnknown as error:
            self.stderr.write(f"{slug}, {source.name}: {error}")
            return error.rows
        except (EngineError, DatamapError, RetentionError) as error:
            self.stderr.write(f"{slug}, {source.name}: could not be read: {error}")
            return None
        rows = rows_to_change(plan) + rows_held(plan)
        self.stdout.write(f"{slug}, {source.name}: {rows} rows in which a part that was erased came back")
        return rows

    def _rules(self, slug: str, source: Source) -> int | None:
        """How many rows that rules had done are there again; None when nobody knows of all of them."""
        try:
            looked = look_for_rows_again(source=source, actor=OPERATOR)
        except EngineError as error:
            self.stderr.write(f"{slug}, {source.name}: could not be read: {error}")
            return None
        for each in looked.found:
            self.stdout.write(f"{slug}, {source.name}, {each.dataset}: {_said(each)}")
        for unknown in looked.unknown:
            self.stderr.write(
                f"{slug}, {source.name}, rule “{unknown.run.rule}”: what it had done could not be counted: "
                f"{unknown.words}"
            )
        return None if looked.unknown else sum(each.rows for each in looked.found)


def _said(again: ThereAgain) -> str:
    assert again.run.cutoff is not None
    day = local_date(again.run.cutoff).isoformat()
    rows, are = ("1 row", "is") if again.rows == 1 else (f"{again.rows} rows", "are")
    what_now = (
        "a rule in force does them at its next run"
        if again.is_taken_again
        else "no rule in force does them, so an officer has to act: see the findings"
    )
    return f"{rows} that rule “{again.run.rule}” had done (before {day}) {are} there again; {what_now}"
