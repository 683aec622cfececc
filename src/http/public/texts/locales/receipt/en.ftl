
## The receipt of a check: where it is asked for

receipt-offer-title = Receipt for this check
receipt-offer = A sealed PDF that says what you checked, when, and with what result, to keep or to put on file. It carries a code of its own.
receipt-offer-file = Choose the file again: it is checked anew in memory and is not kept.
receipt-button = Download the receipt
receipt-page-title = We have found the official receipt
receipt-page-lead = It is the receipt for a check made at this service. Now compare it with yours.
no-receipt-title = We cannot make the receipt
no-receipt-seal = The seal of the body is not available now. The result of the check stays the same.
no-receipt-foreign = The file neither is nor contains a copy issued here, and no body of this service can vouch for it.
no-receipt-again = This is a receipt already: it has a code of its own and can be checked again whenever needed.
no-receipt-what = If you need a written record, please contact { $contact }.

## The receipt itself

receipt-title = Receipt for a check
receipt-lead-code = This document records a query made with a secure verification code (CSV), what its result was, and how it can be repeated.
receipt-lead-file = This document records the check of a PDF file, what its result was, and how it can be repeated.
receipt-found-title = The copy exists, is official and is in force
receipt-found-text = The code belongs to an authentic copy issued by { $organ } on { $date }, which this service keeps.
receipt-found-limit = The service has not seen the document held by whoever made the query. That document is authentic if it matches the official copy page by page.
receipt-checked = What was checked
receipt-when = Date and time
receipt-input = Check
receipt-by-code = Query by secure verification code (CSV)
receipt-by-file = PDF file, compared byte by byte with the copies issued
receipt-organ = Body
receipt-withdrawn = Withdrawn
receipt-expired = Online availability ended
receipt-erased = Content erased
receipt-repeat = How to repeat the check
receipt-repeat-code = Open { $address } and enter the code { $code }.
receipt-repeat-factor = Open { $address } and enter the code on the copy and the detail that is asked for.
receipt-repeat-digest = The PDF given there must have the SHA-256 digest stated here, or begin with that very content if preservation data were added later.
receipt-repeat-file = Open { $address } and choose the file.
receipt-repeat-same = It is the same file if its SHA-256 digest is exactly the one stated here.
receipt-repeat-this = To check this receipt, use the code or the QR at the foot of the page.
receipt-note = This receipt says what the archive held at the date and time stated: the status of a copy may change later. It is not a report of a qualified signature validation service.
