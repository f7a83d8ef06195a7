"""The privacy notices of the sample organisations: the facts of their published policies, in our words."""

OFFIXPRO_NOTICE = (
    "2025-05",
    "How OffixPro CRM uses personal data",
    """Who we are

OffixPro CRM is made by BulkOffice Solutions in Accra, Ghana. We answer for the personal data in it. Our Data Protection Officer is your first address for every question and request.

What we collect

Your name, work address, phone number, job and business; what we need to send bills (bank or mobile-money details); what you and your colleagues store in the service; and technical records such as IP address, device, sign-in times and errors.

What for

To run your account and the service, to send bills, to tell you what you need to know, to improve the service, and to meet the law. The newsletter goes only to people who asked for it. We do not advertise to your customers and we sell data to nobody.

On what basis

Our contract with you, your consent where we ask for it, duties under the law of Ghana, and our interest in a service that works and is safe.

Who else sees it

Companies that host, deliver mail or count use for us, bound to confidentiality; authorities where the law says so; a successor, should the business be sold.

How long

While your subscription runs, and for thirty days after you cancel, in which you may ask for a backup. Tax and accounting records longer, as the law requires. Then data are deleted or made anonymous.

What you can ask

To see, correct, delete or move your data, to object and to restrict. We may have to make sure that it is you. The service is not for people under eighteen; such data are deleted as soon as we learn of them.

Changes

We publish every change here and write to you when it matters.""",
)

BACK_OFFICE_NOTICE = (
    "2024-01",
    "How Back Office Admins handles personal information",
    """Who answers for it

Back Office Admins follows PIPEDA and the provincial Personal Information Protection Acts. A Privacy Officer sees to it and answers your questions.

Why we ask

We tell you why, in writing or orally, before or when we collect. We collect what we need to do the work you asked for, to do it well, and to meet legal duties. With your consent we also write to you about services that may interest you.

Your consent

You may give it in writing, orally, electronically or through a representative; sometimes it follows from what you do. You may withdraw it. Where that means that we can no longer do something for you, we explain it first. In a few cases the law lets us act without consent, such as fraud, debts and investigations.

Use and disclosure

Only for the purposes we told you, or as the law requires. We sell no personal information and no lists.

How long

What we used for a decision about you is kept for at least a year; everything else only as long as it is needed.

Access and correction

Write to the Privacy Officer. We answer within thirty business days or tell you in writing that we need longer. Should there be a small fee, you hear of it first and decide whether to go on. When we cannot give you something, we say why and what else is possible. Corrections go to everybody whom we told in the last year.

Complaints

To the Privacy Officer; if that does not help, to the commissioner.""",
)
