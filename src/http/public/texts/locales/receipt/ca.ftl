
## The receipt of a check: where it is asked for

receipt-offer-title = Justificant d’aquesta comprovació
receipt-offer = Un PDF segellat que diu què heu comprovat, quan i amb quin resultat, per desar-lo o adjuntar-lo a un expedient. Porta el seu propi codi.
receipt-offer-file = Torneu a triar el fitxer: es torna a comprovar a la memòria i no es conserva.
receipt-button = Descarregar el justificant
receipt-page-title = Hem trobat el justificant oficial
receipt-page-lead = És el justificant d’una comprovació feta en aquest servei. Ara compareu-lo amb el vostre.
no-receipt-title = No podem fer el justificant
no-receipt-seal = El segell de l’organisme no està disponible ara. El resultat de la comprovació no canvia.
no-receipt-foreign = El fitxer no és ni conté cap còpia expedida aquí, i cap organisme d’aquest servei no pot donar-ne fe.
no-receipt-again = Això ja és un justificant: té el seu propi codi i es pot tornar a comprovar sempre que calgui.
no-receipt-what = Si us cal una constància escrita, adreceu-vos a { $contact }.

## The receipt itself

receipt-title = Justificant de comprovació
receipt-lead-code = Aquest document deixa constància d’una consulta feta amb un codi segur de verificació (CSV), de quin en va ser el resultat i de com es pot repetir.
receipt-lead-file = Aquest document deixa constància de la comprovació d’un fitxer PDF, de quin en va ser el resultat i de com es pot repetir.
receipt-found-title = La còpia existeix, és oficial i és vigent
receipt-found-text = El codi correspon a una còpia autèntica expedida el { $date } ({ $organ }) i conservada en aquest servei.
receipt-found-limit = El servei no ha vist el document que té qui va fer la consulta. Aquell document és autèntic si coincideix, pàgina per pàgina, amb la còpia oficial.
receipt-checked = Què es va comprovar
receipt-when = Data i hora
receipt-input = Comprovació
receipt-by-code = Consulta per codi segur de verificació (CSV)
receipt-by-file = Fitxer PDF, comparat byte per byte amb les còpies expedides
receipt-organ = Organisme
receipt-withdrawn = Retirada
receipt-expired = Termini de consulta en línia acabat
receipt-erased = Contingut eliminat
receipt-repeat = Com es pot repetir la comprovació
receipt-repeat-code = Obriu { $address } i escriviu-hi el codi { $code }.
receipt-repeat-factor = Obriu { $address } i escriviu-hi el codi que porta la còpia i la dada que es demana per veure-la.
receipt-repeat-digest = El PDF que s’hi obté ha de tenir l’empremta SHA-256 que consta aquí, o començar amb aquest mateix contingut si després s’hi han afegit dades de conservació.
receipt-repeat-file = Obriu { $address } i trieu el fitxer.
receipt-repeat-same = És el mateix fitxer si la seva empremta SHA-256 és exactament la que consta aquí.
receipt-repeat-this = Per comprovar aquest justificant, feu servir el codi o el QR del peu.
receipt-note = Aquest justificant diu el que constava a l’arxiu en la data i l’hora indicades: l’estat d’una còpia pot canviar després. No és un informe d’un servei qualificat de validació de signatures.
