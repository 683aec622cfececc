//! Which services become anchors, and when they were approved.

use super::making::{Operator, Wanted, providers, scheme, signed};
use super::*;
use crate::pki::TrustedPeriod;

const CA_QC: &str = "CA/QC";

fn status(kind: &str, status: &str, since: &str, uses: &[&str]) -> String {
    let uses: String = uses
        .iter()
        .map(|used| {
            format!(
                "<Extension Critical=\"true\"><AdditionalServiceInformation><URI xml:lang=\"en\">\
                 http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/{used}</URI>\
                 </AdditionalServiceInformation></Extension>"
            )
        })
        .collect();
    format!(
        "<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/{kind}</ServiceTypeIdentifier>\
         <ServiceName><Name xml:lang=\"en\">Service</Name></ServiceName>IDENTITY\
         <ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{status}</ServiceStatus>\
         <StatusStartingTime>{since}T00:00:00Z</StatusStartingTime>\
         <ServiceInformationExtensions>{uses}</ServiceInformationExtensions>"
    )
}

fn service(certificate: &[u8], current: &str, history: &[String]) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(certificate);
    let identity = format!(
        "<ServiceDigitalIdentity><DigitalId><X509Certificate>{encoded}</X509Certificate></DigitalId>\
         </ServiceDigitalIdentity>"
    );
    let history: String = history
        .iter()
        .map(|entry| {
            format!(
                "<ServiceHistoryInstance>{}</ServiceHistoryInstance>",
                entry.replace("IDENTITY", "")
            )
        })
        .collect();
    format!(
        "<TSPService><ServiceInformation>{}</ServiceInformation>\
         <ServiceHistory>{history}</ServiceHistory></TSPService>",
        current.replace("IDENTITY", &identity)
    )
}

fn list_of(services: &str) -> TrustedList {
    let operator = Operator::rsa(2048);
    let content = scheme("") + &providers(services);
    let list = signed(
        &operator,
        &Wanted {
            content,
            ..Wanted::default()
        },
    );
    read(list.as_bytes(), &[operator.pin()]).unwrap()
}

/// Each period as `from..until`, days only.
fn days(periods: &[TrustedPeriod]) -> Vec<String> {
    let day = |time: jiff::Timestamp| time.strftime("%Y-%m-%d").to_string();
    periods
        .iter()
        .map(|period| {
            let until = period.until.map(day).unwrap_or_default();
            format!("{}..{until}", day(period.from))
        })
        .collect()
}

#[test]
fn a_service_is_trusted_while_it_was_granted_and_not_after_it_was_withdrawn() {
    let authority = Operator::rsa(2048);
    let list = list_of(&service(
        &authority.certificate,
        &status(CA_QC, "withdrawn", "2024-03-01", &["ForeSeals"]),
        &[
            status(CA_QC, "granted", "2016-07-01", &["ForeSeals"]),
            status(CA_QC, "undersupervision", "2010-01-01", &[]),
        ],
    ));
    let anchors = Selection::default().anchors(&list, Purpose::Seals);
    assert_eq!(anchors.len(), 1);
    assert_eq!(days(&anchors[0].trusted), ["2016-07-01..2024-03-01"]);
    assert_eq!(anchors[0].status, "withdrawn");
    let before = Selection {
        before_eidas: true,
        ..Selection::default()
    };
    let anchors = before.anchors(&list, Purpose::Seals);
    assert_eq!(days(&anchors[0].trusted), ["2010-01-01..2024-03-01"]);
}

#[test]
fn supervision_after_eidas_is_no_approval() {
    let authority = Operator::rsa(2048);
    let list = list_of(&service(
        &authority.certificate,
        &status(CA_QC, "undersupervision", "2015-01-01", &[]),
        &[],
    ));
    assert!(
        Selection::default()
            .anchors(&list, Purpose::Seals)
            .is_empty()
    );
    let before = Selection {
        before_eidas: true,
        ..Selection::default()
    };
    let anchors = before.anchors(&list, Purpose::Seals);
    assert_eq!(days(&anchors[0].trusted), ["2015-01-01..2016-07-01"]);
}

#[test]
fn a_history_that_claims_to_be_newer_does_not_bring_back_what_was_withdrawn() {
    let authority = Operator::rsa(2048);
    let list = list_of(&service(
        &authority.certificate,
        &status(CA_QC, "withdrawn", "2020-01-01", &[]),
        &[status(CA_QC, "granted", "2021-01-01", &[])],
    ));
    assert!(
        Selection::default()
            .anchors(&list, Purpose::Seals)
            .is_empty()
    );
}

#[test]
fn each_purpose_takes_its_own_types_and_national_ones_only_when_asked() {
    let authorities: Vec<_> = (0..5).map(|_| Operator::rsa(2048)).collect();
    let kinds = [
        status(CA_QC, "granted", "2020-01-01", &["ForeSignatures"]),
        status(
            CA_QC,
            "granted",
            "2020-01-01",
            &["ForWebSiteAuthentication"],
        ),
        status("CA/PKC", "recognisedatnationallevel", "2020-01-01", &[]),
        status("TSA/QTST", "granted", "2020-01-01", &[]),
        status("TSA", "recognisedatnationallevel", "2020-01-01", &[]),
    ];
    let services: String = authorities
        .iter()
        .zip(&kinds)
        .map(|(authority, kind)| service(&authority.certificate, kind, &[]))
        .collect();
    let list = list_of(&services);
    let taken = |selection: Selection, purpose| {
        let anchors = selection.anchors(&list, purpose);
        anchors
            .into_iter()
            .map(|anchor| anchor.fingerprint)
            .collect::<Vec<_>>()
    };
    let pins = |places: &[usize]| {
        places
            .iter()
            .map(|place| authorities[*place].pin())
            .collect::<Vec<_>>()
    };
    let national = Selection {
        national: true,
        ..Selection::default()
    };
    assert_eq!(taken(Selection::default(), Purpose::Seals), pins(&[0]));
    assert_eq!(taken(Selection::default(), Purpose::Timestamps), pins(&[3]));
    assert_eq!(taken(national, Purpose::Seals), pins(&[0, 2]));
    assert_eq!(taken(national, Purpose::Timestamps), pins(&[3, 4]));
}

#[test]
fn a_certificate_of_several_services_is_told_once_with_all_their_times() {
    let authority = Operator::rsa(2048);
    let services = service(
        &authority.certificate,
        &status(CA_QC, "withdrawn", "2019-01-01", &[]),
        &[status(CA_QC, "granted", "2017-01-01", &[])],
    ) + &service(
        &authority.certificate,
        &status(CA_QC, "granted", "2021-01-01", &[]),
        &[],
    ) + &service(
        b"no certificate",
        &status(CA_QC, "granted", "2021-01-01", &[]),
        &[],
    );
    let anchors = Selection::default().anchors(&list_of(&services), Purpose::Seals);
    assert_eq!(anchors.len(), 1);
    assert_eq!(
        days(&anchors[0].trusted),
        ["2017-01-01..2019-01-01", "2021-01-01.."]
    );
}
