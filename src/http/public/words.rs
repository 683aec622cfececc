//! The words of the public pages.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

use crate::http::wire::Tally;
use crate::model::code::CodeError;
use crate::model::{CopyKind, Language};
use crate::seal::legend;

/// The words of one language. `{…}` are filled in.
#[derive(Debug)]
pub(super) struct Words {
    /// The language itself, for the copy's own words.
    language: Language,
    pub(super) tag: &'static str,
    pub(super) site: &'static str,
    pub(super) start_title: &'static str,
    pub(super) start_lead: &'static str,
    pub(super) code_label: &'static str,
    pub(super) code_hint: &'static str,
    pub(super) button: &'static str,
    pub(super) found_title: &'static str,
    pub(super) found_lead: &'static str,
    pub(super) step_address: &'static str,
    pub(super) step_compare: &'static str,
    pub(super) step_differs: &'static str,
    pub(super) open_copy: &'static str,
    pub(super) kind: &'static str,
    pub(super) issued: &'static str,
    pub(super) code: &'static str,
    pub(super) status: &'static str,
    pub(super) in_force: &'static str,
    pub(super) pages: &'static str,
    pub(super) seal: &'static str,
    pub(super) source_signatures: &'static str,
    signatures_passed: &'static str,
    signatures_open: &'static str,
    signatures_failed: &'static str,
    pub(super) digest: &'static str,
    pub(super) technical: &'static str,
    pub(super) another: &'static str,
    pub(super) problem: &'static str,
    pub(super) not_found_title: &'static str,
    pub(super) not_found_lead: &'static str,
    pub(super) withdrawn: &'static str,
    pub(super) expired: &'static str,
    pub(super) erased: &'static str,
    pub(super) gone_lead: &'static str,
    pub(super) down_title: &'static str,
    pub(super) down_lead: &'static str,
    pub(super) test: &'static str,
    pub(super) test_code: &'static str,
    empty: &'static str,
    no_code: &'static str,
    length: &'static str,
    one_wrong: &'static str,
    several_wrong: &'static str,
    no_such_symbol: &'static str,
    several_codes: &'static str,
}

const CATALAN: Words = Words {
    language: Language::Ca,
    tag: "ca",
    site: "Verificació de documents",
    start_title: "Comproveu un document",
    start_lead: "Si teniu un document amb un codi segur de verificació, aquí veureu la còpia oficial per \
                 comparar-la amb la vostra. És gratuït i no cal identificar-se.",
    code_label: "Codi segur de verificació (CSV)",
    code_hint: "El trobareu al peu de cada pàgina, al costat del codi QR. Tant és majúscules o minúscules, \
                amb guions o sense.",
    button: "Veure la còpia oficial",
    found_title: "Hem trobat la còpia oficial",
    found_lead: "Ara compareu-la amb la vostra.",
    step_address: "Comproveu que l’adreça d’aquesta pàgina comenci per {address}.",
    step_compare: "Obriu la còpia oficial i compareu-la amb el paper, pàgina per pàgina: n’hi ha d’haver {pages}.",
    step_differs: "Si tot coincideix, el vostre paper és una còpia autèntica. Si hi ha cap diferència, el que \
                   val és el que veieu aquí.",
    open_copy: "Obrir la còpia oficial",
    kind: "Tipus de còpia",
    issued: "Expedida el",
    code: "Codi (CSV)",
    status: "Estat",
    in_force: "Vigent · consultable almenys fins al {date}",
    pages: "Pàgines",
    seal: "Segell electrònic",
    source_signatures: "Signatures de l’original",
    signatures_passed: "vàlides: {n}",
    signatures_open: "sense resultat concloent: {n}",
    signatures_failed: "no vàlides: {n}",
    digest: "Empremta SHA-256",
    technical: "Dades tècniques",
    another: "Comprovar un altre document",
    problem: "Hi ha un problema",
    not_found_title: "No tenim cap document amb aquest codi",
    not_found_lead: "El codi està ben escrit, però no correspon a cap còpia expedida aquí. Pot ser d’un altre \
                     organisme, o pot no ser autèntic.",
    withdrawn: "Aquesta còpia s’ha retirat",
    expired: "El termini de consulta en línia s’ha acabat",
    erased: "El contingut d’aquesta còpia s’ha eliminat",
    gone_lead: "La còpia va existir i va ser oficial. Demaneu-ne informació a l’organisme que la va expedir.",
    down_title: "Ara no podem consultar l’arxiu",
    down_lead: "Això no vol dir que el document sigui fals. Torneu-ho a provar més tard.",
    test: "ENTORN DE PROVES. Res del que veieu aquí té validesa.",
    test_code: "Aquest codi és de l’entorn de proves: el document que el porta no té cap validesa.",
    empty: "Escriviu el codi que hi ha al peu del document.",
    no_code: "Això no és un codi: són sis grups de quatre lletres i xifres.",
    length: "El codi té 24 caràcters i n’heu escrit {n}.",
    one_wrong: "Hi ha un caràcter equivocat al grup {n}. Torneu-lo a mirar al document.",
    several_wrong: "El codi no és correcte: hi ha més d’un caràcter equivocat o canviat de lloc. Torneu-lo a copiar.",
    no_such_symbol: "Cap codi no porta la lletra {symbol}: torneu a mirar el grup {n}.",
    several_codes: "Hi ha més d’un codi: escriviu-ne només un.",
};

const SPANISH: Words = Words {
    language: Language::Es,
    tag: "es",
    site: "Verificación de documentos",
    start_title: "Compruebe un documento",
    start_lead: "Si tiene un documento con un código seguro de verificación, aquí verá la copia oficial para \
                 compararla con la suya. Es gratuito y no hace falta identificarse.",
    code_label: "Código seguro de verificación (CSV)",
    code_hint: "Lo encontrará al pie de cada página, al lado del código QR. Valen mayúsculas o minúsculas, \
                con guiones o sin ellos.",
    button: "Ver la copia oficial",
    found_title: "Hemos encontrado la copia oficial",
    found_lead: "Ahora compárela con la suya.",
    step_address: "Compruebe que la dirección de esta página empiece por {address}.",
    step_compare: "Abra la copia oficial y compárela con el papel, página por página: debe haber {pages}.",
    step_differs: "Si todo coincide, su papel es una copia auténtica. Si hay alguna diferencia, lo que vale es \
                   lo que ve aquí.",
    open_copy: "Abrir la copia oficial",
    kind: "Tipo de copia",
    issued: "Expedida el",
    code: "Código (CSV)",
    status: "Estado",
    in_force: "Vigente · consultable al menos hasta el {date}",
    pages: "Páginas",
    seal: "Sello electrónico",
    source_signatures: "Firmas del original",
    signatures_passed: "válidas: {n}",
    signatures_open: "sin resultado concluyente: {n}",
    signatures_failed: "no válidas: {n}",
    digest: "Huella SHA-256",
    technical: "Datos técnicos",
    another: "Comprobar otro documento",
    problem: "Hay un problema",
    not_found_title: "No tenemos ningún documento con este código",
    not_found_lead: "El código está bien escrito, pero no corresponde a ninguna copia expedida aquí. Puede ser \
                     de otro organismo, o puede no ser auténtico.",
    withdrawn: "Esta copia se ha retirado",
    expired: "El plazo de consulta en línea ha terminado",
    erased: "El contenido de esta copia se ha eliminado",
    gone_lead: "La copia existió y fue oficial. Pida información al organismo que la expidió.",
    down_title: "Ahora no podemos consultar el archivo",
    down_lead: "Esto no significa que el documento sea falso. Inténtelo más tarde.",
    test: "ENTORNO DE PRUEBAS. Nada de lo que ve aquí tiene validez.",
    test_code: "Este código es del entorno de pruebas: el documento que lo lleva no tiene ninguna validez.",
    empty: "Escriba el código que aparece al pie del documento.",
    no_code: "Esto no es un código: son seis grupos de cuatro letras y cifras.",
    length: "El código tiene 24 caracteres y ha escrito {n}.",
    one_wrong: "Hay un carácter equivocado en el grupo {n}. Vuelva a mirarlo en el documento.",
    several_wrong: "El código no es correcto: hay más de un carácter equivocado o cambiado de sitio. Vuelva a copiarlo.",
    no_such_symbol: "Ningún código lleva la letra {symbol}: vuelva a mirar el grupo {n}.",
    several_codes: "Hay más de un código: escriba solo uno.",
};

const ENGLISH: Words = Words {
    language: Language::En,
    tag: "en",
    site: "Document verification",
    start_title: "Check a document",
    start_lead: "If you hold a document with a secure verification code, here you see the official copy to \
                 compare it with yours. It is free and needs no identification.",
    code_label: "Secure verification code (CSV)",
    code_hint: "It stands at the foot of every page, beside the QR code. Capitals or small letters, with or \
                without hyphens.",
    button: "See the official copy",
    found_title: "We found the official copy",
    found_lead: "Now compare it with yours.",
    step_address: "Check that the address of this page begins with {address}.",
    step_compare: "Open the official copy and compare it with the paper, page by page: there must be {pages}.",
    step_differs: "If everything agrees, your paper is an authentic copy. If anything differs, what you see \
                   here is what counts.",
    open_copy: "Open the official copy",
    kind: "Kind of copy",
    issued: "Issued on",
    code: "Code (CSV)",
    status: "Status",
    in_force: "In force · can be checked at least until {date}",
    pages: "Pages",
    seal: "Electronic seal",
    source_signatures: "Signatures of the original",
    signatures_passed: "valid: {n}",
    signatures_open: "without a conclusive result: {n}",
    signatures_failed: "not valid: {n}",
    digest: "SHA-256 digest",
    technical: "Technical data",
    another: "Check another document",
    problem: "There is a problem",
    not_found_title: "We have no document with this code",
    not_found_lead: "The code is well written but belongs to no copy issued here. It may be another body’s, or \
                     it may not be authentic.",
    withdrawn: "This copy was withdrawn",
    expired: "The time for checking online is over",
    erased: "The content of this copy was erased",
    gone_lead: "The copy existed and was official. Ask the body that issued it.",
    down_title: "We cannot look at the archive now",
    down_lead: "This does not mean that the document is false. Try again later.",
    test: "TEST ENVIRONMENT. Nothing you see here is valid.",
    test_code: "This code is of the test environment: the document that carries it has no validity.",
    empty: "Type the code at the foot of the document.",
    no_code: "This is not a code: it has six groups of four letters and digits.",
    length: "The code has 24 characters and you typed {n}.",
    one_wrong: "There is a wrong character in group {n}. Look at it again on the document.",
    several_wrong: "The code is not right: more than one character is wrong or out of place. Copy it again.",
    no_such_symbol: "No code has the letter {symbol}: look at group {n} again.",
    several_codes: "There is more than one code: type only one.",
};

/// The languages of the pages. Aranese readers get Catalan until its texts are reviewed.
const OFFERED: [&Words; 3] = [&CATALAN, &SPANISH, &ENGLISH];

impl Words {
    /// The words in the first language of `Accept-Language` that is offered, in the order written:
    /// browsers list them by preference. Catalan otherwise.
    pub(super) fn for_reader(headers: &HeaderMap) -> &'static Self {
        let field = headers.get(ACCEPT_LANGUAGE);
        let field = field
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        field
            .split(',')
            .filter_map(|member| {
                let tag = member.split(';').next().unwrap_or_default().trim();
                let primary = tag.split('-').next().unwrap_or_default();
                OFFERED
                    .into_iter()
                    .find(|words| words.tag.eq_ignore_ascii_case(primary))
            })
            .next()
            .unwrap_or(&CATALAN)
    }

    /// What a copy of this kind is called.
    pub(super) fn kind_of_copy(&self, kind: CopyKind) -> &'static str {
        legend::kind_of_copy(kind, self.language)
    }

    /// The language itself.
    pub(super) const fn language(&self) -> Language {
        self.language
    }

    /// How the signatures of the source came out when the copy was made.
    pub(super) fn tally(&self, tally: Tally) -> String {
        [
            (tally.passed, self.signatures_passed),
            (tally.indeterminate, self.signatures_open),
            (tally.failed, self.signatures_failed),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| words.replace("{n}", &count.to_string()))
        .collect::<Vec<_>>()
        .join(" · ")
    }

    /// What is wrong with a text that should be a code.
    pub(super) fn mistyped(&self, error: CodeError) -> String {
        match error {
            CodeError::Empty => self.empty.to_owned(),
            CodeError::NoCode => self.no_code.to_owned(),
            CodeError::WrongLength { found } => self.length.replace("{n}", &found.to_string()),
            CodeError::Mistyped { place: Some(place) } => {
                self.one_wrong.replace("{n}", &place.group.to_string())
            }
            CodeError::Mistyped { place: None } => self.several_wrong.to_owned(),
            CodeError::InvalidSymbol { symbol, place } => self
                .no_such_symbol
                .replace("{n}", &place.group.to_string())
                .replace("{symbol}", &symbol.to_string()),
            CodeError::Several => self.several_codes.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn the_reader_gets_the_first_language_offered_or_catalan() {
        let tag = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(value));
            Words::for_reader(&headers).tag
        };
        assert_eq!(tag("es-ES,es;q=0.9,en;q=0.8"), "es");
        assert_eq!(tag("fr, en-GB;q=0.8"), "en");
        assert_eq!(tag("fr"), "ca");
        assert_eq!(Words::for_reader(&HeaderMap::new()).tag, "ca");
    }
}
