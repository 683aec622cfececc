//! The words of the band (texts reviewed once for all organs; an organ may only set its names).

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::{Code, CopyKind, Environment, Language, Organ};
use crate::pdf::band::Legend;

/// The time zone of the date printed: that of the administrations served.
const ZONE: &str = "Europe/Madrid";

/// The fixed words of one language. `{…}` are filled in.
struct Words {
    electronic: &'static str,
    paper: &'static str,
    partial: &'static str,
    compact: &'static str,
    tax_number: &'static str,
    code: &'static str,
    check: &'static str,
    issued: &'static str,
    page: &'static str,
    compact_page: &'static str,
    test: &'static str,
}

const CATALAN: Words = Words {
    electronic: "Còpia electrònica autèntica",
    paper: "Còpia electrònica autèntica d’un document en paper",
    partial: "Còpia electrònica parcial autèntica",
    compact: "Còpia autèntica",
    tax_number: "NIF",
    code: "Codi segur de verificació (CSV): ",
    check: "Comproveu-la a {address} amb aquest codi, o llegint el QR, i compareu els dos documents.",
    issued: "Expedida el {date} · Article 27 de la Llei 39/2015 · ",
    page: "Pàgina {n} de {m}",
    compact_page: "Pàg. {n}/{m}",
    test: "PROVA · SENSE VALIDESA",
};

const SPANISH: Words = Words {
    electronic: "Copia electrónica auténtica",
    paper: "Copia electrónica auténtica de documento en papel",
    partial: "Copia electrónica parcial auténtica",
    compact: "Copia auténtica",
    tax_number: "NIF",
    code: "Código seguro de verificación (CSV): ",
    check: "Compruébela en {address} con este código, o leyendo el QR, y compare los dos documentos.",
    issued: "Expedida el {date} · Artículo 27 de la Ley 39/2015 · ",
    page: "Página {n} de {m}",
    compact_page: "Pág. {n}/{m}",
    test: "PRUEBA · SIN VALIDEZ",
};

/// A draft: to be reviewed by the authority on Aranese.
const ARANESE: Words = Words {
    electronic: "Còpia electronica autentica",
    paper: "Còpia electronica autentica d’un document en papèr",
    partial: "Còpia electronica parciau autentica",
    compact: "Còpia autentica",
    tax_number: "NIF",
    code: "Còdi segur de verificacion (CSV): ",
    check: "Comprovatz-la en {address} damb aguest còdi, o en tot liéger eth QR, e comparatz es dus documents.",
    issued: "Expedida eth {date} · Article 27 dera Lei 39/2015 · ",
    page: "Pagina {n} de {m}",
    compact_page: "Pag. {n}/{m}",
    test: "PRÒVA · SENSE VALIDESA",
};

const ENGLISH: Words = Words {
    electronic: "Authentic electronic copy",
    paper: "Authentic electronic copy of a paper document",
    partial: "Authentic partial electronic copy",
    compact: "Authentic copy",
    tax_number: "tax no.",
    code: "Secure verification code (CSV): ",
    check: "Check it at {address} with this code, or scan the QR, and compare the two documents.",
    issued: "Issued on {date} · Art. 27, Spanish Act 39/2015 · ",
    page: "Page {n} of {m}",
    compact_page: "P. {n}/{m}",
    test: "TEST · NO LEGAL VALUE",
};

const fn words(language: Language) -> &'static Words {
    match language {
        Language::Ca => &CATALAN,
        Language::Es => &SPANISH,
        Language::OcAranes => &ARANESE,
        Language::En => &ENGLISH,
    }
}

/// What the copy calls itself: the start of the first line, and `/Reason` of the seal.
pub fn kind_of_copy(kind: CopyKind, language: Language) -> &'static str {
    let words = words(language);
    match kind {
        CopyKind::Electronic => words.electronic,
        CopyKind::Paper => words.paper,
        CopyKind::Partial => words.partial,
    }
}

/// The legend of one copy.
pub fn legend(
    organ: &Organ,
    kind: CopyKind,
    language: Language,
    code: &Code,
    issued_at: Timestamp,
) -> Legend {
    let words = words(language);
    let host = organ.verification_address.host();
    Legend {
        title: format!(
            "{} · {} ({} {})",
            kind_of_copy(kind, language),
            organ.names.in_language(language),
            words.tax_number,
            organ.nif,
        ),
        code_label: words.code.to_owned(),
        code: code.grouped(),
        check: words
            .check
            .replace("{address}", organ.verification_address.as_str()),
        issued: words.issued.replace("{date}", &local_date(issued_at)),
        page: words.page.to_owned(),
        compact: format!(
            "{} · CSV {} · {host} · {}",
            words.compact,
            code.grouped(),
            words.compact_page,
        ),
        test_mark: (organ.environment == Environment::Pre).then(|| words.test.to_owned()),
        qr_rest: format!("://{}/{}", host.to_ascii_uppercase(), code.compact()),
        language: language.tag(),
    }
}

/// Every character that a band of this organ may print in the text faces.
pub fn alphabet(organ: &Organ) -> String {
    let mut text = String::from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ /:.,-·()");
    for language in Language::ALL {
        let words = words(language);
        for word in [
            words.electronic,
            words.paper,
            words.partial,
            words.compact,
            words.tax_number,
            words.code,
            words.check,
            words.issued,
            words.page,
            words.compact_page,
            words.test,
        ] {
            text.push_str(word);
        }
        text.push_str(organ.names.in_language(language));
    }
    text.push_str(organ.nif.as_str());
    text.push_str(organ.verification_address.as_str());
    text
}

/// `21/11/2026` on the calendar of [`ZONE`].
fn local_date(time: Timestamp) -> String {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    time.to_zoned(zone).strftime("%d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_the_town_and_not_of_greenwich() {
        let late: Timestamp = "2026-06-30T22:30:00Z".parse().unwrap();
        assert_eq!(local_date(late), "01/07/2026");
    }
}
