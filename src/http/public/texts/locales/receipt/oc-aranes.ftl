
## The receipt of a check: where it is asked for

receipt-offer-title = Justificant d’aguesta comprovacion
receipt-offer = Un PDF sagerat que ditz qué auetz comprovat, quan e damb quin resultat, entà sauvar-lo o ajustar-lo a un expedient. Pòrte eth sòn pròpri còdi.
receipt-offer-file = Tornatz a alistar eth fichèr: se torne a comprovar ena memòria e non se sauve.
receipt-button = Descargar eth justificant
receipt-page-title = Auem trapat eth justificant oficiau
receipt-page-lead = Ei eth justificant d’ua comprovacion hèta en aguest servici. Ara comparatz-lo damb eth vòste.
no-receipt-title = Non podem hèr eth justificant
no-receipt-seal = Eth sagèth der organisme non ei disponible ara. Eth resultat dera comprovacion non cambie.
no-receipt-foreign = Eth fichèr non ei ne conten cap còpia expedida aciu, e cap organisme d’aguest servici non pòt dar-ne fe.
no-receipt-again = Açò ja ei un justificant: a eth sòn pròpri còdi e se pòt tornar a comprovar tostemp que calgue.
no-receipt-what = Se vos cau ua constància escrita, adreçatz-vos a { $contact }.

## The receipt itself

receipt-title = Justificant de comprovacion
receipt-lead-code = Aguest document dèishe constància d’ua consulta hèta damb un còdi segur de verificacion (CSV), de quin siguec eth resultat e de com se pòt repetir.
receipt-lead-file = Aguest document dèishe constància dera comprovacion d’un fichèr PDF, de quin siguec eth resultat e de com se pòt repetir.
receipt-found-title = Era còpia existís, ei oficiau e ei en vigor
receipt-found-text = Eth còdi correspon a ua còpia autentica expedida eth { $date } ({ $organ }) e sauvada en aguest servici.
receipt-found-limit = Eth servici non a vist eth document que ten qui hec era consulta. Aqueth document ei autentic se coïncidís, pagina per pagina, damb era còpia oficiau.
receipt-checked = Qué se comprovèc
receipt-when = Data e ora
receipt-input = Comprovacion
receipt-by-code = Consulta per còdi segur de verificacion (CSV)
receipt-by-file = Fichèr PDF, comparat byte per byte damb es còpies expedides
receipt-organ = Organisme
receipt-withdrawn = Retirada
receipt-expired = Tèrme de consulta en linha acabat
receipt-erased = Contengut eliminat
receipt-repeat = Com se pòt repetir era comprovacion
receipt-repeat-code = Daurissetz { $address } e escriuetz-i eth còdi { $code }.
receipt-repeat-factor = Daurissetz { $address } e escriuetz-i eth còdi que pòrte era còpia e era dada que se demane entà veder-la.
receipt-repeat-digest = Eth PDF que s’i obten a d’auer era tralha SHA-256 que conste aciu, o començar damb aguest madeish contengut se dempús s’i an ajustat dades de conservacion.
receipt-repeat-file = Daurissetz { $address } e alistatz eth fichèr.
receipt-repeat-same = Ei eth madeish fichèr se era sua tralha SHA-256 ei exactament era que conste aciu.
receipt-repeat-this = Entà comprovar aguest justificant, emplegatz eth còdi o eth QR deth pè.
receipt-note = Aguest justificant ditz çò que constaue en archiu ena data e ora indicades: er estat d’ua còpia pòt cambiar dempús. Non ei un informe d’un servici qualificat de validacion de signatures.
