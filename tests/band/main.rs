//! The band on all kinds of pages, judged by other people's tools: poppler, MuPDF and ZBar.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "the judges are programs that read files, and a test stops where something is amiss"
)]

mod archival;
mod builder;
mod hostile;
mod judges;
mod outside;
mod shapes;
mod signed;

use segell::model::{Deadline, Placement};
use segell::pdf::band::{self, BandOptions, BandReport, Legend};
use segell::pdf::typeface::Typeface;
use segell::pdf::{Limits, PdfError, SignatureFields, SourcePdf, Update};

/// The code on every band of these tests.
const CODE: &str = "K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE";

/// What the QR on every band says.
const ADDRESS: &str = "https://VERIFICA.EXEMPLE.CAT/K7Q29FHM3XTDW8RA5CZNJ4PE";

fn legend() -> Legend {
    Legend {
        title: "Còpia electrònica autèntica · Ajuntament de Sant Martí de l'Estany (NIF P0800000A)"
            .to_owned(),
        code_label: "Codi segur de verificació (CSV): ".to_owned(),
        code: CODE.to_owned(),
        check: "Comproveu-la a https://verifica.exemple.cat amb aquest codi, o llegint el QR, i \
            compareu els dos documents."
            .to_owned(),
        issued: "Expedida el 21/11/2026 · Article 27 de la Llei 39/2015 · ".to_owned(),
        page: "Pàgina {n} de {m}".to_owned(),
        compact: format!("Còpia autèntica · CSV {CODE} · verifica.exemple.cat · Pàg. {{n}}/{{m}}"),
        test_mark: None,
        qr_rest: ADDRESS.trim_start_matches("https").to_owned(),
        language: "ca",
    }
}

fn options(placement: Placement) -> BandOptions {
    BandOptions {
        placement,
        flatten_outside: true,
    }
}

/// `source` with its band and a signature field without a signature.
fn banded(
    source: &[u8],
    legend: &Legend,
    options: BandOptions,
) -> Result<(Vec<u8>, BandReport), PdfError> {
    let text = [
        &legend.title,
        &legend.code_label,
        &legend.check,
        &legend.issued,
        &legend.page,
        &legend.compact,
        legend.test_mark.as_ref().unwrap_or(&String::new()),
    ]
    .map(String::as_str)
    .concat();
    let typeface = Typeface::covering(&text)?;
    let source = SourcePdf::open(
        source.to_vec().into(),
        &Limits::default(),
        &Deadline::never(),
    )?;
    let mut update = Update::new(&source);
    let report = band::draw(&mut update, legend, &typeface, options)?;
    let fields = SignatureFields {
        name: "Ajuntament".to_owned(),
        reason: "Còpia electrònica autèntica".to_owned(),
        location: "Sant Martí de l'Estany".to_owned(),
        contact: "https://verifica.exemple.cat".to_owned(),
        time: jiff::Timestamp::UNIX_EPOCH,
    };
    let sealed = update.finish(&fields, 64)?.embed(&[0x30, 0x00])?;
    Ok(([sealed.source, sealed.tail].concat(), report))
}
