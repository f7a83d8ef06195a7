"""Pages of the portal to which the letters of a case lead. The token is the only secret in them."""

from privacy.letters.addresses import portal_url
from privacy.subjects.links import new_link
from privacy.subjects.models import LinkPurpose
from requests.models import SubjectRequest

_PATHS = {
    LinkPurpose.CONFIRM: "/requests/confirm/{token}/",
    LinkPurpose.TRACK: "/requests/track/{token}/",
    LinkPurpose.DOWNLOAD: "/requests/download/{token}/",
}


def path_for(purpose: LinkPurpose, token: str) -> str:
    """The path of the page that a link of this purpose opens."""
    return _PATHS[purpose].format(token=token)


def new_address(*, purpose: LinkPurpose, case: SubjectRequest) -> str:
    """Make a secret link to a case and return its address; the token is kept nowhere else."""
    token = new_link(purpose=purpose, subject=case.subject, target_id=case.pk)
    return portal_url(path_for(purpose, token))
