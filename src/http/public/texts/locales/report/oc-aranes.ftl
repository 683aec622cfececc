
## The validation report

report-name = Informe de validacion
question-issued = Ei ua còpia expedida aciu?
question-sound = Son corrèctes es signatures?
said-extended = Conten sancera era còpia que s’expedic. Çò que s’i a ahijut son sonque donades de validacion e sagèths de temps, que non cambien eth document.
said-altered = Comence damb ua còpia expedida aciu o pòrte un sagèth nòste, mès non ei çò que s’expedic.
said-sealed = Era signatura ei corrècta, mès ad aguest servici non li conste qu’age expedit aguesta còpia.
said-not-ours = Non coïncidís damb cap còpia d’aguest servici. Aquerò non vò díder que sigue faus: pòt èster d’un aute organisme, o eth madeish document escanejat o sauvat damb un aute programa.
said-undetermined = Aquerò non ditz arren deth document: non vò díder que sigue faus.
next-title = Qué auetz de hèr
next-accept = La podetz acceptar coma còpia autentica.
next-withdrawn = Demanatz ua còpia vigenta ad aqueth que l’expedic.
next-issuer = Se vos cau saber s’encara vau, demanatz-ac ad aqueth que l’expedic.
next-official = Non lo hescatz a servir. Daurietz era còpia oficiau damb eth còdi qu’i a ath pè deth document: aquera ei era que vau.
next-operator = Non la detz per bona enquia que vos ac confirme { $contact }.
next-foreign = Guardatz aciu dejós qui l’a signat e s’era signatura ei corrècta. Se pòrte un còdi, comprovatz-lo ena adreça qu’i a escrita en document.
next-unsigned = Demanatz eth document signat ad aqueth que vos l’a dat. Se pòrte un còdi, comprovatz-lo ena adreça qu’i a escrita.
next-later = Tornatz-ac a provar d’aciu a uns minuts. Se contunhe parièr, adreçatz-vos a { $contact }.

sound-passed = { $count ->
    [one] Era signatura ei corrècta
   *[other] Es { $count } signatures son corrèctes
}
sound-passed-means = Çò que se signèc non a cambiat, e eth que signe a un certificat d’un emissor en qué aguest servici se fide.
sound-indeterminate = { $count ->
    [one] Non podem díder s’era signatura ei corrècta
   *[other] Non podem díder se totes es signatures son corrèctes
}
sound-indeterminate-means = Non auem trobat arren que demòstre que sigue faussa, mès manque quaquarren entà dar-la per bona.
sound-failed = { $count ->
    [one] Era signatura non ei corrècta
   *[other] Non totes es signatures son corrèctes
}
sound-failed-means = Non vos fidetz de çò que ditz.
sound-none = Eth fichèr non pòrte cap signatura
sound-none-means = Arren acredite qui l’a hèt ne que non l’agen cambiat.
sound-no-signature-failed = Semble que pòrte ua signatura, mès non ne pòrte cap de bona

tag-passed = Corrècta
tag-indeterminate = Non comprovada deth tot
tag-failed = Non corrècta
signer-unknown = Non se sap qui signe
signatures-title = Signatures
role = Qué ei
role-copy-seal = Eth sagèth dera còpia
role-signature = Ua signatura o un sagèth deth document
role-source-signature = Ua signatura que ja portaue eth document originau. Non compde entara còpia.
entity = Entitat
registered-for = Sagèth registrat aciu entà
level = Nivèu
level-b-b = Basic (B-B): sense ua pròva independenta de quan se hec
level-b-t = Damb sagèth de temps (B-T)
level-b-lt = De longa durada (B-LT): pòrte un sagèth de temps e es donades entà comprovar-la mès endauant
level-b-lta = De conservacion (B-LTA): pòrte aguestes donades protegides damb un aute sagèth de temps
when = Quan
when-timestamp = Ja existie eth { $moment }. Ac pròve un sagèth de temps.
when-archive = Ja existie eth { $moment }, quan aguest servici sauvèc era còpia.
when-claimed = Era signatura ditz que se hec eth { $moment }, mès arren ac pròve.
when-unknown = Non i conste.
later = Cambis posteriors
later-none = Cap: caperè eth fichèr sancer.
later-some = I a donades ahijudes dempús dera signatura.
later-permitted = Era signatura ac permet.
later-forbidden = Era signatura non ac permet.
later-undecided = Aciu non se pòt díder s’amague quauquarren.
change-validation-data = S’i an ahijut donades de validacion o sagèths de temps, que non cambien eth document.
change-form-fill = S’i an emplit camps o s’i a tornat a signar.
change-locked-field = S’i a cambiat un camp qu’era signatura blocaue.
change-annotations = S’i an botat, cambiat o trèt anotacions.
change-page-content = S’i a cambiat çò que mòstren es pagines.
change-structure = S’i a cambiat era estructura deth document.
stamp-passed = Un sagèth de temps de { $authority } pròve qu’eth document ja existie eth { $moment }.
stamp-indeterminate = Non auem pogut comprovar deth tot un sagèth de temps de { $authority }.
stamp-failed = Un sagèth de temps de { $authority } non ei corrècte.
authority-unknown = ua autoritat desconeishuda

## Why a signature did not pass (the sub-indications of EN 319 102-1)

why-format-failure = Era signatura non a era forma que demanen es nòrmes.
why-hash-failure = Eth contengut non ei çò que se signèc: cambièc dempús.
why-sig-crypto-failure = Era signatura non quadre damb eth certificat deth que ditz que signe.
why-revoked = Eth certificat ja ère revocat quan se signèc.
why-expired = Eth certificat ja auie caducat quan se signèc.
why-not-yet-valid = Era signatura ei mès vielha qu’eth certificat.
why-sig-constraints-failure = Era signatura, o çò que se hec en document dempús, non complís çò que se li demane.
why-chain-constraints-failure = Bèth certificat non servís entar usatge que se n’a hèt.
why-certificate-chain-general-failure = Non i a cap donada fidabla que digue se bèth certificat ère revocat.
why-crypto-constraints-failure = Hè a servir un algoritme massa feble.
why-crypto-constraints-failure-no-poe = Hè a servir un algoritme que ja non ei pro segur, e arren pròve que se hesse quan encara ac ère.
why-timestamp-order-failure = Es sagèths de temps se contradiden.
why-no-signing-certificate-found = Manque eth certificat deth que signe, o non ei eth qu’era signatura indique.
why-no-certificate-chain-found = Eth certificat non ei de cap emissor en qué aguest servici se fide. Pòt èster bon, mès aciu non se pòt comprovar.
why-no-certificate-chain-found-no-poe = Eth certificat non ère de cap emissor en qué aguest servici se fide entath moment dera signatura.
why-revoked-no-poe = Eth certificat ei revocat, e arren pròve que se signèsse abans.
why-revoked-ca-no-poe = Eth certificat d’un emissor ei revocat, e arren pròve que se signèsse abans.
why-out-of-bounds-no-poe = Eth certificat a caducat o encara non valie, e arren pròve que se signèsse mentre valie.
why-out-of-bounds-not-revoked = Eth certificat a caducat, e arren pròve que se signèsse abans. Era darrèra donada ei que non ère revocat.
why-revocation-out-of-bounds-no-poe = Es donades sus s’eth certificat ère revocat les signèc qui ja non ac podie hèr.
why-no-poe = Manque ua pròva de quan se signèc.
why-try-later = Es donades sus s’eth certificat ei revocat non son pro recentes, o eth certificat ei suspenut. Tornatz-ac a provar mès endauant.
why-signed-data-not-found = Manque eth contengut que se signèc.
why-generic = Quauquarren n’a empedit era comprovacion.

## What was seen (groups of rules)

seen-added = Çò que s’ahigec ara còpia non son sonque donades de conservacion.
seen-coverage = Era signatura non caperè exactament çò que calerie.
seen-copied = Era madeisha signatura ei en mès d’un lòc.
seen-posing = I a donades que semblen ua signatura e non ac son, o ua signatura que quauquarrés treiguec.
seen-rewritten = Quauquarrés tornèc a escríuer es donades dera signatura dempús de signar.
seen-form = Era forma dera signatura non ei deth tot era que demanen es nòrmes.
seen-content = Eth contengut deth fichèr non correspon a çò que se signèc.
seen-certificate = Eth certificat deth que signe manque o non ei eth qu’era signatura indique.
seen-issuer = Non s’arribe a cap emissor en qué aguest servici se fide.
seen-validity = Bèth certificat ère dehòra deth sòn tèrme de validesa.
seen-revocation = Es donades sus s’es certificats èren revocats son incomplètes o desfavorables.
seen-usage = Er usatge entath quau s’emetec bèth certificat non ei eth que calerie.
seen-algorithm = Bèth algoritme non ei pro segur o non ei eth qu’era signatura indique.
seen-time = Bèth sagèth de temps non ei coma calerie.
seen-claimed-time = Era data qu’era signatura ditz non pòt èster vertat.
seen-changed = Se cambièc eth document d’ua manèra qu’era signatura non permet o que non se pòt explicar.
seen-repaired = Eth fichèr ei hèt mau e s’a agut d’adobar entà liéger-lo: d’auti programes pòden mostrar ua auta causa.
seen-unreadable = Eth document non se pòt liéger sancer.
seen-limit = I a mès donades o signatures des que se compròven.
seen-empty-field = I a lòcs entà signar qu’arrés a signat.
seen-usage-rights = I a ua mèrca d’un programa lector que non signe arren.

## The file and its technical data

file-checked = Eth fichèr comprovat
checked-for = Comprovat entath moment
checked-by = Comprovat damb
disclaimer = Informe hèt automaticament damb es règles que s’i indiquen. Non ei eth resultat d’un servici de validacion qualificat (Reglament (UE) 910/2014).
technical-words = Es indicacions son es dera nòrma ETSI EN 319 102-1. Es observacions son en anglés.
the-document = Eth document
verdict = Veredicte
status-word = Estat dera còpia
indication = Indicacion
sub-indication = Subindicacion
revisions = Revisions deth fichèr
version = Version
committed = Guardada en archiu (indici, non sagèth de temps)
part-copy = Part: era còpia, enquiath byte
part-data = Part: donades de validacion, enquiath byte
part-timestamp = Part: sagèth de temps, enquiath byte
matched = Tralha SHA-256 dera version expedida
organ-code = Organisme (DIR3)
policy = Politica de validacion
trust-seals = Confiança entà signatures e sagèths
trust-timestamps = Confiança entà sagèths de temps
anchors = { $count ->
    [0] Cap emissor: arren se pòt dar per bon
    [one] 1 emissor
   *[other] { $count } emissors
}
anchors-of = { $anchors }; lista deth { $date } ({ $days ->
    [0] aué
    [one] hè 1 dia
   *[other] hè { $days } dies
})
field = Camp
counts = Compde entath document
best-time = Melhor temps de signatura
covers = Caperè eth fichèr sancer
revision = Revision que signe
certification = Certificacion (DocMDP)
yes = Òc
no = Non
qualification = Eth certificat ditz de se madeish
certificate-policies = Politiques deth certificat
signature-timestamp = Sagèth de temps dera signatura
document-timestamp = Sagèth de temps deth document
change-in = Cambi ena revision { $revision }
claims-title = Çò qu’era signatura ditz de se madeisha: non pròve arren
claim-time = Data
claim-name = Nòm
claim-reason = Motiu
claim-location = Lòc
findings-title = Observacions
findings-none = Cap.
severity-passed = Corrècte
severity-info = Nòta
severity-warning = Avertiment
severity-failed = Error
