"""The wordings of letters on the officers' site: every kind of letter, and for each whose wording is used."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.ledger.admin_base import ReadOnlyAdmin
from privacy.letters.admin.forms import WordingForm
from privacy.letters.admin.letter_views import pdf_response
from privacy.letters.admin.previews import as_mail_text, as_paper, sample_letter
from privacy.letters.composing import Wording, built_in, one_line
from privacy.letters.errors import LetterError, UnknownKind, WordingInvalid
from privacy.letters.kinds import Audience, LetterKind, letter_kind, letter_kinds
from privacy.letters.models import LetterTemplate
from privacy.letters.services import restore_built_in, save_wording
from privacy.letters.services.wordings import CHANGE, laws_of
from privacy.letters.wording import problems_of
from privacy.register.selectors import profile


class LetterTemplateAdmin(ReadOnlyAdmin):
    list_display = ("kind", "language", "law", "version", "is_active", "edited_by", "edited_at")
    fields: Any = ("kind", "language", "law", "version", "heading", "text", "is_active", "edited_by", "edited_at")

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, Any] = {
            "edit": self.edit_view,
            "preview": require_POST(self.preview_view),
            "preview_pdf": require_POST(self.preview_pdf_view),
            "restore": require_POST(self.restore_view),
        }
        ours = [
            path(
                f"<str:kind>/<str:language>/{code.replace('_', '-')}/",
                self.admin_site.admin_view(view),
                name=f"letters_lettertemplate_{code}",
            )
            for code, view in views.items()
        ]
        return [*ours, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Every kind of letter, by whom it is read."""
        if not self.has_view_permission(request):
            return HttpResponseForbidden()
        used: dict[tuple[str, str], list[tuple[LetterTemplate, list[str]]]] = {}
        for each in LetterTemplate.objects.filter(is_active=True).order_by("law"):
            used.setdefault((each.kind, each.language), []).append((each, _problems_now(each)))
        names = dict(settings.LETTER_LANGUAGES)
        titles = {
            Audience.PERSON: _("To people"),
            Audience.RECIPIENT: _("To those who were given data"),
            Audience.OFFICER: _("To officers"),
        }
        groups = [
            {
                "title": title,
                "kinds": [
                    {
                        "title": kind.title,
                        "languages": [(code, names[code], used.get((kind.code, code), [])) for code in kind.languages],
                        "code": kind.code,
                    }
                    for kind in sorted(letter_kinds().values(), key=lambda each: str(each.title))
                    if kind.audience == audience
                ],
            }
            for audience, title in titles.items()
        ]
        return self._page(request, "officer/letters/wordings.html", _("Wordings of letters"), {"groups": groups})

    def edit_view(self, request: HttpRequest, kind: str, language: str) -> HttpResponse:
        """The editor of a wording, with its preview; its POST saves a version."""
        what, law = self._asked_for(request, kind, language)
        used = LetterTemplate.objects.filter(kind=kind, language=language, law=law, is_active=True).first()
        ours = built_in(what, language=language)
        start = Wording(used.heading, used.text, version=used.version) if used else ours
        form = WordingForm(initial={"heading": start.heading, "text": start.text, "based_on": start.version})
        if request.method == "POST":
            if not self._may_change(request):
                return HttpResponseForbidden()
            form = WordingForm(request.POST)
            if form.is_valid() and self._saved(request, form, what, language, law):
                messages.success(request, _("Saved. Letters written from now on use this wording."))
                return self._back(what, language, law)
        preview = self._preview(what, language, law, form["heading"].value() or "", form["text"].value() or "")
        context = {
            "form": form,
            "kind": what,
            "language": language,
            "language_name": dict(settings.LETTER_LANGUAGES)[language],
            "law": law,
            "laws": laws_of(what),
            "own_laws": sorted(set(profile().laws) & set(laws_of(what))),
            "used": used,
            "passed_over": bool(used and _problems_now(used)),
            "versions": LetterTemplate.objects.filter(kind=kind, language=language, law=law).select_related(
                "edited_by"
            ),
            "may_change": self._may_change(request),
            "is_on_paper": what.is_on_paper,
            **preview,
        }
        return self._page(request, "officer/letters/wording.html", what.title, context)

    def preview_view(self, request: HttpRequest, kind: str, language: str) -> HttpResponse:
        what, law = self._asked_for(request, kind, language)
        shown = self._preview(what, language, law, request.POST.get("heading", ""), request.POST.get("text", ""))
        return TemplateResponse(request, "officer/letters/preview.html", shown)

    def preview_pdf_view(self, request: HttpRequest, kind: str, language: str) -> HttpResponse:
        what, law = self._asked_for(request, kind, language)
        given = {name: request.POST.get(name, "") for name in ("heading", "text")}
        try:
            letter = sample_letter(what, language=language, law=law, **given)
        except WordingInvalid as error:
            messages.error(request, str(error))
            return self._back(what, language, law)
        return pdf_response(as_paper(letter), "preview.pdf")

    def restore_view(self, request: HttpRequest, kind: str, language: str) -> HttpResponse:
        """Back to the built-in wording; versions of the organisation's own are kept."""
        what, law = self._asked_for(request, kind, language)
        try:
            changed = restore_built_in(kind=kind, language=language, law=law, officer=request.user)  # type: ignore[arg-type]
        except LetterError:
            return HttpResponseForbidden()
        words = _("The built-in wording is used again.") if changed else _("The built-in wording is used already.")
        messages.success(request, words)
        return self._back(what, language, law)

    def _saved(self, request: HttpRequest, form: WordingForm, kind: LetterKind, language: str, law: str) -> bool:
        given = form.cleaned_data
        try:
            save_wording(
                kind=kind.code, language=language, law=law, heading=given["heading"], text=given["text"],
                based_on=given["based_on"], officer=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
        except WordingInvalid as error:
            for problem in error.problems:
                form.add_error("text", problem)
            return False
        except LetterError as error:
            form.add_error(None, str(error))
            return False
        return True

    def _preview(self, kind: LetterKind, language: str, law: str, heading: str, text: str) -> dict[str, Any]:
        try:
            letter = sample_letter(kind, language=language, law=law, heading=one_line(heading), text=text)
        except WordingInvalid as error:
            return {"problems": error.problems}
        return {"heading": letter.heading, "shown": as_mail_text(letter, kind)}

    def _asked_for(self, request: HttpRequest, kind: str, language: str) -> tuple[LetterKind, str]:
        """The kind and the law that an address names.

        Raises:
            Http404: there is no such kind, language or law, or the officer may not see wordings.
        """
        if not self.has_view_permission(request):
            raise Http404
        try:
            what = letter_kind(kind)
        except UnknownKind:
            raise Http404 from None
        law = request.POST.get("law") or request.GET.get("law") or ""
        if language not in what.languages or (law and law not in laws_of(what)):
            raise Http404
        return what, law

    def _may_change(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(CHANGE))

    def _back(self, kind: LetterKind, language: str, law: str) -> HttpResponse:
        address = reverse("officer:letters_lettertemplate_edit", args=[kind.code, language])
        return HttpResponseRedirect(f"{address}?law={law}" if law else address)

    def _page(self, request: HttpRequest, template: str, title: object, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        return TemplateResponse(request, template, base | context)


def _problems_now(own: LetterTemplate) -> list[str]:
    """Why letters are not written in this wording any more; of a kind that is gone, nothing."""
    kind = letter_kinds().get(own.kind)
    return problems_of(kind, heading=own.heading, text=own.text) if kind else []
