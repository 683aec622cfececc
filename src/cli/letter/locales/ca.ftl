# The weekly letter to an organ, in Catalan: the language the other is translated from. Whoever reads it runs
# a town and knows nothing of computers. A line is wrapped by the program; texts hold no line breaks.

month = { $month ->
    [1] de gener
    [2] de febrer
    [3] de març
    [4] d’abril
    [5] de maig
    [6] de juny
    [7] de juliol
    [8] d’agost
    [9] de setembre
    [10] d’octubre
    [11] de novembre
   *[12] de desembre
}
date-on = { $day ->
    [1] l’1
    [11] l’11
   *[other] el { $day }
} { month } de { $year }
date-until = { $day ->
    [1] a l’1
    [11] a l’11
   *[other] al { $day }
} { month } de { $year }
date-from = { $day ->
    [1] de l’1
    [11] de l’11
   *[other] del { $day }
} { month }
date-plain = { $day } { month } de { $year }
days = { $days ->
    [one] 1 dia
   *[other] { $days } dies
}

## Subject and greeting

subject = Assumpte: { $matter } ({ $organ })
subject-good = El vostre segell electrònic està en ordre
subject-plan = Prepareu la renovació del vostre segell electrònic
subject-request = Demaneu la renovació del vostre segell electrònic
subject-today = Demaneu avui la renovació del vostre segell electrònic
subject-ended = El vostre segell electrònic ha caducat
subject-trouble = El vostre segell electrònic no es pot fer servir
subject-papers = Ens falta informació vostra sobre el segell electrònic
subject-summary = Resum setmanal de còpies autèntiques

greeting = Bon dia,
lead = Us enviem el resum setmanal del servei que fa les vostres còpies autèntiques i les segella amb el segell electrònic de l’organisme.
line-organ = Organisme: { $organ } ({ $code })
line-week = Setmana: { $from } { $until }
test = Aquest és l’entorn de proves: res del que s’hi segella té validesa.

## What was sealed

head-sealed = Què s’ha segellat
sealed-none = Aquesta setmana no s’ha fet cap còpia autèntica.
sealed-unknown = El servei no guarda les còpies que fa i, per tant, no les pot comptar.
sealed-unreachable = Avui no s’ha pogut consultar quantes còpies s’han fet. Això no afecta les còpies.
sealed = { $copies ->
    [one] Aquesta setmana s’ha fet 1 còpia autèntica, a petició de:
   *[other] Aquesta setmana s’han fet { $copies } còpies autèntiques, a petició de:
}
sealed-by = { $application }: { $copies }
application-cli = Personal del servei
application-receipt = Resguards de comprovacions
withdrawn = { $copies ->
    [one] S’ha retirat 1 còpia. Qui en consulti el codi veurà que ja no és vàlida, i per què:
   *[other] S’han retirat { $copies } còpies. Qui en consulti el codi veurà que ja no són vàlides, i per què:
}
withdrawn-one = expedida { $made } i retirada { $at }: { $reason }
withdrawn-partly = Com que en teniu moltes, només s’han mirat les 5.000 còpies més recents.
reason-error_in_document = hi havia un error en el document
reason-superseded = una altra còpia o un altre document la substitueix
reason-issued_by_mistake = no s’havia d’haver expedit
reason-court_order = per ordre judicial
reason-other = per un altre motiu

## The seal

head-seal = El segell
seal-good = El segell electrònic fa de tampó de l’organisme. El vostre es diu «{ $name }» i l’ha emès «{ $issuer }». Serveix fins { $until }: { $days ->
    [0] caduca avui.
    [one] queda 1 dia.
   *[other] queden { $days } dies.
}
seal-ended = El segell «{ $name }» va caducar { $end }. Des d’aleshores no es pot segellar res. Les còpies que es van fer abans continuen sent vàlides.
seal-trouble = Ara mateix el segell no es pot fer servir i, mentre no s’arregli, no es pot segellar res. Les còpies que ja teniu continuen sent vàlides. Per a qui ho ha d’arreglar, la causa és: { $cause }.
seal-centralised = El segell de l’organisme el guarda un servei central. Aquí no se’n fa servir cap.
seal-ceded = El segell de l’organisme està cedit a una altra administració. Aquí no se’n fa servir cap.
seal-renamed = El segell nou té un altre nom, NIF o classe que l’anterior. Els organismes que el coneixen han de rebre els formularis una altra vegada; se n’ocupa qui manté el servei.

## What has to be done

head-do = Què heu de fer
do-nothing = Res. Us tornarem a escriure la setmana vinent.
do-plan = Prepareu la renovació del segell i demaneu-la, com a molt tard, { $by }. La tramitació ordinària triga uns 16 dies hàbils.
do-request = Demaneu la renovació del segell com més aviat millor i, com a molt tard, { $by }. La tramitació ordinària triga uns 16 dies hàbils.
do-today = Demaneu la renovació del segell avui mateix. La tramitació ordinària triga uns 16 dies hàbils.
do-urgent = Demaneu la renovació del segell avui mateix i per la via urgent, que triga uns 4 dies hàbils.
do-ended = Demaneu el segell nou avui mateix i per la via urgent, que triga uns 4 dies hàbils.
do-trouble = De moment, res: ho ha d’arreglar qui manté el servei. Si ens heu de tornar a enviar el segell, us ho direm.
do-how = Feu la sol·licitud a l’EACAT. Hi podeu copiar aquest text:
do-request-text = «Organisme: { $organ }. Sol·licitem la renovació del nostre segell electrònic de nivell mig (CDA-1 SENM), amb el mateix nom i el mateix NIF ({ $nif }) que l’actual, d’ús directe propi i no cedit en exclusivitat. El faran servir el registre i el gestor d’expedients.»
do-then = Quan el tingueu, no l’envieu per correu electrònic: aviseu-nos i us direm com fer-nos-el arribar.
do-agreement = Envieu-nos l’acord de l’encàrrec de gestió: no ens en consta la data.
do-contract = Envieu-nos el contracte d’encarregat del tractament de dades: no ens en consta la data.
do-contact = Digueu-nos a qui hem d’avisar si passa res amb el segell: no ens consta cap persona de contacte.

## Papers

head-papers = Acords i confirmacions
paper-agreement = Encàrrec de gestió: { $date }
paper-contract = Contracte d’encarregat del tractament de dades: { $date }
paper-contact = A qui avisem: { $contact }
paper-missing = no ens consta
confirmed = { $counterpart }: va confirmar { $date } que coneix el vostre segell
not-confirmed = { $counterpart }: encara no ha confirmat que coneix el vostre segell; ho reclama qui manté el servei

## Close

close = Si teniu cap dubte, poseu-vos en contacte amb { $contact }.
contact-unnamed = qui manté el servei
regards = Atentament,
operator-unnamed = El servei de còpies autèntiques
