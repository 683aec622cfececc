# Aranese Occitan. A DRAFT: to be reviewed by the authority on Aranese before it is relied upon; the
# pages say so.

## Every page

site-name = Verificacion de documents
skip = Anatz ath contengut
languages = Lengua
draft-notice = Tèxte provisionau, pendent de revision.
test-banner = ENTORN DE PRÒVES. Arren de çò que vedetz aciu a validesa.
official-address = Lòc oficiau: era adreça a d’èster { $address }
operated-by = Servici de { $operator }
operator-unnamed = ua administracion publica
contact-unnamed = aqueth organisme que conste en document
footer = Informacion
nav-code = Comprovar un còdi
nav-file = Comprovar un fichèr
nav-seals = Sagèths
nav-about = Qué ei aquerò?
nav-legal = Basa legau
nav-accessibility = Accessibilitat
nav-privacy = Proteccion de donades
date = { $day } { $month ->
    [1] de gèr
    [2] de hereuèr
    [3] de març
    [4] d’abriu
    [5] de mai
    [6] de junh
    [7] de junsèga
    [8] d’agost
    [9] de seteme
    [10] d’octobre
    [11] de noveme
   *[12] de deseme
} de { $year }
pages = { $pages ->
    [one] 1 pagina
   *[other] { $pages } pagines
}

## The form for a code

start-title = Comprovatz un document
start-lead = S’auetz un document damb un còdi segur de verificacion, aciu veiratz era còpia oficiau entà comparar-la damb era vòsta. Ei a gratis e non cau identificar-se.
code-label = Còdi segur de verificacion (CSV)
code-hint = Lo trobaratz ath pè de cada pagina, ath costat deth còdi QR: sies grops de quate letres e chifres. Ei parièr majuscules o minuscules, damb guions o sense.
code-button = Veir era còpia oficiau
where-title = Non trapi eth còdi
where-text = Ei ath pè de cada pagina, dempús des paraules «Còdi segur de verificacion (CSV)». S’eth document ei en papèr, tanben podetz liéger eth còdi QR damb era camèra deth telefòn. Se non i a cap còdi, aguest servici non lo pòt comprovar: demanatz-ac a { $contact }.
other-code-title = Eth mèn còdi a ua auta forma
other-code-text = Es còdis d’aguest servici an 24 letres e chifres. Un còdi mès cuert o mès long ei d’un aute servici: comprovatz-lo ena adreça qu’i a escrita en madeish document.
file-title = Auetz eth fichèr PDF?
file-lead = Vos diram s’ei exactament eth que s’expedic.
file-link = Comprovar un fichèr PDF

## A code that cannot be read

error-title = I a un problèma
error-mark = Error
error-empty = Escriuetz eth còdi qu’i a ath pè deth document.
error-no-code = Aquerò non ei un còdi. Un còdi a sies grops de quate letres e chifres.
error-length = Eth còdi a 24 caractèrs e n’auetz escrit { $found }.
error-group = I a un caractèr enganhat en grop { $group }. Tornatz-lo a guardar en document.
error-group-letters = I a un caractèr enganhat en grop { $group } ({ $letters }). Tornatz-lo a guardar en document.
error-several = Eth còdi non ei corrècte: i a mès d’un caractèr enganhat o cambiat de lòc. Tornatz-lo a copiar.
error-symbol = Cap còdi a eth caractèr { $symbol }. Tornatz a guardar eth grop { $group }.
error-several-codes = I a mès d’un còdi. Escriuetz-ne sonque un.

## A copy that is in force

found-title = Auem trobat era còpia oficiau
found-lead = Ara comparatz-la damb era vòsta.
issuer-title = Qui l’a expedida
nif = NIF { $nif }
steps-title = Qué auetz de hèr
step-address = Guardatz qu’era adreça d’aguesta pagina comence per { $address }.
step-compare = Daurietz era còpia oficiau e comparatz-la damb era vòsta, pagina per pagina. A d’auer { $pages ->
    [one] ua soleta pagina
   *[other] { $pages } pagines
}.
step-differs = Se tot coïncidís, eth vòste document ei ua còpia autentica. Se i a quauqua diferéncia, çò que vau ei çò que vedetz aciu.
step-compare-file = Se n’auetz eth fichèr PDF, comprovatz qu’ei exactament eth que s’expedic.
open-copy = Daurir era còpia oficiau
data-title = Donades dera còpia
kind = Tipe de còpia
issued = Expedida eth
pages-label = Pagines
code = Còdi (CSV)
status = Estat
in-force = Vigenta. Se pòt consultar aumens enquiath { $date }.
source-signatures = Signatures der originau
signatures-passed = valides: { $number }
signatures-open = sense resultat concludent: { $number }
signatures-failed = non valides: { $number }
seal = Sagèth electronic
seal-valid = Valid quan s’expedic era còpia.
seal-ended = Qu’eth certificat caduquèsse dempús, eth { $date }, non trè validesa ara còpia.
have-file-title = Vos an hèt a arribar eth PDF?
have-file-text = Trigatz eth fichèr e vos diram s’ei exactament eth que s’expedic.
wrong-title = I a quaquarren que non quadre
wrong-text = S’eth vòste document non coïncidís damb era còpia oficiau, o credetz que quauquarrés l’a manipulat, non lo hescatz a servir e avisatz a { $contact }. Didetz-li eth còdi: { $code }

## Minimum metadata of the interoperability scheme

eni-title = Metadades minimes obligatòries (ENI)
eni-version = Version NTI
eni-identifier = Identificador
eni-organ = Organ
eni-captured = Data de captura
eni-origin = Origina
eni-state = Estat d’elaboracion
eni-source = Identificador deth document d’origina
eni-format = Nòm de format
eni-type = Tipe documentau
eni-signature = Tipe de signatura
origin-citizen = Ciutadan
origin-administration = Administracion
state-EE02 = Còpia electronica autentica
state-EE03 = Còpia electronica autentica de document en papèr
state-EE04 = Còpia electronica parciau autentica
signature-TF06 = PAdES
td-01 = Resolucion
td-02 = Acòrd
td-03 = Contracte
td-04 = Convèni
td-05 = Declaracion
td-06 = Comunicacion
td-07 = Notificacion
td-08 = Publicacion
td-09 = Justificant de recepcion
td-10 = Acta
td-11 = Certificat
td-12 = Diligéncia
td-13 = Infòrme
td-14 = Sollicitud
td-15 = Denóncia
td-16 = Allegacion
td-17 = Recors
td-18 = Comunicacion deth ciutadan
td-19 = Factura
td-20 = Auti documents comissadi
td-parliament = Document parlamentari
td-other = Auti

## Technical data

technical-title = Donades tecniques
digest = Tralha SHA-256 deth PDF
size = Talha
seal-name = Nòm deth sagèth
seal-issuer = Emissor deth certificat
seal-serial = Numèro de sèrie
seal-validity = Validesa deth certificat
seal-fingerprint = Tralha SHA-256 deth certificat
seal-level = Nivèu de signatura
seal-level-asked = demanat: { $level }
from-to = Deth { $from } ath { $to }
printed-scale = Escala en imprimir ajustat ara huelha
software = Programari
validators = Validadors independents de signatures

## Codes without a copy to show

another = Comprovar un aute document
request-id = Identificador dera consulta
not-found-title = Non auem cap document damb aguest còdi
not-found-lead = Eth còdi ei ben escrit, mès non correspon a cap còpia que se pogue consultar aciu.
not-found-what = Pòt èster d’un aute organisme, o pòt non èster autentic. Se vos l’an presentat coma document oficiau, non lo dongatz per bon e avisatz a { $contact }.
not-found-address = Guardatz qu’era adreça escrita en document sigue era d’aguest lòc.
not-found-on-test = Aguest ei un entorn de pròves: es documents vertadèrs non i son. Comprovatz-les ena adreça que pòrten escrita.
withdrawn-title = Aguesta còpia se retirèc
withdrawn-lead = Non la hescatz a servir. Era còpia existic, mès qui l’expedic l’a deishat sense efècte.
withdrawn-what = Entà saber-ne eth motiu, o se n’i a ua de naua, adreçatz-vos a { $contact }.
withdrawn-why = Se retirèc eth { $date }. Motiu: { $reason }.
reason-error = i a ua error en document
reason-superseded = n’i a ua version naua que la substituís
reason-mistake = s’expedic per error
reason-court = ac a ordenat un jutjat o tribunau
reason-other = eth que s’indique ara seguida
expired-title = Eth tèrme de consulta en linha s’a acabat
expired-lead = Era còpia existic e siguec oficiau. Se podie consultar aciu enquiath { $date }.
expired-early = Era còpia existic e siguec oficiau, mès ja non se pòt consultar en linha.
expired-what = Qu’eth tèrme s’acabe non vò díder qu’eth document sigue faus ne qu’age perdut validesa. Entà veder-lo, demanatz-lo a { $contact }.
erased-title = Eth contengut d’aguesta còpia s’a eliminat
erased-lead = Era còpia existic e siguec oficiau. Eth document ja non se sauve aciu.
erased-what = Demanatz informacion a { $contact }.
restricted-title = Era còpia existís e ei oficiau
restricted-lead = Conten donades protegides. Entà veder-ne eth contengut cau { $factor }.
restricted-what = Se non auetz aguesta donada, demanatz-la a qui vos a dat eth document o adreçatz-vos a { $contact }.
not-public-title = Era còpia existís e ei oficiau
not-public-lead = Er ens que l’expedic non ne publique eth contengut: aciu sonque vedetz quina còpia ei.
not-public-what = Se n’auetz eth fichèr PDF, podetz comprovar s’ei exactament eth que s’expedic. Entà veir-ne eth contengut, adreçatz-vos a { $contact }.
factor-label = Escriuetz { $factor }
factor-hint = Non se sauve ne s’amuishe en cap de lòc. Tant ei majuscules o minuscules.
factor-button = Veir era còpia
factor-wrong = Non ei corrècte. Tornatz-ac a guardar.
factor-wait = I a auut massa assagi equivocadi. Tornatz-ac a provar d’aciu a { $minutes ->
    [one] un minut
   *[other] { $minutes } minuti
}.
issued-by = Expedida per
other-environment-title = Aguest còdi ei der entorn de pròves
other-environment-lead = Eth document que lo pòrte se hec entà provar eth servici e non a cap validesa.
other-environment-what = Se vos l’an presentat coma document oficiau, non lo dongatz per bon e avisatz a { $contact }.
not-kept-title = Aguest servici non sauve es còpies
not-kept-lead = Aciu non se pòt comprovar cap còdi. Aquerò non vò díder qu’eth document sigue faus.
not-kept-what = Demanatz era comprovacion a { $contact }.
down-title = Ara non podem consultar er archiu
down-lead = Aquerò non ditz arren deth vòste document: non vò díder que sigue faus.
down-what = Tornatz-ac a provar d’aciu a uns minuts. Se contunhe parièr, adreçatz-vos a { $contact }.
too-many-title = Auetz hèt fòrça consultes seguides
too-many-lead = Demoratz un minut e tornatz-ac a provar. Aquerò non ditz arren deth vòste document.
too-many-what = Se vos passe soent, adreçatz-vos a { $contact }.
nowhere-title = Aguesta pagina non existís
nowhere-lead = Comprovatz era adreça, o escriuetz eth còdi deth vòste document.
refused-title = Non auem pogut liéger çò qu’auetz enviat
refused-lead = Tornatz ath formulari e provatz-ac un aute còp. Aquerò non ditz arren deth vòste document.

## Check a file

check-title = Comprovatz un fichèr PDF
check-lead = Vos diram s’ei exactament ua còpia expedida aciu, se quauquarrés i a ahijut quaquarren o se l’an alterada.
check-label = Fichèr PDF
check-hint = Enquia { $size }. A d’èster eth fichèr tau que vos a arribat, non un escanèg ne ua impression.
check-button = Comprovar eth fichèr
check-local = Eth fichèr non ges deth vòste ordinador: sonque se’n calcule e se n’envie era tralha.
check-upload = Eth fichèr s’envie ad aguest servici, se compròve ena memòria e non se sauve.
check-working = En tot comprovar…
check-another = Comprovar un aute fichèr
check-no-file = Trigatz un fichèr PDF.
check-not-pdf = Aquerò non ei un fichèr PDF. Trigatz eth PDF que vos a arribat.
check-too-large = Eth fichèr ei massa gran. Eth maximom son { $size }.
check-size = Talha deth fichèr
check-digest = Tralha SHA-256 deth fichèr
check-details = Donades tecniques dera comprovacion
check-signatures = Signatures
check-copy-title = Còpia expedida
check-open-title = Voletz daurir era còpia oficiau?
check-open-text = Cau eth còdi qu’i a ath pè deth document.
identical-title = Ei exactament eth fichèr que s’expedic
identical-lead = Coïncidís byte per byte damb era còpia oficiau. Arrés i a cambiat arren.
identical-later = Dempús d’expedir-la s’i ahigec informacion de conservacion; aguest fichèr tanben ei oficiau.
extended-title = Ei era còpia oficiau, e quauquarrés i a ahijut donades permetudes
extended-lead = Conten sancera era còpia que s’expedic. Çò que s’i a ahijut son sonque donades de validacion e sagèths de temps, que non cambien eth document e que non auem comprovat.
altered-title = Aguest fichèr a estat alterat
altered-lead = Comence damb ua còpia expedida aciu o pòrte un sagèth nòste, mès non ei çò que s’expedic. Non lo hescatz a servir: daurietz era còpia oficiau damb eth còdi.
not-ours-title = Non ei cap còpia expedida aciu
not-ours-lead = Non vò díder qu’eth document sigue faus: pòt èster un escanèg, ua impression a PDF, un document d’un aute organisme o eth madeish document sauvat damb un aute programa. S’a un còdi, escriuetz-lo e comparatz era còpia oficiau damb era vòsta.
sealed-title = Pòrte un sagèth valid d’un des nòsti organismes, mès non ei en nòste archiu
sealed-lead = Non podem díder que sigue ua còpia expedida per aguest servici. Avisatz a { $contact }.
undetermined-title = Ara non podem díder se s’expedic aciu
undetermined-lead = Aquerò non ditz arren deth vòste document: non vò díder que sigue faus. Tornatz-ac a provar d’aciu a uns minuts.
begins-title = Comence damb ua còpia expedida aciu, e dempús i a quaquarren mès
begins-lead = Sonque damb era tralha non podem díder qué s’i a ahijut ne s’ei permetut. Enviatz eth fichèr e vos ac diram.
unknown-title = Non coïncidís damb cap còpia expedida aciu
unknown-lead = Non vò díder qu’eth document sigue faus: pòt èster un escanèg, ua impression a PDF o eth madeish document sauvat damb un aute programa. Se credetz qu’ei ua còpia nòsta que quauquarrés a cambiat, enviatz eth fichèr e vos ac diram.
send-button = Enviar eth fichèr e comprovar-lo
status-in-force = Era còpia ei vigenta.
status-withdrawn = Mès era còpia se retirèc: non la hescatz a servir.
status-expired = Eth tèrme entà consultar-la en linha s’a acabat; aquerò non li trè validesa.
status-erased = Eth document ja non se sauve aciu.
indication-passed = Totes es signatures son corrèctes.
indication-indeterminate = Non auem pogut comprovar deth tot bèra signatura.
indication-failed = Bèra signatura non ei corrècta.
indication-none = Eth fichèr non pòrte cap signatura.

## A file beside its copy

compare-title = Comparatz eth vòste fichèr damb era còpia oficiau, pagina per pagina
compare-lead = Veiratz es pagines que difereishen era ua ath costat dera auta, damb es diferéncies mercades.
compare-upload = Eth fichèr s’envie ad aguest servici, se compare ena memòria e non se consèrve.
compare-button = Comparar es pagines
compare-another = Comparar un aute fichèr damb aguesta còpia
compare-equal-title = { $pages ->
    [one] Era pagina se ve parièra qu’era dera còpia oficiau
   *[other] Es { $pages } pagines se ven parières qu’es dera còpia oficiau
}
compare-equal-lead = Non i auem trobat cap diferéncia ara vista. Eth fichèr, totun, non ei exactament eth que s’expedic.
compare-different-title = { $pages ->
    [one] I a ua pagina que non coïncidís
   *[other] I a { $pages } pagines que non coïncidissen
}
compare-different-lead = Non vò díder qu’eth document sigue faus: un escaneg o ua impression tanben difereishen. Guardatz qué càmbie.
compare-none-title = Non auem pogut comparar es pagines
compare-none-lead = Aquerò non ditz arren deth vòste fichèr. Dauritz era còpia oficiau e comparatz-la vos madeish damb era vòsta.
compare-some-title = Non auem pogut comparar totes es pagines
compare-some-lead = Es qu’auem comparat se ven parières. Es autes, comparatz-les vos madeish damb era còpia oficiau.
compare-runs-title = Pagina per pagina
compare-pages = { $pages ->
    [one] Pagina { $first }
   *[other] Pagines { $first } a { $last }
}
compare-page = Pagina { $page }
compare-equal = { $pages ->
    [one] se ve parièra
   *[other] se ven parières
}
compare-regions = { $regions ->
    [one] ua zòna diferenta
   *[other] { $regions } zònes diferentes
}
compare-other-size = a ua auta mesura
compare-unshown = { $pages ->
    [one] ei diferenta; non i a lòc entà mostrar-la
   *[other] son diferentes; non i a lòc entà mostrar-les
}
compare-only-copy = { $pages ->
    [one] non ei en vòste fichèr
   *[other] non son en vòste fichèr
}
compare-only-file = { $pages ->
    [one] non ei ena còpia oficiau
   *[other] non son ena còpia oficiau
}
compare-time = { $pages ->
    [one] non comparada (non i a auut temps)
   *[other] non comparades (non i a auut temps)
}
compare-undrawn = { $pages ->
    [one] non comparada (non s’a pogut dibuishar deth tot)
   *[other] non comparades (non s’an pogut dibuishar deth tot)
}
compare-copy = Còpia oficiau
compare-file = Eth vòste fichèr
compare-copy-alt = Pagina { $page } dera còpia oficiau
compare-file-alt = Pagina { $page } deth vòste fichèr
compare-absent = Aguesta pagina non i ei.
compare-counts = Çò que vau ei era còpia oficiau, tau coma se daurís aciu.
compare-seen = Sonque comparam çò que se ve. Entà saber se un fichèr ei exactament eth que s’expedic, comprovatz-lo:

## The list of seals

seals-title = Sagèths electronics
seals-lead = Eth sagèth electronic ei eth tampon der ajuntament en version digitau. Aguesti son es certificats damb es qu’es organismes d’aguest servici sagèren o an sagerat còpies. Era lista ges der archiu e tostemp ei ath dia.
seals-none = Encara non i a cap sagèth registrat.
seals-current = En usatge
seals-retired = Retirat
seals-ended = Caducat
seals-position = Pagina { $page } de { $pages }
seals-previous = Anteriora
seals-next = Següenta

## What is this

about-title = Qué ei aquerò?
about-body =
    Ua administracion vos pòt dar ua còpia autentica d’un document: vau parièr qu’er originau. Cada còpia pòrte ath pè un còdi, un QR e era adreça d’aguest lòc.

    ## Entà qué servís

    Quinsevolh pòt imprimir un papèr damb un còdi inventat. Aciu veiratz era còpia que s’expedic vertadèrament, e la poderatz comparar damb era que vos an dat. Eth servici non a vist eth vòste papèr: qui compare ètz vosati.

    ## Qué demòstre

    - Se era còpia oficiau e era vòsta coïncidissen, era vòsta ei autentica.
    - Se i a quauqua diferéncia, çò que vau ei era còpia que vedetz aciu.
    - S’eth còdi non existís, eth document pòt èster d’un aute organisme o pòt non èster autentic.

    ## Eth sagèth electronic

    Eth sagèth electronic ei eth tampon der ajuntament en version digitau. Cada PDF ne pòrte un; se quauquarrés càmbie eth fichèr, se note.

    ## Qui lo manten

    Aguest lòc ei un servici de { $operator }. Entà quinsevolh dobte, adreçatz-vos a { $contact }.

## Legal basis

legal-title = Basa legau
legal-body =
    Referéncies revisades en noveme de 2026.

    ## Còpies autentiques

    - Lei 39/2015, d’1 d’octobre, deth procediment administratiu comun, article 27: validesa e eficàcia des còpies.
    - Reiau decrèt 203/2021, de 30 de març, articles 47 a 50: còpies autentiques e referéncia temporau.
    - Reiau decrèt 4/2010, de 8 de gèr, Esquèma Nacionau d’Interoperabilitat, e es nòrmes tecniques de document electronic e de procediments de copiat autentic.

    ## Còdi segur de verificacion

    - Lei 40/2015, d’1 d’octobre, de regim juridic deth sector public, articles 41 e 42: actuacion administrativa automatizada, sagèth d’organ e còdi segur de verificacion.
    - Reiau decrèt 203/2021, article 21: eth còdi permet comprovar era integritat deth document damb un procediment dirècte e a gratis.

    ## Sagèths

    - Lei 40/2015, article 40, e Reiau decrèt 203/2021, article 19: era relacion de sagèths ei publica.
    - Reglament (UE) 910/2014 (eIDAS), articles 35 a 40: sagèths electronics.

    ## Lengües

    - Lei catalana 1/1998, de politica lingüistica, e Lei catalana 35/2010, der occitan, aranés en Aran.

## Accessibility statement

accessibility-title = Declaracion d’accessibilitat
accessibility-body =
    D’acòrd damb eth Reiau decrèt 1112/2018, de 7 de seteme, sus accessibilitat des lòcs web e aplicacions entà dispositius mobils deth sector public, { $operator } vò qu’aguest lòc lo pogue hèr a servir toti.

    ## Situacion de compliment

    Es pagines s’an hèt entà complir era nòrma EN 301 549 e es pautes WCAG 2.2, nivèu AA. Foncionen sense JavaScript, damb teclat, damb lector de pantalha, damb ua amplada de 320 pixèls e ampliades ath 400 %. Cada version se compròve damb utisi automatics abans de publicar-se.

    ## Contengut que pòt non èster accessible

    - Es documents PDF son es que heren es organismes que les expediren. Era còpia ne conserve era estructura e es etiquetes, mès non en pòt ahíger se non n’i auie.
    - Es tèxtes en aranés son provisionaus.

    ## Comunicacions e reclamacions

    Podetz comunicar quinsevolh dificultat, demanar informacion accessibla o hèr ua queisha a { $contact }. Auetz de recéber responsa en un tèrme de vint dies obrants. Se non i ètz d’acòrd, podetz hèr ua reclamacion d’acòrd damb er article 13 deth Reiau decrèt 1112/2018.

    Declaracion preparada en noveme de 2026, per autoavaloracion. Se revise coma minim un còp ar an.

## Privacy notice

privacy-title = Proteccion de donades
privacy-body =
    ## En pòques paraules

    Aguest lòc non demane qui ètz, non hè a servir galetes, non cargue arren d’auti lòcs e non hè perfils d’arrés.

    ## Qué se tracte quan hètz ua consulta

    - Eth còdi qu’escriuetz, entà cercar era còpia. Non s’escriu enes registres d’activitat.
    - Era adreça IP, ena memòria e pendent un temps brèu, entà limitar es consultes abusives.
    - Eth fichèr qu’enviatz a comprovar o a comparar: s’espie ena memòria e non se sauve. S’eth navegador ne calcule era tralha, sonque s’envie era tralha.
    - Eth justificant, se lo demanatz: ei un document sagerat que se sauve coma quinsevolh còpia, e non ditz qui lo demanèc.

    ## Es documents

    Qui a eth còdi pòt veder eth document: tractatz-lo coma eth document madeish e non lo publiquetz. Cada organisme ei responsable deth tractament des documents qu’expedís; { $operator } manten eth servici per encargue sòn.

    ## Basa juridica e drets

    Eth tractament se hè entà complir ua obligacion legau e ua mission d’interès public (Reglament (UE) 2016/679, article 6.1.c e e). Podetz exercir es drets d’accès, rectificacion, supression, oposicion e limitacion en tot adreçar-vos a { $contact }. Tanben podetz reclamar dauant dera Autoritat Catalana de Proteccion de Donades (apdcat.gencat.cat).
