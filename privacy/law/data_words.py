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

SECTIONS = (gettext_noop("conditions of the request"),)  # of grounds that lie in no section of a law

GROUNDS_OF_REFUSAL = (
    gettext_noop("A copy would adversely affect the rights and freedoms of others."),
    gettext_noop("A government institution objected to the disclosure."),
    gettext_noop("A law or a contract does not let us stop using the data for this purpose."),
    gettext_noop("A law sets how long the data has to be kept."),
    gettext_noop("A person has looked at the automated decision again and came to the same result."),
    gettext_noop("A professional or expert opinion is not corrected."),
    gettext_noop("A public interest or other legitimate reason weighs more than the interests of the person."),
    gettext_noop("A research body needs the data and makes it anonymous wherever it can."),
    gettext_noop("Access could cause immediate or grave harm to the safety or health of the person who asked."),
    gettext_noop("Access could reasonably be expected to threaten the life or security of another person."),
    gettext_noop("Access could threaten the safety or the physical or mental health of another person."),
    gettext_noop("Access would affect court proceedings in which one of us has an interest."),
    gettext_noop("Access would break a promise of confidence that we gave to somebody by contract."),
    gettext_noop("Access would hinder an inquiry that is to prevent, detect or punish crime."),
    gettext_noop("Access would reveal confidential commercial information that could harm us in competition."),
    gettext_noop(
        "Access would reveal confidential commercial information, and it is not unreasonable to hold it back."
    ),
    gettext_noop("Access would reveal confidential commercial information."),
    gettext_noop("Access would reveal information about another person and could seriously harm that person."),
    gettext_noop("Access would reveal personal information about another person."),
    gettext_noop("Access would reveal trade or industrial secrets."),
    gettext_noop("Access would reveal trade secrets or commercial information of another organisation."),
    gettext_noop("Access would reveal who gave information about the person, and that source does not consent."),
    gettext_noop("Account and social security numbers and passwords are never sent out; we say that we hold them."),
    gettext_noop("Another organisation decides about this data."),
    gettext_noop("Data that was used for a decision about a person is kept for at least a year."),
    gettext_noop("Everything considered, the data is more likely to be accurate than not."),
    gettext_noop("For the moment, access would seriously harm the health of the person who asked."),
    gettext_noop("Handing the data over would adversely affect the rights and freedoms of others."),
    gettext_noop(
        "If we gave access, such information would no longer be given to us, although it is reasonable that it is."
    ),
    gettext_noop(
        "Information about a person who has died is given only to those whose rights as heir or liquidator it concerns."
    ),
    gettext_noop("It was not shown that the information is wrong or incomplete."),
    gettext_noop("No reasonable grounds against the use of the data were given, or a law provides for it."),
    gettext_noop("None of the cases in which data is restricted is given."),
    gettext_noop("Sensitive medical information is given through a medical practitioner."),
    gettext_noop(
        "Somebody under 14 is given medical or social information only through a lawyer in court; a parent can ask."
    ),
    gettext_noop("Stopping would keep us from meeting a legal obligation."),
    gettext_noop(
        "The automated decision is needed for a contract, allowed by law or consented to; a person looked at it again."
    ),
    gettext_noop("The data has to be kept as evidence; instead of erasing it we restrict its use."),
    gettext_noop("The data has to be kept while the person can still turn to the Commissioner or a court."),
    gettext_noop("The data is accurate and, for its purpose, complete."),
    gettext_noop("The data is correct, complete and clear, and may be kept."),
    gettext_noop("The data is needed for a task in the public interest, to which portability does not apply."),
    gettext_noop("The data is needed for freedom of expression and information."),
    gettext_noop("The data is needed for reasons of public interest."),
    gettext_noop("The data is needed for research or statistics in the public interest."),
    gettext_noop(
        "The data is needed for what the person ordered, for security, or for another reason that the law lists."
    ),
    gettext_noop("The data is needed to establish, exercise or defend legal claims."),
    gettext_noop("The data is needed to meet a legal obligation."),
    gettext_noop("The data is still needed for a lawful purpose or by a contract with the person."),
    gettext_noop("The data is still needed for a legal or business purpose."),
    gettext_noop(
        "The data is still needed for the purpose it was collected for, or there is another lawful basis to keep it."
    ),
    gettext_noop("The data is still needed for the purpose it was collected for."),
    gettext_noop(
        "The data was not given by the person, or is not used by automated means on the basis of consent or a contract."
    ),
    gettext_noop("The decision was made by people, not by automated means alone."),
    gettext_noop("The decision was made for a contract or by law, and a person has looked at it again."),
    gettext_noop("The document is held back by a lawyer until a bill is paid (solicitor's lien)."),
    gettext_noop("The information is a reference given in confidence."),
    gettext_noop("The information is confidential between us and our lawyers (legal privilege)."),
    gettext_noop("The information may be used in deciding whether somebody is prosecuted."),
    gettext_noop("The information was collected for an investigation or a legal proceeding."),
    gettext_noop("The information was collected for an investigation that is not over."),
    gettext_noop("The information was collected or made by a mediator or arbitrator."),
    gettext_noop("The information was collected without consent for an investigation."),
    gettext_noop(
        "The information was created for a disclosure of wrongdoing by a public servant, or an investigation of one."
    ),
    gettext_noop("The information was generated in a formal dispute resolution process."),
    gettext_noop("The law allows this use of the data without consent, and we keep to the law."),
    gettext_noop("The law allows this use of the data without consent."),
    gettext_noop("The law requires the record to be kept."),
    gettext_noop("The matter is not about personal data."),
    gettext_noop("The person who asked has not shown that they may act for the person the data is about."),
    gettext_noop("The request clearly has no basis (manifestly unfounded)."),
    gettext_noop("The request clearly has no basis or is excessive, in particular because it repeats others."),
    gettext_noop(
        "The request is clearly excessive, for example because it repeats others without need (manifestly excessive)."
    ),
    gettext_noop("The use is needed for a contract with the person, by law, or to protect a legitimate interest."),
    gettext_noop("The use of the data causes no unwarranted damage or distress, for the reasons we give."),
    gettext_noop("There are reasons of fact or law why we cannot do this at once; we give them in this letter."),
    gettext_noop("There is credible evidence that the data is correct and may be kept; our reasons say what it is."),
    gettext_noop("There is no reasonable ground for the correction."),
    gettext_noop(
        "These messages are no advertising but about the person's own account, order or safety, and are needed."
    ),
    gettext_noop("We are not the one who processes this data; we say who is, as far as we know."),
    gettext_noop("We cannot tell which data is that of the person who asked."),
    gettext_noop("We checked the data and found it to be correct."),
    gettext_noop("We could not establish that the request comes from the person the data is about."),
    gettext_noop("We could not verify within 45 days that the request comes from the person the data is about."),
    gettext_noop("We do not rely on consent for this use of the data, so there is none to withdraw."),
    gettext_noop("We do not use the data in the way that the request is about."),
    gettext_noop("We have a documented reason to believe that the request is fraudulent."),
    gettext_noop("We have already answered the same question, and nothing has changed since."),
    gettext_noop("We have compelling reasons to go on that weigh more than the interests of the person."),
    gettext_noop("We hold no personal data that this request could be about."),
    gettext_noop("We need the data to establish, exercise or defend legal claims."),
    gettext_noop("a life, health or security is threatened and the person needs the information"),
    gettext_noop("the holder of parental authority asks"),
    gettext_noop("the other person consents"),
)
