# English.

## Every page

site-name = Document verification
skip = Skip to the content
languages = Language
draft-notice = Provisional text, to be reviewed.
test-banner = TEST ENVIRONMENT. Nothing you see here is valid.
official-address = Official site: the address must be { $address }
operated-by = A service of { $operator }
operator-unnamed = the administration that maintains it
contact-unnamed = the body named on the document
footer = Information
nav-code = Check a code
nav-file = Check a file
nav-seals = Seals
nav-about = What is this?
nav-legal = Legal basis
nav-accessibility = Accessibility
nav-privacy = Privacy
date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
pages = { $pages ->
    [one] 1 page
   *[other] { $pages } pages
}

## The form for a code

start-title = Check a document
start-lead = If you hold a document with a secure verification code, here you see the official copy to compare it with yours. It is free and you need not identify yourself.
code-label = Secure verification code (CSV)
code-hint = It stands at the foot of every page, beside the QR code: six groups of four letters and digits. Capitals or small letters, with or without hyphens.
code-button = See the official copy
where-title = I cannot find the code
where-text = It stands at the foot of every page, after the words “Codi segur de verificació (CSV)” or “Código seguro de verificación (CSV)”. If the document is on paper you can also scan the QR code with your phone. Without a code this service cannot check it: ask { $contact }.
other-code-title = My code looks different
other-code-text = The codes of this service have 24 letters and digits. A shorter or longer one belongs to another service: check it at the address written on the document itself.
file-title = Do you have the PDF file?
file-lead = We tell you whether it is exactly the one that was issued.
file-link = Check a PDF file

## A code that cannot be read

error-title = There is a problem
error-mark = Error
error-empty = Type the code at the foot of the document.
error-no-code = This is not a code. A code has six groups of four letters and digits.
error-length = The code has 24 characters and you typed { $found }.
error-group = There is a wrong character in group { $group }. Look at it again on the document.
error-group-letters = There is a wrong character in group { $group } ({ $letters }). Look at it again on the document.
error-several = The code is not right: more than one character is wrong or out of place. Copy it again.
error-symbol = No code has the character { $symbol }. Look at group { $group } again.
error-several-codes = There is more than one code. Type only one.

## A copy that is in force

found-title = We found the official copy
found-lead = Now compare it with yours.
issuer-title = Who issued it
nif = Tax number (NIF) { $nif }
steps-title = What to do
step-address = Check that the address of this page begins with { $address }.
step-compare = Open the official copy and compare it with yours, page by page. It must have { $pages ->
    [one] a single page
   *[other] { $pages } pages
}.
step-differs = If everything agrees, your document is an authentic copy. If anything differs, what you see here is what counts.
step-compare-file = If you have the PDF file, check that it is exactly the one that was issued.
open-copy = Open the official copy
data-title = About the copy
kind = Kind of copy
issued = Issued on
pages-label = Pages
code = Code (CSV)
status = Status
in-force = In force. It can be checked at least until { $date }.
source-signatures = Signatures of the original
signatures-passed = valid: { $number }
signatures-open = without a conclusive result: { $number }
signatures-failed = not valid: { $number }
seal = Electronic seal
seal-valid = Valid when the copy was issued.
seal-ended = That the certificate expired later, on { $date }, takes no validity from the copy.
have-file-title = Were you sent the PDF?
have-file-text = Choose the file and we tell you whether it is exactly the one that was issued.
wrong-title = Something does not agree
wrong-text = If your document differs from the official copy, or you think that somebody has tampered with it, do not use it and tell { $contact }. Mention the code: { $code }

## Minimum metadata of the interoperability scheme

eni-title = Minimum mandatory metadata (ENI)
eni-version = NTI version
eni-identifier = Identifier
eni-organ = Body
eni-captured = Date of capture
eni-origin = Origin
eni-state = Elaboration state
eni-source = Identifier of the source document
eni-format = Format name
eni-type = Document type
eni-signature = Signature type
origin-citizen = Citizen
origin-administration = Administration
state-EE02 = Authentic electronic copy
state-EE03 = Authentic electronic copy of a paper document
state-EE04 = Authentic partial electronic copy
signature-TF06 = PAdES
td-01 = Resolution
td-02 = Decision
td-03 = Contract
td-04 = Agreement
td-05 = Declaration
td-06 = Communication
td-07 = Notification
td-08 = Publication
td-09 = Acknowledgement of receipt
td-10 = Minutes
td-11 = Certificate
td-12 = Official record
td-13 = Report
td-14 = Application
td-15 = Complaint
td-16 = Allegation
td-17 = Appeal
td-18 = Communication from a citizen
td-19 = Invoice
td-20 = Other seized documents
td-parliament = Parliamentary document
td-other = Other

## Technical data

technical-title = Technical data
digest = SHA-256 digest of the PDF
size = Size
seal-name = Name of the seal
seal-issuer = Issuer of the certificate
seal-serial = Serial number
seal-validity = Validity of the certificate
seal-fingerprint = SHA-256 digest of the certificate
seal-level = Signature level
seal-level-asked = asked: { $level }
from-to = From { $from } to { $to }
printed-scale = Scale when printed to fit the sheet
software = Software
validators = Independent validators of signatures

## Codes without a copy to show

another = Check another document
request-id = Identifier of this request
not-found-title = We have no document with this code
not-found-lead = The code is well written but belongs to no copy that can be consulted here.
not-found-what = It may be another body’s, or it may not be authentic. If it was shown to you as an official document, do not accept it and tell { $contact }.
not-found-address = Check that the address written on the document is that of this site.
not-found-on-test = This is a test environment: real documents are not here. Check them at the address written on them.
withdrawn-title = This copy was withdrawn
withdrawn-lead = Do not use it. The copy existed, but whoever issued it has revoked it.
withdrawn-what = For the reason, or a new copy, ask { $contact }.
withdrawn-why = It was withdrawn on { $date }. Reason: { $reason }.
reason-error = there is an error in the document
reason-superseded = a new version takes its place
reason-mistake = it was issued by mistake
reason-court = a court ordered it
reason-other = as stated below
expired-title = The time for consulting it online is over
expired-lead = The copy existed and was official. It could be consulted here until { $date }.
expired-early = The copy existed and was official, but it can no longer be consulted online.
expired-what = That the time is over does not mean that the document is false or has lost its validity. To see it, ask { $contact }.
erased-title = The content of this copy was erased
erased-lead = The copy existed and was official. The document is no longer kept here.
erased-what = Ask { $contact }.
restricted-title = The copy exists and is official
restricted-lead = It contains protected data. To see its content you need { $factor }.
restricted-what = If you do not have it, ask whoever gave you the document, or { $contact }.
not-public-title = The copy exists and is official
not-public-lead = The body that issued it does not publish its content: here you only see which copy it is.
not-public-what = If you have the PDF file, you can check whether it is exactly the one that was issued. To see the content, ask { $contact }.
factor-label = Type { $factor }
factor-hint = It is not kept or shown anywhere. Capitals or small letters make no difference.
factor-button = See the copy
factor-wrong = It is not right. Look at it again.
factor-wait = There were too many wrong tries. Try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
issued-by = Issued by
other-environment-title = This code is of the test environment
other-environment-lead = The document that carries it was made to try the service and has no validity.
other-environment-what = If it was shown to you as an official document, do not accept it and tell { $contact }.
not-kept-title = This service keeps no copies
not-kept-lead = No code can be checked here. This does not mean that the document is false.
not-kept-what = Ask { $contact } to check it.
down-title = We cannot look at the archive now
down-lead = This says nothing about your document: it does not mean that it is false.
down-what = Try again in a few minutes. If it stays like this, ask { $contact }.
too-many-title = You have made many requests in a row
too-many-lead = Wait a minute and try again. This says nothing about your document.
too-many-what = If it happens often, tell { $contact }.
nowhere-title = This page does not exist
nowhere-lead = Check the address, or type the code of your document.
refused-title = We could not read what you sent
refused-lead = Go back to the form and try again. This says nothing about your document.

## Check a file

check-title = Check a PDF file
check-lead = We tell you whether it is exactly a copy issued here, whether somebody added something to it, or whether it was altered.
check-label = PDF file
check-hint = Up to { $size }. It has to be the file as you received it, not a scan or a printout.
check-button = Check the file
check-local = The file does not leave your computer: only its digest is computed and sent.
check-upload = The file is sent to this service, checked in memory and not kept.
check-working = Checking…
check-another = Check another file
check-no-file = Choose a PDF file.
check-not-pdf = This is not a PDF file. Choose the PDF that you received.
check-too-large = The file is too large. At most { $size } are accepted.
check-size = Size of the file
check-digest = SHA-256 digest of the file
check-details = Technical data of this check
check-signatures = Signatures
check-copy-title = The copy that was issued
check-open-title = Do you want to open the official copy?
check-open-text = You need the code at the foot of the document.
identical-title = This is exactly the file that was issued
identical-lead = It is byte for byte the official copy. Nobody has changed anything in it.
identical-later = Preservation data were added after it was issued; this file is official too.
extended-title = This is the official copy, and somebody added permitted data to it
extended-lead = The copy that was issued is in it whole. What was added is validation data and timestamps only, which do not change the document and which we have not verified.
altered-title = This file was altered
altered-lead = It begins with a copy issued here or carries one of our seals, but it is not what was issued. Do not use it: open the official copy with the code.
not-ours-title = This is no copy issued here
not-ours-lead = It does not mean that the document is false: it may be a scan, a printout to PDF, a document of another body, or the same document saved with another program. If it has a code, type it and compare the official copy with yours.
sealed-title = It carries a valid seal of one of our bodies, but it is not in our archive
sealed-lead = We cannot say that it is a copy issued by this service. Tell { $contact }.
undetermined-title = We cannot say now whether it was issued here
undetermined-lead = This says nothing about your document: it does not mean that it is false. Try again in a few minutes.
begins-title = It begins with a copy issued here, and then there is something more
begins-lead = From the digest alone we cannot say what was added or whether it is permitted. Send the file and we will tell you.
unknown-title = It matches no copy issued here
unknown-lead = It does not mean that the document is false: it may be a scan, a printout to PDF, or the same document saved with another program. If you think it is a copy of ours that somebody changed, send the file and we will tell you.
send-button = Send the file and check it
status-in-force = The copy is in force.
status-withdrawn = But the copy was withdrawn: do not use it.
status-expired = The time for consulting it online is over; that takes no validity from it.
status-erased = The document is no longer kept here.
indication-passed = All signatures are sound.
indication-indeterminate = We could not check some signature to the end.
indication-failed = Some signature is not sound.
indication-none = The file carries no signature.

## A file beside its copy

compare-title = Compare your file with the official copy, page by page
compare-lead = You will see the pages that differ side by side, with the differences marked.
compare-upload = The file is sent to this service, compared in memory and not kept.
compare-button = Compare the pages
compare-another = Compare another file with this copy
compare-equal-title = { $pages ->
    [one] The page looks the same as that of the official copy
   *[other] All { $pages } pages look the same as those of the official copy
}
compare-equal-lead = We found no difference that can be seen. Still, the file is not exactly the one that was issued.
compare-different-title = { $pages ->
    [one] One page does not match
   *[other] { $pages } pages do not match
}
compare-different-lead = This does not mean that the document is false: a scan or a printout differs too. Look at what changes.
compare-none-title = We could not compare the pages
compare-none-lead = This says nothing about your file. Open the official copy and compare it with yours yourself.
compare-some-title = We could not compare all the pages
compare-some-lead = Those that we compared look the same. Compare the others with the official copy yourself.
compare-runs-title = Page by page
compare-pages = { $pages ->
    [one] Page { $first }
   *[other] Pages { $first } to { $last }
}
compare-page = Page { $page }
compare-equal = { $pages ->
    [one] looks the same
   *[other] look the same
}
compare-regions = { $regions ->
    [one] one area differs
   *[other] { $regions } areas differ
}
compare-other-size = has another size
compare-unshown = { $pages ->
    [one] differs; there is no room to show it
   *[other] differ; there is no room to show them
}
compare-only-copy = { $pages ->
    [one] is not in your file
   *[other] are not in your file
}
compare-only-file = { $pages ->
    [one] is not in the official copy
   *[other] are not in the official copy
}
compare-time = { $pages ->
    [one] not compared (there was no time left)
   *[other] not compared (there was no time left)
}
compare-undrawn = { $pages ->
    [one] not compared (it could not be drawn in full)
   *[other] not compared (they could not be drawn in full)
}
compare-copy = Official copy
compare-file = Your file
compare-copy-alt = Page { $page } of the official copy
compare-file-alt = Page { $page } of your file
compare-absent = There is no such page.
compare-counts = What counts is the official copy, as it opens here.
compare-seen = We compare only what can be seen. To know whether a file is exactly the one that was issued, check it:

## The list of seals

seals-title = Electronic seals
seals-lead = The electronic seal is the town hall’s rubber stamp in digital form. These are the certificates with which the bodies of this service seal or have sealed copies. The list comes from the archive and is always up to date.
seals-none = No seal is registered yet.
seals-current = In use
seals-retired = Retired
seals-ended = Expired
seals-position = Page { $page } of { $pages }
seals-previous = Previous
seals-next = Next

## What is this

about-title = What is this?
about-body =
    A public administration can give you an authentic copy of a document: it is worth as much as the original. Every copy carries a code, a QR and the address of this site at its foot.

    ## What it is for

    Anybody can print a paper with an invented code. Here you see the copy that was really issued, and can compare it with the one you were given. The service has not seen your paper: you are the one who compares.

    ## What it proves

    - If the official copy and yours agree, yours is authentic.
    - If anything differs, the copy you see here is what counts.
    - If the code does not exist, the document may be another body’s, or it may not be authentic.

    ## The electronic seal

    The electronic seal is the town hall’s rubber stamp in digital form. Every PDF carries one; if somebody changes the file, it shows.

    ## Who maintains it

    This site is a service of { $operator }. If in doubt, ask { $contact }.

## Legal basis

legal-title = Legal basis
legal-body =
    References reviewed in November 2026.

    ## Authentic copies

    - Spanish Act 39/2015 of 1 October on the common administrative procedure, article 27: validity and effect of copies.
    - Royal Decree 203/2021 of 30 March, articles 47 to 50: authentic copies and time reference.
    - Royal Decree 4/2010 of 8 January, National Interoperability Scheme, and its technical standards on the electronic document and on authentic copying.

    ## Secure verification code

    - Spanish Act 40/2015 of 1 October on the legal regime of the public sector, articles 41 and 42: automated administrative action, organ seal and secure verification code.
    - Royal Decree 203/2021, article 21: the code lets anybody check the integrity of the document directly and free of charge.

    ## Seals

    - Spanish Act 40/2015, article 40, and Royal Decree 203/2021, article 19: the list of seals is public.
    - Regulation (EU) 910/2014 (eIDAS), articles 35 to 40: electronic seals.

    ## Languages

    - Catalan Act 1/1998 on language policy, and Catalan Act 35/2010 on Occitan, Aranese in Aran.

## Accessibility statement

accessibility-title = Accessibility statement
accessibility-body =
    In accordance with Spanish Royal Decree 1112/2018 of 7 September on the accessibility of public-sector websites and mobile applications, { $operator } wants everybody to be able to use this site.

    ## Compliance status

    The pages were made to comply with EN 301 549 and WCAG 2.2, level AA. They work without JavaScript, with a keyboard, with a screen reader, at a width of 320 pixels and enlarged to 400 %. Every version is checked with automatic tools before it is published.

    ## Content that may not be accessible

    - The PDF documents are those made by the bodies that issued them. The copy keeps their structure and tags, but cannot add them where there were none.
    - The texts in Aranese are provisional.

    ## Feedback and complaints

    You can report any difficulty, ask for accessible information or complain to { $contact }. You should be answered within twenty working days. If you disagree with the answer, you can file a claim under article 13 of Royal Decree 1112/2018.

    Statement prepared in November 2026 by self-assessment. It is reviewed at least once a year.

## Privacy notice

privacy-title = Privacy
privacy-body =
    ## In a few words

    This site does not ask who you are, uses no cookies, loads nothing from other sites and profiles nobody.

    ## What is processed when you make a request

    - The code you type, to find the copy. It is not written to the logs.
    - The IP address, in memory and for a short time, to limit abusive requests.
    - The file you send to be checked or compared: it is looked at in memory and not kept. If your browser computes its digest, only the digest is sent.
    - The receipt, if you ask for one: it is a sealed document that is kept like any copy, and does not say who asked for it.

    ## The documents

    Whoever has the code can see the document: treat it as the document itself and do not publish it. Each body is the controller of the documents it issues; { $operator } maintains the service on its behalf.

    ## Legal basis and rights

    Processing is necessary for compliance with a legal obligation and for a task in the public interest (Regulation (EU) 2016/679, article 6(1)(c) and (e)). You may exercise your rights of access, rectification, erasure, objection and restriction by writing to { $contact }. You may also complain to the Catalan Data Protection Authority (apdcat.gencat.cat).
