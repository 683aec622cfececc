
## The receipt of a check: where it is asked for

receipt-offer-title = Justificante de esta comprobación
receipt-offer = Un PDF sellado que dice qué ha comprobado, cuándo y con qué resultado, para guardarlo o adjuntarlo a un expediente. Lleva su propio código.
receipt-offer-file = Vuelva a elegir el fichero: se comprueba de nuevo en memoria y no se conserva.
receipt-button = Descargar el justificante
receipt-page-title = Hemos encontrado el justificante oficial
receipt-page-lead = Es el justificante de una comprobación hecha en este servicio. Ahora compárelo con el suyo.
no-receipt-title = No podemos hacer el justificante
no-receipt-seal = El sello del organismo no está disponible ahora. El resultado de la comprobación no cambia.
no-receipt-foreign = El fichero no es ni contiene ninguna copia expedida aquí, y ningún organismo de este servicio puede dar fe de él.
no-receipt-again = Esto ya es un justificante: tiene su propio código y se puede comprobar de nuevo siempre que haga falta.
no-receipt-what = Si necesita una constancia escrita, diríjase a { $contact }.

## The receipt itself

receipt-title = Justificante de comprobación
receipt-lead-code = Este documento deja constancia de una consulta hecha con un código seguro de verificación (CSV), de cuál fue el resultado y de cómo se puede repetir.
receipt-lead-file = Este documento deja constancia de la comprobación de un fichero PDF, de cuál fue el resultado y de cómo se puede repetir.
receipt-found-title = La copia existe, es oficial y está vigente
receipt-found-text = El código corresponde a una copia auténtica expedida el { $date } ({ $organ }) y conservada en este servicio.
receipt-found-limit = El servicio no ha visto el documento que tiene quien hizo la consulta. Ese documento es auténtico si coincide, página por página, con la copia oficial.
receipt-checked = Qué se comprobó
receipt-when = Fecha y hora
receipt-input = Comprobación
receipt-by-code = Consulta por código seguro de verificación (CSV)
receipt-by-file = Fichero PDF, comparado byte por byte con las copias expedidas
receipt-organ = Organismo
receipt-withdrawn = Retirada
receipt-expired = Plazo de consulta en línea terminado
receipt-erased = Contenido eliminado
receipt-repeat = Cómo se puede repetir la comprobación
receipt-repeat-code = Abra { $address } y escriba el código { $code }.
receipt-repeat-factor = Abra { $address } y escriba el código que lleva la copia y el dato que se pide para verla.
receipt-repeat-digest = El PDF que se obtiene debe tener la huella SHA-256 que consta aquí, o empezar con ese mismo contenido si después se le han añadido datos de conservación.
receipt-repeat-file = Abra { $address } y elija el fichero.
receipt-repeat-same = Es el mismo fichero si su huella SHA-256 es exactamente la que consta aquí.
receipt-repeat-this = Para comprobar este justificante, use el código o el QR del pie.
receipt-note = Este justificante dice lo que constaba en el archivo en la fecha y hora indicadas: el estado de una copia puede cambiar después. No es un informe de un servicio cualificado de validación de firmas.
