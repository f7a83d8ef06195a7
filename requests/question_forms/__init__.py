"""The forms of the questions: one page each. `QUESTION_FORMS` has them by the codes of `requests.questions`."""

from requests.question_forms.changes import ChangesForm
from requests.question_forms.people import (
    BehalfForm,
    EmailForm,
    MinorForm,
    NameForm,
    RepresentativeForm,
    ResidenceForm,
)
from requests.question_forms.purposes import PurposesForm
from requests.question_forms.shape import QuestionForm
from requests.question_forms.wishes import (
    AboutForm,
    AskedForm,
    DecisionForm,
    DetailsForm,
    IrreversibleForm,
    KindForm,
    ScopeForm,
    WrongForm,
)

QUESTION_FORMS: dict[str, type[QuestionForm]] = {
    "kind": KindForm,
    "about": AboutForm,
    "behalf": BehalfForm,
    "representative": RepresentativeForm,
    "residence": ResidenceForm,
    "name": NameForm,
    "email": EmailForm,
    "scope": ScopeForm,
    "changes": ChangesForm,
    "purposes": PurposesForm,
    "decision": DecisionForm,
    "wrong": WrongForm,
    "question": AskedForm,
    "minor": MinorForm,
    "details": DetailsForm,
    "irreversible": IrreversibleForm,
}
