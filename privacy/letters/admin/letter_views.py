"""The page of a letter on which an officer edits and sends a draft, or sends again what could not be sent.

It is open to whoever may see the case of the letter; a letter that the officer may not see is not found. Acts are POSTs
that call one service each.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from privacy.letters.access import may_see, may_send
from privacy.letters.admin.forms import AgainForm, DraftForm
from privacy.letters.admin.previews import as_mail_text, as_paper, draft_as
from privacy.letters.errors import LetterError, UnknownKind
from privacy.letters.kinds import kind_title, letter_kind
from privacy.letters.models import Letter, LetterState
from privacy.letters.services import discard_draft, edit_draft, open_pdf, send_again, send_draft
from privacy.letters.services.drafts import checked_text


class LetterViews:
    """Mixed into the admin of letters."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "draft": self.draft_view,
            "preview": require_POST(self.preview_view),
            "preview_pdf": require_POST(self.preview_pdf_view),
            "discard": self.discard_view,
            "again": require_POST(self.again_view),
            "pdf": require_GET(self.pdf_view),
        }
        ours = [
            path(
                f"<uuid:pk>/{code.replace('_', '-')}/", self.admin_site.admin_view(view), name=f"letters_letter_{code}"
            )
            for code, view in views.items()
        ]
        return [*ours, *super().get_urls()]  # type: ignore[misc]

    def draft_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The page of a letter; its POST saves the draft, and sends it where that button was pressed."""
        letter = self._letter(request, pk)
        if request.method != "POST":
            return self._shown(request, letter, DraftForm(initial={"text": letter.body}))
        if not may_send(request.user, letter):
            return HttpResponseForbidden()
        form = DraftForm(request.POST)
        if not form.is_valid():
            return self._shown(request, letter, form)
        try:
            with transaction.atomic():
                edit_draft(letter=letter, officer=request.user, text=form.cleaned_data["text"])  # type: ignore[arg-type]
                if "send" in request.POST:
                    send_draft(letter=letter, officer=request.user)  # type: ignore[arg-type]
        except LetterError as error:
            form.add_error("text", str(error))
            return self._shown(request, self._letter(request, pk), form)
        messages.success(
            request, _("The letter is on its way.") if "send" in request.POST else _("The draft is saved.")
        )
        return self._back(letter)

    def preview_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The mail as it would be, or what is wrong with the text; asked for again and again while somebody types."""
        letter = self._letter(request, pk)
        return self._previewed(request, letter, request.POST.get("text", ""))

    def preview_pdf_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        letter = self._letter(request, pk)
        try:
            text = checked_text(letter, request.POST.get("text", ""))
        except LetterError as error:
            messages.error(request, str(error))
            return self._back(letter)
        return pdf_response(as_paper(draft_as(letter, text)), "draft.pdf")

    def discard_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        letter = self._letter(request, pk)
        if not may_send(request.user, letter):
            return HttpResponseForbidden()
        if request.method == "POST":
            try:
                discard_draft(letter=letter, officer=request.user)  # type: ignore[arg-type]
            except LetterError as error:
                messages.error(request, str(error))
                return self._back(letter)
            messages.success(request, _("The draft is deleted. Nothing was sent."))
            return HttpResponseRedirect(reverse("officer:index"))
        context = {
            "explanation": [_("The draft is deleted for good. The person is not written to.")],
            "button": _("Discard the draft"),
            "back": self._address(letter),
        }
        return self._page(request, "officer/confirm.html", letter, _("Discard the draft"), context)

    def again_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        letter = self._letter(request, pk)
        if not may_send(request.user, letter):
            return HttpResponseForbidden()
        form = AgainForm(request.POST)
        if not form.is_valid():
            return self._shown(request, letter, DraftForm(initial={"text": letter.body}), again=form)
        try:
            send_again(letter=letter, officer=request.user, address=form.cleaned_data["address"])  # type: ignore[arg-type]
        except LetterError as error:
            form.add_error("address", str(error))
            return self._shown(request, self._letter(request, pk), DraftForm(initial={"text": letter.body}), again=form)
        messages.success(request, _("The letter is on its way again."))
        return self._back(letter)

    def pdf_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The PDF of a letter as it was sent; that it was opened is in the ledger."""
        letter = self._letter(request, pk)
        pdf = open_pdf(letter=letter, officer=request.user)  # type: ignore[arg-type]
        if pdf is None:
            raise Http404
        return pdf_response(pdf, f"{letter.reference or letter.pk}-{letter.dated_on}.pdf")

    def _letter(self, request: HttpRequest, pk: uuid.UUID) -> Letter:
        """The letter, if the officer may see it.

        Raises:
            Http404: there is none, or none for this officer.
        """
        letter = Letter.objects.defer("secret", "pdf").filter(pk=pk).first()
        if letter is None or not may_see(request.user, letter):
            raise Http404
        return letter

    def _shown(
        self, request: HttpRequest, letter: Letter, form: DraftForm, again: AgainForm | None = None
    ) -> HttpResponse:
        may = may_send(request.user, letter)
        is_draft = letter.state == LetterState.DRAFT
        context = {
            "form": form if is_draft and may else None,
            "again": (again or AgainForm(initial={"address": letter.address}))
            if may and letter.state == LetterState.FAILED
            else None,
            "shown": _mail_text(letter) if is_draft else letter.body,
            "is_draft": is_draft,
            "kind": kind_title(letter.kind),
        }
        return self._page(request, "officer/letters/letter.html", letter, letter.heading, context)

    def _previewed(self, request: HttpRequest, letter: Letter, text: str) -> HttpResponse:
        try:
            shown = as_mail_text(draft_as(letter, checked_text(letter, text)), letter_kind(letter.kind))
        except LetterError as error:
            return TemplateResponse(request, "officer/letters/preview.html", {"problems": [str(error)]})
        return TemplateResponse(request, "officer/letters/preview.html", {"heading": letter.heading, "shown": shown})

    def _page(
        self, request: HttpRequest, template: str, letter: Letter, title: object, context: dict[str, Any]
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {
            "title": title, "opts": self.opts, "original": letter, "letter": letter,
        }  # fmt: skip
        return TemplateResponse(request, template, base | context)

    def _back(self, letter: Letter) -> HttpResponse:
        return HttpResponseRedirect(self._address(letter))

    def _address(self, letter: Letter) -> str:
        return reverse("officer:letters_letter_draft", args=[letter.pk])


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser; its name has no word of a person's."""
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _mail_text(letter: Letter) -> str:
    try:
        return as_mail_text(letter, letter_kind(letter.kind))
    except UnknownKind:
        return letter.body
