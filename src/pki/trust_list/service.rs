//! Trust services and their history (TS 119 612, 5.5 and 5.6).

use jiff::Timestamp;
use roxmltree::Node;

use super::TrustListFault;
use super::element::{QUALIFICATIONS, TSL, children, name_in_english, one_line, only_child, text};
use super::list::{certificates, missing};
use crate::model::Octets;

/// Most services of a list; the largest have 500.
const MAX_SERVICES: usize = 5000;
/// Most entries in the history of a service.
const MAX_HISTORY: usize = 200;
/// Most certificates of a service.
const MAX_CERTIFICATES: usize = 32;

/// A service of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Provider, in English where it has such a name.
    pub provider: String,
    /// Service, in English where it has such a name.
    pub name: String,
    /// What it is now.
    pub current: ServiceStatus,
    /// What it was before, in the order of the list: newest first.
    pub history: Vec<ServiceStatus>,
    /// Certificates of its digital identity, DER. They are not read yet.
    pub certificates: Vec<Octets>,
    /// Qualifiers for some of its certificates (5.5.9.2), such as `QCForESeal` or `NotQualified`.
    pub qualifiers: Vec<String>,
}

/// What a service is, or was, from a time on (TS 119 612, 5.5.1, 5.5.4, 5.5.5, 5.5.9.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceStatus {
    /// Type, the end of its identifier: `CA/QC`, `TSA/QTST`, …
    pub kind: String,
    /// Status, the end of its identifier: `granted`, `withdrawn`, …
    pub status: String,
    /// Since when.
    pub since: Timestamp,
    /// What it is for: `ForeSignatures`, `ForeSeals`, `ForWebSiteAuthentication`, `RootCA-QC`.
    pub uses: Vec<String>,
}

/// Every service of every provider.
pub(super) fn services(root: Node<'_, '_>) -> Result<Vec<Service>, TrustListFault> {
    let providers = children(root, TSL, "TrustServiceProviderList")
        .flat_map(|list| children(list, TSL, "TrustServiceProvider"));
    let mut services = Vec::new();
    for provider in providers {
        let name = only_child(provider, TSL, "TSPInformation")
            .and_then(|information| only_child(information, TSL, "TSPName"))
            .and_then(name_in_english)
            .ok_or(missing("TSPName", "5.4.1"))?;
        let all = children(provider, TSL, "TSPServices")
            .flat_map(|services| children(services, TSL, "TSPService"));
        for node in all {
            if services.len() == MAX_SERVICES {
                return Err(TrustListFault::TooMany {
                    what: "services",
                    most: MAX_SERVICES,
                });
            }
            services.push(service(node, &name)?);
        }
    }
    Ok(services)
}

fn service(node: Node<'_, '_>, provider: &str) -> Result<Service, TrustListFault> {
    let information =
        only_child(node, TSL, "ServiceInformation").ok_or(missing("ServiceInformation", "5.5"))?;
    let history: Vec<ServiceStatus> = children(node, TSL, "ServiceHistory")
        .flat_map(|history| children(history, TSL, "ServiceHistoryInstance"))
        .take(MAX_HISTORY + 1)
        .map(status)
        .collect::<Result<_, _>>()?;
    if history.len() > MAX_HISTORY {
        return Err(TrustListFault::TooMany {
            what: "entries in the history of a service",
            most: MAX_HISTORY,
        });
    }
    let identity = only_child(information, TSL, "ServiceDigitalIdentity")
        .ok_or(missing("ServiceDigitalIdentity", "5.5.3"))?;
    Ok(Service {
        provider: provider.to_owned(),
        name: only_child(information, TSL, "ServiceName")
            .and_then(name_in_english)
            .ok_or(missing("ServiceName", "5.5.2"))?,
        current: status(information)?,
        history,
        certificates: certificates(identity)
            .take(MAX_CERTIFICATES)
            .map(Octets)
            .collect(),
        qualifiers: qualifiers(information),
    })
}

/// A `ServiceInformation` or a `ServiceHistoryInstance`: they have this in common.
fn status(node: Node<'_, '_>) -> Result<ServiceStatus, TrustListFault> {
    let value = |name: &'static str, clause: &'static str| {
        only_child(node, TSL, name)
            .and_then(text)
            .ok_or(missing(name, clause))
    };
    let mut uses: Vec<String> = extensions(node)
        .flat_map(|extension| children(extension, TSL, "AdditionalServiceInformation"))
        .flat_map(|additional| children(additional, TSL, "URI"))
        .filter_map(text)
        .map(last_part)
        .collect();
    uses.sort();
    uses.dedup();
    Ok(ServiceStatus {
        kind: kind(value("ServiceTypeIdentifier", "5.5.1")?),
        status: status_word(value("ServiceStatus", "5.5.4")?),
        since: value("StatusStartingTime", "5.5.5")?
            .parse()
            .map_err(|_| missing("StatusStartingTime", "5.5.5"))?,
        uses,
    })
}

fn extensions<'a, 'input: 'a>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    children(node, TSL, "ServiceInformationExtensions")
        .flat_map(|extensions| children(extensions, TSL, "Extension"))
}

fn qualifiers(information: Node<'_, '_>) -> Vec<String> {
    let mut all: Vec<String> = extensions(information)
        .flat_map(|extension| children(extension, QUALIFICATIONS, "Qualifications"))
        .flat_map(|qualifications| children(qualifications, QUALIFICATIONS, "QualificationElement"))
        .flat_map(|element| children(element, QUALIFICATIONS, "Qualifiers"))
        .flat_map(|qualifiers| children(qualifiers, QUALIFICATIONS, "Qualifier"))
        .filter_map(|qualifier| qualifier.attribute("uri"))
        .map(last_part)
        .collect();
    all.sort();
    all.dedup();
    all
}

/// `CA/QC` out of `http://uri.etsi.org/TrstSvc/Svctype/CA/QC`. An identifier of another's making stays
/// whole, so that it means nothing here.
fn kind(uri: &str) -> String {
    one_line(
        uri.strip_prefix("http://uri.etsi.org/TrstSvc/Svctype/")
            .unwrap_or(uri),
    )
}

/// `granted` out of `http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted`; the older lists had
/// another base.
fn status_word(uri: &str) -> String {
    let bases = [
        "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/",
        "http://uri.etsi.org/TrstSvc/eSigDir-1999-93-EC-TrustedList/Svcstatus/",
        "http://uri.etsi.org/TrstSvc/Svcstatus/",
    ];
    one_line(
        bases
            .iter()
            .find_map(|base| uri.strip_prefix(base))
            .unwrap_or(uri),
    )
}

fn last_part(uri: &str) -> String {
    one_line(uri.rsplit('/').next().unwrap_or(uri))
}
