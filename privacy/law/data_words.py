"""Words of the data files that people read, listed for message extraction, which cannot look into YAML.

A test keeps the list equal to the files. Show them through gettext like any other words.
"""

from privacy.law.sentences import gettext_noop

JURISDICTIONS = (
    gettext_noop("Brazil"),
    gettext_noop("Alberta"),
    gettext_noop("British Columbia"),
    gettext_noop("Canada (commercial electronic messages)"),
    gettext_noop("Canada (federal)"),
    gettext_noop("Québec"),
    gettext_noop("European Union"),
    gettext_noop("Ghana"),
    gettext_noop("Kenya"),
    gettext_noop("Nigeria"),
    gettext_noop("United Kingdom"),
    gettext_noop("California"),
    gettext_noop("South Africa"),
)

AUTHORITIES = (
    gettext_noop("Office of the Privacy Commissioner of Canada"),
    gettext_noop("Office of the Information and Privacy Commissioner for British Columbia"),
    gettext_noop("Office of the Information and Privacy Commissioner of Alberta"),
    gettext_noop("Commission d'accès à l'information du Québec"),
    gettext_noop("Canadian Radio-television and Telecommunications Commission"),
    gettext_noop("Data Protection Commission of Ghana"),
    gettext_noop("Supervisory authority of the member state"),
    gettext_noop("Information Commission (ICO)"),
    gettext_noop("California Privacy Protection Agency"),
    gettext_noop("Attorney General of California"),
    gettext_noop("Nigeria Data Protection Commission"),
    gettext_noop("Office of the Data Protection Commissioner of Kenya"),
    gettext_noop("Information Regulator of South Africa"),
    gettext_noop("Autoridade Nacional de Proteção de Dados"),
)

GROUNDS_OF_REFUSAL = (
    gettext_noop("A copy would adversely affect the rights and freedoms of others."),
    gettext_noop("A government institution objected to the disclosure."),
    gettext_noop("Access could reasonably be expected to threaten the life or security of another person."),
    gettext_noop("Access would reveal confidential commercial information."),
    gettext_noop("Access would reveal personal information about another person."),
    gettext_noop("The data is needed for freedom of expression and information."),
    gettext_noop("The data is needed for reasons of public interest."),
    gettext_noop("The data is needed to establish, exercise or defend legal claims."),
    gettext_noop("The data is needed to meet a legal obligation."),
    gettext_noop("The identity of the person asking was not established."),
    gettext_noop("The information concerns another person."),
    gettext_noop("The information is protected by solicitor-client or litigation privilege."),
    gettext_noop("The information was collected without consent for an investigation."),
    gettext_noop(
        "The information was created for a disclosure of wrongdoing by a public servant, or an investigation of one."
    ),
    gettext_noop("The information was generated in a formal dispute resolution process."),
    gettext_noop("The law requires the record to be kept."),
    gettext_noop("The person could not be verified within 45 days."),
    gettext_noop("The request is manifestly excessive."),
    gettext_noop("The request is manifestly unfounded."),
    gettext_noop("a life, health or security is threatened and the person needs the information"),
    gettext_noop("the other person consents"),
)
