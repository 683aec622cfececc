# Spanish.

## Every page

site-name = Verificación de documentos
skip = Ir al contenido
languages = Idioma
draft-notice = Texto provisional, pendiente de revisión.
test-banner = ENTORNO DE PRUEBAS. Nada de lo que ve aquí tiene validez.
official-address = Sitio oficial: la dirección debe ser { $address }
operated-by = Servicio de { $operator }
operator-unnamed = la administración que lo mantiene
contact-unnamed = quien consta como emisor en el documento
footer = Información
nav-code = Comprobar un código
nav-file = Comprobar un fichero
nav-seals = Sellos
nav-about = ¿Qué es esto?
nav-legal = Base legal
nav-accessibility = Accesibilidad
nav-privacy = Protección de datos
date = { $day } { $month ->
    [1] de enero
    [2] de febrero
    [3] de marzo
    [4] de abril
    [5] de mayo
    [6] de junio
    [7] de julio
    [8] de agosto
    [9] de septiembre
    [10] de octubre
    [11] de noviembre
   *[12] de diciembre
} de { $year }
pages = { $pages ->
    [one] 1 página
   *[other] { $pages } páginas
}

## The form for a code

start-title = Compruebe un documento
start-lead = Si tiene un documento con un código seguro de verificación, aquí verá la copia oficial para compararla con la suya. Es gratuito y no hace falta identificarse.
code-label = Código seguro de verificación (CSV)
code-hint = Lo encontrará al pie de cada página, junto al código QR: seis grupos de cuatro letras y cifras. Da igual mayúsculas o minúsculas, con guiones o sin ellos.
code-button = Ver la copia oficial
where-title = No encuentro el código
where-text = Está al pie de cada página, precedido de las palabras «Código seguro de verificación (CSV)». Si el documento es en papel, también puede leer el código QR con la cámara del teléfono. Si no hay ningún código, este servicio no puede comprobarlo: pregunte a { $contact }.
other-code-title = Mi código tiene otra forma
other-code-text = Los códigos de este servicio tienen 24 letras y cifras. Un código más corto o más largo es de otro servicio: compruébelo en la dirección que figura en el propio documento.
file-title = ¿Tiene el fichero PDF?
file-lead = Le diremos si es exactamente el que se expidió.
file-link = Comprobar un fichero PDF

## A code that cannot be read

error-title = Hay un problema
error-mark = Error
error-empty = Escriba el código que aparece al pie del documento.
error-no-code = Esto no es un código. Un código tiene seis grupos de cuatro letras y cifras.
error-length = El código tiene 24 caracteres y ha escrito { $found }.
error-group = Hay un carácter equivocado en el grupo { $group }. Vuelva a mirarlo en el documento.
error-group-letters = Hay un carácter equivocado en el grupo { $group } ({ $letters }). Vuelva a mirarlo en el documento.
error-several = El código no es correcto: hay más de un carácter equivocado o cambiado de sitio. Vuelva a copiarlo.
error-symbol = Ningún código lleva el carácter { $symbol }. Vuelva a mirar el grupo { $group }.
error-several-codes = Hay más de un código. Escriba solo uno.

## A copy that is in force

found-title = Hemos encontrado la copia oficial
found-lead = Ahora compárela con la suya.
issuer-title = Quién la ha expedido
nif = NIF { $nif }
steps-title = Qué tiene que hacer
step-address = Mire que la dirección de esta página empiece por { $address }.
step-compare = Abra la copia oficial y compárela con la suya, página por página. Debe tener { $pages ->
    [one] una sola página
   *[other] { $pages } páginas
}.
step-differs = Si todo coincide, su documento es una copia auténtica. Si hay alguna diferencia, lo que vale es lo que ve aquí.
step-compare-file = Si tiene el fichero PDF, compruebe que es exactamente el que se expidió.
open-copy = Abrir la copia oficial
data-title = Datos de la copia
kind = Tipo de copia
issued = Expedida el
pages-label = Páginas
code = Código (CSV)
status = Estado
in-force = Vigente. Se puede consultar al menos hasta el { $date }.
source-signatures = Firmas del original
signatures-passed = válidas: { $number }
signatures-open = sin resultado concluyente: { $number }
signatures-failed = no válidas: { $number }
seal = Sello electrónico
seal-valid = Válido cuando se expidió la copia.
seal-ended = Que el certificado caducase después, el { $date }, no quita validez a la copia.
have-file-title = ¿Le han hecho llegar el PDF?
have-file-text = Elija el fichero y le diremos si es exactamente el que se expidió.
wrong-title = Hay algo que no cuadra
wrong-text = Si su documento no coincide con la copia oficial, o cree que alguien lo ha manipulado, no lo utilice y avise a { $contact }. Indique el código: { $code }

## Minimum metadata of the interoperability scheme

eni-title = Metadatos mínimos obligatorios (ENI)
eni-version = Versión NTI
eni-identifier = Identificador
eni-organ = Órgano
eni-captured = Fecha de captura
eni-origin = Origen
eni-state = Estado de elaboración
eni-source = Identificador de documento origen
eni-format = Nombre de formato
eni-type = Tipo documental
eni-signature = Tipo de firma
origin-citizen = Ciudadano
origin-administration = Administración
state-EE02 = Copia electrónica auténtica
state-EE03 = Copia electrónica auténtica de documento papel
state-EE04 = Copia electrónica parcial auténtica
signature-TF06 = PAdES
td-01 = Resolución
td-02 = Acuerdo
td-03 = Contrato
td-04 = Convenio
td-05 = Declaración
td-06 = Comunicación
td-07 = Notificación
td-08 = Publicación
td-09 = Acuse de recibo
td-10 = Acta
td-11 = Certificado
td-12 = Diligencia
td-13 = Informe
td-14 = Solicitud
td-15 = Denuncia
td-16 = Alegación
td-17 = Recurso
td-18 = Comunicación del ciudadano
td-19 = Factura
td-20 = Otros incautados
td-parliament = Documento parlamentario
td-other = Otros

## Technical data

technical-title = Datos técnicos
digest = Huella SHA-256 del PDF
size = Tamaño
seal-name = Nombre del sello
seal-issuer = Emisor del certificado
seal-serial = Número de serie
seal-validity = Validez del certificado
seal-fingerprint = Huella SHA-256 del certificado
seal-level = Nivel de firma
seal-level-asked = solicitado: { $level }
from-to = Del { $from } al { $to }
printed-scale = Escala al imprimir ajustado a la hoja
software = Software
validators = Validadores independientes de firmas

## Codes without a copy to show

another = Comprobar otro documento
request-id = Identificador de la consulta
not-found-title = No tenemos ningún documento con este código
not-found-lead = El código está bien escrito, pero no corresponde a ninguna copia que se pueda consultar aquí.
not-found-what = Puede ser de otro organismo, o puede no ser auténtico. Si se lo han presentado como documento oficial, no lo dé por bueno y avise a { $contact }.
not-found-address = Mire que la dirección escrita en el documento sea la de este sitio.
not-found-on-test = Este es un entorno de pruebas: los documentos reales no están aquí. Compruébelos en la dirección que llevan escrita.
withdrawn-title = Esta copia se ha retirado
withdrawn-lead = No la utilice. La copia existió, pero quien la expidió la ha dejado sin efecto.
withdrawn-what = Para saber el motivo, o si hay una nueva, diríjase a { $contact }.
withdrawn-why = Se retiró el { $date }. Motivo: { $reason }.
reason-error = hay un error en el documento
reason-superseded = hay una versión nueva que la sustituye
reason-mistake = se expidió por equivocación
reason-court = lo ha ordenado un juzgado o tribunal
reason-other = el que se indica a continuación
expired-title = El plazo de consulta en línea ha terminado
expired-lead = La copia existió y fue oficial. Se podía consultar aquí hasta el { $date }.
expired-early = La copia existió y fue oficial, pero ya no se puede consultar en línea.
expired-what = Que el plazo termine no significa que el documento sea falso ni que haya perdido validez. Para verlo, solicítelo a { $contact }.
erased-title = El contenido de esta copia se ha eliminado
erased-lead = La copia existió y fue oficial. El documento ya no se conserva aquí.
erased-what = Pida información a { $contact }.
restricted-title = La copia existe y es oficial
restricted-lead = Contiene datos protegidos. Para ver el contenido hace falta { $factor }.
restricted-what = Si no tiene este dato, pídalo a quien le dio el documento o diríjase a { $contact }.
not-public-title = La copia existe y es oficial
not-public-lead = La entidad que la expidió no publica su contenido: aquí solo ve qué copia es.
not-public-what = Si tiene el fichero PDF, puede comprobar si es exactamente el que se expidió. Para ver el contenido, diríjase a { $contact }.
factor-label = Escriba { $factor }
factor-hint = No se guarda ni se muestra en ninguna parte. Da igual en mayúsculas o minúsculas.
factor-button = Ver la copia
factor-wrong = No es correcto. Vuelva a mirarlo.
factor-wait = Ha habido demasiados intentos equivocados. Vuelva a probar dentro de { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}.
issued-by = Expedida por
other-environment-title = Este código es del entorno de pruebas
other-environment-lead = El documento que lo lleva se hizo para probar el servicio y no tiene ninguna validez.
other-environment-what = Si se lo han presentado como documento oficial, no lo dé por bueno y avise a { $contact }.
not-kept-title = Este servicio no conserva las copias
not-kept-lead = Aquí no se puede comprobar ningún código. Esto no significa que el documento sea falso.
not-kept-what = Pida la comprobación a { $contact }.
down-title = Ahora no podemos consultar el archivo
down-lead = Esto no dice nada de su documento: no significa que sea falso.
down-what = Inténtelo de nuevo dentro de unos minutos. Si sigue igual, diríjase a { $contact }.
too-many-title = Ha hecho muchas consultas seguidas
too-many-lead = Espere un minuto y vuelva a intentarlo. Esto no dice nada de su documento.
too-many-what = Si le ocurre a menudo, diríjase a { $contact }.
nowhere-title = Esta página no existe
nowhere-lead = Compruebe la dirección, o escriba el código de su documento.
refused-title = No hemos podido leer lo que ha enviado
refused-lead = Vuelva al formulario e inténtelo otra vez. Esto no dice nada de su documento.

## Check a file

check-title = Compruebe un fichero PDF
check-lead = Le diremos si es exactamente una copia expedida aquí, si alguien le ha añadido algo o si la han alterado.
check-label = Fichero PDF
check-hint = Hasta { $size }. Debe ser el fichero tal como lo recibió, no un escaneo ni una impresión.
check-button = Comprobar el fichero
check-local = El fichero no sale de su ordenador: solo se calcula y se envía su huella.
check-upload = El fichero se envía a este servicio, se comprueba en memoria y no se conserva.
check-working = Comprobando…
check-another = Comprobar otro fichero
check-no-file = Elija un fichero PDF.
check-not-pdf = Esto no es un fichero PDF. Elija el PDF que le han hecho llegar.
check-too-large = El fichero es demasiado grande. El máximo son { $size }.
check-size = Tamaño del fichero
check-digest = Huella SHA-256 del fichero
check-details = Datos técnicos de la comprobación
check-signatures = Firmas
check-copy-title = Copia expedida
check-open-title = ¿Quiere abrir la copia oficial?
check-open-text = Hace falta el código que figura al pie del documento.
identical-title = Es exactamente el fichero que se expidió
identical-lead = Coincide byte por byte con la copia oficial. Nadie ha cambiado nada en él.
identical-later = Después de expedirla se le añadió información de conservación; este fichero también es oficial.
extended-title = Es la copia oficial, y alguien le ha añadido datos permitidos
extended-lead = Contiene entera la copia que se expidió. Lo añadido son solo datos de validación y sellos de tiempo, que no cambian el documento y que no hemos comprobado.
altered-title = Este fichero ha sido alterado
altered-lead = Empieza con una copia expedida aquí o lleva un sello nuestro, pero no es lo que se expidió. No lo utilice: abra la copia oficial con el código.
not-ours-title = No es ninguna copia expedida aquí
not-ours-lead = No significa que el documento sea falso: puede ser un escaneo, una impresión a PDF, un documento de otro organismo o el mismo documento guardado con otro programa. Si tiene un código, escríbalo y compare la copia oficial con la suya.
sealed-title = Lleva un sello válido de uno de nuestros organismos, pero no está en nuestro archivo
sealed-lead = No podemos decir que sea una copia expedida por este servicio. Avise a { $contact }.
undetermined-title = Ahora no podemos decir si se expidió aquí
undetermined-lead = Esto no dice nada de su documento: no significa que sea falso. Inténtelo de nuevo dentro de unos minutos.
begins-title = Empieza con una copia expedida aquí, y después hay algo más
begins-lead = Solo con la huella no podemos decir qué se le ha añadido ni si está permitido. Envíe el fichero y se lo diremos.
unknown-title = No coincide con ninguna copia expedida aquí
unknown-lead = No significa que el documento sea falso: puede ser un escaneo, una impresión a PDF o el mismo documento guardado con otro programa. Si cree que es una copia nuestra que alguien ha cambiado, envíe el fichero y se lo diremos.
send-button = Enviar el fichero y comprobarlo
status-in-force = La copia está vigente.
status-withdrawn = Pero la copia se ha retirado: no la utilice.
status-expired = El plazo para consultarla en línea ha terminado; eso no le quita validez.
status-erased = El documento ya no se conserva aquí.
indication-passed = Todas las firmas son correctas.
indication-indeterminate = No hemos podido comprobar del todo alguna firma.
indication-failed = Alguna firma no es correcta.
indication-none = El fichero no lleva ninguna firma.

## A file beside its copy

compare-title = Compare su fichero con la copia oficial, página por página
compare-lead = Verá las páginas que difieren una al lado de la otra, con las diferencias marcadas.
compare-upload = El fichero se envía a este servicio, se compara en memoria y no se conserva.
compare-button = Comparar las páginas
compare-another = Comparar otro fichero con esta copia
compare-equal-title = { $pages ->
    [one] La página se ve igual que la de la copia oficial
   *[other] Las { $pages } páginas se ven iguales que las de la copia oficial
}
compare-equal-lead = No hemos encontrado ninguna diferencia a la vista. El fichero, sin embargo, no es exactamente el que se expidió.
compare-different-title = { $pages ->
    [one] Hay una página que no coincide
   *[other] Hay { $pages } páginas que no coinciden
}
compare-different-lead = No significa que el documento sea falso: un escaneado o una impresión también difieren. Mire qué cambia.
compare-none-title = No hemos podido comparar las páginas
compare-none-lead = Esto no dice nada de su fichero. Abra la copia oficial y compárela usted mismo con la suya.
compare-some-title = No hemos podido comparar todas las páginas
compare-some-lead = Las que hemos comparado se ven iguales. Las demás, compárelas usted mismo con la copia oficial.
compare-runs-title = Página por página
compare-pages = { $pages ->
    [one] Página { $first }
   *[other] Páginas { $first } a { $last }
}
compare-page = Página { $page }
compare-equal = { $pages ->
    [one] se ve igual
   *[other] se ven iguales
}
compare-regions = { $regions ->
    [one] una zona diferente
   *[other] { $regions } zonas diferentes
}
compare-other-size = tiene otro tamaño
compare-unshown = { $pages ->
    [one] es diferente; no hay sitio para mostrarla
   *[other] son diferentes; no hay sitio para mostrarlas
}
compare-only-copy = { $pages ->
    [one] no está en su fichero
   *[other] no están en su fichero
}
compare-only-file = { $pages ->
    [one] no está en la copia oficial
   *[other] no están en la copia oficial
}
compare-time = { $pages ->
    [one] no comparada (no ha habido tiempo)
   *[other] no comparadas (no ha habido tiempo)
}
compare-undrawn = { $pages ->
    [one] no comparada (no se ha podido dibujar del todo)
   *[other] no comparadas (no se han podido dibujar del todo)
}
compare-copy = Copia oficial
compare-file = Su fichero
compare-copy-alt = Página { $page } de la copia oficial
compare-file-alt = Página { $page } de su fichero
compare-absent = Esta página no está.
compare-counts = Lo que vale es la copia oficial, tal como se abre aquí.
compare-seen = Solo comparamos lo que se ve. Para saber si un fichero es exactamente el que se expidió, compruébelo:

## The list of seals

seals-title = Sellos electrónicos
seals-lead = El sello electrónico es el tampón del ayuntamiento en versión digital. Estos son los certificados con los que los organismos de este servicio sellan o han sellado copias. La lista sale del archivo y siempre está al día.
seals-none = Todavía no hay ningún sello registrado.
seals-current = En uso
seals-retired = Retirado
seals-ended = Caducado
seals-position = Página { $page } de { $pages }
seals-previous = Anterior
seals-next = Siguiente

## What is this

about-title = ¿Qué es esto?
about-body =
    Una administración puede darle una copia auténtica de un documento: vale igual que el original. Cada copia lleva al pie un código, un QR y la dirección de este sitio.

    ## Para qué sirve

    Cualquiera puede imprimir un papel con un código inventado. Aquí verá la copia que se expidió de verdad, y podrá compararla con la que le han dado. El servicio no ha visto su papel: quien compara es usted.

    ## Qué demuestra

    - Si la copia oficial y la suya coinciden, la suya es auténtica.
    - Si hay alguna diferencia, lo que vale es la copia que ve aquí.
    - Si el código no existe, el documento puede ser de otro organismo o puede no ser auténtico.

    ## El sello electrónico

    El sello electrónico es el tampón del ayuntamiento en versión digital. Cada PDF lleva uno; si alguien cambia el fichero, se nota.

    ## Quién lo mantiene

    Este sitio es un servicio de { $operator }. Para cualquier duda, diríjase a { $contact }.

## Legal basis

legal-title = Base legal
legal-body =
    Referencias revisadas en noviembre de 2026.

    ## Copias auténticas

    - Ley 39/2015, de 1 de octubre, del Procedimiento Administrativo Común de las Administraciones Públicas, artículo 27: validez y eficacia de las copias.
    - Real Decreto 203/2021, de 30 de marzo, artículos 47 a 50: copias auténticas y referencia temporal.
    - Real Decreto 4/2010, de 8 de enero, Esquema Nacional de Interoperabilidad, y las normas técnicas de documento electrónico y de procedimientos de copiado auténtico.

    ## Código seguro de verificación

    - Ley 40/2015, de 1 de octubre, de Régimen Jurídico del Sector Público, artículos 41 y 42: actuación administrativa automatizada, sello de órgano y código seguro de verificación.
    - Real Decreto 203/2021, artículo 21: el código permite comprobar la integridad del documento mediante un procedimiento directo y gratuito.

    ## Sellos

    - Ley 40/2015, artículo 40, y Real Decreto 203/2021, artículo 19: la relación de sellos es pública.
    - Reglamento (UE) 910/2014 (eIDAS), artículos 35 a 40: sellos electrónicos.

    ## Lenguas

    - Ley catalana 1/1998, de política lingüística, y Ley catalana 35/2010, del occitano, aranés en Arán.

## Accessibility statement

accessibility-title = Declaración de accesibilidad
accessibility-body =
    De acuerdo con el Real Decreto 1112/2018, de 7 de septiembre, sobre accesibilidad de los sitios web y aplicaciones para dispositivos móviles del sector público, { $operator } quiere que este sitio lo pueda utilizar todo el mundo.

    ## Situación de cumplimiento

    Las páginas se han hecho para cumplir la norma EN 301 549 y las pautas WCAG 2.2, nivel AA. Funcionan sin JavaScript, con teclado, con lector de pantalla, con una anchura de 320 píxeles y ampliadas al 400 %. Cada versión se comprueba con herramientas automáticas antes de publicarse.

    ## Contenido que puede no ser accesible

    - Los documentos PDF son los que hicieron los organismos que los expidieron. La copia conserva su estructura y sus etiquetas, pero no puede añadirlas si no las había.
    - Los textos en aranés son provisionales.

    ## Comunicaciones y reclamaciones

    Puede comunicar cualquier dificultad, pedir información accesible o formular una queja a { $contact }. Debe recibir respuesta en un plazo de veinte días hábiles. Si no está de acuerdo con ella, puede presentar una reclamación conforme al artículo 13 del Real Decreto 1112/2018.

    Declaración preparada en noviembre de 2026, por autoevaluación. Se revisa al menos una vez al año.

## Privacy notice

privacy-title = Protección de datos
privacy-body =
    ## En pocas palabras

    Este sitio no pregunta quién es usted, no utiliza cookies, no carga nada de otros sitios y no hace perfiles de nadie.

    ## Qué se trata cuando hace una consulta

    - El código que escribe, para buscar la copia. No se anota en los registros de actividad.
    - La dirección IP, en memoria y durante un tiempo breve, para limitar las consultas abusivas.
    - El fichero que envía para comprobarlo o compararlo: se mira en memoria y no se conserva. Si el navegador calcula su huella, solo se envía la huella.
    - El justificante, si lo pide: es un documento sellado que se conserva como cualquier copia, y no dice quién lo pidió.

    ## Los documentos

    Quien tiene el código puede ver el documento: trátelo como el documento mismo y no lo publique. Cada organismo es responsable del tratamiento de los documentos que expide; { $operator } mantiene el servicio por encargo suyo.

    ## Base jurídica y derechos

    El tratamiento se hace para cumplir una obligación legal y una misión de interés público (Reglamento (UE) 2016/679, artículo 6.1.c y e). Puede ejercer los derechos de acceso, rectificación, supresión, oposición y limitación dirigiéndose a { $contact }. También puede reclamar ante la Autoridad Catalana de Protección de Datos (apdcat.gencat.cat).
