from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.law.catalogue import jurisdictions
from privacy.letters.kinds import LetterKind, letter_kinds
from privacy.letters.printing import printed
from privacy.letters.samples import SAMPLE_LAW


class Command(BaseCommand):
    help = (
        "Write every kind of letter into a folder, with invented particulars, in our own wording and every language: "
        "as mail (.txt) and on paper (.pdf). Look at them before a release."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        laws = [each.code for each in jurisdictions()]
        parser.add_argument("folder", type=Path, help="made when it is not there; files of these names are overwritten")
        parser.add_argument("--law", default=SAMPLE_LAW, choices=laws, help="law of the samples (default: %(default)s)")
        parser.add_argument("--kind", metavar="CODE", help="only this kind, for example case_refused")
        parser.add_argument("--mail-only", action="store_true", help="leave out the PDFs, which take most of the time")
        parser.add_argument("--language", metavar="CODE", help="only this language, for example fr")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        made = 0
        for kind in self._kinds(options["kind"]):
            for language in kind.languages:
                if options["language"] in (None, language):
                    name = f"{kind.code}.{language}"
                    letter = printed(kind, language=language, law=options["law"])
                    (folder / f"{name}.txt").write_text(f"{letter.heading}\n\n{letter.mail}")
                    if kind.is_on_paper and not options["mail_only"]:
                        (folder / f"{name}.pdf").write_bytes(letter.on_paper())
                    made += 1
        if not made:
            raise CommandError("no letter is written in this language")
        self.stdout.write(f"{made} letters in {folder}")

    def _kinds(self, code: str | None) -> list[LetterKind]:
        known = letter_kinds()
        if code is None:
            return [known[each] for each in sorted(known)]
        if code not in known:
            raise CommandError(f"no kind of letter has the code {code!r}; known are: {', '.join(sorted(known))}")
        return [known[code]]
