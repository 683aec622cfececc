# Catalan: the language the others are translated from, and the one a reader gets who asks for none.
#
# Long texts are written in paragraphs; a line that begins with "## " is a heading, and one that
# begins with "- " an item of a list. Every service can replace any of these messages: see
# `public.texts` in config/default.toml.

## Every page

site-name = Verificació de documents
skip = Aneu al contingut
languages = Idioma
draft-notice = Text provisional, pendent de revisió.
test-banner = ENTORN DE PROVES. Res del que veieu aquí té validesa.
official-address = Lloc oficial: l’adreça ha de ser { $address }
operated-by = Servei de { $operator }
operator-unnamed = l’administració que el manté
contact-unnamed = l’organisme que consta al document
footer = Informació
nav-code = Comprovar un codi
nav-file = Comprovar un fitxer
nav-seals = Segells
nav-about = Què és això?
nav-legal = Base legal
nav-accessibility = Accessibilitat
nav-privacy = Protecció de dades
date = { $day } { $month ->
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
} de { $year }
pages = { $pages ->
    [one] 1 pàgina
   *[other] { $pages } pàgines
}

## The form for a code

start-title = Comproveu un document
start-lead = Si teniu un document amb un codi segur de verificació, aquí veureu la còpia oficial per comparar-la amb la vostra. És gratuït i no cal identificar-se.
code-label = Codi segur de verificació (CSV)
code-hint = El trobareu al peu de cada pàgina, al costat del codi QR: sis grups de quatre lletres i xifres. Tant és majúscules o minúscules, amb guions o sense.
code-button = Veure la còpia oficial
where-title = No trobo el codi
where-text = És al peu de cada pàgina, precedit de les paraules «Codi segur de verificació (CSV)». Si el document és en paper, també podeu llegir el codi QR amb la càmera del telèfon. Si no hi ha cap codi, aquest servei no el pot comprovar: demaneu-ho a { $contact }.
other-code-title = El meu codi té una altra forma
other-code-text = Els codis d’aquest servei tenen 24 lletres i xifres. Un codi més curt o més llarg és d’un altre servei: comproveu-lo a l’adreça que hi ha escrita al mateix document.
file-title = Teniu el fitxer PDF?
file-lead = Us direm si és exactament el que es va expedir.
file-link = Comprovar un fitxer PDF

## A code that cannot be read

error-title = Hi ha un problema
error-mark = Error
error-empty = Escriviu el codi que hi ha al peu del document.
error-no-code = Això no és un codi. Un codi té sis grups de quatre lletres i xifres.
error-length = El codi té 24 caràcters i n’heu escrit { $found }.
error-group = Hi ha un caràcter equivocat al grup { $group }. Torneu-lo a mirar al document.
error-group-letters = Hi ha un caràcter equivocat al grup { $group } ({ $letters }). Torneu-lo a mirar al document.
error-several = El codi no és correcte: hi ha més d’un caràcter equivocat o canviat de lloc. Torneu-lo a copiar.
error-symbol = Cap codi no té el caràcter { $symbol }. Torneu a mirar el grup { $group }.
error-several-codes = Hi ha més d’un codi. Escriviu-ne només un.

## A copy that is in force

found-title = Hem trobat la còpia oficial
found-lead = Ara compareu-la amb la vostra.
issuer-title = Qui l’ha expedida
nif = NIF { $nif }
steps-title = Què heu de fer
step-address = Mireu que l’adreça d’aquesta pàgina comenci per { $address }.
step-compare = Obriu la còpia oficial i compareu-la amb la vostra, pàgina per pàgina. Ha de tenir { $pages ->
    [one] una sola pàgina
   *[other] { $pages } pàgines
}.
step-differs = Si tot coincideix, el vostre document és una còpia autèntica. Si hi ha cap diferència, el que val és el que veieu aquí.
step-compare-file = Si en teniu el fitxer PDF, comproveu que és exactament el que es va expedir.
open-copy = Obrir la còpia oficial
data-title = Dades de la còpia
kind = Tipus de còpia
issued = Expedida el
pages-label = Pàgines
code = Codi (CSV)
status = Estat
in-force = Vigent. Es pot consultar almenys fins al { $date }.
source-signatures = Signatures de l’original
signatures-passed = vàlides: { $number }
signatures-open = sense resultat concloent: { $number }
signatures-failed = no vàlides: { $number }
seal = Segell electrònic
seal-valid = Vàlid quan es va expedir la còpia.
seal-ended = Que el certificat caduqués després, el { $date }, no treu validesa a la còpia.
have-file-title = Us han fet arribar el PDF?
have-file-text = Trieu el fitxer i us direm si és exactament el que es va expedir.
wrong-title = Hi ha alguna cosa que no quadra
wrong-text = Si el vostre document no coincideix amb la còpia oficial, o creieu que algú l’ha manipulat, no el feu servir i aviseu { $contact }. Digueu-hi el codi: { $code }

## Minimum metadata of the interoperability scheme

eni-title = Metadades mínimes obligatòries (ENI)
eni-version = Versió NTI
eni-identifier = Identificador
eni-organ = Òrgan
eni-captured = Data de captura
eni-origin = Origen
eni-state = Estat d’elaboració
eni-source = Identificador del document d’origen
eni-format = Nom de format
eni-type = Tipus documental
eni-signature = Tipus de signatura
origin-citizen = Ciutadà
origin-administration = Administració
state-EE02 = Còpia electrònica autèntica
state-EE03 = Còpia electrònica autèntica de document en paper
state-EE04 = Còpia electrònica parcial autèntica
signature-TF06 = PAdES
td-01 = Resolució
td-02 = Acord
td-03 = Contracte
td-04 = Conveni
td-05 = Declaració
td-06 = Comunicació
td-07 = Notificació
td-08 = Publicació
td-09 = Justificant de recepció
td-10 = Acta
td-11 = Certificat
td-12 = Diligència
td-13 = Informe
td-14 = Sol·licitud
td-15 = Denúncia
td-16 = Al·legació
td-17 = Recurs
td-18 = Comunicació del ciutadà
td-19 = Factura
td-20 = Altres documents incautats
td-parliament = Document parlamentari
td-other = Altres

## Technical data

technical-title = Dades tècniques
digest = Empremta SHA-256 del PDF
size = Mida
seal-name = Nom del segell
seal-issuer = Emissor del certificat
seal-serial = Número de sèrie
seal-validity = Validesa del certificat
seal-fingerprint = Empremta SHA-256 del certificat
seal-level = Nivell de signatura
seal-level-asked = demanat: { $level }
from-to = Del { $from } al { $to }
printed-scale = Escala en imprimir ajustat al full
software = Programari
validators = Validadors independents de signatures

## Codes without a copy to show

another = Comprovar un altre document
request-id = Identificador de la consulta
not-found-title = No tenim cap document amb aquest codi
not-found-lead = El codi està ben escrit, però no correspon a cap còpia que es pugui consultar aquí.
not-found-what = Pot ser d’un altre organisme, o pot no ser autèntic. Si us l’han presentat com a document oficial, no el doneu per bo i aviseu { $contact }.
not-found-address = Mireu que l’adreça escrita al document sigui la d’aquest lloc.
not-found-on-test = Aquest és un entorn de proves: els documents de debò no hi són. Comproveu-los a l’adreça que porten escrita.
withdrawn-title = Aquesta còpia es va retirar
withdrawn-lead = No la feu servir. La còpia va existir, però qui la va expedir l’ha deixada sense efecte.
withdrawn-what = Per saber-ne el motiu, o si n’hi ha una de nova, adreceu-vos a { $contact }.
withdrawn-why = Es va retirar el { $date }. Motiu: { $reason }.
reason-error = hi ha un error al document
reason-superseded = n’hi ha una versió nova que la substitueix
reason-mistake = es va expedir per equivocació
reason-court = ho ha ordenat un jutjat o tribunal
reason-other = el que s’indica a continuació
expired-title = El termini de consulta en línia s’ha acabat
expired-lead = La còpia va existir i va ser oficial. Es podia consultar aquí fins al { $date }.
expired-early = La còpia va existir i va ser oficial, però ja no es pot consultar en línia.
expired-what = Que el termini s’acabi no vol dir que el document sigui fals ni que hagi perdut validesa. Per veure’l, demaneu-lo a { $contact }.
erased-title = El contingut d’aquesta còpia s’ha eliminat
erased-lead = La còpia va existir i va ser oficial. El document ja no es conserva aquí.
erased-what = Demaneu informació a { $contact }.
restricted-title = La còpia existeix i és oficial
restricted-lead = Conté dades protegides. Per veure’n el contingut cal { $factor }.
restricted-what = Si no teniu aquesta dada, demaneu-la a qui us ha donat el document o adreceu-vos a { $contact }.
not-public-title = La còpia existeix i és oficial
not-public-lead = L’ens que la va expedir no en publica el contingut: aquí només veieu quina còpia és.
not-public-what = Si en teniu el fitxer PDF, podeu comprovar si és exactament el que es va expedir. Per veure’n el contingut, adreceu-vos a { $contact }.
factor-label = Escriviu { $factor }
factor-hint = No es desa ni es mostra enlloc. Tant és majúscules o minúscules.
factor-button = Veure la còpia
factor-wrong = No és correcte. Torneu-ho a mirar.
factor-wait = Hi ha hagut massa intents equivocats. Torneu-ho a provar d’aquí a { $minutes ->
    [one] un minut
   *[other] { $minutes } minuts
}.
issued-by = Expedida per
other-environment-title = Aquest codi és de l’entorn de proves
other-environment-lead = El document que el porta es va fer per provar el servei i no té cap validesa.
other-environment-what = Si us l’han presentat com a document oficial, no el doneu per bo i aviseu { $contact }.
not-kept-title = Aquest servei no conserva les còpies
not-kept-lead = No es pot comprovar cap codi aquí. Això no vol dir que el document sigui fals.
not-kept-what = Demaneu la comprovació a { $contact }.
down-title = Ara no podem consultar l’arxiu
down-lead = Això no diu res del vostre document: no vol dir que sigui fals.
down-what = Torneu-ho a provar d’aquí a uns minuts. Si continua igual, adreceu-vos a { $contact }.
too-many-title = Heu fet moltes consultes seguides
too-many-lead = Espereu un minut i torneu-ho a provar. Això no diu res del vostre document.
too-many-what = Si us passa sovint, adreceu-vos a { $contact }.
nowhere-title = Aquesta pàgina no existeix
nowhere-lead = Comproveu l’adreça, o escriviu el codi del vostre document.
refused-title = No hem pogut llegir el que heu enviat
refused-lead = Torneu al formulari i proveu-ho una altra vegada. Això no diu res del vostre document.

## Check a file

check-title = Comproveu un fitxer PDF
check-lead = Us direm si és exactament una còpia expedida aquí, si algú hi ha afegit alguna cosa o si l’han alterada.
check-label = Fitxer PDF
check-hint = Fins a { $size }. Ha de ser el fitxer tal com us ha arribat, no un escaneig ni una impressió.
check-button = Comprovar el fitxer
check-local = El fitxer no surt del vostre ordinador: només se’n calcula i se n’envia l’empremta.
check-upload = El fitxer s’envia a aquest servei, es comprova a la memòria i no es conserva.
check-working = S’està comprovant…
check-another = Comprovar un altre fitxer
check-no-file = Trieu un fitxer PDF.
check-not-pdf = Això no és un fitxer PDF. Trieu el PDF que us ha arribat.
check-too-large = El fitxer és massa gros. El màxim són { $size }.
check-size = Mida del fitxer
check-digest = Empremta SHA-256 del fitxer
check-details = Dades tècniques de la comprovació
check-signatures = Signatures
check-copy-title = Còpia expedida
check-open-title = Voleu obrir la còpia oficial?
check-open-text = Cal el codi que hi ha al peu del document.
identical-title = És exactament el fitxer que es va expedir
identical-lead = Coincideix byte per byte amb la còpia oficial. Ningú no hi ha canviat res.
identical-later = Després d’expedir-la s’hi va afegir informació de conservació; aquest fitxer també és oficial.
extended-title = És la còpia oficial, i algú hi ha afegit dades permeses
extended-lead = Conté sencera la còpia que es va expedir. El que s’hi ha afegit són només dades de validació i segells de temps, que no canvien el document i que no hem comprovat.
altered-title = Aquest fitxer ha estat alterat
altered-lead = Comença amb una còpia expedida aquí o porta un segell nostre, però no és el que es va expedir. No el feu servir: obriu la còpia oficial amb el codi.
not-ours-title = No és cap còpia expedida aquí
not-ours-lead = No vol dir que el document sigui fals: pot ser un escaneig, una impressió a PDF, un document d’un altre organisme o el mateix document desat amb un altre programa. Si té un codi, escriviu-lo i compareu la còpia oficial amb la vostra.
sealed-title = Porta un segell vàlid d’un dels nostres organismes, però no és al nostre arxiu
sealed-lead = No podem dir que sigui una còpia expedida per aquest servei. Aviseu { $contact }.
undetermined-title = Ara no podem dir si es va expedir aquí
undetermined-lead = Això no diu res del vostre document: no vol dir que sigui fals. Torneu-ho a provar d’aquí a uns minuts.
begins-title = Comença amb una còpia expedida aquí, i després hi ha alguna cosa més
begins-lead = Només amb l’empremta no podem dir què s’hi ha afegit ni si està permès. Envieu el fitxer i us ho direm.
unknown-title = No coincideix amb cap còpia expedida aquí
unknown-lead = No vol dir que el document sigui fals: pot ser un escaneig, una impressió a PDF o el mateix document desat amb un altre programa. Si creieu que és una còpia nostra que algú ha canviat, envieu el fitxer i us ho direm.
send-button = Enviar el fitxer i comprovar-lo
status-in-force = La còpia és vigent.
status-withdrawn = Però la còpia es va retirar: no la feu servir.
status-expired = El termini per consultar-la en línia s’ha acabat; això no li treu validesa.
status-erased = El document ja no es conserva aquí.
indication-passed = Totes les signatures són correctes.
indication-indeterminate = No hem pogut comprovar del tot alguna signatura.
indication-failed = Alguna signatura no és correcta.
indication-none = El fitxer no porta cap signatura.

## A file beside its copy

compare-title = Compareu el vostre fitxer amb la còpia oficial, pàgina per pàgina
compare-lead = Veureu les pàgines que difereixen l’una al costat de l’altra, amb les diferències marcades.
compare-upload = El fitxer s’envia a aquest servei, es compara a la memòria i no es conserva.
compare-button = Comparar les pàgines
compare-another = Comparar un altre fitxer amb aquesta còpia
compare-equal-title = { $pages ->
    [one] La pàgina es veu igual que la de la còpia oficial
   *[other] Les { $pages } pàgines es veuen iguals que les de la còpia oficial
}
compare-equal-lead = No hi hem trobat cap diferència a la vista. El fitxer, però, no és exactament el que es va expedir.
compare-different-title = { $pages ->
    [one] Hi ha una pàgina que no coincideix
   *[other] Hi ha { $pages } pàgines que no coincideixen
}
compare-different-lead = No vol dir que el document sigui fals: un escaneig o una impressió també difereixen. Mireu què canvia.
compare-none-title = No hem pogut comparar les pàgines
compare-none-lead = Això no diu res del vostre fitxer. Obriu la còpia oficial i compareu-la vós mateix amb la vostra.
compare-some-title = No hem pogut comparar totes les pàgines
compare-some-lead = Les que hem comparat es veuen iguals. Les altres, compareu-les vós mateix amb la còpia oficial.
compare-runs-title = Pàgina per pàgina
compare-pages = { $pages ->
    [one] Pàgina { $first }
   *[other] Pàgines { $first } a { $last }
}
compare-page = Pàgina { $page }
compare-equal = { $pages ->
    [one] es veu igual
   *[other] es veuen iguals
}
compare-regions = { $regions ->
    [one] una zona diferent
   *[other] { $regions } zones diferents
}
compare-other-size = té una altra mida
compare-unshown = { $pages ->
    [one] és diferent; no hi ha lloc per mostrar-la
   *[other] són diferents; no hi ha lloc per mostrar-les
}
compare-only-copy = { $pages ->
    [one] no és al vostre fitxer
   *[other] no són al vostre fitxer
}
compare-only-file = { $pages ->
    [one] no és a la còpia oficial
   *[other] no són a la còpia oficial
}
compare-time = { $pages ->
    [one] no comparada (no hi ha hagut temps)
   *[other] no comparades (no hi ha hagut temps)
}
compare-undrawn = { $pages ->
    [one] no comparada (no s’ha pogut dibuixar del tot)
   *[other] no comparades (no s’han pogut dibuixar del tot)
}
compare-copy = Còpia oficial
compare-file = El vostre fitxer
compare-copy-alt = Pàgina { $page } de la còpia oficial
compare-file-alt = Pàgina { $page } del vostre fitxer
compare-absent = Aquesta pàgina no hi és.
compare-counts = El que val és la còpia oficial, tal com s’obre aquí.
compare-seen = Només comparem el que es veu. Per saber si un fitxer és exactament el que es va expedir, comproveu-lo:

## The list of seals

seals-title = Segells electrònics
seals-lead = El segell electrònic és el tampó de l’ajuntament en versió digital. Aquests són els certificats amb què els organismes d’aquest servei segellen o han segellat còpies. La llista surt de l’arxiu i sempre està al dia.
seals-none = Encara no hi ha cap segell registrat.
seals-current = En ús
seals-retired = Retirat
seals-ended = Caducat
seals-position = Pàgina { $page } de { $pages }
seals-previous = Anterior
seals-next = Següent

## What is this

about-title = Què és això?
about-body =
    Una administració us pot donar una còpia autèntica d’un document: val igual que l’original. Cada còpia porta al peu un codi, un QR i l’adreça d’aquest lloc.

    ## Per a què serveix

    Qualsevol pot imprimir un paper amb un codi inventat. Aquí veureu la còpia que es va expedir de debò, i la podreu comparar amb la que us han donat. El servei no ha vist el vostre paper: qui compara sou vós.

    ## Què demostra

    - Si la còpia oficial i la vostra coincideixen, la vostra és autèntica.
    - Si hi ha cap diferència, el que val és la còpia que veieu aquí.
    - Si el codi no existeix, el document pot ser d’un altre organisme o pot no ser autèntic.

    ## El segell electrònic

    El segell electrònic és el tampó de l’ajuntament en versió digital. Cada PDF en porta un; si algú canvia el fitxer, es nota.

    ## Qui ho manté

    Aquest lloc és un servei de { $operator }. Per a qualsevol dubte, adreceu-vos a { $contact }.

## Legal basis

legal-title = Base legal
legal-body =
    Referències revisades el novembre de 2026.

    ## Còpies autèntiques

    - Llei 39/2015, d’1 d’octubre, del procediment administratiu comú de les administracions públiques, article 27: validesa i eficàcia de les còpies.
    - Reial decret 203/2021, de 30 de març, articles 47 a 50: còpies autèntiques i referència temporal.
    - Reial decret 4/2010, de 8 de gener, Esquema Nacional d’Interoperabilitat, i les normes tècniques de document electrònic i de procediments de copiat autèntic.

    ## Codi segur de verificació

    - Llei 40/2015, d’1 d’octubre, de règim jurídic del sector públic, articles 41 i 42: actuació administrativa automatitzada, segell d’òrgan i codi segur de verificació.
    - Reial decret 203/2021, article 21: el codi permet comprovar la integritat del document amb un procediment directe i gratuït.

    ## Segells

    - Llei 40/2015, article 40, i Reial decret 203/2021, article 19: la relació de segells és pública.
    - Reglament (UE) 910/2014 (eIDAS), articles 35 a 40: segells electrònics.

    ## Llengües

    - Llei 1/1998, de política lingüística, i Llei 35/2010, de l’occità, aranès a l’Aran.

## Accessibility statement

accessibility-title = Declaració d’accessibilitat
accessibility-body =
    D’acord amb el Reial decret 1112/2018, de 7 de setembre, sobre accessibilitat dels llocs web i aplicacions per a dispositius mòbils del sector públic, { $operator } vol que aquest lloc el pugui fer servir tothom.

    ## Situació de compliment

    Les pàgines s’han fet per complir la norma EN 301 549 i les pautes WCAG 2.2, nivell AA. Funcionen sense JavaScript, amb teclat, amb lector de pantalla, amb una amplada de 320 píxels i ampliades al 400 %. Cada versió es comprova amb eines automàtiques abans de publicar-se.

    ## Contingut que pot no ser accessible

    - Els documents PDF són els que van fer els organismes que els van expedir. La còpia en conserva l’estructura i les etiquetes, però no en pot afegir si no n’hi havia.
    - Els textos en aranès són provisionals.

    ## Comunicacions i reclamacions

    Podeu comunicar qualsevol dificultat, demanar informació accessible o fer una queixa a { $contact }. Heu de rebre resposta en un termini de vint dies hàbils. Si no n’esteu d’acord, podeu fer una reclamació d’acord amb l’article 13 del Reial decret 1112/2018.

    Declaració preparada el novembre de 2026, per autoavaluació. Es revisa com a mínim un cop l’any.

## Privacy notice

privacy-title = Protecció de dades
privacy-body =
    ## En poques paraules

    Aquest lloc no demana qui sou, no fa servir galetes, no carrega res d’altres llocs i no fa perfils de ningú.

    ## Què es tracta quan feu una consulta

    - El codi que escriviu, per buscar la còpia. No s’escriu als registres d’activitat.
    - L’adreça IP, a la memòria i durant un temps breu, per limitar les consultes abusives.
    - El fitxer que envieu a comprovar o a comparar: es mira a la memòria i no es conserva. Si el navegador en calcula l’empremta, només s’envia l’empremta.
    - El justificant, si el demaneu: és un document segellat que es conserva com qualsevol còpia, i no diu qui el va demanar.

    ## Els documents

    Qui té el codi pot veure el document: tracteu-lo com el document mateix i no el publiqueu. Cada organisme és responsable del tractament dels documents que expedeix; { $operator } manté el servei per encàrrec seu.

    ## Base jurídica i drets

    El tractament es fa per complir una obligació legal i una missió d’interès públic (Reglament (UE) 2016/679, article 6.1.c i e). Podeu exercir els drets d’accés, rectificació, supressió, oposició i limitació adreçant-vos a { $contact }. També podeu reclamar davant l’Autoritat Catalana de Protecció de Dades (apdcat.gencat.cat).
