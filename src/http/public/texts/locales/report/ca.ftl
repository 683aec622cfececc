
## The validation report

report-name = Informe de validació
question-issued = És una còpia expedida aquí?
question-sound = Són correctes les signatures?
said-extended = Conté sencera la còpia que es va expedir. El que s’hi ha afegit són només dades de validació i segells de temps, que no canvien el document.
said-altered = Comença amb una còpia expedida aquí o porta un segell nostre, però no és el que es va expedir.
said-sealed = La signatura és correcta, però aquest servei no té constància d’haver expedit aquesta còpia.
said-not-ours = No coincideix amb cap còpia d’aquest servei. Això no vol dir que sigui fals: pot ser d’un altre organisme, o el mateix document escanejat o desat amb un altre programa.
said-undetermined = Això no diu res del document: no vol dir que sigui fals.
next-title = Què heu de fer
next-accept = Podeu acceptar-la com a còpia autèntica.
next-withdrawn = Demaneu una còpia vigent a qui la va expedir.
next-issuer = Si us cal saber si encara val, pregunteu-ho a qui la va expedir.
next-official = No el feu servir. Obriu la còpia oficial amb el codi que hi ha al peu del document: aquella és la que val.
next-operator = No la doneu per bona fins que us ho confirmi { $contact }.
next-foreign = Mireu aquí sota qui l’ha signat i si la signatura és correcta. Si porta un codi, comproveu-lo a l’adreça que hi ha escrita al document.
next-unsigned = Demaneu el document signat a qui us l’ha donat. Si porta un codi, comproveu-lo a l’adreça que hi ha escrita.
next-later = Torneu-ho a provar d’aquí a uns minuts. Si continua igual, adreceu-vos a { $contact }.

sound-passed = { $count ->
    [one] La signatura és correcta
   *[other] Les { $count } signatures són correctes
}
sound-passed-means = El que es va signar no ha canviat, i qui signa té un certificat d’un emissor en què aquest servei confia.
sound-indeterminate = { $count ->
    [one] No podem dir si la signatura és correcta
   *[other] No podem dir si totes les signatures són correctes
}
sound-indeterminate-means = No hem trobat res que demostri que sigui falsa, però falta alguna cosa per donar-la per bona.
sound-failed = { $count ->
    [one] La signatura no és correcta
   *[other] No totes les signatures són correctes
}
sound-failed-means = No us refieu del que hi diu.
sound-none = El fitxer no porta cap signatura
sound-none-means = Res no acredita qui l’ha fet ni que no l’hagin canviat.
sound-no-signature-failed = Sembla que porti una signatura, però no en porta cap de bona

tag-passed = Correcta
tag-indeterminate = No comprovada del tot
tag-failed = No correcta
signer-unknown = No se sap qui signa
signatures-title = Signatures
role = Què és
role-copy-seal = El segell de la còpia
role-signature = Una signatura o un segell del document
role-source-signature = Una signatura que ja portava el document original. No compta per a la còpia.
entity = Entitat
registered-for = Segell registrat aquí per a
level = Nivell
level-b-b = Bàsic (B-B): sense una prova independent de quan es va fer
level-b-t = Amb segell de temps (B-T)
level-b-lt = De llarga durada (B-LT): porta un segell de temps i les dades per comprovar-la més endavant
level-b-lta = De conservació (B-LTA): porta aquestes dades protegides amb un altre segell de temps
when = Quan
when-timestamp = Ja existia el { $moment }. Ho prova un segell de temps.
when-archive = Ja existia el { $moment }, quan aquest servei va desar la còpia.
when-claimed = La signatura diu que es va fer el { $moment }, però res no ho prova.
when-unknown = No hi consta.
later = Canvis posteriors
later-none = Cap: cobreix el fitxer sencer.
later-some = Hi ha dades afegides després de la signatura.
later-permitted = La signatura ho permet.
later-forbidden = La signatura no ho permet.
later-undecided = Aquí no es pot dir si amaga alguna cosa.
change-validation-data = S’hi han afegit dades de validació o segells de temps, que no canvien el document.
change-form-fill = S’hi han omplert camps o s’hi ha tornat a signar.
change-locked-field = S’hi ha canviat un camp que la signatura bloquejava.
change-annotations = S’hi han posat, canviat o tret anotacions.
change-page-content = S’hi ha canviat el que mostren les pàgines.
change-structure = S’hi ha canviat l’estructura del document.
stamp-passed = Un segell de temps de { $authority } prova que el document ja existia el { $moment }.
stamp-indeterminate = No hem pogut comprovar del tot un segell de temps de { $authority }.
stamp-failed = Un segell de temps de { $authority } no és correcte.
authority-unknown = una autoritat desconeguda

## Why a signature did not pass (the sub-indications of EN 319 102-1)

why-format-failure = La signatura no té la forma que demanen les normes.
why-hash-failure = El contingut no és el que es va signar: va canviar després.
why-sig-crypto-failure = La signatura no quadra amb el certificat de qui diu que signa.
why-revoked = El certificat ja estava revocat quan es va signar.
why-expired = El certificat ja havia caducat quan es va signar.
why-not-yet-valid = La signatura és més antiga que el certificat.
why-sig-constraints-failure = La signatura, o el que es va fer al document després, no compleix el que se li demana.
why-chain-constraints-failure = Algun certificat no serveix per a l’ús que se n’ha fet.
why-certificate-chain-general-failure = No hi ha cap dada fiable que digui si algun certificat estava revocat.
why-crypto-constraints-failure = Fa servir un algorisme massa feble.
why-crypto-constraints-failure-no-poe = Fa servir un algorisme que ja no és prou segur, i res no prova que es fes quan encara ho era.
why-timestamp-order-failure = Els segells de temps es contradiuen.
why-no-signing-certificate-found = Falta el certificat de qui signa, o no és el que la signatura indica.
why-no-certificate-chain-found = El certificat no és de cap emissor en què aquest servei confiï. Pot ser bo, però aquí no es pot comprovar.
why-no-certificate-chain-found-no-poe = El certificat no era de cap emissor en què aquest servei confiï per al moment de la signatura.
why-revoked-no-poe = El certificat està revocat, i res no prova que se signés abans.
why-revoked-ca-no-poe = El certificat d’un emissor està revocat, i res no prova que se signés abans.
why-out-of-bounds-no-poe = El certificat ha caducat o encara no valia, i res no prova que se signés mentre valia.
why-out-of-bounds-not-revoked = El certificat ha caducat, i res no prova que se signés abans. L’última dada és que no estava revocat.
why-revocation-out-of-bounds-no-poe = Les dades sobre si el certificat estava revocat les va signar qui ja no podia fer-ho.
why-no-poe = Falta una prova de quan es va signar.
why-try-later = Les dades sobre si el certificat està revocat no són prou recents, o el certificat està suspès. Torneu-ho a provar més endavant.
why-signed-data-not-found = Falta el contingut que es va signar.
why-generic = Alguna cosa n’ha impedit la comprovació.

## What was seen (groups of rules)

seen-added = El que es va afegir a la còpia no són només dades de conservació.
seen-coverage = La signatura no cobreix exactament el que hauria de cobrir.
seen-copied = La mateixa signatura és en més d’un lloc.
seen-posing = Hi ha dades que semblen una signatura i no ho són, o una signatura que algú va treure.
seen-rewritten = Algú va tornar a escriure les dades de la signatura després de signar.
seen-form = La forma de la signatura no és del tot la que demanen les normes.
seen-content = El contingut del fitxer no correspon al que es va signar.
seen-certificate = El certificat de qui signa falta o no és el que la signatura indica.
seen-issuer = No s’arriba a cap emissor en què aquest servei confiï.
seen-validity = Algun certificat era fora del seu termini de validesa.
seen-revocation = Les dades sobre si els certificats estaven revocats són incompletes o desfavorables.
seen-usage = L’ús per al qual es va emetre algun certificat no és el que caldria.
seen-algorithm = Algun algorisme no és prou segur o no és el que la signatura indica.
seen-time = Algun segell de temps no és com hauria de ser.
seen-claimed-time = La data que la signatura diu no pot ser certa.
seen-changed = Es va canviar el document d’una manera que la signatura no permet o que no es pot explicar.
seen-repaired = El fitxer està malmès i s’ha hagut de reparar per llegir-lo: altres programes poden mostrar una altra cosa.
seen-unreadable = El document no es pot llegir sencer.
seen-limit = Hi ha més dades o signatures de les que es comproven.
seen-empty-field = Hi ha llocs per signar que ningú no ha signat.
seen-usage-rights = Hi ha una marca d’un programa lector que no signa res.

## The file and its technical data

file-checked = El fitxer comprovat
checked-for = Comprovat per al moment
checked-by = Comprovat amb
disclaimer = Informe fet automàticament amb les regles que s’hi indiquen. No és el resultat d’un servei de validació qualificat (Reglament (UE) 910/2014).
technical-words = Les indicacions són les de la norma ETSI EN 319 102-1. Les observacions són en anglès.
the-document = El document
verdict = Veredicte
status-word = Estat de la còpia
indication = Indicació
sub-indication = Subindicació
revisions = Revisions del fitxer
version = Versió
committed = Desada a l’arxiu (indici, no segell de temps)
part-copy = Part: la còpia, fins al byte
part-data = Part: dades de validació, fins al byte
part-timestamp = Part: segell de temps, fins al byte
matched = Empremta SHA-256 de la versió expedida
organ-code = Organisme (DIR3)
policy = Política de validació
trust-seals = Confiança per a signatures i segells
trust-timestamps = Confiança per a segells de temps
anchors = { $count ->
    [0] Cap emissor: res no es pot donar per bo
    [one] 1 emissor
   *[other] { $count } emissors
}
anchors-of = { $anchors }; llista del { $date } ({ $days ->
    [0] avui
    [one] fa 1 dia
   *[other] fa { $days } dies
})
field = Camp
counts = Compta per al document
best-time = Millor temps de signatura
covers = Cobreix el fitxer sencer
revision = Revisió que signa
certification = Certificació (DocMDP)
yes = Sí
no = No
qualification = El certificat diu de si mateix
certificate-policies = Polítiques del certificat
signature-timestamp = Segell de temps de la signatura
document-timestamp = Segell de temps del document
change-in = Canvi a la revisió { $revision }
claims-title = El que la signatura diu de si mateixa: no prova res
claim-time = Data
claim-name = Nom
claim-reason = Motiu
claim-location = Lloc
findings-title = Observacions
findings-none = Cap.
severity-passed = Correcte
severity-info = Nota
severity-warning = Advertiment
severity-failed = Error
