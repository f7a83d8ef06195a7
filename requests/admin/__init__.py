"""The review queue and the page of a case on the officers' site."""

from requests.admin.queue import SubjectRequestAdmin

__all__ = ["SubjectRequestAdmin"]
