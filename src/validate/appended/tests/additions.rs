//! What is appended to copies here: validation data, timestamps, and spoilt forms of both.

use sha1::{Digest, Sha1};

use super::super::cross_reference::Form;
use super::copy::{CATALOG, Copy, FormPlace, PAGE, copy};
use super::section::{Section, find_first, find_last, stream};
use super::validation_data::{certificate, crl, deflated, ocsp, token};

/// Bytes of the hole in the signatures made here.
const HOLE: usize = 300;

impl Copy {
    /// Fills in the `/ByteRange` of the last signature written, up to the end of the file.
    pub(super) fn patch_byte_range(&mut self) {
        let start = find_last(&self.bytes, b"/Contents<") + b"/Contents".len();
        let end = start
            + self.bytes[start..]
                .iter()
                .position(|byte| *byte == b'>')
                .unwrap()
            + 1;
        let numbers = format!("{start:010} {end:010} {:010}", self.bytes.len() - end);
        let place = find_last(&self.bytes, b"/ByteRange[0 ") + b"/ByteRange[0 ".len();
        self.bytes[place..place + numbers.len()].copy_from_slice(numbers.as_bytes());
    }

    /// Appends validation data: a certificate, a deflated revocation list, an OCSP response, and an entry
    /// for the seal.
    pub(super) fn add_dss(&mut self) -> &mut Self {
        let objects = self.dss_objects();
        self.append(&objects);
        self
    }

    /// The objects of [`Self::add_dss`].
    pub(super) fn dss_objects(&mut self) -> Vec<(u32, Vec<u8>)> {
        let first = self.next;
        let mut objects = vec![
            (first, stream("", &certificate(b"one"))),
            (first + 1, stream("/Filter/FlateDecode", &deflated(&crl()))),
            (first + 2, stream("", &ocsp())),
            (
                first + 3,
                format!(
                    "<</Type/VRI/Cert[{first} 0 R]/CRL[{} 0 R]/OCSP {} 0 R/TU(D:20260101000000Z)>>",
                    first + 1,
                    first + 4
                )
                .into_bytes(),
            ),
            (first + 4, format!("[{} 0 R]", first + 2).into_bytes()),
        ];
        let number = self.dss.unwrap_or(first + 5);
        objects.push((
            number,
            format!(
                "<</Type/DSS/Certs[{first} 0 R]/CRLs[{} 0 R]/OCSPs {} 0 R/VRI<</{} {} 0 R>>>>",
                first + 1,
                first + 4,
                self.seal_digest(),
                first + 3
            )
            .into_bytes(),
        ));
        if self.dss.is_none() {
            self.dss = Some(number);
            objects.push((CATALOG, self.catalog()));
        }
        objects
    }

    /// SHA-1 of the seal's `/Contents`, as `/VRI` names it.
    pub(super) fn seal_digest(&self) -> String {
        let start = find_first(&self.bytes, b"/Contents<") + b"/Contents<".len();
        let digits = &self.bytes[start..start + 2 * HOLE];
        let contents: Vec<u8> = digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        Sha1::digest(&contents)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect()
    }

    /// Appends an invisible document timestamp.
    pub(super) fn add_timestamp(&mut self) -> &mut Self {
        self.add_timestamp_of("", "", |_| {})
    }

    /// The same, with more in its field and its dictionary, and its cross-reference spoilt.
    pub(super) fn add_timestamp_of(
        &mut self,
        more_of_field: &str,
        more_of_timestamp: &str,
        spoil: impl FnOnce(&mut Section),
    ) -> &mut Self {
        let (field, value) = (self.next, self.next + 1);
        let field_body = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Timestamp{field})/Rect[0 0 0 0]/F 132/P {PAGE} 0 R\
             /V {value} 0 R{more_of_field}>>"
        );
        let timestamp = signature_dictionary(&format!(
            "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161{more_of_timestamp}"
        ));
        self.add_field(
            field,
            vec![(field, field_body.into_bytes()), (value, timestamp)],
            spoil,
        )
    }

    /// Appends a field with its objects.
    pub(super) fn add_field(
        &mut self,
        field: u32,
        mut objects: Vec<(u32, Vec<u8>)>,
        spoil: impl FnOnce(&mut Section),
    ) -> &mut Self {
        self.fields.push(field);
        objects.extend(self.form_objects());
        if self.place == FormPlace::InCatalog {
            objects.push((CATALOG, self.catalog()));
        }
        self.append_spoilt(&objects, spoil);
        self.patch_byte_range();
        self
    }
}

/// A signature dictionary with a token in its hole, its `/ByteRange` to be filled in.
pub(super) fn signature_dictionary(entries: &str) -> Vec<u8> {
    let mut contents = token();
    contents.resize(HOLE, 0);
    let contents: String = contents.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("<<{entries}/ByteRange[0 0000000000 0000000000 0000000000]/Contents<{contents}>>>")
        .into_bytes()
}

/// A copy with one revision whose cross-reference was spoilt.
pub(super) fn spoilt(form: Form, spoil: impl FnOnce(&mut Section)) -> Copy {
    let mut copy = Copy::new(form, FormPlace::Indirect);
    let objects = copy.dss_objects();
    copy.append_spoilt(&objects, spoil);
    copy
}

/// A copy with these entries in its DSS and these objects beside it.
pub(super) fn with_dss(entries: &str, objects: &[(u32, Vec<u8>)]) -> Copy {
    let mut copy = copy();
    let catalog = copy.catalog_with(&format!("/DSS<<{entries}>>"));
    let mut objects = objects.to_vec();
    objects.push((CATALOG, catalog));
    copy.append(&objects);
    copy
}

/// The number of the first object that is appended to [`copy`].
pub(super) fn first() -> u32 {
    copy().next
}
