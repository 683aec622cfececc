
## The validation report

report-name = Informe de validación
question-issued = ¿Es una copia expedida aquí?
question-sound = ¿Son correctas las firmas?
said-extended = Contiene entera la copia que se expidió. Lo añadido son solo datos de validación y sellos de tiempo, que no cambian el documento.
said-altered = Empieza con una copia expedida aquí o lleva un sello nuestro, pero no es lo que se expidió.
said-sealed = La firma es correcta, pero a este servicio no le consta haber expedido esta copia.
said-not-ours = No coincide con ninguna copia de este servicio. Esto no significa que sea falso: puede ser de otro organismo, o el mismo documento escaneado o guardado con otro programa.
said-undetermined = Esto no dice nada del documento: no significa que sea falso.
next-title = Qué debe hacer
next-accept = Puede aceptarla como copia auténtica.
next-withdrawn = Pida una copia vigente a quien la expidió.
next-issuer = Si necesita saber si todavía vale, pregúnteselo a quien la expidió.
next-official = No lo utilice. Abra la copia oficial con el código que figura al pie del documento: esa es la que vale.
next-operator = No la dé por buena hasta que se lo confirme { $contact }.
next-foreign = Mire aquí debajo quién lo ha firmado y si la firma es correcta. Si lleva un código, compruébelo en la dirección escrita en el documento.
next-unsigned = Pida el documento firmado a quien se lo ha dado. Si lleva un código, compruébelo en la dirección escrita en él.
next-later = Inténtelo de nuevo dentro de unos minutos. Si sigue igual, diríjase a { $contact }.

sound-passed = { $count ->
    [one] La firma es correcta
   *[other] Las { $count } firmas son correctas
}
sound-passed-means = Lo que se firmó no ha cambiado, y quien firma tiene un certificado de un emisor en el que este servicio confía.
sound-indeterminate = { $count ->
    [one] No podemos decir si la firma es correcta
   *[other] No podemos decir si todas las firmas son correctas
}
sound-indeterminate-means = No hemos encontrado nada que demuestre que sea falsa, pero falta algo para darla por buena.
sound-failed = { $count ->
    [one] La firma no es correcta
   *[other] No todas las firmas son correctas
}
sound-failed-means = No se fíe de lo que dice.
sound-none = El fichero no lleva ninguna firma
sound-none-means = Nada acredita quién lo ha hecho ni que no lo hayan cambiado.
sound-no-signature-failed = Parece que lleva una firma, pero no lleva ninguna buena

tag-passed = Correcta
tag-indeterminate = No comprobada del todo
tag-failed = No correcta
signer-unknown = No se sabe quién firma
signatures-title = Firmas
role = Qué es
role-copy-seal = El sello de la copia
role-signature = Una firma o un sello del documento
role-source-signature = Una firma que ya llevaba el documento original. No cuenta para la copia.
entity = Entidad
registered-for = Sello registrado aquí para
level = Nivel
level-b-b = Básico (B-B): sin una prueba independiente de cuándo se hizo
level-b-t = Con sello de tiempo (B-T)
level-b-lt = De larga duración (B-LT): lleva un sello de tiempo y los datos para comprobarla más adelante
level-b-lta = De conservación (B-LTA): lleva esos datos protegidos con otro sello de tiempo
when = Cuándo
when-timestamp = Ya existía el { $moment }. Lo prueba un sello de tiempo.
when-archive = Ya existía el { $moment }, cuando este servicio guardó la copia.
when-claimed = La firma dice que se hizo el { $moment }, pero nada lo prueba.
when-unknown = No consta.
later = Cambios posteriores
later-none = Ninguno: cubre el fichero entero.
later-some = Hay datos añadidos después de la firma.
later-permitted = La firma lo permite.
later-forbidden = La firma no lo permite.
later-undecided = Aquí no se puede decir si oculta algo.
change-validation-data = Se han añadido datos de validación o sellos de tiempo, que no cambian el documento.
change-form-fill = Se han rellenado campos o se ha vuelto a firmar.
change-locked-field = Se ha cambiado un campo que la firma bloqueaba.
change-annotations = Se han puesto, cambiado o quitado anotaciones.
change-page-content = Se ha cambiado lo que muestran las páginas.
change-structure = Se ha cambiado la estructura del documento.
stamp-passed = Un sello de tiempo de { $authority } prueba que el documento ya existía el { $moment }.
stamp-indeterminate = No hemos podido comprobar del todo un sello de tiempo de { $authority }.
stamp-failed = Un sello de tiempo de { $authority } no es correcto.
authority-unknown = una autoridad desconocida

## Why a signature did not pass (the sub-indications of EN 319 102-1)

why-format-failure = La firma no tiene la forma que piden las normas.
why-hash-failure = El contenido no es el que se firmó: cambió después.
why-sig-crypto-failure = La firma no cuadra con el certificado de quien dice que firma.
why-revoked = El certificado ya estaba revocado cuando se firmó.
why-expired = El certificado ya había caducado cuando se firmó.
why-not-yet-valid = La firma es más antigua que el certificado.
why-sig-constraints-failure = La firma, o lo que se hizo en el documento después, no cumple lo que se le pide.
why-chain-constraints-failure = Algún certificado no sirve para el uso que se ha hecho de él.
why-certificate-chain-general-failure = No hay ningún dato fiable que diga si algún certificado estaba revocado.
why-crypto-constraints-failure = Utiliza un algoritmo demasiado débil.
why-crypto-constraints-failure-no-poe = Utiliza un algoritmo que ya no es lo bastante seguro, y nada prueba que se hiciera cuando todavía lo era.
why-timestamp-order-failure = Los sellos de tiempo se contradicen.
why-no-signing-certificate-found = Falta el certificado de quien firma, o no es el que la firma indica.
why-no-certificate-chain-found = El certificado no es de ningún emisor en el que este servicio confíe. Puede ser bueno, pero aquí no se puede comprobar.
why-no-certificate-chain-found-no-poe = El certificado no era de ningún emisor en el que este servicio confíe para el momento de la firma.
why-revoked-no-poe = El certificado está revocado, y nada prueba que se firmara antes.
why-revoked-ca-no-poe = El certificado de un emisor está revocado, y nada prueba que se firmara antes.
why-out-of-bounds-no-poe = El certificado ha caducado o todavía no valía, y nada prueba que se firmara mientras valía.
why-out-of-bounds-not-revoked = El certificado ha caducado, y nada prueba que se firmara antes. El último dato es que no estaba revocado.
why-revocation-out-of-bounds-no-poe = Los datos sobre si el certificado estaba revocado los firmó quien ya no podía hacerlo.
why-no-poe = Falta una prueba de cuándo se firmó.
why-try-later = Los datos sobre si el certificado está revocado no son lo bastante recientes, o el certificado está suspendido. Inténtelo de nuevo más adelante.
why-signed-data-not-found = Falta el contenido que se firmó.
why-generic = Algo ha impedido la comprobación.

## What was seen (groups of rules)

seen-added = Lo que se añadió a la copia no son solo datos de conservación.
seen-coverage = La firma no cubre exactamente lo que debería cubrir.
seen-copied = La misma firma está en más de un lugar.
seen-posing = Hay datos que parecen una firma y no lo son, o una firma que alguien quitó.
seen-rewritten = Alguien volvió a escribir los datos de la firma después de firmar.
seen-form = La forma de la firma no es del todo la que piden las normas.
seen-content = El contenido del fichero no corresponde a lo que se firmó.
seen-certificate = El certificado de quien firma falta o no es el que la firma indica.
seen-issuer = No se llega a ningún emisor en el que este servicio confíe.
seen-validity = Algún certificado estaba fuera de su plazo de validez.
seen-revocation = Los datos sobre si los certificados estaban revocados son incompletos o desfavorables.
seen-usage = El uso para el que se emitió algún certificado no es el adecuado.
seen-algorithm = Algún algoritmo no es lo bastante seguro o no es el que la firma indica.
seen-time = Algún sello de tiempo no es como debería ser.
seen-claimed-time = La fecha que la firma dice no puede ser cierta.
seen-changed = Se cambió el documento de una manera que la firma no permite o que no se puede explicar.
seen-repaired = El fichero está dañado y ha habido que repararlo para leerlo: otros programas pueden mostrar otra cosa.
seen-unreadable = El documento no se puede leer entero.
seen-limit = Hay más datos o firmas de los que se comprueban.
seen-empty-field = Hay lugares para firmar que nadie ha firmado.
seen-usage-rights = Hay una marca de un programa lector que no firma nada.

## The file and its technical data

file-checked = El fichero comprobado
checked-for = Comprobado para el momento
checked-by = Comprobado con
disclaimer = Informe hecho automáticamente con las reglas que se indican. No es el resultado de un servicio de validación cualificado (Reglamento (UE) 910/2014).
technical-words = Las indicaciones son las de la norma ETSI EN 319 102-1. Las observaciones están en inglés.
the-document = El documento
verdict = Veredicto
status-word = Estado de la copia
indication = Indicación
sub-indication = Subindicación
revisions = Revisiones del fichero
version = Versión
committed = Guardada en el archivo (indicio, no sello de tiempo)
part-copy = Parte: la copia, hasta el byte
part-data = Parte: datos de validación, hasta el byte
part-timestamp = Parte: sello de tiempo, hasta el byte
matched = Huella SHA-256 de la versión expedida
organ-code = Organismo (DIR3)
policy = Política de validación
trust-seals = Confianza para firmas y sellos
trust-timestamps = Confianza para sellos de tiempo
anchors = { $count ->
    [0] Ningún emisor: nada puede darse por bueno
    [one] 1 emisor
   *[other] { $count } emisores
}
anchors-of = { $anchors }; lista del { $date } ({ $days ->
    [0] hoy
    [one] hace 1 día
   *[other] hace { $days } días
})
field = Campo
counts = Cuenta para el documento
best-time = Mejor tiempo de firma
covers = Cubre el fichero entero
revision = Revisión que firma
certification = Certificación (DocMDP)
yes = Sí
no = No
qualification = El certificado dice de sí mismo
certificate-policies = Políticas del certificado
signature-timestamp = Sello de tiempo de la firma
document-timestamp = Sello de tiempo del documento
change-in = Cambio en la revisión { $revision }
claims-title = Lo que la firma dice de sí misma: no prueba nada
claim-time = Fecha
claim-name = Nombre
claim-reason = Motivo
claim-location = Lugar
findings-title = Observaciones
findings-none = Ninguna.
severity-passed = Correcto
severity-info = Nota
severity-warning = Advertencia
severity-failed = Error
