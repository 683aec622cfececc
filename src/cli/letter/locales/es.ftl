# The weekly letter to an organ, in Spanish.

month = { $month ->
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
}
date-on = el { $day } { month } de { $year }
date-until = al { $day } { month } de { $year }
date-from = del { $day } { month }
date-plain = { $day } { month } de { $year }
days = { $days ->
    [one] 1 día
   *[other] { $days } días
}

## Subject and greeting

subject = Asunto: { $matter } ({ $organ })
subject-good = Su sello electrónico está en orden
subject-plan = Preparen la renovación de su sello electrónico
subject-request = Soliciten la renovación de su sello electrónico
subject-today = Soliciten hoy la renovación de su sello electrónico
subject-ended = Su sello electrónico ha caducado
subject-trouble = Su sello electrónico no se puede usar
subject-papers = Nos falta información suya sobre el sello electrónico
subject-summary = Resumen semanal de copias auténticas

greeting = Buenos días:
lead = Les enviamos el resumen semanal del servicio que hace sus copias auténticas y las sella con el sello electrónico del organismo.
line-organ = Organismo: { $organ } ({ $code })
line-week = Semana: { $from } { $until }
test = Este es el entorno de pruebas: nada de lo que aquí se sella tiene validez.

## What was sealed

head-sealed = Qué se ha sellado
sealed-none = Esta semana no se ha hecho ninguna copia auténtica.
sealed-unknown = El servicio no guarda las copias que hace y, por tanto, no puede contarlas.
sealed-unreachable = Hoy no se ha podido consultar cuántas copias se han hecho. Esto no afecta a las copias.
sealed = { $copies ->
    [one] Esta semana se ha hecho 1 copia auténtica, a petición de:
   *[other] Esta semana se han hecho { $copies } copias auténticas, a petición de:
}
sealed-by = { $application }: { $copies }
application-cli = Personal del servicio
application-receipt = Resguardos de comprobaciones
withdrawn = { $copies ->
    [one] Se ha retirado 1 copia. Quien consulte su código verá que ya no es válida, y por qué:
   *[other] Se han retirado { $copies } copias. Quien consulte su código verá que ya no son válidas, y por qué:
}
withdrawn-one = expedida { $made } y retirada { $at }: { $reason }
withdrawn-partly = Como tienen muchas, solo se han mirado las 5.000 copias más recientes.
reason-error_in_document = había un error en el documento
reason-superseded = otra copia u otro documento la sustituye
reason-issued_by_mistake = no debió expedirse
reason-court_order = por orden judicial
reason-other = por otro motivo

## The seal

head-seal = El sello
seal-good = El sello electrónico hace de tampón del organismo. El suyo se llama «{ $name }» y lo ha emitido «{ $issuer }». Sirve hasta { $end }: { $days ->
    [0] caduca hoy.
    [one] queda 1 día.
   *[other] quedan { $days } días.
}
seal-ended = El sello «{ $name }» caducó { $end }. Desde entonces no se puede sellar nada. Las copias que se hicieron antes siguen siendo válidas.
seal-trouble = Ahora mismo el sello no se puede usar y, mientras no se arregle, no se puede sellar nada. Las copias que ya tienen siguen siendo válidas. Para quien tiene que arreglarlo, la causa es: { $cause }.
seal-centralised = El sello del organismo lo guarda un servicio central. Aquí no se usa ninguno.
seal-ceded = El sello del organismo está cedido a otra administración. Aquí no se usa ninguno.
seal-renamed = El sello nuevo tiene otro nombre, NIF o clase que el anterior. Los organismos que lo conocen tienen que recibir los formularios otra vez; se ocupa de ello quien mantiene el servicio.

## What has to be done

head-do = Qué tienen que hacer
do-nothing = Nada. Les volveremos a escribir la semana que viene.
do-plan = Preparen la renovación del sello y solicítenla, como muy tarde, { $by }. La tramitación ordinaria tarda unos 16 días hábiles.
do-request = Soliciten la renovación del sello cuanto antes y, como muy tarde, { $by }. La tramitación ordinaria tarda unos 16 días hábiles.
do-today = Soliciten la renovación del sello hoy mismo. La tramitación ordinaria tarda unos 16 días hábiles.
do-urgent = Soliciten la renovación del sello hoy mismo y por la vía urgente, que tarda unos 4 días hábiles.
do-ended = Soliciten el sello nuevo hoy mismo y por la vía urgente, que tarda unos 4 días hábiles.
do-trouble = De momento, nada: tiene que arreglarlo quien mantiene el servicio. Si hace falta que nos vuelvan a enviar el sello, se lo diremos.
do-how = Hagan la solicitud en la plataforma EACAT. Pueden copiar este texto:
do-request-text = «Organismo: { $organ }. Solicitamos la renovación de nuestro sello electrónico de nivel medio (CDA-1 SENM), con el mismo nombre y el mismo NIF ({ $nif }) que el actual, de uso directo propio y no cedido en exclusividad. Lo usarán el registro y el gestor de expedientes.»
do-then = Cuando lo tengan, no lo envíen por correo electrónico: avísennos y les diremos cómo hacérnoslo llegar.
do-agreement = Envíennos el acuerdo del encargo de gestión: no nos consta su fecha.
do-contract = Envíennos el contrato de encargado del tratamiento de datos: no nos consta su fecha.
do-contact = Dígannos a quién hay que avisar si pasa algo con el sello: no nos consta ninguna persona de contacto.

## Papers

head-papers = Acuerdos y confirmaciones
paper-agreement = Encargo de gestión: { $date }
paper-contract = Contrato de encargado del tratamiento de datos: { $date }
paper-contact = A quién avisamos: { $contact }
paper-missing = no nos consta
confirmed = { $counterpart }: confirmó { $date } que conoce su sello
not-confirmed = { $counterpart }: todavía no ha confirmado que conoce su sello; lo reclama quien mantiene el servicio

## Close

close = Si tienen cualquier duda, pónganse en contacto con { $contact }.
contact-unnamed = quien mantiene el servicio
regards = Atentamente,
operator-unnamed = El servicio de copias auténticas
